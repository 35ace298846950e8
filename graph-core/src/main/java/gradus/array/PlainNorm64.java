package gradus.array;

/**
 * The loops of normalisation in plain Java. Those without a sum are written so that the just-in-time compiler turns them into vector
 * instructions by itself; a sum over a row has two or four chains of additions. Only such sums may differ from those of the SIMD loops.
 */
final class PlainNorm64 implements NormLoops64 {
    private static final int LANES = 4;

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void sum(int n, double[] x, int xo, double[] s) {
        double s0 = s[0];
        double s1 = s[1];
        double s2 = s[2];
        double s3 = s[3];
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            s0 += x[xo + i];
            s1 += x[xo + i + 1];
            s2 += x[xo + i + 2];
            s3 += x[xo + i + 3];
        }
        for (; i < n; i++) {
            s0 += x[xo + i];
        }
        s[0] = s0;
        s[1] = s1;
        s[2] = s2;
        s[3] = s3;
    }

    @Override
    public void squares(int n, double[] x, int xo, double shift, double[] s) {
        double s0 = s[0];
        double s1 = s[1];
        double q0 = s[LANES];
        double q1 = s[LANES + 1];
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            double d0 = x[xo + i] - shift;
            double d1 = x[xo + i + 1] - shift;
            s0 += d0;
            s1 += d1;
            q0 = Math.fma(d0, d0, q0);
            q1 = Math.fma(d1, d1, q1);
        }
        if (i < n) {
            double d = x[xo + i] - shift;
            s0 += d;
            q0 = Math.fma(d, d, q0);
        }
        s[0] = s0;
        s[1] = s1;
        s[LANES] = q0;
        s[LANES + 1] = q1;
    }

    @Override
    public void scale(int n, double[] x, int xo, double shift, double a, double b, double[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(x[xo + i] - shift, a, b);
        }
    }

    @Override
    public void scale(
            int n,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double[] gamma,
            double[] beta,
            int po,
            double[] y,
            int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(Math.fma(x[xo + i] - shift, a, b), gamma[po + i], beta[po + i]);
        }
    }

    @Override
    public void products(int n, double[] g, int go, double[] x, int xo, double shift, double[] s) {
        double s0 = s[0];
        double s1 = s[1];
        double q0 = s[LANES];
        double q1 = s[LANES + 1];
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            double g0 = g[go + i];
            double g1 = g[go + i + 1];
            s0 += g0;
            s1 += g1;
            q0 = Math.fma(x[xo + i] - shift, g0, q0);
            q1 = Math.fma(x[xo + i + 1] - shift, g1, q1);
        }
        if (i < n) {
            s0 += g[go + i];
            q0 = Math.fma(x[xo + i] - shift, g[go + i], q0);
        }
        s[0] = s0;
        s[1] = s1;
        s[LANES] = q0;
        s[LANES + 1] = q1;
    }

    @Override
    public void products(
            int n,
            double[] g,
            int go,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double[] gamma,
            double[] dgamma,
            double[] dbeta,
            int po,
            double[] s) {
        double s0 = s[0];
        double q0 = s[LANES];
        for (int i = 0; i < n; i++) {
            double w = g[go + i] * gamma[po + i];
            s0 += w;
            q0 = Math.fma(x[xo + i] - shift, w, q0);
        }
        s[0] = s0;
        s[LANES] = q0;
        for (int i = 0; i < n; i++) {
            dgamma[po + i] = Math.fma(Math.fma(x[xo + i] - shift, a, b), g[go + i], dgamma[po + i]);
            dbeta[po + i] += g[go + i];
        }
    }

    @Override
    public void combine(
            int n,
            double[] g,
            int go,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double c,
            double[] y,
            int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(g[go + i], a, Math.fma(x[xo + i] - shift, b, c));
        }
    }

    @Override
    public void combine(
            int n,
            double[] g,
            int go,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double c,
            double[] gamma,
            int po,
            double[] y,
            int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(g[go + i] * gamma[po + i], a, Math.fma(x[xo + i] - shift, b, c));
        }
    }

    @Override
    public void columnSquares(int m, int n, int row, double[] x, int xo, double[] shift, double[] s, double[] q) {
        columnSquares(0, m, n, row, x, xo, shift, s, q);
    }

    /** Does so for the columns from one on. */
    void columnSquares(int from, int m, int n, int row, double[] x, int xo, double[] shift, double[] s, double[] q) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                double d = x[at + j] - shift[j];
                s[j] += d;
                q[j] = Math.fma(d, d, q[j]);
            }
        }
    }

    @Override
    public void columnScale(
            int m, int n, int row, double[] x, int xo, double[] shift, double[] a, double[] b, double[] y) {
        columnScale(0, m, n, row, x, xo, shift, a, b, y);
    }

    /** Does so for the columns from one on. */
    void columnScale(
            int from, int m, int n, int row, double[] x, int xo, double[] shift, double[] a, double[] b, double[] y) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                y[at + j] = Math.fma(x[at + j] - shift[j], a[j], b[j]);
            }
        }
    }

    @Override
    public void columnProducts(
            int m, int n, int row, double[] g, double[] x, int xo, double[] shift, double[] s, double[] q) {
        columnProducts(0, m, n, row, g, x, xo, shift, s, q);
    }

    /** Does so for the columns from one on. */
    void columnProducts(
            int from, int m, int n, int row, double[] g, double[] x, int xo, double[] shift, double[] s, double[] q) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                s[j] += g[at + j];
                q[j] = Math.fma(x[at + j] - shift[j], g[at + j], q[j]);
            }
        }
    }

    @Override
    public void columnCombine(
            int m,
            int n,
            int row,
            double[] g,
            double[] x,
            int xo,
            double[] shift,
            double[] a,
            double[] b,
            double[] c,
            double[] y) {
        columnCombine(0, m, n, row, g, x, xo, shift, a, b, c, y);
    }

    /** Does so for the columns from one on. */
    void columnCombine(
            int from,
            int m,
            int n,
            int row,
            double[] g,
            double[] x,
            int xo,
            double[] shift,
            double[] a,
            double[] b,
            double[] c,
            double[] y) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                y[at + j] = Math.fma(g[at + j], a[j], Math.fma(x[at + j] - shift[j], b[j], c[j]));
            }
        }
    }
}
