package gradus.graph.check;

import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The slope of the Taylor remainder, and what it adds to the differences. */
class TaylorRemainderTest {
    private static final Tensor BIAS = Tensor.of(0.1, 0.2, 0.3);

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
    void the_remainder_of_a_linear_function_is_rounding_error_and_agrees() {
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
    void an_error_below_the_tolerance_is_ok_but_changes_the_slope() {
        Op nearly = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1 + 3e-6));
        Report report = GradientCheck.of(nearly).at(BIAS).run();
        assertEquals(Verdict.OK, report.verdict());
        assertTrue(report.slope() < 1.5, report::toString);
        assertTrue(report.toString().contains("an error below the tolerance"), report::toString);
    }
}
