package gradus.array;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * The product on the Vector API, after Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (ACM
 * TOMS 34, 2008), fitted to what a just-in-time compiler can do.
 *
 * <p><b>The tile.</b> A multiply-add of vectors takes one cycle or half, but its result only comes after four, and a load
 * takes as long as the multiply-add it is for. So a piece of the result, six rows by four vectors, is kept in 24 registers
 * while k runs ({@link SimdTile64}): each step of k loads four vectors of b, spreads six elements of a over vectors, and does 24
 * multiply-adds that do not wait for each other. That leaves most of the loads that the machine could do idle, which is
 * why elements of a can be read where they lie, with any distance between rows and between columns: a need not be
 * packed, and whether it is transposed makes no difference. Machines of 256 bits have 16 registers: six by two.
 *
 * <p><b>Panels.</b> A tile reads a strip of b, four vectors wide, row by row. In a wide matrix those rows lie far apart, in
 * as many pages of memory, and compete for the same lines of the cache. So the strips are packed, each row after the
 * other: a panel. Packing costs one load and store for each element of b, against m multiply-adds. If b is transposed
 * it is turned while it is packed. Rows of a narrow matrix lie close together: where few rows of a are shared by
 * several threads, it is read as it lies, as lines that one core has just written come late to another.
 *
 * <p><b>Blocks.</b> Panels are made for a block of b at a time, which fits into a core's second cache. For each six rows
 * of a, which fit into the first cache, all strips of the block are gone through. A block has many rows, as each tile
 * must be loaded and stored once per block.
 *
 * <p><b>Edges.</b> What is left on the right is a tile of one to four vectors, of which the last may be ragged: it is
 * worked on in a copy. What is left at the bottom is a tile whose last row is computed several times.
 *
 * <p><b>Threads</b> share the packing of a block, by strips, and then its tiles. Blocks follow each other along k, so an
 * element is summed in the order of k, whoever computes it.
 */
final class SimdMatmul64 implements Matmul64 {
    private static final int L = SimdTile64.L;
    private static final int ROWS = SimdTile64.ROWS;
    /** Columns of a full strip. */
    private static final int WIDE = SimdTile64.S.vectorBitSize() == 256 ? 2 * L : 4 * L;
    /** Rows of b in a block, at most. */
    private static final int DEPTH = 384;
    /** Columns of b in a block: 2 KiB. */
    private static final int BREADTH = 2048 * 8 / SimdTile64.S.elementSize();
    /** Columns up to which b is narrow: 1 KiB. */
    private static final int NARROW = 1024 * 8 / SimdTile64.S.elementSize();
    /** Rows of a up to which threads read a narrow b as it lies: panels would have to go from one core to the others. */
    private static final int FEW = 192;
    /** Multiply-adds up to which another thread is not worth waking. */
    private static final long ALONE = 1 << 19;

    /** The panels of a block, kept by the thread that called; no larger than a block. */
    private static final ThreadLocal<double[]> PANELS = ThreadLocal.withInitial(() -> new double[0]);
    /** The copy of a ragged tile. */
    private static final ThreadLocal<double[]> RAGGED = ThreadLocal.withInitial(() -> new double[ROWS * WIDE]);

