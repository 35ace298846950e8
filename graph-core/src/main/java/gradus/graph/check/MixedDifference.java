package gradus.graph.check;

import java.util.function.Supplier;

/**
 * Sees a kink that no difference along an axis sees, as where three numbers tie for a median. Moving one element by a step
 * does something, and moving it after all have moved along a random direction does something: where the function is
 * differentiable the two differ by a multiple of the step's square, and at such a kink by a multiple of the step. What
 * kinks elsewhere, whatever this element does, cancels; and rounding is not the same multiple of three steps.
 */
final class MixedDifference {
    private static final int DIRECTIONS = 8;

    private final FlatFunction f;
    private final double[] u;
    private final double[] y;
    private final int j;
    private final double h;

    /** Looks from the function's point, where its value is y, at the j-th element under a cotangent. */
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
     * @param gap how far apart the rule and the numeric derivative are, which the kink must be large enough to explain
     */
    boolean bends(double gap, Supplier<double[]> directions) {
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] v = directions.get();
            double wide = difference(v, h);
            double narrow = difference(v, h / 16);
            boolean constant = near(narrow, wide) && near(difference(v, h / 4), wide);
            double noise = 64 * f.ulp() * Cotangents.weight(u, y) / (h / 16);
            if (constant && Math.abs(narrow) > noise + gap / 20) {
                return true;
            }
        }
        return false;
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= Math.abs(b) / 4;
    }

    /** Returns what moving the element does after all others have moved, less what it does before, by a unit of step. */
    private double difference(double[] v, double step) {
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
