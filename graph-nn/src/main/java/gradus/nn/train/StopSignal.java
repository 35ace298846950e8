package gradus.nn.train;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the end of the process wait for a training: a shutdown hook, which Ctrl-C and SIGTERM start, requests a stop, and
 * returns when the training has stopped and its checkpoint is written.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread training = Thread.currentThread();
    private final Thread hook = new Thread(this::stopAndWait, "gradus stop");
    private volatile boolean requested;

    private StopSignal() {}

    /** Returns a registered hook for the training of this thread. */
    static StopSignal register() {
        StopSignal signal = new StopSignal();
        try {
            Runtime.getRuntime().addShutdownHook(signal.hook);
        } catch (IllegalStateException e) {
            signal.requested = true; // the process is ending already
        }
        return signal;
    }

    boolean isRequested() {
        return requested;
    }

    private void stopAndWait() {
        requested = true;
        try {
            boolean ended = false;
            while (!ended && training.isAlive() && !isExiting()) {
                ended = done.await(50, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the training's thread waits itself for the end of the process, as a callback that calls exit does. */
    private boolean isExiting() {
        return Arrays.stream(training.getStackTrace())
                .anyMatch(f -> f.getClassName().equals("java.lang.Shutdown"));
    }

    /** Removes the hook, or lets the process end. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process is ending
        }
    }
}
