package gradus.graph;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.GradientCheck.Cause;
import gradus.graph.GradientCheck.Report;
import gradus.graph.GradientCheck.Sides;
import gradus.graph.GradientCheck.Verdict;
import gradus.graph.GradientCheck.Worst;
import gradus.graph.GradientSettings.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run of a gradient check of one order. First, whether function and rules give the same twice. Then all of the
 * Jacobian where it is small, and random directions where it is large; one that fails is halved until one element is left
 * that disagrees, and that element and some others of its input are compared. A mismatch goes before a
 * {@link GradientJudge}; before a rule is called wrong, the {@link TaylorRemainder} is heard too.
 */
final class GradientProbe {
    private static final int DIRECTIONS = 3;
    private static final int FULL_JACOBIAN = 10_000;
    private static final int SAMPLE = 64;
    private static final int HEARINGS = 8;
    private static final String NO_ELEMENT = "a direction disagreed, but no element of it does";

    private final FlatFunction f;
    private final double[] x;
    private final Tolerance tolerance;
    private final int order;
    private final boolean stateful;
    private final RandomStream random;
    private final TreeSet<Integer> kinks = new TreeSet<>();
    private double[] y;
    private int comparisons;

    GradientProbe(FlatFunction f, GradientSettings settings, int order) {
        this.f = f;
        this.x = f.x;
        this.tolerance = settings.tolerances();
        this.order = order;
        this.stateful = !settings.state().isEmpty();
        this.random = RandomStream.of(settings.seed(), "gradient check, order " + order);
    }

    /** Returns the elements near which the function was found to have a kink. */
    int[] kinks() {
        return kinks.stream().mapToInt(Integer::intValue).toArray();
    }

    Report run() {
        y = f.at(x);
        double[] again = f.at(x);
        for (int i = 0; i < y.length; i++) {
            if (!Double.isFinite(y[i])) {
                return report(Verdict.NOT_FINITE, "", f.outputElement(i) + " is " + y[i]);
            }
            if (y[i] != again[i]) {
                String values = f.outputElement(i) + " is " + y[i] + ", then " + again[i];
                return report(Verdict.NONDETERMINISTIC, "", values);
            }
        }
        String unsteady = unsteady();
        if (!unsteady.isEmpty()) {
            return report(Verdict.NONDETERMINISTIC, "", unsteady);
        }
        if (x.length == 0) {
            return report(Verdict.OK, "the inputs have no elements", "");
        }
        Report r = (long) x.length * y.length <= FULL_JACOBIAN ? jacobian() : directions();
        return r.verdict() == Verdict.OK ? r.withSlope(slope(signed(y.length), signed(x.length))) : r;
    }

    /** Returns in what the rules give two gradients at the same point; empty if they do not. */
    private String unsteady() {
        double[] u = signed(y.length);
        double[] once = f.pull(u);
        String difference = difference(once, f.pull(u), "");
        if (difference.isEmpty() && !f.isBound() && !stateful) {
            double[] elsewhere = x.clone();
            Arrays.setAll(elsewhere, j -> f.near(x[j] + f.step(x[j])));
            String why = " if the function is computed elsewhere before: an op keeps state between calls";
            return difference(once, f.pullAfter(elsewhere, u), why);
        }
        return difference;
    }

    private String difference(double[] a, double[] b, String why) {
        int j = Arrays.mismatch(a, b);
        return j < 0 || a[j] == b[j]
                ? "" // the zeros of both signs are one number
                : "the gradient of " + f.element(j) + " is " + a[j] + ", then " + b[j] + why;
    }

    private Report jacobian() {
        int[] all = IntStream.range(0, x.length).toArray();
        String how = "the full " + y.length + " x " + x.length + " Jacobian";
        Report alone = compare(Cotangents.units(y.length), all, how);
        if (alone.verdict() != Verdict.OK) {
            return alone;
        }
        // and signed mixtures of outputs, lest a rule be right for a cotangent of +1 only
        double[][] mixed =
                Stream.generate(() -> signed(y.length)).limit(DIRECTIONS).toArray(double[][]::new);
        String more = how + " and " + DIRECTIONS + " signed mixtures of its rows";
        Report together = compare(Cotangents.mixed(mixed), all, more);
        return together.verdict() == Verdict.OK && f.dtype == DType.FLOAT32 && smallButWrong(mixed)
                ? report(Verdict.TOO_NOISY, more, NO_ELEMENT)
                : together;
    }

    /**
     * Returns whether a direction is plainly wrong. In single precision, what is tolerated of one element may be more than
     * the derivative of a mean.
     */
    private boolean smallButWrong(double[]... cotangents) {
        for (double[] u : cotangents) {
            double[] v = signed(x.length);
            double[] rule = f.pull(u);
            if (slope(u, v, rule, 0, x.length).disagrees(4) && TaylorRemainder.condemns(slope(u, v, rule))) {
                return true;
            }
        }
        return false;
    }

