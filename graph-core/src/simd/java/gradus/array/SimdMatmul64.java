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
 * why elements of a can be read in place, with any distance between rows and between columns: a need not be
 * packed, and whether it is transposed makes no difference. Machines of 256 bits have 16 registers: six by two.
 *
 * <p><b>Panels.</b> A tile reads a strip of b, four vectors wide, row by row. In a wide matrix those rows lie far apart, in
 * as many pages of memory, and compete for the same lines of the cache. So the strips are packed, each row after the
 * other: a panel. Packing costs one load and store for each element of b, against m multiply-adds. If b is transposed
 * it is transposed while it is packed. Rows of a narrow matrix lie close together: for few rows of a, it is read in place.
 *
 * <p><b>Order.</b> Some panels next to each other fit into a core's second cache. For each six rows of a, which fit into the
 * first cache, they are all gone through. They have many rows, as each tile must be loaded and stored once per panel.
 *
 * <p><b>Edges.</b> What is left on the right is a narrower tile, see {@link SimdTiles64}; what is left at the bottom is a tile
 * whose last row is computed several times. Both write the same number more than once rather than leave registers idle.
 *
 * <p><b>Threads</b> share the rows of tiles, and each packs the panels that it reads: what another core has just written
 * would come late, and nobody waits for anybody. Panels follow each other along k, so an element is summed in the order of
 * k, whoever computes it.
 */
final class SimdMatmul64 implements Matmul64 {
    private static final int L = SimdTiles64.L;
    private static final int ROWS = SimdTiles64.ROWS;
    /** Columns of a full strip. */
    private static final int WIDE = SimdTiles64.WIDE;
    /** Rows of a panel, at most. */
    private static final int DEPTH = 384;
    /** Panels next to each other, at most, which are gone through for six rows of a. */
    private static final int SIDE = 4;
    /** Columns up to which b is narrow: 1 KiB. */
    private static final int NARROW = 1024 * 8 / DoubleVector.SPECIES_PREFERRED.elementSize();
    /** Rows of a up to which a narrow b is read in place and not from panels, which would have to be packed. */
    private static final int FEW = 192;
    /** Multiply-adds up to which another thread is not worth waking. */
    private static final long ALONE = 1 << 19;

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
        boolean large = (long) n * m * k > ALONE;
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
        } else if (n < SimdTiles64.LEAST) {
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
        private final int high;
        /** How many strips there are, and how many of them are gone through for a row of tiles. */
        private final int strips;

        private final int side;
        /** What threads know panels of this product by; not the product, which they would keep from being forgotten. */
        private final Object mark = new Object();

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
            direct = !tb && (m <= ROWS || m <= FEW && n <= NARROW);
            high = (m + ROWS - 1) / ROWS;
            strips = SimdTiles64.strips(n);
            side = Math.max(1, Math.min(SIDE, strips / (isLarge() ? Workers.parts() : 1)));
        }

        private boolean isLarge() {
            return (long) m * n * k > ALONE;
        }

        void run() {
            Workers.split((strips + side - 1) / side * high, isLarge(), this);
        }

        @Override
        public void run(int from, int to) {
            Panels panels = direct ? null : PANELS.get();
            int most = k > LONG ? BLOCK : evenly(k);
            double[] sums = k > LONG ? new double[ROWS * WIDE] : null;
            for (int p = 0; p < k; p += most) {
                int depth = Math.min(most, k - p);
                for (int u = from, end; u < to; u = end) {
                    int strip = u / high * side;
                    end = Math.min(to, (u / high + 1) * high);
                    if (!direct && panels.areNew(mark, strip, p, side * WIDE * depth)) {
                        pack(strip, p, depth, panels.room);
                    }
                    for (int v = u; v < end; v++) {
                        addRow(v % high * ROWS, strip, p, depth, direct ? b : panels.room, sums);
                    }
                }
            }
        }

        /** Adds to a row of tiles; by way of sums from zero, if there is an array for them. */
        private void addRow(int i, int strip, int p, int depth, double[] from, double[] sums) {
            int rows = Math.min(ROWS, m - i);
            int at = ao + i * row + p * step;
            for (int s = strip; s < Math.min(strip + side, strips); s++) {
                int j = SimdTiles64.start(s, n);
                int columns = SimdTiles64.start(s + 1, n) - j;
                int bt = direct ? bo + p * n + j : (s - strip) * WIDE * depth;
                int next = direct ? n : whole(columns);
                double[] out = sums == null ? y : sums;
                int ot = sums == null ? yo + i * n + j : 0;
                int on = sums == null ? n : WIDE;
                if (sums != null) {
                    Arrays.fill(sums, 0);
                }
                SimdTiles64.of(columns).add(columns, depth, a, at, row, step, rows, from, bt, next, out, ot, on);
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
            for (int s = strip; s < Math.min(strip + side, strips); s++) {
                int j = SimdTiles64.start(s, n);
                int columns = SimdTiles64.start(s + 1, n) - j;
                int at = (s - strip) * WIDE * depth;
                if (tb) {
                    Transpose64.transpose(depth, columns, b, bo + j * inner + p, inner, to, at, whole(columns));
                } else {
                    copy(b, bo + p * n + j, n, depth, columns, to, at);
                }
            }
        }
    }

    /** The panels that a thread packed last. */
    private static final class Panels {
        private double[] room = {};
        private Object mark;
        private int strip;
        private int first;

        /** Returns whether panels are not those that are here, for which there is room then. */
        boolean areNew(Object mark, int strip, int first, int size) {
            if (this.mark == mark && this.strip == strip && this.first == first) {
                return false;
            }
            this.mark = mark;
            this.strip = strip;
            this.first = first;
            if (room.length < size) {
                room = new double[size];
            }
            return true;
        }
    }

    /** Returns a number of columns rounded up to whole vectors: the distance between rows of a panel. */
    private static int whole(int columns) {
        return (columns + L - 1) / L * L;
    }

    /** Returns how many rows each block of b has, so that all have about as many. */
    private static int evenly(int k) {
        int blocks = Math.max(1, (k + DEPTH - 1) / DEPTH);
        return Math.max(1, (k + blocks - 1) / blocks);
    }

    /** Packs some rows and columns of a matrix, whose rows are n apart; up to whole vectors, with whatever comes next. */
    private static void copy(double[] b, int bt, int n, int rows, int columns, double[] to, int at) {
        int width = whole(columns);
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
