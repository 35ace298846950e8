package gradus.graph.check;

import java.util.function.Supplier;

/**
 * Detects kinks that no difference along a single axis shows, as where three equal numbers compete for a median.
 *
 * <p>Compares how phi changes when one element moves by h, before and after all other elements have moved by h v:
 * {@code D(h) = phi(x + h v) - phi(x + h v') - phi(x + h v_j e_j) + phi(x)}, where v' is v without its j-th element. Where
 * the function is differentiable, {@code D(h) / h} goes to 0 with h; at such a kink it is constant. A kink that this element
 * does not take part in cancels out, and rounding error does not give the same quotient at three steps.
 */
final class MixedDifference {
    private static final int DIRECTIONS = 8;

    private final FlatFunction f;
    private final double[] u;
    private final double[] y;
    private final int j;
    private final double h;

    /** Looks for a kink at the function's point, where its value is y, for the j-th element under a cotangent. */
    MixedDifference(FlatFunction f, double[] u, double[] y, int j) {
        this.f = f;
        this.u = u;
        this.y = y;
        this.j = j;
        this.h = f.step(f.x[j]);
    }

    /**
     * Returns whether the function has a kink here.
     *
     * @param gap how far apart the derivatives of rule and difference are; a smaller kink does not explain it
     */
    boolean hasKink(double gap, Supplier<double[]> directions) {
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] v = directions.get();
            double wide = quotient(v, h);
            double narrow = quotient(v, h / 16);
            boolean constant = isNear(narrow, wide) && isNear(quotient(v, h / 4), wide);
            double noise = 64 * f.ulp() * Cotangents.weight(u, y) / (h / 16);
            if (constant && Math.abs(narrow) > noise + gap / 20) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNear(double a, double b) {
        return Math.abs(a - b) <= Math.abs(b) / 4;
    }

    /** Returns D(h) / h for a step h. */
    private double quotient(double[] v, double step) {
        double[] all = f.x.clone();
        double[] others = f.x.clone();
        double[] own = f.x.clone();
        for (int k = 0; k < v.length; k++) {
            all[k] = f.near(f.x[k] + step * v[k]);
            others[k] = k == j ? f.x[k] : all[k];
        }
        own[j] = all[j];
        return (phi(all) - phi(others) - phi(own) + phi(f.x)) / step;
    }

    private double phi(double... p) {
        return Cotangents.dot(u, f.at(p));
    }
}
