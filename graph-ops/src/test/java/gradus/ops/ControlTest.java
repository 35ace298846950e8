package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ControlTest {
    @Test
    void a_scan_of_sums_is_the_cumulative_sum() {
        Node x = variable(Tensor.of(1, 2, 4, 8));
        Control.Scan scan =
                Control.scan((carry, xi) -> new Control.Step(carry.add(xi), carry.add(xi)), constant(0.0), x);
        assertEquals(x.cumsum(0).value(), scan.outputs().value());
        assertEquals(15, scan.carry().item());
        assertEquals(
                Tensor.of(4, 3, 2, 1), scan.outputs().sum().backward().of(x).value());
    }

    /** A recurrent network whose weight is captured: values and gradients do not depend on where the checkpoints are. */
    @Property(tries = 20)
    void checkpoints_change_neither_values_nor_gradients(
            @ForAll @IntRange(min = 1, max = 9) int n, @ForAll @IntRange(min = 1, max = 10) int k) {
        Node w = variable(Tensor.normal(Shape.of(3, 3), 0, 0.5, RandomStream.of(1, "w")));
        Node init = variable(Tensor.normal(Shape.of(3), 0, 1, RandomStream.of(2, "init")));
        Node xs = variable(Tensor.normal(Shape.of(n, 3), 0, 1, RandomStream.of(3, "xs")));
        BiFunction<Node, Node, Control.Step> f = (h, x) -> {
            Node next = w.matmul(h).add(x).tanh();
            return new Control.Step(next, next.square().sum());
        };
        Control.Scan plain = Control.scan(f, init, xs);
        Control.Scan checkpointed = Control.scan(f, init, xs, k);
        assertEquals(plain.outputs().value(), checkpointed.outputs().value());
        assertEquals(plain.carry().value(), checkpointed.carry().value());
        Gradients expected = loss(plain).backward();
        Gradients actual = loss(checkpointed).backward();
        for (Node x : new Node[] {w, init, xs}) {
            Tensor difference = expected.of(x).value().sub(actual.of(x).value());
            assertTrue(difference.abs().max().item() < 1e-12, difference.toString());
        }
    }

    private static Node loss(Control.Scan scan) {
        return scan.outputs().sum().add(scan.carry().sum());
    }

    @Test
    void gradients_agree_with_finite_differences_up_to_order_two() {
        for (int k = 1; k <= 3; k++) {
            int every = k;
            GradientCheck.of(in -> loss(Control.scan(
                            (h, x) -> new Control.Step(h.mul(in[0]).add(x).tanh(), h.mul(x)), in[1], in[2], every)))
                    .at(Tensor.of(0.5, -0.3), Tensor.of(1, 2), Tensor.of(new double[][] {{1, 0.5}, {-0.2, 1}, {0.3, 0.4}
                    }))
                    .order(2)
                    .verify();
        }
    }

    @Test
    void what_does_not_fit_is_refused() {
        Node zero = constant(0.0);
        assertEquals(
                "scan: []: it takes [n, ..] with n from 1 up",
                assertThrows(OperandMismatch.class, () -> Control.scan((c, x) -> new Control.Step(c, c), zero, zero))
                        .getMessage());
        assertEquals(
                "scan: [] FLOAT64 x [1] FLOAT64: the carry of a step must keep its shape and number type",
                assertThrows(
                                OperandMismatch.class,
                                () -> Control.scan(
                                        (c, x) -> new Control.Step(c.reshape(1), c), zero, constant(Tensor.of(1, 2))))
                        .getMessage());
        assertEquals(
                "scan: a checkpoint after every 0 steps; there must be one at least",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Control.scan(
                                        (c, x) -> new Control.Step(c, c), zero, constant(Tensor.of(1, 2)), 0))
                        .getMessage());
        assertEquals(
                "scan: the output of a step is null",
                assertThrows(
                                NullPointerException.class,
                                () -> Control.scan(
                                        (c, x) -> new Control.Step(c, null), zero, constant(Tensor.of(1, 2))))
                        .getMessage());
    }
}
