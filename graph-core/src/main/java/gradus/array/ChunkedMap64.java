package gradus.array;

/**
 * Functions that are several loops, each over a chunk that stays in the nearest cache. As one function each would be too
 * long for the compiler to inline, and five times slower.
 */
final class ChunkedMap64 implements Loops64.Map {
    /** The loops over one chunk of n elements, with n elements of room. */
    private interface Chunk {
        void run(int n, double[] x, int xo, double[] room, double[] y, int yo);
    }

    private static final int LENGTH = 512;

    private final Chunk chunk;

    private ChunkedMap64(Chunk chunk) {
        this.chunk = chunk;
    }

    /** {@code ln(1 + x)}: the logarithm of the rounded sum, corrected by what the rounding lost. */
    static ChunkedMap64 log1p(Loops64 loops) {
        double[] one = {1};
        Loops64.Zip add = loops.zip(BinaryFunction.ADD);
        Loops64.Map log = loops.map(UnaryFunction.LOG);
        Loops64.Zip corrected = loops.zip(PartialFunction.LOG1P_OF_LOG);
        return new ChunkedMap64((n, x, xo, room, y, yo) -> {
            add.run(n, x, xo, 1, one, 0, 0, room, 0);
            log.run(n, room, 0, room, 0);
            corrected.run(n, x, xo, 1, room, 0, 1, y, yo);
        });
    }

    /** {@code ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)}. */
    static ChunkedMap64 softplus(Loops64 loops) {
        Loops64.Map abs = loops.map(UnaryFunction.ABS);
        Loops64.Map neg = loops.map(UnaryFunction.NEG);
        Loops64.Map exp = loops.map(UnaryFunction.EXP);
        Loops64.Map log1p = loops.map(UnaryFunction.LOG1P);
        Loops64.Map relu = loops.map(UnaryFunction.RELU);
        Loops64.Zip add = loops.zip(BinaryFunction.ADD);
        return new ChunkedMap64((n, x, xo, room, y, yo) -> {
            abs.run(n, x, xo, room, 0);
            neg.run(n, room, 0, room, 0);
            exp.run(n, room, 0, room, 0);
            log1p.run(n, room, 0, room, 0);
            relu.run(n, x, xo, y, yo);
            add.run(n, room, 0, 1, y, yo, 1, y, yo);
        });
    }

    /** {@code 1 - erfc x}, but near 0. */
    static ChunkedMap64 erf(Loops64 loops) {
        Loops64.Map abs = loops.map(UnaryFunction.ABS);
        Loops64.Map erfc = loops.map(UnaryFunction.ERFC);
        Loops64.Zip erf = loops.zip(PartialFunction.ERF_OF_ERFC);
        return new ChunkedMap64((n, x, xo, room, y, yo) -> {
            abs.run(n, x, xo, room, 0);
            erfc.run(n, room, 0, room, 0);
            erf.run(n, x, xo, 1, room, 0, 1, y, yo);
        });
    }

    @Override
    public void run(int n, double[] x, int xo, double[] y, int yo) {
        double[] room = new double[Math.min(n, LENGTH)];
        for (int i = 0; i < n; i += LENGTH) {
            chunk.run(Math.min(LENGTH, n - i), x, xo + i, room, y, yo + i);
        }
    }
}
