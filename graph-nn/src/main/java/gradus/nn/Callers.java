package gradus.nn;

/** Looks at the call stack for a model that was given a pass and did not hand it on. */
final class Callers {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Callers() {}

    /**
     * Returns whether the innermost method of a layer with a pass among its parameters is that of a model, as {@code forward(Node, Pass)} or
     * {@code forward(Node, Node, Pass)}, which has a pass at hand. A {@link Composite} and functions hand theirs on themselves.
     */
    static boolean haveAPass() {
        return WALKER.walk(frames -> frames.filter(Callers::isLayerWithPass)
                .findFirst()
                .map(f ->
                        Model.class.isAssignableFrom(f.getDeclaringClass()) && f.getDeclaringClass() != Composite.class)
                .orElse(false));
    }

    private static boolean isLayerWithPass(StackWalker.StackFrame f) {
        return Layer.class.isAssignableFrom(f.getDeclaringClass())
                && f.getMethodType().parameterList().contains(Pass.class);
    }
}
