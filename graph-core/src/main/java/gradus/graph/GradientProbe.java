package gradus.graph;

import gradus.array.RandomStream;
import gradus.graph.GradientCheck.Cause;
import gradus.graph.GradientCheck.Report;
import gradus.graph.GradientCheck.Verdict;
import gradus.graph.GradientCheck.Worst;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run of a gradient check of one order. Random directions first; where the Jacobian is small, then all of it. Where
 * it is large and a direction failed, the direction is halved until one element is left that disagrees, and that element
 * and some others of its input are compared.
 */
final class GradientProbe {
    private static final int DIRECTIONS = 3;
    private static final int FULL_JACOBIAN = 10_000;
    private static final int SAMPLE = 64;
    private static final double STEP = Math.cbrt(0x1p-52);
    private static final double ULP = 0x1p-52;

    private final FlatFunction f;
    private final double[] x;
    private final double atol;
    private final double rtol;
    private final int order;
    private final RandomStream random;
    private double[] y;
    private int comparisons;

    GradientProbe(FlatFunction f, long seed, double atol, double rtol, int order) {
        this.f = f;
        this.x = f.x;
        this.atol = atol;
        this.rtol = rtol;
        this.order = order;
        this.random = RandomStream.of(seed, "gradient check, order " + order);
    }

