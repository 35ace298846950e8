package gradus.array;

/** {@code ln(1 + x)} by loops over a stretch that stays in the cache: the logarithm of the sum, and what that lost. */
final class Log1p64 implements Loops64.Map {
    private static final int STRETCH = 512;

    private final double[] one = {1};
    private final Loops64.Zip add;
    private final Loops64.Map log;
    private final Loops64.Zip log1p;

    Log1p64(Loops64 loops) {
        add = loops.zip(BinaryFunction.ADD);
        log = loops.map(UnaryFunction.LOG);
        log1p = loops.zip(BinaryFunction.LOG1P_BY_LOG);
    }

    @Override
    public void run(int n, double[] x, int xo, double[] y, int yo) {
        double[] t = new double[Math.min(n, STRETCH)];
        for (int i = 0; i < n; i += STRETCH) {
            int length = Math.min(STRETCH, n - i);
            add.run(length, x, xo + i, 1, one, 0, 0, t, 0);
            log.run(length, t, 0, t, 0);
            log1p.run(length, x, xo + i, 1, t, 0, 1, y, yo + i);
        }
    }
}
