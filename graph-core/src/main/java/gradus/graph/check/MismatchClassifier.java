package gradus.graph.check;

import gradus.array.DType;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientSettings.Tolerance;
import gradus.graph.check.NumericDerivative.Estimate;
import java.util.List;

/**
 * Classifies a derivative that a central difference does not confirm:
 *
 * <ul>
 *   <li>KINK if third or fourth differences around the point, over steps for the scale of x, are as large as a change of slope
 *       that explains the gap makes them, and those beside the point are not, as they would be if they were rounding error;
 *   <li>OK if rule and best numeric estimate differ by no more than tolerance and error, and the error is no more than the
 *       tolerance;
 *   <li>KINK if a jump, or a change of slope within the default step, explains the gap;
 *   <li>WRONG if they differ by more than tolerance and error, and no estimate over another step agrees with the rule whose
 *       error is below the gap;
 *   <li>TOO_NOISY otherwise: the error is as large as what it would have to tell apart.
 * </ul>
 */
final class MismatchClassifier {
    /** How many times the estimated error a gap must be to count as one. */
    private static final double MARGIN = 3;

    private final FlatFunction f;
    private final Cotangents u;
    private final double[] y;
    private final NumericDerivative numeric;

    /** Classifies derivatives along one line; y is the function's value at its point. */
    MismatchClassifier(FlatFunction f, Cotangents u, double[] y, NumericDerivative numeric) {
        this.f = f;
        this.u = u;
        this.y = y;
        this.numeric = numeric;
    }

    /** A verdict, and the numeric derivative that it is based on. */
    record Classified(Verdict verdict, Estimate best) {}

    /** Classifies a rule's derivative under a cotangent. */
    Classified classify(int row, double rule, Tolerance tolerance) {
        Estimate central = numeric.central(row);
        if (hasKink(row, rule, tolerance, numeric.scaledStep(), true)) {
            return new Classified(Verdict.KINK, central);
        }
        double coarse = Math.abs(rule - central.value()) + tolerance.of(rule, rule);
        List<Estimate> estimates = numeric.estimates(row, coarse);
        Estimate best = NumericDerivative.best(estimates);
        if (!best.isKnown()) {
            Verdict without = Double.isFinite(central.value()) ? Verdict.TOO_NOISY : Verdict.NOT_FINITE;
            return new Classified(hasKink(row, rule, tolerance) ? Verdict.KINK : without, central);
        }
        return new Classified(verdict(row, rule, best, estimates, tolerance), best);
    }

    private Verdict verdict(int row, double rule, Estimate best, List<Estimate> estimates, Tolerance tolerance) {
        if (best.confirms(rule, tolerance)) {
            return Verdict.OK;
        }
        if (hasKink(row, rule, tolerance)) {
            return Verdict.KINK;
        }
        double gap = Math.abs(rule - best.value());
        boolean differs = !(gap <= tolerance.of(rule, best.value()) + MARGIN * best.error());
        boolean disputed = estimates.stream()
                .anyMatch(e ->
                        e.error() < gap / 2 && Math.abs(rule - e.value()) <= tolerance.of(rule, e.value()) + e.error());
        return differs && !disputed ? Verdict.WRONG : Verdict.TOO_NOISY;
    }

    /** Returns whether a kink or a jump explains the gap, at steps for the scale of x or at the default ones. */
    private boolean hasKink(int row, double rule, Tolerance tolerance) {
        double scaled = numeric.scaledStep();
        return hasKink(row, rule, tolerance, numeric.step, false)
                || (scaled < numeric.step && hasKink(row, rule, tolerance, scaled, false));
    }

    /**
     * Returns whether a kink or a jump within the smallest of three steps explains the gap at each of them.
     *
     * @param step the step in the middle
     * @param slopeOnly whether it must be a change of slope, whose differences are proportional to the step
     */
    private boolean hasKink(int row, double rule, Tolerance tolerance, double step, boolean slopeOnly) {
        double factor = f.dtype == DType.FLOAT64 ? 16 : 4;
        double finer = Double.NaN;
        for (double h : new double[] {step / factor, step, step * factor}) {
            double difference = numeric.difference(row, h);
            double gap = Math.abs(rule - difference);
            double residual = residual(row, 0, h);
            double noise = Math.min(residual(row, -5 * h, h), residual(row, 5 * h, h));
            boolean explains = residual > 0.1 * h * gap && gap > tolerance.of(rule, difference);
            boolean proportional = !(residual < finer * factor / 2) && !(residual > finer * factor * 2);
            boolean significant = residual > 64 * f.ulp() * u.weight(row, y) && residual > 16 * noise;
            if (!explains || !significant || (slopeOnly && !proportional)) {
                return false;
            }
            finer = residual;
        }
        return true;
    }

    /** Returns the larger of the third and fourth differences of five values around a point of the line. */
    private double residual(int row, double t, double h) {
        double a = numeric.phi(row, t - 2 * h);
        double b = numeric.phi(row, t - h);
        double c = numeric.phi(row, t + h);
        double d = numeric.phi(row, t + 2 * h);
        double third = d - 2 * c + 2 * b - a;
        double fourth = d - 4 * c + 6 * numeric.phi(row, t) - 4 * b + a;
        return Math.max(Math.abs(third), Math.abs(fourth));
    }
}
