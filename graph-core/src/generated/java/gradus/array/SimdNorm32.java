package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops of normalisation on the Vector API. A sum is spread over the lanes of a vector. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdNorm32 implements NormLoops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private final PlainNorm32 plain = new PlainNorm32();

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void sum(int n, float[] x, int xo, float[] s) {
        FloatVector s0 = FloatVector.fromArray(S, s, 0);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = s1;
        FloatVector s3 = s1;
        int i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            s0 = s0.add(FloatVector.fromArray(S, x, xo + i));
            s1 = s1.add(FloatVector.fromArray(S, x, xo + i + L));
            s2 = s2.add(FloatVector.fromArray(S, x, xo + i + 2 * L));
            s3 = s3.add(FloatVector.fromArray(S, x, xo + i + 3 * L));
        }
        for (; i + L <= n; i += L) {
            s1 = s1.add(FloatVector.fromArray(S, x, xo + i));
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        for (int lane = 0; i < n; i++, lane++) {
            s[lane] += x[xo + i];
        }
    }

    @Override
    public void squares(int n, float[] x, int xo, float shift, float[] s) {
        FloatVector s0 = FloatVector.fromArray(S, s, 0);
        FloatVector q0 = FloatVector.fromArray(S, s, L);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector q1 = s1;
        FloatVector s2 = s1;
        FloatVector q2 = s1;
        FloatVector s3 = s1;
        FloatVector q3 = s1;
        int i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            FloatVector d0 = FloatVector.fromArray(S, x, xo + i).sub(shift);
            FloatVector d1 = FloatVector.fromArray(S, x, xo + i + L).sub(shift);
            FloatVector d2 = FloatVector.fromArray(S, x, xo + i + 2 * L).sub(shift);
            FloatVector d3 = FloatVector.fromArray(S, x, xo + i + 3 * L).sub(shift);
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
            FloatVector d = FloatVector.fromArray(S, x, xo + i).sub(shift);
            s1 = s1.add(d);
            q1 = d.fma(d, q1);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        q0.add(q1).add(q2.add(q3)).intoArray(s, L);
        for (int lane = 0; i < n; i++, lane++) {
            float d = x[xo + i] - shift;
            s[lane] += d;
            s[L + lane] = Math.fma(d, d, s[L + lane]);
        }
    }

    @Override
    public void scale(int n, float[] x, int xo, float shift, float a, float b, float[] y, int yo) {
        FloatVector factor = FloatVector.broadcast(S, a);
        FloatVector add = FloatVector.broadcast(S, b);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector.fromArray(S, x, xo + i).sub(shift).fma(factor, add).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
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
        FloatVector factor = FloatVector.broadcast(S, a);
        FloatVector add = FloatVector.broadcast(S, b);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector h = FloatVector.fromArray(S, x, xo + i).sub(shift).fma(factor, add);
            h.fma(FloatVector.fromArray(S, gamma, po + i), FloatVector.fromArray(S, beta, po + i))
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(Math.fma(x[xo + i] - shift, a, b), gamma[po + i], beta[po + i]);
        }
    }

    @Override
    public void products(int n, float[] g, int go, float[] x, int xo, float shift, float[] s) {
        FloatVector s0 = FloatVector.fromArray(S, s, 0);
        FloatVector q0 = FloatVector.fromArray(S, s, L);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector q1 = s1;
        FloatVector s2 = s1;
        FloatVector q2 = s1;
        FloatVector s3 = s1;
        FloatVector q3 = s1;
        int i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            FloatVector g0 = FloatVector.fromArray(S, g, go + i);
            FloatVector g1 = FloatVector.fromArray(S, g, go + i + L);
            FloatVector g2 = FloatVector.fromArray(S, g, go + i + 2 * L);
            FloatVector g3 = FloatVector.fromArray(S, g, go + i + 3 * L);
            s0 = s0.add(g0);
            s1 = s1.add(g1);
            s2 = s2.add(g2);
            s3 = s3.add(g3);
            q0 = FloatVector.fromArray(S, x, xo + i).sub(shift).fma(g0, q0);
            q1 = FloatVector.fromArray(S, x, xo + i + L).sub(shift).fma(g1, q1);
            q2 = FloatVector.fromArray(S, x, xo + i + 2 * L).sub(shift).fma(g2, q2);
            q3 = FloatVector.fromArray(S, x, xo + i + 3 * L).sub(shift).fma(g3, q3);
        }
        for (; i + L <= n; i += L) {
            FloatVector g1 = FloatVector.fromArray(S, g, go + i);
            s1 = s1.add(g1);
            q1 = FloatVector.fromArray(S, x, xo + i).sub(shift).fma(g1, q1);
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
        FloatVector factor = FloatVector.broadcast(S, a);
        FloatVector add = FloatVector.broadcast(S, b);
        FloatVector s0 = FloatVector.fromArray(S, s, 0);
        FloatVector q0 = FloatVector.fromArray(S, s, L);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector q1 = s1;
        int i = 0;
        for (; i + 2 * L <= n; i += 2 * L) {
            FloatVector g0 = FloatVector.fromArray(S, g, go + i);
            FloatVector g1 = FloatVector.fromArray(S, g, go + i + L);
            FloatVector d0 = FloatVector.fromArray(S, x, xo + i).sub(shift);
            FloatVector d1 = FloatVector.fromArray(S, x, xo + i + L).sub(shift);
            FloatVector w0 = g0.mul(FloatVector.fromArray(S, gamma, po + i));
            FloatVector w1 = g1.mul(FloatVector.fromArray(S, gamma, po + i + L));
            s0 = s0.add(w0);
            s1 = s1.add(w1);
            q0 = d0.fma(w0, q0);
            q1 = d1.fma(w1, q1);
            FloatVector h0 = d0.fma(factor, add);
            FloatVector h1 = d1.fma(factor, add);
            h0.fma(g0, FloatVector.fromArray(S, dgamma, po + i)).intoArray(dgamma, po + i);
            h1.fma(g1, FloatVector.fromArray(S, dgamma, po + i + L)).intoArray(dgamma, po + i + L);
            g0.add(FloatVector.fromArray(S, dbeta, po + i)).intoArray(dbeta, po + i);
            g1.add(FloatVector.fromArray(S, dbeta, po + i + L)).intoArray(dbeta, po + i + L);
        }
        if (i + L <= n) {
            FloatVector g1 = FloatVector.fromArray(S, g, go + i);
            FloatVector d1 = FloatVector.fromArray(S, x, xo + i).sub(shift);
            FloatVector w1 = g1.mul(FloatVector.fromArray(S, gamma, po + i));
            s1 = s1.add(w1);
            q1 = d1.fma(w1, q1);
            d1.fma(factor, add)
                    .fma(g1, FloatVector.fromArray(S, dgamma, po + i))
                    .intoArray(dgamma, po + i);
            g1.add(FloatVector.fromArray(S, dbeta, po + i)).intoArray(dbeta, po + i);
            i += L;
        }
        s0.add(s1).intoArray(s, 0);
        q0.add(q1).intoArray(s, L);
        for (int lane = 0; i < n; i++, lane++) {
            float d = x[xo + i] - shift;
            float w = g[go + i] * gamma[po + i];
            s[lane] += w;
            s[L + lane] = Math.fma(d, w, s[L + lane]);
            dgamma[po + i] = Math.fma(Math.fma(d, a, b), g[go + i], dgamma[po + i]);
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
        FloatVector va = FloatVector.broadcast(S, a);
        FloatVector vb = FloatVector.broadcast(S, b);
        FloatVector vc = FloatVector.broadcast(S, c);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector rest = FloatVector.fromArray(S, x, xo + i).sub(shift).fma(vb, vc);
            FloatVector.fromArray(S, g, go + i).fma(va, rest).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
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
        FloatVector va = FloatVector.broadcast(S, a);
        FloatVector vb = FloatVector.broadcast(S, b);
        FloatVector vc = FloatVector.broadcast(S, c);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector rest = FloatVector.fromArray(S, x, xo + i).sub(shift).fma(vb, vc);
            FloatVector w = FloatVector.fromArray(S, g, go + i).mul(FloatVector.fromArray(S, gamma, po + i));
            w.fma(va, rest).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(g[go + i] * gamma[po + i], a, Math.fma(x[xo + i] - shift, b, c));
        }
    }

    @Override
    public void columnSquares(int m, int n, int row, float[] x, int xo, float[] shift, float[] s, float[] q) {
        int j = 0;
        for (; j + 2 * L <= n; j += 2 * L) { // as each addition waits for the last one of its column
            FloatVector mean0 = FloatVector.fromArray(S, shift, j);
            FloatVector mean1 = FloatVector.fromArray(S, shift, j + L);
            FloatVector s0 = FloatVector.fromArray(S, s, j);
            FloatVector s1 = FloatVector.fromArray(S, s, j + L);
            FloatVector q0 = FloatVector.fromArray(S, q, j);
            FloatVector q1 = FloatVector.fromArray(S, q, j + L);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                FloatVector d0 = FloatVector.fromArray(S, x, at).sub(mean0);
                FloatVector d1 = FloatVector.fromArray(S, x, at + L).sub(mean1);
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
            FloatVector mean = FloatVector.fromArray(S, shift, j);
            FloatVector s0 = FloatVector.fromArray(S, s, j);
            FloatVector q0 = FloatVector.fromArray(S, q, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                FloatVector d = FloatVector.fromArray(S, x, at).sub(mean);
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
            int m, int n, int row, float[] x, int xo, float[] shift, float[] a, float[] b, float[] y) {
        int j = 0;
        for (; j + L <= n; j += L) {
            FloatVector mean = FloatVector.fromArray(S, shift, j);
            FloatVector factor = FloatVector.fromArray(S, a, j);
            FloatVector add = FloatVector.fromArray(S, b, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                FloatVector.fromArray(S, x, at).sub(mean).fma(factor, add).intoArray(y, at);
            }
        }
        plain.columnScale(j, m, n, row, x, xo, shift, a, b, y);
    }

    @Override
    public void columnProducts(
            int m, int n, int row, float[] g, float[] x, int xo, float[] shift, float[] s, float[] q) {
        int j = 0;
        for (; j + 2 * L <= n; j += 2 * L) {
            FloatVector mean0 = FloatVector.fromArray(S, shift, j);
            FloatVector mean1 = FloatVector.fromArray(S, shift, j + L);
            FloatVector s0 = FloatVector.fromArray(S, s, j);
            FloatVector s1 = FloatVector.fromArray(S, s, j + L);
            FloatVector q0 = FloatVector.fromArray(S, q, j);
            FloatVector q1 = FloatVector.fromArray(S, q, j + L);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                FloatVector g0 = FloatVector.fromArray(S, g, at);
                FloatVector g1 = FloatVector.fromArray(S, g, at + L);
                s0 = s0.add(g0);
                s1 = s1.add(g1);
                q0 = FloatVector.fromArray(S, x, at).sub(mean0).fma(g0, q0);
                q1 = FloatVector.fromArray(S, x, at + L).sub(mean1).fma(g1, q1);
            }
            s0.intoArray(s, j);
            s1.intoArray(s, j + L);
            q0.intoArray(q, j);
            q1.intoArray(q, j + L);
        }
        for (; j + L <= n; j += L) {
            FloatVector mean = FloatVector.fromArray(S, shift, j);
            FloatVector s0 = FloatVector.fromArray(S, s, j);
            FloatVector q0 = FloatVector.fromArray(S, q, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                FloatVector g0 = FloatVector.fromArray(S, g, at);
                s0 = s0.add(g0);
                q0 = FloatVector.fromArray(S, x, at).sub(mean).fma(g0, q0);
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
            float[] g,
            float[] x,
            int xo,
            float[] shift,
            float[] a,
            float[] b,
            float[] c,
            float[] y) {
        int j = 0;
        for (; j + L <= n; j += L) {
            FloatVector mean = FloatVector.fromArray(S, shift, j);
            FloatVector va = FloatVector.fromArray(S, a, j);
            FloatVector vb = FloatVector.fromArray(S, b, j);
            FloatVector vc = FloatVector.fromArray(S, c, j);
            for (int i = 0, at = xo + j; i < m; i++, at += row) {
                FloatVector rest = FloatVector.fromArray(S, x, at).sub(mean).fma(vb, vc);
                FloatVector.fromArray(S, g, at).fma(va, rest).intoArray(y, at);
            }
        }
        plain.columnCombine(j, m, n, row, g, x, xo, shift, a, b, c, y);
    }
}