    // ---- directions

    private Report directions() {
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] u = signed(y.length);
            double[] v = signed(x.length);
            double[] rule = f.pull(u);
            if (slope(u, v, rule, 0, x.length).disagrees(1)) {
                int[] sample = sample(suspect(u, v, rule));
                String how = "directions, of which one disagreed, and " + sample.length + " elements of one input";
                Report r = compare(Cotangents.mixed(u), sample, how);
                return r.verdict() == Verdict.OK ? report(Verdict.TOO_NOISY, how, NO_ELEMENT) : r;
            }
        }
        return report(Verdict.OK, DIRECTIONS + " signed directions", "");
    }

    /** The derivative along a direction of unit length, as the rule and as differences have it. */
    private record Slope(double rule, double numeric, double tolerance, double norm) {
        /** Returns how far apart they are, for the direction in its own length. */
        double gap() {
            return Math.abs(rule - numeric) * norm;
        }

        boolean disagrees(double tolerances) {
            return !(Math.abs(rule - numeric) <= tolerances * tolerance);
        }
    }

    /** Returns the slope along the part of v from one element (included) to another (excluded). */
    private Slope slope(double[] u, double[] v, double[] rule, int from, int to) {
        double squares = 0;
        double largest = 1;
        for (int i = from; i < to; i++) {
            squares += v[i] * v[i];
            largest = Math.max(largest, Math.abs(x[i]));
        }
        double norm = Math.sqrt(squares);
        double h = Math.cbrt(f.ulp()) * largest;
        double[] high = x.clone();
        double[] low = x.clone();
        double expected = 0;
        for (int i = from; i < to; i++) {
            high[i] = f.near(x[i] + h * v[i] / norm);
            low[i] = f.near(x[i] - h * v[i] / norm);
            expected += rule[i] * (high[i] - low[i]) / (2 * h); // the step as it was taken, after rounding
        }
        double numeric = (Cotangents.dot(u, f.at(high)) - Cotangents.dot(u, f.at(low))) / (2 * h);
        comparisons++;
        // a unit direction moves each of n elements by 1/sqrt(n) only: what is tolerated of each shrinks alike
        double allowed = tolerance.absolute() / Math.sqrt(to - from)
                + tolerance.relative() * Math.max(Math.abs(expected), Math.abs(numeric));
        return new Slope(expected, numeric, allowed + 8 * f.ulp() * Cotangents.weight(u, y) / h, norm);
    }

    /** Halves a direction that disagreed, keeping the worse half, until one element is left. */
    private int suspect(double[] u, double[] v, double[] rule) {
        int from = 0;
        int to = x.length;
        while (to - from > 1) {
            int middle = (from + to) >>> 1;
            double left = slope(u, v, rule, from, middle).gap();
            double right = slope(u, v, rule, middle, to).gap();
            if (right > left || Double.isNaN(right)) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Returns an element and a random sample of the others of its input. */
    private int[] sample(int suspect) {
        int input = f.inputOf(suspect);
        int from = f.offset(input);
        int n = f.shape(input).size();
        return IntStream.concat(
                        IntStream.of(suspect), IntStream.range(0, SAMPLE).map(i -> from + random.nextInt(n)))
                .distinct()
                .sorted()
                .toArray();
    }

    // ---- elements

    /** A derivative where rule and number disagree, and what the judge said. */
    private record Mismatch(Verdict verdict, int row, int column, double excess) {
        int gravity() {
            return switch (verdict) {
                case KINK, NOT_FINITE -> 2;
                case TOO_NOISY -> 1;
                default -> 0;
            };
        }
    }

    /** Compares the derivatives of some elements under each cotangent; names the worst and explains it. */
    private Report compare(Cotangents u, int[] columns, String how) {
        double[][] rule = new double[u.count()][];
        double[][] numeric = new double[u.count()][x.length];
        for (int r = 0; r < rule.length; r++) {
            rule[r] = f.pull(u.row(r));
            Arrays.fill(numeric[r], Double.NaN);
        }
        Tolerance allowed = allowed(rule);
        List<Mismatch> found = new ArrayList<>();
        for (int j : columns) {
            GradientJudge judge = new GradientJudge(f, u, y, j);
            for (int r = 0; r < rule.length; r++) {
                numeric[r][j] = judge.numeric(r);
                comparisons++;
                double excess = allowed.excess(rule[r][j], numeric[r][j]);
                if (excess > 1) {
                    found.add(new Mismatch(judge.judge(r, rule[r][j], allowed), r, j, excess));
                }
            }
        }
        found.removeIf(m -> m.verdict == Verdict.OK);
        if (found.isEmpty()) {
            return report(Verdict.OK, how, "");
        }
        found.sort(Comparator.comparingDouble(Mismatch::excess).reversed());
        return conclude(found, u, columns, rule, numeric, how);
    }

    /**
     * Returns the tolerances for some gradients. In single precision their elements are no more exact than the terms they
     * are summed from, which are taken to be as large as the largest element.
     */
    private Tolerance allowed(double[]... gradients) {
        double largest = f.dtype == DType.FLOAT64
                ? 1
                : Arrays.stream(gradients)
                        .flatMapToDouble(Arrays::stream)
                        .map(Math::abs)
                        .reduce(1, Math::max);
        return new Tolerance(tolerance.absolute() * largest, tolerance.relative());
    }

    /** Reports the worst mismatch that the Taylor remainder condemns too, or what is left if there is none. */
    private Report conclude(
            List<Mismatch> found, Cotangents u, int[] columns, double[][] rule, double[][] numeric, String how) {
        List<Mismatch> wrong = found.stream()
                .filter(m -> m.verdict == Verdict.WRONG)
                .limit(HEARINGS)
                .toList();
        for (Mismatch m : wrong) {
            double slope = slope(u.row(m.row), unit(m.column), rule[m.row]);
            if (!TaylorRemainder.clears(slope) || !Double.isFinite(rule[m.row][m.column])) {
                Worst worst = worst(m, u, rule, numeric);
                int[] rows = rowsLike(m.row, u);
                GradientCause.Finding why = new GradientCause(
                                f, worst.input(), columns, u, some(rule, rows), some(numeric, rows), tolerance)
                        .find(random);
                Sides sides = sides(worst.input());
                return report(Verdict.WRONG, why.cause(), worst, why.detail(), how, slope, sides);
            }
        }
        found.stream().filter(m -> m.verdict == Verdict.KINK).forEach(m -> kinks.add(m.column));
        Mismatch m =
                found.stream().max(Comparator.comparingInt(Mismatch::gravity)).orElseThrow();
        String detail = wrong.isEmpty() ? "" : "the differences say wrong, but the Taylor remainder says right";
        Verdict left = m.verdict == Verdict.WRONG ? Verdict.TOO_NOISY : m.verdict;
        return report(left, Cause.NONE, worst(m, u, rule, numeric), detail, how, Double.NaN, null);
    }

    /** Returns the rows that differentiate the same output: the others may be right. */
    private int[] rowsLike(int row, Cotangents u) {
        int output = u.output(row) < 0 ? -1 : f.outputOf(row);
        return IntStream.range(0, u.count())
                .filter(r -> output < 0 || f.outputOf(r) == output)
                .toArray();
    }

    private static double[][] some(double[][] all, int... rows) {
        return IntStream.of(rows).mapToObj(r -> all[r]).toArray(double[][]::new);
    }

    private Worst worst(Mismatch m, Cotangents u, double[][] rule, double[][] numeric) {
        int j = m.column;
        int input = f.inputOf(j);
        int[] index = FlatFunction.index(f.shape(input), j - f.offset(input));
        int output = u.output(m.row);
        String of = output < 0 ? "a signed mixture of outputs" : f.outputElement(output);
        double a = rule[m.row][j];
        double b = numeric[m.row][j];
        double relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
        return new Worst(
                input,
                f.name(input),
                index,
                output,
                a,
                b,
                relative,
                f.step(x[j]),
                allowed(rule).of(a, b),
                of);
    }

    /** Returns the gradient of a small input by rule and by number, of the output or of a signed mixture. */
    private Sides sides(int input) {
        Shape s = f.shape(input);
        if (s.rank() == 0 || s.rank() > 2 || Arrays.stream(s.dims()).max().orElse(0) > 4) {
            return null;
        }
        double[] u = y.length == 1 ? new double[] {1} : signed(y.length);
        int from = f.offset(input);
        double[] numeric = IntStream.range(from, from + s.size())
                .mapToDouble(j -> new GradientJudge(f, Cotangents.mixed(u), y, j).numeric(0))
                .toArray();
        double[] rule = Arrays.copyOfRange(f.pull(u), from, from + s.size());
        return new Sides(y.length > 1, Tensor.of(s, rule), Tensor.of(s, numeric));
    }

    // ---- the Taylor remainder, reports, vectors

    private double slope(double[] u, double[] v) {
        return slope(u, v, f.pull(u));
    }

    private double slope(double[] u, double[] v, double[] rule) {
        return TaylorRemainder.slope(f, y, u, v, rule);
    }

    private Report report(Verdict verdict, String how, String detail) {
        return report(verdict, Cause.NONE, null, detail, how, Double.NaN, null);
    }

    private Report report(
            Verdict verdict, Cause cause, Worst worst, String detail, String how, double slope, Sides sides) {
        return new Report(verdict, cause, order, worst, comparisons, detail, how, f.dtype, slope, sides);
    }

    /** Returns random numbers of both signs, exact in the function's number type. */
    private double[] signed(int n) {
        double[] v = new double[n];
        Arrays.setAll(v, i -> f.near(random.nextGaussian()));
        return v;
    }

    private double[] unit(int j) {
        double[] v = new double[x.length];
        v[j] = 1;
        return v;
    }
}
