package gradus.graph.check;

import gradus.graph.check.GradientSettings.Tolerance;

/** Derivatives along directions, for functions of more elements than can be compared one by one. */
final class GradientDirections {
    private final FlatFunction f;
    private final double[] y;
    private final Tolerance tolerance;
    private int comparisons;

    /** Looks along directions from the function's point, where its value is y. */
    GradientDirections(FlatFunction f, double[] y, Tolerance tolerance) {
        this.f = f;
        this.y = y;
        this.tolerance = tolerance;
    }

    /** Returns how many derivatives were compared. */
    int comparisons() {
        return comparisons;
    }

    /** The derivative along a direction of unit length, as the rule and as differences have it. */
    record Slope(double rule, double numeric, double tolerance, double norm) {
        /** Returns how far apart they are, for the direction in its own length. */
        double gap() {
            return Math.abs(rule - numeric) * norm;
        }

        boolean disagrees() {
            return !(Math.abs(rule - numeric) <= tolerance);
        }
    }

    /** Returns the slope along the part of v from one element (included) to another (excluded). */
    Slope slope(double[] u, double[] v, double[] rule, int from, int to) {
        double squares = 0;
        double largest = 1;
        for (int i = from; i < to; i++) {
            squares += v[i] * v[i];
            largest = Math.max(largest, Math.abs(f.x[i]));
        }
        double norm = Math.sqrt(squares);
        double h = Math.cbrt(f.ulp()) * largest;
        double[] high = f.x.clone();
        double[] low = f.x.clone();
        double expected = 0;
        for (int i = from; i < to; i++) {
            high[i] = f.near(f.x[i] + h * v[i] / norm);
            low[i] = f.near(f.x[i] - h * v[i] / norm);
            expected += rule[i] * (high[i] - low[i]) / (2 * h); // the step as it was taken, after rounding
        }
        double numeric = (Cotangents.dot(u, f.at(high)) - Cotangents.dot(u, f.at(low))) / (2 * h);
        comparisons++;
        // a unit direction moves each of n elements by 1/sqrt(n) only: what is tolerated of each shrinks alike
        double allowed = tolerance.absolute() / Math.sqrt(to - from)
                + tolerance.relative() * Math.max(Math.abs(expected), Math.abs(numeric));
        return new Slope(expected, numeric, allowed + 8 * f.ulp() * Cotangents.weight(u, y) / h, norm);
    }

    /** Halves a direction that disagreed, keeping the worse half, until one element is left. */
    int suspect(double[] u, double[] v, double[] rule) {
        int from = 0;
        int to = f.x.length;
        while (to - from > 1) {
            int middle = (from + to) >>> 1;
            double left = slope(u, v, rule, from, middle).gap();
            double right = slope(u, v, rule, middle, to).gap();
            if (right > left || Double.isNaN(right)) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
