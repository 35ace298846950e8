package gradus.graph.check;

import gradus.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A second opinion on a gradient that needs no step size. Of a scalar function and a direction v, the remainder
 * {@code R(h) = |phi(x + h v) - phi(x) - h <g, v>|} falls with slope 2 in a plot of logarithms where g is the gradient, and
 * with slope 1 where it is not, for then {@code R = |e| h + O(h^2)}.
 *
 * <p>A gradient that is only a little wrong shows slope 1 only where h is small against the error. So the slope is taken
 * at the smallest steps whose remainder stands above the rounding noise: from a tiny step up, by factors of four through
 * the noise, then doubling through a window of eight. The slope is the median over all pairs in the window (Theil and
 * Sen), which one step where error and curvature cancel does not disturb. The noise is that of the sums, or of the
 * function if it shows more: a second difference over a tiny step holds nothing else.
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

    private TaylorRemainder(FlatFunction f, double[] y, double[] u, double[] v, double[] g) {
        this.f = f;
        this.y = y;
        this.u = u;
        this.v = v;
        this.g = g;
        this.phi = Cotangents.dot(u, y);
        this.margin = f.dtype == DType.FLOAT64 ? 128 : 16; // single precision has none to spare
    }

    /**
     * Returns the slope; NaN if the remainder is lost in rounding, as a linear function's is.
     *
     * @param y the function's value at its point
     * @param u the cotangent
     * @param v the direction
     * @param g the gradient of u's product with the function, as the rules give it
     */
    static double slope(FlatFunction f, double[] y, double[] u, double[] v, double[] g) {
        return new TaylorRemainder(f, y, u, v, g).slope();
    }

    /** Returns whether a slope says that the gradient is right; an error near the noise shows one between 1 and 2. */
    static boolean clears(double slope) {
        return !(slope < 1.75);
    }

    /** Returns whether a slope says that the gradient is wrong. */
    static boolean condemns(double slope) {
        return slope < 1.5;
    }

    private double slope() {
        double unit = Double.MIN_NORMAL;
        for (int j = 0; j < v.length; j++) {
            unit = Math.max(unit, Math.abs(v[j]) / Math.max(1, Math.abs(f.x[j])));
        }
        double h = Math.scalb(1.0, Math.getExponent(f.ulp()) * 7 / 8) / unit;
        double largest = 0.25 / unit;
        for (int i = 0; i < 3; i++) {
            double second = phi(moved((2 + i) * h)) - 2 * phi + phi(moved(-(2 + i) * h));
            noise = Math.max(noise, Double.isFinite(second) ? Math.abs(second) : 0);
        }
        List<double[]> window = new ArrayList<>(); // the logarithms of step and remainder
        while (h <= largest && window.size() < WINDOW) {
            double[] p = moved(h);
            double r = remainder(p);
            if (Double.isNaN(r)) {
                break;
            }
            if (r > 0) {
                window.add(new double[] {Math.log(h), Math.log(r)});
            } else {
                window.clear();
            }
            h *= window.isEmpty() ? 4 : 2;
        }
        return window.size() < FEWEST ? Double.NaN : median(window);
    }

    /** Returns the remainder at a point; 0 if it is no more than noise. */
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
        double r = Math.abs(Cotangents.dot(u, there) - phi - linear);
        return r <= margin * rounding + 8 * noise ? 0 : r;
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

    private static double median(List<double[]> points) {
        double[] slopes = new double[points.size() * (points.size() - 1) / 2];
        int n = 0;
        for (int i = 0; i < points.size(); i++) {
            for (int k = 0; k < i; k++) {
                double[] a = points.get(i);
                double[] b = points.get(k);
                slopes[n++] = (a[1] - b[1]) / (a[0] - b[0]);
            }
        }
        Arrays.sort(slopes);
        return (slopes[(n - 1) / 2] + slopes[n / 2]) / 2;
    }
}
