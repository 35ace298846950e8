package gradus.array;

import java.util.Arrays;

/**
 * {@link BlockAttention} over double arrays.
 *
 * <p>What a query does not attend to has the weight 0. In a product of matrices 0 times NaN or infinity is NaN; so where there
 * may be such numbers, products are computed again, or from the start, as sums over the keys that each query attends to.
 */
final class BlockAttention64 {
    private static final Loops64.Zip EXP = Loops.F64.zip(PartialFunction.EXP_OF_DIFFERENCE);
    private static final Loops64.Zip MUL = Loops.F64.zip(BinaryFunction.MUL);

    /** Rows shorter than this are one loop together, as a loop for each would have little to do. */
    private static final int SHORT_ROW = 64;

    private BlockAttention64() {}

    /** Writes the result, and the largest score and the factor of each row; all are zeros at first. */
    static void forward(
            AttentionGeometry g, double[] q, double[] k, double[] v, double[] y, double[] max, double[] factor) {
        int blocks = blocks(g);
        Workers.split(g.batch * blocks, g.isLarge(), (from, to) -> {
            Block block = new Block(g, q, k, v, y, max, factor, false);
            for (int u = from; u < to; u++) {
                block.forward(u / blocks, u % blocks * g.rows);
            }
        });
    }

    /** Adds the gradients of the operands to zeros. Each thread computes those of whole matrices of the batch. */
    static void gradients(
            AttentionGeometry g,
            double[] q,
            double[] k,
            double[] v,
            double[] y,
            double[] max,
            double[] factor,
            double[] gy,
            double[] gq,
            double[] gk,
            double[] gv) {
        int blocks = blocks(g);
        Workers.split(g.batch, g.isLarge(), (from, to) -> {
            Block block = new Block(g, q, k, v, y, max, factor, true);
            for (int b = from; b < to; b++) {
                block.exact = !block.isFinite(b, gy);
                for (int i = 0; i < blocks; i++) {
                    block.backward(b, i * g.rows, gy, gq, gk, gv);
                }
            }
        });
    }

    private static int blocks(AttentionGeometry g) {
        return g.n == 0 ? 0 : (g.n + g.rows - 1) / g.rows;
    }

    /** The scores of some queries over some keys, and the operands. */
    private static final class Block {
        private final AttentionGeometry g;
        private final double[] q;
        private final double[] k;
        private final double[] v;
        private final double[] y;
        private final double[] max;
        private final double[] factor;
        private final double[] scale;
        /** The queries of the block, multiplied by the scale. */
        private final double[] queries;
        /** The scores, and then the weights, of the block. */
        private final double[] s;
        /** What is subtracted from each row's scores before the exponential: the largest of them, or 0 if all are -infinity. */
        private final double[] shift;
        /** The same for each score of short rows. */
        private final double[] shifts;
        /** The weights after dropout. */
        private final double[] dropped;
        /** The gradients of the result, multiplied by the factors of the rows. */
        private final double[] g1;
        /** The products of those and the result. */
        private final double[] products;
        /** The sums of these products over each row. */
        private final double[] sums;
        /** The gradients of the weights, and then of the scores, of the block. */
        private final double[] gs;
        /** Which queries of the block have a gradient that is not all zeros. */
        private final boolean[] live;

        /** Whether products are sums over the keys that a query attends to, as there may be numbers that are not finite. */
        private boolean exact;

        Block(
                AttentionGeometry g,
                double[] q,
                double[] k,
                double[] v,
                double[] y,
                double[] max,
                double[] factor,
                boolean gradients) {
            this.g = g;
            this.q = q;
            this.k = k;
            this.v = v;
            this.y = y;
            this.max = max;
            this.factor = factor;
            scale = new double[] {(double) g.scale};
            queries = new double[g.rows * g.d];
            s = new double[g.rows * g.columns];
            shift = new double[g.rows];
            shifts = g.columns < SHORT_ROW ? new double[s.length] : null;
            dropped = gradients && g.isDropped() ? new double[s.length] : s;
            g1 = gradients ? new double[g.rows * g.e] : null;
            products = gradients ? new double[g.rows * g.e] : null;
            sums = gradients ? new double[g.rows] : null;
            gs = gradients ? new double[s.length] : null;
            live = new boolean[g.rows];
            Arrays.fill(live, true);
        }

