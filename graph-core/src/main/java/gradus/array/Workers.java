package gradus.array;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The threads among which the work of a large loop is divided. It is divided by rows: every element of a result is
 * computed by one thread, in the same order whatever their number, so the number of threads changes no result.
 *
 * <p>There are as many threads as processors, the caller's included, or as the property {@code gradus.threads} says, a
 * number from 1 to 1,024; anything else there is an error when the first tensor is made.
 *
 * <p>A loop is cut into parts, a few for each thread, and each thread takes the next part until none is left; so the
 * others take over the remaining parts of one that is delayed. The caller takes parts too, and then waits for those
 * that others still work on. One such job runs at a time, in {@code job}; a caller that finds the helpers busy does its
 * work alone, and so does a loop inside another, so nothing ever waits for a second job and there is no deadlock.
 *
 * <p>Helpers wait for the next job spinning for a moment, as the loops of a training step follow each other closely,
 * then parked. None is missed: a helper first sets that it parks and then checks once more, a caller first publishes
 * the job and then checks who is parked. As both are volatile, one of them sees the other. What parts write is seen by
 * the caller after the split, for each ends by counting down {@code unfinished}, which the caller reads.
 */
public final class Workers {
    /** A part of a loop: the rows from {@code from} (included) to {@code to} (excluded). */
    @FunctionalInterface
    interface Body {
        void run(int from, int to);
    }

    private static final String PROPERTY = "gradus.threads";
    /** The largest number of threads. */
    private static final int MAX_THREADS = 1024;
    /** Nanoseconds for which a helper spins before it parks; waking it costs about as much. */
    private static final long SPIN_NANOS = 100_000;
    /** How often a caller that waits checks before it sleeps between checks, as a helper may need its processor. */
    private static final int MAX_SPINS = 10_000;
    /** Parts per thread: more than one, so that the others take over the parts of one that is delayed. */
    private static final int PARTS_PER_THREAD = 4;

    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static volatile Job job;
    private static volatile Helper[] helpers = {};
    private static volatile int count =
            threads(System.getProperty(PROPERTY), Runtime.getRuntime().availableProcessors());

    private Workers() {}

    /** Returns among how many threads a large loop is divided, the caller's included. */
    public static int count() {
        return count;
    }

    /**
     * Sets among how many threads a large loop is divided, the caller's included; for the whole process.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1,024
     */
    public static void use(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("Workers.use: threads " + threads + " must be from 1 to 1,024");
        }
        count = threads;
    }

    /**
     * Returns the number of threads that the property asks for, or that of processors if it is not set.
     *
     * @throws ExceptionInInitializerError if it is not a whole number from 1 to 1,024
     */
    static int threads(String property, int processors) {
        if (property == null) {
            return Math.min(processors, MAX_THREADS);
        }
        try {
            int threads = Integer.parseInt(property.strip());
            if (threads >= 1 && threads <= MAX_THREADS) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // the error below says all that this one does
        }
        throw new ExceptionInInitializerError(
                "property " + PROPERTY + " is \"" + property + "\", not a whole number from 1 to 1,024");
    }

    /**
     * Runs tasks 0 to n - 1, at the same time if there are several threads. They are begun in this order; a large loop within a task is not
     * divided. Where the threads are busy, the caller runs all tasks itself.
     *
     * @param task is given the number of the task; the first exception that one throws is thrown here, after all that were begun have ended, and no
     *     further ones are begun
     * @throws IllegalArgumentException if n is negative
     */
    public static void run(int n, IntConsumer task) {
        Objects.requireNonNull(task, "Workers.run: task is null");
        if (n < 0) {
            throw new IllegalArgumentException("Workers.run: the number of tasks " + n + " must be at least 0");
        }
        split(n, true, (from, to) -> {
            for (int i = from; i < to; i++) {
                task.accept(i);
            }
        });
    }

    /** Returns into how many parts a large loop is cut. */
    static int parts() {
        return count == 1 ? 1 : PARTS_PER_THREAD * count;
    }

    /**
     * Runs a loop over n rows, in parts at the same time if there are several threads and it is large enough. What a part
     * throws is thrown here, after all parts that were begun have ended.
     */
    static void split(int n, boolean large, Body body) {
        int threads = count;
        if (!large
                || n < 2
                || threads == 1
                || Thread.currentThread() instanceof Helper
                || !BUSY.compareAndSet(false, true)) {
            body.run(0, n);
            return;
        }
        Job newJob = new Job(n, Math.min(n, PARTS_PER_THREAD * threads), threads, body);
        try {
            publish(newJob);
            newJob.runParts();
            for (int spins = 0; newJob.unfinished.get() > 0; spins++) {
                if (spins < MAX_SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(SPIN_NANOS / 2);
                }
            }
        } finally {
            job = null;
            BUSY.set(false);
        }
        if (newJob.failure instanceof Error e) {
            throw e;
        }
        if (newJob.failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /** Publishes a job to the helpers; called by one thread at a time. */
    private static void publish(Job newJob) {
        Helper[] all = helpers;
        if (all.length < newJob.threads - 1) {
            Helper[] more = Arrays.copyOf(all, newJob.threads - 1);
            for (int i = all.length; i < more.length; i++) {
                more[i] = new Helper(i);
                more[i].start();
            }
            helpers = more;
            all = more;
        }
        job = newJob;
        for (int i = 0; i < newJob.threads - 1; i++) {
            if (all[i].parked) {
                LockSupport.unpark(all[i]);
            }
        }
    }

    private static final class Job {
        private final int n;
        private final int parts;
        private final int threads;
        private final Body body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger unfinished;
        private volatile Throwable failure;

        Job(int n, int parts, int threads, Body body) {
            this.n = n;
            this.parts = parts;
            this.threads = threads;
            this.body = body;
            this.unfinished = new AtomicInteger(parts);
        }

        /** Takes parts and runs them until there are none. */
        void runParts() {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        body.run(start(part), start(part + 1));
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    unfinished.decrementAndGet();
                }
            }
        }

        private int start(int part) {
            return (int) ((long) n * part / parts);
        }
    }

    private static final class Helper extends Thread {
        private final int number;
        private volatile boolean parked;

        Helper(int number) {
            super("gradus-worker-" + (number + 1));
            this.number = number;
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            while (true) {
                help();
                await();
            }
        }

        /** Helps with the job there is, if any. It is kept in no field, as it holds the arrays of the loop. */
        private void help() {
            Job now = job;
            if (now != null && number < now.threads - 1) {
                now.runParts();
            }
        }

        /** Waits until there is a job with parts left to take. */
        private void await() {
            long from = System.nanoTime();
            while (!hasParts()) {
                if (!parked && System.nanoTime() - from < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else if (!parked) {
                    parked = true; // then it checks once more, or a job published in between would be missed
                } else {
                    LockSupport.park(this);
                    Thread.interrupted(); // or the next park would return at once
                }
            }
            parked = false;
        }

        private boolean hasParts() {
            Job now = job;
            return now != null && number < now.threads - 1 && now.next.get() < now.parts;
        }
    }
}
