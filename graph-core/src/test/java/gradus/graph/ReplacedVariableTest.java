package gradus.graph;

import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Steps;
import gradus.array.Tensor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
}