        void forward(int b, int i) {
            int rows = Math.min(g.rows, g.n - i);
            int row = b * g.n + i;
            exact = false;
            forward(b, i, rows);
            for (int r = row; r < row + rows && g.isHiding(); r++) {
                if (Double.isFinite(max[r]) && !Double.isFinite(Loops.F64.sum(g.e, y, r * g.e))) {
                    exact = true;
                    Arrays.fill(y, r * g.e, (r + 1) * g.e, 0);
                    factor[r] = 0;
                    forward(b, i + r - row, 1);
                }
            }
        }

        private void forward(int b, int i, int rows) {
            int row = b * g.n + i;
            loadQueries(row, rows);
            Arrays.fill(max, row, row + rows, (double) Double.NEGATIVE_INFINITY);
            int end = g.end(i + rows, g.m);
            for (int j = 0; j < end; j += g.columns) {
                int columns = Math.min(g.columns, g.m - j);
                loadScores(b, i, j, rows, columns);
                for (int r = 0; r < rows; r++) {
                    shift[r] = largest(row + r, r * columns, columns);
                }
                exponentials(rows, columns, shift, 0);
                for (int r = 0; r < rows; r++) {
                    factor[row + r] += (double) Loops.F64.sum(columns, s, r * columns);
                }
                if (g.isDropped()) {
                    drop(b, i, j, rows, columns, s, s);
                }
                addProduct(b, i, j, rows, columns, s, v, (b * g.m + j) * g.e, g.e, y, row * g.e);
            }
            for (int r = row; r < row + rows; r++) {
                max[r] = max[r] == Double.NEGATIVE_INFINITY ? 0 : max[r];
                factor[r] = factor[r] == 0 ? 0 : 1 / factor[r];
                MUL.run(g.e, y, r * g.e, 1, factor, r, 0, y, r * g.e);
            }
        }

        /** Returns the largest score of a row so far, 0 if all are -infinity, and scales what was added for smaller ones. */
        private double largest(int row, int at, int columns) {
            double before = max[row];
            double largest = Math.max(before, Loops.F64.max(columns, s, at));
            max[row] = largest;
            if (factor[row] > 0 && largest > before) {
                double smaller = (double) Math.exp(before - largest);
                factor[row] *= smaller;
                for (int c = row * g.e; c < (row + 1) * g.e; c++) {
                    y[c] *= smaller;
                }
            }
            return largest == Double.NEGATIVE_INFINITY ? 0 : largest;
        }

        /** Replaces scores by the exponentials of their distances from a number for each row. */
        private void exponentials(int rows, int columns, double[] subtracted, int from) {
            if (shifts == null) {
                for (int r = 0; r < rows; r++) {
                    EXP.run(columns, s, r * columns, 1, subtracted, from + r, 0, s, r * columns);
                }
                return;
            }
            for (int r = 0; r < rows; r++) {
                Arrays.fill(shifts, r * columns, (r + 1) * columns, subtracted[from + r]);
            }
            EXP.run(rows * columns, s, 0, 1, shifts, 0, 1, s, 0);
        }

        /**
         * With p the weights, {@code gv = p^T gy}; with {@code gp = gy v^T}, the gradient of the scores is {@code gs = p (gp - the sum
         * of p gp over the row)}, where that sum is the one of {@code gy y}. The factor of a row is applied to gy, not to the weights.
         */
        void backward(int b, int i, double[] gy, double[] gq, double[] gk, double[] gv) {
            int rows = Math.min(g.rows, g.n - i);
            int row = b * g.n + i;
            loadQueries(row, rows);
            for (int r = 0; r < rows; r++) {
                MUL.run(g.e, gy, (row + r) * g.e, 1, factor, row + r, 0, g1, r * g.e);
            }
            MUL.run(rows * g.e, g1, 0, 1, y, row * g.e, 1, products, 0);
            for (int r = 0; r < rows; r++) {
                sums[r] = (double) Loops.F64.sum(g.e, products, r * g.e);
            }
            if (exact) {
                findLive(row, rows, gy);
            }
            int end = g.end(i + rows, g.m);
            for (int j = 0; j < end; j += g.columns) {
                int columns = Math.min(g.columns, g.m - j);
                int key = b * g.m + j;
                loadScores(b, i, j, rows, columns);
                exponentials(rows, columns, max, row);
                Arrays.fill(gs, 0, rows * columns, 0);
                Loops.MATMUL64.product(rows, columns, g.e, g1, 0, false, v, key * g.e, true, gs, 0);
                if (g.isDropped()) {
                    drop(b, i, j, rows, columns, s, dropped);
                    drop(b, i, j, rows, columns, gs, gs);
                }
                addTransposed(b, i, j, rows, columns, dropped, g1, g.e, gv, key * g.e);
                for (int r = 0; r < rows; r++) {
                    scoreGradients(s, gs, r * columns, columns, sums[r]);
                }
                addProduct(b, i, j, rows, columns, gs, k, key * g.d, g.d, gq, row * g.d);
                addTransposed(b, i, j, rows, columns, gs, queries, g.d, gk, key * g.d);
            }
            MUL.run(rows * g.d, gq, row * g.d, 1, scale, 0, 0, gq, row * g.d);
        }