    Report run() {
        y = f.at(x);
        double[] again = f.at(x);
        for (int i = 0; i < y.length; i++) {
            if (!Double.isFinite(y[i])) {
                return Report.of(Verdict.NOT_FINITE, order, comparisons, "output " + i + " is " + y[i]);
            }
            if (y[i] != again[i]) {
                String values = "output " + i + " is " + y[i] + ", then " + again[i];
                return Report.of(Verdict.NONDETERMINISTIC, order, comparisons, values);
            }
        }
        if ((long) x.length * y.length <= FULL_JACOBIAN) {
            int[] all = IntStream.range(0, x.length).toArray();
            Report alone = compare(units(y.length), all, "");
            // and signed mixtures of outputs, lest a rule be right for a cotangent of +1 only
            double[][] mixed =
                    Stream.generate(() -> signed(y.length)).limit(DIRECTIONS).toArray(double[][]::new);
            return alone.verdict() == Verdict.OK ? compare(mixed, all, "") : alone;
        }
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] u = signed(y.length);
            double[] v = signed(x.length);
            double[] rule = f.pull(u);
            if (slope(u, v, rule, 0, x.length).disagrees()) {
                return compare(new double[][] {u}, sample(suspect(u, v, rule)), "a direction disagreed");
            }
        }
        return Report.of(Verdict.OK, order, comparisons, "");
    }

    // ---- directions

    /** The derivative along a direction of unit length, as the rule and as differences have it. */
    private record Slope(double rule, double numeric, double tolerance, double norm) {
        /** Returns how far apart they are, for the direction in its own length. */
        double gap() {
            return Math.abs(rule - numeric) * norm;
        }

        boolean disagrees() {
            return !(Math.abs(rule - numeric) <= tolerance);
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
        double h = STEP * largest;
        double[] high = x.clone();
        double[] low = x.clone();
        double expected = 0;
        for (int i = from; i < to; i++) {
            high[i] += h * v[i] / norm;
            low[i] -= h * v[i] / norm;
            expected += rule[i] * (high[i] - low[i]) / (2 * h); // the step as it was taken, after rounding
        }
        double numeric = (dot(u, f.at(high)) - dot(u, f.at(low))) / (2 * h);
        comparisons++;
        // a unit direction moves each of n elements by 1/sqrt(n) only: what is tolerated of each shrinks alike
        double tolerance = atol / Math.sqrt(to - from) + rtol * Math.max(Math.abs(expected), Math.abs(numeric));
        return new Slope(expected, numeric, tolerance + 8 * ULP * weight(u) / h, norm);
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

    /** Compares the derivatives of some elements under each cotangent; names the worst and explains it. */
    private Report compare(double[][] cotangents, int[] columns, String why) {
        double[][] rule = new double[cotangents.length][];
        double[][] numeric = new double[cotangents.length][x.length];
        for (int r = 0; r < rule.length; r++) {
            rule[r] = f.pull(cotangents[r]);
            Arrays.fill(numeric[r], Double.NaN);
        }
        Verdict verdict = Verdict.OK;
        double most = 1;
        int row = -1;
        int column = -1;
        for (int j : columns) {
            double h = step(x[j]);
            double[] high = f.moved(j, h);
            double[] low = f.moved(j, -h);
            for (int r = 0; r < rule.length; r++) {
                numeric[r][j] = (dot(cotangents[r], high) - dot(cotangents[r], low)) / (2 * h);
                comparisons++;
                double excess = excess(rule[r][j], numeric[r][j]);
                if (excess > 1) {
                    Verdict here = judge(cotangents[r], j, h, rule[r][j], numeric[r][j]);
                    int graver = gravity(here) - gravity(verdict);
                    if (graver > 0 || (graver == 0 && here != Verdict.OK && excess > most)) {
                        verdict = here;
                        most = excess;
                        row = r;
                        column = j;
                    }
                }
            }
        }
        if (verdict == Verdict.OK) {
            Verdict left = why.isEmpty() ? Verdict.OK : Verdict.TOO_NOISY;
            return Report.of(left, order, comparisons, why.isEmpty() ? "" : why + ", but no element of it does");
        }
        int output = isUnit(cotangents[row], row) ? row : -1;
        Worst worst = worst(column, output, rule[row][column], numeric[row][column]);
        Cause cause = verdict == Verdict.WRONG
                ? new GradientCause(f, worst.input(), columns, cotangents, rule, numeric, this::excess).find(random)
                : Cause.NONE;
        return new Report(verdict, cause, order, worst, comparisons, "");
    }

    private static int gravity(Verdict v) {
        return switch (v) {
            case WRONG -> 3;
            case KINK, NOT_FINITE -> 2;
            case TOO_NOISY -> 1;
            default -> 0;
        };
    }

    /**
     * Decides whether a mismatch at one element is the rule's fault, the point's or the arithmetic's. A much smaller step
     * clears a rule of the difference's own error. Of five samples the third and fourth differences are tiny where the
     * function is smooth, but not across a jump or a change of slope. And a much wider step that sides with the rule
     * says that the first was lost in rounding.
     */
    private Verdict judge(double[] u, int j, double h, double rule, double numeric) {
        if (!Double.isFinite(numeric)) {
            return Verdict.NOT_FINITE;
        }
        double gap = Math.abs(rule - numeric);
        double rounding = 4 * ULP * weight(u);
        double narrow = difference(u, j, h / 64);
        double size = Math.max(Math.abs(rule), Math.abs(narrow));
        if (Math.abs(rule - narrow) <= atol + rtol * size + rounding * 64 / h && gap > 2 * rounding / h) {
            return Verdict.OK;
        }
        double p2 = dot(u, f.moved(j, 2 * h));
        double p1 = dot(u, f.moved(j, h));
        double p0 = dot(u, f.moved(j, 0));
        double m1 = dot(u, f.moved(j, -h));
        double m2 = dot(u, f.moved(j, -2 * h));
        double third = p2 - 2 * p1 + 2 * m1 - m2;
        double fourth = p2 - 4 * p1 + 6 * p0 - 4 * m1 + m2;
        if (Math.max(Math.abs(third), Math.abs(fourth)) > 100 * rounding + 0.1 * h * gap) {
            return Verdict.KINK;
        }
        boolean wideSidesWithRule = Math.abs(difference(u, j, 64 * h) - rule) < gap / 2;
        return gap * h < rounding || wideSidesWithRule ? Verdict.TOO_NOISY : Verdict.WRONG;
    }

    private double difference(double[] u, int j, double h) {
        return (dot(u, f.moved(j, h)) - dot(u, f.moved(j, -h))) / (2 * h);
    }

    private Worst worst(int j, int output, double rule, double numeric) {
        int input = f.inputOf(j);
        int[] dims = f.shape(input).dims();
        int[] index = new int[dims.length];
        int rest = j - f.offset(input);
        for (int i = dims.length - 1; i >= 0; i--) {
            index[i] = rest % dims[i];
            rest /= dims[i];
        }
        double size = Math.max(Math.abs(rule), Math.abs(numeric));
        double relative = Math.abs(rule - numeric) / size;
        return new Worst(input, f.name(input), index, output, rule, numeric, relative, step(x[j]));
    }

    /** Returns by how many times the tolerance two derivatives differ; infinite if one is not a number. */
    private double excess(double rule, double numeric) {
        double size = Math.max(Math.abs(rule), Math.abs(numeric));
        double excess = Math.abs(rule - numeric) / (atol + rtol * size);
        return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
    }

    /** Returns a step near the best one by which x moves exactly: a power of two. */
    private static double step(double x) {
        return Math.scalb(1.0, Math.getExponent(STEP * Math.max(1, Math.abs(x))));
    }

    /** Returns the size of the sum that a cotangent makes of the output, which its rounding error goes with. */
    private double weight(double[] u) {
        double s = 0;
        for (int i = 0; i < u.length; i++) {
            s += Math.abs(u[i] * y[i]);
        }
        return s;
    }

    private double[] signed(int n) {
        double[] v = new double[n];
        Arrays.setAll(v, i -> random.nextGaussian());
        return v;
    }

    private static double[][] units(int m) {
        double[][] rows = new double[m][m];
        for (int i = 0; i < m; i++) {
            rows[i][i] = 1;
        }
        return rows;
    }

    private static boolean isUnit(double[] row, int i) {
        return i < row.length && row[i] == 1 && dot(row, row) == 1;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] == 0 ? 0 : a[i] * b[i];
        }
        return s;
    }
}
