package gradus.graph.check;

import java.util.Arrays;

/**
 * The cotangents under which derivatives are compared, a row each: every output element alone, or given mixtures of them.
 * Rows of the first kind are made when asked for, as all of them would be a matrix.
 */
final class Cotangents {
    private final double[][] mixed;
    private final int outputs;

    private Cotangents(double[][] mixed, int outputs) {
        this.mixed = mixed;
        this.outputs = outputs;
    }

    /** Returns a row for each output element. */
    static Cotangents units(int outputs) {
        return new Cotangents(null, outputs);
    }

    /** Returns these rows. */
    static Cotangents mixed(double[]... rows) {
        return new Cotangents(rows, 0);
    }

    int count() {
        return mixed == null ? outputs : mixed.length;
    }

    /** Returns the output element of a row; -1 if it mixes them. */
    int output(int row) {
        return mixed == null ? row : -1;
    }

    /** Returns a row. */
    double[] row(int row) {
        if (mixed != null) {
            return mixed[row];
        }
        double[] unit = new double[outputs];
        unit[row] = 1;
        return unit;
    }

    /** Returns the Euclidean length of the longest row, or 1 if that is more. */
    double length() {
        return mixed == null
                ? 1
                : Arrays.stream(mixed)
                        .mapToDouble(row -> Math.sqrt(dot(row, row)))
                        .reduce(1, Math::max);
    }

    /** Returns the scalar that a row makes of the outputs. */
    double of(int row, double... y) {
        return mixed == null ? y[row] : dot(mixed[row], y);
    }

    /** Returns the size that the rounding error of that scalar goes with. */
    double weight(int row, double... y) {
        return mixed == null ? Math.abs(y[row]) : weight(mixed[row], y);
    }

    /** Returns the same for any row: rounding errors have either sign, so those of a sum add up as squares do. */
    static double weight(double[] u, double... y) {
        double squares = 0;
        for (int i = 0; i < u.length; i++) {
            squares += u[i] * u[i] * y[i] * y[i];
        }
        return Math.sqrt(squares);
    }

    /** Returns the sum of products; what has the factor 0 does not count, even if it is infinite. */
    static double dot(double[] a, double... b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] == 0 ? 0 : a[i] * b[i];
        }
        return s;
    }
}
