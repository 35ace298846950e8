package gradus.graph;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Steps;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Accumulation of gradients: sums are those of the right node, and time is linear in the number of nodes. */
class GradientAccumulatorTest {
    /** How each node of a random graph was computed: its inputs and the derivatives with respect to them. */
    private record Made(int[] in, double... slopes) {}

    /** Sums and negatives of small whole numbers, so that every order of addition gives the same, but for the sign of 0. */
    @Property
    void gradients_of_a_random_graph_are_those_of_the_definition(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int size) {
        RandomStream random = RandomStream.of(seed, "graph");
        List<Node> nodes = new ArrayList<>();
        List<Made> made = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(variable(Tensor.of(i - 1.0, 2.0)).retainGradient());
            made.add(new Made(new int[0]));
        }
        for (int i = 0; i < size; i++) {
            int a = random.nextInt(nodes.size());
            int b = random.nextInt(nodes.size());
            boolean sum = random.nextInt(3) > 0;
            Node y = sum ? nodes.get(a).add(nodes.get(b)) : nodes.get(a).mul(constant(-1.0, 1.0));
            nodes.add(y.retainGradient());
            made.add(sum ? new Made(new int[] {a, b}, 1, 1) : new Made(new int[] {a}, -1));
        }
        double[] expected = new double[nodes.size()]; // of the first element
        expected[expected.length - 1] = 1;
        boolean[] reached = new boolean[expected.length];
        reached[reached.length - 1] = true;
        for (int i = expected.length - 1; i >= 0; i--) {
            for (int k = 0; reached[i] && k < made.get(i).in().length; k++) {
                int x = made.get(i).in()[k];
                expected[x] += expected[i] * made.get(i).slopes()[k];
                reached[x] = true;
            }
        }
        Gradients g = nodes.get(nodes.size() - 1).sum().backward();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(reached[i], g.reached(nodes.get(i)));
            double found = reached[i] ? g.of(nodes.get(i)).value().get(0) : 0;
            assertEquals(expected[i] + 0.0, found + 0.0, "node " + i);
        }
    }

    @Test
    void a_gradient_that_was_propagated_is_not_modified() {
        Node x = variable(1.0, 2.0);
        Node w = variable(3.0, 4.0);
        Node y = x.neg().retainGradient();
        Node z = y.add(w); // passes its gradient, a sum of two, to both
        Node late = y.mul(-10).neg(); // and y gets another gradient after it
        Gradients g = z.add(z).add(late).sum().backward();
        assertEquals(Tensor.of(12, 12), g.of(y).value());
        assertEquals(Tensor.of(2, 2), g.of(w).value());
        assertEquals(Tensor.of(-12, -12), g.of(x).value());
    }

    @Test
    void the_gradient_of_a_node_used_a_hundred_thousand_times_is_the_sum_over_all_uses() {
        Node w = variable(1.0, -1.0);
        Node y = w.mul(0);
        for (int i = 0; i < 100_000; i++) {
            y = y.add(w);
        }
        assertEquals(Tensor.of(1e5, 1e5), y.sum().backward().of(w).value());
    }

    @Test
    void two_hundred_thousand_nodes_at_one_depth_are_found_without_linear_search() {
        Node[] x = new Node[200_000];
        Arrays.setAll(x, i -> variable((double) (i % 7)));
        Node[] squares = Arrays.stream(x).map(Node::square).toArray(Node[]::new);
        Gradients g = Node.stack(0, squares).sum().backward();
        for (int i = 0; i < x.length; i++) {
            assertEquals(2.0 * (i % 7), g.of(x[i]).item());
        }
    }

    @Test
    void an_accumulator_reused_after_a_depth_of_many_nodes_sums_correctly() {
        Node x = variable(1.0);
        Node h = x.add(x);
        Node[] wide = new Node[100];
        Arrays.setAll(wide, i -> h.mul(1));
        assertEquals(200, Node.stack(0, wide).sum().backward().of(x).item());
    }

    @Test
    void gradients_that_are_not_requested_are_not_computed() {
        IdentityHashMap<Node, Boolean> asked = new IdentityHashMap<>();
        Op spy = new Op() {
            @Override
            public String name() {
                return "spy";
            }

            @Override
            public Tensor forward(Tensor... in) {
                return in[0].mul(in[1]);
            }

            @Override
            public Node[] backward(Call c, Node gy) {
                asked.put(c.input(0), c.needs(0));
                asked.put(c.input(1), c.needs(1));
                return new Node[] {gy.mul(c.x(1)), gy.mul(c.x(0))};
            }
        };
        Node w = variable(5.0);
        Tensor slope = Derivatives.vjp(x -> Node.of(spy, x, w), Tensor.of(2.0), Tensor.of(1.0));
        assertEquals(5, slope.item());
        assertEquals(false, asked.get(w));
        Node.of(spy, variable(2.0), w).backward();
        assertTrue(asked.get(w), "all gradients are requested");
    }

    @Test
    void anomaly_detection_and_backwardGraph_give_the_same_sums() {
        Node w = variable(0.1, 0.7);
        Node y = w;
        for (int i = 0; i < 50; i++) {
            y = y.mul(w).add(w);
        }
        Node loss = y.sum();
        Tensor plain = loss.backward().of(w).value();
        assertEquals(plain, loss.backwardGraph().of(w).value());
        assertEquals(plain, AnomalyDetection.during(loss::backward).of(w).value());
    }

    /**
     * A rule may return a node that it captured. A sum of such nodes is part of a graph, so it must not be updated in
     * place.
     */
    @Test
    void a_sum_of_gradients_that_are_graphs_can_be_differentiated_again() {
        Node w = variable(2.0);
        Node slope = w.mul(3);
        Op captured = Op.unary("captured", v -> v.add(v), (c, gy) -> slope);
        Node x = variable(1.0);
        Node y = Node.of(captured, x).add(Node.of(captured, x)).add(Node.of(captured, x));
        Node g = y.backward().of(x);
        assertEquals(18, g.item());
        assertEquals(9, g.backward().of(w).item());
    }

    /** A hook may return a variable: a later update by an optimizer must not change the gradient. */
    @Test
    void a_gradient_that_a_hook_returned_from_a_variable_does_not_change_with_it() {
        Node w = variable(2.0, 3.0);
        w.update(p -> Steps.sgd(p, Tensor.of(1.0, 1.0), 1, 0)); // from now on it owns its array
        Node x = variable(5.0, 7.0);
        Node g = x.replaceGradient(gy -> w).backward(Tensor.of(1.0, 1.0)).of(x);
        w.update(p -> Steps.sgd(p, Tensor.of(1.0, 1.0), 1, 0));
        assertEquals(Tensor.of(1.0, 2.0), g.value());
    }
}
