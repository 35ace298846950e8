package gradus.graph.check;

import gradus.graph.check.GradientSettings.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numeric derivatives along a line, with an estimate of their error.
 *
 * <p>For each cotangent u, {@code phi(t) = u . f(x + t v)}, and the derivative at t = 0 is estimated by central differences
 * {@code D(h) = (phi(h) - phi(-h)) / 2h} and one Richardson step {@code R(h) = (q^2 D(h) - D(q h)) / (q^2 - 1)}, whose
 * truncation error is of order h^4; q h is the next step. Steps begin where the rounding error of phi equals the gap in
 * question, or at the smallest that |x| can be moved by, and nearly double, up to a sixteenth of the scale of x: |x|, or 1
 * or the largest element of the input if that is less. The error of R(h) is estimated as
 *
 * <pre>{@code  E(h) = |R(h) - R(q h)| + noise / h,   noise = max(ulp |u y|, g |R(g) - R(g/q)| for all g <= h)}</pre>
 *
 * <p>The first term is the truncation error of the coarser neighbour, the second the rounding error: as finer steps show
 * it, that inside the function included. A function may look different at steps larger than the scale on which it varies,
 * so a coarser estimate counts only if it is consistent with all finer ones; of these the one with the smallest error is
 * the best.
 *
 * <p>Not all steps are powers of two: over these, the rounding errors of a product c (x + h) are the same multiple of h at every
 * step, so that differences would agree on a value that is wrong by as much.
 *
 * <p>Values are kept, so that all rows of a Jacobian are estimated from the same evaluations.
 */
final class NumericDerivative {
    private static final double[] SIXTEENTHS = {16, 19, 17, 21, 18};

    private final FlatFunction f;
    private final Cotangents u;
    private final double[] y;
    private final Line line;
    private final double scale;
    private final double smallest;
    private final Map<Double, Sample> samples = new HashMap<>();

    /** The default step: a power of two near cbrt(ulp) max(1, |x|). */
    final double step;

    /** The function's values at a point of the line, one per cotangent, and how far from x that point is. */
    private record Sample(double[] phi, double distance) {}

    /** Evaluates the cotangents' products with the function at x + t v. */
    @FunctionalInterface
    private interface Line {
        Sample at(double t);
    }

    /**
     * A numeric derivative.
     *
     * @param error an estimate of its distance from the true one, infinite if there is none
     * @param step the step it was computed with
     */
    record Estimate(double value, double error, double step) {
        static final Estimate NONE = new Estimate(Double.NaN, Double.POSITIVE_INFINITY, Double.NaN);

        boolean isKnown() {
            return error < Double.POSITIVE_INFINITY;
        }

        /**
         * Returns whether a derivative agrees with the value, which is known well enough to say so: to within the tolerance;
         * or, if it needs no allowance for its error, to within the relative tolerance of the largest derivative beside it.
         */
        boolean confirms(double derivative, Tolerance t) {
            boolean isClose =
                    error <= t.relative() * t.size() && Math.abs(derivative - value) <= t.of(derivative, value);
            return confirmsWithinTolerance(derivative, t) || (Double.isFinite(value) && isClose);
        }

        /** Returns whether a derivative agrees with the value, which is known to within the tolerance. */
        boolean confirmsWithinTolerance(double derivative, Tolerance t) {
            double allowed = t.of(derivative, value);
            return Double.isFinite(value) && error <= allowed && Math.abs(derivative - value) <= allowed + error;
        }

        private boolean isConsistent(Estimate other) {
            return Math.abs(value - other.value) <= 4 * (error + other.error);
        }
    }

    private NumericDerivative(
            FlatFunction f, Cotangents u, double[] y, Line line, double x, double scale, double smallest) {
        this.f = f;
        this.u = u;
        this.y = y;
        this.line = line;
        this.step = f.step(x);
        this.scale = scale;
        this.smallest = smallest;
    }

    /** Returns the derivatives by the j-th element; y is the function's value at its point. */
    static NumericDerivative byElement(FlatFunction f, Cotangents u, double[] y, int j) {
        double x = f.x[j];
        Line line = t -> {
            double moved = f.near(x + t);
            return new Sample(u.products(f.at(f.replaced(j, moved))), moved - x);
        };
        double floor = 16 * f.ulp() * (x == 0 ? f.step(x) : Math.abs(x));
        double scale = Math.max(Math.abs(x), f.scale(f.inputs.tensorOf(j)));
        return new NumericDerivative(f, u, y, line, x, scale, floor);
    }

