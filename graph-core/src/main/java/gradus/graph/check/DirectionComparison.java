package gradus.graph.check;

import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientSettings.Tolerance;
import gradus.graph.check.NumericDerivative.Estimate;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The comparison of derivatives along random directions, for a Jacobian that is too large to be compared element by element.
 *
 * <p>Each direction has unit length and lies within one input; the cotangents are random numbers of both signs. A direction
 * that does not agree is bisected until one element is left, in log2(n) pairs of differences. That element and a random
 * sample of others of its input are compared one by one.
 */
final class DirectionComparison {
    private static final int DIRECTIONS = 3;
    private static final int SAMPLE = 64;

    private final ComparisonContext c;
    private final FlatFunction f;
    private final Set<Integer> kinks;
    private final double[] u;
    private final double[] v;
    private final double[] rule;

    private DirectionComparison(ComparisonContext c, Set<Integer> kinks) {
        this.c = c;
        this.f = c.f;
        this.kinks = kinks;
        this.u = c.signed(c.y.length);
        this.v = c.signed(f.x.length);
        this.rule = f.vjp(u);
    }

    /**
     * Compares the derivatives along three random directions for each input.
     *
     * @param kinks gets the elements near which the function has a kink
     */
    static Report compare(ComparisonContext c, Set<Integer> kinks) {
        for (int i = 0; i < DIRECTIONS; i++) {
            Report r = new DirectionComparison(c, kinks).report();
            if (r.verdict() != Verdict.OK) {
                return r;
            }
        }
        String each = c.f.inputs.count() == 1 ? "" : " for each input";
        return c.report(Verdict.OK, DIRECTIONS + " random directions" + each + ", with signed cotangents", "");
    }

    private Report report() {
        for (int input = 0; input < f.inputs.count(); input++) {
            int from = f.inputs.offset(input);
            int to = from + f.inputs.shape(input).size();
            if (from < to && !agrees(from, to)) {
                return compareElements(sample(bisect(from, to)));
            }
        }
        return c.report(Verdict.OK, "", "");
    }

    private Report compareElements(int... sample) {
        String method = "random directions, of which one disagreed, and " + sample.length + " elements of one input";
        Report r = ElementComparison.compare(c, Cotangents.mixed(u), sample, method, kinks);
        return r.verdict() == Verdict.OK
                ? c.report(Verdict.TOO_NOISY, method, "a direction disagreed, but no element of it does")
                : r;
    }

    /** Returns whether rule and difference agree along the part of v that belongs to one input. */
    private boolean agrees(int from, int to) {
        double[] unit = part(from, to);
        Tolerance allowed = allowed(Arrays.copyOfRange(rule, from, to));
        NumericDerivative numeric = NumericDerivative.along(f, u, c.y, unit, rule);
        double expected = Cotangents.dot(rule, unit);
        Estimate central = numeric.central(0);
        c.coverage.add(f.inputs.tensorOf(from), expected, central.value(), allowed.absolute());
        return central.confirmsWithinTolerance(expected, allowed)
                || new MismatchClassifier(f, Cotangents.mixed(u), c.y, numeric)
                                .classify(0, expected, allowed)
                                .verdict()
                        == Verdict.OK;
    }

    /** Returns the tolerances along a unit direction: each of n elements moves by 1/sqrt(n) only, and may differ as much less. */
    private Tolerance allowed(double... gradient) {
        Tolerance each = c.allowed(Cotangents.mixed(u), gradient);
        double n = gradient.length;
        double size = Math.sqrt(Cotangents.dot(gradient, gradient) / n);
        return new Tolerance(each.absolute() / Math.sqrt(n), each.relative()).beside(size);
    }

    /** Returns v within a range, scaled to unit length, and zeros elsewhere. */
    private double[] part(int from, int to) {
        double[] part = new double[v.length];
        System.arraycopy(v, from, part, from, to - from);
        double norm = Math.sqrt(Cotangents.dot(part, part));
        return Arrays.stream(part).map(e -> e / norm).toArray();
    }

    /** Halves a direction that disagreed, continuing with the half that differs more, until one element is left. */
    private int bisect(int from, int to) {
        int low = from;
        int high = to;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            double left = gap(low, middle);
            double right = gap(middle, high);
            if (right > left || Double.isNaN(right)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns how far rule and difference are apart along a part of v, for that part in its own length. */
    private double gap(int from, int to) {
        double[] unit = part(from, to);
        double numeric =
                NumericDerivative.along(f, u, c.y, unit, rule).central(0).value();
        c.coverage.add();
        double length = Cotangents.dot(unit, v);
        return Math.abs(Cotangents.dot(rule, unit) - numeric) * length;
    }

    /** Returns an element and a random sample of the others of its input. */
    private int[] sample(int suspect) {
        int input = f.inputs.tensorOf(suspect);
        int from = f.inputs.offset(input);
        int n = f.inputs.shape(input).size();
        return IntStream.concat(
                        IntStream.of(suspect), IntStream.range(0, SAMPLE).map(i -> from + c.random.nextInt(n)))
                .distinct()
                .sorted()
                .toArray();
    }
}
