package gradus.array;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loop of {@link SimdMatmul64}: a tile of the result, eight rows high and 1 to 3 vectors wide, is loaded
 * into registers, the products of k columns of a and k rows of b are added to it, and it is stored.
 *
 * <p>The last vector ends where the tile does. If the tile is not so many whole vectors wide, it covers some columns of
 * the vector before it once more: they are computed twice and come out the same, as all is loaded before anything is
 * stored. In the same way a tile of fewer rows takes the last of them several times. So the edges are not
 * copied.
 *
 * <p>The method is long and written out, for the just-in-time compiler keeps a vector in a register only while it is a
 * local variable of one method; in an array, or given to another method, it would be an object on the heap. The class
 * is copied for each {@link SimdTiles64.Form}, whose vectors are constants then: vectors that a form does not have are
 * not compiled.
 */
final class SimdTile64 implements SimdTiles64.Tile {
    private static final SimdTiles64.Form FORM =
            ClassSpecializer.function(MethodHandles.lookup(), SimdTiles64.Form.class);
    /** How many vectors there are before the last. */
    private static final int BEFORE = FORM == null ? 0 : FORM.before();
    /** The vectors before the last. */
    private static final VectorSpecies<Double> S = FORM == null ? DoubleVector.SPECIES_PREFERRED : FORM.species();

    private static final VectorSpecies<Double> LAST = FORM == null ? S : FORM.last();
    /** Whether the rows of a are next to each other: C2 then checks the indices of a column once, not for each row. */
    private static final boolean ADJACENT = FORM != null && FORM.adjacent();
    /** Whether the rows of b begin anywhere. */
    private static final boolean SHIFTED = FORM != null && FORM.shifted();
    /** Whether a tile has eight rows, or six. */
    private static final boolean TALL = SimdTiles64.ROWS > 6;

    private static final int L = S.length();
    private static final DoubleVector ZERO = DoubleVector.zero(S);

