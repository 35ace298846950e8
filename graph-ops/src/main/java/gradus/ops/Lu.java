package gradus.ops;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.lu.LUDecompositionAlt_DDRM;
import org.ejml.dense.row.linsol.lu.LinearSolverLu_DDRM;

/**
 * The LU decomposition with row pivoting of a square matrix, {@code D A = P L U}. Each row is first scaled by a power of two,
 * D, to a largest element of about 1: this is exact, and makes pivots comparable with the elements of their column.
 *
 * <p>A matrix is singular to working precision if a pivot is at most {@code n eps} times the largest element of its column:
 * a change of that column by rounding errors would make it 0.
 */
final class Lu {
    private static final double EPS = Math.ulp(1.0);

    private final int n;
    private final int[] exponents;
    private final LUDecompositionAlt_DDRM lu = new LUDecompositionAlt_DDRM();
    private final LinearSolverLu_DDRM solver = new LinearSolverLu_DDRM(lu);
    private final boolean singular;

    /** Decomposes a matrix, which is changed. */
    Lu(DMatrixRMaj a) {
        n = a.numRows;
        exponents = new int[n];
        for (int i = 0; i < n; i++) {
            exponents[i] = scale(a, i);
        }
        double[] largest = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                largest[j] = Math.max(largest[j], Math.abs(a.data[i * n + j]));
            }
        }
        solver.setA(a);
        singular = isSingular(largest);
    }

    /** Multiplies a row by 2^-e so that its largest element is from 1 to 2, and returns e. */
    private static int scale(DMatrixRMaj a, int row) {
        double largest = 0;
        for (int j = row * a.numCols; j < (row + 1) * a.numCols; j++) {
            largest = Math.max(largest, Math.abs(a.data[j]));
        }
        if (largest == 0) {
            return 0;
        }
        int e = Math.getExponent(largest);
        for (int j = row * a.numCols; j < (row + 1) * a.numCols; j++) {
            a.data[j] = Math.scalb(a.data[j], -e);
        }
        return e;
    }

    private boolean isSingular(double[] largest) {
        for (int i = 0; i < n; i++) {
            if (Math.abs(pivot(i)) <= n * EPS * largest[i]) {
                return true;
            }
        }
        return false;
    }

    private double pivot(int i) {
        return lu.getLU().data[i * n + i];
    }

    boolean isSingular() {
        return singular;
    }

    /** Returns x with {@code A x = b}; b is changed. */
    DMatrixRMaj solve(DMatrixRMaj b) {
        for (int i = 0; i < n; i++) {
            for (int j = i * b.numCols; j < (i + 1) * b.numCols; j++) {
                b.data[j] = Math.scalb(b.data[j], -exponents[i]);
            }
        }
        DMatrixRMaj x = new DMatrixRMaj(n, b.numCols);
        solver.solve(b, x);
        return x;
    }

    /** Returns the sign of the determinant, 0 if the matrix is singular. */
    double sign() {
        if (singular) {
            return 0;
        }
        double sign = parity();
        for (int i = 0; i < n; i++) {
            sign *= Math.signum(pivot(i));
        }
        return sign;
    }

    /** Returns the logarithm of the absolute value of the determinant, -infinity if the matrix is singular. */
    double logAbsDet() {
        double sum = 0;
        int exponent = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(Math.abs(pivot(i)));
            exponent += exponents[i];
        }
        return singular ? Double.NEGATIVE_INFINITY : sum + exponent * Math.log(2);
    }

    /** Returns the determinant; of a matrix that is singular to working precision the product of its pivots. */
    double det() {
        double det = parity();
        int exponent = 0;
        for (int i = 0; i < n; i++) {
            det *= pivot(i);
            int e = det == 0 ? 0 : Math.getExponent(det);
            det = Math.scalb(det, -e);
            exponent += e + exponents[i];
        }
        return Math.scalb(det, exponent);
    }

    /** Returns 1 for an even permutation of the rows, -1 for an odd one. */
    private double parity() {
        boolean[] seen = new boolean[n];
        int[] to = lu.getPivot();
        double parity = 1;
        for (int i = 0; i < n; i++) {
            int length = 0;
            for (int j = i; !seen[j]; j = to[j]) {
                seen[j] = true;
                length++;
            }
            parity = length > 0 && length % 2 == 0 ? -parity : parity;
        }
        return parity;
    }
}
