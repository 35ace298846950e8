package gradus.array;

/** The product in plain Java. */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainMatmul32 implements Matmul32 {
    /** Rows of b in a block. */
    private static final int DEPTH = 128;
    /** Columns of b in a block: a few rows of it fit into the nearest cache. */
    private static final int BREADTH = 512;
    /** Rows of the result that are worked on together. */
    private static final int ROWS = 4;

    private static final int ALONE = 1 << 17;

    private static final boolean TALL = Runtime.version().feature() > 17;

    @Override
    public void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo) {
        product(m, n, k, a, ao, ta, Operand32.of(n, k, b, bo, tb), y, yo);
    }

    @Override
    public void product(int m, int n, int k, float[] a, int ao, boolean ta, Operand32 b, float[] y, int yo) {
        int row = ta ? 1 : k;
        int step = ta ? m : 1;
        float[][] packed = new float[Math.min(k, DEPTH)][Math.min(n, BREADTH)];
        for (int j0 = 0; j0 < n; j0 += BREADTH) {
            int from = j0;
            int breadth = Math.min(BREADTH, n - j0);
            for (int p0 = 0; p0 < k; p0 += DEPTH) {
                int first = p0;
                int depth = Math.min(DEPTH, k - p0);
                boolean large = (long) m * breadth * depth > ALONE;
                for (int p = 0; p < depth; p++) {
                    b.pack(first + p, first + p + 1, from, from + breadth, breadth, packed[p], 0);
                }
                Workers.split((m + ROWS - 1) / ROWS, large, (g0, g1) -> {
                    int end = Math.min(m, g1 * ROWS);
                    float[][] sums = new float[ROWS][breadth];
                    int i = g0 * ROWS;
                    for (; i + ROWS <= end; i += ROWS) {
                        int at = ao + i * row + first * step;
                        load(ROWS, breadth, n, y, yo + i * n + from, sums);
                        int p = 0;
                        if (TALL) {
                            for (; p + 4 <= depth; p += 4) {
                                addSixteen(breadth, a, at + p * step, row, step, packed, p, sums);
                            }
                            for (int r = 0; r < ROWS; r++) {
                                addRest(breadth, a, at + r * row, step, p, depth, packed, sums[r]);
                            }
                        } else {
                            for (int r = 0; r < ROWS; r++) {
                                addRow(breadth, a, at + r * row, step, depth, packed, sums[r]);
                            }
                        }
                        store(ROWS, breadth, n, sums, y, yo + i * n + from);
                    }
                    load(end - i, breadth, n, y, yo + i * n + from, sums);
                    for (int r = 0; r < end - i; r++) {
                        addRow(breadth, a, ao + (i + r) * row + first * step, step, depth, packed, sums[r]);
                    }
                    store(end - i, breadth, n, sums, y, yo + i * n + from);
                });
            }
        }
    }

    private static void load(int rows, int count, int n, float[] y, int at, float[][] sums) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(y, at + r * n, sums[r], 0, count);
        }
    }

    private static void store(int rows, int count, int n, float[][] sums, float[] y, int at) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(sums[r], 0, y, at + r * n, count);
        }
    }

    private static void addRow(int n, float[] a, int at, int step, int depth, float[][] packed, float[] y) {
        int p = 0;
        for (; p + 8 <= depth; p += 8) {
            addEight(n, a, at + p * step, step, packed, p, y);
        }
        addRest(n, a, at, step, p, depth, packed, y);
    }

    private static void addRest(int n, float[] a, int at, int step, int p, int depth, float[][] packed, float[] y) {
        if (p + 4 <= depth) {
            addFour(n, a, at + p * step, step, packed, p, y);
            p += 4;
        }
        for (; p < depth; p++) {
            addOne(n, a[at + p * step], packed[p], y);
        }
    }

    /** Four rows by four of k. */
    private static void addSixteen(
            int n, float[] a, int at, int row, int step, float[][] packed, int p, float[][] sums) {
        float[] b0 = packed[p];
        float[] b1 = packed[p + 1];
        float[] b2 = packed[p + 2];
        float[] b3 = packed[p + 3];
        float[] y0 = sums[0];
        float[] y1 = sums[1];
        float[] y2 = sums[2];
        float[] y3 = sums[3];
        float a00 = a[at];
        float a01 = a[at + step];
        float a02 = a[at + 2 * step];
        float a03 = a[at + 3 * step];
        float a10 = a[at + row];
        float a11 = a[at + row + step];
        float a12 = a[at + row + 2 * step];
        float a13 = a[at + row + 3 * step];
        float a20 = a[at + 2 * row];
        float a21 = a[at + 2 * row + step];
        float a22 = a[at + 2 * row + 2 * step];
        float a23 = a[at + 2 * row + 3 * step];
        float a30 = a[at + 3 * row];
        float a31 = a[at + 3 * row + step];
        float a32 = a[at + 3 * row + 2 * step];
        float a33 = a[at + 3 * row + 3 * step];
        for (int j = 0; j < n; j++) {
            y0[j] = Math.fma(a03, b3[j], Math.fma(a02, b2[j], Math.fma(a01, b1[j], Math.fma(a00, b0[j], y0[j]))));
            y1[j] = Math.fma(a13, b3[j], Math.fma(a12, b2[j], Math.fma(a11, b1[j], Math.fma(a10, b0[j], y1[j]))));
            y2[j] = Math.fma(a23, b3[j], Math.fma(a22, b2[j], Math.fma(a21, b1[j], Math.fma(a20, b0[j], y2[j]))));
            y3[j] = Math.fma(a33, b3[j], Math.fma(a32, b2[j], Math.fma(a31, b1[j], Math.fma(a30, b0[j], y3[j]))));
        }
    }

    /** One row by eight of k. */
    private static void addEight(int n, float[] a, int at, int step, float[][] packed, int p, float[] y) {
        float[] b0 = packed[p];
        float[] b1 = packed[p + 1];
        float[] b2 = packed[p + 2];
        float[] b3 = packed[p + 3];
        float[] b4 = packed[p + 4];
        float[] b5 = packed[p + 5];
        float[] b6 = packed[p + 6];
        float[] b7 = packed[p + 7];
        float a0 = a[at];
        float a1 = a[at + step];
        float a2 = a[at + 2 * step];
        float a3 = a[at + 3 * step];
        float a4 = a[at + 4 * step];
        float a5 = a[at + 5 * step];
        float a6 = a[at + 6 * step];
        float a7 = a[at + 7 * step];
        for (int j = 0; j < n; j++) {
            float low = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], y[j]))));
            y[j] = Math.fma(a7, b7[j], Math.fma(a6, b6[j], Math.fma(a5, b5[j], Math.fma(a4, b4[j], low))));
        }
    }

    private static void addFour(int n, float[] a, int at, int step, float[][] packed, int p, float[] y) {
        float a0 = a[at];
        float a1 = a[at + step];
        float a2 = a[at + 2 * step];
        float a3 = a[at + 3 * step];
        float[] b0 = packed[p];
        float[] b1 = packed[p + 1];
        float[] b2 = packed[p + 2];
        float[] b3 = packed[p + 3];
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], y[j]))));
        }
    }

    private static void addOne(int n, float c, float[] b, float[] y) {
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(c, b[j], y[j]);
        }
    }
}
