package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    /** Examples 0 to n - 1 that record which batches are read, on which threads, and call a hook before each. */
    private static final class Watched implements Dataset {
        private final int size;
        private final List<List<Integer>> read = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        private Consumer<int[]> hook = indices -> {};

        Watched(int size) {
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Batch at(int... indices) {
            read.add(Arrays.stream(indices).boxed().toList());
            threads.add(Thread.currentThread());
            hook.accept(indices);
            double[] x = Arrays.stream(indices).asDoubleStream().toArray();
            return Batch.of(Tensor.of(x).reshape(x.length, 1), Tensor.of(x).reshape(x.length, 1));
        }
    }

    private static int[] values(Batch batch) {
        return batch.x().reshape(-1).toIntArray();
    }

    @Property(tries = 60)
    void an_epoch_has_the_same_batches_and_reads_each_example_once(
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(min = 1, max = 4) int ahead,
            @ForAll long seed) {
        Watched base = new Watched(n);
        int[] order = RandomStream.of(seed, "order").permutation(n);
        Dataset epoch = Prefetch.of(base, ahead).forEpoch(1, order);
        for (int from = 0; from < n; ) {
            int rest = n - from;
            int next = rest == size + 1 && size > 1 ? rest : Math.min(size, rest); // as a trainer takes them
            int[] wanted = Arrays.copyOfRange(order, from, from + next);
            assertArrayEquals(wanted, values(epoch.at(wanted)));
            from += next;
        }
        assertEquals(n, base.read.stream().mapToInt(List::size).sum());
        assertFalse(base.threads.contains(Thread.currentThread()));
    }

    @Test
    void the_next_batches_are_read_before_they_are_asked_for() throws InterruptedException {
        Watched base = new Watched(8);
        CountDownLatch third = new CountDownLatch(3);
        base.hook = indices -> third.countDown();
        Dataset epoch = Prefetch.of(base, 2).forEpoch(1, IntStream.range(0, 8).toArray());
        epoch.at(0, 1);
        third.await();
        assertEquals(List.of(List.of(0, 1), List.of(2, 3), List.of(4, 5)), base.read);
    }

    @Test
    void training_gives_the_same_weights_with_augmentation_too() {
        Dataset noisy = Synthetic.moons(41, 0.1, 1).transformed(Transforms.noise(0.1), 3);
        Tensor plain = trained(noisy);
        assertEquals(plain, trained(Prefetch.of(noisy, 2)));
        assertEquals(plain, trained(Prefetch.of(Synthetic.moons(41, 0.1, 1), 3).transformed(Transforms.noise(0.1), 3)));
        assertNotEquals(plain, trained(Synthetic.moons(41, 0.1, 1)));
    }

    private static Tensor trained(Dataset train) {
        Sequential model = Sequential.of(new Linear(2, 2));
        model.initialize(1);
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(8)
                .epochs(3)
                .fit(train);
        return model.parameters().get("0.weight").value();
    }

    @Test
    void an_exception_of_the_reader_belongs_to_its_batch_and_reading_can_go_on() {
        Watched base = new Watched(6);
        IllegalStateException failure = new IllegalStateException("the disk is gone");
        base.hook = indices -> {
            if (indices[0] == 2 && Collections.frequency(base.read, List.of(2, 3)) == 1) {
                throw failure;
            }
        };
        Dataset epoch = Prefetch.of(base, 2).forEpoch(1, 0, 1, 2, 3, 4, 5);
        assertArrayEquals(new int[] {0, 1}, values(epoch.at(0, 1)));
        assertSame(failure, assertThrows(IllegalStateException.class, () -> epoch.at(2, 3)));
        assertArrayEquals(new int[] {2, 3}, values(epoch.at(2, 3)));
        assertArrayEquals(new int[] {4, 5}, values(epoch.at(4, 5)));
    }

    @Test
    void an_interrupted_thread_gets_an_exception_and_loses_no_batch() {
        Watched base = new Watched(4);
        CountDownLatch go = new CountDownLatch(1);
        base.hook = indices -> awaitUninterruptibly(go);
        Dataset epoch = Prefetch.of(base, 1).forEpoch(1, 3, 2, 1, 0);
        Thread.currentThread().interrupt();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> epoch.at(3, 2));
        assertTrue(Thread.interrupted(), "the thread stays interrupted");
        assertEquals("Prefetch: interrupted while waiting for a batch", e.getMessage());
        go.countDown();
        assertArrayEquals(new int[] {3, 2}, values(epoch.at(3, 2)));
        assertArrayEquals(new int[] {1, 0}, values(epoch.at(1, 0)));
        assertEquals(List.of(List.of(3, 2), List.of(1, 0)), base.read);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("the reader is not interrupted", e);
        }
    }

    @Test
    void examples_that_are_not_next_are_read_when_asked_for() {
        Watched base = new Watched(6);
        Dataset epoch = Prefetch.of(base, 2).forEpoch(1, 0, 1, 2, 3, 4, 5);
        assertArrayEquals(new int[] {0, 1}, values(epoch.at(0, 1)));
        assertArrayEquals(new int[] {5}, values(epoch.at(5)));
        assertArrayEquals(new int[] {2, 3}, values(epoch.at(2, 3)));
        assertThrows(IllegalArgumentException.class, () -> Prefetch.of(base, 0));
        Dataset view = Prefetch.of(base, 1);
        assertArrayEquals(new int[] {4, 2}, values(view.at(4, 2)));
        assertSame(Thread.currentThread(), base.threads.get(base.threads.size() - 1), "outside of an epoch");
    }
}
