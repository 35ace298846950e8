package gradus.array;

/**
 * Pooling over float arrays. Each thread computes whole planes, so the order of additions does not depend on the
 * number of threads.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Pool32 {
    private Pool32() {}

    /** Writes each window's largest element and its position in the whole array. */
    static void max(PoolGeometry g, float[] x, float[] y, int[] indices) {
        boolean halving = g.isHalving();
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            for (int i = from * g.oh; i < to * g.oh; i++) {
                if (halving) {
                    halve(g, i, x, y, indices);
                } else {
                    row(g, i, x, y, indices);
                }
            }
        });
    }

    private static void row(PoolGeometry g, int i, float[] x, float[] y, int[] indices) {
        int plane = i / g.oh * g.h;
        int top = g.firstRow(i % g.oh);
        int bottom = g.endRow(i % g.oh);
        for (int j = 0; j < g.ow; j++) {
            int left = g.firstColumn(j);
            int right = g.endColumn(j);
            int best = (plane + top) * g.w + left;
            for (int r = top; r < bottom; r += g.rows.dilation()) {
                for (int c = left; c < right; c += g.columns.dilation()) {
                    int p = (plane + r) * g.w + c;
                    best = best(best, p, x);
                }
            }
            y[i * g.ow + j] = x[best];
            indices[i * g.ow + j] = best;
        }
    }

    /**
     * Does the same for windows of 2 x 2 side by side. Which of two numbers is larger is unpredictable for a
     * branch, so the sign of their difference is used as an index.
     */
    private static void halve(PoolGeometry g, int i, float[] x, float[] y, int[] indices) {
        int p = (i / g.oh * g.h + i % g.oh * 2) * g.w;
        for (int j = i * g.ow; j < (i + 1) * g.ow; j++, p += 2) {
            int q = p + g.w;
            float sum = x[p] + x[p + 1] + x[q] + x[q + 1];
            int best;
            if (Double.isFinite(sum)) {
                int upper = p + second(x[p], x[p + 1]);
                int lower = q + second(x[q], x[q + 1]);
                best = upper + second(x[upper], x[lower]) * (lower - upper);
            } else { // a NaN or an infinity may be among them, for which the difference says nothing
                best = best(best(best(p, p + 1, x), q, x), q + 1, x);
            }
            y[j] = x[best];
            indices[j] = best;
        }
    }

    /** Returns 1 if the second is larger, else 0. */
    private static int second(/*wide*/ double a, /*wide*/ double b) {
        return (int) (Double.doubleToRawLongBits(a - b + 0.0) >>> 63); // + 0.0 makes -0 a 0
    }

    private static int best(int p, int q, float[] x) {
        return x[q] > x[p] || Double.isNaN(x[q]) ? q : p;
    }

    /** Gathers the elements at the positions. */
    static void gather(PoolGeometry g, float[] x, float[] y, int[] indices) {
        Workers.split(y.length, g.isLarge(), (from, to) -> {
            for (int j = from; j < to; j++) {
                y[j] = x[indices[j]];
            }
        });
    }

    /** Adds the elements at the positions. */
    static void scatterAdd(PoolGeometry g, float[] y, float[] x, int[] indices) {
        int windows = g.oh * g.ow;
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            for (int j = from * windows; j < to * windows; j++) {
                x[indices[j]] += y[j];
            }
        });
    }

    /** Writes each window's mean. */
    static void mean(PoolGeometry g, boolean padded, float[] x, float[] y) {
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            for (int i = from * g.oh; i < to * g.oh; i++) {
                int plane = i / g.oh * g.h;
                int top = g.firstRow(i % g.oh);
                int bottom = g.endRow(i % g.oh);
                for (int j = 0; j < g.ow; j++) {
                    int right = g.endColumn(j);
                    /*wide*/ double sum = 0;
                    for (int r = top; r < bottom; r += g.rows.dilation()) {
                        for (int c = g.firstColumn(j); c < right; c += g.columns.dilation()) {
                            sum += x[(plane + r) * g.w + c];
                        }
                    }
                    y[i * g.ow + j] = (float) (sum / count(g, padded, i % g.oh, j));
                }
            }
        });
    }

    /** Adds each element, divided by the number of elements of its window, to all of them. */
    static void meanGradient(PoolGeometry g, boolean padded, float[] y, float[] x) {
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            for (int i = from * g.oh; i < to * g.oh; i++) {
                int plane = i / g.oh * g.h;
                int top = g.firstRow(i % g.oh);
                int bottom = g.endRow(i % g.oh);
                for (int j = 0; j < g.ow; j++) {
                    int right = g.endColumn(j);
                    float part = y[i * g.ow + j] / count(g, padded, i % g.oh, j);
                    for (int r = top; r < bottom; r += g.rows.dilation()) {
                        for (int c = g.firstColumn(j); c < right; c += g.columns.dilation()) {
                            x[(plane + r) * g.w + c] += part;
                        }
                    }
                }
            }
        });
    }

    private static int count(PoolGeometry g, boolean padded, int i, int j) {
        return padded
                ? g.kh * g.kw
                : inside(g.firstRow(i), g.endRow(i), g.rows.dilation())
                        * inside(g.firstColumn(j), g.endColumn(j), g.columns.dilation());
    }

    private static int inside(int first, int end, int dilation) {
        return (end - first + dilation - 1) / dilation;
    }
}
