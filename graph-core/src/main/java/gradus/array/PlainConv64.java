package gradus.array;

/**
 * The loops of convolutions in plain Java, written so that the just-in-time compiler turns them into vector instructions
 * by itself.
 */
final class PlainConv64 implements ConvLoops64 {
    /** Columns up to which a sum is better kept in a register than a row in a cache. */
    private static final int FEW = 8;

    @Override
    public void add(
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int sa,
            int sp,
            double[] b,
            int bo,
            int sb,
            double[] y,
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
            double[] a,
            int ao,
            int sa,
            int sp,
            double[] b,
            int bo,
            int[] starts,
            double[] y,
            int yo,
            int sy) {
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                addOne(n, a[ao + i * sa + p * sp], b, bo + starts[p], y, yo + i * sy);
            }
        }
    }

    private static void addOne(int n, double c, double[] b, int bo, double[] y, int yo) {
        for (int j = 0; j < n; j++) {
            y[yo + j] = Math.fma(c, b[bo + j], y[yo + j]);
        }
    }

    /** Adds to few columns, each sum in a register. */
    private static void addFew(
            int n, int k, double[] a, int ao, int sp, double[] b, int bo, int sb, double[] y, int yo) {
        for (int j = 0; j < n; j++) {
            double sum = y[yo + j];
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
    public void dots(int m, int k, double[] a, int ao, int sa, double[] b, int bo, int[] starts, double[] s) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < starts.length; j++) {
                double sum = s[i * starts.length + j];
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
    public void copy(int[] starts, int n, double[] x, int xo, double[] y, int yo, int sy) {
        for (int t = 0; t < starts.length; t++) {
            System.arraycopy(x, xo + starts[t], y, yo + t * sy, n);
        }
    }

    @Override
    public void addTo(int[] starts, int n, double[] x, int xo, int sx, double[] y, int yo) {
        for (int t = 0; t < starts.length; t++) {
            int p = xo + t * sx;
            int q = yo + starts[t];
            for (int i = 0; i < n; i++) {
                y[q + i] += x[p + i];
            }
        }
    }
}
