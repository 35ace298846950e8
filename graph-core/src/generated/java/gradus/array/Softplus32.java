package gradus.array;

/**
 * {@code ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)} by loops over a stretch that stays in the cache. As one function it is
 * too long for the compiler to unfold, and five times slower.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Softplus32 implements Loops32.Map {
    private static final int STRETCH = 512;

    private final Loops32.Map abs;
    private final Loops32.Map neg;
    private final Loops32.Map exp;
    private final Loops32.Map log1p;
    private final Loops32.Map relu;
    private final Loops32.Zip add;

    Softplus32(Loops32 loops) {
        abs = loops.map(UnaryFunction.ABS);
        neg = loops.map(UnaryFunction.NEG);
        exp = loops.map(UnaryFunction.EXP);
        log1p = loops.map(UnaryFunction.LOG1P);
        relu = loops.map(UnaryFunction.RELU);
        add = loops.zip(BinaryFunction.ADD);
    }

    @Override
    public void run(int n, float[] x, int xo, float[] y, int yo) {
        float[] t = new float[Math.min(n, STRETCH)];
        for (int i = 0; i < n; i += STRETCH) {
            int length = Math.min(STRETCH, n - i);
            abs.run(length, x, xo + i, t, 0);
            neg.run(length, t, 0, t, 0);
            exp.run(length, t, 0, t, 0);
            log1p.run(length, t, 0, t, 0);
            relu.run(length, x, xo + i, y, yo + i);
            add.run(length, t, 0, 1, y, yo + i, 1, y, yo + i);
        }
    }
}
