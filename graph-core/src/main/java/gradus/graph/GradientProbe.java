package gradus.graph;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.GradientCheck.Cause;
import gradus.graph.GradientCheck.Report;
import gradus.graph.GradientCheck.Verdict;
import gradus.graph.GradientCheck.Worst;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * One run of a gradient check of one order, on flat vectors: the inputs strung together into x of length n, the output
 * flattened into y of length m. A rule's derivatives come from backward passes, the numeric ones from differences.
 */
final class GradientProbe {
    private static final int DIRECTIONS = 3;
    private static final int FULL_JACOBIAN = 10_000;
    private static final double STEP = Math.cbrt(0x1p-52);

    /**
     * What is checked: a function of inputs, the first of which may be variables that the function knows by itself, as
     * the parameters of a model. These are given other values while it is probed, and their own back.
     */
    record Subject(Function<Node[], Node> f, List<String> names, Node... bound) {
        /** Returns what an input is called. */
        String name(int input) {
            return input < names.size() ? names.get(input) : "input " + input;
        }

        Node[] inputs(Tensor... at) {
            Node[] in = new Node[at.length];
            for (int i = 0; i < in.length; i++) {
                if (i < bound.length) {
                    bound[i].assign(at[i]);
                    in[i] = bound[i];
                } else {
                    in[i] = Node.variable(at[i]);
                }
            }
            return in;
        }

        /** Returns the subject (x.., u) -> the gradients of sum(u f(x)), strung together: differentiable in u as well. */
        Subject gradient() {
            Function<Node[], Node> g = in -> {
                Node[] x = Arrays.copyOf(in, in.length - 1);
                Gradients all = f.apply(x).backwardGraph(in[x.length]);
                return Node.concat(
                        0, Arrays.stream(x).map(n -> all.of(n).flatten()).toArray(Node[]::new));
            };
            return new Subject(g, names, bound);
        }

        /** Returns a random signed cotangent of the output at a point. */
        Tensor cotangent(long seed, Tensor... at) {
            Shape s = f.apply(inputs(at)).shape();
            return Tensor.normal(s, 0, 1, RandomStream.of(seed, "cotangent"));
        }
    }

    private final Subject subject;
    private final Tensor[] at;
    private final double[] x;
    private final double atol;
    private final double rtol;
    private final int order;
    private final RandomStream random;
    private int comparisons;

    GradientProbe(Subject subject, Tensor[] at, long seed, double atol, double rtol, int order) {
        this.subject = subject;
        this.at = at;
        this.x = flatten(at);
        this.atol = atol;
        this.rtol = rtol;
        this.order = order;
        this.random = RandomStream.of(seed, "gradient check, order " + order);
    }

    Report run() {
        double[] y = evaluate(x);
        double[] again = evaluate(x);
        for (int i = 0; i < y.length; i++) {
            if (!Double.isFinite(y[i])) {
                return Report.of(Verdict.NOT_FINITE, order, comparisons, "output " + i + " is " + y[i]);
            }
            if (y[i] != again[i]) {
                String values = "output " + i + " is " + y[i] + ", then " + again[i];
                return Report.of(Verdict.NONDETERMINISTIC, order, comparisons, values);
            }
        }
        boolean agree = true;
        for (int i = 0; i < DIRECTIONS; i++) {
            agree &= directionAgrees(signed(y.length));
        }
        long entries = (long) x.length * y.length;
        if (agree && entries > FULL_JACOBIAN) {
            return Report.of(Verdict.OK, order, comparisons, "");
        }
        // the Jacobian itself where it is small, else one random combination of its rows
        double[][] cotangents = entries <= FULL_JACOBIAN ? unitRows(y.length) : new double[][] {signed(y.length)};
        return compare(cotangents);
    }

    private boolean directionAgrees(double[] u) {
        double[] v = signed(x.length);
        double norm = Math.sqrt(dot(v, v));
        double[] high = x.clone();
        double[] low = x.clone();
        double h = STEP * Math.max(1, Arrays.stream(x).map(Math::abs).max().orElse(0));
        for (int i = 0; i < v.length; i++) {
            high[i] += h * v[i] / norm;
            low[i] -= h * v[i] / norm;
        }
        // the exact steps taken, after rounding, stand for the direction
        double[] rule = pull(u);
        double expected = 0;
        for (int i = 0; i < v.length; i++) {
            expected += rule[i] * (high[i] - low[i]) / (2 * h);
        }
        double numeric = (dot(u, evaluate(high)) - dot(u, evaluate(low))) / (2 * h);
        comparisons++;
        return excess(expected, numeric) <= 1;
    }

