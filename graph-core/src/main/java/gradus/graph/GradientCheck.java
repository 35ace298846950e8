package gradus.graph;

import gradus.array.DType;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Compares the gradients that rules give with those that numbers give, for any function of nodes:
 *
 * <pre>{@code GradientCheck.of(in -> in[0].matmul(in[1]).softmax(-1)).at(a, b).verify();}</pre>
 *
 * <p>Where the Jacobian has at most 10,000 elements, all of them are compared, and the report names the worst. Where it is
 * larger, three random directions with random signed cotangents are tried; one that fails is halved until an element is
 * found that is wrong. Numeric derivatives are central
 * differences with step cbrt(2^-52) max(1, |x|), snapped so that x + h and x - h are exact. What differs by more than
 * {@code atol + rtol max(|rule|, |numeric|)} is a mismatch; the defaults, 1e-7 and 1e-5, let no rule pass that is
 * wrong by one part in a thousand. Before a rule is called wrong, a much smaller step is asked whether the
 * difference was too coarse, five samples around the point whether the function has a kink there, and a wider step whether
 * rounding spoiled the difference.
 *
 * <p>Runs in FLOAT64 only. A check is immutable; each method returns another one.
 */
public final class GradientCheck {
    /** What a check concludes. */
    public enum Verdict {
        /** Rules and numbers agree. */
        OK,
        /** A rule disagrees with the numbers, at a point where these can be trusted. */
        WRONG,
        /** They disagree, but only where the function has a kink or a jump. */
        KINK,
        /** They disagree by no more than the rounding error of the differences. */
        TOO_NOISY,
        /** The function gives different values at the same point. */
        NONDETERMINISTIC,
        /** The function's value at the point is infinite or NaN, so nothing can be compared. */
        NOT_FINITE
    }

    /** What a wrong rule looks like it got wrong. */
    public enum Cause {
        /** There is nothing to explain. */
        NONE,
        /** Nothing comes back to the input: its gradient is zero throughout, or it was detached on the way. */
        NOTHING_PASSED_BACK,
        /** The gradient has the right size and the wrong sign. */
        SIGN_FLIPPED,
        /** The gradient is a constant multiple of the right one. */
        FACTOR,
        /** The gradient of a square matrix is the transpose of the right one. */
        TRANSPOSED,
        /** The rule does not multiply by the gradient of its output. */
        UPSTREAM_IGNORED,
        /** The gradient of a broadcast input misses the sum over what it was repeated along. */
        BROADCAST_NOT_SUMMED,
        /** None of these. */
        UNKNOWN
    }

    /**
     * The element that is furthest off.
     *
     * @param input which input it belongs to, counted from 0
     * @param name what that input is called: a parameter's path, else its number
     * @param index where it is in that input
     * @param output which output element, counted in row-major order, was differentiated; -1 if a mixture of them
     * @param rule the derivative that the rule gives
     * @param numeric the derivative that differences give
     * @param relativeError their distance over the larger of the two
     * @param step the step of the difference
     */
    public record Worst(
            int input,
            String name,
            int[] index,
            int output,
            double rule,
            double numeric,
            double relativeError,
            double step) {}

    /**
     * What a check found.
     *
     * @param order which order of derivative failed, or the highest that passed
     * @param worst the worst element; null if all is well or nothing could be compared
     * @param comparisons how many derivatives were compared
     * @param detail what there is to add, such as why nothing could be compared; often empty
     */
    public record Report(Verdict verdict, Cause cause, int order, Worst worst, int comparisons, String detail) {
        static Report of(Verdict verdict, int order, int comparisons, String detail) {
            return new Report(verdict, Cause.NONE, order, null, comparisons, detail);
        }

        /** Says it in one paragraph. */
        @Override
        public String toString() {
            String head = "gradient check: " + verdict + (cause == Cause.NONE ? "" : " (" + cause + ")") + ", order "
                    + order + ", " + comparisons + " derivatives compared" + (detail.isEmpty() ? "" : ": " + detail);
            return worst == null
                    ? head
                    : head
                            + String.format(
                                    Locale.ROOT,
                                    "%n  worst: %s at %s, derivative of %s: rule %.10g, numeric %.10g, relative error %.3g, step %.3g",
                                    worst.name,
                                    Arrays.toString(worst.index),
                                    worst.output < 0 ? "a mixture of outputs" : "output " + worst.output,
                                    worst.rule,
                                    worst.numeric,
                                    worst.relativeError,
                                    worst.step);
        }
    }

    private final Function<Node[], Node> f;
    private final Map<String, Node> bound;
    private final Tensor[] at;
    private final int order;
    private final double atol;
    private final double rtol;
    private final long seed;

