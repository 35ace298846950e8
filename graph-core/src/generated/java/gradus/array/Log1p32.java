package gradus.array;

/** {@code ln(1 + x)} by loops over a stretch that stays in the cache: the logarithm of the sum, and what that lost. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Log1p32 implements Loops32.Map {
    private static final int STRETCH = 512;

    private final float[] one = {1};
    private final Loops32.Zip add;
    private final Loops32.Map log;
    private final Loops32.Zip log1p;

    Log1p32(Loops32 loops) {
        add = loops.zip(BinaryFunction.ADD);
        log = loops.map(UnaryFunction.LOG);
        log1p = loops.zip(BinaryFunction.LOG1P_BY_LOG);
    }

    @Override
    public void run(int n, float[] x, int xo, float[] y, int yo) {
        float[] t = new float[Math.min(n, STRETCH)];
        for (int i = 0; i < n; i += STRETCH) {
            int length = Math.min(STRETCH, n - i);
            add.run(length, x, xo + i, 1, one, 0, 0, t, 0);
            log.run(length, t, 0, t, 0);
            log1p.run(length, x, xo + i, 1, t, 0, 1, y, yo + i);
        }
    }
}
