package gradus.graph.check;

import java.util.Arrays;

/**
 * The cotangents of a comparison, one per row: the unit vectors of the output elements, or given linear combinations of
 * outputs. Unit vectors are created on demand, as all of them would be a matrix.
 */
final class Cotangents {
    private final double[][] mixed;
    private final int outputs;

    private Cotangents(double[][] mixed, int outputs) {
        this.mixed = mixed;
        this.outputs = outputs;
    }

    /** Returns the unit vectors of all output elements. */
    static Cotangents units(int outputs) {
        return new Cotangents(null, outputs);
    }

    /** Returns given cotangents. */
    static Cotangents mixed(double[]... rows) {
        return new Cotangents(rows, 0);
    }

    int count() {
        return mixed == null ? outputs : mixed.length;
    }

    /** Returns the output element whose unit vector a row is; -1 if it is a linear combination. */
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

    /** Returns the Euclidean norm of the longest row, or 1 if that is larger. */
    double norm() {
        return mixed == null
                ? 1
                : Arrays.stream(mixed)
                        .mapToDouble(row -> Math.sqrt(dot(row, row)))
                        .reduce(1, Math::max);
    }

    /** Returns the products of all rows with the outputs. */
    double[] products(double... y) {
        return mixed == null
                ? y
                : Arrays.stream(mixed).mapToDouble(row -> dot(row, y)).toArray();
    }

    /** Returns the magnitude that the rounding error of a row's product is proportional to. */
    double weight(int row, double... y) {
        return mixed == null ? Math.abs(y[row]) : weight(mixed[row], y);
    }

    /** Returns the same for any cotangent: independent rounding errors add up as the root of the sum of their squares. */
    static double weight(double[] u, double... y) {
        double squares = 0;
        for (int i = 0; i < u.length; i++) {
            squares += u[i] * u[i] * y[i] * y[i];
        }
        return Math.sqrt(squares);
    }

    /** Returns the inner product; a factor of 0 gives 0 even where the other one is infinite. */
    static double dot(double[] a, double... b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] == 0 ? 0 : a[i] * b[i];
        }
        return s;
    }
}
