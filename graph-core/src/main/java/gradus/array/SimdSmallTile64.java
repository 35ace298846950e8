package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The tiles of {@link SimdTile64} that are one or two vectors wide. */
final class SimdSmallTile64 {
    private static final VectorSpecies<Double> S = SimdTile64.S;
    private static final int L = SimdTile64.L;

    private SimdSmallTile64() {}

    static void tile2(
            int k,
            double[] a,
            int at,
            int row,
            int step,
            int rows,
            double[] b,
            int bt,
            int next,
            double[] y,
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
        DoubleVector c00 = DoubleVector.fromArray(S, y, y0);
        DoubleVector c01 = DoubleVector.fromArray(S, y, y0 + L);
        DoubleVector c10 = DoubleVector.fromArray(S, y, y1);
        DoubleVector c11 = DoubleVector.fromArray(S, y, y1 + L);
        DoubleVector c20 = DoubleVector.fromArray(S, y, y2);
        DoubleVector c21 = DoubleVector.fromArray(S, y, y2 + L);
        DoubleVector c30 = DoubleVector.fromArray(S, y, y3);
        DoubleVector c31 = DoubleVector.fromArray(S, y, y3 + L);
        DoubleVector c40 = DoubleVector.fromArray(S, y, y4);
        DoubleVector c41 = DoubleVector.fromArray(S, y, y4 + L);
        DoubleVector c50 = DoubleVector.fromArray(S, y, y5);
        DoubleVector c51 = DoubleVector.fromArray(S, y, y5 + L);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bp);
            DoubleVector b1 = DoubleVector.fromArray(S, b, bp + L);
            DoubleVector x0 = DoubleVector.broadcast(S, a[a0]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            a0 += step;
            DoubleVector x1 = DoubleVector.broadcast(S, a[a1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            a1 += step;
            DoubleVector x2 = DoubleVector.broadcast(S, a[a2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            a2 += step;
            DoubleVector x3 = DoubleVector.broadcast(S, a[a3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            a3 += step;
            DoubleVector x4 = DoubleVector.broadcast(S, a[a4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            a4 += step;
            DoubleVector x5 = DoubleVector.broadcast(S, a[a5]);
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
            double[] a,
            int at,
            int row,
            int step,
            int rows,
            double[] b,
            int bt,
            int next,
            double[] y,
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
        DoubleVector c00 = DoubleVector.fromArray(S, y, y0);
        DoubleVector c10 = DoubleVector.fromArray(S, y, y1);
        DoubleVector c20 = DoubleVector.fromArray(S, y, y2);
        DoubleVector c30 = DoubleVector.fromArray(S, y, y3);
        DoubleVector c40 = DoubleVector.fromArray(S, y, y4);
        DoubleVector c50 = DoubleVector.fromArray(S, y, y5);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bp);
            c00 = DoubleVector.broadcast(S, a[a0]).fma(b0, c00);
            a0 += step;
            c10 = DoubleVector.broadcast(S, a[a1]).fma(b0, c10);
            a1 += step;
            c20 = DoubleVector.broadcast(S, a[a2]).fma(b0, c20);
            a2 += step;
            c30 = DoubleVector.broadcast(S, a[a3]).fma(b0, c30);
            a3 += step;
            c40 = DoubleVector.broadcast(S, a[a4]).fma(b0, c40);
            a4 += step;
            c50 = DoubleVector.broadcast(S, a[a5]).fma(b0, c50);
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
