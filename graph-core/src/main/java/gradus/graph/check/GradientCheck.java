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
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Compares the gradients that rules give with those that numbers give, for any function of nodes:
 *
 * <pre>{@code GradientCheck.of(in -> in[0].matmul(in[1]).softmax(-1)).at(a, b).verify();}</pre>
 *
 * <p>Where the Jacobian has at most 10,000 elements, all of them are compared, and the report names the worst. Where
 * it is larger, three random directions with random signed cotangents are tried; one that fails is halved until an
 * element is found that is wrong. Numeric derivatives are central differences with step cbrt(2^-52) max(1, |x|),
 * snapped so that x + h and x - h are exact. What differs by more than {@code atol + rtol max(|rule|, |numeric|)} is a
 * mismatch; the defaults, 1e-7 and 1e-5, let no rule pass that is wrong by one part in a thousand. Before a rule is
 * called wrong, a much smaller step is asked whether the difference was too coarse, five samples around the point
 * whether the function has a kink there, moves of two elements at once whether it has one between the axes, a wider
 * step whether rounding spoiled the difference, and the Taylor remainder, which needs no step size, whether it agrees.
 *
 * <p>The function must give the same values whenever it is computed at the same point, and rules the same gradients. What
 * it draws from a random stream or keeps as running statistics is put back before every evaluation if it is named with
 * {@link #restoring(Restorable...)}. It must not write to its inputs: a check throws an {@code IllegalStateException} that
 * names the input that was changed.
 *
 * <p>Runs in FLOAT64 unless {@link #float32} is said. A check is immutable; each method returns another one.
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
        /** The point, or the function's value at it or a step away, is infinite or NaN, so nothing can be compared. */
        NOT_FINITE,
        /** No input is among what the output was computed from, so nothing was tested. */
        NO_INFLUENCE
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
        /** The Jacobian is the transpose of the right one: the rule does to gy what the op does to a change of its input. */
        PUSHED_FORWARD,
        /** The rule does not multiply by the gradient of its output. */
        UPSTREAM_IGNORED,
        /** The gradient of a broadcast input misses the sum over what it was repeated along. */
        BROADCAST_NOT_SUMMED,
        /** The rule is not linear in the gradient of its output. */
        NOT_LINEAR,
        /** Every derivative is right or zero: a term or an element is missing. */
        PART_MISSING,
        /** The gradient is that of another input of the same shape. */
        EXCHANGED,
        /** The gradient is shifted by one place along an axis, or reversed along it. */
        SHIFTED,
        /** The gradient is right where the input has one sign and wrong where it has the other. */
        ONE_SIDED,
        /** The rule gives NaN or infinity. */
        NOT_A_NUMBER,
        /** None of these. */
        UNKNOWN
    }

    /**
     * The element that is furthest off.
     *
     * @param input which input it belongs to, counted from 0
     * @param name what that input is called: a parameter's path, else its number
     * @param index where it is in that input
     * @param output which output element, counted in row-major order through all outputs, was differentiated; -1 if a
     *     mixture of them
     * @param rule the derivative that the rule gives
     * @param numeric the derivative that differences give
     * @param relativeError their distance over the larger of the two
     * @param step the step of the difference
     * @param tolerance the distance that would have been tolerated
     * @param of what was differentiated, in words: {@code output 1 at [0, 2]}
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
            String of) {
        @Override
        public String toString() {
            return GradientReport.line(this);
        }
    }

    /**
     * The derivatives by a small input, all of them, as rules and as numbers give them: the Jacobian, a row for each
     * element of the outputs, where it has at most six rows and columns, else a gradient in the input's shape.
     *
     * @param of what they are, in words: {@code gradient of the output}
     */
    public record Sides(String of, Tensor rule, Tensor numeric) {}

    /**
     * What a check found. {@code toString()} says it in a few lines.
     *
     * @param order which order of derivative failed, or the highest that passed
     * @param worst the worst element; null if all is well or nothing could be compared
     * @param comparisons how many derivatives were compared
     * @param detail what there is to add, such as why nothing could be compared; often empty
     * @param how what was compared: the full Jacobian or directions
     * @param dtype the number type that the function ran in
     * @param slope with which the Taylor remainder falls: 2 where the gradient is right, 1 where it is wrong; NaN if it was
     *     not taken, or is all rounding, as a linear function's is
     * @param sides both derivatives of the worst element's input, if they fit six rows and six columns; else null
     * @param relative the relative tolerance: to what part a gradient that passed is right
     */
    public record Report(
            Verdict verdict,
            Cause cause,
            int order,
            Worst worst,
            int comparisons,
            String detail,
            String how,
            DType dtype,
            double slope,
            Sides sides,
            double relative) {
        Report withSlope(double measured) {
            return new Report(verdict, cause, order, worst, comparisons, detail, how, dtype, measured, sides, relative);
        }

        Report comparing(int all) {
            return new Report(verdict, cause, order, worst, all, detail, how, dtype, slope, sides, relative);
        }

        Report noting(String more) {
            String both = detail.isEmpty() ? more : detail + "; " + more;
            return new Report(verdict, cause, order, worst, comparisons, both, how, dtype, slope, sides, relative);
        }

        Report withoutInfluence() {
            Verdict none = Verdict.NO_INFLUENCE;
            return new Report(none, cause, order, worst, comparisons, detail, how, dtype, slope, sides, relative);
        }

        /** Says it in a few aligned lines. */
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

    /** Returns a check of a function of nodes; say next where. */
    public static GradientCheck of(Function<Node[], Node> f) {
        return ofAll(in -> new Node[] {f.apply(in)});
    }

    /** Returns a check of a function that returns several nodes, of any shapes; say next where. */
    public static GradientCheck ofAll(Function<Node[], Node[]> f) {
        return new GradientCheck(f, Map.of(), GradientPoint.nowhere(-2, 2), GradientSettings.DEFAULT);
    }

    /** Returns a check of an op; say next where. Points are drawn from where it is smooth. */
    public static GradientCheck of(Op op) {
        return of(in -> Node.of(op, in)).smoothOn(op.smoothOn());
    }

    /**
     * Returns a check of a function of variables that it knows by itself, as a model's loss is of its parameters, at
     * their present values. While it runs it gives them others, so nobody else may use them; afterwards they have their
     * own again. A variable that has two paths is checked once, by the first.
     *
     * @param variables by path, as {@code model.parameters()} has them
     * @throws IllegalArgumentException if there are none, or one of them is no variable
     */
    public static GradientCheck of(Map<String, Node> variables, Supplier<Node> f) {
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("GradientCheck: there are no variables to check");
        }
        Map<String, Node> distinct = new LinkedHashMap<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        variables.forEach((name, v) -> {
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

    // ---- where

    /**
     * Returns this check at a point, one FLOAT64 tensor per input; of a check in FLOAT32, of either number type. A given
     * point is never moved.
     *
     * @throws IllegalArgumentException if one has another number type
     * @throws IllegalStateException if this is a check of variables, whose point is their own
     */
    public GradientCheck at(Tensor... inputs) {
        requireUnbound();
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].dtype() != DType.FLOAT64 && inputs[i].dtype() != settings.dtype()) {
                throw mistyped("input " + i, inputs[i].dtype());
            }
        }
        return at(new GradientPoint(List.of(inputs), List.of(), point.bounds()));
    }

    /**
     * Returns this check at a point drawn at random by its seed, one shape per input: from where the op is smooth; for a
     * function, from -2 to 2 or from {@link #smoothOn} bounds. Numbers near a kink are drawn anew, up to ten times.
     *
     * @throws IllegalStateException if this is a check of variables, whose point is their own
     */
    public GradientCheck draw(Shape... shapes) {
        requireUnbound();
        return at(new GradientPoint(List.of(), List.of(shapes), point.bounds()));
    }

    /**
     * Returns this check with the intervals that points are drawn from, low then high in pairs, as {@code smoothOn(-2, -.1,
     * .1, 2)}.
     *
     * @throws IllegalArgumentException if the bounds are no pairs, or one is not in order
     */
    public GradientCheck smoothOn(double... bounds) {
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

    // ---- how

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
     * sign, factor or formula is found, an error of one part in a thousand is not, nor one in
     * a derivative below the first tolerance, as that of a mean over thousands. Variables must be FLOAT32 already.
     */
    public GradientCheck float32() {
        return with(settings.in(DType.FLOAT32));
    }

    /**
     * Returns this check with state that is put back before every evaluation of the function, and in the end, to what it
     * is when the check starts: random streams, running statistics.
     */
    public GradientCheck restoring(Restorable... state) {
        return with(settings.restoring(state));
    }

    /** Returns the same for variables that the function assigns to, as running statistics kept in nodes. */
    public GradientCheck restoring(Node... state) {
        return restoring(Arrays.stream(state)
                .map(node -> (Restorable) () -> {
                    Tensor now = node.value();
                    return () -> node.assign(now);
                })
                .toArray(Restorable[]::new));
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
        String fit = settings.dtype() == DType.FLOAT64 ? "; say float32() first" : "; convert it first";
        return new IllegalArgumentException(
                "GradientCheck: " + name + " is " + dtype + ", but the check is in " + settings.dtype() + fit);
    }

    // ---- running

    /**
     * Runs the check and says what it found.
     *
     * @throws IllegalStateException if it was not said where, or if an op wrote to an input
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
            throw new IllegalStateException("GradientCheck: there is nothing to check; say where with at(..)");
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
