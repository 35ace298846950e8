package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a matrix and a vector on the Vector API. Each element of the matrix is used once, so there is nothing to
 * pack: the matrix is read as it lies, from the first to the last.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdVector32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private SimdVector32() {}

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
     * Adds to y the products of m rows of a, of length k, with the vector x. Lanes are summed apart and then together, so
     * the order of a sum depends on the machine's vectors. {@code reduceLanes} would leave it to the compiler.
     */
    static void dots(int m, int k, float[] a, int at, float[] x, int xt, float[] y, int yt) {
        float[] lanes = new float[L];
        for (int i = 0; i < m; i += 4) {
            int last = m - 1 - i;
            int i1 = i + Math.min(1, last);
            int i2 = i + Math.min(2, last);
            int i3 = i + Math.min(3, last);
            int a0 = at + i * k;
            int a1 = at + i1 * k;
            int a2 = at + i2 * k;
            int a3 = at + i3 * k;
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
            float s0 = y[yt + i] + sum(lanes, c0);
            float s1 = y[yt + i1] + sum(lanes, c1);
            float s2 = y[yt + i2] + sum(lanes, c2);
            float s3 = y[yt + i3] + sum(lanes, c3);
            for (; p < k; p++) {
                float v = x[xt + p];
                s0 = Math.fma(v, a[a0 + p], s0);
                s1 = Math.fma(v, a[a1 + p], s1);
                s2 = Math.fma(v, a[a2 + p], s2);
                s3 = Math.fma(v, a[a3 + p], s3);
            }
            y[yt + i] = s0;
            y[yt + i1] = s1;
            y[yt + i2] = s2;
            y[yt + i3] = s3;
        }
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
