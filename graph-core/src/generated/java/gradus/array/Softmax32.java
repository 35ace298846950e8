package gradus.array;

import java.util.Arrays;

/**
 * logSumExp, softmax and logSoftmax over the rows of a matrix [m, n] held in an array, exact to a few ulp for inputs of
 * any size: the largest element is subtracted, and the rounding error of the difference is corrected in its
 * exponential. As the largest element's own exponential is then 1, the logarithm is taken as {@code log1p} of the
 * others' sum, which keeps a loss of 1e-20 from turning into 0.
 *
 * <p>A row of nothing but -inf, as a mask may leave it, has logSumExp -inf, softmax 0 and logSoftmax -inf.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Softmax32 {
    private static final SoftmaxLoops32 LOOPS = Loops.SOFTMAX32;
    private static final NormLoops32 SUMS = Loops.NORM32;
    private static final Loops32.Zip EXP = Loops.F32.zip(PartialFunction.EXP_OF_DIFFERENCE);
    private static final Loops32.Map EXPONENTIAL = Loops.F32.map(UnaryFunction.EXP);

    /** Rows shorter than this are one loop together, as a loop for each would have little to do. */
    private static final int SHORT_ROW = 32;
    /** Elements of rows that are taken at a time. */
    private static final int ELEMENTS = 1024;
    /** Elements of a row that are summed in one block, whose sums are added wide. */
    private static final int BLOCK = 256;

    /** Elements from which rows are divided among threads. */
    private static final int LARGE = 1 << 14;

    private Softmax32() {}

    static void logSumExp(int m, int n, float[] x, float[] y) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            Rows rows = new Rows(m, n, x);
            float[] e = new float[rows.count * n];
            for (int i = from; i < to; i += rows.count) {
                int count = Math.min(rows.count, to - i);
                rows.exponentials(i, count, e, 0);
                rows.logarithms(count, e, 0);
                for (int j = 0; j < count; j++) {
                    boolean infinite = rows.max[j] == Double.POSITIVE_INFINITY;
                    y[i + j] = infinite ? rows.max[j] : (float) (rows.max[j] + rows.sums[j]);
                }
            }
        });
    }

    static void softmax(int m, int n, float[] x, float[] y) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            Rows rows = new Rows(m, n, x);
            for (int i = from; i < to; i += rows.count) {
                int count = Math.min(rows.count, to - i);
                rows.exponentials(i, count, y, i * n);
                for (int j = 0; j < count; j++) {
                    multiply(n, y, (i + j) * n, (float) (1 / rows.positiveSum(j)));
                    rows.writeIfInfinite(i + j, rows.max[j], y, 0);
                }
            }
        });
    }

    static void logSoftmax(int m, int n, float[] x, float[] y) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            Rows rows = new Rows(m, n, x);
            for (int i = from; i < to; i += rows.count) {
                int count = Math.min(rows.count, to - i);
                rows.exponentials(i, count, y, i * n);
                rows.logarithms(count, y, i * n);
                for (int j = 0; j < count; j++) {
                    float log = (float) rows.sums[j];
                    log = log == Double.NEGATIVE_INFINITY ? 0 : log; // all are -inf and stay so
                    subtract(n, x, y, (i + j) * n, rows.max[j], log);
                    rows.writeIfInfinite(i + j, rows.max[j], y, (float) Double.NEGATIVE_INFINITY);
                }
            }
        });
    }

    /** Writes {@code gx = gy softmax(x)} for gy of one element for each row: the gradient of logSumExp. */
    static void logSumExpGradient(int m, int n, float[] x, float[] gy, float[] gx) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            Rows rows = new Rows(m, n, x);
            for (int i = from; i < to; i += rows.count) {
                int count = Math.min(rows.count, to - i);
                rows.exponentials(i, count, gx, i * n);
                for (int j = 0; j < count; j++) {
                    multiply(n, gx, (i + j) * n, (float) (gy[i + j] / rows.positiveSum(j)));
                    rows.writeIfInfinite(i + j, rows.max[j], gx, 0 * gy[i + j]);
                }
            }
        });
    }

    /** Writes {@code gx = y (gy - sum(y gy))} for y a softmax: two passes over each row, which stays in the cache. */
    static void softmaxGradient(int m, int n, float[] y, float[] gy, float[] gx) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            float[] lanes = new float[LOOPS.lanes()];
            for (int at = from * n; at < to * n; at += n) {
                if (n < SHORT_ROW) {
                    /*wide*/ double sum = 0;
                    for (int j = at; j < at + n; j++) {
                        sum += gy[j] * y[j];
                    }
                    float rounded = (float) sum;
                    for (int j = at; j < at + n; j++) {
                        gx[j] = y[j] * (gy[j] - rounded);
                    }
                    continue;
                }
                /*wide*/ double sum = 0;
                for (int j = 0; j < n; j += BLOCK) {
                    LOOPS.products(Math.min(BLOCK, n - j), y, gy, at + j, lanes);
                    sum += drain(lanes);
                }
                LOOPS.gradient(n, y, gy, gx, at, (float) sum);
            }
        });
    }

    /** Writes {@code gx = gy - e^y sum(gy)} for y a logSoftmax: two passes over each row, which stays in the cache. */
    static void logSoftmaxGradient(int m, int n, float[] y, float[] gy, float[] gx) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            if (n < SHORT_ROW) {
                logSoftmaxGradientOfShortRows(from, to, n, y, gy, gx);
                return;
            }
            float[] lanes = new float[2 * SUMS.lanes()];
            for (int at = from * n; at < to * n; at += n) {
                /*wide*/ double sum = 0;
                for (int j = 0; j < n; j += BLOCK) {
                    SUMS.sum(Math.min(BLOCK, n - j), gy, at + j, lanes);
                    sum += drain(lanes);
                }
                LOOPS.logGradient(n, y, gy, gx, at, (float) sum);
            }
        });
    }

    private static void logSoftmaxGradientOfShortRows(int from, int to, int n, float[] y, float[] gy, float[] gx) {
        int count = Math.max(1, ELEMENTS / n);
        for (int i = from; i < to; i += count) {
            int end = Math.min(to, i + count) * n;
            EXPONENTIAL.run(end - i * n, y, i * n, gx, i * n);
            for (int at = i * n; at < end; at += n) {
                float sum = (float) Loops.F32.sum(n, gy, at);
                for (int j = at; j < at + n; j++) {
                    gx[j] = gy[j] - gx[j] * sum;
                }
            }
        }
    }

    private static void multiply(int n, float[] y, int at, float c) {
        if (n >= SHORT_ROW) {
            LOOPS.multiply(n, y, at, c);
            return;
        }
        for (int j = at; j < at + n; j++) {
            y[j] *= c;
        }
    }

    private static void subtract(int n, float[] x, float[] y, int at, float a, float b) {
        if (n >= SHORT_ROW) {
            LOOPS.subtract(n, x, y, at, a, b);
            return;
        }
        for (int j = at; j < at + n; j++) {
            y[j] = x[j] - a - b;
        }
    }

    /** Returns the sum of numbers over which one is spread, and sets them to 0. */
    private static /*wide*/ double drain(float... lanes) {
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        for (int j = 0; j < lanes.length; j += 4) {
            s0 += lanes[j];
            s1 += lanes[j + 1];
            s2 += lanes[j + 2];
            s3 += lanes[j + 3];
        }
        Arrays.fill(lanes, 0);
        return s0 + s1 + (s2 + s3);
    }

    /** What is computed of several rows at a time, all of which stay in the cache. */
    private static final class Rows {
        private final int n;
        private final float[] x;
        /** How many rows there are at most. */
        final int count;
        /** The largest element of each row, 0 for -inf. */
        final float[] max;
        /** The sum of the exponentials of each row, or its logarithm. */
        final /*wide*/ double[] sums;

        private final float[] lanes = new float[LOOPS.lanes()];
        /** For short rows: the largest element of its row for each element. */
        private final float[] each;

        Rows(int m, int n, float[] x) {
            this.n = n;
            this.x = x;
            count = Math.max(1, Math.min(m, ELEMENTS / n));
            max = new float[count];
            sums = new /*wide*/ double[count];
            each = new float[n < SHORT_ROW ? count * n : 0];
        }

        /** Computes the largest elements of rows, the exponentials of the distances from them, and the sums of these. */
        void exponentials(int first, int rows, float[] e, int eo) {
            for (int i = 0; i < rows; i++) {
                float largest = Loops.F32.max(n, x, (first + i) * n);
                max[i] = largest == Double.NEGATIVE_INFINITY ? 0 : largest;
            }
            if (n < SHORT_ROW) {
                exponentialsOfShortRows(first, rows, e, eo);
                return;
            }
            for (int i = 0; i < rows; i++) {
                int at = (first + i) * n;
                int to = eo + i * n;
                /*wide*/ double sum = 0;
                for (int j = 0; j < n; j += BLOCK) {
                    LOOPS.exponentials(Math.min(BLOCK, n - j), x, at + j, max[i], e, to + j, lanes);
                    sum += drain(lanes);
                }
                sums[i] = sum;
            }
        }

        private void exponentialsOfShortRows(int first, int rows, float[] e, int eo) {
            for (int i = 0; i < rows; i++) {
                Arrays.fill(each, i * n, (i + 1) * n, max[i]);
            }
            EXP.run(rows * n, x, first * n, 1, each, 0, 1, e, eo);
            for (int i = 0; i < rows; i++) {
                sums[i] = Loops.F32.sum(n, e, eo + i * n);
            }
        }

        /** Returns the sum of the exponentials of a row, 1 if all are 0. */
        /*wide*/ double positiveSum(int i) {
            return sums[i] == 0 ? 1 : sums[i];
        }

        /** Replaces the sums by their logarithms; the exponentials, of which the largest is 1, or all are 0, are lost. */
        void logarithms(int rows, float[] e, int eo) {
            for (int i = 0; i < rows; i++) {
                sums[i] = sumWithoutMaximum(sums[i], e, eo + i * n);
            }
            Loops.WIDE.map(UnaryFunction.LOG1P).run(rows, sums, 0, sums, 0);
        }

        /** Returns the sum of exponentials but for a 1; where the others are not large, the 1 is taken from the row. */
        private /*wide*/ double sumWithoutMaximum(/*wide*/ double sum, float[] e, int at) {
            if (!(sum > 0 && sum < 2)) {
                return sum - 1;
            }
            int maximum = at;
            while (e[maximum] != 1) {
                maximum++;
            }
            e[maximum] = 0;
            return Loops.F32.sum(n, e, at);
        }

        /** Writes a row if it has an infinite element: the others are as if it were a very large one, and it is NaN. */
        void writeIfInfinite(int row, float largest, float[] y, float others) {
            if (largest != Double.POSITIVE_INFINITY) {
                return;
            }
            int infinite = 0;
            for (int j = row * n; j < row * n + n; j++) {
                infinite += x[j] == Double.POSITIVE_INFINITY ? 1 : 0;
            }
            for (int j = row * n; j < row * n + n; j++) {
                y[j] = infinite == 1 && x[j] < Double.POSITIVE_INFINITY ? others : (float) Double.NaN;
            }
        }
    }
}
