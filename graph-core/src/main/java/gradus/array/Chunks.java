package gradus.array;

/** Long arrays cut into stretches for {@link Workers}, at places that do not depend on the number of threads. */
final class Chunks {
    /** The elements of a stretch. */
    static final int LENGTH = 1 << 14;
    /** Below this many elements other threads cost more than they bring. */
    static final int LARGE = 1 << 16;

    private Chunks() {}

    /** Runs a loop over n elements, on several threads where there are many. */
    static void split(int n, Workers.Body body) {
        if (n < LARGE) {
            body.run(0, n);
        } else {
            int parts = count(n);
            Workers.split(parts, true, (from, to) -> body.run(from * LENGTH, end(n, to)));
        }
    }

    /** Returns how many stretches n elements have. */
    static int count(int n) {
        return n / LENGTH + (n % LENGTH == 0 ? 0 : 1);
    }

    /** Returns where the stretches before the given one end. */
    static int end(int n, int stretch) {
        return (int) Math.min(n, (long) stretch * LENGTH);
    }
}
