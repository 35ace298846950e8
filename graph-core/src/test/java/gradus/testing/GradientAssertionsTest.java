package gradus.testing;

import static gradus.testing.GradientAssertions.assertGradients;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientMismatch;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GradientAssertionsTest {
    private static final Tensor ROWS = Tensor.of(new double[][] {{0.3, -1.2, 0.4}, {0.7, 1.9, -0.6}});

    private static Op square(double factor) {
        return Op.elementwise("square", x -> x * x, (c, gy) -> gy.mul(c.x(0)).mul(2 * factor));
    }

    /** Right to first order only. */
    private static final Op FLAT_SLOPE = Op.elementwise(
            "flatSlope", x -> x * x, (c, gy) -> gy.mul(c.x(0).detach()).mul(2));

    @Property(tries = 50)
    void right_rules_pass(@ForAll Pair p) {
        assertGradients(in -> in[0].mul(in[1]).tanh(), p.left(), p.right());
        assertGradients(2, square(1), p.left());
    }

    @Property(tries = 50)
    void a_rule_wrong_by_a_part_in_a_thousand_fails_and_is_named(@ForAll Tensor t) {
        if (t.size() > 0) {
            AssertionError e = assertThrows(AssertionError.class, () -> assertGradients(square(1.001), t));
            assertTrue(e.getMessage().startsWith("square: ") && e.getMessage().contains("WRONG"), e::getMessage);
            assertInstanceOf(GradientMismatch.class, e.getCause());
        }
    }

    @Test
    void the_input_and_the_parameter_that_are_wrong_are_named() {
        Function<Node[], Node> f = in -> in[0].add(Node.of(square(1.001), in[1]));
        GradientMismatch ofInput = assertThrows(GradientMismatch.class, () -> assertGradients(f, ROWS, ROWS));
        assertEquals(1, ofInput.report().worst().input());
        Node w = Node.variable(ROWS);
        Map<String, Node> parameters = Map.of("0.weight", w);
        assertGradients(2, parameters, () -> w.square().sum());
        GradientMismatch ofParameter = assertThrows(
                GradientMismatch.class,
                () -> assertGradients(
                        parameters, () -> Node.of(square(1.001), w).sum()));
        assertEquals("0.weight", ofParameter.report().worst().name());
        assertEquals(ROWS, w.value());
    }

    @Test
    void every_overload_checks_up_to_the_given_order() {
        Node w = Node.variable(ROWS);
        assertGradients(FLAT_SLOPE, ROWS);
        assertGradients(in -> Node.of(FLAT_SLOPE, in), ROWS);
        assertGradients(Map.of("w", w), () -> Node.of(FLAT_SLOPE, w));
        assertThrows(AssertionError.class, () -> assertGradients(2, FLAT_SLOPE, ROWS));
        assertThrows(AssertionError.class, () -> assertGradients(2, in -> Node.of(FLAT_SLOPE, in), ROWS));
        assertThrows(AssertionError.class, () -> assertGradients(2, Map.of("w", w), () -> Node.of(FLAT_SLOPE, w)));
    }
}
