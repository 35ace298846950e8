package gradus.graph.check;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Derivatives;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientCheck.Worst;
import gradus.graph.check.GradientSettings.Tolerance;
import gradus.graph.check.NumericDerivative.Estimate;
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
 * The comparison of one order of a gradient check.
 *
 * <ol>
 *   <li>Function and rules must give the same values twice.
 *   <li>A small Jacobian is compared element by element, a large one along random directions, input by input. A direction
 *       that does not agree is bisected until one element is left; that element and a sample of others of its input are
 *       compared.
 *   <li>A derivative agrees if its central difference, and the rounding error of that, are within the tolerance. All others
 *       get the best numeric estimate there is ({@link NumericDerivative}) and are classified ({@link
 *       MismatchClassifier}).
 *   <li>A rule is reported as wrong if neither {@link MixedDifference} finds a kink nor {@link TaylorRemainder} a slope
 *       of 2. If all agree, the Taylor remainder along a random direction is taken too: a slope of 1 whose error is above
 *       the tolerance means that rounding error hides a wrong rule.
 * </ol>
 */
final class GradientComparison {
    private static final int DIRECTIONS = 3;
    private static final int FULL_JACOBIAN = 10_000;
    private static final int SAMPLE = 64;
    private static final int REMAINDERS = 8;
    private static final int SMALL = 6;

    private final FlatFunction f;
    private final double[] x;
    private final Tolerance tolerance;
    private final int order;
    private final boolean stateful;
    private final RandomStream random;
    private final TreeSet<Integer> kinks = new TreeSet<>();
    private final Largest[] largest;
    private double[] y;
    private int comparisons;

    /** The largest derivative by an input, as a multiple of the absolute tolerance that it was compared with. */
    private record Largest(double derivative, double absolute) {
        Largest or(double other, double tolerance) {
            boolean more = Math.abs(other) * absolute > derivative * tolerance;
            return more ? new Largest(Math.abs(other), tolerance) : this;
        }
    }

    GradientComparison(FlatFunction f, GradientSettings settings, int order) {
        this.f = f;
        this.x = f.x;
        this.tolerance = settings.tolerances();
        this.order = order;
        this.stateful = !settings.state().isEmpty();
        this.random = RandomStream.of(settings.seed(), "gradient check, order " + order);
        this.largest = new Largest[f.inputs()];
        Arrays.fill(largest, new Largest(0, 1));
    }

