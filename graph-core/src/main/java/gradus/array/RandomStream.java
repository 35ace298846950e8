package gradus.array;

import java.nio.charset.StandardCharsets;

/**
 * A stream of random numbers made from a seed and a name: the same pair gives the same numbers on every machine, JDK and
 * number of threads, and streams of different names are independent. There is no global generator.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014); the
 * name enters through a 64-bit FNV-1a hash. Normal draws use Marsaglia's polar method on {@code StrictMath}, so that
 * their last bit does not depend on the machine either.
 *
 * <p>A stream is mutable and serves one thread.
 */
public final class RandomStream implements Restorable {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;
    private double spare = Double.NaN;

    private RandomStream(long state) {
        this.state = state;
    }

    /** Returns the stream of this seed and name. */
    public static RandomStream of(long seed, String name) {
        Arguments.nonNull(name, "RandomStream.of", "name");
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
        }
        return new RandomStream(mix(mix(seed + GOLDEN) ^ hash));
    }

    /** Returns 64 random bits. */
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    /** Returns a number from 0 (included) to 1 (excluded), a multiple of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Returns the number at a position of the sequence of a state, without those before it: as {@link #nextDouble}. */
    static double at(long state, long position) {
        return bitsAt(state, position) * 0x1p-53;
    }

    /** Returns the number at a position as a multiple of 2^-53. */
    static long bitsAt(long state, long position) {
        return mix(state + (position + 1) * GOLDEN) >>> 11;
    }

    /** Leaves out so many numbers, and returns the state in front of them. */
    long skip(int numbers) {
        long before = state;
        state += numbers * GOLDEN;
        return before;
    }

    /**
     * Returns a number from {@code low} (included) to {@code high} (excluded); low, if they are equal.
     *
     * @throws IllegalArgumentException if low is above high, or one is NaN or infinite
     */
    public double nextDouble(double low, double high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException("nextDouble: low " + low + " must not be above high " + high);
        }
        if (Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException("nextDouble: low " + low + " and high " + high + " must be finite");
        }
        double u = nextDouble();
        boolean overflows = Double.isInfinite(high - low);
        double x = overflows ? 2 * (low / 2 + (high / 2 - low / 2) * u) : low + (high - low) * u;
        return x < high ? x : Math.max(low, Math.nextDown(high)); // rounding may have reached it
    }

    /**
     * Returns a whole number from 0 (included) to {@code bound} (excluded), each equally likely.
     *
     * @throws IllegalArgumentException if the bound is not positive
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("nextInt: bound " + bound + " must be positive");
        }
        long bits = nextLong() >>> 1;
        long draw = bits % bound;
        while (bits - draw + (bound - 1) < 0) { // the last, incomplete run of the range would favour small draws
            bits = nextLong() >>> 1;
            draw = bits % bound;
        }
        return (int) draw;
    }

    /** Returns a draw from the normal distribution of mean 0 and standard deviation 1. */
    public double nextGaussian() {
        if (!Double.isNaN(spare)) {
            double z = spare;
            spare = Double.NaN;
            return z;
        }
        double u;
        double v;
        double s;
        do {
            u = nextDouble(-1, 1);
            v = nextDouble(-1, 1);
            s = u * u + v * v;
        } while (s >= 1 || s == 0);
        double scale = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spare = v * scale;
        return u * scale;
    }

    /**
     * Returns the numbers 0 to {@code n - 1} in random order (Fisher and Yates).
     *
     * @throws IllegalArgumentException if n is negative, or too large for an array
     */
    public int[] permutation(int n) {
        if (n < 0 || n > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("permutation: n " + n + " must be from 0 to 2^31 - 9");
        }
        int[] p = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            p[i] = p[j];
            p[j] = i;
        }
        return p;
    }

    /** Returns an action that resets this stream to its present position, so that it repeats the draws that follow. */
    @Override
    public Runnable snapshot() {
        long stateNow = state;
        double spareNow = spare;
        return () -> {
            state = stateNow;
            spare = spareNow;
        };
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
