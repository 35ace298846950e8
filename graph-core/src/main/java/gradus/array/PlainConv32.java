package gradus.array;

/**
 * The loops of convolutions in plain Java, written so that the just-in-time compiler turns them into vector instructions
 * by itself.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainConv32 implements ConvLoops32 {
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
            int row = yo + i * sy;
            for (int p = 0; p < k; p++) {
                float c = a[ao + i * sa + p * sp];
                int at = bo + p * sb;
                for (int j = 0; j < n; j++) {
                    y[row + j] = Math.fma(c, b[at + j], y[row + j]);
                }
            }
        }
    }

    @Override
    public void dots(int m, int n, int k, float[] a, int ao, int sa, float[] b, int sb, float[] s, int so) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = s[so + i * n + j];
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[ao + i * sa + p], b[j * sb + p], sum);
                }
                s[so + i * n + j] = sum;
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
