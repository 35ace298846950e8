package gradus.array;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that share the work of a large loop. Work is shared by rows: every element of a result is computed by one
 * thread, in the same order whatever their number, so the number of threads changes no result.
 *
 * <p>It is as many threads as there are processors, the caller's included, or as the property {@code gradus.threads}
 * says. One job runs at a time; a caller that finds the helpers busy does its work alone, and so does a helper. Helpers
 * wait for the next job spinning for a moment, as the loops of a training step follow each other closely, then parked.
 */
public final class Workers {
    /** A part of a loop: the rows from {@code from} (included) to {@code to} (excluded). */
    @FunctionalInterface
    interface Body {
        void run(int from, int to);
    }

    /** How often a helper looks for work before it parks: some 50 microseconds. */
    private static final int SPINS = 2_000;
    /** Parts per thread, so that one that is held up leaves its share to the others. */
    private static final int PARTS = 4;

    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static volatile Job job;
    private static volatile Helper[] helpers = {};
    private static volatile int count = Math.max(
            1, Integer.getInteger("gradus.threads", Runtime.getRuntime().availableProcessors()));

    private Workers() {}

    /** Returns how many threads share a large loop, the caller's included. */
    public static int count() {
        return count;
    }

    /**
     * Sets how many threads share a large loop, the caller's included; for the whole process.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public static void use(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " is less than 1");
        }
        count = threads;
    }

    /** Runs a loop over n rows, in parts at the same time if there are several threads and it is large enough. */
    static void split(int n, boolean large, Body body) {
        if (!large
                || n < 2
                || count == 1
                || Thread.currentThread() instanceof Helper
                || !BUSY.compareAndSet(false, true)) {
            body.run(0, n);
            return;
        }
        try {
            Job shared = new Job(n, Math.max(1, n / (PARTS * count)), body);
            call(shared);
            shared.help();
            while (shared.left.get() > 0) {
                Thread.onSpinWait();
            }
            job = null;
            if (shared.failure != null) {
                throw new IllegalStateException("a loop failed on another thread", shared.failure);
            }
        } finally {
            BUSY.set(false);
        }
    }

    private static void call(Job shared) {
        Helper[] all = helpers;
        if (all.length < count - 1) {
            Helper[] more = Arrays.copyOf(all, count - 1);
            for (int i = all.length; i < more.length; i++) {
                more[i] = new Helper(i);
                more[i].start();
            }
            helpers = more;
            all = more;
        }
        job = shared;
        for (int i = 0; i < count - 1; i++) {
            if (all[i].parked) {
                LockSupport.unpark(all[i]);
            }
        }
    }

    private static final class Job {
        private final int n;
        private final int part;
        private final Body body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private volatile Throwable failure;

        Job(int n, int part, Body body) {
            this.n = n;
            this.part = part;
            this.body = body;
            this.left = new AtomicInteger((n + part - 1) / part);
        }

        /** Takes parts until there are none. */
        void help() {
            for (int from = next.getAndAdd(part); from < n; from = next.getAndAdd(part)) {
                try {
                    body.run(from, Math.min(n, from + part));
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    left.decrementAndGet();
                }
            }
        }
    }

    private static final class Helper extends Thread {
        private final int number;
        private volatile boolean parked;

        Helper(int number) {
            super("gradus-worker-" + (number + 1));
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            Job done = null;
            while (true) {
                Job next = await(done);
                if (number < count - 1) {
                    next.help();
                }
                done = next;
            }
        }

        private Job await(Job done) {
            for (int spins = 0; ; spins++) {
                Job now = job;
                if (now != null && now != done) {
                    parked = false;
                    return now;
                }
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else if (!parked) {
                    parked = true; // then one more look, lest a job given in between be missed
                } else {
                    LockSupport.park(this);
                }
            }
        }
    }
}
