package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Catches the first number that is not finite, for debugging:
 *
 * <pre>{@code Gradients g = AnomalyDetection.during(() -> loss(model, batch).backward());}</pre>
 *
 * <p>While one is set, by any thread, an op that gives NaN, or infinity from inputs without, throws an
 * {@link ArithmeticException} with its name, a summary of its operands and the line of the user's code that called it; so
 * does a rule whose gradient is not finite, and an op that changes its inputs is found out. Errors on the way back also
 * say where the node was made. {@code -Dgradus.detectAnomaly=true} sets one for a whole run. While none is set this costs a look at
 * one number per op.
 */
public final class AnomalyDetection implements AutoCloseable {
    private static final AtomicInteger SET = new AtomicInteger(OpenScopes.DETECT_ANOMALY ? 1 : 0);

    /** Whether this thread is in a rule, whose own steps may be infinite where a mask makes it good. */
    private static final ThreadLocal<Boolean> IN_RULE = ThreadLocal.withInitial(() -> false);

    private boolean open = true;

    private AnomalyDetection() {}

    /** Returns what a computation gives, run with a trap set. */
    public static <R> R during(Supplier<R> computation) {
        AnomalyDetection trap = set();
        try {
            return computation.get();
        } finally {
            trap.close();
        }
    }

    /** Sets a trap, in a session say; close it to go on without. */
    public static AnomalyDetection set() {
        SET.incrementAndGet();
        OpenScopes.open();
        return new AnomalyDetection();
    }

    /** Takes the trap away; once is enough. */
    @Override
    public void close() {
        if (open) {
            open = false;
            SET.decrementAndGet();
            OpenScopes.close();
        }
    }

    static boolean isSet() {
        return SET.get() > 0;
    }

    /** Runs a rule; its result is what {@link #checkGradient} looks at. */
    static Node[] backward(Node y, Op.Call c, Node gy) {
        boolean before = IN_RULE.get();
        IN_RULE.set(true);
        try {
            return y.op().backward(c, gy);
        } finally {
            IN_RULE.set(before);
        }
    }

    /** Computes a node under watch. */
    static Node guarded(Op op, boolean recorded, Node... in) {
        if (IN_RULE.get()) {
            return Node.computed(op, recorded, in);
        }
        String line = userLine();
        int[] before = fingerprints(in);
        Node y;
        try {
            y = Node.computed(op, recorded, in);
        } catch (OperandMismatch e) {
            throw e.at(line);
        }
        y.createdAt(line);
        int[] after = fingerprints(in);
        for (int i = 0; i < in.length; i++) {
            if (before[i] != after[i]) {
                throw new IllegalStateException(
                        op.name() + " changed its input " + in[i].label() + " while computing" + y.createdAt());
            }
        }
        boolean spoiled = y.hasNaN() || (isInfinite(y) && Arrays.stream(in).noneMatch(AnomalyDetection::isInfinite));
        if (spoiled) {
            throw new ArithmeticException(op.name() + " gave " + summary(y) + y.createdAt() + inputs(in));
        }
        return y;
    }

    /** Complains of a gradient that is not finite though the one it was made from is. */
    static void checkGradient(Node y, int input, Node gx, Node gy) {
        if (gx.hasNaN() || (isInfinite(gx) && !isInfinite(gy))) {
            Node[] in = new Node[y.inputCount()];
            Arrays.setAll(in, y::input);
            throw new ArithmeticException("backward: the rule of " + y.op().name() + " gave input " + input
                    + " the gradient " + summary(gx) + y.createdAt() + inputs(in) + "\n  gradient of the output: "
                    + summary(gy));
        }
    }

    private static boolean isInfinite(Node x) {
        Tensor size = x.bareValue().abs();
        return size.size() > 0 && size.max().item() == Double.POSITIVE_INFINITY;
    }

    private static int[] fingerprints(Node... in) {
        return Arrays.stream(in).mapToInt(n -> n.bareValue().hashCode()).toArray();
    }

    private static String inputs(Node... in) {
        return Arrays.stream(in).map(n -> "\n  input: " + summary(n)).collect(Collectors.joining());
    }

    /** Returns the label, and the range of what is finite beside counts of what is not. */
    private static String summary(Node x) {
        double[] v = x.bareValue().toDoubleArray();
        double[] finite = Arrays.stream(v).filter(Double::isFinite).toArray();
        long nan = Arrays.stream(v).filter(Double::isNaN).count();
        String range = finite.length == 0
                ? "nothing finite"
                : String.format(
                        Locale.ROOT,
                        "from %.6g to %.6g",
                        Arrays.stream(finite).min().getAsDouble(),
                        Arrays.stream(finite).max().getAsDouble());
        return x.label() + ": " + range + ", " + nan + " NaN, " + (v.length - finite.length - nan) + " infinite, of "
                + v.length;
    }

    /** Returns the innermost line that is not of Gradus or the JDK. */
    private static String userLine() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(f -> !f.getClassName().matches("(gradus|java|jdk)\\..*"))
                        .findFirst()
                        .map(f -> f.toStackTraceElement().toString())
                        .orElse("an unknown line"));
    }
}
