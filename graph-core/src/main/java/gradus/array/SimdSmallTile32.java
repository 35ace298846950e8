package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The tiles of {@link SimdTile32} that are one or two vectors wide. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdSmallTile32 {
    private static final VectorSpecies<Float> S = SimdTile32.S;
    private static final int L = SimdTile32.L;

    private SimdSmallTile32() {}

    static void tile2(
            int k,
            float[] a,
            int at,
            int row,
            int step,
            int rows,
            float[] b,
            int bt,
            int next,
            float[] y,
            int yt,
            int n) {
        int a0 = at;
        int a1 = at + Math.min(1, rows - 1) * row;
        int a2 = at + Math.min(2, rows - 1) * row;
        int a3 = at + Math.min(3, rows - 1) * row;
        int a4 = at + Math.min(4, rows - 1) * row;
        int a5 = at + Math.min(5, rows - 1) * row;
        int y0 = yt;
        int y1 = yt + Math.min(1, rows - 1) * n;
        int y2 = yt + Math.min(2, rows - 1) * n;
        int y3 = yt + Math.min(3, rows - 1) * n;
        int y4 = yt + Math.min(4, rows - 1) * n;
        int y5 = yt + Math.min(5, rows - 1) * n;
        FloatVector c00 = FloatVector.fromArray(S, y, y0);
        FloatVector c01 = FloatVector.fromArray(S, y, y0 + L);
        FloatVector c10 = FloatVector.fromArray(S, y, y1);
        FloatVector c11 = FloatVector.fromArray(S, y, y1 + L);
        FloatVector c20 = FloatVector.fromArray(S, y, y2);
        FloatVector c21 = FloatVector.fromArray(S, y, y2 + L);
        FloatVector c30 = FloatVector.fromArray(S, y, y3);
        FloatVector c31 = FloatVector.fromArray(S, y, y3 + L);
        FloatVector c40 = FloatVector.fromArray(S, y, y4);
        FloatVector c41 = FloatVector.fromArray(S, y, y4 + L);
        FloatVector c50 = FloatVector.fromArray(S, y, y5);
        FloatVector c51 = FloatVector.fromArray(S, y, y5 + L);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            FloatVector b0 = FloatVector.fromArray(S, b, bp);
            FloatVector b1 = FloatVector.fromArray(S, b, bp + L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            a0 += step;
            FloatVector x1 = FloatVector.broadcast(S, a[a1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            a1 += step;
            FloatVector x2 = FloatVector.broadcast(S, a[a2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            a2 += step;
            FloatVector x3 = FloatVector.broadcast(S, a[a3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            a3 += step;
            FloatVector x4 = FloatVector.broadcast(S, a[a4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            a4 += step;
            FloatVector x5 = FloatVector.broadcast(S, a[a5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            a5 += step;
        }
        c00.intoArray(y, y0);
        c01.intoArray(y, y0 + L);
        c10.intoArray(y, y1);
        c11.intoArray(y, y1 + L);
        c20.intoArray(y, y2);
        c21.intoArray(y, y2 + L);
        c30.intoArray(y, y3);
        c31.intoArray(y, y3 + L);
        c40.intoArray(y, y4);
        c41.intoArray(y, y4 + L);
        c50.intoArray(y, y5);
        c51.intoArray(y, y5 + L);
    }

    static void tile1(
            int k,
            float[] a,
            int at,
            int row,
            int step,
            int rows,
            float[] b,
            int bt,
            int next,
            float[] y,
            int yt,
            int n) {
        int a0 = at;
        int a1 = at + Math.min(1, rows - 1) * row;
        int a2 = at + Math.min(2, rows - 1) * row;
        int a3 = at + Math.min(3, rows - 1) * row;
        int a4 = at + Math.min(4, rows - 1) * row;
        int a5 = at + Math.min(5, rows - 1) * row;
        int y0 = yt;
        int y1 = yt + Math.min(1, rows - 1) * n;
        int y2 = yt + Math.min(2, rows - 1) * n;
        int y3 = yt + Math.min(3, rows - 1) * n;
        int y4 = yt + Math.min(4, rows - 1) * n;
        int y5 = yt + Math.min(5, rows - 1) * n;
        FloatVector c00 = FloatVector.fromArray(S, y, y0);
        FloatVector c10 = FloatVector.fromArray(S, y, y1);
        FloatVector c20 = FloatVector.fromArray(S, y, y2);
        FloatVector c30 = FloatVector.fromArray(S, y, y3);
        FloatVector c40 = FloatVector.fromArray(S, y, y4);
        FloatVector c50 = FloatVector.fromArray(S, y, y5);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            FloatVector b0 = FloatVector.fromArray(S, b, bp);
            c00 = FloatVector.broadcast(S, a[a0]).fma(b0, c00);
            a0 += step;
            c10 = FloatVector.broadcast(S, a[a1]).fma(b0, c10);
            a1 += step;
            c20 = FloatVector.broadcast(S, a[a2]).fma(b0, c20);
            a2 += step;
            c30 = FloatVector.broadcast(S, a[a3]).fma(b0, c30);
            a3 += step;
            c40 = FloatVector.broadcast(S, a[a4]).fma(b0, c40);
            a4 += step;
            c50 = FloatVector.broadcast(S, a[a5]).fma(b0, c50);
            a5 += step;
        }
        c00.intoArray(y, y0);
        c10.intoArray(y, y1);
        c20.intoArray(y, y2);
        c30.intoArray(y, y3);
        c40.intoArray(y, y4);
        c50.intoArray(y, y5);
    }
}
