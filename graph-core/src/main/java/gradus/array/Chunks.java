package gradus.array;

/** Long arrays divided into chunks for {@link Workers}, at positions that do not depend on the number of threads. */
final class Chunks {
    /** The elements of a chunk. */
    static final int LENGTH = 1 << 14;
    /** Below this many elements other threads cost more than they save. */
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

    /** Returns how many chunks n elements have. */
    static int count(int n) {
        return n / LENGTH + (n % LENGTH == 0 ? 0 : 1);
    }

    /** Returns where the chunks before the given one end. */
    static int end(int n, int chunk) {
        return (int) Math.min(n, (long) chunk * LENGTH);
    }
}
