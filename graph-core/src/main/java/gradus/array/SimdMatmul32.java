package gradus.array;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** The product on the Vector API. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdMatmul32 implements Matmul32 {
    private static final int L = SimdTile32.L;
    private static final int ROWS = SimdTile32.ROWS;
    /** Columns of a full strip: 24 vectors of a tile fit into 32 registers; 256-bit machines have 16. */
    private static final int WIDE = SimdTile32.S.vectorBitSize() == 256 ? 2 * L : 4 * L;
    /** Rows of b in a block. */
    private static final int DEPTH = 384;
    /** Columns of b in a block: 2 KiB. */
    private static final int BREADTH = 2048 * 8 / SimdTile32.S.elementSize();

    private static final int ALONE = 1 << 18;

    private static final ThreadLocal<float[]> PANELS = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<float[]> EDGE = ThreadLocal.withInitial(() -> new float[ROWS * 4 * L]);

    @Override
    public void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo) {
        boolean large = (long) n * m * k > ALONE;
        if (n == 1 && !ta) {
            Workers.split(
                    m, large, (from, to) -> SimdVector32.dots(to - from, k, a, ao + from * k, b, bo, y, yo + from));
        } else if (m == 1 && tb) {
            Workers.split(
                    n, large, (from, to) -> SimdVector32.dots(to - from, k, b, bo + from * k, a, ao, y, yo + from));
        } else if (n == 1) {
            Workers.split(
                    m, large, (from, to) -> SimdVector32.combine(to - from, k, b, bo, a, ao + from, m, y, yo + from));
        } else if (m == 1) {
            Workers.split(
                    n, large, (from, to) -> SimdVector32.combine(to - from, k, a, ao, b, bo + from, n, y, yo + from));
        } else if (tb) {
            product(
                    m,
                    n,
                    k,
                    a,
                    ao,
                    ta,
                    (p0, p1, j0, j1, w, t, at) -> transpose(b, bo, k, p0, p1, j0, j1, w, t, at),
                    y,
                    yo);
        } else {
            product(m, n, k, a, ao, ta, (p0, p1, j0, j1, w, t, at) -> copy(b, bo, n, p0, p1, j0, j1, w, t, at), y, yo);
        }
    }

    @Override
    public void product(int m, int n, int k, float[] a, int ao, boolean ta, Operand32 b, float[] y, int yo) {
        int row = ta ? 1 : k;
        int step = ta ? m : 1;
        int tiles = (m + ROWS - 1) / ROWS;
        for (int j0 = 0; j0 < n; j0 += BREADTH) {
            int from = j0;
            int to = Math.min(n, j0 + BREADTH);
            int strips = (to - from + WIDE - 1) / WIDE;
            for (int p0 = 0; p0 < k; p0 += DEPTH) {
                int first = p0;
                int depth = Math.min(DEPTH, k - p0);
                float[] panels = panels(strips * WIDE * depth);
                boolean large = (long) m * (to - from) * depth > ALONE;
                Workers.split(strips, large, (s0, s1) -> {
                    for (int s = s0; s < s1; s++) {
                        int j = from + s * WIDE;
                        int end = Math.min(to, j + WIDE);
                        b.pack(first, first + depth, j, end, width(end - j), panels, s * WIDE * depth);
                    }
                });
                Workers.split(tiles * strips, large, (u0, u1) -> {
                    int i = u0 / strips * ROWS;
                    int s = u0 % strips;
                    for (int u = u0; u < u1; u++) {
                        int rows = Math.min(ROWS, m - i);
                        int j = from + s * WIDE;
                        int columns = Math.min(to - j, WIDE);
                        int width = width(columns);
                        int at = ao + i * row + first * step;
                        int yt = yo + i * n + j;
                        if (width == columns) {
                            SimdTile32.add(
                                    width, depth, a, at, row, step, rows, panels, s * WIDE * depth, width, y, yt, n);
                        } else {
                            edge(width, columns, depth, a, at, row, step, rows, panels, s * WIDE * depth, y, yt, n);
                        }
                        if (++s == strips) {
                            s = 0;
                            i += ROWS;
                        }
                    }
                });
            }
        }
    }

    private static void edge(
            int width,
            int columns,
            int k,
            float[] a,
            int at,
            int row,
            int step,
            int rows,
            float[] b,
            int bt,
            float[] y,
            int yt,
            int n) {
        float[] tile = EDGE.get();
        for (int r = 0; r < rows; r++) {
            System.arraycopy(y, yt + r * n, tile, r * width, columns);
        }
        SimdTile32.add(width, k, a, at, row, step, rows, b, bt, width, tile, 0, width);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(tile, r * width, y, yt + r * n, columns);
        }
    }

    private static int width(int columns) {
        return (columns + L - 1) / L * L;
    }

    private static float[] panels(int size) {
        float[] p = PANELS.get();
        if (p.length < size) {
            p = new float[size];
            PANELS.set(p);
        }
        return p;
    }

    private static void copy(
            float[] b, int bo, int n, int p0, int p1, int j0, int j1, int width, float[] to, int at) {
        int from = bo + p0 * n + j0;
        int columns = j1 - j0;
        int p = p0;
        for (; p < p1 && from + width <= b.length; p++) {
            for (int j = 0; j < width; j += L) {
                FloatVector.fromArray(SimdTile32.S, b, from + j).intoArray(to, at + j);
            }
            from += n;
            at += width;
        }
        for (; p < p1; p++) {
            System.arraycopy(b, from, to, at, columns);
            Arrays.fill(to, at + columns, at + width, 0);
            from += n;
            at += width;
        }
    }

    private static void transpose(
            float[] b, int bo, int k, int p0, int p1, int j0, int j1, int width, float[] to, int at) {
        int depth = p1 - p0;
        int j = j0;
        for (; j + 4 <= j1; j += 4) {
            int f = bo + j * k + p0;
            for (int p = 0; p < depth; p++) {
                int t = at + p * width + j - j0;
                to[t] = b[f + p];
                to[t + 1] = b[f + k + p];
                to[t + 2] = b[f + 2 * k + p];
                to[t + 3] = b[f + 3 * k + p];
            }
        }
        for (; j < j1; j++) {
            int f = bo + j * k + p0;
            for (int p = 0; p < depth; p++) {
                to[at + p * width + j - j0] = b[f + p];
            }
        }
        for (j = j1 - j0; j < width; j++) {
            for (int p = 0; p < depth; p++) {
                to[at + p * width + j] = 0;
            }
        }
    }
}
