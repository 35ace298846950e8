package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops of softmax on the Vector API. A sum is spread over the lanes of a vector. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdSoftmax32 implements SoftmaxLoops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private final PlainSoftmax32 plain = new PlainSoftmax32();

    @Override
    public int lanes() {
        return Math.max(L, plain.lanes());
    }

    @Override
    public void exponentials(int n, float[] x, int xo, float max, float[] y, int yo, float[] s) {
        if (n < L) {
            plain.exponentials(n, x, xo, max, y, yo, s);
            return;
        }
        FloatVector largest = FloatVector.broadcast(S, max);
        FloatVector sum = FloatVector.fromArray(S, s, 0);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector e = SimdFunctions32.expOfDifference(FloatVector.fromArray(S, x, xo + i), largest);
            e.intoArray(y, yo + i);
            sum = sum.add(e);
        }
        sum.intoArray(s, 0);
        if (i < n) { // writing some twice changes nothing
            SimdFunctions32.expOfDifference(FloatVector.fromArray(S, x, xo + n - L), largest)
                    .intoArray(y, yo + n - L);
            for (int lane = 0; i < n; i++, lane++) {
                s[lane] += y[yo + i];
            }
        }
    }

    @Override
    public void multiply(int n, float[] y, int yo, float c) {
        int i = yo;
        for (; i + L <= yo + n; i += L) {
            FloatVector.fromArray(S, y, i).mul(c).intoArray(y, i);
        }
        for (; i < yo + n; i++) {
            y[i] *= c;
        }
    }

    @Override
    public void subtract(int n, float[] x, float[] y, int at, float a, float b) {
        int i = at;
        for (; i + L <= at + n; i += L) {
            FloatVector.fromArray(S, x, i).sub(a).sub(b).intoArray(y, i);
        }
        for (; i < at + n; i++) {
            y[i] = x[i] - a - b;
        }
    }

    @Override
    public void products(int n, float[] x, float[] y, int at, float[] s) {
        FloatVector s0 = FloatVector.fromArray(S, s, 0);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector s2 = s1;
        FloatVector s3 = s1;
        int i = at;
        for (; i + 4 * L <= at + n; i += 4 * L) {
            s0 = FloatVector.fromArray(S, x, i).fma(FloatVector.fromArray(S, y, i), s0);
            s1 = FloatVector.fromArray(S, x, i + L).fma(FloatVector.fromArray(S, y, i + L), s1);
            s2 = FloatVector.fromArray(S, x, i + 2 * L).fma(FloatVector.fromArray(S, y, i + 2 * L), s2);
            s3 = FloatVector.fromArray(S, x, i + 3 * L).fma(FloatVector.fromArray(S, y, i + 3 * L), s3);
        }
        for (; i + L <= at + n; i += L) {
            s1 = FloatVector.fromArray(S, x, i).fma(FloatVector.fromArray(S, y, i), s1);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(s, 0);
        for (int lane = 0; i < at + n; i++, lane++) {
            s[lane] = Math.fma(x[i], y[i], s[lane]);
        }
    }

    @Override
    public void gradient(int n, float[] y, float[] gy, float[] gx, int at, float c) {
        int i = at;
        for (; i + L <= at + n; i += L) {
            FloatVector.fromArray(S, gy, i)
                    .sub(c)
                    .mul(FloatVector.fromArray(S, y, i))
                    .intoArray(gx, i);
        }
        for (; i < at + n; i++) {
            gx[i] = y[i] * (gy[i] - c);
        }
    }

    @Override
    public void logGradient(int n, float[] y, float[] gy, float[] gx, int at, float c) {
        if (n < L) {
            plain.logGradient(n, y, gy, gx, at, c);
            return;
        }
        FloatVector factor = FloatVector.broadcast(S, c);
        for (int i = at; i < at + n; i += L) {
            int j = Math.min(i, at + n - L); // the last vector; writing some twice changes nothing
            FloatVector e = SimdFunctions32.exp(FloatVector.fromArray(S, y, j));
            FloatVector.fromArray(S, gy, j).sub(e.mul(factor)).intoArray(gx, j);
        }
    }
}