    /** Returns the elements near which the function was found to have a kink. */
    int[] kinks() {
        return kinks.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns a note if all derivatives by an input are below the absolute tolerance, though not all zero; else "". */
    String untested(int input) {
        Largest l = largest[input];
        return l.derivative == 0 || l.derivative > l.absolute
                ? ""
                : String.format(
                        Locale.ROOT,
                        "largest derivative %.2g is below the absolute tolerance %.2g: nothing was tested for %s",
                        l.derivative,
                        l.absolute,
                        f.name(input));
    }

    Report run() {
        y = f.at(x);
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
        String difference = nondeterminism();
        if (!difference.isEmpty()) {
            return report(Verdict.NONDETERMINISTIC, "", difference);
        }
        if (x.length == 0) {
            return report(Verdict.OK, "the inputs have no elements", "");
        }
        Report r = (long) x.length * y.length <= FULL_JACOBIAN ? jacobian() : directions();
        return r.verdict() == Verdict.OK ? confirmed(r) : r;
    }

    /** Returns in what the rules give two gradients at the same point; empty if they do not. */
    private String nondeterminism() {
        double[] u = signed(y.length);
        double[] once = f.vjp(u);
        String difference = difference(once, f.vjp(u), "");
        if (difference.isEmpty() && !f.isBound() && !stateful) {
            double[] elsewhere = x.clone();
            Arrays.setAll(elsewhere, j -> f.near(x[j] + f.step(x[j])));
            String why = " if the function is evaluated at another point in between: an op keeps state between calls";
            return difference(once, f.vjpAfter(elsewhere, u), why);
        }
        return difference;
    }

    private String difference(double[] a, double[] b, String why) {
        int j = Arrays.mismatch(a, b);
        return j < 0 || a[j] == b[j]
                ? "" // zeros of both signs are equal
                : "the gradient of " + f.element(j) + " is " + a[j] + ", then " + b[j] + why;
    }

    /** Adds the slope of the Taylor remainder along a random direction to a report that all derivatives agree. */
    private Report confirmed(Report r) {
        double[] u = signed(y.length);
        double[] v = signed(x.length);
        double[] rule = f.vjp(u);
        TaylorRemainder.Fall fall = TaylorRemainder.fall(f, y, u, v, rule);
        Tolerance allowed = allowed(Cotangents.mixed(u), rule);
        double error = 0;
        for (int j = 0; j < x.length; j++) {
            error += allowed.of(rule[j], 0) * Math.abs(v[j]);
        }
        Report sloped = r.withSlope(fall.slope());
        // what agrees may differ by the tolerance and an error estimate of the same size
        return fall.isWrongBy(4 * error)
                ? sloped.with(Verdict.TOO_NOISY)
                        .noting("the differences agree, but the Taylor remainder falls with slope 1")
                : sloped;
    }

    // ---- the full Jacobian

    private Report jacobian() {
        int[] all = IntStream.range(0, x.length).toArray();
        String method = "the full " + y.length + " x " + x.length + " Jacobian";
        Report rows = compare(Cotangents.units(y.length), all, method);
        if (rows.verdict() != Verdict.OK) {
            return rows;
        }
        // signed linear combinations too, as a rule may be right for a cotangent of +1 only
        double[][] mixed =
                Stream.generate(() -> signed(y.length)).limit(DIRECTIONS).toArray(double[][]::new);
        String both = method + " and " + DIRECTIONS + " signed linear combinations of its rows";
        return compare(Cotangents.mixed(mixed), all, both);
    }

    // ---- directions

    private Report directions() {
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] u = signed(y.length);
            double[] rule = f.vjp(u);
            double[] v = signed(x.length);
            for (int input = 0; input < f.inputs(); input++) {
                int from = f.offset(input);
                int to = from + f.shape(input).size();
                if (from < to && !agrees(u, v, rule, from, to)) {
                    int[] sample = sample(bisect(u, v, rule, from, to));
                    String method = "random directions, of which one disagreed, and " + sample.length
                            + " elements of one input";
                    Report r = compare(Cotangents.mixed(u), sample, method);
                    return r.verdict() == Verdict.OK
                            ? report(Verdict.TOO_NOISY, method, "a direction disagreed, but no element of it does")
                            : r;
                }
            }
        }
        String each = f.inputs() == 1 ? "" : " for each input";
        return report(Verdict.OK, DIRECTIONS + " random directions" + each + ", with signed cotangents", "");
    }

    /** Returns whether rule and difference agree along the part of v that belongs to one input. */
    private boolean agrees(double[] u, double[] v, double[] rule, int from, int to) {
        double[] unit = part(v, from, to);
        Cotangents row = Cotangents.mixed(u);
        Tolerance all = allowed(row, Arrays.copyOfRange(rule, from, to));
        // a unit direction moves each of n elements by 1/sqrt(n) only: so does the tolerance for each
        double n = to - from;
        Tolerance allowed = new Tolerance(all.absolute() / Math.sqrt(n), all.relative())
                .beside(Math.sqrt(IntStream.range(from, to)
                                .mapToDouble(j -> rule[j] * rule[j])
                                .sum()
                        / n));
        NumericDerivative numeric = NumericDerivative.along(f, u, y, unit, rule);
        double expected = Cotangents.dot(rule, unit);
        Estimate central = numeric.central(0);
        comparisons++;
        noteLargest(f.inputOf(from), expected, central.value(), allowed.absolute());
        if (central.confirmsWithinTolerance(expected, allowed)) {
            return true;
        }
        return new MismatchClassifier(f, row, y, numeric)
                        .classify(0, expected, allowed)
                        .verdict()
                == Verdict.OK;
    }

    /** Returns v within a range, scaled to unit length, and zeros elsewhere. */
    private static double[] part(double[] v, int from, int to) {
        double[] part = new double[v.length];
        System.arraycopy(v, from, part, from, to - from);
        double norm = Math.sqrt(Cotangents.dot(part, part));
        return Arrays.stream(part).map(e -> e / norm).toArray();
    }

    /** Halves a direction that disagreed, continuing with the half that differs more, until one element is left. */
    private int bisect(double[] u, double[] v, double[] rule, int from, int to) {
        int low = from;
        int high = to;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            double left = gap(u, v, rule, low, middle);
            double right = gap(u, v, rule, middle, high);
            if (right > left || Double.isNaN(right)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns how far rule and difference are apart along a part of v, for that part in its own length. */
    private double gap(double[] u, double[] v, double[] rule, int from, int to) {
        double[] unit = part(v, from, to);
        double numeric = NumericDerivative.along(f, u, y, unit, rule).central(0).value();
        comparisons++;
        double length = Cotangents.dot(unit, v);
        return Math.abs(Cotangents.dot(rule, unit) - numeric) * length;
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

    /** The derivatives of one comparison: a row per cotangent, a column per element. */
    private record Table(Cotangents u, int[] columns, double[][] rule, Estimate[][] numeric, Tolerance allowed) {
        double gap(int row, int column) {
            return Math.abs(rule[row][column] - numeric[row][column].value());
        }

        /** Returns the tolerances for the derivatives of a row. */
        Tolerance allowed(int row) {
            double largest = Arrays.stream(rule[row])
                    .map(Math::abs)
                    .filter(Double::isFinite)
                    .reduce(0, Math::max);
            return allowed.beside(largest);
        }

        /** Returns by how many times the tolerance rule and difference differ; infinite if one is not a number. */
        double excess(int row, int column) {
            return allowed.excess(rule[row][column], numeric[row][column].value());
        }
    }

    /** An element of a table that its central difference does not confirm. */
    private record Mismatch(int row, int column, double excess) {}

    private static int rank(Verdict v) {
        return switch (v) {
            case KINK, NOT_FINITE -> 2;
            case TOO_NOISY -> 1;
            default -> 0;
        };
    }

    /** Compares the derivatives by some elements under each cotangent. */
    private Report compare(Cotangents u, int[] columns, String method) {
        double[][] rule =
                IntStream.range(0, u.count()).mapToObj(r -> f.vjp(u.row(r))).toArray(double[][]::new);
        Estimate[][] numeric = new Estimate[u.count()][x.length];
        Table table = new Table(u, columns, rule, numeric, allowed(u, rule));
        Tolerance[] allowed =
                IntStream.range(0, u.count()).mapToObj(table::allowed).toArray(Tolerance[]::new);
        List<Mismatch> open = new ArrayList<>();
        for (int j : columns) {
            NumericDerivative by = NumericDerivative.byElement(f, u, y, j);
            for (int r = 0; r < rule.length; r++) {
                numeric[r][j] = by.central(r);
                comparisons++;
                noteLargest(f.inputOf(j), rule[r][j], numeric[r][j].value(), table.allowed.absolute());
                if (!numeric[r][j].confirmsWithinTolerance(rule[r][j], allowed[r])) {
                    open.add(new Mismatch(r, j, table.excess(r, j)));
                }
            }
        }
        open.sort(Comparator.comparingDouble(Mismatch::excess).reversed());
        return conclude(open, table, method);
    }

    private void noteLargest(int input, double rule, double numeric, double absolute) {
        largest[input] = largest[input].or(rule, absolute).or(numeric, absolute);
    }

    /**
     * Returns the tolerances for some gradients. In single precision their elements are no more exact than the terms they
     * are summed from: these are taken to be as large as the largest element, and as many as the cotangent is long.
     */
    private Tolerance allowed(Cotangents u, double[]... gradients) {
        if (f.dtype == DType.FLOAT64) {
            return tolerance;
        }
        double max = Arrays.stream(gradients)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .filter(Double::isFinite)
                .reduce(1, Math::max);
        return new Tolerance(tolerance.absolute() * max * u.norm(), tolerance.relative());
    }

    /** Classifies the elements that are not confirmed, the largest gap first, and reports the first that is wrong. */
    private Report conclude(List<Mismatch> open, Table t, String method) {
        Map<Integer, NumericDerivative> derivatives = new HashMap<>();
        Verdict verdict = Verdict.OK;
        Mismatch at = null;
        int remainders = 0;
        for (Mismatch m : open) {
            NumericDerivative by =
                    derivatives.computeIfAbsent(m.column, j -> NumericDerivative.byElement(f, t.u, y, j));
            double rule = t.rule[m.row][m.column];
            MismatchClassifier.Classified c =
                    new MismatchClassifier(f, t.u, y, by).classify(m.row, rule, t.allowed(m.row));
            t.numeric[m.row][m.column] = c.best();
            Verdict v = c.verdict();
            if (v == Verdict.WRONG && hasMixedKink(m, t)) {
                v = Verdict.KINK;
            }
            if (v == Verdict.WRONG) {
                TaylorRemainder.Fall fall = remainders++ < REMAINDERS ? remainder(m, t) : null;
                if (!Double.isFinite(rule) || (fall != null && !fall.isRight())) {
                    return wrong(m, t, method, fall == null ? Double.NaN : fall.slope());
                }
                v = Verdict.TOO_NOISY;
            }
            if (v == Verdict.KINK) {
                kinks.add(m.column);
            }
            if (rank(v) > rank(verdict)) {
                verdict = v;
                at = m;
            }
        }
        if (at == null) {
            return report(Verdict.OK, method, "");
        }
        String detail = verdict == Verdict.NOT_FINITE
                ? leavingDomain(at.column)
                : verdict == Verdict.TOO_NOISY && remainder(at, t).isRight()
                        ? "the differences do not confirm the rule, but the Taylor remainder says right"
                        : "";
        return report(verdict, Cause.NONE, worst(at, t), detail, method, Double.NaN, null);
    }

    private boolean hasMixedKink(Mismatch m, Table t) {
        return new MixedDifference(f, t.u.row(m.row), y, m.column)
                .hasKink(t.gap(m.row, m.column), () -> signed(x.length));
    }

    private TaylorRemainder.Fall remainder(Mismatch m, Table t) {
        double[] v = new double[x.length];
        v[m.column] = 1;
        return TaylorRemainder.fall(f, y, t.u.row(m.row), v, t.rule[m.row]);
    }

    private String leavingDomain(int j) {
        return "a step of " + String.format(Locale.ROOT, "%.2g", f.step(x[j])) + " from " + f.element(j) + " = " + x[j]
                + " leaves the domain";
    }

    // ---- a wrong rule

    private Report wrong(Mismatch m, Table t, String method, double slope) {
        Worst worst = worst(m, t);
        int[] rows = rowsOfOutput(m.row, t.u);
        double[][] rule = IntStream.of(rows).mapToObj(r -> t.rule[r]).toArray(double[][]::new);
        double[][] numeric =
                IntStream.of(rows).mapToObj(r -> refined(t, r, worst.input())).toArray(double[][]::new);
        GradientCause.Finding why =
                new GradientCause(f, worst.input(), t.columns, t.u, rule, numeric, tolerance).find(random);
        return report(
                Verdict.WRONG, why.cause(), worst, why.detail(), method, slope, derivatives(worst.input(), t.allowed));
    }

    /** Returns the rows that differentiate the same output tensor: others may be right. */
    private int[] rowsOfOutput(int row, Cotangents u) {
        int output = u.output(row) < 0 ? -1 : f.outputOf(row);
        return IntStream.range(0, u.count())
                .filter(r -> output < 0 || f.outputOf(r) == output)
                .toArray();
    }

    /** Returns a row of numeric derivatives, with better estimates for an input's elements where rounding requires them. */
    private double[] refined(Table t, int row, int input) {
        double[] numeric = new double[x.length];
        Arrays.fill(numeric, Double.NaN);
        for (int j : t.columns) {
            Estimate e = t.numeric[row][j];
            numeric[j] = f.inputOf(j) == input
                    ? refined(NumericDerivative.byElement(f, t.u, y, j), row, e, t.rule[row][j], t.allowed(row))
                    : e.value();
        }
        return numeric;
    }

    private static double refined(NumericDerivative by, int row, Estimate known, double rule, Tolerance allowed) {
        if (known.confirms(rule, allowed)) {
            return known.value();
        }
        double gap = Math.abs(known.value() - rule) + allowed.of(rule, rule);
        Estimate best = NumericDerivative.best(by.estimates(row, gap));
        return best.isKnown() ? best.value() : known.value();
    }

    private Worst worst(Mismatch m, Table t) {
        int j = m.column;
        int input = f.inputOf(j);
        int[] index = FlatFunction.index(f.shape(input), j - f.offset(input));
        int output = t.u.output(m.row);
        String of = output < 0 ? "a signed linear combination of outputs" : f.outputElement(output);
        double a = t.rule[m.row][j];
        Estimate e = t.numeric[m.row][j];
        double b = e.value();
        double relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
        return new Worst(input, f.name(input), index, output, a, b, relative, e.step(), t.allowed.of(a, b), of);
    }

    /** Returns all derivatives by a small input: of each output, else of a signed linear combination of them. */
    private Derivatives derivatives(int input, Tolerance allowed) {
        Shape s = f.shape(input);
        int n = s.size();
        if (1 < y.length && y.length <= SMALL && n <= SMALL) {
            Cotangents each = Cotangents.units(y.length);
            return derivatives("Jacobian (rows: elements of the output)", Shape.of(y.length, n), input, each, allowed);
        }
        if (s.rank() == 0 || s.rank() > 2 || Arrays.stream(s.dims()).max().orElse(0) > SMALL) {
            return null;
        }
        String of = "gradient of " + (y.length == 1 ? "the output" : "a signed linear combination of outputs");
        double[] u = y.length == 1 ? new double[] {1} : signed(y.length);
        return derivatives(of, s, input, Cotangents.mixed(u), allowed);
    }

    private Derivatives derivatives(String of, Shape shape, int input, Cotangents u, Tolerance allowed) {
        int from = f.offset(input);
        int n = f.shape(input).size();
        double[] rule = new double[u.count() * n];
        double[] numeric = new double[rule.length];
        for (int r = 0; r < u.count(); r++) {
            System.arraycopy(f.vjp(u.row(r)), from, rule, r * n, n);
        }
        for (int j = 0; j < n; j++) {
            NumericDerivative by = NumericDerivative.byElement(f, u, y, from + j);
            for (int r = 0; r < u.count(); r++) {
                numeric[r * n + j] = refined(by, r, by.central(r), rule[r * n + j], allowed);
            }
        }
        return new Derivatives(of, Tensor.of(shape, rule), Tensor.of(shape, numeric));
    }

    // ---- reports and random vectors

    private Report report(Verdict verdict, String method, String detail) {
        return report(verdict, Cause.NONE, null, detail, method, Double.NaN, null);
    }

    private Report report(
            Verdict verdict,
            Cause cause,
            Worst worst,
            String detail,
            String method,
            double slope,
            Derivatives derivatives) {
        return new Report(
                verdict,
                cause,
                order,
                worst,
                comparisons,
                detail,
                method,
                f.dtype,
                slope,
                derivatives,
                tolerance.relative());
    }

    /** Returns random numbers of both signs, exact in the function's number type. */
    private double[] signed(int n) {
        double[] v = new double[n];
        Arrays.setAll(v, i -> f.near(random.nextGaussian()));
        return v;
    }
}
