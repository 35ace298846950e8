package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocks without a graph, frozen variables, and whether a checkpoint is computed again. */
class NoGradientTest {
    private final Node w = variable(2.0, 3.0).named("w");

    @AfterEach
    void every_block_is_closed() {
        assertFalse(NoGradient.isOpen());
        assertTrue(w.mul(2).isTracked());
    }

    @Test
    void inside_a_block_every_op_returns_a_constant() {
        Node y = NoGradient.run(() -> Node.concat(0, w.exp(), w.add(w), w, w).sum());
        assertFalse(y.isTracked());
        assertTrue(y.inputs().isEmpty());
        NoGradient.execute(() -> assertFalse(w.square().isTracked()));
        assertTrue(w.isVariable());
    }

    @Test
    void blocks_nest_and_end_with_an_exception_too() {
        NoGradient.run(() -> {
            assertFalse(NoGradient.run(() -> w.exp()).isTracked());
            assertFalse(w.exp().isTracked());
            assertThrows(IllegalArgumentException.class, () -> NoGradient.execute(() -> w.reshape(5)));
            assertFalse(w.exp().isTracked());
            return 0;
        });
        assertThrows(IllegalArgumentException.class, () -> NoGradient.run(() -> w.reshape(5)));
        NoGradient outer = NoGradient.open();
        NoGradient inner = NoGradient.open();
        inner.close();
        inner.close();
        assertFalse(w.exp().isTracked());
        outer.close();
        assertTrue(w.exp().isTracked());
    }

    @Test
    void a_block_belongs_to_one_thread() throws Exception {
        try (NoGradient block = NoGradient.open()) {
            assertTrue(CompletableFuture.supplyAsync(() -> w.exp().isTracked()).get());
            Throwable e = assertThrows(Exception.class, () -> CompletableFuture.runAsync(block::close)
                            .get())
                    .getCause();
            assertEquals(IllegalStateException.class, e.getClass());
            assertTrue(e.getMessage().startsWith("NoGradient: the block was opened by main"), e.getMessage());
        }
    }

    @Test
    void inside_a_block_a_graph_can_be_differentiated_but_its_gradient_not_recorded() {
        Node y = w.square().sum();
        assertEquals(Tensor.of(4, 6), NoGradient.run(() -> y.backward().of(w).value()));
        String found = assertThrows(IllegalStateException.class, () -> NoGradient.run(y::backwardGraph))
                .getMessage();
        assertTrue(found.startsWith("backwardGraph: a NoGradient block is open in this thread"), found);
        Node again = Derivatives.checkpoint(v -> v.square().sum()).apply(w);
        assertEquals(
                Tensor.of(4, 6), NoGradient.run(() -> again.backward().of(w).value()));
        assertFalse(NoGradient.run(() -> Derivatives.checkpoint(v -> v.mul(w)).apply(w))
                .isTracked());
    }

    @Test
    void inside_a_block_derivatives_of_functions_are_constants() {
        UnaryOperator<Node> f = v -> v.square().mul(w).sum();
        NoGradient.execute(() -> {
            Node slope = Derivatives.grad(f).apply(w);
            assertEquals(Tensor.of(8, 18), slope.value());
            assertFalse(slope.isTracked());
            assertEquals(
                    Tensor.of(4, 6),
                    Derivatives.grad(v -> Derivatives.grad(f).apply(v).sum())
                            .apply(w)
                            .value());
            assertEquals(6, Derivatives.hessian(f, w.value()).get(1, 1));
            assertEquals(Tensor.of(4, 6), Derivatives.hvp(f, w.value(), Tensor.of(1, 1)));
            assertEquals(26, Derivatives.jvp(f, w.value(), Tensor.of(1, 1)).item());
            assertEquals(Tensor.of(8, 18), Derivatives.vjp(f, w.value(), Tensor.of(1.0)));
            assertEquals(
                    Tensor.of(8, 18), Derivatives.valueAndGrad(f, w.value()).gradient());
            assertEquals(Tensor.of(8, 18), Derivatives.jacobian(f, w.value()));
        });
    }

