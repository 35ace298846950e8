package gradus.ops;

/** Vectors of numbers, as the solvers of equations and the minimisers use them. */
final class Vectors {
    private Vectors() {}

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Returns the Euclidean norm. */
    static double norm(double... v) {
        return Math.sqrt(dot(v, v));
    }

    /** Returns the largest absolute value; NaN if one is. */
    static double largest(double... v) {
        double largest = 0;
        for (double x : v) {
            largest = Math.max(largest, Math.abs(x));
        }
        return largest;
    }

    /** Adds a multiple of a vector in place. */
    static void add(double[] to, double c, double... v) {
        for (int i = 0; i < to.length; i++) {
            to[i] += c * v[i];
        }
    }
}
