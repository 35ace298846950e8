package gradus.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.Tensor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClosureTest {
    private final Node w = Node.variable(2.0);
    private final Node h = w.mul(3);

    private static Node[] captured(Function<Node[], Node> f) {
        return Closure.of("test", f, Tensor.of(1.0)).captured();
    }

    @Test
    void the_captured_nodes_are_those_that_existed_before_the_call() {
        assertArrayEquals(new Node[] {w}, captured(x -> x[0].mul(w)));
        assertArrayEquals(new Node[] {h}, captured(x -> x[0].mul(h)));
        assertArrayEquals(new Node[] {h}, captured(x -> x[0].add(h.sin().exp())));
        assertArrayEquals(new Node[] {w, h}, captured(x -> x[0].add(w).mul(h.sin())));
        assertArrayEquals(new Node[] {h}, captured(x -> h));
        assertArrayEquals(new Node[0], captured(x -> x[0].mul(Node.constant(3.0))));
    }

    @Test
    void frozen_variables_are_captured_and_nothing_is_in_a_block_without_gradients() {
        Node frozen = Node.variable(1.0).freeze();
        assertArrayEquals(new Node[] {frozen}, captured(x -> x[0].mul(frozen)));
        assertArrayEquals(new Node[0], NoGradient.run(() -> captured(x -> x[0].mul(w))));
    }

    @Test
    void the_value_is_that_of_the_function_and_null_is_refused() {
        Closure f = Closure.of("test", x -> x[0].mul(w), Tensor.of(1.0));
        assertEquals(10, f.value(Tensor.of(5.0)).item());
        assertEquals(
                "test: the function returned null",
                assertThrows(IllegalStateException.class, () -> captured(x -> null))
                        .getMessage());
    }

    /** An op {@code y = f(x)} by the gradients of its closure: every derivative is that of f. */
    private record Applied(Closure f) implements Op {
        @Override
        public String name() {
            return "applied";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return f.value(x[0]);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return f.gradients(c, gy, c.x(0));
        }
    }

    @Test
    void the_gradients_make_the_rule_of_an_op_of_any_order() {
        Node x = Node.variable(0.7);
        Closure f = Closure.of("applied", in -> in[0].mul(h).sin().mul(w), x.value());
        Node y = Node.of(new Applied(f), x, f.captured()[0], f.captured()[1]);
        Node expected = x.mul(h).sin().mul(w);
        for (int order = 1; order <= 3; order++) {
            Gradients g = y.backwardGraph();
            Gradients e = expected.backwardGraph();
            assertEquals(e.of(w).item(), g.of(w).item(), 1e-9);
            assertEquals(e.of(x).item(), g.of(x).item(), 1e-9);
            y = g.of(x).add(g.of(w));
            expected = e.of(x).add(e.of(w));
        }
    }
}
