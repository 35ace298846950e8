package gradus.graph.check;

import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientSettings.Tolerance;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The comparison of one order of a gradient check.
 *
 * <ol>
 *   <li>Function and rules must give the same values twice.
 *   <li>A small Jacobian is compared element by element ({@link ElementComparison}), a large one along random directions
 *       ({@link DirectionComparison}).
 *   <li>A derivative agrees if its central difference, and the rounding error of that, are within the tolerance. All others
 *       get the best numeric estimate there is ({@link NumericDerivative}) and are classified ({@link
 *       MismatchClassifier}).
 *   <li>If all agree, the Taylor remainder along a random direction is computed ({@link TaylorRemainder}): a slope of 1 whose
 *       error is above the tolerance means that the numeric error is larger than estimated.
 * </ol>
 */
final class GradientComparison {
    private static final int COMBINATIONS = 3;
    private static final int FULL_JACOBIAN = 10_000;

    private final ComparisonContext c;
    private final FlatFunction f;
    private final double[] x;
    private final double[] y;
    private final boolean stateful;
    private final TreeSet<Integer> kinks = new TreeSet<>();

    GradientComparison(FlatFunction f, GradientSettings settings, int order) {
        this.c = new ComparisonContext(f, settings, order);
        this.f = f;
        this.x = f.x;
        this.y = c.y;
        this.stateful = !settings.state().isEmpty();
    }

    /** Returns the elements near which the function was found to have a kink. */
    int[] kinks() {
        return kinks.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns what was tested. */
    Coverage coverage() {
        return c.coverage;
    }

    Report run() {
        String infinite = notFinite();
        if (!infinite.isEmpty()) {
            return c.report(Verdict.NOT_FINITE, "", infinite);
        }
        String difference = nondeterminism();
        if (!difference.isEmpty()) {
            return c.report(Verdict.NONDETERMINISTIC, "", difference);
        }
        if (x.length == 0) {
            return c.report(Verdict.OK, "the inputs have no elements", "");
        }
        boolean small = (long) x.length * y.length <= FULL_JACOBIAN;
        Report r = small ? jacobian() : DirectionComparison.compare(c, kinks);
        return r.verdict() == Verdict.OK ? confirmed(r) : r;
    }

    /** Returns which number of the point or of the value there is not finite; empty if all are. */
    private String notFinite() {
        for (int j = 0; j < x.length; j++) {
            if (!Double.isFinite(x[j])) {
                return f.inputs.element(j) + " is " + x[j];
            }
        }
        for (int i = 0; i < y.length; i++) {
            if (!Double.isFinite(y[i])) {
                return f.outputs().element(i) + " is " + y[i];
            }
        }
        return "";
    }

    /** Returns in what the function or the rules differ if computed twice at the same point; empty if they do not. */
    private String nondeterminism() {
        String values = difference(f.outputs(), y, f.at(x));
        if (!values.isEmpty()) {
            return values;
        }
        double[] u = c.signed(y.length);
        double[] once = f.vjp(u);
        String gradients = difference(f.inputs, once, f.vjp(u));
        if (!gradients.isEmpty()) {
            return "the gradient of " + gradients;
        }
        return f.isBound() || stateful ? "" : stateBetweenCalls(u, once);
    }

    /** Returns how a gradient differs if the function is evaluated elsewhere before {@code backward}; empty if it does not. */
    private String stateBetweenCalls(double[] u, double... once) {
        double[] elsewhere = x.clone();
        Arrays.setAll(elsewhere, j -> f.near(x[j] + f.step(x[j])));
        String gradients = difference(f.inputs, once, f.vjpAfter(elsewhere, u));
        return gradients.isEmpty()
                ? ""
                : "the gradient of " + gradients
                        + " if the function is evaluated at another point in between: an op keeps state between calls";
    }

    /** Returns the first element in which two results differ; empty if they do not. Zeros of both signs are equal. */
    private static String difference(FlatLayout layout, double[] a, double... b) {
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i] && Double.compare(a[i], b[i]) != 0) {
                return layout.element(i) + " is " + a[i] + ", then " + b[i];
            }
        }
        return "";
    }

    private Report jacobian() {
        int[] all = IntStream.range(0, x.length).toArray();
        String method = "the full " + y.length + " x " + x.length + " Jacobian";
        Report rows = ElementComparison.compare(c, Cotangents.units(y.length), all, method, kinks);
        if (rows.verdict() != Verdict.OK) {
            return rows;
        }
        // signed linear combinations too, as a rule may be right for a cotangent of +1 only
        double[][] mixed =
                Stream.generate(() -> c.signed(y.length)).limit(COMBINATIONS).toArray(double[][]::new);
        String both = method + " and " + COMBINATIONS + " signed linear combinations of its rows";
        return ElementComparison.compare(c, Cotangents.mixed(mixed), all, both, kinks);
    }

    /** Adds the slope of the Taylor remainder along a random direction to a report that all derivatives agree. */
    private Report confirmed(Report r) {
        double[] u = c.signed(y.length);
        double[] v = c.signed(x.length);
        double[] rule = f.vjp(u);
        TaylorRemainder.Convergence remainder = TaylorRemainder.convergence(f, y, u, v, rule);
        Tolerance allowed = c.allowed(Cotangents.mixed(u), rule);
        double error = 0;
        for (int j = 0; j < x.length; j++) {
            error += allowed.of(rule[j], 0) * Math.abs(v[j]);
        }
        Report sloped = r.withSlope(remainder.slope());
        // what agrees may differ by the tolerance and an error estimate of the same size
        return remainder.isWrongBy(4 * error)
                ? sloped.withVerdict(Verdict.TOO_NOISY)
                        .withDetail("the differences agree, but the Taylor remainder falls with slope 1")
                : sloped;
    }
}
