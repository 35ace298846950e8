package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops of softmax on the Vector API. A sum is spread over the lanes of a vector. */
final class SimdSoftmax64 implements SoftmaxLoops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private final PlainSoftmax64 plain = new PlainSoftmax64();

    @Override
    public int lanes() {
        return Math.max(L, plain.lanes());
    }

    @Override
    public void exponentials(int n, double[] x, int xo, double max, double[] y, int yo, double[] s) {
        if (n < L) {
            plain.exponentials(n, x, xo, max, y, yo, s);
            return;
        }
        DoubleVector largest = DoubleVector.broadcast(S, max);
        DoubleVector sum = DoubleVector.fromArray(S, s, 0);
        int i = 0;
        for (; i + L <= n; i += L) {
            DoubleVector e = SimdFunctions64.expOfDifference(DoubleVector.fromArray(S, x, xo + i), largest);
            e.intoArray(y, yo + i);
            sum = sum.add(e);
        }
        sum.intoArray(s, 0);
        if (i < n) { // writing some twice changes nothing
            SimdFunctions64.expOfDifference(DoubleVector.fromArray(S, x, xo + n - L), largest)
                    .intoArray(y, yo + n - L);
            for (int lane = 0; i < n; i++, lane++) {
                s[lane] += y[yo + i];
            }
        }
    }

    @Override
    public void multiply(int n, double[] y, int yo, double c) {
        int i = yo;
        for (; i + L <= yo + n; i += L) {
            DoubleVector.fromArray(S, y, i).mul(c).intoArray(y, i);
        }
        for (; i < yo + n; i++) {
            y[i] *= c;
        }
    }

    @Override
    public void subtract(int n, double[] x, double[] y, int at, double a, double b) {
        int i = at;
        for (; i + L <= at + n; i += L) {
            DoubleVector.fromArray(S, x, i).sub(a).sub(b).intoArray(y, i);
        }
        for (; i < at + n; i++) {
            y[i] = x[i] - a - b;
        }
    }

    @Override
    public void products(int n, double[] x, double[] y, int at, double[] s) {
        DoubleVector s0 = DoubleVector.fromArray(S, s, 0);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = s1;
        DoubleVector s3 = s1;
        int i = at;
        for (; i + 4 * L <= at + n; i += 4 * L) {
            s0 = DoubleVector.fromArray(S, x, i).fma(DoubleVector.fromArray(S, y, i), s0);
            s1 = DoubleVector.fromArray(S, x, i + L).fma(DoubleVector.fromArray(S, y, i + L), s1);
            s2 = DoubleVector.fromArray(S, x, i + 2 * L).fma(DoubleVector.fromArray(S, y, i + 2 * L), s2);
            s3 = DoubleVector.fromArray(S, x, i + 3 * L).fma(DoubleVector.fromArray(S, y, i + 3 * L), s3);
        }
        for (; i + L <= at + n; i += L) {
            s1 = DoubleVector.fromArray(S, x, i).fma(DoubleVector.fromArray(S, y, i), s1);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        for (int lane = 0; i < at + n; i++, lane++) {
            s[lane] = Math.fma(x[i], y[i], s[lane]);
        }
    }

    @Override
    public void gradient(int n, double[] y, double[] gy, double[] gx, int at, double c) {
        int i = at;
        for (; i + L <= at + n; i += L) {
            DoubleVector.fromArray(S, gy, i)
                    .sub(c)
                    .mul(DoubleVector.fromArray(S, y, i))
                    .intoArray(gx, i);
        }
        for (; i < at + n; i++) {
            gx[i] = y[i] * (gy[i] - c);
        }
    }

    @Override
    public void logGradient(int n, double[] y, double[] gy, double[] gx, int at, double c) {
        if (n < L) {
            plain.logGradient(n, y, gy, gx, at, c);
            return;
        }
        DoubleVector factor = DoubleVector.broadcast(S, c);
        for (int i = at; i < at + n; i += L) {
            int j = Math.min(i, at + n - L); // the last vector; writing some twice changes nothing
            DoubleVector e = SimdFunctions64.exp(DoubleVector.fromArray(S, y, j));
            DoubleVector.fromArray(S, gy, j).sub(e.mul(factor)).intoArray(gx, j);
        }
    }
}
