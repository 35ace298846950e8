package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of convolutions on the Vector API. A tile of the result stays in registers while the inner index runs: six
 * rows by four vectors for {@link #multiply}, so that ten loads serve 24 multiply-adds; for sums along rows see {@link
 * SimdDots32}. What is left over at the edges is done a row, and a vector, at a time.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdConv32 implements ConvLoops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final Class<? extends FloatVector> EXACT = SimdExact32.PREFERRED;

    @Override
    public void multiply(
            int m,
            int n,
            int k,
            float[] start,
            int from,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo,
            int sy) {
        int j = 0;
        for (; j + 4 * L <= n; j += 4 * L) {
            int i = 0;
            for (; i + 6 <= m; i += 6) {
                sixRows(k, start, from + i, a, ao + i * sa, sa, sp, b, bo + j, sb, y, yo + i * sy + j, sy);
            }
            for (; i < m; i++) {
                oneRow(k, start, from + i, a, ao + i * sa, sp, b, bo + j, sb, y, yo + i * sy + j);
            }
        }
        for (; j < n; j += L) {
            int i = 0;
            for (; i + 6 <= m; i += 6) {
                sixEnds(k, start, from + i, a, ao + i * sa, sa, sp, b, bo + j, sb, y, yo + i * sy + j, sy);
            }
            for (; i < m; i++) {
                oneEnd(k, start, from + i, a, ao + i * sa, sp, b, bo + j, sb, y, yo + i * sy + j);
            }
        }
    }

    /** Makes a tile of six rows and four vectors. */
    private static void sixRows(
            int k,
            float[] start,
            int from,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo,
            int sy) {
        FloatVector c00 = FloatVector.broadcast(S, start[from]);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = FloatVector.broadcast(S, start[from + 1]);
        FloatVector c11 = c10;
        FloatVector c12 = c10;
        FloatVector c13 = c10;
        FloatVector c20 = FloatVector.broadcast(S, start[from + 2]);
        FloatVector c21 = c20;
        FloatVector c22 = c20;
        FloatVector c23 = c20;
        FloatVector c30 = FloatVector.broadcast(S, start[from + 3]);
        FloatVector c31 = c30;
        FloatVector c32 = c30;
        FloatVector c33 = c30;
        FloatVector c40 = FloatVector.broadcast(S, start[from + 4]);
        FloatVector c41 = c40;
        FloatVector c42 = c40;
        FloatVector c43 = c40;
        FloatVector c50 = FloatVector.broadcast(S, start[from + 5]);
        FloatVector c51 = c50;
        FloatVector c52 = c50;
        FloatVector c53 = c50;
        for (int p = 0; p < k; p++) {
            int at = bo + p * sb;
            int w = ao + p * sp;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L);
            FloatVector a0 = FloatVector.broadcast(S, a[w]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, a[w + sa]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, a[w + 2 * sa]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, a[w + 3 * sa]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
            FloatVector a4 = FloatVector.broadcast(S, a[w + 4 * sa]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            c42 = b2.fma(a4, c42);
            c43 = b3.fma(a4, c43);
            FloatVector a5 = FloatVector.broadcast(S, a[w + 5 * sa]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            c52 = b2.fma(a5, c52);
            c53 = b3.fma(a5, c53);
        }
        EXACT.cast(c00).intoArray(y, yo);
        EXACT.cast(c01).intoArray(y, yo + L);
        EXACT.cast(c02).intoArray(y, yo + 2 * L);
        EXACT.cast(c03).intoArray(y, yo + 3 * L);
        EXACT.cast(c10).intoArray(y, yo + sy);
        EXACT.cast(c11).intoArray(y, yo + sy + L);
        EXACT.cast(c12).intoArray(y, yo + sy + 2 * L);
        EXACT.cast(c13).intoArray(y, yo + sy + 3 * L);
        EXACT.cast(c20).intoArray(y, yo + 2 * sy);
        EXACT.cast(c21).intoArray(y, yo + 2 * sy + L);
        EXACT.cast(c22).intoArray(y, yo + 2 * sy + 2 * L);
        EXACT.cast(c23).intoArray(y, yo + 2 * sy + 3 * L);
        EXACT.cast(c30).intoArray(y, yo + 3 * sy);
        EXACT.cast(c31).intoArray(y, yo + 3 * sy + L);
        EXACT.cast(c32).intoArray(y, yo + 3 * sy + 2 * L);
        EXACT.cast(c33).intoArray(y, yo + 3 * sy + 3 * L);
        EXACT.cast(c40).intoArray(y, yo + 4 * sy);
        EXACT.cast(c41).intoArray(y, yo + 4 * sy + L);
        EXACT.cast(c42).intoArray(y, yo + 4 * sy + 2 * L);
        EXACT.cast(c43).intoArray(y, yo + 4 * sy + 3 * L);
        EXACT.cast(c50).intoArray(y, yo + 5 * sy);
        EXACT.cast(c51).intoArray(y, yo + 5 * sy + L);
        EXACT.cast(c52).intoArray(y, yo + 5 * sy + 2 * L);
        EXACT.cast(c53).intoArray(y, yo + 5 * sy + 3 * L);
    }

    /** Makes a tile of one row and four vectors. */
    private static void oneRow(
            int k,
            float[] start,
            int from,
            float[] a,
            int ao,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo) {
        FloatVector c00 = FloatVector.broadcast(S, start[from]);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        for (int p = 0; p < k; p++) {
            int at = bo + p * sb;
            int w = ao + p * sp;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L);
            FloatVector a0 = FloatVector.broadcast(S, a[w]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
        }
        EXACT.cast(c00).intoArray(y, yo);
        EXACT.cast(c01).intoArray(y, yo + L);
        EXACT.cast(c02).intoArray(y, yo + 2 * L);
        EXACT.cast(c03).intoArray(y, yo + 3 * L);
    }

    /** Makes a tile of six rows and one vector. */
    private static void sixEnds(
            int k,
            float[] start,
            int from,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo,
            int sy) {
        FloatVector c00 = FloatVector.broadcast(S, start[from]);
        FloatVector c10 = FloatVector.broadcast(S, start[from + 1]);
        FloatVector c20 = FloatVector.broadcast(S, start[from + 2]);
        FloatVector c30 = FloatVector.broadcast(S, start[from + 3]);
        FloatVector c40 = FloatVector.broadcast(S, start[from + 4]);
        FloatVector c50 = FloatVector.broadcast(S, start[from + 5]);
        for (int p = 0; p < k; p++) {
            int at = bo + p * sb;
            int w = ao + p * sp;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector a0 = FloatVector.broadcast(S, a[w]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[w + sa]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[w + 2 * sa]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[w + 3 * sa]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[w + 4 * sa]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[w + 5 * sa]);
            c50 = b0.fma(a5, c50);
        }
        EXACT.cast(c00).intoArray(y, yo);
        EXACT.cast(c10).intoArray(y, yo + sy);
        EXACT.cast(c20).intoArray(y, yo + 2 * sy);
        EXACT.cast(c30).intoArray(y, yo + 3 * sy);
        EXACT.cast(c40).intoArray(y, yo + 4 * sy);
        EXACT.cast(c50).intoArray(y, yo + 5 * sy);
    }

    /** Makes a tile of one vector. */
    private static void oneEnd(
            int k,
            float[] start,
            int from,
            float[] a,
            int ao,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo) {
        FloatVector c00 = FloatVector.broadcast(S, start[from]);
        for (int p = 0; p < k; p++) {
            int at = bo + p * sb;
            int w = ao + p * sp;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector a0 = FloatVector.broadcast(S, a[w]);
            c00 = b0.fma(a0, c00);
        }
        EXACT.cast(c00).intoArray(y, yo);
    }

    @Override
    public void dots(int m, int n, int k, float[] a, int ao, int sa, float[] b, int sb, float[] s, int so) {
        SimdDots32.dots(m, n, k, a, ao, sa, b, sb, s, so);
    }

    @Override
    public int lanes() {
        return L;
    }

    /** Copies whole vectors: what that writes beyond a run is written again, or without meaning. */
    @Override
    public void copy(int[] starts, int n, float[] x, int xo, float[] y, int yo, int sy) {
        for (int t = 0; t < starts.length; t++) {
            for (int i = 0; i < n; i += L) {
                FloatVector.fromArray(S, x, xo + starts[t] + i).intoArray(y, yo + t * sy + i);
            }
        }
    }
}