    @Test
    void anomaly_detection_works_inside_a_block() {
        Node minus = variable(-1.0);
        String found = assertThrows(
                        ArithmeticException.class,
                        () -> NoGradient.run(() -> AnomalyDetection.during(() -> minus.log())))
                .getMessage();
        assertTrue(found.startsWith("log gave []"), found);
        assertFalse(NoGradient.run(() -> AnomalyDetection.during(() -> w.log())).isTracked());
    }

    // ---- frozen variables

    @Test
    void a_frozen_variable_is_a_constant_to_graphs_built_from_then_on() {
        Node x = variable(1.0, -1.0);
        assertEquals(w, w.freeze());
        assertTrue(w.isFrozen());
        assertFalse(w.isVariable());
        assertFalse(w.isTracked());
        assertFalse(w.exp().isTracked());
        Gradients g = w.mul(x).sum().backward();
        assertEquals(Tensor.of(2, 3), g.of(x).value());
        String found =
                assertThrows(IllegalArgumentException.class, () -> g.of(w)).getMessage();
        assertTrue(found.contains("gradient of w [2]: it is frozen"), found);
        w.assign(Tensor.of(5, 6));
        w.update(t -> gradus.array.Steps.sgd(t, Tensor.of(1, 1), 1, 0));
        assertEquals(Tensor.of(4, 5), w.value());
        w.named("v").unfreeze();
        assertFalse(w.isFrozen());
        assertEquals(Tensor.of(1, -1), w.mul(x).sum().backward().of(w).value());
    }

    @Test
    void graphs_built_before_a_variable_was_frozen_or_unfrozen_are_refused() {
        Node x = variable(1.0, -1.0);
        Node before = w.mul(x).sum();
        w.freeze();
        Node frozen = w.mul(x).sum();
        w.freeze(); // a second time changes nothing
        frozen.backward();
        for (Node y : List.of(before, frozen)) {
            if (y == frozen) {
                w.unfreeze();
            }
            String found =
                    assertThrows(IllegalStateException.class, y::backward).getMessage();
            assertTrue(found.startsWith("backward: mul: w [2] was given a new value, frozen or unfrozen after"), found);
        }
    }

    @Test
    void only_variables_can_be_frozen() {
        String found = assertThrows(
                        IllegalStateException.class, () -> constant(1.0).freeze())
                .getMessage();
        assertEquals("freeze: [] is a constant, not a variable", found);
        found = assertThrows(IllegalStateException.class, () -> w.exp().unfreeze())
                .getMessage();
        assertEquals("unfreeze: [2] is computed, not a variable", found);
    }

    // ---- recomputation

    @Test
    void a_checkpoint_sets_isRecomputing_while_it_recomputes() {
        List<Boolean> seen = new ArrayList<>();
        UnaryOperator<Node> inner = v -> {
            seen.add(Derivatives.isRecomputing());
            return v.square();
        };
        Node y = Derivatives.checkpoint(
                        v -> Derivatives.checkpoint(inner).apply(v).sin())
                .apply(w)
                .sum();
        assertEquals(List.of(false), seen);
        y.backward();
        assertEquals(List.of(false, true, true), seen);
        assertFalse(Derivatives.isRecomputing());
        inner.apply(w).sum().backward();
        assertEquals(List.of(false, true, true, false), seen);
    }

    @Test
    void a_recomputation_that_fails_leaves_isRecomputing_false() {
        int[] calls = {0};
        Node y = Derivatives.checkpoint(v -> v.reshape(2 + calls[0]++)).apply(w).sum();
        assertThrows(IllegalArgumentException.class, y::backward);
        assertFalse(Derivatives.isRecomputing());
    }
}
