package example;

import static gradus.testing.GradientAssertions.assertGradients;

import gradus.array.Tensor;
import gradus.testing.GradusArbitraries;
import gradus.testing.Pair;
import gradus.graph.Node;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DistancesTest {
    private static final Tensor A = Tensor.of(3, -1, 0.5);
    private static final Tensor B = Tensor.of(4, 2, -0.25);

    @Test
    void the_rule_of_hypot_is_right_to_the_second_order() {
        assertGradients(2, Distances.HYPOT, A, B);
    }

    @Test
    void a_function_that_uses_hypot_is_right() {
        assertGradients(in -> Distances.hypot(in[0], in[1].exp()).log(), A, B);
    }

    @Test
    void a_loss_of_parameters_is_right() {
        Node center = Node.variable(A);
        assertGradients(Map.of("center", center), () -> Distances.hypot(center, Node.constant(B))
                .sum());
    }

    @Property
    void operands_broadcast(@ForAll("away_from_zero") Pair p) {
        assertGradients(Distances.HYPOT, p.left(), p.right());
    }

    /** There is no derivative at (0, 0). */
    @Provide
    Arbitrary<Pair> away_from_zero() {
        return GradusArbitraries.pairs(0.5, 2);
    }
}
