package gradus.array;

/** The loops of softmax in plain Java. Those without a sum are written so that the just-in-time compiler may turn them into vector instructions. */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainSoftmax32 implements SoftmaxLoops32 {
    private static final int LANES = 4;

    private static final Loops32.Binary EXP_OF_DIFFERENCE = PlainFunctions32.of(PartialFunction.EXP_OF_DIFFERENCE);
    private static final Loops32.Unary EXP = PlainFunctions32.of(UnaryFunction.EXP);

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void exponentials(int n, float[] x, int xo, float max, float[] y, int yo, float[] s) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = EXP_OF_DIFFERENCE.of(x[xo + i], max);
        }
        float s0 = s[0];
        float s1 = s[1];
        float s2 = s[2];
        float s3 = s[3];
        int i = yo;
        for (; i + LANES <= yo + n; i += LANES) {
            s0 += y[i];
            s1 += y[i + 1];
            s2 += y[i + 2];
            s3 += y[i + 3];
        }
        for (; i < yo + n; i++) {
            s0 += y[i];
        }
        s[0] = s0;
        s[1] = s1;
        s[2] = s2;
        s[3] = s3;
    }

    @Override
    public void multiply(int n, float[] y, int yo, float c) {
        for (int i = yo; i < yo + n; i++) {
            y[i] *= c;
        }
    }

    @Override
    public void subtract(int n, float[] x, float[] y, int at, float a, float b) {
        for (int i = at; i < at + n; i++) {
            y[i] = x[i] - a - b;
        }
    }

    @Override
    public void products(int n, float[] x, float[] y, int at, float[] s) {
        float s0 = s[0];
        float s1 = s[1];
        float s2 = s[2];
        float s3 = s[3];
        int i = at;
        for (; i + LANES <= at + n; i += LANES) {
            s0 = Math.fma(x[i], y[i], s0);
            s1 = Math.fma(x[i + 1], y[i + 1], s1);
            s2 = Math.fma(x[i + 2], y[i + 2], s2);
            s3 = Math.fma(x[i + 3], y[i + 3], s3);
        }
        for (; i < at + n; i++) {
            s0 = Math.fma(x[i], y[i], s0);
        }
        s[0] = s0;
        s[1] = s1;
        s[2] = s2;
        s[3] = s3;
    }

    @Override
    public void gradient(int n, float[] y, float[] gy, float[] gx, int at, float c) {
        for (int i = at; i < at + n; i++) {
            gx[i] = y[i] * (gy[i] - c);
        }
    }

    @Override
    public void logGradient(int n, float[] y, float[] gy, float[] gx, int at, float c) {
        for (int i = at; i < at + n; i++) {
            gx[i] = gy[i] - EXP.of(y[i]) * c;
        }
    }
}
