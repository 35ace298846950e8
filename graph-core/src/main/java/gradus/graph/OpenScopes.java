package gradus.graph;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The number of {@link AnomalyDetection}s and {@link NoGradient} blocks that are open, in all threads together: an op of
 * tracked nodes reads this first, and asks neither if it is 0.
 */
final class OpenScopes {
    /** Whether anomaly detection is on for the whole run; read here, since this class is the first that an op meets. */
    static final boolean DETECT_ANOMALY = Boolean.getBoolean("gradus.detectAnomaly");

    private static final AtomicInteger COUNT = new AtomicInteger(DETECT_ANOMALY ? 1 : 0);

    private OpenScopes() {}

    static void open() {
        COUNT.incrementAndGet();
    }

    static void close() {
        COUNT.decrementAndGet();
    }

    static boolean any() {
        return COUNT.get() > 0;
    }
}
