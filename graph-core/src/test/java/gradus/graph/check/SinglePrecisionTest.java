package gradus.graph.check;

import static gradus.graph.Op.binary;
import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks in FLOAT32. */
class SinglePrecisionTest {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{0.3, -1.2}, {0.7, 1.9}});

    static Stream<Arguments> wrongInFloat() {
        return Stream.of(
                Arguments.of(Cause.SIGN_FLIPPED, elementwise("sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos())
                        .neg())),
                Arguments.of(Cause.FACTOR, elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y())
                        .mul(2))),
                Arguments.of(Cause.FACTOR, elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y())
                        .mul(1.01))),
                Arguments.of(Cause.UPSTREAM_IGNORED, elementwise("square", x -> x * x, (c, gy) -> c.x(0).mul(2))));
    }

    @ParameterizedTest
    @MethodSource("wrongInFloat")
    void wrong_rules_are_found(Cause cause, Op op) {
        Report report = GradientCheck.of(op).float32().at(SQUARE).run();
        assertEquals(Verdict.WRONG, report.verdict(), report::toString);
        assertEquals(cause, report.cause(), report::toString);
        assertEquals(DType.FLOAT32, report.dtype());
        assertTrue(report.toString().contains("FLOAT32"), report::toString);
        Report wide = GradientCheck.of(op)
                .smoothOn(-1, 1)
                .draw(Shape.of(30, 20))
                .float32()
                .run();
        assertNotEquals(Verdict.OK, wide.verdict(), wide::toString); // one percent may be too noisy to tell
    }

    @Test
    void a_transposed_product_is_found_at_points_of_either_type() {
        Op product = binary(
                "matmul",
                Tensor::matmul,
                (c, gy) -> gy.matmul(c.x(1), false, true).transpose(),
                (c, gy) -> c.x(0).matmul(gy, true, false));
        GradientCheck check = GradientCheck.of(product).float32();
        assertEquals(Cause.TRANSPOSED, check.at(SQUARE, SQUARE).run().cause());
        Tensor f = SQUARE.to(DType.FLOAT32);
        assertEquals(Cause.TRANSPOSED, check.at(f, SQUARE).run().cause());
        GradientCheck.of(in -> in[0].matmul(in[1]).tanh())
                .float32()
                .at(f, f)
                .order(2)
                .verify();
    }

    @Test
    void a_model_in_single_precision_is_checked_in_single_precision_only() {
        Node w = Node.variable(SQUARE.to(DType.FLOAT32));
        Node x = Node.constant(SQUARE.mul(0.5).to(DType.FLOAT32));
        GradientCheck check =
                GradientCheck.of(Map.of("w", w), () -> x.matmul(w).tanh().softmax(-1));
        check.float32().verify();
        assertEquals(SQUARE.to(DType.FLOAT32), w.value());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, check::run);
        assertTrue(e.getMessage().contains("w is FLOAT32") && e.getMessage().contains("float32()"), e::getMessage);
        GradientCheck inDouble =
                GradientCheck.of(Map.of("w", Node.variable(SQUARE)), () -> x).float32();
        assertThrows(IllegalArgumentException.class, inDouble::run);
    }

    @Property(tries = 50)
    void functions_of_many_elements_pass(@ForAll long seed) {
        GradientCheck.of(in -> in[0].matmul(in[1]).tanh().mul(in[0].sigmoid().mean()))
                .smoothOn(-1, 1)
                .draw(Shape.of(12, 10), Shape.of(10, 11))
                .seed(seed)
                .float32()
                .verify();
    }
}
