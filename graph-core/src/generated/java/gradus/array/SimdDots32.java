package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of all rows of one matrix with all of another, on the Vector API: vectors lie along the rows, and a tile of
 * four by five sums, each spread over a vector, stays in registers while they pass by, so that nine loads serve 20
 * multiply-adds.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdDots32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    /** Rows of a tile: with five, 31 of 32 registers would be in use, and some compilations spill. */
    private static final int ROWS = 4;
    /** Columns of a tile. */
    private static final int COLUMNS = 5;

    private SimdDots32() {}

    static void dots(int m, int k, float[] a, int ao, int sa, float[] b, int bo, int[] starts, float[] s) {
        int n = starts.length;
        int whole = S.loopBound(k);
        for (int i = 0;
                i < m;
                i += ROWS) { // a convolution's rows of b overlap, those of one channel are in the L1 cache together
            for (int j = 0; j < n; j += COLUMNS) {
                int at = (i * n + j) * L;
                if (i == m - 1) {
                    row(whole, a, ao + i * sa, b, bo, starts, j, s, at);
                } else {
                    tile(Math.min(ROWS, m - i), whole, a, ao + i * sa, sa, b, bo, starts, j, s, at, n * L);
                }
            }
        }
        if (whole < k) {
            rest(m, k - whole, a, ao + whole, sa, b, bo + whole, starts, s);
        }
    }

    /** Adds the products of what is less than a vector. */
    private static void rest(int m, int k, float[] a, int ao, int sa, float[] b, int bo, int[] starts, float[] s) {
        int n = starts.length;
        float[] row = new float[L];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, ao + i * sa, row, 0, k);
            FloatVector v = FloatVector.fromArray(S, row, 0);
            for (int j = 0; j < n; j++) {
                int at = (i * n + j) * L;
                FloatVector w = FloatVector.fromArray(S, b, bo + starts[j]);
                v.fma(w, FloatVector.fromArray(S, s, at)).intoArray(s, at);
            }
        }
    }

    /** Adds to five sums of one row, those of rows of b from first on. */
    private static void row(
            int k, float[] a, int ao, float[] b, int bo, int[] starts, int first, float[] s, int so) {
        int columns = Math.min(COLUMNS, starts.length - first);
        int b0 = bo + starts[first];
        int b1 = bo + starts[first + Math.min(1, columns - 1)];
        int b2 = bo + starts[first + Math.min(2, columns - 1)];
        int b3 = bo + starts[first + Math.min(3, columns - 1)];
        int b4 = bo + starts[first + Math.min(4, columns - 1)];
        int t1 = Math.min(1, columns - 1) * L;
        int t2 = Math.min(2, columns - 1) * L;
        int t3 = Math.min(3, columns - 1) * L;
        int t4 = Math.min(4, columns - 1) * L;
        FloatVector c0 = FloatVector.fromArray(S, s, so);
        FloatVector c1 = FloatVector.fromArray(S, s, so + t1);
        FloatVector c2 = FloatVector.fromArray(S, s, so + t2);
        FloatVector c3 = FloatVector.fromArray(S, s, so + t3);
        FloatVector c4 = FloatVector.fromArray(S, s, so + t4);
        for (int p = 0; p < k; p += L) {
            FloatVector x = FloatVector.fromArray(S, a, ao + p);
            c0 = x.fma(FloatVector.fromArray(S, b, b0 + p), c0);
            c1 = x.fma(FloatVector.fromArray(S, b, b1 + p), c1);
            c2 = x.fma(FloatVector.fromArray(S, b, b2 + p), c2);
            c3 = x.fma(FloatVector.fromArray(S, b, b3 + p), c3);
            c4 = x.fma(FloatVector.fromArray(S, b, b4 + p), c4);
        }
        c0.intoArray(s, so);
        c1.intoArray(s, so + t1);
        c2.intoArray(s, so + t2);
        c3.intoArray(s, so + t3);
        c4.intoArray(s, so + t4);
    }

    /** Adds to four by five sums; where there are fewer, the last row or column is taken several times, to the same end. */
    private static void tile(
            int rows,
            int k,
            float[] a,
            int a0,
            int sa,
            float[] b,
            int bo,
            int[] starts,
            int first,
            float[] s,
            int so,
            int ss) {
        int columns = Math.min(COLUMNS, starts.length - first);
        int a1 = a0 + Math.min(1, rows - 1) * sa;
        int a2 = a0 + Math.min(2, rows - 1) * sa;
        int a3 = a0 + Math.min(3, rows - 1) * sa;
        int b0 = bo + starts[first];
        int b1 = bo + starts[first + Math.min(1, columns - 1)];
        int b2 = bo + starts[first + Math.min(2, columns - 1)];
        int b3 = bo + starts[first + Math.min(3, columns - 1)];
        int b4 = bo + starts[first + Math.min(4, columns - 1)];
        int s0 = so;
        int s1 = so + Math.min(1, rows - 1) * ss;
        int s2 = so + Math.min(2, rows - 1) * ss;
        int s3 = so + Math.min(3, rows - 1) * ss;
        int t1 = Math.min(1, columns - 1) * L;
        int t2 = Math.min(2, columns - 1) * L;
        int t3 = Math.min(3, columns - 1) * L;
        int t4 = Math.min(4, columns - 1) * L;
        FloatVector c00 = FloatVector.fromArray(S, s, s0);
        FloatVector c01 = FloatVector.fromArray(S, s, s0 + t1);
        FloatVector c02 = FloatVector.fromArray(S, s, s0 + t2);
        FloatVector c03 = FloatVector.fromArray(S, s, s0 + t3);
        FloatVector c04 = FloatVector.fromArray(S, s, s0 + t4);
        FloatVector c10 = FloatVector.fromArray(S, s, s1);
        FloatVector c11 = FloatVector.fromArray(S, s, s1 + t1);
        FloatVector c12 = FloatVector.fromArray(S, s, s1 + t2);
        FloatVector c13 = FloatVector.fromArray(S, s, s1 + t3);
        FloatVector c14 = FloatVector.fromArray(S, s, s1 + t4);
        FloatVector c20 = FloatVector.fromArray(S, s, s2);
        FloatVector c21 = FloatVector.fromArray(S, s, s2 + t1);
        FloatVector c22 = FloatVector.fromArray(S, s, s2 + t2);
        FloatVector c23 = FloatVector.fromArray(S, s, s2 + t3);
        FloatVector c24 = FloatVector.fromArray(S, s, s2 + t4);
        FloatVector c30 = FloatVector.fromArray(S, s, s3);
        FloatVector c31 = FloatVector.fromArray(S, s, s3 + t1);
        FloatVector c32 = FloatVector.fromArray(S, s, s3 + t2);
        FloatVector c33 = FloatVector.fromArray(S, s, s3 + t3);
        FloatVector c34 = FloatVector.fromArray(S, s, s3 + t4);
        for (int p = 0; p < k; p += L) {
            FloatVector y0 = FloatVector.fromArray(S, b, b0 + p);
            FloatVector y1 = FloatVector.fromArray(S, b, b1 + p);
            FloatVector y2 = FloatVector.fromArray(S, b, b2 + p);
            FloatVector y3 = FloatVector.fromArray(S, b, b3 + p);
            FloatVector y4 = FloatVector.fromArray(S, b, b4 + p);
            FloatVector x0 = FloatVector.fromArray(S, a, a0 + p);
            c00 = x0.fma(y0, c00);
            c01 = x0.fma(y1, c01);
            c02 = x0.fma(y2, c02);
            c03 = x0.fma(y3, c03);
            c04 = x0.fma(y4, c04);
            FloatVector x1 = FloatVector.fromArray(S, a, a1 + p);
            c10 = x1.fma(y0, c10);
            c11 = x1.fma(y1, c11);
            c12 = x1.fma(y2, c12);
            c13 = x1.fma(y3, c13);
            c14 = x1.fma(y4, c14);
            FloatVector x2 = FloatVector.fromArray(S, a, a2 + p);
            c20 = x2.fma(y0, c20);
            c21 = x2.fma(y1, c21);
            c22 = x2.fma(y2, c22);
            c23 = x2.fma(y3, c23);
            c24 = x2.fma(y4, c24);
            FloatVector x3 = FloatVector.fromArray(S, a, a3 + p);
            c30 = x3.fma(y0, c30);
            c31 = x3.fma(y1, c31);
            c32 = x3.fma(y2, c32);
            c33 = x3.fma(y3, c33);
            c34 = x3.fma(y4, c34);
        }
        c00.intoArray(s, s0);
        c01.intoArray(s, s0 + t1);
        c02.intoArray(s, s0 + t2);
        c03.intoArray(s, s0 + t3);
        c04.intoArray(s, s0 + t4);
        c10.intoArray(s, s1);
        c11.intoArray(s, s1 + t1);
        c12.intoArray(s, s1 + t2);
        c13.intoArray(s, s1 + t3);
        c14.intoArray(s, s1 + t4);
        c20.intoArray(s, s2);
        c21.intoArray(s, s2 + t1);
        c22.intoArray(s, s2 + t2);
        c23.intoArray(s, s2 + t3);
        c24.intoArray(s, s2 + t4);
        c30.intoArray(s, s3);
        c31.intoArray(s, s3 + t1);
        c32.intoArray(s, s3 + t2);
        c33.intoArray(s, s3 + t3);
        c34.intoArray(s, s3 + t4);
    }
}
