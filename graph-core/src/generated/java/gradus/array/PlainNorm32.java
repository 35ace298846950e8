package gradus.array;

/**
 * The loops of normalisation in plain Java. Those without a sum are written so that the just-in-time compiler turns them into vector
 * instructions by itself; a sum over a row has two or four chains of additions. Only such sums may differ from those of the SIMD loops.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainNorm32 implements NormLoops32 {
    private static final int LANES = 4;

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void sum(int n, float[] x, int xo, float[] s) {
        float s0 = s[0];
        float s1 = s[1];
        float s2 = s[2];
        float s3 = s[3];
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
    public void squares(int n, float[] x, int xo, float shift, float[] s) {
        float s0 = s[0];
        float s1 = s[1];
        float q0 = s[LANES];
        float q1 = s[LANES + 1];
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            float d0 = x[xo + i] - shift;
            float d1 = x[xo + i + 1] - shift;
            s0 += d0;
            s1 += d1;
            q0 = Math.fma(d0, d0, q0);
            q1 = Math.fma(d1, d1, q1);
        }
        if (i < n) {
            float d = x[xo + i] - shift;
            s0 += d;
            q0 = Math.fma(d, d, q0);
        }
        s[0] = s0;
        s[1] = s1;
        s[LANES] = q0;
        s[LANES + 1] = q1;
    }

    @Override
    public void scale(int n, float[] x, int xo, float shift, float a, float b, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(x[xo + i] - shift, a, b);
        }
    }

    @Override
    public void scale(
            int n,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float[] gamma,
            float[] beta,
            int po,
            float[] y,
            int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(Math.fma(x[xo + i] - shift, a, b), gamma[po + i], beta[po + i]);
        }
    }

    @Override
    public void products(int n, float[] g, int go, float[] x, int xo, float shift, float[] s) {
        float s0 = s[0];
        float s1 = s[1];
        float q0 = s[LANES];
        float q1 = s[LANES + 1];
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            float g0 = g[go + i];
            float g1 = g[go + i + 1];
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
            float[] g,
            int go,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float[] gamma,
            float[] dgamma,
            float[] dbeta,
            int po,
            float[] s) {
        float s0 = s[0];
        float q0 = s[LANES];
        for (int i = 0; i < n; i++) {
            float w = g[go + i] * gamma[po + i];
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
            float[] g,
            int go,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float c,
            float[] y,
            int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(g[go + i], a, Math.fma(x[xo + i] - shift, b, c));
        }
    }

    @Override
    public void combine(
            int n,
            float[] g,
            int go,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float c,
            float[] gamma,
            int po,
            float[] y,
            int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(g[go + i] * gamma[po + i], a, Math.fma(x[xo + i] - shift, b, c));
        }
    }

    @Override
    public void columnSquares(int m, int n, int row, float[] x, int xo, float[] shift, float[] s, float[] q) {
        columnSquares(0, m, n, row, x, xo, shift, s, q);
    }

    /** Does so for the columns from one on. */
    void columnSquares(int from, int m, int n, int row, float[] x, int xo, float[] shift, float[] s, float[] q) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                float d = x[at + j] - shift[j];
                s[j] += d;
                q[j] = Math.fma(d, d, q[j]);
            }
        }
    }

    @Override
    public void columnScale(
            int m, int n, int row, float[] x, int xo, float[] shift, float[] a, float[] b, float[] y) {
        columnScale(0, m, n, row, x, xo, shift, a, b, y);
    }

    /** Does so for the columns from one on. */
    void columnScale(
            int from, int m, int n, int row, float[] x, int xo, float[] shift, float[] a, float[] b, float[] y) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                y[at + j] = Math.fma(x[at + j] - shift[j], a[j], b[j]);
            }
        }
    }

    @Override
    public void columnProducts(
            int m, int n, int row, float[] g, float[] x, int xo, float[] shift, float[] s, float[] q) {
        columnProducts(0, m, n, row, g, x, xo, shift, s, q);
    }

    /** Does so for the columns from one on. */
    void columnProducts(
            int from, int m, int n, int row, float[] g, float[] x, int xo, float[] shift, float[] s, float[] q) {
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
            float[] g,
            float[] x,
            int xo,
            float[] shift,
            float[] a,
            float[] b,
            float[] c,
            float[] y) {
        columnCombine(0, m, n, row, g, x, xo, shift, a, b, c, y);
    }

    /** Does so for the columns from one on. */
    void columnCombine(
            int from,
            int m,
            int n,
            int row,
            float[] g,
            float[] x,
            int xo,
            float[] shift,
            float[] a,
            float[] b,
            float[] c,
            float[] y) {
        for (int i = 0; i < m; i++) {
            int at = xo + i * row;
            for (int j = from; j < n; j++) {
                y[at + j] = Math.fma(g[at + j], a[j], Math.fma(x[at + j] - shift[j], b[j], c[j]));
            }
        }
    }
}
