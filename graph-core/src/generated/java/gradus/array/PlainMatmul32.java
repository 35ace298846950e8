package gradus.array;

import java.util.Arrays;

/**
 * The product in plain Java, written so that the just-in-time compiler turns its inner loop into vector instructions by
 * itself.
 *
 * <p>It does so only if all arrays in the loop are indexed by the loop variable alone: an element at j of one array is then
 * known not to be the element at j + 1 of another, even if two of them were the same array. Rows inside one large array,
 * at an offset each, are not. So rows of b are copied into arrays of their own, and rows of the result are summed in
 * such arrays, three at a time, and then copied back.
 *
 * <p>The inner loop adds multiples of three rows of b to three rows of the result: 9 multiply-adds for 6 loads and 3
 * stores. All six are read before any is written, in local variables, or each would be read again after every store. More rows
 * would save loads, but beyond some number of operations the compiler no longer unrolls the loop, and then makes no
 * vectors: on JDK 17, three by three is the largest square tile for which it does.
 *
 * <p>Around it, b is cut into blocks whose packed rows stay in a near cache while all rows of a pass over them.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainMatmul32 implements Matmul32 {
    /** Rows of the result, and of b, in the inner loop. */
    private static final int TILE = 3;
    /** Rows of b in a block. */
    private static final int BLOCK_ROWS = 192;
    /** Columns of b in a block: six rows of it are to fit into the nearest cache. */
    private static final int BLOCK_COLUMNS = 512;
    /** Multiply-adds up to which a block is computed by one thread. */
    private static final long SINGLE_THREADED = 1 << 16;
    /** Rows of b, packed by the thread that called; at most a block of them. */
    private static final ThreadLocal<float[][]> PACKED = ThreadLocal.withInitial(() -> new float[0][]);
    /** Rows of the result that a thread works on. */
    private static final ThreadLocal<float[][]> SUMS = ThreadLocal.withInitial(() -> new float[TILE][BLOCK_COLUMNS]);

    @Override
    public void add(
            int m,
            int n,
            int k,
            int inner,
            float[] a,
            int ao,
            boolean ta,
            float[] b,
            int bo,
            boolean tb,
            float[] y,
            int yo) {
        if (n == 1 && !ta) {
            dots(m, k, a, ao, inner, b, bo, y, yo);
        } else if (m == 1 && tb) {
            dots(n, k, b, bo, inner, a, ao, y, yo);
        } else {
            packed(m, n, k, inner, a, ao, ta, b, bo, tb, y, yo);
        }
    }

    private static void packed(
            int m,
            int n,
            int k,
            int inner,
            float[] a,
            int ao,
            boolean ta,
            float[] b,
            int bo,
            boolean tb,
            float[] y,
            int yo) {
        int row = ta ? 1 : inner;
        int step = ta ? m : 1;
        boolean blocks = k > BLOCKED_ABOVE;
        int maxDepth = blocks ? BLOCK : BLOCK_ROWS;
        int maxBreadth =
                blocks ? BLOCK_COLUMNS * BLOCK_ROWS / BLOCK : BLOCK_COLUMNS; // the same number of packed elements
        for (int j0 = 0; j0 < n; j0 += maxBreadth) {
            int breadth = Math.min(maxBreadth, n - j0);
            int yt = yo + j0;
            for (int p0 = 0; p0 < k; p0 += maxDepth) {
                int depth = Math.min(maxDepth, k - p0);
                float[][] packed = rows(depth);
                for (int p = 0; p < depth; p++) {
                    row(n, inner, b, bo, tb, p0 + p, j0, breadth, packed[p]);
                }
                int at = ao + p0 * step;
                boolean large = (long) m * breadth * depth > SINGLE_THREADED;
                Workers.split((m + TILE - 1) / TILE, large, (from, to) -> {
                    for (int i = from * TILE; i < Math.min(m, to * TILE); i += TILE) {
                        int rows = Math.min(TILE, m - i);
                        float[][] sums = SUMS.get();
                        load(blocks, rows, breadth, y, yt + i * n, n, sums);
                        addRows(rows, breadth, depth, a, at + i * row, row, step, packed, sums);
                        store(blocks, rows, breadth, sums, y, yt + i * n, n);
                    }
                });
            }
        }
    }

    /** Copies rows of y to the sums; zeros, if what is summed is a block of its own. */
    private static void load(boolean block, int rows, int breadth, float[] y, int yt, int n, float[][] sums) {
        for (int r = 0; r < rows; r++) {
            if (block) {
                Arrays.fill(sums[r], 0, breadth, 0);
            } else {
                System.arraycopy(y, yt + r * n, sums[r], 0, breadth);
            }
        }
    }

    /** Copies the sums to rows of y; adds them, if they are a block of their own. */
    private static void store(boolean block, int rows, int breadth, float[][] sums, float[] y, int yt, int n) {
        for (int r = 0; r < rows; r++) {
            if (block) {
                for (int j = 0; j < breadth; j++) {
                    y[yt + r * n + j] += sums[r][j];
                }
            } else {
                System.arraycopy(sums[r], 0, y, yt + r * n, breadth);
            }
        }
    }

    /** Copies columns of a row of a matrix of shape [k, n], or stored transposed. */
    private static void row(int n, int k, float[] b, int bo, boolean tb, int p, int j0, int columns, float[] to) {
        if (!tb) {
            System.arraycopy(b, bo + p * n + j0, to, 0, columns);
            return;
        }
        for (int j = 0; j < columns; j++) {
            to[j] = b[bo + (j0 + j) * k + p];
        }
    }

    private static float[][] rows(int depth) {
        float[][] p = PACKED.get();
        if (p.length < depth) {
            int filled = p.length;
            p = Arrays.copyOf(p, depth);
            for (int i = filled; i < depth; i++) {
                p[i] = new float[BLOCK_COLUMNS];
            }
            PACKED.set(p);
        }
        return p;
    }

    /** Adds to three rows of sums; where there are fewer, the last of a stands in for the rest, whose sums are dropped. */
    private static void addRows(
            int rows,
            int breadth,
            int depth,
            float[] a,
            int a0,
            int row,
            int step,
            float[][] packed,
            float[][] sums) {
        int a1 = a0 + Math.min(1, rows - 1) * row;
        int a2 = a0 + (rows - 1) * row;
        int p = 0;
        for (; p + 2 * TILE <= depth; p += 2 * TILE) {
            int at = p * step;
            addSix(breadth, a, a0 + at, a1 + at, a2 + at, step, packed, p, sums);
        }
        for (; p < depth; p++) {
            for (int r = 0; r < rows; r++) {
                addOne(breadth, a[a0 + r * row + p * step], packed[p], sums[r]);
            }
        }
    }

    /**
     * Adds multiples of six rows of b to three sums, three and then three. Too long to be inlined, which is what counts:
     * inside the loop that calls it, JDK 17 would make no vectors of these loops.
     */
    private static void addSix(
            int n, float[] a, int a0, int a1, int a2, int step, float[][] packed, int p, float[][] sums) {
        float[] y0 = sums[0];
        float[] y1 = sums[1];
        float[] y2 = sums[2];
        float[] b0 = packed[p];
        float[] b1 = packed[p + 1];
        float[] b2 = packed[p + 2];
        float[] b3 = packed[p + 3];
        float[] b4 = packed[p + 4];
        float[] b5 = packed[p + 5];
        float a00 = a[a0];
        float a01 = a[a0 + step];
        float a02 = a[a0 + 2 * step];
        float a10 = a[a1];
        float a11 = a[a1 + step];
        float a12 = a[a1 + 2 * step];
        float a20 = a[a2];
        float a21 = a[a2 + step];
        float a22 = a[a2 + 2 * step];
        for (int j = 0; j < n; j++) {
            float x0 = b0[j];
            float x1 = b1[j];
            float x2 = b2[j];
            float s0 = y0[j];
            float s1 = y1[j];
            float s2 = y2[j];
            y0[j] = Math.fma(a02, x2, Math.fma(a01, x1, Math.fma(a00, x0, s0)));
            y1[j] = Math.fma(a12, x2, Math.fma(a11, x1, Math.fma(a10, x0, s1)));
            y2[j] = Math.fma(a22, x2, Math.fma(a21, x1, Math.fma(a20, x0, s2)));
        }
        a00 = a[a0 + 3 * step];
        a01 = a[a0 + 4 * step];
        a02 = a[a0 + 5 * step];
        a10 = a[a1 + 3 * step];
        a11 = a[a1 + 4 * step];
        a12 = a[a1 + 5 * step];
        a20 = a[a2 + 3 * step];
        a21 = a[a2 + 4 * step];
        a22 = a[a2 + 5 * step];
        for (int j = 0; j < n; j++) {
            float x0 = b3[j];
            float x1 = b4[j];
            float x2 = b5[j];
            float s0 = y0[j];
            float s1 = y1[j];
            float s2 = y2[j];
            y0[j] = Math.fma(a02, x2, Math.fma(a01, x1, Math.fma(a00, x0, s0)));
            y1[j] = Math.fma(a12, x2, Math.fma(a11, x1, Math.fma(a10, x0, s1)));
            y2[j] = Math.fma(a22, x2, Math.fma(a21, x1, Math.fma(a20, x0, s2)));
        }
    }

    private static void addOne(int n, float c, float[] b, float[] y) {
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(c, b[j], y[j]);
        }
    }

    /** Adds to y the products of each of m rows of a with the vector x, four rows at a time: independent sums. */
    private static void dots(int m, int k, float[] a, int ao, int row, float[] x, int xo, float[] y, int yo) {
        Workers.split((m + 3) / 4, (long) m * k > SINGLE_THREADED, (from, to) -> {
            for (int i = from * 4; i < Math.min(m, to * 4); i += 4) {
                int rows = Math.min(4, m - i);
                if (k <= BLOCKED_ABOVE) {
                    fourDots(rows, k, a, ao + i * row, row, x, xo, y, yo + i);
                    continue;
                }
                float[] sums = new float[4];
                for (int p = 0; p < k; p += BLOCK) {
                    fourDots(rows, Math.min(BLOCK, k - p), a, ao + i * row + p, row, x, xo + p, sums, 0);
                    for (int r = 0; r < rows; r++) {
                        y[yo + i + r] += sums[r];
                        sums[r] = 0;
                    }
                }
            }
        });
    }

    private static void fourDots(int rows, int k, float[] a, int a0, int row, float[] x, int xo, float[] y, int yo) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = rows - 1;
        int a1 = a0 + r1 * row;
        int a2 = a0 + r2 * row;
        int a3 = a0 + r3 * row;
        float s0 = y[yo];
        float s1 = y[yo + r1];
        float s2 = y[yo + r2];
        float s3 = y[yo + r3];
        for (int p = 0; p < k; p++) {
            float c = x[xo + p];
            s0 = Math.fma(a[a0 + p], c, s0);
            s1 = Math.fma(a[a1 + p], c, s1);
            s2 = Math.fma(a[a2 + p], c, s2);
            s3 = Math.fma(a[a3 + p], c, s3);
        }
        y[yo] = s0;
        y[yo + r1] = s1;
        y[yo + r2] = s2;
        y[yo + r3] = s3;
    }
}
