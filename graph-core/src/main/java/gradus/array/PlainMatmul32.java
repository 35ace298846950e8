package gradus.array;

import java.util.Arrays;

/**
 * The product in plain Java, written so that the just-in-time compiler turns it into vector instructions by itself. It
 * packs rows of b into arrays of their own, four at a time, and adds their multiples to a row of the result: four
 * multiply-adds for one load and store of it. With eight, JDK 17 no longer vectorises. Every element of the result is
 * summed in the same order whatever the shape around it.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainMatmul32 implements Matmul32 {
    /** Rows of b that one pass over a row of the result takes in. */
    private static final int DEPTH = 4;
    /** Rows of the result that are worked on together, for which b is packed once. */
    private static final int ROWS = 256;

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
