package gradus.array;

/**
 * logSumExp, softmax and logSoftmax over the rows of a matrix [m, n] held in an array, exact to a few ulp for inputs of
 * any size: the largest element is subtracted, and the rounding error of the difference is corrected in its
 * exponential. As the largest element's own exponential is then 1, the logarithm is taken as {@code log1p} of the
 * others' sum, which keeps a loss of 1e-20 from turning into 0.
 *
 * <p>A row of nothing but -inf, as a mask may leave it, has logSumExp -inf, softmax 0 and logSoftmax -inf.
 */
final class Softmax64 {
    private static final Loops64.Zip EXP = Loops.F64.zip(PartialFunction.EXP_OF_DIFFERENCE);
    private static final Loops64.Zip SUB = Loops.F64.zip(BinaryFunction.SUB);
    private static final Loops64.Zip MUL = Loops.F64.zip(BinaryFunction.MUL);
    private static final Loops64.Map EXPONENTIAL = Loops.F64.map(UnaryFunction.EXP);
    private static final Loops64.Zip DIV = Loops.F64.zip(BinaryFunction.DIV);

    /** Rows shorter than this are one loop together, as a loop for each would have little to do. */
    private static final int SHORT_ROW = 32;
    /** Elements of rows that are taken at a time. */
    private static final int ELEMENTS = 1024;

    /** Elements from which rows are divided among threads. */
    private static final int LARGE = 1 << 14;

    private Softmax64() {}

    static void logSumExp(int m, int n, double[] x, double[] y) {
        rows(m, n, (from, to) -> {
            double[] e = new double[(to - from) * n];
            exponentials(to - from, n, x, from * n, y, from, e, 0);
            /*wide*/ double[] logs = logsOfSums(to - from, n, e, 0);
            for (int i = from; i < to; i++) {
                if (y[i] != Double.POSITIVE_INFINITY) {
                    y[i] = (double) (y[i] + logs[i - from]);
                }
            }
        });
    }

    static void softmax(int m, int n, double[] x, double[] y) {
        rows(m, n, (from, to) -> {
            int count = to - from;
            int at = from * n;
            double[] max = new double[count];
            double[] sums = new double[count];
            exponentials(count, n, x, at, max, 0, y, at);
            for (int i = 0; i < count; i++) {
                /*wide*/ double sum = Loops.F64.sum(n, y, at + i * n);
                sums[i] = sum == 0 ? 1 : (double) sum; // all are 0 and stay so
            }
            zipWithRows(DIV, count, n, y, at, sums, 0, y, at);
            writeInfiniteRows(count, n, x, at, max, y, 0);
        });
    }

    static void logSoftmax(int m, int n, double[] x, double[] y) {
        rows(m, n, (from, to) -> {
            int count = to - from;
            int at = from * n;
            double[] max = new double[count];
            double[] log = new double[count];
            exponentials(count, n, x, at, max, 0, y, at);
            /*wide*/ double[] logs = logsOfSums(count, n, y, at);
            for (int i = 0; i < count; i++) {
                log[i] = logs[i] == Double.NEGATIVE_INFINITY ? 0 : (double) logs[i]; // all are -inf and stay so
            }
            zipWithRows(SUB, count, n, x, at, max, 0, y, at);
            zipWithRows(SUB, count, n, y, at, log, 0, y, at);
            writeInfiniteRows(count, n, x, at, max, y, (double) Double.NEGATIVE_INFINITY);
        });
    }

    /** Writes {@code gx = y (gy - sum(y gy))} for y a softmax: a pass over each row, which stays in the cache. */
    static void softmaxGradient(int m, int n, double[] y, double[] gy, double[] gx) {
        rows(m, n, (from, to) -> {
            double[] sum = new double[1];
            double[] part = new double[n];
            for (int i = from; i < to; i++) {
                int at = i * n;
                if (n < SHORT_ROW) {
                    /*wide*/ double s = 0;
                    for (int j = at; j < at + n; j++) {
                        gx[j] = gy[j] * y[j];
                        s += gx[j];
                    }
                    double rounded = (double) s;
                    for (int j = at; j < at + n; j++) {
                        gx[j] -= y[j] * rounded;
                    }
                } else {
                    MUL.run(n, gy, at, 1, y, at, 1, gx, at);
                    sum[0] = (double) Loops.F64.sum(n, gx, at);
                    MUL.run(n, y, at, 1, sum, 0, 0, part, 0);
                    SUB.run(n, gx, at, 1, part, 0, 1, gx, at);
                }
            }
        });
    }

