package gradus.array;

/**
 * The loops of convolutions in plain Java, written so that the just-in-time compiler turns them into vector instructions
 * by itself.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainConv32 implements ConvLoops32 {
    /** Columns up to which a sum is better kept in a register than a row in a cache. */
    private static final int FEW = 8;

    @Override
    public void add(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo,
            int sy) {
        for (int i = 0; i < m; i++) {
            if (n < FEW) {
                addFew(n, k, a, ao + i * sa, sp, b, bo, sb, y, yo + i * sy);
                continue;
            }
            for (int p = 0; p < k; p++) {
                addOne(n, a[ao + i * sa + p * sp], b, bo + p * sb, y, yo + i * sy);
            }
        }
    }

    @Override
    public void addShifted(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int[] starts,
            float[] y,
            int yo,
            int sy) {
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                addOne(n, a[ao + i * sa + p * sp], b, bo + starts[p], y, yo + i * sy);
            }
        }
    }

    private static void addOne(int n, float c, float[] b, int bo, float[] y, int yo) {
        for (int j = 0; j < n; j++) {
            y[yo + j] = Math.fma(c, b[bo + j], y[yo + j]);
        }
    }

    /** Adds to few columns, each sum in a register. */
    private static void addFew(
            int n, int k, float[] a, int ao, int sp, float[] b, int bo, int sb, float[] y, int yo) {
        for (int j = 0; j < n; j++) {
            float sum = y[yo + j];
            for (int p = 0; p < k; p++) {
                sum = Math.fma(a[ao + p * sp], b[bo + p * sb + j], sum);
            }
            y[yo + j] = sum;
        }
    }

    @Override
    public int minColumns() {
        return 1;
    }

    @Override
    public void dots(int m, int k, float[] a, int ao, int sa, float[] b, int bo, int[] starts, float[] s) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < starts.length; j++) {
                float sum = s[i * starts.length + j];
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[ao + i * sa + p], b[bo + starts[j] + p], sum);
                }
                s[i * starts.length + j] = sum;
            }
        }
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void copy(int[] starts, int n, float[] x, int xo, float[] y, int yo, int sy) {
        for (int t = 0; t < starts.length; t++) {
            System.arraycopy(x, xo + starts[t], y, yo + t * sy, n);
        }
    }

    @Override
    public void addTo(int[] starts, int n, float[] x, int xo, int sx, float[] y, int yo) {
        for (int t = 0; t < starts.length; t++) {
            int p = xo + t * sx;
            int q = yo + starts[t];
            for (int i = 0; i < n; i++) {
                y[q + i] += x[p + i];
            }
        }
    }
}
