package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link SimdMatmul64}: a tile of the result, six rows high and 1 to 4 vectors wide, is loaded
 * into registers, the products of k columns of a and k rows of b are added to it, and it is stored.
 *
 * <p>Each method is long and written out, for the just-in-time compiler keeps a vector in a register only while it is a
 * local variable of one method; in an array, or given to another method, it would be an object on the heap.
 */
final class SimdTile64 {
    /** Rows of a tile. */
    static final int ROWS = 6;

    static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    /** Elements of a vector. */
    static final int L = S.length();

    private SimdTile64() {}

    /**
     * Adds to a tile of y. A tile of fewer than six rows takes the last of them several times: it computes and stores
     * the same numbers again, which is harmless, as all is loaded before anything is stored.
     *
     * @param width columns of the tile: 1 to 4 vectors
     * @param k how many products go into each element
     * @param at first element of a; {@code row} is the distance between its rows, {@code step} between its columns
     * @param rows how many rows of the tile there are, 1 to 6
     * @param bt first element of b; {@code next} is the distance between its rows
     * @param yt first element of y; {@code n} is the distance between its rows
     */
    static void add(
            int width,
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
        if (width == 4 * L) {
            tile4(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        } else if (width == 3 * L) {
            tile3(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        } else if (width == 2 * L) {
            SimdSmallTile64.tile2(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        } else {
            SimdSmallTile64.tile1(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        }
    }

    private static void tile4(
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
        DoubleVector c02 = DoubleVector.fromArray(S, y, y0 + 2 * L);
        DoubleVector c03 = DoubleVector.fromArray(S, y, y0 + 3 * L);
        DoubleVector c10 = DoubleVector.fromArray(S, y, y1);
        DoubleVector c11 = DoubleVector.fromArray(S, y, y1 + L);
        DoubleVector c12 = DoubleVector.fromArray(S, y, y1 + 2 * L);
        DoubleVector c13 = DoubleVector.fromArray(S, y, y1 + 3 * L);
        DoubleVector c20 = DoubleVector.fromArray(S, y, y2);
        DoubleVector c21 = DoubleVector.fromArray(S, y, y2 + L);
        DoubleVector c22 = DoubleVector.fromArray(S, y, y2 + 2 * L);
        DoubleVector c23 = DoubleVector.fromArray(S, y, y2 + 3 * L);
        DoubleVector c30 = DoubleVector.fromArray(S, y, y3);
        DoubleVector c31 = DoubleVector.fromArray(S, y, y3 + L);
        DoubleVector c32 = DoubleVector.fromArray(S, y, y3 + 2 * L);
        DoubleVector c33 = DoubleVector.fromArray(S, y, y3 + 3 * L);
        DoubleVector c40 = DoubleVector.fromArray(S, y, y4);
        DoubleVector c41 = DoubleVector.fromArray(S, y, y4 + L);
        DoubleVector c42 = DoubleVector.fromArray(S, y, y4 + 2 * L);
        DoubleVector c43 = DoubleVector.fromArray(S, y, y4 + 3 * L);
        DoubleVector c50 = DoubleVector.fromArray(S, y, y5);
        DoubleVector c51 = DoubleVector.fromArray(S, y, y5 + L);
        DoubleVector c52 = DoubleVector.fromArray(S, y, y5 + 2 * L);
        DoubleVector c53 = DoubleVector.fromArray(S, y, y5 + 3 * L);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bp);
            DoubleVector b1 = DoubleVector.fromArray(S, b, bp + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, bp + 2 * L);
            DoubleVector b3 = DoubleVector.fromArray(S, b, bp + 3 * L);
            DoubleVector x0 = DoubleVector.broadcast(S, a[a0]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            a0 += step;
            DoubleVector x1 = DoubleVector.broadcast(S, a[a1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            a1 += step;
            DoubleVector x2 = DoubleVector.broadcast(S, a[a2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            a2 += step;
            DoubleVector x3 = DoubleVector.broadcast(S, a[a3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            a3 += step;
            DoubleVector x4 = DoubleVector.broadcast(S, a[a4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            a4 += step;
            DoubleVector x5 = DoubleVector.broadcast(S, a[a5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            c53 = x5.fma(b3, c53);
            a5 += step;
        }
        c00.intoArray(y, y0);
        c01.intoArray(y, y0 + L);
        c02.intoArray(y, y0 + 2 * L);
        c03.intoArray(y, y0 + 3 * L);
        c10.intoArray(y, y1);
        c11.intoArray(y, y1 + L);
        c12.intoArray(y, y1 + 2 * L);
        c13.intoArray(y, y1 + 3 * L);
        c20.intoArray(y, y2);
        c21.intoArray(y, y2 + L);
        c22.intoArray(y, y2 + 2 * L);
        c23.intoArray(y, y2 + 3 * L);
        c30.intoArray(y, y3);
        c31.intoArray(y, y3 + L);
        c32.intoArray(y, y3 + 2 * L);
        c33.intoArray(y, y3 + 3 * L);
        c40.intoArray(y, y4);
        c41.intoArray(y, y4 + L);
        c42.intoArray(y, y4 + 2 * L);
        c43.intoArray(y, y4 + 3 * L);
        c50.intoArray(y, y5);
        c51.intoArray(y, y5 + L);
        c52.intoArray(y, y5 + 2 * L);
        c53.intoArray(y, y5 + 3 * L);
    }

    private static void tile3(
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
        DoubleVector c02 = DoubleVector.fromArray(S, y, y0 + 2 * L);
        DoubleVector c10 = DoubleVector.fromArray(S, y, y1);
        DoubleVector c11 = DoubleVector.fromArray(S, y, y1 + L);
        DoubleVector c12 = DoubleVector.fromArray(S, y, y1 + 2 * L);
        DoubleVector c20 = DoubleVector.fromArray(S, y, y2);
        DoubleVector c21 = DoubleVector.fromArray(S, y, y2 + L);
        DoubleVector c22 = DoubleVector.fromArray(S, y, y2 + 2 * L);
        DoubleVector c30 = DoubleVector.fromArray(S, y, y3);
        DoubleVector c31 = DoubleVector.fromArray(S, y, y3 + L);
        DoubleVector c32 = DoubleVector.fromArray(S, y, y3 + 2 * L);
        DoubleVector c40 = DoubleVector.fromArray(S, y, y4);
        DoubleVector c41 = DoubleVector.fromArray(S, y, y4 + L);
        DoubleVector c42 = DoubleVector.fromArray(S, y, y4 + 2 * L);
        DoubleVector c50 = DoubleVector.fromArray(S, y, y5);
        DoubleVector c51 = DoubleVector.fromArray(S, y, y5 + L);
        DoubleVector c52 = DoubleVector.fromArray(S, y, y5 + 2 * L);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bp);
            DoubleVector b1 = DoubleVector.fromArray(S, b, bp + L);
            DoubleVector b2 = DoubleVector.fromArray(S, b, bp + 2 * L);
            DoubleVector x0 = DoubleVector.broadcast(S, a[a0]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            a0 += step;
            DoubleVector x1 = DoubleVector.broadcast(S, a[a1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            a1 += step;
            DoubleVector x2 = DoubleVector.broadcast(S, a[a2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            a2 += step;
            DoubleVector x3 = DoubleVector.broadcast(S, a[a3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            a3 += step;
            DoubleVector x4 = DoubleVector.broadcast(S, a[a4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            a4 += step;
            DoubleVector x5 = DoubleVector.broadcast(S, a[a5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            a5 += step;
        }
        c00.intoArray(y, y0);
        c01.intoArray(y, y0 + L);
        c02.intoArray(y, y0 + 2 * L);
        c10.intoArray(y, y1);
        c11.intoArray(y, y1 + L);
        c12.intoArray(y, y1 + 2 * L);
        c20.intoArray(y, y2);
        c21.intoArray(y, y2 + L);
        c22.intoArray(y, y2 + 2 * L);
        c30.intoArray(y, y3);
        c31.intoArray(y, y3 + L);
        c32.intoArray(y, y3 + 2 * L);
        c40.intoArray(y, y4);
        c41.intoArray(y, y4 + L);
        c42.intoArray(y, y4 + 2 * L);
        c50.intoArray(y, y5);
        c51.intoArray(y, y5 + L);
        c52.intoArray(y, y5 + 2 * L);
    }
}
