package gradus.nn.data;

import gradus.array.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A view that reads the next batches of an epoch on another thread while the model trains on this one, for examples that are read from files or computed.
 * A trainer says in which order it will ask for the examples, see {@link Dataset#forEpoch}; the batches are the same as without this view. Outside
 * of an epoch nothing is read ahead.
 *
 * <p>During an epoch one thread reads the data set. An exception of a read is thrown by {@link #at} for the batch that it belongs to, and asking again
 * reads again. A thread that is interrupted while it waits for a batch gets an exception and stays interrupted; the batch is there for the next call.
 */
public final class Prefetch implements Dataset {
    private final Dataset base;
    private final int batches;
    private final int[] order;
    private final ThreadPoolExecutor reader;

    /** The batches that were asked for, or will be; the examples of the last end at {@code end} of the order. */
    private final Deque<Request> requests = new ArrayDeque<>();

    private int end;

    private record Request(int[] indices, Future<Batch> batch) {}

    /** Outside of an epoch the order is null. */
    private Prefetch(Dataset base, int batches, int... order) {
        this.base = base;
        this.batches = batches;
        this.order = order;
        // the thread ends when it has nothing to do, so that there is nothing to close
        reader = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "gradus-prefetch");
            thread.setDaemon(true);
            return thread;
        });
        reader.allowCoreThreadTimeOut(true);
    }

    /**
     * Returns a view that reads ahead.
     *
     * @param batches how many batches are read ahead, at least 1; so many are in memory
     * @throws IllegalArgumentException if it is less
     */
    public static Prefetch of(Dataset examples, int batches) {
        Objects.requireNonNull(examples, "Prefetch: examples is null");
        if (batches < 1) {
            throw new IllegalArgumentException("Prefetch: batches " + batches + " must be at least 1");
        }
        return new Prefetch(examples, batches, (int[]) null);
    }

    @Override
    public int size() {
        return base.size();
    }

    @Override
    public boolean isInMemory() {
        return base.isInMemory();
    }

    @Override
    public boolean hasTransformedInputs() {
        return base.hasTransformedInputs();
    }

    @Override
    public Tensor y() {
        return base.y();
    }

    @Override
    public Dataset forEpoch(int epoch, int... order) {
        Objects.requireNonNull(order, "forEpoch: order is null");
        return new Prefetch(base.forEpoch(epoch, order), batches, order.clone());
    }

    @Override
    public synchronized Batch at(int... indices) {
        Objects.requireNonNull(indices, "at: indices is null");
        if (order == null) {
            return base.at(indices);
        }
        if (requests.isEmpty() || !Arrays.equals(requests.peek().indices(), indices)) {
            restart(indices);
        }
        while (requests.size() <= batches && end < order.length) {
            int rest = order.length - end;
            // a trainer never leaves a single example for the last batch
            int size = rest == indices.length + 1 && rest > 2 ? rest : Math.min(indices.length, rest);
            request(Arrays.copyOfRange(order, end, end + size));
            end += size;
        }
        Batch batch = await(requests.peek().batch());
        requests.remove();
        return batch;
    }

    /** Forgets what was read ahead, and asks for these examples; those that follow are read ahead only if these are next in the order. */
    private void restart(int... indices) {
        int start = end - requests.stream().mapToInt(r -> r.indices().length).sum();
        requests.forEach(r -> r.batch().cancel(false));
        requests.clear();
        request(indices.clone());
        boolean inOrder = start + indices.length <= order.length
                && Arrays.equals(order, start, start + indices.length, indices, 0, indices.length);
        end = inOrder ? start + indices.length : order.length;
    }

    private void request(int... indices) {
        requests.add(new Request(indices, reader.submit(() -> base.at(indices))));
    }

    private Batch await(Future<Batch> batch) {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Prefetch: interrupted while waiting for a batch", e);
        } catch (ExecutionException e) {
            retryNextTime();
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** Forgets the batch that failed and those after it: the next call reads again. */
    private void retryNextTime() {
        end -= requests.stream().mapToInt(r -> r.indices().length).sum();
        requests.forEach(r -> r.batch().cancel(false));
        requests.clear();
    }

    @Override
    public String toString() {
        return base + ", read ahead";
    }
}
