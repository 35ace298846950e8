package gradus.graph.check;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Sides;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientCheck.Worst;
import gradus.graph.check.GradientSettings.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run of a gradient check of one order. First, whether function and rules give the same twice. Then all of the
 * Jacobian where it is small, and random directions where it is large; one that fails is halved until one element is left
 * that disagrees, and that element and some others of its input are compared. A mismatch goes before a
 * {@link MismatchClassifier}; before a rule is called wrong, the {@link TaylorRemainder} is heard too.
 */
final class GradientProbe {
    private static final int DIRECTIONS = 3;
    private static final int FULL_JACOBIAN = 10_000;
    private static final int SAMPLE = 64;
    private static final int HEARINGS = 8;
    private static final int SMALL = 6;

    private final FlatFunction f;
    private final double[] x;
    private final Tolerance tolerance;
    private final int order;
    private final boolean stateful;
    private final RandomStream random;
    private final TreeSet<Integer> kinks = new TreeSet<>();
    private double[] y;
    private GradientDirections along;
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
        along = new GradientDirections(f, y, tolerance);
        for (int j = 0; j < x.length; j++) {
            if (!Double.isFinite(x[j])) {
                return report(Verdict.NOT_FINITE, "", f.element(j) + " is " + x[j]);
            }
        }
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
        double[] once = f.vjp(u);
        String difference = difference(once, f.vjp(u), "");
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
        return compare(Cotangents.mixed(mixed), all, how + " and " + DIRECTIONS + " signed mixtures of its rows");
    }

    // ---- directions

    private Report directions() {
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] u = signed(y.length);
            double[] v = signed(x.length);
            double[] rule = f.vjp(u);
            if (along.slope(u, v, rule, 0, x.length).disagrees()) {
                int[] sample = sample(along.suspect(u, v, rule));
                String how = "directions, of which one disagreed, and " + sample.length + " elements of one input";
                Report r = compare(Cotangents.mixed(u), sample, how);
                return r.verdict() == Verdict.OK
                        ? report(Verdict.TOO_NOISY, how, "a direction disagreed, but no element of it does")
                        : r;
            }
        }
        return report(Verdict.OK, DIRECTIONS + " signed directions", "");
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

    /** A derivative where rule and number disagree, and by how many times the tolerance. */
    private record Mismatch(int row, int column, double excess) {}

    private static int gravity(Verdict v) {
        return switch (v) {
            case KINK, NOT_FINITE -> 2;
            case TOO_NOISY -> 1;
            default -> 0;
        };
    }

    /** Compares the derivatives of some elements under each cotangent; names the worst and explains it. */
    private Report compare(Cotangents u, int[] columns, String how) {
        double[][] rule = new double[u.count()][];
        double[][] numeric = new double[u.count()][x.length];
        for (int r = 0; r < rule.length; r++) {
            rule[r] = f.vjp(u.row(r));
            Arrays.fill(numeric[r], Double.NaN);
        }
        Tolerance allowed = allowed(u, rule);
        List<Mismatch> found = new ArrayList<>();
        for (int j : columns) {
            MismatchClassifier judge = new MismatchClassifier(f, u, y, j);
            for (int r = 0; r < rule.length; r++) {
                numeric[r][j] = judge.numeric(r);
                comparisons++;
                double excess = allowed.excess(rule[r][j], numeric[r][j]);
                if (excess > 1) {
                    found.add(new Mismatch(r, j, excess));
                }
            }
        }
        found.sort(Comparator.comparingDouble(Mismatch::excess).reversed());
        return conclude(found, u, columns, rule, numeric, how);
    }

    /**
     * Returns the tolerances for some gradients. In single precision their elements are no more exact than the terms they
     * are summed from: these are taken to be as large as the largest element, and as many as the cotangent is long.
     */
    private Tolerance allowed(Cotangents u, double[]... gradients) {
        if (f.dtype == DType.FLOAT64) {
            return tolerance;
        }
        double largest = Arrays.stream(gradients)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .reduce(1, Math::max);
        return new Tolerance(tolerance.absolute() * largest * u.length(), tolerance.relative());
    }

    /**
     * Reports the worst mismatch that is judged wrong, that the Taylor remainder condemns too and where the function is
     * differentiable in mixed directions, or what is left if there is none. The worst is judged first: of a rule that is wrong throughout, one judgement is enough.
     */
    private Report conclude(
            List<Mismatch> found, Cotangents u, int[] columns, double[][] rule, double[][] numeric, String how) {
        Map<Integer, MismatchClassifier> judges = new HashMap<>();
        Tolerance allowed = allowed(u, rule);
        Verdict gravest = Verdict.OK;
        Mismatch at = null;
        int hearings = 0;
        for (Mismatch m : found) {
            Verdict v = judges.computeIfAbsent(m.column, j -> new MismatchClassifier(f, u, y, j))
                    .judge(m.row, rule[m.row][m.column], allowed);
            if (v == Verdict.WRONG && bends(m, u, rule, numeric)) {
                v = Verdict.KINK;
            }
            if (v == Verdict.WRONG) {
                double slope = hearings++ < HEARINGS ? slope(u.row(m.row), unit(m.column), rule[m.row]) : Double.NaN;
                if (!TaylorRemainder.clears(slope) || !Double.isFinite(rule[m.row][m.column])) {
                    return wrong(worst(m, u, rule, numeric), rowsLike(m.row, u), u, columns, rule, numeric, how, slope);
                }
                v = Verdict.TOO_NOISY;
            }
            if (v == Verdict.KINK) {
                kinks.add(m.column);
            }
            if (gravity(v) > gravity(gravest)) {
                gravest = v;
                at = m;
            }
        }
        if (at == null) {
            return report(Verdict.OK, how, "");
        }
        String detail = gravest == Verdict.NOT_FINITE
                ? leaving(at.column)
                : hearings == 0 ? "" : "the differences say wrong, but the Taylor remainder says right";
        return report(gravest, Cause.NONE, worst(at, u, rule, numeric), detail, how, Double.NaN, null);
    }

    private boolean bends(Mismatch m, Cotangents u, double[][] rule, double[][] numeric) {
        double gap = Math.abs(rule[m.row][m.column] - numeric[m.row][m.column]);
        return new MixedDifference(f, u.row(m.row), y, m.column).bends(gap, () -> signed(x.length));
    }

    private String leaving(int j) {
        return "a step of " + String.format(Locale.ROOT, "%.2g", f.step(x[j])) + " from " + f.element(j) + " = " + x[j]
                + " leaves the domain";
    }

    private Report wrong(
            Worst worst,
            int[] rows,
            Cotangents u,
            int[] columns,
            double[][] rule,
            double[][] numeric,
            String how,
            double slope) {
        GradientCause.Finding why = new GradientCause(
                        f, worst.input(), columns, u, some(rule, rows), some(numeric, rows), tolerance)
                .find(random);
        return report(Verdict.WRONG, why.cause(), worst, why.detail(), how, slope, sides(worst.input()));
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
                allowed(u, rule).of(a, b),
                of);
    }

    /** Returns the derivatives by a small input, by rule and by number: of each output, else of a signed mixture. */
    private Sides sides(int input) {
        Shape s = f.shape(input);
        int n = s.size();
        if (1 < y.length && y.length <= SMALL && n <= SMALL) {
            Cotangents each = Cotangents.units(y.length);
            return sides("Jacobian (rows: elements of the output)", Shape.of(y.length, n), input, each);
        }
        if (s.rank() == 0 || s.rank() > 2 || Arrays.stream(s.dims()).max().orElse(0) > SMALL) {
            return null;
        }
        String of = "gradient of " + (y.length == 1 ? "the output" : "a signed mixture of outputs");
        double[] u = y.length == 1 ? new double[] {1} : signed(y.length);
        return sides(of, s, input, Cotangents.mixed(u));
    }

    private Sides sides(String of, Shape shape, int input, Cotangents u) {
        int from = f.offset(input);
        int n = f.shape(input).size();
        double[] rule = new double[u.count() * n];
        double[] numeric = new double[rule.length];
        for (int r = 0; r < u.count(); r++) {
            System.arraycopy(f.vjp(u.row(r)), from, rule, r * n, n);
        }
        for (int j = 0; j < n; j++) {
            MismatchClassifier judge = new MismatchClassifier(f, u, y, from + j);
            for (int r = 0; r < u.count(); r++) {
                numeric[r * n + j] = judge.numeric(r);
            }
        }
        return new Sides(of, Tensor.of(shape, rule), Tensor.of(shape, numeric));
    }

    // ---- the Taylor remainder, reports, vectors

    private double slope(double[] u, double[] v) {
        return slope(u, v, f.vjp(u));
    }

    private double slope(double[] u, double[] v, double[] rule) {
        return TaylorRemainder.slope(f, y, u, v, rule);
    }

    private Report report(Verdict verdict, String how, String detail) {
        return report(verdict, Cause.NONE, null, detail, how, Double.NaN, null);
    }

    private Report report(
            Verdict verdict, Cause cause, Worst worst, String detail, String how, double slope, Sides sides) {
        return new Report(
                verdict,
                cause,
                order,
                worst,
                comparisons + along.comparisons(),
                detail,
                how,
                f.dtype,
                slope,
                sides,
                tolerance.relative());
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
