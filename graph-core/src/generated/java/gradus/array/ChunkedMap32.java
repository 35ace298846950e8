package gradus.array;

/**
 * Functions that are several loops, each over a chunk that stays in the nearest cache. As one function each would be too
 * long for the compiler to inline, and five times slower.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class ChunkedMap32 implements Loops32.Map {
    /** The loops over one chunk of n elements, with n elements of room. */
    private interface Chunk {
        void run(int n, float[] x, int xo, float[] room, float[] y, int yo);
    }

    private static final int LENGTH = 512;

    private final Chunk chunk;

    private ChunkedMap32(Chunk chunk) {
        this.chunk = chunk;
    }

    /** {@code ln(1 + x)}: the logarithm of the rounded sum, corrected by what the rounding lost. */
    static ChunkedMap32 log1p(Loops32 loops) {
        float[] one = {1};
        Loops32.Zip add = loops.zip(BinaryFunction.ADD);
        Loops32.Map log = loops.map(UnaryFunction.LOG);
        Loops32.Zip corrected = loops.zip(PartialFunction.LOG1P_OF_LOG);
        return new ChunkedMap32((n, x, xo, room, y, yo) -> {
            add.run(n, x, xo, 1, one, 0, 0, room, 0);
            log.run(n, room, 0, room, 0);
            corrected.run(n, x, xo, 1, room, 0, 1, y, yo);
        });
    }

    /** {@code ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)}. */
    static ChunkedMap32 softplus(Loops32 loops) {
        Loops32.Map abs = loops.map(UnaryFunction.ABS);
        Loops32.Map neg = loops.map(UnaryFunction.NEG);
        Loops32.Map exp = loops.map(UnaryFunction.EXP);
        Loops32.Map log1p = loops.map(UnaryFunction.LOG1P);
        Loops32.Map relu = loops.map(UnaryFunction.RELU);
        Loops32.Zip add = loops.zip(BinaryFunction.ADD);
        return new ChunkedMap32((n, x, xo, room, y, yo) -> {
            abs.run(n, x, xo, room, 0);
            neg.run(n, room, 0, room, 0);
            exp.run(n, room, 0, room, 0);
            log1p.run(n, room, 0, room, 0);
            relu.run(n, x, xo, y, yo);
            add.run(n, room, 0, 1, y, yo, 1, y, yo);
        });
    }

    /** {@code 1 - erfc x}, but near 0. */
    static ChunkedMap32 erf(Loops32 loops) {
        Loops32.Map abs = loops.map(UnaryFunction.ABS);
        Loops32.Map erfc = loops.map(UnaryFunction.ERFC);
        Loops32.Zip erf = loops.zip(PartialFunction.ERF_OF_ERFC);
        return new ChunkedMap32((n, x, xo, room, y, yo) -> {
            abs.run(n, x, xo, room, 0);
            erfc.run(n, room, 0, room, 0);
            erf.run(n, x, xo, 1, room, 0, 1, y, yo);
        });
    }

    @Override
    public void run(int n, float[] x, int xo, float[] y, int yo) {
        float[] room = new float[Math.min(n, LENGTH)];
        for (int i = 0; i < n; i += LENGTH) {
            chunk.run(Math.min(LENGTH, n - i), x, xo + i, room, y, yo + i);
        }
    }
}
