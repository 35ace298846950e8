package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link SimdMatmul32}: a tile of the result, six rows high and 1 to 4 vectors wide, is loaded
 * into registers, the products of k columns of a and k rows of b are added to it, and it is stored.
 *
 * <p>Each method is long and written out, for the just-in-time compiler keeps a vector in a register only while it is a
 * local variable of one method; in an array, or given to another method, it would be an object on the heap.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdTile32 {
    /** Rows of a tile. */
    static final int ROWS = 6;

    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    /** Elements of a vector. */
    static final int L = S.length();

    private SimdTile32() {}

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
        if (width == 4 * L) {
            tile4(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        } else if (width == 3 * L) {
            tile3(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        } else if (width == 2 * L) {
            SimdSmallTile32.tile2(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        } else {
            SimdSmallTile32.tile1(k, a, at, row, step, rows, b, bt, next, y, yt, n);
        }
    }

    private static void tile4(
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
        FloatVector c02 = FloatVector.fromArray(S, y, y0 + 2 * L);
        FloatVector c03 = FloatVector.fromArray(S, y, y0 + 3 * L);
        FloatVector c10 = FloatVector.fromArray(S, y, y1);
        FloatVector c11 = FloatVector.fromArray(S, y, y1 + L);
        FloatVector c12 = FloatVector.fromArray(S, y, y1 + 2 * L);
        FloatVector c13 = FloatVector.fromArray(S, y, y1 + 3 * L);
        FloatVector c20 = FloatVector.fromArray(S, y, y2);
        FloatVector c21 = FloatVector.fromArray(S, y, y2 + L);
        FloatVector c22 = FloatVector.fromArray(S, y, y2 + 2 * L);
        FloatVector c23 = FloatVector.fromArray(S, y, y2 + 3 * L);
        FloatVector c30 = FloatVector.fromArray(S, y, y3);
        FloatVector c31 = FloatVector.fromArray(S, y, y3 + L);
        FloatVector c32 = FloatVector.fromArray(S, y, y3 + 2 * L);
        FloatVector c33 = FloatVector.fromArray(S, y, y3 + 3 * L);
        FloatVector c40 = FloatVector.fromArray(S, y, y4);
        FloatVector c41 = FloatVector.fromArray(S, y, y4 + L);
        FloatVector c42 = FloatVector.fromArray(S, y, y4 + 2 * L);
        FloatVector c43 = FloatVector.fromArray(S, y, y4 + 3 * L);
        FloatVector c50 = FloatVector.fromArray(S, y, y5);
        FloatVector c51 = FloatVector.fromArray(S, y, y5 + L);
        FloatVector c52 = FloatVector.fromArray(S, y, y5 + 2 * L);
        FloatVector c53 = FloatVector.fromArray(S, y, y5 + 3 * L);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            FloatVector b0 = FloatVector.fromArray(S, b, bp);
            FloatVector b1 = FloatVector.fromArray(S, b, bp + L);
            FloatVector b2 = FloatVector.fromArray(S, b, bp + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, bp + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            a0 += step;
            FloatVector x1 = FloatVector.broadcast(S, a[a1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            a1 += step;
            FloatVector x2 = FloatVector.broadcast(S, a[a2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            a2 += step;
            FloatVector x3 = FloatVector.broadcast(S, a[a3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            a3 += step;
            FloatVector x4 = FloatVector.broadcast(S, a[a4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            a4 += step;
            FloatVector x5 = FloatVector.broadcast(S, a[a5]);
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
        FloatVector c02 = FloatVector.fromArray(S, y, y0 + 2 * L);
        FloatVector c10 = FloatVector.fromArray(S, y, y1);
        FloatVector c11 = FloatVector.fromArray(S, y, y1 + L);
        FloatVector c12 = FloatVector.fromArray(S, y, y1 + 2 * L);
        FloatVector c20 = FloatVector.fromArray(S, y, y2);
        FloatVector c21 = FloatVector.fromArray(S, y, y2 + L);
        FloatVector c22 = FloatVector.fromArray(S, y, y2 + 2 * L);
        FloatVector c30 = FloatVector.fromArray(S, y, y3);
        FloatVector c31 = FloatVector.fromArray(S, y, y3 + L);
        FloatVector c32 = FloatVector.fromArray(S, y, y3 + 2 * L);
        FloatVector c40 = FloatVector.fromArray(S, y, y4);
        FloatVector c41 = FloatVector.fromArray(S, y, y4 + L);
        FloatVector c42 = FloatVector.fromArray(S, y, y4 + 2 * L);
        FloatVector c50 = FloatVector.fromArray(S, y, y5);
        FloatVector c51 = FloatVector.fromArray(S, y, y5 + L);
        FloatVector c52 = FloatVector.fromArray(S, y, y5 + 2 * L);
        for (int p = 0, bp = bt; p < k; p++, bp += next) {
            FloatVector b0 = FloatVector.fromArray(S, b, bp);
            FloatVector b1 = FloatVector.fromArray(S, b, bp + L);
            FloatVector b2 = FloatVector.fromArray(S, b, bp + 2 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            a0 += step;
            FloatVector x1 = FloatVector.broadcast(S, a[a1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            a1 += step;
            FloatVector x2 = FloatVector.broadcast(S, a[a2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            a2 += step;
            FloatVector x3 = FloatVector.broadcast(S, a[a3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            a3 += step;
            FloatVector x4 = FloatVector.broadcast(S, a[a4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            a4 += step;
            FloatVector x5 = FloatVector.broadcast(S, a[a5]);
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
