package gradus.array;

/**
 * {@code ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)} by loops over a stretch that stays in the cache. As one function it is
 * too long for the compiler to unfold, and five times slower.
 */
final class Softplus64 implements Loops64.Map {
    private static final int STRETCH = 512;

    private final Loops64.Map abs;
    private final Loops64.Map neg;
    private final Loops64.Map exp;
    private final Loops64.Map log1p;
    private final Loops64.Map relu;
    private final Loops64.Zip add;

    Softplus64(Loops64 loops) {
        abs = loops.map(UnaryFunction.ABS);
        neg = loops.map(UnaryFunction.NEG);
        exp = loops.map(UnaryFunction.EXP);
        log1p = loops.map(UnaryFunction.LOG1P);
        relu = loops.map(UnaryFunction.RELU);
        add = loops.zip(BinaryFunction.ADD);
    }

    @Override
    public void run(int n, double[] x, int xo, double[] y, int yo) {
        double[] t = new double[Math.min(n, STRETCH)];
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