        private static void scoreGradients(double[] p, double[] gp, int at, int n, double sum) {
            for (int c = at; c < at + n; c++) {
                gp[c] = p[c] * (gp[c] - sum);
            }
        }

        /** Returns whether no number that is not finite can reach the gradients of matrix b of the batch. */
        private boolean isFinite(int b, double[] gy) {
            /*wide*/ double sum = Loops.F64.sum(g.n * g.e, y, b * g.n * g.e) + Loops.F64.sum(g.n, max, b * g.n);
            if (g.isHiding()) { // else a number that is not finite has reached all rows of the result, or one of them
                sum += Loops.F64.sum(g.n * g.d, q, b * g.n * g.d)
                        + Loops.F64.sum(g.m * g.d, k, b * g.m * g.d)
                        + Loops.F64.sum(g.m * g.e, v, b * g.m * g.e)
                        + Loops.F64.sum(g.n * g.e, gy, b * g.n * g.e);
            }
            return Double.isFinite(sum);
        }

        private void findLive(int row, int rows, double[] gy) {
            for (int r = 0; r < rows; r++) {
                live[r] = false;
                for (int c = (row + r) * g.e; c < (row + r + 1) * g.e; c++) {
                    live[r] |= gy[c] != 0;
                }
            }
        }

        /** Adds {@code w x} to y: w [rows, columns], x [columns, n], y [rows, n]. */
        private void addProduct(
                int b, int i, int j, int rows, int columns, double[] w, double[] x, int xo, int n, double[] y, int yo) {
            if (!exact) {
                Loops.MATMUL64.product(rows, n, columns, w, 0, false, x, xo, false, y, yo);
                return;
            }
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    if (live[r] && attends(b, i + r, j + c)) {
                        addMultiple(n, w[r * columns + c], x, xo + c * n, y, yo + r * n);
                    }
                }
            }
        }

        /** Adds {@code w^T x} to y: w [rows, columns], x [rows, n], y [columns, n]. */
        private void addTransposed(
                int b, int i, int j, int rows, int columns, double[] w, double[] x, int n, double[] y, int yo) {
            if (!exact) {
                Loops.MATMUL64.product(columns, n, rows, w, 0, true, x, 0, false, y, yo);
                return;
            }
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    if (live[r] && attends(b, i + r, j + c)) {
                        addMultiple(n, w[r * columns + c], x, r * n, y, yo + c * n);
                    }
                }
            }
        }

        private static void addMultiple(int n, double w, double[] x, int xo, double[] y, int yo) {
            for (int c = 0; c < n; c++) {
                y[yo + c] += w * x[xo + c];
            }
        }

        private boolean attends(int b, int i, int j) {
            return j < g.end(i + 1, g.m) && (!g.isMasked() || g.attends(b, i, j));
        }

        private void loadQueries(int row, int rows) {
            MUL.run(rows * g.d, q, row * g.d, 1, scale, 0, 0, queries, 0);
        }

        /** Computes scores; those of keys that a query does not attend to are -infinity. */
        private void loadScores(int b, int i, int j, int rows, int columns) {
            Arrays.fill(s, 0, rows * columns, 0);
            Loops.MATMUL64.product(rows, columns, g.d, queries, 0, false, k, (b * g.m + j) * g.d, true, s, 0);
            for (int r = 0; r < rows; r++) {
                int at = r * columns;
                int count = Math.max(0, g.end(i + r + 1, g.m) - j);
                if (count < columns) {
                    Arrays.fill(s, at + count, at + columns, (double) Double.NEGATIVE_INFINITY);
                }
                for (int c = 0; g.isMasked() && c < Math.min(count, columns); c++) {
                    if (!g.attends(b, i + r, j + c)) {
                        s[at + c] = (double) Double.NEGATIVE_INFINITY;
                    }
                }
            }
        }

        /** Writes x multiplied by what dropout keeps. */
        private void drop(int b, int i, int j, int rows, int columns, double[] x, double[] to) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    to[r * columns + c] = x[r * columns + c] * (double) g.kept(b, i + r, j + c);
                }
            }
        }
    }
}
