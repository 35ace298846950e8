package gradus.array;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a matrix and a vector on the Vector API. Each element of the matrix is used once, so there is nothing to
 * pack: the matrix is read in place, from the first to the last.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdVector32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Elements of a row up to which a lane is one chain of multiply-adds. */
    private static final int BLOCK = 512 * L;

    private SimdVector32() {}

    /** Does as {@link #combine}, in blocks of rows if they are many, each summed from zero. */
    static void combineBlocks(int n, int k, float[] x, int xt, float[] b, int bt, int row, float[] y, int yt) {
        if (k <= Matmul32.BLOCKED_ABOVE) {
            combine(n, k, x, xt, b, bt, row, y, yt);
            return;
        }
        float[] sums = new float[n];
        for (int p = 0; p < k; p += Matmul32.BLOCK) {
            Arrays.fill(sums, 0);
            combine(n, Math.min(Matmul32.BLOCK, k - p), x, xt + p, b, bt + p * row, row, sums, 0);
            for (int j = 0; j < n; j++) {
                y[yt + j] += sums[j];
            }
        }
    }

    /** Adds to y, n elements from {@code yt} on, multiples of the k rows of b, of length {@code row}, by the elements of x. */
    static void combine(int n, int k, float[] x, int xt, float[] b, int bt, int row, float[] y, int yt) {
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            float x0 = x[xt + p];
            float x1 = x[xt + p + 1];
            float x2 = x[xt + p + 2];
            float x3 = x[xt + p + 3];
            int b0 = bt + p * row;
            int b1 = b0 + row;
            int b2 = b1 + row;
            int b3 = b2 + row;
            int j = 0;
            for (; j + L <= n; j += L) {
                FloatVector c = FloatVector.fromArray(S, y, yt + j);
                c = FloatVector.broadcast(S, x0).fma(FloatVector.fromArray(S, b, b0 + j), c);
                c = FloatVector.broadcast(S, x1).fma(FloatVector.fromArray(S, b, b1 + j), c);
                c = FloatVector.broadcast(S, x2).fma(FloatVector.fromArray(S, b, b2 + j), c);
                c = FloatVector.broadcast(S, x3).fma(FloatVector.fromArray(S, b, b3 + j), c);
                c.intoArray(y, yt + j);
            }
            for (; j < n; j++) {
                float c = Math.fma(x1, b[b1 + j], Math.fma(x0, b[b0 + j], y[yt + j]));
                y[yt + j] = Math.fma(x3, b[b3 + j], Math.fma(x2, b[b2 + j], c));
            }
        }
        for (; p < k; p++) {
            float c = x[xt + p];
            for (int j = 0; j < n; j++) {
                y[yt + j] = Math.fma(c, b[bt + p * row + j], y[yt + j]);
            }
        }
    }

    /**
     * Adds to y the products of m rows of a, {@code row} apart, with the vector x of length k. Lanes are summed
     * separately and then together, so the order of a sum depends on the machine's vectors. {@code reduceLanes} would
     * leave it to the compiler.
     */
    static void dots(int m, int k, float[] a, int at, int row, float[] x, int xt, float[] y, int yt) {
        float[] lanes = new float[L];
        for (int i = 0; i < m; i += 4) {
            int rows = Math.min(4, m - i);
            for (int p = 0; p < k; p += BLOCK) {
                fourDots(rows, Math.min(BLOCK, k - p), a, at + i * row + p, row, x, xt + p, y, yt + i, lanes);
            }
        }
    }

    private static void fourDots(
            int rows, int k, float[] a, int a0, int row, float[] x, int xt, float[] y, int yt, float[] lanes) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = rows - 1;
        int a1 = a0 + r1 * row;
        int a2 = a0 + r2 * row;
        int a3 = a0 + r3 * row;
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        int p = 0;
        for (; p + L <= k; p += L) {
            FloatVector v = FloatVector.fromArray(S, x, xt + p);
            c0 = v.fma(FloatVector.fromArray(S, a, a0 + p), c0);
            c1 = v.fma(FloatVector.fromArray(S, a, a1 + p), c1);
            c2 = v.fma(FloatVector.fromArray(S, a, a2 + p), c2);
            c3 = v.fma(FloatVector.fromArray(S, a, a3 + p), c3);
        }
        float s0 = y[yt] + sum(lanes, c0);
        float s1 = y[yt + r1] + sum(lanes, c1);
        float s2 = y[yt + r2] + sum(lanes, c2);
        float s3 = y[yt + r3] + sum(lanes, c3);
        for (; p < k; p++) {
            float v = x[xt + p];
            s0 = Math.fma(v, a[a0 + p], s0);
            s1 = Math.fma(v, a[a1 + p], s1);
            s2 = Math.fma(v, a[a2 + p], s2);
            s3 = Math.fma(v, a[a3 + p], s3);
        }
        y[yt] = s0;
        y[yt + r1] = s1;
        y[yt + r2] = s2;
        y[yt + r3] = s3;
    }

    private static float sum(float[] lanes, FloatVector v) {
        v.intoArray(lanes, 0);
        float s = 0;
        for (float x : lanes) {
            s += x;
        }
        return s;
    }
}
