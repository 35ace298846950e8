package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops of normalisation on the Vector API. A sum is spread over the lanes of a vector. */
final class SimdNorm64 implements NormLoops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private final PlainNorm64 plain = new PlainNorm64();

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void sum(int n, double[] x, int xo, double[] s) {
        DoubleVector s0 = DoubleVector.fromArray(S, s, 0);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = s1;
        DoubleVector s3 = s1;
        int i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            s0 = s0.add(DoubleVector.fromArray(S, x, xo + i));
            s1 = s1.add(DoubleVector.fromArray(S, x, xo + i + L));
            s2 = s2.add(DoubleVector.fromArray(S, x, xo + i + 2 * L));
            s3 = s3.add(DoubleVector.fromArray(S, x, xo + i + 3 * L));
        }
        for (; i + L <= n; i += L) {
            s1 = s1.add(DoubleVector.fromArray(S, x, xo + i));
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        for (int lane = 0; i < n; i++, lane++) {
            s[lane] += x[xo + i];
        }
    }

    @Override
    public void squares(int n, double[] x, int xo, double shift, double[] s) {
        DoubleVector s0 = DoubleVector.fromArray(S, s, 0);
        DoubleVector q0 = DoubleVector.fromArray(S, s, L);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector q1 = s1;
        DoubleVector s2 = s1;
        DoubleVector q2 = s1;
        DoubleVector s3 = s1;
        DoubleVector q3 = s1;
        int i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            DoubleVector d0 = DoubleVector.fromArray(S, x, xo + i).sub(shift);
            DoubleVector d1 = DoubleVector.fromArray(S, x, xo + i + L).sub(shift);
            DoubleVector d2 = DoubleVector.fromArray(S, x, xo + i + 2 * L).sub(shift);
            DoubleVector d3 = DoubleVector.fromArray(S, x, xo + i + 3 * L).sub(shift);
            s0 = s0.add(d0);
            s1 = s1.add(d1);
            s2 = s2.add(d2);
            s3 = s3.add(d3);
            q0 = d0.fma(d0, q0);
            q1 = d1.fma(d1, q1);
            q2 = d2.fma(d2, q2);
            q3 = d3.fma(d3, q3);
        }
        for (; i + L <= n; i += L) {
            DoubleVector d = DoubleVector.fromArray(S, x, xo + i).sub(shift);
            s1 = s1.add(d);
            q1 = d.fma(d, q1);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        q0.add(q1).add(q2.add(q3)).intoArray(s, L);
        for (int lane = 0; i < n; i++, lane++) {
            double d = x[xo + i] - shift;
            s[lane] += d;
            s[L + lane] = Math.fma(d, d, s[L + lane]);
        }
    }

    @Override
    public void scale(int n, double[] x, int xo, double shift, double a, double b, double[] y, int yo) {
        DoubleVector factor = DoubleVector.broadcast(S, a);
        DoubleVector add = DoubleVector.broadcast(S, b);
        int i = 0;
        for (; i + L <= n; i += L) {
            DoubleVector.fromArray(S, x, xo + i).sub(shift).fma(factor, add).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
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
        DoubleVector factor = DoubleVector.broadcast(S, a);
        DoubleVector add = DoubleVector.broadcast(S, b);
        int i = 0;
        for (; i + L <= n; i += L) {
            DoubleVector h = DoubleVector.fromArray(S, x, xo + i).sub(shift).fma(factor, add);
            h.fma(DoubleVector.fromArray(S, gamma, po + i), DoubleVector.fromArray(S, beta, po + i))
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(Math.fma(x[xo + i] - shift, a, b), gamma[po + i], beta[po + i]);
        }
    }

    @Override
    public void products(int n, double[] g, int go, double[] x, int xo, double shift, double[] s) {
        DoubleVector s0 = DoubleVector.fromArray(S, s, 0);
        DoubleVector q0 = DoubleVector.fromArray(S, s, L);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector q1 = s1;
        DoubleVector s2 = s1;
        DoubleVector q2 = s1;
        DoubleVector s3 = s1;
        DoubleVector q3 = s1;
        int i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            DoubleVector g0 = DoubleVector.fromArray(S, g, go + i);
            DoubleVector g1 = DoubleVector.fromArray(S, g, go + i + L);
            DoubleVector g2 = DoubleVector.fromArray(S, g, go + i + 2 * L);
            DoubleVector g3 = DoubleVector.fromArray(S, g, go + i + 3 * L);
            s0 = s0.add(g0);
            s1 = s1.add(g1);
            s2 = s2.add(g2);
            s3 = s3.add(g3);
            q0 = DoubleVector.fromArray(S, x, xo + i).sub(shift).fma(g0, q0);
            q1 = DoubleVector.fromArray(S, x, xo + i + L).sub(shift).fma(g1, q1);
            q2 = DoubleVector.fromArray(S, x, xo + i + 2 * L).sub(shift).fma(g2, q2);
            q3 = DoubleVector.fromArray(S, x, xo + i + 3 * L).sub(shift).fma(g3, q3);
        }
        for (; i + L <= n; i += L) {
            DoubleVector g1 = DoubleVector.fromArray(S, g, go + i);
            s1 = s1.add(g1);
            q1 = DoubleVector.fromArray(S, x, xo + i).sub(shift).fma(g1, q1);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        q0.add(q1).add(q2.add(q3)).intoArray(s, L);
        for (int lane = 0; i < n; i++, lane++) {
            s[lane] += g[go + i];
            s[L + lane] = Math.fma(x[xo + i] - shift, g[go + i], s[L + lane]);
        }
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
        DoubleVector factor = DoubleVector.broadcast(S, a);
        DoubleVector add = DoubleVector.broadcast(S, b);
        DoubleVector s0 = DoubleVector.fromArray(S, s, 0);
        DoubleVector q0 = DoubleVector.fromArray(S, s, L);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector q1 = s1;
        int i = 0;
        for (; i + 2 * L <= n; i += 2 * L) {
            DoubleVector g0 = DoubleVector.fromArray(S, g, go + i);
            DoubleVector g1 = DoubleVector.fromArray(S, g, go + i + L);
            DoubleVector d0 = DoubleVector.fromArray(S, x, xo + i).sub(shift);
            DoubleVector d1 = DoubleVector.fromArray(S, x, xo + i + L).sub(shift);
            DoubleVector w0 = g0.mul(DoubleVector.fromArray(S, gamma, po + i));
            DoubleVector w1 = g1.mul(DoubleVector.fromArray(S, gamma, po + i + L));
            s0 = s0.add(w0);
            s1 = s1.add(w1);
            q0 = d0.fma(w0, q0);
            q1 = d1.fma(w1, q1);
            DoubleVector h0 = d0.fma(factor, add);
            DoubleVector h1 = d1.fma(factor, add);
            h0.fma(g0, DoubleVector.fromArray(S, dgamma, po + i)).intoArray(dgamma, po + i);
            h1.fma(g1, DoubleVector.fromArray(S, dgamma, po + i + L)).intoArray(dgamma, po + i + L);
            g0.add(DoubleVector.fromArray(S, dbeta, po + i)).intoArray(dbeta, po + i);
            g1.add(DoubleVector.fromArray(S, dbeta, po + i + L)).intoArray(dbeta, po + i + L);
        }
        if (i + L <= n) {
            DoubleVector g1 = DoubleVector.fromArray(S, g, go + i);
            DoubleVector d1 = DoubleVector.fromArray(S, x, xo + i).sub(shift);
            DoubleVector w1 = g1.mul(DoubleVector.fromArray(S, gamma, po + i));
            s1 = s1.add(w1);
            q1 = d1.fma(w1, q1);
            d1.fma(factor, add)
                    .fma(g1, DoubleVector.fromArray(S, dgamma, po + i))
                    .intoArray(dgamma, po + i);
            g1.add(DoubleVector.fromArray(S, dbeta, po + i)).intoArray(dbeta, po + i);
            i += L;
        }
        s0.add(s1).intoArray(s, 0);
        q0.add(q1).intoArray(s, L);
        for (int lane = 0; i < n; i++, lane++) {
            double d = x[xo + i] - shift;
            double w = g[go + i] * gamma[po + i];
            s[lane] += w;
            s[L + lane] = Math.fma(d, w, s[L + lane]);
            dgamma[po + i] = Math.fma(Math.fma(d, a, b), g[go + i], dgamma[po + i]);
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
        DoubleVector va = DoubleVector.broadcast(S, a);
        DoubleVector vb = DoubleVector.broadcast(S, b);
        DoubleVector vc = DoubleVector.broadcast(S, c);
        int i = 0;
        for (; i + L <= n; i += L) {
            DoubleVector rest = DoubleVector.fromArray(S, x, xo + i).sub(shift).fma(vb, vc);
            DoubleVector.fromArray(S, g, go + i).fma(va, rest).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
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
        DoubleVector va = DoubleVector.broadcast(S, a);
        DoubleVector vb = DoubleVector.broadcast(S, b);
        DoubleVector vc = DoubleVector.broadcast(S, c);
        int i = 0;
        for (; i + L <= n; i += L) {
            DoubleVector rest = DoubleVector.fromArray(S, x, xo + i).sub(shift).fma(vb, vc);
            DoubleVector w = DoubleVector.fromArray(S, g, go + i).mul(DoubleVector.fromArray(S, gamma, po + i));
            w.fma(va, rest).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(g[go + i] * gamma[po + i], a, Math.fma(x[xo + i] - shift, b, c));
        }
    }

    @Override
    public void columnSquares(int m, int n, int row, double[] x, int xo, double[] shift, double[] s, double[] q) {
        int j = 0;
        for (; j + 2 * L <= n; j += 2 * L) { // as each addition waits for the last one of its column
            DoubleVector mean0 = DoubleVector.fromArray(S, shift, j);
            DoubleVector mean1 = DoubleVector.fromArray(S, shift, j + L);
            DoubleVector s0 = DoubleVector.fromArray(S, s, j);
            DoubleVector s1 = DoubleVector.fromArray(S, s, j + L);
            DoubleVector q0 = DoubleVector.fromArray(S, q, j);
            DoubleVector q1 = DoubleVector.fromArray(S, q, j + L);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                DoubleVector d0 = DoubleVector.fromArray(S, x, at).sub(mean0);
                DoubleVector d1 = DoubleVector.fromArray(S, x, at + L).sub(mean1);
                s0 = s0.add(d0);
                s1 = s1.add(d1);
                q0 = d0.fma(d0, q0);
                q1 = d1.fma(d1, q1);
            }
            s0.intoArray(s, j);
            s1.intoArray(s, j + L);
            q0.intoArray(q, j);
            q1.intoArray(q, j + L);
        }
        for (; j + L <= n; j += L) {
            DoubleVector mean = DoubleVector.fromArray(S, shift, j);
            DoubleVector s0 = DoubleVector.fromArray(S, s, j);
            DoubleVector q0 = DoubleVector.fromArray(S, q, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                DoubleVector d = DoubleVector.fromArray(S, x, at).sub(mean);
                s0 = s0.add(d);
                q0 = d.fma(d, q0);
            }
            s0.intoArray(s, j);
            q0.intoArray(q, j);
        }
        plain.columnSquares(j, m, n, row, x, xo, shift, s, q);
    }

    @Override
    public void columnScale(
            int m, int n, int row, double[] x, int xo, double[] shift, double[] a, double[] b, double[] y) {
        int j = 0;
        for (; j + L <= n; j += L) {
            DoubleVector mean = DoubleVector.fromArray(S, shift, j);
            DoubleVector factor = DoubleVector.fromArray(S, a, j);
            DoubleVector add = DoubleVector.fromArray(S, b, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                DoubleVector.fromArray(S, x, at).sub(mean).fma(factor, add).intoArray(y, at);
            }
        }
        plain.columnScale(j, m, n, row, x, xo, shift, a, b, y);
    }

    @Override
    public void columnProducts(
            int m, int n, int row, double[] g, double[] x, int xo, double[] shift, double[] s, double[] q) {
        int j = 0;
        for (; j + 2 * L <= n; j += 2 * L) {
            DoubleVector mean0 = DoubleVector.fromArray(S, shift, j);
            DoubleVector mean1 = DoubleVector.fromArray(S, shift, j + L);
            DoubleVector s0 = DoubleVector.fromArray(S, s, j);
            DoubleVector s1 = DoubleVector.fromArray(S, s, j + L);
            DoubleVector q0 = DoubleVector.fromArray(S, q, j);
            DoubleVector q1 = DoubleVector.fromArray(S, q, j + L);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                DoubleVector g0 = DoubleVector.fromArray(S, g, at);
                DoubleVector g1 = DoubleVector.fromArray(S, g, at + L);
                s0 = s0.add(g0);
                s1 = s1.add(g1);
                q0 = DoubleVector.fromArray(S, x, at).sub(mean0).fma(g0, q0);
                q1 = DoubleVector.fromArray(S, x, at + L).sub(mean1).fma(g1, q1);
            }
            s0.intoArray(s, j);
            s1.intoArray(s, j + L);
            q0.intoArray(q, j);
            q1.intoArray(q, j + L);
        }
        for (; j + L <= n; j += L) {
            DoubleVector mean = DoubleVector.fromArray(S, shift, j);
            DoubleVector s0 = DoubleVector.fromArray(S, s, j);
            DoubleVector q0 = DoubleVector.fromArray(S, q, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                DoubleVector g0 = DoubleVector.fromArray(S, g, at);
                s0 = s0.add(g0);
                q0 = DoubleVector.fromArray(S, x, at).sub(mean).fma(g0, q0);
            }
            s0.intoArray(s, j);
            q0.intoArray(q, j);
        }
        plain.columnProducts(j, m, n, row, g, x, xo, shift, s, q);
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
        int j = 0;
        for (; j + L <= n; j += L) {
            DoubleVector mean = DoubleVector.fromArray(S, shift, j);
            DoubleVector va = DoubleVector.fromArray(S, a, j);
            DoubleVector vb = DoubleVector.fromArray(S, b, j);
            DoubleVector vc = DoubleVector.fromArray(S, c, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                DoubleVector rest = DoubleVector.fromArray(S, x, at).sub(mean).fma(vb, vc);
                DoubleVector.fromArray(S, g, at).fma(va, rest).intoArray(y, at);
            }
        }
        plain.columnCombine(j, m, n, row, g, x, xo, shift, a, b, c, y);
    }
}
