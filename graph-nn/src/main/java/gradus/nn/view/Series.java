package gradus.nn.view;

import java.util.Arrays;

/**
 * Points of a plot in their order; those that are not finite are gaps. Bars have one edge more than heights.
 *
 * @param name as the legend shows it; empty for none
 */
record Series(Kind kind, String name, double[] x, double[] y) {
    enum Kind {
        LINE,
        POINTS,
        /** A dashed grey line. */
        REFERENCE,
        /** Thin dark lines without a legend. */
        CONTOUR,
        BARS
    }

    boolean isFinite(int i) {
        return Double.isFinite(x[i]) && Double.isFinite(y[i]);
    }

    /** Returns the number of points, or of bars. */
    int size() {
        return y.length;
    }

    boolean hasNone() {
        for (int i = 0; i < size(); i++) {
            if (isFinite(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the name in the legend. */
    String label() {
        return hasNone() && !name.isEmpty() ? name + " (no data)" : name;
    }

    boolean isWhole() {
        return kind != Kind.BARS && Arrays.stream(x).allMatch(v -> v == Math.rint(v));
    }
}
