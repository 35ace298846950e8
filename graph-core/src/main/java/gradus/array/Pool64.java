package gradus.array;

import java.util.Arrays;

/**
 * Pooling over double arrays. Each thread computes whole planes, so the order of additions does not depend on the
 * number of threads.
 */
final class Pool64 {
    private Pool64() {}

    /** Writes each window's largest element and its position in the whole array. */
    static void max(PoolGeometry g, double[] x, double[] y, int[] indices) {
        boolean halving = g.isHalving();
        boolean separable = !halving && Loops.SIMD && g.isSeparable();
        int rows = g.slices.windows() * g.rows.windows();
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            Separable s = separable ? new Separable(g, x) : null;
            double[] positions = halving ? new double[g.columns.windows() + Loops.POOL64.lanes()] : null;
            int end = to * rows * g.columns.windows();
            for (int i = from * rows; i < to * rows; i++) {
                if (halving) {
                    halve(g, i, x, y, end, indices, positions);
                } else if (separable) {
                    s.row(i, y, indices);
                } else {
                    row(g, i, x, y, indices);
                }
            }
        });
    }

    /** Rows of outputs, computed from the largest element of each column of the rows of their windows. */
    private static final class Separable {
        private final PoolGeometry g;
        private final double[] x;
        /** The starts of the rows of a window. */
        private final int[] starts;
        /** The largest element of each column, with padding, and its position in its plane. */
        private final double[] values;

        private final double[] positions;
        /** The largest element of each window that starts at a column, and its position. */
        private final double[] largest;

        private final double[] largestPositions;
        /** The number of columns up to the last at which a window starts. */
        private final int columns;

        Separable(PoolGeometry g, double[] x) {
            this.g = g;
            this.x = x;
            PoolAxis c = g.columns;
            int lanes = Loops.POOL64.lanes();
            starts = new int[g.slices.size * g.rows.size];
            columns = (c.windows() - 1) * c.stride + 1;
            int whole = (columns + lanes - 1) / lanes * lanes;
            int size = Math.max(c.before + c.n + lanes, whole + (int) c.extent);
            values = new double[size];
            positions = new double[size];
            Arrays.fill(values, (double) Double.NEGATIVE_INFINITY);
            Arrays.fill(positions, (double) Double.POSITIVE_INFINITY);
            largest = new double[whole];
            largestPositions = new double[whole];
        }

        void row(int i, double[] y, int[] indices) {
            int oh = g.rows.windows();
            int slice = i / oh % g.slices.windows();
            int row = i % oh;
            int plane = i / oh / g.slices.windows() * g.plane();
            PoolAxis c = g.columns;
            int rows = 0;
            for (int s = g.slices.first[slice]; s < g.slices.end[slice]; s += g.slices.dilation) {
                for (int r = g.rows.first[row]; r < g.rows.end[row]; r += g.rows.dilation) {
                    starts[rows++] = plane + (s * g.rows.n + r) * c.n;
                }
            }
            Loops.POOL64.ofRows(c.n, rows, starts, plane, x, values, positions, c.before);
            Loops.POOL64.ofColumns(columns, c.size, c.step(), values, positions, largest, largestPositions);
            int out = i * c.windows();
            for (int j = 0; j < c.windows(); j++) {
                y[out + j] = largest[j * c.stride];
                indices[out + j] = plane + (int) largestPositions[j * c.stride];
            }
        }
    }

    /**
     * Does it for row i of outputs, counted over all planes. Which of two numbers is larger is unpredictable for a branch, so the
     * sign of their difference is used as a mask. It says nothing of a NaN or an infinity, which the sum tells.
     */
    private static void row(PoolGeometry g, int i, double[] x, double[] y, int[] indices) {
        int oh = g.rows.windows();
        int slice = i / oh % g.slices.windows();
        int plane = i / oh / g.slices.windows() * g.plane();
        int w = g.columns.n;
        int ow = g.columns.windows();
        int[] box = {
            g.slices.first[slice], g.slices.end[slice], g.rows.first[i % oh], g.rows.end[i % oh],
        };
        for (int j = 0; j < ow; j++) {
            int first = plane + (box[0] * g.rows.n + box[2]) * w + g.columns.first[j];
            int best = first;
            /*wide*/ double sum = 0;
            /*wide*/ double largest = x[first];
            for (int s = box[0]; s < box[1]; s += g.slices.dilation) {
                for (int r = box[2]; r < box[3]; r += g.rows.dilation) {
                    int start = plane + (s * g.rows.n + r) * w;
                    for (int p = start + g.columns.first[j]; p < start + g.columns.end[j]; p += g.columns.dilation) {
                        /*wide*/ double v = x[p];
                        sum += v;
                        long larger = Double.doubleToRawLongBits(largest - v + 0.0) >> 63;
                        best ^= (best ^ p) & (int) larger;
                        long bits = Double.doubleToRawLongBits(largest);
                        bits ^= (bits ^ Double.doubleToRawLongBits(v)) & larger;
                        largest = Double.longBitsToDouble(bits);
                    }
                }
            }
            best = Double.isFinite(sum) ? best : best(g, box, plane, j, x);
            y[i * ow + j] = x[best];
            indices[i * ow + j] = best;
        }
    }

    /** Returns the position of the largest element of window j in some slices and rows, where there may be NaN or infinity. */
    private static int best(PoolGeometry g, int[] box, int plane, int j, double[] x) {
        int best = plane + (box[0] * g.rows.n + box[2]) * g.columns.n + g.columns.first[j];
        for (int s = box[0]; s < box[1]; s += g.slices.dilation) {
            for (int r = box[2]; r < box[3]; r += g.rows.dilation) {
                int start = plane + (s * g.rows.n + r) * g.columns.n;
                for (int p = start + g.columns.first[j]; p < start + g.columns.end[j]; p += g.columns.dilation) {
                    best = best(best, p, x);
                }
            }
        }
        return best;
    }

    /** Does the same for windows of 2 x 2 side by side. */
    private static void halve(
            PoolGeometry g, int i, double[] x, double[] y, int end, int[] indices, double[] positions) {
        int oh = g.rows.windows();
        int ow = g.columns.windows();
        int first = (i / oh * g.rows.n + i % oh * 2) * g.columns.n;
        int done = Loops.POOL64.ofSquares(ow, x, first, first + g.columns.n, y, i * ow, end, positions);
        for (int j = 0; j < done; j++) {
            indices[i * ow + j] = first + (int) positions[j];
        }
        int p = first + 2 * done;
        for (int j = i * ow + done; j < (i + 1) * ow; j++, p += 2) {
            int q = p + g.columns.n;
            double sum = x[p] + x[p + 1] + x[q] + x[q + 1];
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

    private static int best(int p, int q, double[] x) {
        return x[q] > x[p] || Double.isNaN(x[q]) ? q : p;
    }

    /** Gathers the elements at the positions. */
    static void gather(boolean large, double[] x, double[] y, int[] indices) {
        Workers.split(y.length, large, (from, to) -> {
            for (int j = from; j < to; j++) {
                y[j] = x[indices[j]];
            }
        });
    }

    /** Adds the elements at the positions, of which those of different planes differ. */
    static void scatterAdd(int planes, boolean large, double[] y, double[] x, int[] indices) {
        int windows = planes == 0 ? 0 : y.length / planes;
        Workers.split(planes, large, (from, to) -> {
            for (int j = from * windows; j < to * windows; j++) {
                x[indices[j]] += y[j];
            }
        });
    }

    /** Writes each window's mean. */
    static void mean(PoolGeometry g, boolean padding, double[] x, double[] y) {
        int oh = g.rows.windows();
        int ow = g.columns.windows();
        int w = g.columns.n;
        int rows = g.slices.windows() * oh;
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            /*wide*/ double[] sums = new /*wide*/ double[w];
            for (int i = from * rows; i < to * rows; i++) {
                int slice = i / oh % g.slices.windows();
                int plane = i / rows * g.plane();
                Arrays.fill(sums, 0);
                for (int s = g.slices.first[slice]; s < g.slices.end[slice]; s += g.slices.dilation) {
                    for (int r = g.rows.first[i % oh]; r < g.rows.end[i % oh]; r += g.rows.dilation) {
                        int start = plane + (s * g.rows.n + r) * w;
                        for (int c = 0; c < w; c++) {
                            sums[c] += x[start + c];
                        }
                    }
                }
                int count = g.slices.count(slice, padding) * g.rows.count(i % oh, padding);
                for (int j = 0; j < ow; j++) {
                    /*wide*/ double sum = 0;
                    for (int c = g.columns.first[j]; c < g.columns.end[j]; c += g.columns.dilation) {
                        sum += sums[c];
                    }
                    y[i * ow + j] = (double) (sum / ((/*wide*/ double) count * g.columns.count(j, padding)));
                }
            }
        });
    }

    /** Adds each element, divided by the number of elements of its window, to all of them. */
    static void meanGradient(PoolGeometry g, boolean padding, double[] y, double[] x) {
        int oh = g.rows.windows();
        int ow = g.columns.windows();
        int w = g.columns.n;
        int rows = g.slices.windows() * oh;
        Workers.split(g.planes(), g.isLarge(), (from, to) -> {
            double[] parts = new double[w];
            for (int i = from * rows; i < to * rows; i++) {
                int slice = i / oh % g.slices.windows();
                int plane = i / rows * g.plane();
                int count = g.slices.count(slice, padding) * g.rows.count(i % oh, padding);
                Arrays.fill(parts, 0);
                for (int j = 0; j < ow; j++) {
                    double part = (double) (y[i * ow + j] / ((/*wide*/ double) count * g.columns.count(j, padding)));
                    for (int c = g.columns.first[j]; c < g.columns.end[j]; c += g.columns.dilation) {
                        parts[c] += part;
                    }
                }
                for (int s = g.slices.first[slice]; s < g.slices.end[slice]; s += g.slices.dilation) {
                    for (int r = g.rows.first[i % oh]; r < g.rows.end[i % oh]; r += g.rows.dilation) {
                        int start = plane + (s * g.rows.n + r) * w;
                        for (int c = 0; c < w; c++) {
                            x[start + c] += parts[c];
                        }
                    }
                }
            }
        });
    }
}
