package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.RowSparse;
import gradus.array.Shape;
import gradus.array.Steps;
import gradus.array.Tensor;
import gradus.graph.check.GradientCheck;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule whose gradient has few rows, against {@code indexSelect}, whose gradient is an ordinary one. */
class RowSparseGradientTest {
    private record Lookup(Ints indices) implements Op {
        @Override
        public String name() {
            return "lookup";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].rows(indices.toArray());
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {c.rowGradient(0, indices, gy)};
        }
    }

    private static Node lookup(Node table, int... indices) {
        return Node.of(new Lookup(Ints.of(indices)), table);
    }

    private final Node table = variable(Tensor.uniform(Shape.of(4, 2), -1, 1, RandomStream.of(1, "table")))
            .named("table");
    private final Node w = constant(Tensor.uniform(Shape.of(3, 2), -1, 1, RandomStream.of(1, "w")));

    @Test
    void a_sum_of_row_sparse_gradients_is_row_sparse_and_with_an_ordinary_one_is_not() {
        Gradients one = lookup(table, 1, 1).sum().backward();
        Gradients two = lookup(table, 0, 2).sum().backward();
        Gradients all = table.sum().backward();
        Gradients sum = one.add(two);
        assertEquals(Ints.of(0, 1, 2), sum.rowSparse(table).indices());
        assertEquals(
                Tensor.of(new double[][] {{1, 1}, {2, 2}, {1, 1}, {0, 0}}),
                sum.of(table).value());
        Tensor both = Tensor.of(new double[][] {{1, 1}, {3, 3}, {1, 1}, {1, 1}});
        assertNull(one.add(all).rowSparse(table));
        assertEquals(both, one.add(all).of(table).value());
        assertEquals(both, all.add(one).of(table).value());
    }

    @Test
    void the_gradient_has_the_rows_that_were_used_and_zeros_when_they_are_asked_for() {
        Gradients g = lookup(table, 2, 0, 2).mul(w).sum().backward();
        RowSparse rows = g.rowSparse(table);
        assertEquals(Ints.of(0, 2), rows.indices());
        Tensor v = w.value();
        assertEquals(Tensor.concat(0, v.slice(0, 1, 2), v.slice(0, 0, 1).add(v.slice(0, 2, 3))), rows.rows());
        assertEquals(ordinary(2, 0, 2), g.of(table).value());
        assertEquals(table.shape(), g.of(table).shape());
        assertEquals(DType.FLOAT64, g.of(table).dtype());
        assertEquals(ordinary(2, 0, 2), g.of(Map.of("t", table)).get("t"));
        assertEquals(ordinary(2, 0, 2).toString(), g.of(table).toString());
        assertEquals(ordinary(2, 0, 2).mul(3), g.of(table).mul(3).value());
        assertFalse(g.of(table).isTracked());
    }

    private Tensor ordinary(int... indices) {
        return table.indexSelect(0, indices).mul(w).sum().backward().of(table).value();
    }

    @Test
    void no_gradient_and_an_ordinary_one_have_no_row_sparse_form() {
        Node other = variable(1.0);
        Gradients g = lookup(table, 1).sum().mul(other).backward();
        assertNull(g.rowSparse(other));
        assertNull(g.rowSparse(variable(1.0)));
        assertNotNull(g.rowSparse(table));
    }

    @Test
    void first_and_second_derivatives_are_right() {
        Tensor at = table.value();
        GradientCheck.of(x -> lookup(x[0], 3, 1, 3)
                        .square()
                        .mul(lookup(x[0], 0, 1, 1))
                        .add(x[0].sum()))
                .at(at)
                .order(2)
                .verify();
        GradientCheck.of(x -> lookup(x[0], 3, 1, 3).sin()).at(at).order(3).verify();
        GradientCheck.of(x -> lookup(x[0])).at(Tensor.zeros(0, 3)).order(2).verify();
    }

    @Test
    void a_gradient_that_is_a_graph_is_an_ordinary_one() {
        Node g = lookup(table, 3, 1, 3).square().sum().backwardGraph().of(table);
        assertTrue(g.isTracked());
        assertNull(lookup(table, 3, 1, 3).square().sum().backwardGraph().rowSparse(table));
        Tensor hessianTimesOne = g.sum().backward().of(table).value();
        assertEquals(Tensor.of(new double[][] {{0, 0}, {2, 2}, {0, 0}, {4, 4}}), hessianTimesOne);
    }

    @Test
    void two_uses_give_one_row_sparse_gradient() {
        Node y = lookup(table, 2, 0)
                .sum()
                .add(lookup(table, 2, 3).sum())
                .add(lookup(table, 0, 2).sum());
        Gradients g = y.backward();
        assertEquals(Ints.of(0, 2, 3), g.rowSparse(table).indices());
        Tensor expected = Tensor.of(new double[][] {{2, 2}, {0, 0}, {3, 3}, {1, 1}});
        assertEquals(expected, g.of(table).value());
        assertEquals(expected, AnomalyDetection.during(y::backward).of(table).value());
        assertEquals(expected, y.backwardGraph().of(table).value());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void a_table_that_is_also_used_as_a_whole_has_an_ordinary_gradient(int first) {
        Node[] terms = {
            lookup(table, 2, 0).sum(),
                    table.matmul(constant(new double[][] {{1}, {2}})).sum(),
            lookup(table, 3, 3).sum(), table.mul(3).sum()
        };
        Node y = terms[first];
        for (int i = 1; i < terms.length; i++) {
            y = y.add(terms[(first + i) % terms.length]);
        }
        Gradients g = y.backward();
        assertNull(g.rowSparse(table));
        Tensor expected = Tensor.of(new double[][] {{5, 6}, {4, 5}, {5, 6}, {6, 7}});
        assertEquals(expected, g.of(table).value());
        assertEquals(expected, y.backward().of(table).value(), "the first run has changed nothing");
        assertEquals(expected, y.backwardGraph().of(table).value());
        assertEquals(expected, AnomalyDetection.during(y::backward).of(table).value());
    }

    @Test
    void an_ordinary_gradient_that_another_variable_has_too_is_not_modified() {
        Node other = variable(Tensor.zeros(4, 2));
        Gradients g = table.add(other).sum().add(lookup(table, 1, 1).sum()).backward();
        assertEquals(Tensor.ones(4, 2), g.of(other).value());
        assertEquals(
                Tensor.of(new double[][] {{1, 1}, {3, 3}, {1, 1}, {1, 1}}),
                g.of(table).value());
    }

    @Test
    void an_op_before_the_lookup_gets_the_gradient_with_its_zeros() {
        Node y = lookup(table.exp().reshape(2, 4), 1, 1).sum();
        Gradients g = y.backward();
        assertNull(g.rowSparse(table));
        assertEquals(
                table.exp()
                        .reshape(2, 4)
                        .indexSelect(0, 1, 1)
                        .sum()
                        .backward()
                        .of(table)
                        .value(),
                g.of(table).value());
        Node retained = table.mul(2).retainGradient();
        g = lookup(retained, 2).sum().backward();
        assertEquals(Ints.of(2), g.rowSparse(retained).indices());
        assertEquals(2, g.of(table).value().get(2, 0));
    }

    @Test
    void hooks_see_the_gradient_and_pass_it_on() {
        Tensor[] seen = new Tensor[1];
        Gradients g = lookup(table.observeGradient(x -> seen[0] = x.value()), 1, 1)
                .sum()
                .backward();
        assertEquals(Tensor.of(new double[][] {{0, 0}, {2, 2}, {0, 0}, {0, 0}}), seen[0]);
        assertEquals(Ints.of(1), g.rowSparse(table).indices());
        g = lookup(table.replaceGradient(x -> x.clamp(-1, 1)), 1, 1).sum().backward();
        assertEquals(
                Tensor.of(new double[][] {{0, 0}, {1, 1}, {0, 0}, {0, 0}}),
                g.of(table).value());
        g = lookup(table.observeGradient(x -> {}), 1, 1).sum().backward();
        assertEquals(Ints.of(1), g.rowSparse(table).indices());
    }

    @Test
    void a_checkpoint_keeps_the_form() {
        UnaryOperator<Node> block =
                Derivatives.checkpoint(x -> lookup(table, 1, 3).mul(x));
        Gradients g = block.apply(variable(2.0)).sum().backward();
        assertEquals(Ints.of(1, 3), g.rowSparse(table).indices());
        assertEquals(
                Tensor.of(new double[][] {{2, 2}, {2, 2}}), g.rowSparse(table).rows());
    }

    @Test
    void a_frozen_table_has_no_gradient() {
        table.freeze();
        Node x = variable(1.0);
        Gradients g = lookup(table, 1).mul(x).sum().backward();
        assertFalse(g.reached(table));
        assertNull(g.rowSparse(table));
    }

    /** The rows of the gradient may be the array of a variable, which an optimizer then writes. */
    @Test
    void a_gradient_whose_rows_are_a_variable_does_not_change_with_it() {
        record Scaled() implements Op {
            @Override
            public String name() {
                return "scaled";
            }

            @Override
            public Tensor forward(Tensor... x) {
                return x[0].rows(1).mul(x[1]).sum();
            }

            @Override
            public Node[] backward(Call c, Node gy) {
                return new Node[] {c.rowGradient(0, Ints.of(1), c.x(1)), null};
            }
        }
        Node slope = variable(new double[][] {{5, 7}});
        slope.update(p -> Steps.scale(p, 2)); // from now on it owns its array
        Gradients g = Node.of(new Scaled(), table, slope).backward();
        slope.update(p -> Steps.scale(p, 3));
        assertEquals(Tensor.of(new double[][] {{10, 14}}), g.rowSparse(table).rows());
    }

    @Test
    void anomaly_detection_finds_a_row_that_is_not_finite() {
        Node y = lookup(table.log(), 0, 1, 2, 3).sum();
        table.assign(Tensor.zeros(4, 2));
        Node z = lookup(table, 1).mul(Double.POSITIVE_INFINITY).sum();
        assertTrue(Double.isNaN(z.item()));
        assertThrows(IllegalStateException.class, y::backward, "it was replaced");
        assertThrows(ArithmeticException.class, () -> AnomalyDetection.during(z::backward));
    }

    @Test
    void an_elementwise_function_of_gradients_is_computed_of_the_rows_alone() {
        Node b = variable(1.0, 2.0);
        Gradients g = lookup(table, 1, 3).mul(b).sum().backward();
        Gradients doubled = g.map(x -> x.mul(2));
        assertEquals(Ints.of(1, 3), doubled.rowSparse(table).indices());
        assertEquals(g.of(table).value().mul(2), doubled.of(table).value());
        assertEquals(g.of(b).value().mul(2), doubled.of(b).value());
        assertEquals(Tensor.zeros(2, 2), doubled.of(variable(Tensor.ones(2, 2))).value());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> g.map(x -> x.to(DType.FLOAT32)));
        assertTrue(e.getMessage().startsWith("Gradients.map: the function of FLOAT64 "), e.getMessage());
        assertThrows(RuntimeException.class, () -> g.map(Tensor::sum));
        assertThrows(IllegalArgumentException.class, () -> doubled.of(constant(1.0)));
    }

    @Test
    void rows_that_do_not_fit_are_refused() {
        Op wrong = Op.unary("wrong", x -> x.rows(1), (c, gy) -> c.rowGradient(0, Ints.of(1, 2), gy));
        Node y = Node.of(wrong, table).sum();
        OperandMismatch e = assertThrows(OperandMismatch.class, y::backward);
        assertEquals("rowSparse: [4, 2] x [1, 2]: 2 indices need rows [2, 2]", e.getMessage());
        Op outside = Op.unary("outside", x -> x.rows(1), (c, gy) -> c.rowGradient(0, Ints.of(4), gy));
        Node z = Node.of(outside, table).sum();
        e = assertThrows(OperandMismatch.class, z::backward);
        assertEquals("rowSparse: [4, 2] x [1, 2]: index 4 is out of range", e.getMessage());
        Op none = Op.unary("none", x -> x.rows(1), (c, gy) -> c.rowGradient(0, Ints.of(4), null));
        Node n = Node.of(none, table).sum();
        assertEquals(
                "rowGradient: rows is null",
                assertThrows(NullPointerException.class, n::backward).getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void a_backward_pass_does_not_allocate_the_table(DType dtype) {
        Node large = variable(Tensor.zeros(Shape.of(1_000_000, 16), dtype));
        int[] used = new int[100];
        Arrays.setAll(used, i -> (i * 7919) % 90 * 11_000);
        Node two = lookup(large, used).square().sum().add(lookup(large, used).sum());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        two.backward(); // loads the classes
        long before = threads.getCurrentThreadAllocatedBytes();
        RowSparse rows = two.backward().rowSparse(large);
        rows.rows();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 500_000, allocated + " bytes");
        assertEquals(90, rows.indices().size());
    }
}
