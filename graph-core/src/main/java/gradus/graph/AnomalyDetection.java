package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Stops at the first value or gradient that is not finite, for debugging:
 *
 * <pre>{@code Gradients g = AnomalyDetection.during(() -> loss(model, batch).backward());}</pre>
 *
 * <p>While it is set, by any thread, an op throws an {@link ArithmeticException} if its result has NaN, or infinity where
 * its inputs have none; so does a rule whose gradient is not finite. The message has the op's name, a summary of its
 * operands and the line of the user's code that called it. An op that changes its inputs throws an
 * {@link IllegalStateException}. Errors in the backward pass also name the line at which the node was computed.
 * {@code -Dgradus.detectAnomaly=true} sets it for a whole run. While it is not set, its cost is a read of a static
 * counter per op and per rule. PyTorch's {@code detect_anomaly}.
 */
public final class AnomalyDetection implements AutoCloseable {
    private static final AtomicInteger SET = new AtomicInteger(OpenScopes.DETECT_ANOMALY ? 1 : 0);

    /** Whether this thread is in a rule, whose intermediate values may be infinite where a mask removes them. */
    private static final ThreadLocal<Boolean> IN_RULE = ThreadLocal.withInitial(() -> false);

    private boolean open = true;

    private AnomalyDetection() {}

    /** Returns what a computation returns; anomaly detection is set while it runs. */
    public static <R> R during(Supplier<R> computation) {
        Objects.requireNonNull(computation, "AnomalyDetection: computation is null");
        AnomalyDetection detection = set();
        try {
            return computation.get();
        } finally {
            detection.close();
        }
    }

    /** Sets anomaly detection until {@link #close}: for try-with-resources, or a session. */
    public static AnomalyDetection set() {
        SET.incrementAndGet();
        OpenScopes.open();
        return new AnomalyDetection();
    }

    /** Ends this anomaly detection; closing it again does nothing. */
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

    /** Runs a rule, whose intermediate values are not checked; its result is, by {@link #checkGradient}. */
    static Node[] inRule(Node y, Op.Call c, Node gy, Node... all) {
        boolean before = IN_RULE.get();
        IN_RULE.set(true);
        try {
            return Backprop.rule(y, c, gy, all);
        } finally {
            IN_RULE.set(before);
        }
    }

    /** Computes the outputs of an op, and checks them and the inputs. */
    static Node[] guarded(String op, Supplier<Node[]> compute, Node... in) {
        if (IN_RULE.get()) {
            return compute.get();
        }
        String line = userLine();
        int[] before = fingerprints(in);
        Node[] outputs;
        try {
            outputs = compute.get();
        } catch (OperandMismatch e) {
            throw e.at(line);
        }
        for (Node y : outputs) {
            y.createdAt(line);
        }
        int[] after = fingerprints(in);
        for (int i = 0; i < in.length; i++) {
            if (before[i] != after[i]) {
                throw new IllegalStateException(
                        op + " changed its input " + in[i].label() + " while computing, made at " + line);
            }
        }
        for (Node y : outputs) {
            if (y.hasNaN() || (isInfinite(y) && Arrays.stream(in).noneMatch(AnomalyDetection::isInfinite))) {
                throw new ArithmeticException(op + " gave " + summary(y) + y.createdAt() + inputs(in));
            }
        }
        return outputs;
    }

    /** Marks a node that was computed before with the line of the user's code. */
    static Node located(Node y) {
        if (isSet() && !IN_RULE.get()) {
            y.createdAt(userLine());
        }
        return y;
    }

    /**
     * Checks the gradient that a rule returned.
     *
     * @throws ArithmeticException if it is not finite though those that it was computed from are
     */
    static void checkGradient(Node y, int input, Node gx, Node... gy) {
        Node[] arrived = Arrays.stream(gy).filter(Objects::nonNull).toArray(Node[]::new);
        if (gx.hasNaN() || (isInfinite(gx) && Arrays.stream(arrived).noneMatch(AnomalyDetection::isInfinite))) {
            Node[] in = new Node[y.inputCount()];
            Arrays.setAll(in, y::input);
            throw new ArithmeticException("backward: the rule of " + y.op().name() + " gave input " + input
                    + " the gradient " + summary(gx) + y.createdAt() + inputs(in)
                    + Arrays.stream(arrived)
                            .map(g -> "\n  gradient of the output: " + summary(g))
                            .collect(Collectors.joining()));
        }
    }

    private static boolean isInfinite(Node x) {
        Tensor size = x.borrowedValue().abs();
        return size.size() > 0 && size.max().item() == Double.POSITIVE_INFINITY;
    }

    private static int[] fingerprints(Node... in) {
        return Arrays.stream(in).mapToInt(n -> n.borrowedValue().hashCode()).toArray();
    }

    private static String inputs(Node... in) {
        return Arrays.stream(in).map(n -> "\n  input: " + summary(n)).collect(Collectors.joining());
    }

    /** Returns the label, the range of the finite elements, and the numbers of the others. */
    private static String summary(Node x) {
        double[] v = x.borrowedValue().toDoubleArray();
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
