package gradus.graph.check;

import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that vary on small and on large scales. */
class FunctionScaleTest {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{0.3, -1.2}, {0.7, 1.9}});
    private static final Tensor BIAS = Tensor.of(0.1, 0.2, 0.3);

    static Stream<Arguments> fine() {
        return Stream.of(
                Arguments.of((Function<Node[], Node>) in -> in[0].mul(1e6).sin(), Tensor.of(-1.95, 1.13, 1.83)),
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

    /** A step that is not small compared with the divisor passes its pole, where the Taylor remainder has another slope. */
    @Test
    void the_steps_of_the_remainder_follow_the_scale_of_the_inputs() {
        for (double scale : new double[] {1e-6, 1e-5, 1e-4, 1e-3}) {
            for (int seed = 0; seed < 20; seed++) {
                RandomStream random = RandomStream.of(seed, "p");
                Tensor x = Tensor.normal(Shape.of(2, 3), 0, 1, random).abs().add(0.1);
                Tensor y = Tensor.normal(Shape.of(2, 3), 0, 1, random).abs().add(0.1);
                GradientCheck.of(in -> in[0].div(in[1]))
                        .at(x.mul(scale), y.mul(scale))
                        .seed(seed)
                        .float32()
                        .verify();
            }
        }
    }

    @Test
    void a_difference_that_is_infinite_confirms_no_rule() {
        Op wrong = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1.05));
        for (double scale : new double[] {1e-6, 1e-9}) {
            GradientCheck check = GradientCheck.of(in -> Node.of(wrong, in[0].div(scale)))
                    .at(Tensor.of(0.7, 1.5).mul(scale));
            assertEquals(Verdict.WRONG, check.run().verdict());
            assertEquals(Verdict.WRONG, check.float32().run().verdict());
        }
    }

    // ---- functions that vary on two scales

    private static Op ripple(Function<Node, Node> slope) {
        return elementwise("ripple", x -> x + 1e-9 * Math.sin(1e9 * x), (c, gy) -> gy.mul(slope.apply(c.x(0))));
    }

    /** Coarse steps do not show the ripple, and their errors are smaller than those of the fine steps that do. */
    @Test
    void a_coarse_estimate_that_contradicts_the_finer_ones_does_not_count() {
        Tensor at = Tensor.of(new double[] {0.3});
        GradientCheck.of(ripple(x -> x.mul(1e9).cos().add(1))).at(at).verify();
        Report report = GradientCheck.of(ripple(x -> x.mul(0).add(1))).at(at).run();
        assertNotEquals(Verdict.OK, report.verdict(), report::toString);
    }

    // ---- functions that the number type does not resolve

    /** Neighbouring floats are a third of a radian apart or more: no step is small. */
    @ParameterizedTest
    @ValueSource(doubles = {3e6, 1e7, 3e7, 1e8, 1e9})
    void a_right_rule_of_an_unresolved_function_is_too_noisy(double factor) {
        for (int seed = 0; seed < 20; seed++) {
            Tensor at = Tensor.uniform(Shape.of(5), 0.3, 2, RandomStream.of(seed, "unresolved"));
            Report report = GradientCheck.of(in -> in[0].mul(factor).sin())
                    .float32()
                    .at(at)
                    .seed(seed)
                    .run();
            assertEquals(Verdict.TOO_NOISY, report.verdict(), report::toString);
            Report inDouble = GradientCheck.of(in -> in[0].mul(factor * 0x1p29).sin())
                    .at(at)
                    .seed(seed)
                    .run();
            assertEquals(Verdict.TOO_NOISY, inDouble.verdict(), inDouble::toString);
        }
    }

    /** A rule that jumps at the point is not a function that varies between neighbouring numbers. */
    @Test
    void a_wrong_rule_that_jumps_at_the_point_is_wrong() {
        Op jumping = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(c.x(0).gt(0)));
        GradientCheck check = GradientCheck.of(jumping).at(Tensor.of(new double[] {0}));
        assertEquals(Verdict.WRONG, check.run().verdict());
        assertEquals(Verdict.WRONG, check.float32().run().verdict());
    }
}