    /** Compares every input element's derivatives under each cotangent; names the worst and explains it. */
    private Report compare(double[][] cotangents) {
        double[][] rule = new double[cotangents.length][];
        double[][] numeric = new double[cotangents.length][x.length];
        for (int r = 0; r < rule.length; r++) {
            rule[r] = pull(cotangents[r]);
        }
        Verdict verdict = Verdict.OK;
        double most = 1;
        int worstRow = -1;
        int worstColumn = -1;
        for (int j = 0; j < x.length; j++) {
            double h = step(x[j]);
            double[] high = moved(j, h);
            double[] low = moved(j, -h);
            for (int r = 0; r < rule.length; r++) {
                numeric[r][j] = (dot(cotangents[r], high) - dot(cotangents[r], low)) / (2 * h);
                comparisons++;
                double excess = excess(rule[r][j], numeric[r][j]);
                if (excess > 1) {
                    Verdict here = judge(cotangents[r], j, h, rule[r][j], numeric[r][j]);
                    boolean graver = verdict == Verdict.OK || (here == Verdict.WRONG && verdict != Verdict.WRONG);
                    if (graver || (here == verdict && excess > most)) {
                        verdict = here;
                        most = excess;
                        worstRow = r;
                        worstColumn = j;
                    }
                }
            }
        }
        if (verdict == Verdict.OK) {
            return Report.of(verdict, order, comparisons, "");
        }
        int output = Arrays.equals(cotangents[worstRow], unit(worstRow, cotangents[worstRow].length)) ? worstRow : -1;
        Worst worst = worst(worstColumn, output, rule[worstRow][worstColumn], numeric[worstRow][worstColumn]);
        Cause cause = verdict == Verdict.WRONG ? cause(worst.input(), cotangents, rule, numeric) : Cause.NONE;
        return new Report(verdict, cause, order, worst, comparisons, "");
    }

    /**
     * Decides whether a mismatch at one element is the rule's fault, the point's or the arithmetic's. Of five samples the
     * third and fourth differences are tiny where the function is smooth, but not across a jump or a change of slope;
     * and a difference quotient that another step moves by half the mismatch is no witness against a rule.
     */
    private Verdict judge(double[] u, int j, double h, double rule, double numeric) {
        double gap = Math.abs(rule - numeric);
        double p2 = dot(u, moved(j, 2 * h));
        double p1 = dot(u, moved(j, h));
        double p0 = dot(u, moved(j, 0));
        double m1 = dot(u, moved(j, -h));
        double m2 = dot(u, moved(j, -2 * h));
        double rounding = 0x1p-50 * (Math.abs(p1) + Math.abs(m1));
        double third = p2 - 2 * p1 + 2 * m1 - m2;
        double fourth = p2 - 4 * p1 + 6 * p0 - 4 * m1 + m2;
        if (Math.max(Math.abs(third), Math.abs(fourth)) > 100 * rounding + 0.1 * h * gap) {
            return Verdict.KINK;
        }
        double wide = 64 * h;
        double other = (dot(u, moved(j, wide)) - dot(u, moved(j, -wide))) / (2 * wide);
        return gap * h < rounding || Math.abs(other - numeric) > gap / 2 ? Verdict.TOO_NOISY : Verdict.WRONG;
    }

    private Cause cause(int input, double[][] u, double[][] rule, double[][] numeric) {
        int from = offset(input);
        int n = at[input].size();
        double aa = 0; // the sums of products of rule and numeric, to see whether one is a multiple of the other
        double an = 0;
        double nn = 0;
        for (int r = 0; r < rule.length; r++) {
            for (int j = from; j < from + n; j++) {
                aa += rule[r][j] * rule[r][j];
                an += rule[r][j] * numeric[r][j];
                nn += numeric[r][j] * numeric[r][j];
            }
        }
        if (aa == 0) {
            return Cause.NOTHING_PASSED_BACK;
        }
        double[] twice = pull(Arrays.stream(u[0]).map(v -> 2 * v).toArray());
        boolean ignores = true;
        for (int j = from; j < from + n; j++) {
            ignores &= twice[j] == rule[0][j];
        }
        if (ignores) {
            return Cause.UPSTREAM_IGNORED;
        }
        boolean parallel = aa * nn > 0 && Math.abs(an * an / (aa * nn) - 1) < 1e-6;
        if (parallel) {
            return Math.abs(an / nn + 1) < 1e-4 ? Cause.SIGN_FLIPPED : Cause.FACTOR;
        }
        Shape s = at[input].shape();
        if (s.rank() == 2 && s.dim(0) == s.dim(1) && transposed(from, s.dim(0), rule, numeric)) {
            return Cause.TRANSPOSED;
        }
        return u[0].length > n && partial(from, n, rule, numeric) ? Cause.BROADCAST_NOT_SUMMED : Cause.UNKNOWN;
    }

