package gradus.nn.optim;

import java.util.function.DoubleFunction;

/**
 * The line search of {@link LBfgs}: a step at which the loss has fallen by 1e-4 of what the slope at the start promises, and the slope
 * to 0.9 of its size. A bracket is enlarged until it holds such a step, and then narrowed, both by cubic interpolation; Nocedal and
 * Wright 2006, algorithms 3.5 and 3.6. The choices that these leave open are those of PyTorch, whose trials are the same.
 */
final class StrongWolfe {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int TRIALS = 25;

    private final Trial start;
    private final double largest;
    private final double changeTolerance;
    private final DoubleFunction<Trial> evaluate;
    private int evaluations;

    /** A step, with the loss, the gradient, and the derivative along the direction there. */
    record Trial(double step, double value, double[] gradient, double slope) {}

    /**
     * Returns a search from the step 0.
     *
     * @param largest the largest element of the direction
     * @param changeTolerance the smallest change of an element
     */
    StrongWolfe(Trial start, double largest, double changeTolerance, DoubleFunction<Trial> evaluate) {
        this.start = start;
        this.largest = largest;
        this.changeTolerance = changeTolerance;
        this.evaluate = evaluate;
    }

    int evaluations() {
        return evaluations;
    }

    private Trial trial(double step) {
        evaluations++;
        Trial t = evaluate.apply(step);
        // a loss that is no number is too high
        return Double.isNaN(t.value) ? new Trial(step, Double.POSITIVE_INFINITY, t.gradient, t.slope) : t;
    }

    /** Returns the step that is found, or the best one so far, possibly that at the start. */
    Trial from(double firstStep) {
        Trial before = start;
        Trial t = trial(firstStep);
        for (int k = 0; k < TRIALS; k++) {
            if (isTooHigh(t) || (k > 1 && t.value >= before.value) || (!isFlat(t) && t.slope >= 0)) {
                return narrowed(before, t, k);
            }
            if (isFlat(t)) {
                return t;
            }
            double next = interpolated(before, t, t.step + 0.01 * (t.step - before.step), 10 * t.step);
            before = t;
            t = trial(next);
        }
        return start.value <= t.value ? start : t;
    }

    private boolean isTooHigh(Trial t) {
        return t.value > start.value + DECREASE * t.step * start.slope;
    }

    private boolean isFlat(Trial t) {
        return Math.abs(t.slope) <= -CURVATURE * start.slope;
    }

    /** Narrows a bracket, after some trials. */
    private Trial narrowed(Trial one, Trial other, int trials) {
        Trial[] bracket = {one, other};
        int low = lower(bracket);
        boolean isSlow = false;
        for (int k = trials; k < TRIALS; k++) {
            double from = Math.min(bracket[0].step, bracket[1].step);
            double to = Math.max(bracket[0].step, bracket[1].step);
            if ((to - from) * largest < changeTolerance) {
                break;
            }
            double step = interpolated(bracket[0], bracket[1], from, to);
            double margin = 0.1 * (to - from);
            if (Math.min(to - step, step - from) < margin) {
                // near an end for the second time, or at it: a tenth of the bracket away from it
                boolean moves = isSlow || step >= to || step <= from;
                if (moves) {
                    step = Math.abs(step - to) < Math.abs(step - from) ? to - margin : from + margin;
                }
                isSlow = !moves;
            } else {
                isSlow = false;
            }
            Trial t = trial(step);
            int high = 1 - low;
            if (isTooHigh(t) || t.value >= bracket[low].value) {
                bracket[high] = t;
                low = lower(bracket);
            } else if (isFlat(t)) {
                return t;
            } else {
                if (t.slope * (bracket[high].step - bracket[low].step) >= 0) {
                    bracket[high] = bracket[low];
                }
                bracket[low] = t;
            }
        }
        return bracket[low];
    }

    private static int lower(Trial... bracket) {
        return bracket[0].value <= bracket[1].value ? 0 : 1;
    }

    /** Returns the minimum, between two steps, of the cubic with the values and slopes of two trials, or the middle if it has none. */
    private static double interpolated(Trial a, Trial b, double from, double to) {
        boolean ordered = a.step <= b.step;
        Trial left = ordered ? a : b;
        Trial right = ordered ? b : a;
        double d1 = left.slope + right.slope - 3 * (left.value - right.value) / (left.step - right.step);
        double d2 = Math.sqrt(d1 * d1 - left.slope * right.slope);
        double width = right.step - left.step;
        double step = right.step - width * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
        return Double.isNaN(step) ? (from + to) / 2 : Math.min(Math.max(step, from), to);
    }
}
