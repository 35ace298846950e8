package gradus.graph.check;

import gradus.array.DType;
import gradus.array.Restorable;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientSettings.Tolerance;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Compares the gradients of rules with numeric ones, for any function of nodes:
 *
 * <pre>{@code GradientCheck.of(in -> in[0].matmul(in[1]).softmax(-1)).at(a, b).verify();}</pre>
 *
 * <p>A Jacobian of at most 10,000 elements is compared element by element, under unit and random signed cotangents. Of a
 * larger one, three random directions per input are compared under random signed cotangents. One that does not agree is
 * bisected until a wrong element is found, and up to 64 other elements of that input are compared: the whole Jacobian would take
 * a pair of evaluations per element, bisection takes some log2(n) pairs. The report names the element with the largest error.
 *
 * <p>Derivatives agree if they differ by at most {@code atol + rtol max(|rule|, |numeric|)}, by default 1e-7 and 1e-5, so
 * that a rule that is wrong by one part in a thousand fails. Numeric derivatives are central differences with step
 * cbrt(2^-52) max(1, |x|), rounded down to a power of two; the difference is divided by the distance between the two points as they are stored. Where such a difference does
 * not agree, or its rounding error is above the tolerance because the function's value is large, the derivative is
 * estimated again over many steps, by Richardson extrapolation with an error estimate. These steps follow the size of x, so
 * that a function of inputs of 1e-6 may vary on that scale.
 *
 * <p>The verdict follows from gap, error and tolerance: a rule is OK only if the error is within the tolerance, WRONG only if
 * the gap is beyond error and tolerance, and TOO_NOISY if the error leaves it open. Before a rule is called wrong, a kink must
 * be ruled out by higher differences around the point and by moving two elements at once; the rule's own gradient must not
 * vary by the gap between neighbouring numbers, as that of sin(1e7 x) does in FLOAT32; and the Taylor remainder, which needs
 * no choice of a step size, must not fall with slope 2. A slope of 1 is WRONG only beyond the tolerance: smaller errors are
 * accepted, and the report shows the slope.
 *
 * <p>The function must give the same values whenever it is evaluated at the same point, and rules the same gradients.
 * Random streams and running statistics are restored before every evaluation if they are named with {@link
 * #restoring(Restorable...)}. A function that writes to its inputs is an {@code IllegalStateException} that names the input.
 *
 * <p>A check runs in FLOAT64 unless {@link #float32} is called. It is immutable: each method returns a new one.
 */
public final class GradientCheck {
    /** What a check concludes. */
    public enum Verdict {
        /** Rules and numeric derivatives agree. */
        OK,
        /** A rule differs from the numeric derivative by more than tolerance and numeric error. */
        WRONG,
        /** Rules and numeric derivatives differ where the function has a kink or a jump. */
        KINK,
        /** The numeric error is as large as the difference that it would have to decide about. */
        TOO_NOISY,
        /** The function gives different values at the same point. */
        NONDETERMINISTIC,
        /** The point, or the function's value at it or a step away, is infinite or NaN, so nothing can be compared. */
        NOT_FINITE,
        /** No input is among what the output was computed from, so nothing was tested. */
        NO_INFLUENCE
    }

    /** The likely mistake in a wrong rule, inferred from the pattern of its derivatives. */
    public enum Cause {
        /** No rule is wrong. */
        NONE,
        /** The gradient of the input is zero throughout: the rule returns zeros, or the input was detached. */
        ZERO_GRADIENT,
        /** The gradient has the right size and the wrong sign. */
        SIGN_FLIPPED,
        /** The gradient is a constant multiple of the right one. */
        FACTOR,
        /** The gradient of a square matrix is the transpose of the right one. */
        TRANSPOSED,
        /** The Jacobian is the transpose of the right one: the rule computes a Jacobian-vector product instead of J^T gy. */
        JACOBIAN_TRANSPOSED,
        /** The rule does not multiply by the gradient of its output. */
        UPSTREAM_IGNORED,
        /** The gradient of a broadcast input is not summed over the broadcast axes. */
        BROADCAST_NOT_SUMMED,
        /** The rule is not linear in the gradient of its output. */
        NOT_LINEAR,
        /** Every derivative is correct or zero: a term or an element is missing. */
        MISSING_TERM,
        /** The gradient is that of another input of the same shape. */
        INPUTS_SWAPPED,
        /** The gradient is shifted by one place along an axis, or reversed along it. */
        SHIFTED,
        /** The gradient is right where the input has one sign and wrong where it has the other. */
        WRONG_FOR_ONE_SIGN,
        /** The rule gives NaN or infinity. */
        RULE_NOT_FINITE,
        /** None of these. */
        UNKNOWN
    }

    /**
     * The element with the largest error.
     *
     * @param input the index of the input it belongs to
     * @param name the input's name: a parameter's path, else {@code input 0}
     * @param index its index in that input
     * @param output the output element that was differentiated, counted in row-major order through all outputs; -1 if a linear
     *     combination of them was
     * @param rule the derivative by the rule
     * @param numeric the numeric derivative
     * @param relativeError their difference divided by the larger of the two
     * @param step the step size of the numeric derivative
     * @param tolerance the difference that is tolerated
     * @param outputName a description of what was differentiated: {@code output 1 at [0, 2]}
     */
    public record Worst(
            int input,
            String name,
            int[] index,
            int output,
            double rule,
            double numeric,
            double relativeError,
            double step,
            double tolerance,
            String outputName) {
        @Override
        public String toString() {
            return GradientReport.line(this);
        }
    }

    /**
     * All derivatives by a small input: the Jacobian, a row for each element of the outputs, where it has at most six rows and
     * columns, else a gradient in the input's shape.
     *
     * @param title a description: {@code gradient of the output}
     * @param rule the derivatives by the rules
     * @param numeric the numeric derivatives
     */
    public record Derivatives(String title, Tensor rule, Tensor numeric) {}

    /**
     * The result of a check. {@code toString()} is a report of a few lines.
     *
     * @param verdict the result
     * @param cause the likely mistake if a rule is wrong
     * @param order the order of derivative that failed, or the highest that passed
     * @param worst the element with the largest error; null if all agree or nothing could be compared
     * @param comparisons the number of derivatives that were compared
     * @param detail further notes, such as inputs for which nothing was tested; often empty
     * @param method how derivatives were compared: the full Jacobian or directions
     * @param dtype the number type that the function ran in
     * @param slope the slope of the Taylor remainder: 2 where the gradient is right, 1 where it is wrong; NaN if it was not
     *     computed, or is all rounding error, as a linear function's is
     * @param derivatives rule's and numeric derivatives by the worst element's input, if they fit six rows and six columns;
     *     else null
     * @param relativeTolerance the relative tolerance: the precision to which a gradient that passed is known to be right
     */
    public record Report(
            Verdict verdict,
            Cause cause,
            int order,
            Worst worst,
            int comparisons,
            String detail,
            String method,
            DType dtype,
            double slope,
            Derivatives derivatives,
            double relativeTolerance) {
        Report withVerdict(Verdict other) {
            return with(other, comparisons, detail, slope);
        }

        Report withComparisons(int all) {
            return with(verdict, all, detail, slope);
        }

        Report withDetail(String more) {
            return with(verdict, comparisons, detail.isEmpty() ? more : detail + "; " + more, slope);
        }

        Report withSlope(double measured) {
            return with(verdict, comparisons, detail, measured);
        }

        private Report with(Verdict v, int n, String notes, double slopeOfRemainder) {
            return new Report(
                    v, cause, order, worst, n, notes, method, dtype, slopeOfRemainder, derivatives, relativeTolerance);
        }

        /** Returns the report as a few aligned lines. */
        @Override
        public String toString() {
            return GradientReport.text(this);
        }
    }

    private final Function<Node[], Node[]> f;
    private final Map<String, Node> bound;
    private final GradientPoint point;
    private final GradientSettings settings;

    private GradientCheck(
            Function<Node[], Node[]> f, Map<String, Node> bound, GradientPoint point, GradientSettings settings) {
        this.f = f;
        this.bound = bound;
        this.point = point;
        this.settings = settings;
    }

    /** Returns a check of a function of nodes, at a point that {@link #at} or {@link #draw} set next. */
    public static GradientCheck of(Function<Node[], Node> f) {
        require(f, "f");
        return ofAll(in -> new Node[] {f.apply(in)});
    }

    /** Returns a check of a function that returns several nodes, of any shapes. */
    public static GradientCheck ofAll(Function<Node[], Node[]> f) {
        require(f, "f");
        return new GradientCheck(f, Map.of(), GradientPoint.nowhere(-2, 2), GradientSettings.DEFAULT);
    }

    /** Returns a check of an op. Points are drawn from where it is smooth. */
    public static GradientCheck of(Op op) {
        require(op, "op");
        return of(in -> Node.of(op, in)).smoothOn(op.smoothOn());
    }

    /**
     * Returns a check of a function of variables that it knows by itself, as a model's loss is of its parameters, at
     * their present values. While it runs it gives them others, so no other thread may use them; afterwards they have their
     * own again. A variable that has two paths is checked once, by the first.
     *
     * @param variables by path, as {@code model.parameters()} has them
     * @throws IllegalArgumentException if there are none, or one of them is no variable
     */
    public static GradientCheck of(Map<String, Node> variables, Supplier<Node> f) {
        require(variables, "variables");
        require(f, "f");
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("GradientCheck: there are no variables to check");
        }
        Map<String, Node> distinct = new LinkedHashMap<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        variables.forEach((name, v) -> {
            require(v, "variables[" + name + "]");
            if (!v.isVariable()) {
                String is = v.isTracked() ? "computed" : "a constant";
                throw new IllegalArgumentException("GradientCheck: " + name + " is " + is + ", not a variable");
            }
            if (seen.add(v)) {
                distinct.put(name, v);
            }
        });
        return new GradientCheck(
                in -> new Node[] {f.get()}, distinct, GradientPoint.nowhere(), GradientSettings.DEFAULT);
    }

    // ---- the point

    /**
     * Returns this check at a point, one FLOAT64 tensor per input; of a check in FLOAT32, of either number type. A given
     * point is never moved.
     *
     * @throws IllegalArgumentException if one has another number type
     * @throws IllegalStateException if this is a check of variables, whose point is their own
     */
    public GradientCheck at(Tensor... inputs) {
        requireUnbound();
        requireAll(inputs, "inputs");
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].dtype() != DType.FLOAT64 && inputs[i].dtype() != settings.dtype()) {
                throw mistyped("input " + i, inputs[i].dtype());
            }
        }
        return at(new GradientPoint(List.of(inputs), List.of(), point.bounds()));
    }

    /**
     * Returns this check at a point drawn at random by its seed, one shape per input: from where the op is smooth; for a
     * function, from -2 to 2 or from {@link #smoothOn} bounds. Numbers near a kink are drawn again, up to ten times.
     *
     * @throws IllegalStateException if this is a check of variables, whose point is their own
     */
    public GradientCheck draw(Shape... shapes) {
        requireUnbound();
        requireAll(shapes, "shapes");
        return at(new GradientPoint(List.of(), List.of(shapes), point.bounds()));
    }

    /**
     * Returns this check with the intervals that points are drawn from, low then high in pairs, as {@code smoothOn(-2, -.1,
     * .1, 2)}.
     *
     * @throws IllegalArgumentException if the bounds are no pairs, or one is not in order
     */
    public GradientCheck smoothOn(double... bounds) {
        require(bounds, "bounds");
        boolean paired = bounds.length > 0 && bounds.length % 2 == 0;
        for (int i = 0; paired && i < bounds.length; i += 2) {
            paired = bounds[i] < bounds[i + 1];
        }
        if (!paired) {
            throw new IllegalArgumentException(
                    "GradientCheck: bounds " + Arrays.toString(bounds) + " must be pairs of low and high");
        }
        return at(new GradientPoint(point.given(), point.drawn(), bounds.clone()));
    }

    // ---- settings

    /** Returns this check up to derivatives of the given order, 1 or more. */
    public GradientCheck order(int highest) {
        if (highest < 1) {
            throw new IllegalArgumentException("GradientCheck: order " + highest + " is less than 1");
        }
        return with(settings.withOrder(highest));
    }

    /** Returns this check with other tolerances, absolute and relative. */
    public GradientCheck tolerance(double absolute, double relative) {
        if (!(absolute >= 0 && relative >= 0)) {
            throw new IllegalArgumentException(
                    "GradientCheck: tolerances " + absolute + " and " + relative + " must be numbers from 0 up");
        }
        return with(settings.within(new Tolerance(absolute, relative)));
    }

    /** Returns this check with another seed for its random directions and points. */
    public GradientCheck seed(long newSeed) {
        return with(settings.withSeed(newSeed));
    }

    /**
     * Returns this check in FLOAT32: the function runs in float, at its inputs rounded to float, and differences are taken
     * in double. The step is cbrt(2^-23) max(1, |x|) and the tolerances 5e-4 and 2e-3, unless others are given; the first
     * is multiplied by the largest derivative and by the length of the cotangent where these are more than 1. A wrong
     * sign, factor or formula is found. An error of one part in a thousand is not, nor one in a derivative below the first
     * tolerance, as that of a mean over thousands; the report then says that nothing was tested. Variables must be FLOAT32
     * already.
     */
    public GradientCheck float32() {
        return with(settings.in(DType.FLOAT32));
    }

    /**
     * Returns this check with state that is restored before every evaluation of the function, and in the end, to what it
     * is when the check starts: random streams, running statistics.
     */
    public GradientCheck restoring(Restorable... state) {
        requireAll(state, "state");
        return with(settings.restoring(state));
    }

    /** Returns the same for variables that the function assigns to, as running statistics kept in nodes. */
    public GradientCheck restoring(Node... state) {
        requireAll(state, "state");
        return restoring(Arrays.stream(state)
                .map(node -> (Restorable) () -> {
                    Tensor now = node.value();
                    return () -> node.assign(now);
                })
                .toArray(Restorable[]::new));
    }

    private static void require(Object argument, String name) {
        Objects.requireNonNull(argument, () -> "GradientCheck: " + name + " is null");
    }

    private static void requireAll(Object[] arguments, String name) {
        require(arguments, name);
        for (int i = 0; i < arguments.length; i++) {
            require(arguments[i], name + "[" + i + "]");
        }
    }

    private GradientCheck at(GradientPoint where) {
        return new GradientCheck(f, bound, where, settings);
    }

    private GradientCheck with(GradientSettings changed) {
        return new GradientCheck(f, bound, point, changed);
    }

    private void requireUnbound() {
        if (!bound.isEmpty()) {
            throw new IllegalStateException("GradientCheck: variables are checked at their own values");
        }
    }

    private IllegalArgumentException mistyped(String name, DType dtype) {
        String fit = settings.dtype() == DType.FLOAT64 ? "; call float32() first" : "; convert it first";
        return new IllegalArgumentException(
                "GradientCheck: " + name + " is " + dtype + ", but the check is in " + settings.dtype() + fit);
    }

    // ---- running

    /**
     * Runs the check and returns its result.
     *
     * @throws IllegalStateException if no point was set, or if an op wrote to an input
     * @throws IllegalArgumentException if a variable is not of the check's number type
     */
    public Report run() {
        bound.forEach((name, v) -> {
            if (v.dtype() != settings.dtype()) {
                throw mistyped(name, v.dtype());
            }
        });
        int inputs = Math.max(point.given().size(), point.drawn().size());
        if (bound.isEmpty() && inputs == 0) {
            throw new IllegalStateException(
                    "GradientCheck: there is no point to check at; set one with at(..) or draw(..)");
        }
        List<String> names = bound.isEmpty()
                ? IntStream.range(0, inputs).mapToObj(i -> "input " + i).toList()
                : List.copyOf(bound.keySet());
        return new GradientRun(f, names, bound.values().toArray(Node[]::new), point, settings).run();
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
