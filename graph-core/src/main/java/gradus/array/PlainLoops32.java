package gradus.array;

import java.util.Arrays;

/**
 * The hot loops in plain Java, written so that the just-in-time compiler turns them into vector instructions by itself:
 * an inner loop indexes every array by its bare loop variable or that plus a constant.
 *
 * <p>The product packs rows of b into arrays of their own, four at a time, and adds their multiples to a row of the
 * result: four multiply-adds for one load and store of it. With eight, JDK 17 no longer vectorises. Every element of the
 * result is summed in the same order whatever the shape around it.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainLoops32 implements Loops32 {
    /** Rows of b that one pass over a row of the result takes in. */
    private static final int DEPTH = 4;
    /** Rows of the result that are worked on together, for which b is packed once. */
    private static final int ROWS = 256;
    /** Below this many elements a sum is one loop; above it is halved, which keeps the rounding error small. */
    private static final int SUM_BLOCK = 128;

    @Override
    public void add(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] + b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] + c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c + b[bo + i * sb];
            }
        }
    }

    @Override
    public void sub(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] - b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] - c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c - b[bo + i * sb];
            }
        }
    }

    @Override
    public void mul(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] * b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] * c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c * b[bo + i * sb];
            }
        }
    }

    @Override
    public void div(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] / b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] / c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c / b[bo + i * sb];
            }
        }
    }

    @Override
    public /*wide*/ double sum(int n, float[] x, int xo) {
        if (n > SUM_BLOCK) {
            int half = n / 2;
            return sum(half, x, xo) + sum(n - half, x, xo + half);
        }
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        int i = xo;
        int end = xo + n;
        for (; i + 3 < end; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo) {
        float[][] rows = new float[Math.min(m, ROWS)][n];
        float[][] packed = new float[DEPTH][n];
        int stepI = ta ? 1 : k;
        int stepP = ta ? m : 1;
        for (int from = 0; from < m; from += ROWS) {
            int count = Math.min(ROWS, m - from);
            for (int i = 0; i < count; i++) {
                Arrays.fill(rows[i], 0);
            }
            int at = ao + from * stepI;
            int p = 0;
            for (; p + DEPTH <= k; p += DEPTH) {
                pack(DEPTH, n, k, b, bo, tb, p, packed);
                for (int i = 0; i < count; i++) {
                    addFour(n, a, at + i * stepI + p * stepP, stepP, packed, rows[i]);
                }
            }
            pack(k - p, n, k, b, bo, tb, p, packed);
            for (int i = 0; i < count; i++) {
                for (int q = p; q < k; q++) {
                    addOne(n, a[at + i * stepI + q * stepP], packed[q - p], rows[i]);
                }
                System.arraycopy(rows[i], 0, y, yo + (from + i) * n, n);
            }
        }
    }

    private static void pack(int count, int n, int k, float[] b, int bo, boolean tb, int p, float[][] packed) {
        for (int q = 0; q < count; q++) {
            if (tb) {
                float[] row = packed[q];
                for (int j = 0; j < n; j++) {
                    row[j] = b[bo + j * k + p + q];
                }
            } else {
                System.arraycopy(b, bo + (p + q) * n, packed[q], 0, n);
            }
        }
    }

    private static void addFour(int n, float[] a, int at, int step, float[][] packed, float[] y) {
        float a0 = a[at];
        float a1 = a[at + step];
        float a2 = a[at + 2 * step];
        float a3 = a[at + 3 * step];
        float[] b0 = packed[0];
        float[] b1 = packed[1];
        float[] b2 = packed[2];
        float[] b3 = packed[3];
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], y[j]))));
        }
    }

    private static void addOne(int n, float c, float[] b, float[] y) {
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(c, b[j], y[j]);
        }
    }
}
