package gradus.nn;

import gradus.graph.Node;

/** Looks at the call stack for a model that was given a pass and did not hand it on. */
final class Callers {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Callers() {}

    /**
     * Returns whether the innermost {@code forward(Node, Pass)} that is running is that of a model written by a user, which
     * has a pass at hand. A {@link Composite} and functions hand theirs on themselves.
     */
    static boolean haveAPass() {
        return WALKER.walk(frames -> frames.filter(Callers::isForwardWithPass)
                .findFirst()
                .map(f ->
                        Model.class.isAssignableFrom(f.getDeclaringClass()) && f.getDeclaringClass() != Composite.class)
                .orElse(false));
    }

    private static boolean isForwardWithPass(StackWalker.StackFrame f) {
        return f.getMethodName().equals("forward")
                && f.getMethodType().parameterCount() == 2
                && f.getMethodType().parameterType(0) == Node.class
                && f.getMethodType().parameterType(1) == Pass.class;
    }
}