    @Override
    public void add(
            int columns,
            int k,
            double[] a,
            int at,
            int row,
            int step,
            int rows,
            double[] b,
            int bt,
            int next,
            int[] starts,
            int first,
            double[] y,
            int yt,
            int n) {
        int last = columns - LAST.length();
        int a1 = ADJACENT ? 1 : Math.min(1, rows - 1) * row;
        int a2 = ADJACENT ? 2 : Math.min(2, rows - 1) * row;
        int a3 = ADJACENT ? 3 : Math.min(3, rows - 1) * row;
        int a4 = ADJACENT ? 4 : Math.min(4, rows - 1) * row;
        int a5 = ADJACENT ? 5 : Math.min(5, rows - 1) * row;
        int a6 = ADJACENT ? 6 : Math.min(6, rows - 1) * row;
        int a7 = ADJACENT ? 7 : Math.min(7, rows - 1) * row;
        int y0 = yt;
        int y1 = yt + Math.min(1, rows - 1) * n;
        int y2 = yt + Math.min(2, rows - 1) * n;
        int y3 = yt + Math.min(3, rows - 1) * n;
        int y4 = yt + Math.min(4, rows - 1) * n;
        int y5 = yt + Math.min(5, rows - 1) * n;
        int y6 = yt + Math.min(6, rows - 1) * n;
        int y7 = yt + Math.min(7, rows - 1) * n;
        DoubleVector c00 = BEFORE > 0 ? DoubleVector.fromArray(S, y, y0) : ZERO;
        DoubleVector c01 = BEFORE > 1 ? DoubleVector.fromArray(S, y, y0 + L) : ZERO;
        DoubleVector d0 = DoubleVector.fromArray(LAST, y, y0 + last);
        DoubleVector c10 = BEFORE > 0 ? DoubleVector.fromArray(S, y, y1) : ZERO;
        DoubleVector c11 = BEFORE > 1 ? DoubleVector.fromArray(S, y, y1 + L) : ZERO;
        DoubleVector d1 = DoubleVector.fromArray(LAST, y, y1 + last);
        DoubleVector c20 = BEFORE > 0 ? DoubleVector.fromArray(S, y, y2) : ZERO;
        DoubleVector c21 = BEFORE > 1 ? DoubleVector.fromArray(S, y, y2 + L) : ZERO;
        DoubleVector d2 = DoubleVector.fromArray(LAST, y, y2 + last);
        DoubleVector c30 = BEFORE > 0 ? DoubleVector.fromArray(S, y, y3) : ZERO;
        DoubleVector c31 = BEFORE > 1 ? DoubleVector.fromArray(S, y, y3 + L) : ZERO;
        DoubleVector d3 = DoubleVector.fromArray(LAST, y, y3 + last);
        DoubleVector c40 = BEFORE > 0 ? DoubleVector.fromArray(S, y, y4) : ZERO;
        DoubleVector c41 = BEFORE > 1 ? DoubleVector.fromArray(S, y, y4 + L) : ZERO;
        DoubleVector d4 = DoubleVector.fromArray(LAST, y, y4 + last);
        DoubleVector c50 = BEFORE > 0 ? DoubleVector.fromArray(S, y, y5) : ZERO;
        DoubleVector c51 = BEFORE > 1 ? DoubleVector.fromArray(S, y, y5 + L) : ZERO;
        DoubleVector d5 = DoubleVector.fromArray(LAST, y, y5 + last);
        DoubleVector c60 = TALL && BEFORE > 0 ? DoubleVector.fromArray(S, y, y6) : ZERO;
        DoubleVector c61 = TALL && BEFORE > 1 ? DoubleVector.fromArray(S, y, y6 + L) : ZERO;
        DoubleVector d6 = TALL ? DoubleVector.fromArray(LAST, y, y6 + last) : DoubleVector.zero(LAST);
        DoubleVector c70 = TALL && BEFORE > 0 ? DoubleVector.fromArray(S, y, y7) : ZERO;
        DoubleVector c71 = TALL && BEFORE > 1 ? DoubleVector.fromArray(S, y, y7 + L) : ZERO;
        DoubleVector d7 = TALL ? DoubleVector.fromArray(LAST, y, y7 + last) : DoubleVector.zero(LAST);
        for (int p = 0, ap = at, nextRow = bt; p < k; p++, ap += step, nextRow += next) {
            int bp = SHIFTED ? bt + starts[first + p] : nextRow;
            DoubleVector b0 = BEFORE > 0 ? DoubleVector.fromArray(S, b, bp) : ZERO;
            DoubleVector b1 = BEFORE > 1 ? DoubleVector.fromArray(S, b, bp + L) : ZERO;
            DoubleVector e = DoubleVector.fromArray(LAST, b, bp + last);
            DoubleVector x0 = DoubleVector.broadcast(S, a[ap]);
            c00 = BEFORE > 0 ? x0.fma(b0, c00) : ZERO;
            c01 = BEFORE > 1 ? x0.fma(b1, c01) : ZERO;
            d0 = (LAST == S ? x0 : DoubleVector.broadcast(LAST, a[ap])).fma(e, d0);
            DoubleVector x1 = DoubleVector.broadcast(S, a[ap + a1]);
            c10 = BEFORE > 0 ? x1.fma(b0, c10) : ZERO;
            c11 = BEFORE > 1 ? x1.fma(b1, c11) : ZERO;
            d1 = (LAST == S ? x1 : DoubleVector.broadcast(LAST, a[ap + a1])).fma(e, d1);
            DoubleVector x2 = DoubleVector.broadcast(S, a[ap + a2]);
            c20 = BEFORE > 0 ? x2.fma(b0, c20) : ZERO;
            c21 = BEFORE > 1 ? x2.fma(b1, c21) : ZERO;
            d2 = (LAST == S ? x2 : DoubleVector.broadcast(LAST, a[ap + a2])).fma(e, d2);
            DoubleVector x3 = DoubleVector.broadcast(S, a[ap + a3]);
            c30 = BEFORE > 0 ? x3.fma(b0, c30) : ZERO;
            c31 = BEFORE > 1 ? x3.fma(b1, c31) : ZERO;
            d3 = (LAST == S ? x3 : DoubleVector.broadcast(LAST, a[ap + a3])).fma(e, d3);
            DoubleVector x4 = DoubleVector.broadcast(S, a[ap + a4]);
            c40 = BEFORE > 0 ? x4.fma(b0, c40) : ZERO;
            c41 = BEFORE > 1 ? x4.fma(b1, c41) : ZERO;
            d4 = (LAST == S ? x4 : DoubleVector.broadcast(LAST, a[ap + a4])).fma(e, d4);
            DoubleVector x5 = DoubleVector.broadcast(S, a[ap + a5]);
            c50 = BEFORE > 0 ? x5.fma(b0, c50) : ZERO;
            c51 = BEFORE > 1 ? x5.fma(b1, c51) : ZERO;
            d5 = (LAST == S ? x5 : DoubleVector.broadcast(LAST, a[ap + a5])).fma(e, d5);
            if (TALL) {
                DoubleVector x6 = DoubleVector.broadcast(S, a[ap + a6]);
                c60 = BEFORE > 0 ? x6.fma(b0, c60) : ZERO;
                c61 = BEFORE > 1 ? x6.fma(b1, c61) : ZERO;
                d6 = (LAST == S ? x6 : DoubleVector.broadcast(LAST, a[ap + a6])).fma(e, d6);
                DoubleVector x7 = DoubleVector.broadcast(S, a[ap + a7]);
                c70 = BEFORE > 0 ? x7.fma(b0, c70) : ZERO;
                c71 = BEFORE > 1 ? x7.fma(b1, c71) : ZERO;
                d7 = (LAST == S ? x7 : DoubleVector.broadcast(LAST, a[ap + a7])).fma(e, d7);
            }
        }
        if (BEFORE > 0) {
            c00.intoArray(y, y0);
        }
        if (BEFORE > 1) {
            c01.intoArray(y, y0 + L);
        }
        d0.intoArray(y, y0 + last);
        if (BEFORE > 0) {
            c10.intoArray(y, y1);
        }
        if (BEFORE > 1) {
            c11.intoArray(y, y1 + L);
        }
        d1.intoArray(y, y1 + last);
        if (BEFORE > 0) {
            c20.intoArray(y, y2);
        }
        if (BEFORE > 1) {
            c21.intoArray(y, y2 + L);
        }
        d2.intoArray(y, y2 + last);
        if (BEFORE > 0) {
            c30.intoArray(y, y3);
        }
        if (BEFORE > 1) {
            c31.intoArray(y, y3 + L);
        }
        d3.intoArray(y, y3 + last);
        if (BEFORE > 0) {
            c40.intoArray(y, y4);
        }
        if (BEFORE > 1) {
            c41.intoArray(y, y4 + L);
        }
        d4.intoArray(y, y4 + last);
        if (BEFORE > 0) {
            c50.intoArray(y, y5);
        }
        if (BEFORE > 1) {
            c51.intoArray(y, y5 + L);
        }
        d5.intoArray(y, y5 + last);
        if (TALL) {
            if (BEFORE > 0) {
                c60.intoArray(y, y6);
            }
            if (BEFORE > 1) {
                c61.intoArray(y, y6 + L);
            }
            d6.intoArray(y, y6 + last);
            if (BEFORE > 0) {
                c70.intoArray(y, y7);
            }
            if (BEFORE > 1) {
                c71.intoArray(y, y7 + L);
            }
            d7.intoArray(y, y7 + last);
        }
    }
}
