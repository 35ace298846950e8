package gradus.ops;

import gradus.ops.Objective.Point;

/**
 * A line search for a step at which the strong Wolfe conditions hold: the value falls by at least {@code 1e-4} of what the slope
 * promises, and the slope along the direction falls to 0.9 of its size. Nocedal and Wright 2006, algorithms 3.5 and 3.6, with cubic
 * interpolation. Near a minimum the value changes by less than its rounding error: there a step whose slope is flat enough counts even
 * if the value does not fall. Hager and Zhang 2005, "approximate Wolfe conditions".
 */
final class WolfeSearch {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int EVALUATIONS = 40;
    /** A function with a smaller value counts as unbounded. */
    private static final double BOTTOM = -1e100;
    /** What the value may rise by, relative to its size. */
    private static final double ROUNDING = 1e-10;

    private final Objective f;
    private final Point from;
    private final double[] direction;
    private final double slope;

    /** A step and the point that it leads to. */
    private record Trial(double step, Point point, double slope) {}

    private WolfeSearch(Objective f, Point from, double... direction) {
        this.f = f;
        this.from = from;
        this.direction = direction;
        this.slope = from.along(direction);
    }

    /**
     * Returns the point that a step along a direction of descent leads to, or null if none is found. If the value falls for as long as the
     * step grows, it is the last point, and {@link #isUnbounded}.
     */
    static Point search(Objective f, Point from, double firstStep, double... direction) {
        return new WolfeSearch(f, from, direction).bracket(firstStep);
    }

    private Trial trial(double step) {
        Point p = f.at(from, step, direction);
        return new Trial(step, p, p.along(direction));
    }

    /** Returns whether the value at a trial is too large; so is NaN. */
    private boolean isTooHigh(Trial t) {
        return !(t.point.value() <= from.value() + DECREASE * t.step * slope);
    }

    private boolean isAccepted(Trial t) {
        boolean within = t.point.value() <= from.value() + ROUNDING * Math.abs(from.value());
        return isFlat(t) && (within || !isTooHigh(t));
    }

    private boolean isFlat(Trial t) {
        return Math.abs(t.slope) <= -CURVATURE * slope;
    }

    private Point bracket(double firstStep) {
        Trial before = new Trial(0, from, slope);
        double step = firstStep;
        for (int k = 0; k < EVALUATIONS; k++) {
            Trial t = trial(step);
            if (t.point.value() < BOTTOM) {
                return t.point;
            }
            if (isAccepted(t)) {
                return t.point;
            }
            if (isTooHigh(t) || !t.point.isFinite() || (k > 0 && t.point.value() >= before.point.value())) {
                return zoom(before, t);
            }
            if (t.slope >= 0) {
                return zoom(t, before);
            }
            step = extrapolated(before, t);
            before = t;
        }
        return new Point(before.point.x(), Double.NEGATIVE_INFINITY, before.point.gradient());
    }

    /** Returns whether the value is so small, or fell for so long, that the function counts as unbounded. */
    static boolean isUnbounded(Point p) {
        return p.value() < BOTTOM;
    }

    /** Returns a larger step, by the cubic through two trials, between 2 and 10 times as far. */
    private static double extrapolated(Trial a, Trial b) {
        double c = minimum(a, b);
        double distance = b.step - a.step;
        double low = b.step + distance;
        double high = b.step + 9 * distance;
        return c >= low && c <= high ? c : Double.isNaN(c) || c > high ? high : low;
    }

    /** Returns a point between a trial with a low value, whose slope leads to the other, and another. */
    private Point zoom(Trial lowEnd, Trial highEnd) {
        Trial low = lowEnd;
        Trial high = highEnd;
        for (int k = 0; k < EVALUATIONS; k++) {
            double width = Math.abs(high.step - low.step);
            if (width <= Math.ulp(Math.max(high.step, low.step))) {
                break;
            }
            Trial t = trial(between(low, high));
            if (isTooHigh(t)
                    || !t.point.isFinite()
                    || t.point.value() > low.point.value() + ROUNDING * Math.abs(from.value())) {
                high = t;
            } else {
                if (isFlat(t)) {
                    return t.point;
                }
                if (t.slope * (high.step - low.step) >= 0) {
                    high = low;
                }
                low = t;
            }
        }
        return low.step > 0 && low.point.value() < from.value() ? low.point : null;
    }

    /** Returns a step by cubic interpolation, at least a tenth of the interval from its ends. */
    private static double between(Trial low, Trial high) {
        double width = high.step - low.step;
        double c = high.point.isFinite() ? minimum(low, high) : Double.NaN;
        double fraction = (c - low.step) / width;
        return fraction >= 0.1 && fraction <= 0.9 ? c : low.step + width * (fraction < 0.1 ? 0.1 : 0.5);
    }

    /** Returns the minimum of the cubic with the values and slopes of two trials, or NaN. */
    private static double minimum(Trial a, Trial b) {
        double width = b.step - a.step;
        double d1 = a.slope + b.slope - 3 * (b.point.value() - a.point.value()) / width;
        double d2 = Math.copySign(Math.sqrt(d1 * d1 - a.slope * b.slope), width);
        return b.step - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    }
}