    @Override
    public void product(
            int m, int n, int k, double[] a, int ao, boolean ta, double[] b, int bo, boolean tb, double[] y, int yo) {
        boolean large = (long) n * m * k > ALONE;
        if (n == 1 && !ta) {
            Workers.split(
                    m, large, (from, to) -> SimdVector64.dots(to - from, k, a, ao + from * k, b, bo, y, yo + from));
        } else if (m == 1 && tb) {
            Workers.split(
                    n, large, (from, to) -> SimdVector64.dots(to - from, k, b, bo + from * k, a, ao, y, yo + from));
        } else if (n == 1) {
            Workers.split(
                    m, large, (from, to) -> SimdVector64.combine(to - from, k, b, bo, a, ao + from, m, y, yo + from));
        } else if (m == 1 && !tb) {
            Workers.split(
                    n, large, (from, to) -> SimdVector64.combine(to - from, k, a, ao, b, bo + from, n, y, yo + from));
        } else if (tb) {
            Operand64 turned = (p0, p1, j0, j1, w, to, at) -> turn(b, bo + j0 * k + p0, k, p1 - p0, j1 - j0, w, to, at);
            product(m, n, k, a, ao, ta, turned, y, yo);
        } else if (!large && n > 0 && n % L == 0 && n <= WIDE) { // b is a panel as it lies
            strip(m, n, k, a, ao, ta, b, bo, y, yo);
        } else if (large && m <= FEW && n <= NARROW) {
            narrow(m, n, k, a, ao, ta, b, bo, y, yo);
        } else {
            Operand64 plain = (p0, p1, j0, j1, w, to, at) -> copy(b, bo + p0 * n + j0, n, p1 - p0, j1 - j0, w, to, at);
            product(m, n, k, a, ao, ta, plain, y, yo);
        }
    }

    @Override
    public void product(int m, int n, int k, double[] a, int ao, boolean ta, Operand64 b, double[] y, int yo) {
        int row = ta ? 1 : k;
        int step = ta ? m : 1;
        int tiles = (m + ROWS - 1) / ROWS;
        int evenly = evenly(k);
        for (int j0 = 0; j0 < n; j0 += BREADTH) {
            int from = j0;
            int to = Math.min(n, j0 + BREADTH);
            int strips = (to - from + WIDE - 1) / WIDE;
            for (int p0 = 0; p0 < k; p0 += evenly) {
                int first = p0;
                int depth = Math.min(evenly, k - p0);
                double[] panels = panels(strips * WIDE * depth);
                boolean large = (long) m * (to - from) * depth > ALONE;
                Workers.split(strips, large, (s0, s1) -> {
                    for (int s = s0; s < s1; s++) {
                        int j = from + s * WIDE;
                        int end = Math.min(to, j + WIDE);
                        b.pack(first, first + depth, j, end, whole(end - j), panels, s * WIDE * depth);
                    }
                });
                Workers.split(tiles * strips, large, (u0, u1) -> {
                    double[] ragged = RAGGED.get();
                    for (int u = u0; u < u1; u++) {
                        int i = u / strips * ROWS;
                        int s = u % strips;
                        int rows = Math.min(ROWS, m - i);
                        int j = from + s * WIDE;
                        int columns = Math.min(to - j, WIDE);
                        int at = ao + i * row + first * step;
                        int bt = s * WIDE * depth;
                        int yt = yo + i * n + j;
                        int width = whole(columns);
                        add(columns, depth, a, at, row, step, rows, panels, bt, width, y, yt, n, ragged);
                    }
                });
            }
        }
    }

    /** The product with a matrix one strip wide, of whole vectors. */
    private static void strip(
            int m, int n, int k, double[] a, int ao, boolean ta, double[] b, int bo, double[] y, int yo) {
        int row = ta ? 1 : k;
        int step = ta ? m : 1;
        for (int i = 0; i < m; i += ROWS) {
            SimdTile64.add(n, k, a, ao + i * row, row, step, Math.min(ROWS, m - i), b, bo, n, y, yo + i * n, n);
        }
    }

