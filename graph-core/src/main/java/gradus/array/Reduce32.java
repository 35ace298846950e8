package gradus.array;

/**
 * Reductions of a matrix [m, n] held in an array: of each row to one number, or of each column. Sums are accumulated
 * wide, in float, for both number types.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Reduce32 {
    private Reduce32() {}

    /** Reduces every row of [m, n] to one element of y. */
    static void rows(Reduction kind, int m, int n, float[] x, float[] y) {
        for (int i = 0; i < m; i++) {
            y[i] = switch (kind) {
                case SUM -> (float) Loops.F32.sum(n, x, i * n);
                case MAX -> max(n, x, i * n);
                case MIN -> min(n, x, i * n);
            };
        }
    }

    /** Reduces every column of [m, n] to one element of y. */
    static void columns(Reduction kind, int m, int n, float[] x, float[] y) {
        if (kind == Reduction.SUM) {
            sumColumns(m, n, x, y);
            return;
        }
        System.arraycopy(x, 0, y, 0, n);
        for (int i = 1; i < m; i++) {
            int at = i * n;
            if (kind == Reduction.MAX) {
                for (int j = 0; j < n; j++) {
                    y[j] = Math.max(y[j], x[at + j]);
                }
            } else {
                for (int j = 0; j < n; j++) {
                    y[j] = Math.min(y[j], x[at + j]);
                }
            }
        }
    }

    private static void sumColumns(int m, int n, float[] x, float[] y) {
        /*wide*/ double[] s = new /*wide*/ double[n];
        for (int i = 0; i < m; i++) {
            int at = i * n;
            for (int j = 0; j < n; j++) {
                s[j] += x[at + j];
            }
        }
        for (int j = 0; j < n; j++) {
            y[j] = (float) s[j];
        }
    }

    private static float max(int n, float[] x, int at) {
        float m = x[at];
        for (int i = at + 1; i < at + n; i++) {
            m = Math.max(m, x[i]);
        }
        return m;
    }

    private static float min(int n, float[] x, int at) {
        float m = x[at];
        for (int i = at + 1; i < at + n; i++) {
            m = Math.min(m, x[i]);
        }
        return m;
    }
}
