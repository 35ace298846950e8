package gradus.graph.check;

import gradus.array.DType;
import gradus.graph.check.GradientCheck.Verdict;
import gradus.graph.check.GradientSettings.Tolerance;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides whether a mismatch at one element is the rule's fault, the point's or the arithmetic's.
 *
 * <p>A difference of fourth order over a much smaller step clears a rule of the first one's own error; over a much wider
 * step, of rounding, where rounding could explain the gap. Of five samples the third and fourth differences are tiny where the
 * function is smooth, but not across a jump or a change of slope. And a wide step that merely sides with the rule says
 * that the first was lost in rounding.
 *
 * <p>The function's values around the point are kept, as all outputs are judged by the same ones.
 */
final class MismatchClassifier {
    private final FlatFunction f;
    private final Cotangents u;
    private final double[] y;
    private final int j;
    private final int narrow;
    private final int wide;
    private final Map<Double, double[]> samples = new HashMap<>();

    /** The step of the difference. */
    final double h;

    /** Judges derivatives by the j-th element; y is the function's value at its point. */
    MismatchClassifier(FlatFunction f, Cotangents u, double[] y, int j) {
        this.f = f;
        this.u = u;
        this.y = y;
        this.j = j;
        this.narrow = f.dtype == DType.FLOAT64 ? 64 : 4;
        this.wide = f.dtype == DType.FLOAT64 ? 64 : 16;
        this.h = f.step(f.x[j]);
    }

    /** Returns the derivative that a central difference gives under a cotangent. */
    double numeric(int row) {
        return difference(row, 1);
    }

    /** Returns the difference over some times the step, over the distance between both points after rounding. */
    private double difference(int row, double times) {
        return (phi(row, times) - phi(row, -times)) / (place(times) - place(-times));
    }

    private double phi(int row, double times) {
        return u.of(row, samples.computeIfAbsent(times, t -> f.with(j, place(t))));
    }

    private double place(double times) {
        return f.near(f.x[j] + times * h);
    }

    /** Decides about a derivative where the rule's and the numeric one disagree. */
    Verdict judge(int row, double rule, Tolerance allowed) {
        double numeric = numeric(row);
        if (!Double.isFinite(numeric)) {
            return Verdict.NOT_FINITE;
        }
        double gap = Math.abs(rule - numeric);
        double rounding = rounding(row);
        boolean coarse = gap > 2 * rounding / h && cleared(row, rule, 0.5 / narrow, rounding, allowed);
        boolean lost = gap < 64 * rounding / h && cleared(row, rule, wide, rounding, allowed);
        if (coarse || lost) {
            return Verdict.OK;
        }
        double residual = residual(row);
        if (residual > 100 * rounding + 0.1 * h * gap && residual > 16 * noise(row)) {
            return Verdict.KINK;
        }
        boolean wideSidesWithRule = Math.abs(difference(row, wide) - rule) < gap / 2;
        return gap * h < rounding || wideSidesWithRule ? Verdict.TOO_NOISY : Verdict.WRONG;
    }

    /**
     * Returns the size of rounding errors in the function. Single precision has no digits to spare for those inside it,
     * which second differences over tiny steps show; in double precision they may only say that it is too noisy.
     */
    private double rounding(int row) {
        double own = 4 * f.ulp() * u.weight(row, y);
        return f.dtype == DType.FLOAT32 ? Math.max(own, 2 * noise(row)) : own;
    }

    /**
     * Returns how far tiny moves beside the point are from a line, on the side where it is less: rounding inside the function
     * shows on both sides, a kink or a jump at the point on neither.
     */
    private double noise(int row) {
        double least = Double.POSITIVE_INFINITY;
        for (double side : new double[] {-1.5, 1.5}) {
            double most = 0;
            for (int k = 2; k <= 4; k++) {
                double t = k * 0x1p-12;
                most = Math.max(most, Math.abs(phi(row, side + t) - 2 * phi(row, side) + phi(row, side - t)));
            }
            least = Math.min(least, most);
        }
        return least;
    }

    /** Returns whether a fourth-order difference over some times the step agrees with the rule, but for its rounding. */
    private boolean cleared(int row, double rule, double times, double rounding, Tolerance allowed) {
        double finer = (4 * difference(row, times) - difference(row, 2 * times)) / 3;
        return Math.abs(rule - finer) <= allowed.of(rule, finer) + 2 * rounding / (times * h);
    }

    /** Returns what a smooth function leaves next to nothing of: the third and fourth differences of five samples. */
    private double residual(int row) {
        double third = phi(row, 2) - 2 * phi(row, 1) + 2 * phi(row, -1) - phi(row, -2);
        double fourth = phi(row, 2) - 4 * phi(row, 1) + 6 * phi(row, 0) - 4 * phi(row, -1) + phi(row, -2);
        return Math.max(Math.abs(third), Math.abs(fourth));
    }
}
