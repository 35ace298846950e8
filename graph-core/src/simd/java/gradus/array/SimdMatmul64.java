package gradus.array;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * The product on the Vector API, after Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (ACM
 * TOMS 34, 2008), fitted to what a just-in-time compiler can do.
 *
 * <p><b>The tile.</b> A multiply-add of vectors takes one cycle or half, but its result only comes after four, and a load
 * takes as long as the multiply-add it is for. So a tile of the result, eight rows by three vectors, is kept in 24 registers
 * while k runs ({@link SimdTile64}): each step of k loads three vectors of b, spreads eight elements of a over vectors, and does
 * 24 multiply-adds that do not wait for each other. Elements of a can be read in place, with any distance between rows and
 * between columns. Machines of 256 bits have 16 registers: six rows by two vectors.
 *
 * <p><b>Panels.</b> A tile reads a strip of b, three vectors wide, row by row. In a wide matrix those rows lie far apart, in
 * as many pages of memory, and compete for the same lines of the cache. So the strips are packed, each row after the
 * other: a panel. Packing costs one load and store for each element of b, against m multiply-adds. If b is transposed
 * it is transposed while it is packed. Rows of a narrow matrix lie close together: for few rows of a, it is read in place.
 *
 * <p><b>Order.</b> Some panels next to each other fit into a core's second cache. For each row of tiles, whose rows of a fit
 * into the first cache, all of them are read. They have many rows, as each tile must be loaded and stored once per panel.
 * If there are several panels, the rows of a are packed too, column by column, which C2 reads with fewer checks of indices.
 *
 * <p><b>Edges.</b> What is left on the right is a narrower tile, see {@link SimdTiles64}; what is left at the bottom is a tile
 * whose last row is computed several times. Both write the same number more than once rather than leave registers idle.
 *
 * <p><b>Threads</b> share the rows of tiles, and each packs the panels that it reads: what another core has just written
 * would come late, and no thread waits for another. Panels follow each other along k, so an element is summed in the order of
 * k, whoever computes it.
 */
final class SimdMatmul64 implements Matmul64 {
    private static final int L = SimdTiles64.L;
    private static final int ROWS = SimdTiles64.ROWS;
    /** Columns of a full strip. */
    private static final int WIDE = SimdTiles64.MAX_COLUMNS;
    /** Rows of a panel, at most. */
    private static final int PANEL_ROWS = 384;
    /** Panels next to each other, at most, which are read for a row of tiles. */
    private static final int MAX_PANELS = 8;
    /** Rows of tiles in a part from which all parts may read, and pack, the same panels. */
    private static final int MIN_TILE_ROWS = 16;
    /** Panels next to each other from which packing the rows of a pays. */
    private static final int PACK_ROWS_FROM_PANELS = 4;
    /** Columns up to which b is narrow: 1 KiB. */
    private static final int MAX_NARROW_COLUMNS = 1024 * 8 / DoubleVector.SPECIES_PREFERRED.elementSize();
    /** Rows of a up to which a narrow b is read in place and not from panels, which would have to be packed. */
    private static final int MAX_UNPACKED_ROWS = 192;
    /** Multiply-adds up to which one thread computes a product. */
    private static final long SINGLE_THREADED = 1 << 19;

    private static final ThreadLocal<Panels> PANELS = ThreadLocal.withInitial(Panels::new);

    private final PlainMatmul64 plain = new PlainMatmul64();

