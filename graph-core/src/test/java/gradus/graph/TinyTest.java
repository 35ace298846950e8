package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Tensor;
import gradus.graph.check.GradientCheck;
import org.junit.jupiter.api.Test;

/** A smoke test: ten basic properties. It runs first. */
class TinyTest {
    @Test
    void a_node_computes_at_once() {
        assertEquals(7, variable(3.0).add(4).item());
    }

    @Test
    void the_derivative_of_a_square_is_twice_the_number() {
        Node x = variable(3.0);
        assertEquals(6, x.square().backward().of(x).item());
    }

    @Test
    void the_gradient_of_a_node_used_twice_is_the_sum_over_both_uses() {
        Node x = variable(3.0);
        assertEquals(12, x.add(x).mul(x).backward().of(x).item());
    }

    @Test
    void the_gradient_of_a_broadcast_operand_is_summed() {
        Node b = variable(1.0, 2.0);
        Node rows = constant(new double[][] {{1, 2}, {3, 4}, {5, 6}});
        assertEquals(Tensor.of(9, 12), rows.mul(b).sum().backward().of(b).value());
    }

    @Test
    void a_matrix_product_has_a_gradient_for_each_operand() {
        Node a = variable(new double[][] {{1, 2}});
        Node b = variable(new double[][] {{3}, {4}});
        Gradients g = a.matmul(b).sum().backward();
        assertEquals(b.value().transpose(), g.of(a).value());
        assertEquals(a.value().transpose(), g.of(b).value());
    }

    @Test
    void relu_has_a_zero_gradient_where_its_input_is_not_positive() {
        Node x = variable(-1.0, 0.0, 2.0);
        assertEquals(Tensor.of(0, 0, 1), x.relu().sum().backward().of(x).value());
    }

    @Test
    void an_unused_variable_has_a_zero_gradient() {
        Node x = variable(1.0);
        Node y = variable(1.0, 2.0);
        assertEquals(Tensor.of(0, 0), x.square().backward().of(y).value());
    }

    @Test
    void the_derivative_of_the_derivative_is_right() {
        Node x = variable(2.0);
        Node dy = x.pow(3).backwardGraph().of(x);
        assertEquals(12, dy.backward().of(x).item(), 1e-12);
    }

    @Test
    void softmax_sums_to_one_and_its_gradient_to_zero() {
        Node x = variable(1.0, 2.0, 3.0);
        Node y = x.softmax(0);
        assertEquals(1, y.sum().item(), 1e-15);
        assertEquals(0, y.backward(Tensor.of(1, -2, 0.5)).of(x).sum().item(), 1e-15);
    }

    @Test
    void the_gradient_checker_confirms_a_composition() {
        GradientCheck.of(in -> in[0].matmul(in[1]).tanh().sum())
                .at(Tensor.ones(2, 3).mul(0.1), Tensor.ones(3, 2).mul(0.2))
                .verify();
    }
}
