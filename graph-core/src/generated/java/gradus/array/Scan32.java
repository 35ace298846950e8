package gradus.array;

import java.util.function.IntConsumer;

/** Cumulative functions of the rows of a matrix [m, n] held in an array: element j of a result depends on elements 0 to j of the row. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Scan32 {
    /** Elements from which rows are divided among threads. */
    private static final int LARGE = 1 << 14;

    private Scan32() {}

    /** Writes the position of the largest element up to each, the last of equals; NaN is the largest. */
    static void cumargmax(int m, int n, float[] x, float[] y) {
        rows(m, n, row -> {
            int best = row;
            for (int j = row; j < row + n; j++) {
                best = x[j] >= x[best] || Double.isNaN(x[j]) ? j : best;
                y[j] = best - row;
            }
        });
    }

    /** Writes the position of the smallest element up to each, the last of equals; NaN is the smallest. */
    static void cumargmin(int m, int n, float[] x, float[] y) {
        rows(m, n, row -> {
            int best = row;
            for (int j = row; j < row + n; j++) {
                best = x[j] <= x[best] || Double.isNaN(x[j]) ? j : best;
                y[j] = best - row;
            }
        });
    }

    /**
     * Writes the logarithm of the sum of the exponentials up to each element, {@code max + ln(1 + s)}. The sum s is that of the
     * exponentials of the distances from the largest element so far, without that element's own, which is 1.
     */
    static void logCumSumExp(int m, int n, float[] x, float[] y) {
        rows(m, n, row -> {
            /*wide*/ double max = Double.NEGATIVE_INFINITY;
            /*wide*/ double s = -1; // of no element: 1 + s is 0
            for (int j = row; j < row + n; j++) {
                if (x[j] > max) {
                    s = (1 + s) * Math.exp(max - x[j]);
                    max = x[j];
                } else if (x[j] != Double.NEGATIVE_INFINITY) {
                    s += x[j] == max ? 1 : Math.exp(x[j] - max); // infinity minus infinity is NaN
                }
                y[j] = (float) (max + Math.log1p(s));
            }
        });
    }

    /** Writes {@code y[j] = a[j] y[j - 1] + x[j]}, with 0 before the first element. */
    static void recurrence(int m, int n, float[] x, float[] a, float[] y) {
        rows(m, n, row -> {
            /*wide*/ double s = 0;
            for (int j = row; j < row + n; j++) {
                s = j == row ? x[j] : a[j] * s + x[j];
                y[j] = (float) s;
            }
        });
    }

    /** Writes {@code y[j] = a[j] y[j + 1] + x[j]}, with 0 after the last element. */
    static void recurrenceReverse(int m, int n, float[] x, float[] a, float[] y) {
        rows(m, n, row -> {
            /*wide*/ double s = 0;
            for (int j = row + n - 1; j >= row; j--) {
                s = j == row + n - 1 ? x[j] : a[j] * s + x[j];
                y[j] = (float) s;
            }
        });
    }

    /** Calls a function with the position of the first element of each row. */
    private static void rows(int m, int n, IntConsumer row) {
        Workers.split(m, (long) m * n >= LARGE, (from, to) -> {
            for (int i = from; i < to; i++) {
                row.accept(i * n);
            }
        });
    }
}