    @Override
    public void add(
            int m,
            int n,
            int k,
            int inner,
            double[] a,
            int ao,
            boolean ta,
            double[] b,
            int bo,
            boolean tb,
            double[] y,
            int yo) {
        boolean large = (long) n * m * k > SINGLE_THREADED;
        if (n == 1 && !ta) {
            Workers.split(
                    m,
                    large,
                    (from, to) -> SimdVector64.dots(to - from, k, a, ao + from * inner, inner, b, bo, y, yo + from));
        } else if (m == 1 && tb) {
            Workers.split(
                    n,
                    large,
                    (from, to) -> SimdVector64.dots(to - from, k, b, bo + from * inner, inner, a, ao, y, yo + from));
        } else if (n == 1) {
            Workers.split(
                    m,
                    large,
                    (from, to) -> SimdVector64.combineBlocks(to - from, k, b, bo, a, ao + from, m, y, yo + from));
        } else if (m == 1) {
            Workers.split(
                    n,
                    large,
                    (from, to) -> SimdVector64.combineBlocks(to - from, k, a, ao, b, bo + from, n, y, yo + from));
        } else if (n < SimdTiles64.MIN_COLUMNS) {
            plain.add(m, n, k, inner, a, ao, ta, b, bo, tb, y, yo);
        } else {
            new Tiles(m, n, k, inner, a, ao, ta, b, bo, tb, y, yo).run();
        }
    }

    /** One product of matrices, whose parts are rows of tiles: all those below each other in some strips, then in the next. */
    private static final class Tiles implements Workers.Body {
        private final int m;
        private final int n;
        private final int k;
        private final int inner;
        private final double[] a;
        private final int ao;
        /** The distance between rows of a. */
        private final int row;
        /** The distance between columns of a. */
        private final int step;

        private final double[] b;
        private final int bo;
        private final boolean tb;
        private final double[] y;
        private final int yo;

        /** Whether b is read in place, not from panels. */
        private final boolean direct;
        /** How many tiles are below each other. */
        private final int tileRows;
        /** How many strips there are, and how many of them are read for a row of tiles. */
        private final int strips;

        private final int panelCount;
        /** Identifies the panels of this product; not the product itself, which threads would keep reachable. */
        private final Object product = new Object();

        Tiles(
                int m,
                int n,
                int k,
                int inner,
                double[] a,
                int ao,
                boolean ta,
                double[] b,
                int bo,
                boolean tb,
                double[] y,
                int yo) {
            this.m = m;
            this.n = n;
            this.k = k;
            this.inner = inner;
            this.a = a;
            this.ao = ao;
            this.row = ta ? 1 : inner;
            this.step = ta ? m : 1;
            this.b = b;
            this.bo = bo;
            this.tb = tb;
            this.y = y;
            this.yo = yo;
            direct = !tb && (m <= ROWS || m <= MAX_UNPACKED_ROWS && n <= MAX_NARROW_COLUMNS);
            tileRows = (m + ROWS - 1) / ROWS;
            strips = SimdTiles64.strips(n);
            int parts = isLarge() ? Workers.parts() : 1;
            boolean tall = tileRows >= MIN_TILE_ROWS * parts;
            panelCount = Math.max(1, Math.min(MAX_PANELS, tall ? strips : strips / parts));
        }

        private boolean isLarge() {
            return (long) m * n * k > SINGLE_THREADED;
        }

        void run() {
            Workers.split((strips + panelCount - 1) / panelCount * tileRows, isLarge(), this);
        }

        @Override
        public void run(int from, int to) {
            Panels panels = direct ? null : PANELS.get();
            int maxDepth = k > BLOCKED_ABOVE ? BLOCK : blockSize(k);
            double[] sums = k > BLOCKED_ABOVE ? new double[ROWS * WIDE] : null;
            double[] packed = panelCount >= PACK_ROWS_FROM_PANELS ? new double[ROWS * maxDepth] : null;
            for (int p = 0; p < k; p += maxDepth) {
                int depth = Math.min(maxDepth, k - p);
                for (int u = from, end; u < to; u = end) {
                    int strip = u / tileRows * panelCount;
                    end = Math.min(to, (u / tileRows + 1) * tileRows);
                    if (!direct && panels.load(product, strip, p, panelCount * WIDE * depth)) {
                        pack(strip, p, depth, panels.buffer);
                    }
                    for (int v = u; v < end; v++) {
                        addRow(v % tileRows * ROWS, strip, p, depth, direct ? b : panels.buffer, packed, sums);
                    }
                }
            }
        }