    /**
     * The product with a matrix whose rows are short. A ragged tile reads past the end of a row of b, into the next, and
     * makes nothing of it; only for the last rows, past which there is no other, is a panel packed.
     */
    private static void narrow(
            int m, int n, int k, double[] a, int ao, boolean ta, double[] b, int bo, double[] y, int yo) {
        int row = ta ? 1 : k;
        int step = ta ? m : 1;
        int tiles = (m + ROWS - 1) / ROWS;
        int strips = (n + WIDE - 1) / WIDE;
        int evenly = evenly(k);
        int last = (strips - 1) * WIDE;
        int width = whole(n - last);
        int beyond = b.length - bo - last - width; // what is left of the array after a panel's first row
        int safe = beyond < 0 ? 0 : Math.min(k, beyond / n + 1);
        double[] end = safe == k ? b : panels((k - safe) * width);
        if (safe < k) {
            copy(b, bo + safe * n + last, n, k - safe, n - last, width, end, 0);
        }
        Workers.split(tiles * strips, true, (u0, u1) -> {
            double[] ragged = RAGGED.get();
            for (int p0 = 0; p0 < k; p0 += evenly) {
                int p1 = Math.min(k, p0 + evenly);
                for (int u = u0; u < u1; u++) {
                    int i = u / strips * ROWS;
                    int j = u % strips * WIDE;
                    int rows = Math.min(ROWS, m - i);
                    int columns = Math.min(n - j, WIDE);
                    int at = ao + i * row;
                    int yt = yo + i * n + j;
                    int until = j == last ? Math.max(p0, Math.min(p1, safe)) : p1;
                    if (p0 < until) {
                        int bt = bo + p0 * n + j;
                        add(columns, until - p0, a, at + p0 * step, row, step, rows, b, bt, n, y, yt, n, ragged);
                    }
                    if (until < p1) {
                        int bt = (until - safe) * width;
                        add(
                                columns,
                                p1 - until,
                                a,
                                at + until * step,
                                row,
                                step,
                                rows,
                                end,
                                bt,
                                width,
                                y,
                                yt,
                                n,
                                ragged);
                    }
                }
            }
        });
    }

    /** Adds to a tile of y that may be ragged. */
    private static void add(
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
            double[] y,
            int yt,
            int n,
            double[] ragged) {
        int width = whole(columns);
        if (width == columns) {
            SimdTile64.add(width, k, a, at, row, step, rows, b, bt, next, y, yt, n);
            return;
        }
        for (int r = 0; r < rows; r++) {
            System.arraycopy(y, yt + r * n, ragged, r * width, columns);
        }
        SimdTile64.add(width, k, a, at, row, step, rows, b, bt, next, ragged, 0, width);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(ragged, r * width, y, yt + r * n, columns);
        }
    }

    /** Returns a number of columns rounded up to whole vectors. */
    private static int whole(int columns) {
        return (columns + L - 1) / L * L;
    }

    /** Returns how many rows each block of b has, so that all have about as many. */
    private static int evenly(int k) {
        int blocks = Math.max(1, (k + DEPTH - 1) / DEPTH);
        return Math.max(1, (k + blocks - 1) / blocks);
    }

    private static double[] panels(int size) {
        double[] p = PANELS.get();
        if (p.length < size) {
            p = new double[size];
            PANELS.set(p);
        }
        return p;
    }

    /** Packs some rows and columns of a matrix, whose rows are n apart; up to the width, with whatever comes next. */
    private static void copy(double[] b, int bt, int n, int rows, int columns, int width, double[] to, int at) {
        int p = 0;
        for (; p < rows && bt + p * n + width <= b.length; p++) {
            for (int j = 0; j < width; j += L) {
                DoubleVector.fromArray(SimdTile64.S, b, bt + p * n + j).intoArray(to, at + p * width + j);
            }
        }
        for (; p < rows; p++) {
            System.arraycopy(b, bt + p * n, to, at + p * width, columns);
            Arrays.fill(to, at + p * width + columns, at + (p + 1) * width, 0);
        }
    }

    /** Packs some columns of a matrix that is stored transposed, k apart, four at a time. */
    private static void turn(double[] b, int bt, int k, int rows, int columns, int width, double[] to, int at) {
        int j = 0;
        for (; j + 4 <= columns; j += 4) {
            int f = bt + j * k;
            int t = at + j;
            for (int p = 0; p < rows; p++) {
                to[t] = b[f + p];
                to[t + 1] = b[f + k + p];
                to[t + 2] = b[f + 2 * k + p];
                to[t + 3] = b[f + 3 * k + p];
                t += width;
            }
        }
        for (; j < width; j++) {
            for (int p = 0; p < rows; p++) {
                to[at + p * width + j] = j < columns ? b[bt + j * k + p] : 0;
            }
        }
    }
}
