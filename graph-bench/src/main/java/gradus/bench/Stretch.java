package gradus.bench;

/** What is run over and over for a while, and what it takes. */
public final class Stretch {
    /** Milliseconds of a stretch of warming up. */
    private static final int WARMING = 80;
    /** How many stretches nothing must get better to end it. */
    private static final int QUIET = 2;
    /** The share of a stretch for which the compiler may work then. */
    private static final double BUSY = 0.5;

    private Stretch() {}

    /** Runs a step for some milliseconds, once at least, and returns the milliseconds that one takes. */
    public static double of(Runnable step, double millis) {
        long from = System.nanoTime();
        int runs = 0;
        do {
            step.run();
            runs++;
        } while ((System.nanoTime() - from) / 1e6 < millis);
        return (System.nanoTime() - from) / 1e6 / runs;
    }

    /**
     * Runs a step until Java has very likely compiled it: until for some stretches in a row none was 5 percent faster
     * than the best before them and the compiler had little to do. Code on the Vector API takes a hundred times as long
     * before, so a fixed time would measure the compiler.
     *
     * @param limit milliseconds at most
     */
    public static void warmUp(Runnable step, int limit) {
        long from = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        for (int quiet = 0; quiet < QUIET && (System.nanoTime() - from) / 1e6 < limit; quiet++) {
            long compiled = CompilerTime.now();
            double now = of(step, WARMING);
            if (now < 0.95 * best || CompilerTime.now() - compiled > BUSY * WARMING) {
                quiet = -1;
            }
            best = Math.min(best, now);
        }
    }
}
