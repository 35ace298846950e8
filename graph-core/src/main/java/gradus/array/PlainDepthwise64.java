package gradus.array;

/** The loops of depthwise convolutions in plain Java. */
final class PlainDepthwise64 implements DepthwiseLoops64 {
    @Override
    public void combine(int[] offsets, int n, double[] w, int wo, double[] x, double[] y, int yo) {
        for (int t = 0; t < offsets.length; t++) {
            double c = w[wo + t];
            int xo = offsets[t];
            for (int q = 0; q < n; q++) {
                y[yo + q] = Math.fma(c, x[xo + q], y[yo + q]);
            }
        }
    }

    @Override
    public void dots(int[] offsets, int from, int to, double[] g, double[] x, double[] s) {
        for (int t = 0; t < offsets.length; t++) {
            int xo = offsets[t];
            double sum = s[t];
            for (int q = from; q < to; q++) {
                sum = Math.fma(g[q], x[xo + q], sum);
            }
            s[t] = sum;
        }
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void copyRows(int rows, int n, double[] x, int xo, int sx, double[] y, int yo, int sy) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(x, xo + r * sx, y, yo + r * sy, n);
        }
    }

    @Override
    public void splitRows(int rows, int n, double[] x, int xo, int sx, double[] y, int even, int odd, int sy) {
        for (int r = 0; r < rows; r++) {
            int p = xo + r * sx;
            int q = r * sy;
            for (int i = 0; 2 * i + 1 < n; i++) {
                y[even + q + i] = x[p + 2 * i];
                y[odd + q + i] = x[p + 2 * i + 1];
            }
            if (n % 2 == 1) {
                y[even + q + n / 2] = x[p + n - 1];
            }
        }
    }

    @Override
    public void join(int n, double[] x, int even, int odd, double[] y, int yo, int end) {
        for (int i = 0; 2 * i + 1 < n; i++) {
            y[yo + 2 * i] = x[even + i];
            y[yo + 2 * i + 1] = x[odd + i];
        }
        if (n % 2 == 1) {
            y[yo + n - 1] = x[even + n / 2];
        }
    }
}