    /**
     * Returns the derivative along a direction of unit length, among the elements of one input. A step is taken as exactly
     * as the number type allows; the rounding of its end is corrected by the gradient that is tested, to first order.
     *
     * @param gradient the gradient of {@code u . f}, as the rules give it
     */
    static NumericDerivative along(FlatFunction f, double[] u, double[] y, double[] v, double[] gradient) {
        double largest = 0;
        int moving = 0;
        int input = 0;
        for (int i = 0; i < v.length; i++) {
            if (v[i] != 0) {
                largest = Math.max(largest, Math.abs(f.x[i]));
                input = f.inputs.tensorOf(i);
                moving++;
            }
        }
        Line line = t -> {
            double[] p = f.x.clone();
            double correction = 0;
            for (int i = 0; i < v.length; i++) {
                if (v[i] != 0) {
                    p[i] = f.near(f.x[i] + t * v[i]);
                    correction += gradient[i] * (t * v[i] - (p[i] - f.x[i]));
                }
            }
            double phi = Cotangents.dot(u, f.at(p));
            return new Sample(new double[] {Double.isFinite(correction) ? phi + correction : phi}, t);
        };
        // an element moves by 1/sqrt(n) of the step only
        double floor = 16 * f.ulp() * largest * Math.sqrt(moving);
        double scale = Math.max(largest, f.scale(input));
        return new NumericDerivative(f, Cotangents.mixed(u), y, line, largest, scale, floor);
    }

    /** Returns the smallest step that is taken: x moves by some units in its last place. */
    double finest() {
        return smallest;
    }

    /** Returns a step like the default one for a function that varies on the scale of x; at most the default one. */
    double scaledStep() {
        return Math.min(step, f.stepOfScale(scale));
    }

    // ---- estimates

    /** Returns the central difference of the default step; its error counts the rounding of the function's value alone. */
    Estimate central(int row) {
        return new Estimate(difference(row, step), rounding(row, step), step);
    }

    /**
     * Returns estimates of a derivative, finer steps first.
     *
     * @param gap what they are to tell apart
     */
    List<Estimate> estimates(int row, double gap) {
        double ownNoise = f.ulp() * u.weight(row, y);
        double first = Math.min(scale / 64, Math.max(smallest, Double.isFinite(gap) ? ownNoise / gap : 0));
        double noise = ownNoise;
        double previous = Double.NaN;
        List<Estimate> estimates = new ArrayList<>();
        int flat = 0;
        int k = 1 + Math.getExponent(first);
        for (; Math.scalb(16.0, k) <= scale; k++) {
            double h = step(k);
            double value = richardson(row, k);
            double coarser = Math.abs(value - richardson(row, k + 1));
            double finer = Math.abs(value - previous);
            previous = value;
            if (Double.isFinite(finer)) {
                noise = Math.max(noise, h * finer);
                if (Double.isFinite(coarser)) {
                    estimates.add(new Estimate(value, coarser + noise / h, h));
                    flat += flat == estimates.size() - 1 && value == 0 && coarser == 0 ? 1 : 0;
                }
            }
        }
        return flat > 0 && flat < estimates.size() && isLinear(row, step(k + 1))
                ? estimates.subList(flat, estimates.size())
                : estimates;
    }

    /**
     * Returns whether the function looks linear, and not constant, over a large step. If it is constant over small ones,
     * its changes over them are below the rounding error.
     */
    private boolean isLinear(int row, double h) {
        double second = phi(row, h) - 2 * phi(row, 0) + phi(row, -h);
        return Math.abs(second) <= h * Math.abs(difference(row, h)) / 2;
    }

    /** Returns the estimate with the smallest error that is consistent with all finer ones. */
    static Estimate best(List<Estimate> estimates) {
        Estimate best = Estimate.NONE;
        for (Estimate e : estimates) {
            if (best.isKnown() && !e.isConsistent(best)) {
                break;
            }
            best = e.error <= best.error ? e : best;
        }
        return best;
    }

    /** Returns the k-th step, near 2^k and a multiple of 2^(k-4), so that x moves exactly. */
    private static double step(int k) {
        return Math.scalb(SIXTEENTHS[Math.floorMod(k, SIXTEENTHS.length)], k - 4);
    }

    /** Returns the extrapolation of the differences over the k-th step and the next one. */
    private double richardson(int row, int k) {
        double ratio = step(k + 1) / step(k);
        double square = ratio * ratio;
        return (square * difference(row, step(k)) - difference(row, step(k + 1))) / (square - 1);
    }

    /** Returns the central difference over a step, over the distance between both points after rounding. */
    double difference(int row, double h) {
        Sample high = sample(h);
        Sample low = sample(-h);
        return (high.phi[row] - low.phi[row]) / (high.distance - low.distance);
    }

    /** Returns the error of a difference that is due to the rounding of the function's value. */
    private double rounding(int row, double h) {
        return f.ulp() * u.weight(row, y) / h;
    }

    // ---- values

    double phi(int row, double t) {
        return sample(t).phi[row];
    }

    private Sample sample(double t) {
        return samples.computeIfAbsent(t, line::at);
    }
}