    /** Writes {@code gx = gy - e^y sum(gy)} for y a logSoftmax: a pass over each row, which stays in the cache. */
    static void logSoftmaxGradient(int m, int n, double[] y, double[] gy, double[] gx) {
        rows(m, n, (from, to) -> {
            int count = to - from;
            double[] sum = new double[1];
            double[] part = new double[count * n];
            EXPONENTIAL.run(count * n, y, from * n, part, 0);
            for (int i = 0; i < count; i++) {
                int at = (from + i) * n;
                sum[0] = (double) Loops.F64.sum(n, gy, at);
                if (n < SHORT_ROW) {
                    for (int j = 0; j < n; j++) {
                        gx[at + j] = gy[at + j] - part[i * n + j] * sum[0];
                    }
                } else {
                    MUL.run(n, part, i * n, 1, sum, 0, 0, part, i * n);
                    SUB.run(n, gy, at, 1, part, i * n, 1, gx, at);
                }
            }
        });
    }

    /** Runs a loop over rows, several at a time where they are not long. */
    private static void rows(int m, int n, Workers.Body body) {
        int count = Math.max(1, ELEMENTS / n);
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            for (int i = from; i < to; i += count) {
                body.run(i, Math.min(to, i + count));
            }
        });
    }

    /** Writes the largest element of each of m rows, 0 for -inf, and the exponentials of the distances from it. */
    private static void exponentials(int m, int n, double[] x, int xo, double[] max, int mo, double[] e, int eo) {
        for (int i = 0; i < m; i++) {
            double largest = Loops.F64.max(n, x, xo + i * n);
            max[mo + i] = largest == Double.NEGATIVE_INFINITY ? 0 : largest;
        }
        zipWithRows(EXP, m, n, x, xo, max, mo, e, eo);
    }

    /** Runs a loop over m rows and one number for each of them, at once. */
    private static void zipWithRows(
            Loops64.Zip f, int m, int n, double[] x, int xo, double[] c, int co, double[] y, int yo) {
        if (n >= SHORT_ROW) {
            for (int i = 0; i < m; i++) {
                f.run(n, x, xo + i * n, 1, c, co + i, 0, y, yo + i * n);
            }
            return;
        }
        double[] each = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                each[i * n + j] = c[co + i];
            }
        }
        f.run(m * n, x, xo, 1, each, 0, 1, y, yo);
    }

    /** Writes rows that have an infinite element: the others are as if it were a very large one, and it is NaN. */
    private static void writeInfiniteRows(int m, int n, double[] x, int xo, double[] max, double[] y, double others) {
        for (int i = 0; i < m; i++) {
            if (max[i] == Double.POSITIVE_INFINITY) {
                int infinite = 0;
                for (int j = xo + i * n; j < xo + i * n + n; j++) {
                    infinite += x[j] == Double.POSITIVE_INFINITY ? 1 : 0;
                }
                for (int j = xo + i * n; j < xo + i * n + n; j++) {
                    y[j] = infinite == 1 && x[j] < Double.POSITIVE_INFINITY ? others : (double) Double.NaN;
                }
            }
        }
    }

    /** Returns the logarithms of the sums of rows of exponentials, of which the largest is 1, or all are 0. */
    private static /*wide*/ double[] logsOfSums(int m, int n, double[] e, int eo) {
        /*wide*/ double[] s = new /*wide*/ double[m];
        for (int i = 0; i < m; i++) {
            s[i] = sumWithoutMaximum(n, e, eo + i * n);
        }
        Loops.WIDE.map(UnaryFunction.LOG1P).run(m, s, 0, s, 0);
        return s;
    }

    /** Returns the sum of exponentials but for a 1; where the others are not large, the 1 is taken from the row. */
    private static /*wide*/ double sumWithoutMaximum(int n, double[] e, int at) {
        /*wide*/ double s = Loops.F64.sum(n, e, at);
        if (!(s > 0 && s < 2)) {
            return s - 1;
        }
        int maximum = at;
        while (e[maximum] != 1) {
            maximum++;
        }
        e[maximum] = 0;
        return Loops.F64.sum(n, e, at);
    }
}
