package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops of convolutions on the Vector API: products are those of {@link SimdTiles64} and {@link SimdDots64}. */
final class SimdConv64 implements ConvLoops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** Half a vector, where there is one and sizes may be mixed. */
    private static final VectorSpecies<Double> HALF =
            Loops.MIXED && S.vectorBitSize() > 64 ? S.withShape(VectorShape.forBitSize(S.vectorBitSize() / 2)) : S;

    /** Rows of b that are multiplied at a time, so that those of a tile stay in the L1 cache for all tiles below each other. */
    private static final int DEPTH = (1 << 15) / (SimdTiles64.MAX_COLUMNS / L * S.vectorByteSize());

    private final PlainConv64 plain = new PlainConv64();

    @Override
    public void add(
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int sa,
            int sp,
            double[] b,
            int bo,
            int sb,
            double[] y,
            int yo,
            int sy) {
        if (n < SimdTiles64.MIN_COLUMNS) {
            plain.add(m, n, k, a, ao, sa, sp, b, bo, sb, y, yo, sy);
            return;
        }
        if (m == 1 && sp == 1) {
            SimdVector64.combine(n, k, a, ao, b, bo, sb, y, yo);
            return;
        }
        addTiles(m, n, k, a, ao, sa, sp, b, bo, sb, null, y, yo, sy);
    }

    @Override
    public void addShifted(
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int sa,
            int sp,
            double[] b,
            int bo,
            int[] starts,
            double[] y,
            int yo,
            int sy) {
        if (n < SimdTiles64.MIN_COLUMNS) {
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
            double[] a,
            int ao,
            int sa,
            int sp,
            double[] b,
            int bo,
            int sb,
            int[] starts,
            double[] y,
            int yo,
            int sy) {
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            for (int s = 0; s < SimdTiles64.strips(n); s++) {
                int j = SimdTiles64.start(s, n);
                int columns = SimdTiles64.start(s + 1, n) - j;
                for (int i = 0; i < m; i += SimdTiles64.ROWS) {
                    int rows = Math.min(SimdTiles64.ROWS, m - i);
                    int at = ao + i * sa + p * sp;
                    int bt = bo + p * sb + j;
                    int yt = yo + i * sy + j;
                    SimdTiles64.of(columns, rows, sa, starts != null)
                            .add(columns, depth, a, at, sa, sp, rows, b, bt, sb, starts, p, y, yt, sy);
                }
            }
        }
    }

    @Override
    public int minColumns() {
        return SimdTiles64.MIN_COLUMNS;
    }

    @Override
    public void dots(int m, int k, double[] a, int ao, int sa, double[] b, int bo, int[] starts, double[] s) {
        SimdDots64.dots(m, k, a, ao, sa, b, bo, starts, s);
    }

    @Override
    public int lanes() {
        return L;
    }

    /** Copies whole vectors: what that writes beyond a run is written again, or without meaning. */
    @Override
    public void copy(int[] starts, int n, double[] x, int xo, double[] y, int yo, int sy) {
        for (int t = 0; t < starts.length; t++) {
            for (int i = 0; i < n; i += L) {
                DoubleVector.fromArray(S, x, xo + starts[t] + i).intoArray(y, yo + t * sy + i);
            }
        }
    }

    @Override
    public void addTo(int[] starts, int n, double[] x, int xo, int sx, double[] y, int yo) {
        for (int t = 0; t < starts.length; t++) {
            int p = xo + t * sx;
            int q = yo + starts[t];
            int i = 0;
            for (; i + L <= n; i += L) {
                DoubleVector v = DoubleVector.fromArray(S, x, p + i);
                v.add(DoubleVector.fromArray(S, y, q + i)).intoArray(y, q + i);
            }
            if (i + HALF.length() <= n) {
                DoubleVector v = DoubleVector.fromArray(HALF, x, p + i);
                v.add(DoubleVector.fromArray(HALF, y, q + i)).intoArray(y, q + i);
                i += HALF.length();
            }
            for (; i < n; i++) {
                y[q + i] += x[p + i];
            }
        }
    }
}
