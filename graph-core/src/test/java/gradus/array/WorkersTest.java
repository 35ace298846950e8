package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int THREADS = Workers.count();

    @AfterEach
    void restore_the_number_of_threads() {
        Workers.use(THREADS);
    }

    /** Counts each row that is run, without a lock: rows are written by one thread each, and read after the split. */
    private static int[] runs(int n) {
        int[] runs = new int[n];
        Workers.split(n, true, (from, to) -> {
            for (int i = from; i < to; i++) {
                runs[i]++;
            }
        });
        return runs;
    }

    private static int[] ones(int n) {
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void each_row_runs_once_and_its_writes_are_visible_after_the_split() {
        for (int round = 0; round < 200; round++) {
            for (int threads : new int[] {1, 2, 3, 4, 7}) {
                Workers.use(threads);
                for (int n : new int[] {0, 1, 2, 3, 5, 8, 31, 1000}) {
                    assertTrue(Arrays.equals(ones(n), runs(n)), () -> n + " rows on " + threads);
                }
            }
        }
    }

    @Test
    void parts_run_at_the_same_time_on_as_many_threads_as_asked_for() {
        Workers.use(3);
        CountDownLatch together = new CountDownLatch(3);
        Workers.split(12, true, (from, to) -> {
            together.countDown();
            try {
                assertTrue(together.await(20, TimeUnit.SECONDS), "parts wait for each other");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void a_parked_thread_is_woken() throws InterruptedException {
        Workers.use(2);
        for (int round = 0; round < 20; round++) {
            Thread.sleep(2);
            parts_run_at_the_same_time_on_as_many_threads_as_asked_for();
        }
    }

    @Test
    void a_small_loop_runs_on_the_calling_thread() {
        Workers.use(4);
        Thread caller = Thread.currentThread();
        Workers.split(1000, false, (from, to) -> assertSame(caller, Thread.currentThread()));
    }

    @Test
    void no_more_threads_take_part_than_asked_for() {
        Workers.use(4);
        runs(1000);
        Workers.use(2);
        var seen = ConcurrentHashMap.<Thread>newKeySet();
        for (int round = 0; round < 500; round++) {
            Workers.split(100, true, (from, to) -> seen.add(Thread.currentThread()));
        }
        assertTrue(seen.size() <= 2, () -> seen.toString());
    }

    @Test
    void a_nested_split_runs_each_row_once() {
        Workers.use(4);
        for (int round = 0; round < 100; round++) {
            int[][] inner = new int[20][];
            Workers.split(20, true, (from, to) -> {
                for (int i = from; i < to; i++) {
                    inner[i] = runs(50);
                }
            });
            for (int[] runs : inner) {
                assertTrue(Arrays.equals(ones(50), runs));
            }
        }
    }

    @Test
    void an_exception_of_a_part_is_thrown_to_the_caller_and_the_next_split_works() {
        Workers.use(4);
        for (int round = 0; round < 300; round++) {
            int bad = round % 40;
            RuntimeException thrown = new ArithmeticException("row " + bad);
            RuntimeException caught = assertThrows(
                    ArithmeticException.class,
                    () -> Workers.split(40, true, (from, to) -> {
                        if (from <= bad && bad < to) {
                            throw thrown;
                        }
                    }));
            assertSame(thrown, caught);
            assertTrue(Arrays.equals(ones(40), runs(40)));
        }
        assertThrows(
                AssertionError.class,
                () -> Workers.split(40, true, (from, to) -> {
                    throw new AssertionError("an error too");
                }));
    }

    @Test
    void concurrent_callers_each_run_their_own_rows_while_the_number_of_threads_changes() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int c = 0; c < 6; c++) {
                int caller = c;
                done.add(callers.submit(() -> {
                    int right = 0;
                    for (int round = 0; round < 400; round++) {
                        if (caller == 0) {
                            Workers.use(1 + round % 5);
                        }
                        right += Arrays.equals(ones(64 + caller), runs(64 + caller)) ? 1 : 0;
                    }
                    return right;
                }));
            }
            for (Future<Integer> f : done) {
                assertEquals(400, f.get(60, TimeUnit.SECONDS));
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void fewer_threads_than_one_are_refused() {
        assertThrows(IllegalArgumentException.class, () -> Workers.use(0));
    }

    /** Another thread could wait for a class that the caller is initialising, and the function need not be thread-safe. */
    @Test
    void a_users_function_runs_on_the_calling_thread_for_any_size() {
        Workers.use(2);
        Tensor x = Tensor.ones(200_000);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        x.zip("f", x, (a, b) -> {
            seen.add(Thread.currentThread());
            return a;
        });
        x.map(a -> {
            seen.add(Thread.currentThread());
            return a;
        });
        assertEquals(Set.of(Thread.currentThread()), seen);
    }

    @Test
    void the_property_is_a_number_of_threads_from_1_to_1024_or_an_error() {
        assertEquals(3, Workers.threads(null, 3));
        assertEquals(1, Workers.threads("1", 3));
        assertEquals(1024, Workers.threads(" 1024 ", 3));
        for (String wrong : new String[] {"0", "-1", "1025", "two", "", "1.5", "99999999999"}) {
            Error e = assertThrows(ExceptionInInitializerError.class, () -> Workers.threads(wrong, 3));
            assertEquals(
                    "property gradus.threads is \"" + wrong + "\", not a whole number from 1 to 1,024", e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> Workers.use(0));
        assertThrows(IllegalArgumentException.class, () -> Workers.use(1025));
    }
}