    private GradientCheck(
            Function<Node[], Node> f,
            Map<String, Node> bound,
            Tensor[] at,
            int order,
            double atol,
            double rtol,
            long seed) {
        this.f = f;
        this.bound = bound;
        this.at = at;
        this.order = order;
        this.atol = atol;
        this.rtol = rtol;
        this.seed = seed;
    }

    /** Returns a check of a function of nodes; say next where. */
    public static GradientCheck of(Function<Node[], Node> f) {
        return new GradientCheck(f, Map.of(), new Tensor[0], 1, 1e-7, 1e-5, 1);
    }

    /**
     * Returns a check of a function of variables that it knows by itself, as a model's loss is of its parameters, at
     * their present values. While it runs it gives them others, so nobody else may use them; afterwards they have their
     * own again.
     *
     * @param variables by path, as {@code model.parameters()} has them
     * @throws IllegalArgumentException if one is not FLOAT64
     */
    public static GradientCheck of(Map<String, Node> variables, Supplier<Node> f) {
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("GradientCheck: there are no variables to check");
        }
        variables.forEach((name, v) -> requireDouble(name, v.dtype()));
        return new GradientCheck(in -> f.get(), new LinkedHashMap<>(variables), new Tensor[0], 1, 1e-7, 1e-5, 1);
    }

    private static void requireDouble(String name, DType dtype) {
        if (dtype != DType.FLOAT64) {
            throw new IllegalArgumentException(
                    "GradientCheck: " + name + " is " + dtype + "; differences need FLOAT64");
        }
    }

    /**
     * Returns this check at a point, one FLOAT64 tensor per input.
     *
     * @throws IllegalArgumentException if one has another number type
     * @throws IllegalStateException if this is a check of variables, whose point is their own
     */
    public GradientCheck at(Tensor... inputs) {
        if (!bound.isEmpty()) {
            throw new IllegalStateException("GradientCheck: variables are checked at their own values");
        }
        for (int i = 0; i < inputs.length; i++) {
            requireDouble("input " + i, inputs[i].dtype());
        }
        return new GradientCheck(f, bound, inputs.clone(), order, atol, rtol, seed);
    }

    /** Returns this check up to derivatives of the given order, 1 or more. */
    public GradientCheck order(int highest) {
        if (highest < 1) {
            throw new IllegalArgumentException("GradientCheck: order " + highest + " is less than 1");
        }
        return new GradientCheck(f, bound, at, highest, atol, rtol, seed);
    }

    /** Returns this check with other tolerances, absolute and relative. */
    public GradientCheck tolerance(double absolute, double relative) {
        if (!(absolute >= 0 && relative >= 0)) {
            throw new IllegalArgumentException(
                    "GradientCheck: tolerances " + absolute + " and " + relative + " must be numbers from 0 up");
        }
        return new GradientCheck(f, bound, at, order, absolute, relative, seed);
    }

    /** Returns this check with another seed for its random directions. */
    public GradientCheck seed(long newSeed) {
        return new GradientCheck(f, bound, at, order, atol, rtol, newSeed);
    }

    /**
     * Runs the check and says what it found.
     *
     * @throws IllegalStateException if it was not said where
     */
    public Report run() {
        Node[] variables = bound.values().toArray(Node[]::new);
        Tensor[] point =
                bound.isEmpty() ? at : Arrays.stream(variables).map(Node::value).toArray(Tensor[]::new);
        if (point.length == 0) {
            throw new IllegalStateException("GradientCheck: there is nothing to check; say where with at(..)");
        }
        try {
            return probe(new FlatFunction(f, List.copyOf(bound.keySet()), variables, point));
        } finally {
            for (int i = 0; i < variables.length; i++) {
                variables[i].assign(point[i]);
            }
        }
    }

    private Report probe(FlatFunction function) {
        FlatFunction g = function;
        Report report = new GradientProbe(g, seed, atol, rtol, 1).run();
        for (int k = 2; k <= order && report.verdict() == Verdict.OK; k++) {
            g = g.gradient(seed + k);
            Report next = new GradientProbe(g, seed + k, atol, rtol, k).run();
            int compared = report.comparisons() + next.comparisons();
            report = new Report(next.verdict(), next.cause(), k, next.worst(), compared, next.detail());
        }
        return report;
    }

    /**
     * Runs the check.
     *
     * @throws GradientMismatch if the verdict is not OK
     */
    public void verify() {
        Report report = run();
        if (report.verdict() != Verdict.OK) {
            throw new GradientMismatch(report);
        }
    }
}
