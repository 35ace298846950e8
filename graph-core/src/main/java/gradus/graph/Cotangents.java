package gradus.graph;

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

    /** Returns the scalar that a row makes of the outputs. */
    double of(int row, double... y) {
        return mixed == null ? y[row] : dot(mixed[row], y);
    }

    /** Returns the size of what is summed in that scalar, which its rounding error goes with. */
    double weight(int row, double... y) {
        return mixed == null ? Math.abs(y[row]) : weight(mixed[row], y);
    }

    static double weight(double[] u, double... y) {
        double s = 0;
        for (int i = 0; i < u.length; i++) {
            s += Math.abs(u[i] * y[i]);
        }
        return s;
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