        /**
         * Adds to a row of tiles.
         *
         * @param packed room for the rows of a, or null to read them in place
         * @param sums room for sums from zero, or null for sums that continue those of y
         */
        private void addRow(int i, int strip, int p, int depth, double[] from, double[] packed, double[] sums) {
            int at = ao + i * row + p * step;
            if (packed == null) {
                addRow(i, strip, p, depth, a, at, row, step, from, sums);
                return;
            }
            int rows = Math.min(ROWS, m - i);
            if (row == 1) {
                for (int q = 0; q < depth; q++) {
                    System.arraycopy(a, at + q * step, packed, q * ROWS, rows);
                }
            } else {
                Transpose64.transpose(depth, rows, a, at, row, packed, 0, ROWS);
            }
            addRow(i, strip, p, depth, packed, 0, 1, ROWS, from, sums);
        }

        /** Adds to a row of tiles, given where its rows of a are. */
        private void addRow(
                int i,
                int strip,
                int p,
                int depth,
                double[] a,
                int at,
                int row,
                int step,
                double[] from,
                double[] sums) {
            int rows = Math.min(ROWS, m - i);
            for (int s = strip; s < Math.min(strip + panelCount, strips); s++) {
                int j = SimdTiles64.start(s, n);
                int columns = SimdTiles64.start(s + 1, n) - j;
                int bt = direct ? bo + p * n + j : (s - strip) * WIDE * depth;
                int next = direct ? n : roundedUp(columns);
                double[] out = sums == null ? y : sums;
                int ot = sums == null ? yo + i * n + j : 0;
                int on = sums == null ? n : WIDE;
                if (sums != null) {
                    Arrays.fill(sums, 0);
                }
                SimdTiles64.of(columns, rows, row, false)
                        .add(columns, depth, a, at, row, step, rows, from, bt, next, null, 0, out, ot, on);
                if (sums != null) {
                    addSums(rows, columns, sums, yo + i * n + j);
                }
            }
        }

        private void addSums(int rows, int columns, double[] sums, int yt) {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < columns; j++) {
                    y[yt + r * n + j] += sums[r * WIDE + j];
                }
            }
        }

        private void pack(int strip, int p, int depth, double[] to) {
            for (int s = strip; s < Math.min(strip + panelCount, strips); s++) {
                int j = SimdTiles64.start(s, n);
                int columns = SimdTiles64.start(s + 1, n) - j;
                int at = (s - strip) * WIDE * depth;
                if (tb) {
                    Transpose64.transpose(depth, columns, b, bo + j * inner + p, inner, to, at, roundedUp(columns));
                } else {
                    copy(b, bo + p * n + j, n, depth, columns, to, at);
                }
            }
        }
    }

    /** The panels that a thread packed last. */
    private static final class Panels {
        private double[] buffer = {};
        private Object product;
        private int strip;
        private int first;

        /** Returns whether panels are not those that are here, for which there is room then. */
        boolean load(Object product, int strip, int first, int size) {
            if (this.product == product && this.strip == strip && this.first == first) {
                return false;
            }
            this.product = product;
            this.strip = strip;
            this.first = first;
            if (buffer.length < size) {
                buffer = new double[size];
            }
            return true;
        }
    }

    /** Returns a number of columns rounded up to whole vectors: the distance between rows of a panel. */
    private static int roundedUp(int columns) {
        return (columns + L - 1) / L * L;
    }

    /** Returns how many rows each block of b has, so that all have about as many. */
    private static int blockSize(int k) {
        int blocks = Math.max(1, (k + PANEL_ROWS - 1) / PANEL_ROWS);
        return Math.max(1, (k + blocks - 1) / blocks);
    }

    /** Packs some rows and columns of a matrix, whose rows are n apart; up to whole vectors, with whatever comes next. */
    private static void copy(double[] b, int bt, int n, int rows, int columns, double[] to, int at) {
        int width = roundedUp(columns);
        int p = 0;
        for (; p < rows && width <= b.length - bt - p * n; p++) {
            for (int j = 0; j < width; j += L) {
                DoubleVector.fromArray(DoubleVector.SPECIES_PREFERRED, b, bt + p * n + j)
                        .intoArray(to, at + p * width + j);
            }
        }
        for (; p < rows; p++) {
            System.arraycopy(b, bt + p * n, to, at + p * width, columns);
        }
    }
}