    /** Returns whether every derivative is right or missing altogether, as when only part of a sum was taken. */
    private boolean partial(int from, int n, double[][] rule, double[][] numeric) {
        for (int r = 0; r < rule.length; r++) {
            for (int j = from; j < from + n; j++) {
                if (rule[r][j] != 0 && excess(rule[r][j], numeric[r][j]) > 1) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean transposed(int from, int side, double[][] rule, double[][] numeric) {
        for (int r = 0; r < rule.length; r++) {
            for (int i = 0; i < side * side; i++) {
                int other = i % side * side + i / side;
                if (excess(rule[r][from + i], numeric[r][from + other]) > 1) {
                    return false;
                }
            }
        }
        return true;
    }

    private Worst worst(int j, int output, double rule, double numeric) {
        int input = 0;
        while (j >= offset(input + 1)) {
            input++;
        }
        int[] dims = at[input].shape().dims();
        int[] index = new int[dims.length];
        int rest = j - offset(input);
        for (int i = dims.length - 1; i >= 0; i--) {
            index[i] = rest % dims[i];
            rest /= dims[i];
        }
        double size = Math.max(Math.abs(rule), Math.abs(numeric));
        return new Worst(
                input, subject.name(input), index, output, rule, numeric, Math.abs(rule - numeric) / size, step(x[j]));
    }

    private int offset(int input) {
        int sum = 0;
        for (int i = 0; i < input; i++) {
            sum += at[i].size();
        }
        return sum;
    }

    /** Returns by how many times the tolerance two derivatives differ; infinite if one is not a number. */
    private double excess(double rule, double numeric) {
        double size = Math.max(Math.abs(rule), Math.abs(numeric));
        double excess = Math.abs(rule - numeric) / (atol + rtol * size);
        return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
    }

    /** Returns a step near the best one by which x moves exactly. */
    private static double step(double x) {
        double h = STEP * Math.max(1, Math.abs(x));
        return Math.scalb(1.0, Math.getExponent(h)); // a power of two
    }

    private double[] moved(int j, double h) {
        double[] p = x.clone();
        p[j] += h;
        return evaluate(p);
    }

    private double[] evaluate(double[] p) {
        return subject.f().apply(nodes(p)).value().toDoubleArray();
    }

    private double[] pull(double[] u) {
        Node[] in = nodes(x);
        Node y = subject.f().apply(in);
        Gradients g = y.backward(Tensor.of(y.shape(), u));
        return flatten(Arrays.stream(in).map(n -> g.of(n).value()).toArray(Tensor[]::new));
    }

    private Node[] nodes(double[] p) {
        Tensor[] values = new Tensor[at.length];
        for (int i = 0; i < values.length; i++) {
            int from = offset(i);
            values[i] = Tensor.of(at[i].shape(), Arrays.copyOfRange(p, from, from + at[i].size()));
        }
        return subject.inputs(values);
    }

    private double[] signed(int n) {
        double[] v = new double[n];
        Arrays.setAll(v, i -> random.nextGaussian());
        return v;
    }

    private static double[][] unitRows(int m) {
        double[][] rows = new double[m][];
        for (int i = 0; i < m; i++) {
            rows[i] = unit(i, m);
        }
        return rows;
    }

    private static double[] unit(int i, int m) {
        double[] row = new double[m];
        row[i] = 1;
        return row;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] == 0 ? 0 : a[i] * b[i];
        }
        return s;
    }

    private static double[] flatten(Tensor... parts) {
        return Arrays.stream(parts)
                .flatMapToDouble(t -> Arrays.stream(t.toDoubleArray()))
                .toArray();
    }
}
