package example;

import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.AnomalyDetection;
import gradus.graph.Derivatives;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An op whose forward saves a value for backward, written like a user's, with the public API alone. */
class SavedValueTest {
    /** Where x is positive. */
    private record Kept(Tensor mask) {}

    private static final List<WeakReference<Kept>> SAVED = new ArrayList<>();

    /** {@code y = x^2 where x > 0, else 0}. */
    private record HalfSquare() implements Op.Saving {
        @Override
        public String name() {
            return "halfSquare";
        }

        @Override
        public Tensor forward(Op.Saved saved, Tensor... x) {
            Tensor mask = x[0].map(v -> v > 0 ? 1 : 0);
            Kept kept = new Kept(mask);
            SAVED.add(new WeakReference<>(kept));
            saved.set(kept);
            return x[0].mul(x[0]).mul(mask);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node mask = Node.constant(c.saved(Kept.class).mask());
            return new Node[] {gy.mul(c.x(0)).mul(2).maskedBy(mask)};
        }
    }

    private static final Op HALF_SQUARE = new HalfSquare();
    private static final Tensor AT = Tensor.of(-1, 0.5, 2);

    @Test
    void a_rule_reads_what_forward_of_its_own_call_saved() {
        Node x = variable(AT);
        Node minus = Node.of(HALF_SQUARE, x.neg());
        Node plus = Node.of(HALF_SQUARE, x);
        assertEquals(Tensor.of(0, 1, 4), plus.sum().backward().of(x).value());
        assertEquals(Tensor.of(-2, 0, 0), minus.sum().backward().of(x).value().add(0));
        assertEquals(plus.value(), HALF_SQUARE.forward(AT), "the op alone computes the same");
    }

    @Test
    void second_derivatives_checkpoints_and_anomaly_detection_work() {
        GradientCheck.of(in -> Node.of(HALF_SQUARE, in[0])).at(AT).order(2).verify();
        Node x = variable(AT);
        Node y = Derivatives.checkpoint(v -> Node.of(HALF_SQUARE, v.mul(3)))
                .apply(x)
                .sum();
        assertEquals(Tensor.of(0, 9, 36), y.backward().of(x).value());
        assertEquals(
                Tensor.of(0, 18, 18),
                y.backwardGraph().of(x).sum().backward().of(x).value());
        Node plain = Node.of(HALF_SQUARE, x).named("named afterwards").sum();
        assertEquals(
                Tensor.of(0, 1, 4),
                AnomalyDetection.during(() -> plain.backward().of(x).value()));
        assertEquals(
                Tensor.of(0, 1, 4),
                AnomalyDetection.during(
                        () -> Node.of(HALF_SQUARE, x).sum().backward().of(x).value()));
    }

    @Test
    void a_saved_value_is_released_with_the_graph_and_at_once_where_there_is_none() throws Exception {
        Node x = variable(AT);
        SAVED.clear();
        Node y = Node.of(HALF_SQUARE, x);
        Node constant = Node.of(HALF_SQUARE, x.detach());
        Node evaluated = NoGradient.run(() -> Node.of(HALF_SQUARE, x));
        collected(SAVED.get(1));
        collected(SAVED.get(2));
        assertTrue(SAVED.get(0).get() != null, "the graph is alive");
        assertEquals(y.value(), constant.value());
        assertEquals(y.value(), evaluated.value());
        y = null;
        collected(SAVED.get(0));
    }

    private static void collected(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(reference.get());
    }

    @Test
    void a_value_of_another_type_or_none_is_named() {
        record Asking(Object value) implements Op.Saving {
            @Override
            public String name() {
                return "asking";
            }

            @Override
            public Tensor forward(Op.Saved saved, Tensor... x) {
                saved.set(value);
                return x[0].neg();
            }

            @Override
            public Node[] backward(Call c, Node gy) {
                return new Node[] {Node.constant(c.saved(Tensor.class))};
            }
        }
        Node x = variable(1.0);
        String found = assertThrows(IllegalStateException.class, Node.of(new Asking("text"), x)::backward)
                .getMessage();
        assertEquals("asking: forward saved a String, not a Tensor", found);
        found = assertThrows(IllegalStateException.class, Node.of(new Asking(null), x)::backward)
                .getMessage();
        assertEquals("asking: forward saved nothing, not a Tensor", found);
        Op plain = Op.unary("plain", v -> v.add(0), (c, gy) -> gy.mul(c.saved(Double.class)));
        found = assertThrows(IllegalStateException.class, Node.of(plain, x)::backward)
                .getMessage();
        assertEquals("plain: forward saved nothing, not a Double", found);
    }
}
