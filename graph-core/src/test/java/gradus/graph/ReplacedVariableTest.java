package gradus.graph;

import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Shape;
import gradus.array.Steps;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another thread replaces a variable: a gradient is that of one value of each variable, or backward throws. */
class ReplacedVariableTest {
    private static final int SIZE = 20_000;

    /**
     * All elements of w are equal before and after each write, so a gradient computed from both values has elements
     * that differ.
     */
    @ParameterizedTest
    @ValueSource(strings = {"assign", "update"})
    void a_variable_that_another_thread_replaces_is_never_mixed_into_a_gradient(String how) throws Exception {
        Node w = variable(Tensor.ones(SIZE));
        w.update(t -> Steps.sgd(t, Tensor.ones(SIZE), 1, 0)); // from now on it owns its array
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            Tensor minus = Tensor.ones(SIZE).neg();
            for (int i = 0; !done.get(); i++) {
                if (how.equals("assign")) {
                    w.assign(Tensor.ones(SIZE).mul(i));
                } else {
                    w.update(t -> Steps.sgd(t, minus, 1, 0));
                }
                long until = System.nanoTime() + 20_000L * (i % 7);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        });
        int through = 0;
        int refused = 0;
        long end = System.nanoTime() + 1_500_000_000L;
        for (int i = 0; i < 20_000 && (i < 200 || System.nanoTime() < end); i++) {
            Node y = w.mul(w).mul(w).sum(); // 3 w^2, by three readings of w
            double value = y.item();
            Tensor g;
            try {
                g = y.backward().of(w).value();
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains("was given a new value"), e.getMessage());
                refused++;
                continue;
            }
            through++;
            double at = Math.rint(Math.cbrt(value / SIZE));
            double expected = 3 * at * at;
            assertEquals(expected, g.min().item(), 1e-9 * Math.max(1, expected), "the gradient of one value");
            assertEquals(expected, g.max().item(), 1e-9 * Math.max(1, expected), "the gradient of one value");
        }
        done.set(true);
        writer.get();
        assertTrue(through + refused > 0);
        assertEquals(SIZE, w.sum().backward().of(w).sum().item(), "without concurrent writes nothing is refused");
    }

    @Test
    void a_graph_built_while_a_variable_is_written_is_refused_afterwards() {
        Node w = variable(1.0, 2.0).named("w");
        Node[] between = new Node[1];
        w.update(t -> between[0] = w.square().sum());
        String found =
                assertThrows(IllegalStateException.class, between[0]::backward).getMessage();
        assertTrue(found.startsWith("backward: mul: w [2] was given") || found.contains("w [2] was given"), found);
    }

    @Test
    void a_failed_update_leaves_the_variable_usable_and_older_graphs_are_refused() {
        Node w = variable(1.0, 2.0);
        Node before = w.square().sum();
        assertThrows(
                ArithmeticException.class,
                () -> w.update(t -> {
                    throw new ArithmeticException();
                }));
        assertThrows(IllegalStateException.class, before::backward);
        assertEquals(Tensor.of(2, 4), w.square().sum().backward().of(w).value());
    }

    @Test
    void a_variable_that_is_replaced_while_a_rule_runs_is_refused() {
        Node w = variable(2.0).named("w");
        Op assigning = Op.unary("assigning", x -> x.add(0), (c, gy) -> {
            w.assign(Tensor.of(7.0));
            return gy.mul(c.x(0));
        });
        String found = assertThrows(IllegalStateException.class, Node.of(assigning, w)::backward)
                .getMessage();
        assertTrue(found.startsWith("backward: assigning: w [] was given a new value"), found);
    }

    /**
     * A rule such as that of x y + x may return an input itself: a later update by an optimizer must not change the
     * gradient.
     */
    @Test
    void a_gradient_that_is_a_variables_own_value_does_not_change_with_it() {
        Node w = variable(1.0, 2.0);
        w.update(t -> Steps.sgd(t, Tensor.of(1, 1), 1, 0));
        Op half = Op.unary("half", x -> x.mul(x).div(2), (c, gy) -> c.x(0));
        Tensor g = Node.of(half, w).sum().backward().of(w).value();
        w.update(t -> Steps.sgd(t, Tensor.of(1, 1), 1, 0));
        assertEquals(Tensor.of(0, 1), g);
        w.freeze();
        Node x = variable(3.0, 4.0);
        Op product = Op.binary("product", Tensor::mul, (c, gy) -> c.x(1), (c, gy) -> c.x(0));
        Tensor atFrozen = Node.of(product, x, w).sum().backward().of(x).value();
        Node view = w.reshape(1, 2);
        Node detached = w.detach();
        w.update(t -> Steps.sgd(t, Tensor.of(1, 1), 1, 0));
        assertEquals(Tensor.of(-1, 0), atFrozen);
        assertEquals(Tensor.of(new double[][] {{-1, 0}}), view.value());
        assertEquals(Tensor.of(-1, 0), detached.value());
    }

    private static Node updated(double... values) {
        Node w = variable(values).named("w");
        w.update(t -> Steps.scale(t, 1)); // from now on its array is its own
        return w;
    }

    private static <R> R inAnotherThread(Supplier<R> f) {
        return CompletableFuture.supplyAsync(f).join();
    }

    /** Waits until both threads are here. */
    private static void meet(CountDownLatch start) {
        start.countDown();
        while (start.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_value_that_is_read_during_an_update_never_changes() {
        for (boolean another : new boolean[] {false, true}) {
            for (Supplier<Node> w : List.<Supplier<Node>>of(() -> variable(1.0, 2.0), () -> updated(1, 2))) {
                Node v = w.get();
                List<Supplier<Tensor>> readings = List.of(
                        v::value,
                        () -> v.detach().value(),
                        () -> v.reshape(2, 1).value(),
                        () -> Node.outputs(new Twice(), v)[1].value());
                for (Supplier<Tensor> reading : readings) {
                    Tensor[] read = new Tensor[1];
                    v.update(t -> {
                        read[0] = another ? inAnotherThread(reading) : reading.get();
                        Steps.scale(t, 2);
                    });
                    Tensor before = v.value().div(2);
                    assertEquals(before.reshape(2), read[0].reshape(2));
                    v.update(t -> Steps.scale(t, 2));
                    assertEquals(before.reshape(2), read[0].reshape(2));
                }
            }
        }
    }

    /** {@code y = x, x}, on the array of x. */
    private record Twice() implements Op.Multi {
        @Override
        public String name() {
            return "twice";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            return new Tensor[] {x[0], x[0]};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            return new Node[] {null};
        }
    }

    /** What two threads may do to one value in any order; each reading is compared with a copy that was made at once. */
    @Test
    void values_that_are_read_while_another_thread_updates_never_change() throws Exception {
        int rounds = 3000;
        int size = 2000;
        Node w = variable(Tensor.ones(size));
        CountDownLatch start = new CountDownLatch(2);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            meet(start);
            for (int i = 0; i < 4 * rounds; i++) {
                w.update(t -> Steps.sgd(t, Tensor.ones(size), 1, 0));
            }
        });
        List<Tensor> read = new ArrayList<>();
        List<Tensor> copies = new ArrayList<>();
        meet(start);
        for (int i = 0; i < rounds; i++) {
            Tensor value = i % 2 == 0 ? w.value() : w.reshape(size, 1).value();
            read.add(value);
            copies.add(value.copy());
        }
        writer.get();
        assertEquals(copies, read);
        assertEquals(Tensor.full(Shape.of(size), 1 - 4 * rounds, w.dtype()), w.value());
    }

    @Test
    void a_second_replacement_during_an_update_is_refused_and_the_variable_stays_usable() {
        Node w = updated(1, 2);
        List<Runnable> replacements =
                List.of(() -> w.update(t -> Steps.scale(t, 3)), () -> w.assign(Tensor.of(5, 6)), w::freeze);
        List<String> names = List.of("update", "assign", "freeze");
        for (int i = 0; i < names.size(); i++) {
            Runnable second = replacements.get(i);
            String start = names.get(i) + ": the value of w [2] is being replaced already";
            w.update(t -> {
                requireRefused(start, second);
                requireRefused(
                        start,
                        () -> inAnotherThread(() -> {
                            second.run();
                            return null;
                        }));
            });
        }
        assertEquals(Tensor.of(1, 2), w.value());
        assertEquals(Tensor.of(2, 4), w.square().sum().backward().of(w).value());
    }

    private static void requireRefused(String start, Runnable replacement) {
        Throwable e = assertThrows(RuntimeException.class, replacement::run);
        Throwable cause = e instanceof CompletionException ? e.getCause() : e;
        assertTrue(cause instanceof IllegalStateException && cause.getMessage().startsWith(start), e::toString);
    }

    @Test
    void of_concurrent_updates_each_is_refused_or_done_as_a_whole() throws Exception {
        int rounds = 200_000;
        int size = 2000;
        Node w = variable(Tensor.zeros(size));
        Tensor minus = Tensor.ones(size).neg();
        CountDownLatch start = new CountDownLatch(2);
        Supplier<Integer> adding = () -> {
            meet(start);
            int done = 0;
            for (int i = 0; i < rounds; i++) {
                try {
                    w.update(t -> Steps.sgd(t, minus, 1, 0));
                    done++;
                } catch (IllegalStateException e) {
                    assertTrue(e.getMessage().contains("is being replaced already"), e::toString);
                }
            }
            return done;
        };
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(adding);
        int done = adding.get() + other.get();
        assertEquals(Tensor.full(Shape.of(size), done, w.dtype()), w.value());
        assertEquals(size, w.sum().backward().of(w).sum().item());
    }
}
