package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops of convolutions on the Vector API: products are those of {@link SimdTiles32} and {@link SimdDots32}. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdConv32 implements ConvLoops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Half a vector, where there is one and sizes may be mixed. */
    private static final VectorSpecies<Float> HALF =
            Loops.MIXED && S.vectorBitSize() > 64 ? S.withShape(VectorShape.forBitSize(S.vectorBitSize() / 2)) : S;

    /** Rows of b that are multiplied at a time, so that those of a tile stay in the L1 cache for all tiles below each other. */
    private static final int DEPTH = (1 << 15) / (SimdTiles32.MAX_COLUMNS / L * S.vectorByteSize());

    private final PlainConv32 plain = new PlainConv32();

    @Override
    public void add(
            int m,
            int n,
            int k,
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
        if (n < SimdTiles32.MIN_COLUMNS) {
            plain.add(m, n, k, a, ao, sa, sp, b, bo, sb, y, yo, sy);
            return;
        }
        if (m == 1 && sp == 1) {
            SimdVector32.combine(n, k, a, ao, b, bo, sb, y, yo);
            return;
        }
        addTiles(m, n, k, a, ao, sa, sp, b, bo, sb, null, y, yo, sy);
    }

    @Override
    public void addShifted(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int[] starts,
            float[] y,
            int yo,
            int sy) {
        if (n < SimdTiles32.MIN_COLUMNS) {
            plain.addShifted(m, n, k, a, ao, sa, sp, b, bo, starts, y, yo, sy);
            return;
        }
        addTiles(m, n, k, a, ao, sa, sp, b, bo, 0, starts, y, yo, sy);
    }

    /** Adds a product; rows of b are sb apart, or begin at starts if there are any. */
    private static void addTiles(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            int[] starts,
            float[] y,
            int yo,
            int sy) {
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            for (int s = 0; s < SimdTiles32.strips(n); s++) {
                int j = SimdTiles32.start(s, n);
                int columns = SimdTiles32.start(s + 1, n) - j;
                for (int i = 0; i < m; i += SimdTiles32.ROWS) {
                    int rows = Math.min(SimdTiles32.ROWS, m - i);
                    int at = ao + i * sa + p * sp;
                    int bt = bo + p * sb + j;
                    int yt = yo + i * sy + j;
                    SimdTiles32.of(columns, rows, sa, starts != null)
                            .add(columns, depth, a, at, sa, sp, rows, b, bt, sb, starts, p, y, yt, sy);
                }
            }
        }
    }

    @Override
    public int minColumns() {
        return SimdTiles32.MIN_COLUMNS;
    }

    @Override
    public void dots(int m, int k, float[] a, int ao, int sa, float[] b, int bo, int[] starts, float[] s) {
        SimdDots32.dots(m, k, a, ao, sa, b, bo, starts, s);
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

    @Override
    public void addTo(int[] starts, int n, float[] x, int xo, int sx, float[] y, int yo) {
        for (int t = 0; t < starts.length; t++) {
            int p = xo + t * sx;
            int q = yo + starts[t];
            int i = 0;
            for (; i + L <= n; i += L) {
                FloatVector v = FloatVector.fromArray(S, x, p + i);
                v.add(FloatVector.fromArray(S, y, q + i)).intoArray(y, q + i);
            }
            if (i + HALF.length() <= n) {
                FloatVector v = FloatVector.fromArray(HALF, x, p + i);
                v.add(FloatVector.fromArray(HALF, y, q + i)).intoArray(y, q + i);
                i += HALF.length();
            }
            for (; i < n; i++) {
                y[q + i] += x[p + i];
            }
        }
    }
}
