package gradus.graph.check;

import gradus.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Taylor remainder of a function along a direction, which tests a gradient without choosing one step size. With
 * {@code phi(x) = u . f(x)} and a direction v,
 *
 * <pre>{@code  R(h) = |phi(x + h v) - phi(x) - h <g, v>|}</pre>
 *
 * <p>falls with slope 2 in a log-log plot if g is the gradient, and with slope 1 if it is not: {@code R = |e| h + O(h^2)}
 * with the error e of {@code <g, v>}.
 *
 * <p>A small error shows slope 1 only where h is small compared with it. So the slope is taken at the smallest steps whose
 * remainder is above the rounding error: from a tiny step up, by factors of four through the rounding error, then doubling
 * through a window of eight steps. The slope is the median over all pairs of steps in the window (the Theil-Sen estimator),
 * so that one step where error and curvature cancel does not matter. The rounding error is that of the sums, or that of the
 * function if second differences over tiny steps show more.
 */
final class TaylorRemainder {
    private static final int WINDOW = 8;
    private static final int FEWEST = 4;

    private final FlatFunction f;
    private final double[] y;
    private final double[] u;
    private final double[] v;
    private final double[] g;
    private final double phi;
    private final double margin;
    private double noise;
    private double threshold;

    /**
     * How a remainder converges to 0.
     *
     * @param slope the order of convergence, a slope in a log-log plot; NaN if the remainder is no more than rounding error, as a linear function's is
     * @param error an estimate of the error of {@code <g, v>} if the slope is 1
     * @param kink whether a kink at a distance explains a slope near 1: the remainder then does not rise out of the rounding
     *     error continuously, as {@code |e| h} does, and is not proportional to h either
     */
    record Convergence(double slope, double error, boolean kink) {
        /** Returns whether the slope is that of a right gradient; an error near the noise shows one between 1 and 2. */
        boolean isRight() {
            return slope >= 1.75;
        }

        /** Returns whether the slope is that of a gradient with an error of more than some size. */
        boolean isWrongBy(double size) {
            return isWrong(slope) && !kink && error > size;
        }
    }

    private TaylorRemainder(FlatFunction f, double[] y, double[] u, double[] v, double[] g) {
        this.f = f;
        this.y = y;
        this.u = u;
        this.v = v;
        this.g = g;
        this.phi = Cotangents.dot(u, y);
        this.margin = f.dtype == DType.FLOAT64 ? 128 : 16; // single precision has fewer digits to give away
    }

    /**
     * Returns how the remainder converges to 0.
     *
     * @param y the function's value at its point
     * @param u the cotangent
     * @param v the direction
     * @param g the gradient of {@code u . f}, as the rules give it
     */
    static Convergence convergence(FlatFunction f, double[] y, double[] u, double[] v, double[] g) {
        return new TaylorRemainder(f, y, u, v, g).convergence();
    }

    /** Returns the same along the axis of the j-th element. */
    static Convergence byElement(FlatFunction f, double[] y, double[] u, int j, double[] g) {
        double[] v = new double[f.x.length];
        v[j] = 1;
        return convergence(f, y, u, v, g);
    }

    /** Returns whether a slope is that of a wrong gradient. */
    static boolean isWrong(double slope) {
        return slope < 1.5;
    }

    private Convergence convergence() {
        double unit = Double.MIN_NORMAL;
        for (int j = 0; j < v.length; j++) {
            double scale = Math.max(Math.abs(f.x[j]), f.scale(f.inputs.tensorOf(j)));
            unit = Math.max(unit, Math.abs(v[j]) / scale);
        }
        double tiny = Math.scalb(1.0, Math.getExponent(f.ulp()) * 7 / 8);
        double h = tiny / unit;
        double largest = 0.25 / unit;
        for (int j = 0; j < v.length; j++) {
            if (v[j] != 0 && f.x[j] != 0) {
                h = Math.min(h, tiny * Math.abs(f.x[j] / v[j])); // the function may vary on the scale of x, as 1/x does
            }
        }
        for (int i = 0; i < 3; i++) {
            double second = phi(moved((2 + i) * h)) - 2 * phi + phi(moved(-(2 + i) * h));
            noise = Math.max(noise, Double.isFinite(second) ? Math.abs(second) : 0);
        }
        List<double[]> window = new ArrayList<>(); // step and remainder
        boolean jumps = false;
        boolean first = true;
        while (h <= largest && window.size() < WINDOW) {
            double r = remainder(moved(h));
            if (Double.isNaN(r)) {
                break;
            }
            if (r <= threshold) {
                window.clear();
            } else {
                if (window.isEmpty()) {
                    jumps = first || r > 8 * threshold; // the step before, a quarter of this one, was within the noise
                }
                window.add(new double[] {h, r});
            }
            first = false;
            h *= window.isEmpty() ? 4 : 2;
        }
        if (window.size() < FEWEST) {
            return new Convergence(Double.NaN, 0, false);
        }
        boolean linear = isLinear(window.get(window.size() - 1)) && isLinear(window.get(window.size() - 2));
        double[] errors = window.stream().mapToDouble(p -> p[1] / p[0]).sorted().toArray();
        double slope = slope(window);
        boolean kink = jumps && !(linear && Math.abs(slope - 1) < 0.03);
        return new Convergence(slope, errors[errors.length / 2], kink);
    }

    /** Returns whether the second difference over a step is small compared with the remainder. */
    private boolean isLinear(double... stepAndRemainder) {
        double h = stepAndRemainder[0];
        return Math.abs(phi(moved(h)) - 2 * phi + phi(moved(-h))) < stepAndRemainder[1] / 32;
    }

    /** Returns the remainder at a point, and sets the threshold below which it is rounding error. */
    private double remainder(double... p) {
        double linear = 0;
        double size = 0;
        for (int j = 0; j < p.length; j++) {
            double moved = p[j] - f.x[j]; // the step as it was taken, after rounding
            double term = moved == 0 ? 0 : g[j] * moved;
            linear += term;
            size += Math.abs(term);
        }
        double[] there = f.at(p);
        double rounding = f.ulp() * (Cotangents.weight(u, y) + Cotangents.weight(u, there) + size);
        threshold = margin * rounding + 8 * noise;
        return Math.abs(Cotangents.dot(u, there) - phi - linear);
    }

    private double phi(double... p) {
        return Cotangents.dot(u, f.at(p));
    }

    private double[] moved(double h) {
        double[] p = f.x.clone();
        for (int j = 0; j < p.length; j++) {
            p[j] = v[j] == 0 ? p[j] : f.near(p[j] + h * v[j]);
        }
        return p;
    }

    /** Returns the median of the slopes over all pairs. */
    private static double slope(List<double[]> points) {
        double[] slopes = new double[points.size() * (points.size() - 1) / 2];
        int n = 0;
        for (int i = 0; i < points.size(); i++) {
            for (int k = 0; k < i; k++) {
                double[] a = points.get(i);
                double[] b = points.get(k);
                slopes[n++] = Math.log(a[1] / b[1]) / Math.log(a[0] / b[0]);
            }
        }
        Arrays.sort(slopes);
        return (slopes[(n - 1) / 2] + slopes[n / 2]) / 2;
    }
}
