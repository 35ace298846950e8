package gradus.ops;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Solves {@code A x = b} from products with A alone, by the generalised minimal residual method with restarts: Saad and
 * Schultz 1986. Up to 2,000 unknowns, n of them need at most n products, but for rounding errors; larger systems are restarted after 200.
 * Few products suffice if the eigenvalues of A are close to each other.
 */
final class Gmres {
    /** Without a restart the method ends after n products; the basis of larger systems is limited. */
    private static final int BASIS = 200;
    /** The largest number of elements of a basis without restarts. */
    private static final int ELEMENTS = 4_000_000;

    private static final int RESTARTS = 20;

    private Gmres() {}

    /**
     * Returns x with {@code |A x - b| <= tolerance |b|}.
     *
     * @param what the name of the caller and of the system, for the error
     * @throws ArithmeticException if A is singular, or the residual stays larger
     */
    static double[] solve(String what, UnaryOperator<double[]> a, double[] b, double tolerance) {
        int n = b.length;
        double[] x = new double[n];
        double[] r = b.clone();
        double size = Vectors.norm(b);
        double left = size;
        for (int k = 0; k < RESTARTS && left > tolerance * size; k++) {
            Vectors.add(x, 1, correction(a, r, tolerance * size));
            double[] ax = a.apply(x);
            for (int i = 0; i < n; i++) {
                r[i] = b[i] - ax[i];
            }
            double now = Vectors.norm(r);
            if (!(now < left)) { // also if it is NaN
                left = now;
                break;
            }
            left = now;
        }
        if (!(left <= tolerance * size)) {
            throw new ArithmeticException(what + ": the linear system of " + n
                    + " unknowns is singular or too ill-conditioned: GMRES reaches a residual of " + left
                    + " for a right side of size " + size);
        }
        return x;
    }

    /** Returns the element of the Krylov space of r that minimises {@code |A x - r|}. */
    private static double[] correction(UnaryOperator<double[]> a, double[] r, double enough) {
        int most = Math.min(r.length, Math.max(BASIS, ELEMENTS / Math.max(1, r.length)));
        double[][] basis = new double[most + 1][];
        double[][] h = new double[most][]; // columns of the Hessenberg matrix, made triangular by rotations
        double[] cos = new double[most];
        double[] sin = new double[most];
        double[] g = new double[most + 1];
        g[0] = Vectors.norm(r);
        basis[0] = scaled(r, 1 / g[0]);
        int k = 0;
        while (k < most && Math.abs(g[k]) > enough / 2) {
            double[] w = a.apply(basis[k]);
            double before = Vectors.norm(w);
            double[] column = new double[k + 2];
            for (int pass = 0; pass < 2; pass++) { // the second pass removes the rounding errors of the first
                for (int i = 0; i <= k; i++) {
                    double c = Vectors.dot(w, basis[i]);
                    column[i] += c;
                    Vectors.add(w, -c, basis[i]);
                }
            }
            double rest = Vectors.norm(w);
            boolean last = !(rest > 1e-14 * before);
            column[k + 1] = last ? 0 : rest;
            for (int i = 0; i < k; i++) {
                rotate(column, i, cos[i], sin[i]);
            }
            double length = Math.hypot(column[k], column[k + 1]);
            if (!(length > 0)) {
                break; // singular: this direction changes nothing
            }
            cos[k] = column[k] / length;
            sin[k] = column[k + 1] / length;
            rotate(column, k, cos[k], sin[k]);
            rotate(g, k, cos[k], sin[k]);
            h[k] = column;
            k++;
            if (last) {
                break;
            }
            basis[k] = scaled(w, 1 / rest);
        }
        double[] x = new double[r.length];
        double[] y = new double[k];
        for (int i = k - 1; i >= 0; i--) {
            double s = g[i];
            for (int j = i + 1; j < k; j++) {
                s -= h[j][i] * y[j];
            }
            y[i] = s / h[i][i];
            Vectors.add(x, y[i], basis[i]);
        }
        return x;
    }

    private static void rotate(double[] v, int i, double cos, double sin) {
        double up = cos * v[i] + sin * v[i + 1];
        v[i + 1] = cos * v[i + 1] - sin * v[i];
        v[i] = up;
    }

    private static double[] scaled(double[] v, double c) {
        return Arrays.stream(v).map(x -> x * c).toArray();
    }
}
