package gradus.array;

/**
 * logSumExp, softmax and logSoftmax over the rows of a matrix [m, n] held in an array, exact to a few ulp for inputs of
 * any size: the largest element is subtracted, and as its own exponential is then 1, the logarithm is taken as
 * {@code log1p} of the others' sum, which keeps a loss of 1e-20 from turning into 0.
 *
 * <p>A row of nothing but -inf, as a mask may leave it, has logSumExp -inf, softmax 0 and logSoftmax -inf.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Softmax32 {
    private Softmax32() {}

    static void logSumExp(int m, int n, float[] x, float[] y) {
        for (int i = 0; i < m; i++) {
            int top = largest(n, x, i * n);
            /*wide*/ double max = x[top];
            y[i] = Double.isInfinite(max) ? (float) max : (float) (max + Math.log1p(others(n, x, i * n, top)));
        }
    }

    static void softmax(int m, int n, float[] x, float[] y) {
        for (int i = 0; i < m; i++) {
            int at = i * n;
            int top = largest(n, x, at);
            /*wide*/ double max = x[top];
            if (max == Double.NEGATIVE_INFINITY) {
                continue; // y is zero already
            }
            /*wide*/ double total = 1 + others(n, x, at, top);
            for (int j = at; j < at + n; j++) {
                y[j] = (float) (Math.exp(x[j] - max) / total);
            }
        }
    }

    static void logSoftmax(int m, int n, float[] x, float[] y) {
        for (int i = 0; i < m; i++) {
            int at = i * n;
            int top = largest(n, x, at);
            /*wide*/ double max = x[top];
            if (max == Double.NEGATIVE_INFINITY) {
                System.arraycopy(x, at, y, at, n);
                continue;
            }
            /*wide*/ double log = Math.log1p(others(n, x, at, top));
            for (int j = at; j < at + n; j++) {
                y[j] = (float) ((x[j] - max) - log);
            }
        }
    }

    /** Returns where the row's largest element is. A NaN is passed on: as the maximum or through the sum. */
    private static int largest(int n, float[] x, int at) {
        int top = at;
        for (int j = at + 1; j < at + n; j++) {
            if (!(x[j] <= x[top])) {
                top = j;
            }
        }
        return top;
    }

    /** Returns the sum of the exponentials of all elements but the largest, relative to it. */
    private static /*wide*/ double others(int n, float[] x, int at, int top) {
        /*wide*/ double max = x[top];
        /*wide*/ double s = 0;
        for (int j = at; j < at + n; j++) {
            s += j == top ? 0 : Math.exp(x[j] - max);
        }
        return s;
    }
}
