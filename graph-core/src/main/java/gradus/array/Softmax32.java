package gradus.array;

import java.util.Arrays;

/**
 * logSumExp, softmax and logSoftmax over the rows of a matrix [m, n] held in an array, exact to a few ulp for inputs of
 * any size: the largest element is subtracted, and what that difference loses is given back to its exponential. As the
 * largest element's own exponential is then 1, the logarithm is taken as {@code log1p} of the others' sum, which keeps a
 * loss of 1e-20 from turning into 0.
 *
 * <p>A row of nothing but -inf, as a mask may leave it, has logSumExp -inf, softmax 0 and logSoftmax -inf.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Softmax32 {
    private static final Loops32.Zip EXP = Loops.F32.zip(Pairwise.EXP_OF_DISTANCE);
    private static final Loops32.Zip SUB = Loops.F32.zip(Pairwise.SUB);
    private static final Loops32.Zip DIV = Loops.F32.zip(Pairwise.DIV);

    /** Rows shorter than this are taken several at a time, so that one loop has more to do. */
    private static final int SHORT = 128;

    private static final int LARGE = 1 << 14;

    private Softmax32() {}

    static void logSumExp(int m, int n, float[] x, float[] y) {
        rows(m, n, (from, to) -> {
            float[] e = new float[(to - from) * n];
            exponentials(to - from, n, x, from * n, y, from, e, 0);
            /*wide*/ double[] logs = logsOfSums(to - from, n, e, 0);
            for (int i = from; i < to; i++) {
                if (y[i] != Double.POSITIVE_INFINITY) {
                    y[i] = (float) (y[i] + logs[i - from]);
                }
            }
        });
    }

    static void softmax(int m, int n, float[] x, float[] y) {
        rows(m, n, (from, to) -> {
            float[] max = new float[to - from];
            float[] total = new float[1];
            exponentials(to - from, n, x, from * n, max, 0, y, from * n);
            for (int i = from; i < to; i++) {
                total[0] = (float) Loops.F32.sum(n, y, i * n);
                if (max[i - from] == Double.POSITIVE_INFINITY) {
                    besideInfinity(n, x, i * n, y, 0);
                } else if (total[0] != 0) {
                    DIV.run(n, y, i * n, 1, total, 0, 0, y, i * n);
                }
            }
        });
    }

    static void logSoftmax(int m, int n, float[] x, float[] y) {
        rows(m, n, (from, to) -> {
            float[] max = new float[to - from];
            float[] log = new float[1];
            exponentials(to - from, n, x, from * n, max, 0, y, from * n);
            /*wide*/ double[] logs = logsOfSums(to - from, n, y, from * n);
            for (int i = from; i < to; i++) {
                int at = i * n;
                log[0] = (float) logs[i - from];
                if (max[i - from] == Double.POSITIVE_INFINITY) {
                    besideInfinity(n, x, at, y, (float) Double.NEGATIVE_INFINITY);
                } else if (log[0] == Double.NEGATIVE_INFINITY) {
                    System.arraycopy(x, at, y, at, n);
                } else {
                    SUB.run(n, x, at, 1, max, i - from, 0, y, at);
                    SUB.run(n, y, at, 1, log, 0, 0, y, at);
                }
            }
        });
    }

    /** Runs a loop over rows, some at a time where they are short. */
    private static void rows(int m, int n, Workers.Body body) {
        int some = n < SHORT ? 1024 / n : 1;
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            for (int i = from; i < to; i += some) {
                body.run(i, Math.min(to, i + some));
            }
        });
    }

    /** Writes the largest element of each of m rows, 0 for -inf, and the exponentials of the distances from it. */
    private static void exponentials(int m, int n, float[] x, int xo, float[] max, int mo, float[] e, int eo) {
        for (int i = 0; i < m; i++) {
            float top = Loops.F32.max(n, x, xo + i * n);
            max[mo + i] = top == Double.NEGATIVE_INFINITY ? 0 : top;
        }
        if (m == 1) {
            EXP.run(n, x, xo, 1, max, mo, 0, e, eo);
            return;
        }
        float[] c = new float[m * n];
        for (int i = 0; i < m; i++) {
            Arrays.fill(c, i * n, i * n + n, max[mo + i]);
        }
        EXP.run(m * n, x, xo, 1, c, 0, 1, e, eo);
    }

    /** Writes a row that has an infinite element: the others are as if it were a very large one, and it is NaN. */
    private static void besideInfinity(int n, float[] x, int at, float[] y, float others) {
        int infinite = 0;
        for (int j = at; j < at + n; j++) {
            infinite += x[j] == Double.POSITIVE_INFINITY ? 1 : 0;
        }
        for (int j = at; j < at + n; j++) {
            y[j] = infinite == 1 && x[j] < Double.POSITIVE_INFINITY ? others : (float) Double.NaN;
        }
    }

    /** Returns the logarithms of the sums of rows of exponentials, of which the largest is 1, or all are 0. */
    private static /*wide*/ double[] logsOfSums(int m, int n, float[] e, int eo) {
        /*wide*/ double[] s = new /*wide*/ double[m];
        for (int i = 0; i < m; i++) {
            s[i] = othersThanOne(n, e, eo + i * n);
        }
        Loops.WIDE.map(Elementwise.LOG1P).run(m, s, 0, s, 0);
        return s;
    }

    /** Returns the sum of exponentials but for a 1; where the others are not large, the 1 is taken from the row. */
    private static /*wide*/ double othersThanOne(int n, float[] e, int at) {
        /*wide*/ double s = Loops.F32.sum(n, e, at);
        if (!(s > 0 && s < 2)) {
            return s - 1;
        }
        int top = at;
        while (e[top] != 1) {
            top++;
        }
        e[top] = 0;
        return Loops.F32.sum(n, e, at);
    }
}
