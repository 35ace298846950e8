package gradus.graph.check;

import static gradus.graph.Op.binary;
import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Activations;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Taylor remainder, single precision, and points that are drawn. */
class GradientOpinionTest {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{0.3, -1.2}, {0.7, 1.9}});
    private static final Tensor BIAS = Tensor.of(0.1, 0.2, 0.3);

    // ---- the Taylor remainder

    static Stream<Arguments> curved() {
        return Stream.of(
                Arguments.of((Function<Node[], Node>) in -> in[0].exp()),
                Arguments.of((Function<Node[], Node>) in -> in[0].mul(1e3).sin()),
                Arguments.of(
                        (Function<Node[], Node>) in -> in[0].softmax(0).log().mean()),
                Arguments.of(
                        (Function<Node[], Node>) in -> in[0].square().mul(1e-3).sum()));
    }

    @ParameterizedTest
    @MethodSource("curved")
    void the_remainder_of_a_right_gradient_falls_with_slope_two(Function<Node[], Node> f) {
        Report report = GradientCheck.of(f).at(BIAS).run();
        assertEquals(2, report.slope(), 0.1, report::toString);
        assertTrue(report.toString().contains("the gradient is right"), report::toString);
    }

    @Test
    void the_remainder_of_a_linear_function_is_rounding_and_agrees() {
        Tensor many = Tensor.uniform(Shape.of(500), -1, 1, RandomStream.of(2, "many"));
        for (Tensor at : new Tensor[] {BIAS, Tensor.zeros(4), many}) {
            Report report = GradientCheck.of(in -> in[0].mul(3).sum()).at(at).run();
            assertEquals(Double.NaN, report.slope(), report::toString);
            assertEquals(Verdict.OK, report.verdict());
            assertTrue(report.toString().contains("all rounding error"), report::toString);
        }
    }

    @Property(tries = 200)
    void the_remainder_of_a_wrong_gradient_falls_with_slope_one(
            @ForAll @DoubleRange(min = -3, max = 0) double decade, @ForAll @DoubleRange(min = 0.1, max = 2) double x) {
        double error = Math.pow(10, decade);
        Op wrong = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1 + error));
        Report report = GradientCheck.of(wrong).at(Tensor.of(new double[] {x})).run();
        assertEquals(Verdict.WRONG, report.verdict());
        assertEquals(1, report.slope(), 0.05, report::toString);
        assertTrue(report.toString().contains("the gradient is wrong"), report::toString);
    }

    /** A ripple too fine for differences: at steps that resolve it, rounding error is above the tolerance. */
    @Test
    void a_rule_that_only_the_remainder_confirms_is_not_wrong() {
        Op ripple = elementwise(
                "ripple",
                x -> x + 1e-10 * Math.sin(1e10 * x),
                (c, gy) -> gy.mul(c.x(0).mul(1e10).cos().add(1)));
        Report report =
                GradientCheck.of(ripple).at(Tensor.of(new double[] {0.3})).run();
        assertEquals(Verdict.TOO_NOISY, report.verdict(), report::toString);
        assertTrue(report.detail().contains("Taylor remainder says right"), report::toString);
    }

    @Test
    void an_error_below_the_tolerance_is_no_mismatch_but_shows_in_the_slope() {
        Op nearly = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1 + 3e-6));
        Report report = GradientCheck.of(nearly).at(BIAS).run();
        assertEquals(Verdict.OK, report.verdict());
        assertTrue(report.slope() < 1.5, report::toString);
        assertTrue(report.toString().contains("an error below the tolerance"), report::toString);
    }

    // ---- the scale of the function

    static Stream<Arguments> fine() {
        return Stream.of(
                Arguments.of((Function<Node[], Node>) in -> in[0].mul(1e7).sin(), Tensor.of(0.3, 0.7)),
                Arguments.of((Function<Node[], Node>) in -> in[0].mul(1e8).sin(), Tensor.of(0.3, 0.7)),
                Arguments.of((Function<Node[], Node>) in -> in[0].pow(-1), Tensor.of(1e-11, 3e-11)),
                Arguments.of((Function<Node[], Node>) in -> in[0].log(), Tensor.of(1e-6, 2e-5)),
                Arguments.of((Function<Node[], Node>) in -> in[0].log(), Tensor.of(1e-30, 1e-6)),
                Arguments.of((Function<Node[], Node>) in -> in[0].sqrt(), Tensor.of(1e-8, 1e-3)));
    }

    @ParameterizedTest
    @MethodSource("fine")
    void steps_follow_the_scale_of_the_function(Function<Node[], Node> f, Tensor at) {
        GradientCheck.of(f).at(at).verify();
    }

    @Test
    void steps_follow_the_scale_of_the_function_in_single_precision() {
        for (double scale : new double[] {200, 1608, 5000}) {
            GradientCheck.of(in -> in[0].mul(scale).sin())
                    .float32()
                    .at(Tensor.of(0.3, 0.7))
                    .verify();
        }
        GradientCheck.of(in -> in[0].log()).float32().at(Tensor.of(1e-6, 2e-5)).verify();
    }

    @Test
    void a_wrong_rule_is_wrong_at_any_scale() {
        for (double scale : new double[] {1e-3, 1e3, 1e6}) {
            Op wrong = elementwise(
                    "sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos()).mul(1.01));
            GradientCheck check = GradientCheck.of(in -> Node.of(wrong, in[0].mul(scale)));
            Tensor at = SQUARE.div(scale);
            assertEquals(Verdict.WRONG, check.at(at).run().verdict());
            Report inFloat = check.float32().at(at).run(); // where an error of 1e-5 is below the tolerance
            assertTrue(scale < 1 || inFloat.verdict() != Verdict.OK, inFloat::toString);
        }
    }

    @Test
    void derivatives_below_the_absolute_tolerance_are_named_as_untested() {
        Report report = GradientCheck.of(in -> in[0].exp().mul(3e-9).add(in[1].square()))
                .at(BIAS, BIAS)
                .run();
        assertEquals(Verdict.OK, report.verdict(), report::toString);
        assertTrue(
                report.detail()
                        .matches("largest derivative \\S+e-0[89] is below the absolute tolerance 1.0e-07:"
                                + " nothing was tested for input 0"),
                report::detail);
        Tensor many = Tensor.uniform(Shape.of(11_000), -1, 1, RandomStream.of(3, "many"));
        Report mean = GradientCheck.of(in -> in[0].mul(1e-6).mean()).at(many).run();
        assertTrue(mean.detail().endsWith("nothing was tested for input 0"), mean::toString);
        Report tested = GradientCheck.of(in -> in[0].exp().add(in[1].mul(0)))
                .at(BIAS, BIAS)
                .run();
        assertEquals("", tested.detail());
    }

    // ---- single precision

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
    void single_precision_finds_wrong_rules(Cause cause, Op op) {
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
    void single_precision_finds_a_transposed_product_and_takes_float_points() {
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
    void a_model_in_single_precision_is_checked_as_one() {
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
    void large_functions_pass_in_single_precision(@ForAll long seed) {
        GradientCheck.of(in -> in[0].matmul(in[1]).tanh().mul(in[0].sigmoid().mean()))
                .smoothOn(-1, 1)
                .draw(Shape.of(12, 10), Shape.of(10, 11))
                .seed(seed)
                .float32()
                .verify();
    }

    // ---- drawn points

    @Property(tries = 50)
    void numbers_near_a_kink_are_drawn_again(@ForAll long seed) {
        Report report = GradientCheck.of(in -> in[0].relu())
                .smoothOn(-1e-5, 1e-5)
                .draw(Shape.of(7))
                .seed(seed)
                .run();
        assertEquals(Verdict.OK, report.verdict(), report::toString);
    }

    @Test
    void the_report_says_how_many_numbers_were_drawn_again() {
        Report report = Stream.iterate(1L, s -> s + 1)
                .map(s -> GradientCheck.of(in -> in[0].relu())
                        .smoothOn(-1e-5, 1e-5)
                        .draw(Shape.of(7))
                        .seed(s)
                        .run())
                .filter(r -> !r.detail().isEmpty())
                .findFirst()
                .orElseThrow();
        assertEquals(Verdict.OK, report.verdict());
        assertTrue(report.detail().matches("near a kink, \\d+ numbers were drawn again"), report::detail);
    }

    @Test
    void a_kink_that_cannot_be_avoided_is_reported_and_a_given_point_is_never_moved() {
        GradientCheck relu = GradientCheck.of(in -> in[0].relu());
        assertEquals(
                Verdict.KINK, relu.smoothOn(-1e-8, 1e-8).draw(Shape.of(3)).run().verdict());
        Report given = relu.at(Tensor.of(-1, 0, 1)).run();
        assertEquals(Verdict.KINK, given.verdict());
        assertEquals("[1]", java.util.Arrays.toString(given.worst().index()));
        assertEquals("", given.detail());
    }

    @Test
    void the_points_of_an_op_are_drawn_from_where_it_is_smooth() {
        Op log = elementwise("log", Math::log, (c, gy) -> gy.div(c.x(0))).smoothOn(0.2, 3);
        GradientCheck.of(log).draw(Shape.of(4, 5)).order(2).verify();
        GradientCheck.of(Activations.RELU).draw(Shape.of(50)).verify();
        GradientCheck check = GradientCheck.of(log);
        assertThrows(IllegalArgumentException.class, () -> check.smoothOn(1));
        assertThrows(IllegalArgumentException.class, () -> check.smoothOn(1, 0));
        GradientCheck ofVariables = GradientCheck.of(Map.of("w", Node.variable(SQUARE)), () -> Node.constant(1.0));
        assertThrows(IllegalStateException.class, () -> ofVariables.draw(Shape.of(2)));
    }
}
