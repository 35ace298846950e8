package gradus.bench;

/** Runs a step repeatedly: to time it, and to have it compiled before it is timed. */
public final class Timing {
    /** Milliseconds per round of the warm-up. */
    private static final int WARM_UP_MILLIS = 80;
    /** The number of stable rounds in a row that ends the warm-up. */
    private static final int STABLE_ROUNDS = 2;
    /** The share of a stable round for which the compiler may run. */
    private static final double COMPILER_SHARE = 0.5;

    private Timing() {}

    /** Runs a step for at least some milliseconds, and at least once, and returns the mean milliseconds per run. */
    public static double millisPerRun(Runnable step, double millis) {
        long from = System.nanoTime();
        int runs = 0;
        do {
            step.run();
            runs++;
        } while ((System.nanoTime() - from) / 1e6 < millis);
        return (System.nanoTime() - from) / 1e6 / runs;
    }

    /**
     * Runs a step until Java has very likely compiled it: until in some rounds in a row none was 5 percent faster than the best
     * before it, and the compiler was mostly idle. Before it is compiled, code on the Vector API takes up to a hundred times as
     * long, and how long compilation takes varies, so a fixed time would not do.
     *
     * @param limit the maximum, in milliseconds
     */
    public static void warmUp(Runnable step, int limit) {
        long from = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        for (int stable = 0; stable < STABLE_ROUNDS && (System.nanoTime() - from) / 1e6 < limit; stable++) {
            long compiled = CompilerTime.now();
            double now = millisPerRun(step, WARM_UP_MILLIS);
            if (now < 0.95 * best || CompilerTime.now() - compiled > COMPILER_SHARE * WARM_UP_MILLIS) {
                stable = -1;
            }
            best = Math.min(best, now);
        }
    }
}
