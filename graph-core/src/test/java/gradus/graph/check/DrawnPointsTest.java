package gradus.graph.check;

import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Activations;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Points that are drawn at random. */
class DrawnPointsTest {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{0.3, -1.2}, {0.7, 1.9}});

    @Property(tries = 50)
    void numbers_near_a_kink_are_drawn_again(@ForAll long seed) {
        Report report = GradientCheck.of(in -> in[0].sub(0.5).relu())
                .smoothOn(0.5 - 1e-5, 0.5 + 1e-5)
                .draw(Shape.of(7))
                .seed(seed)
                .run();
        assertEquals(Verdict.OK, report.verdict(), report::toString);
    }

    @Test
    void the_report_says_how_many_numbers_were_drawn_again() {
        Report report = Stream.iterate(1L, s -> s + 1)
                .map(s -> GradientCheck.of(in -> in[0].sub(0.5).relu())
                        .smoothOn(0.5 - 1e-5, 0.5 + 1e-5)
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
        GradientCheck shifted = GradientCheck.of(in -> in[0].sub(0.5).relu());
        Report drawn =
                shifted.smoothOn(0.5 - 1e-8, 0.5 + 1e-8).draw(Shape.of(3)).run();
        assertEquals(Verdict.KINK, drawn.verdict(), drawn::toString);
        Report given =
                GradientCheck.of(in -> in[0].relu()).at(Tensor.of(-1, 0, 1)).run();
        assertEquals(Verdict.KINK, given.verdict());
        assertEquals("[1]", java.util.Arrays.toString(given.worst().index()));
        assertEquals("", given.detail());
    }

    /** Steps are small compared with the numbers, so that none of them crosses the kink. */
    @Property(tries = 50)
    void small_numbers_on_both_sides_of_a_kink_at_zero_are_not_near_it(@ForAll long seed) {
        GradientCheck relu = GradientCheck.of(in -> in[0].relu());
        for (double scale : new double[] {1e-5, 1e-8, 1e-12}) {
            GradientCheck check = relu.smoothOn(-scale, -scale / 4, scale / 4, scale)
                    .draw(Shape.of(7))
                    .seed(seed);
            assertEquals("", check.run().detail());
            check.verify();
            check.float32().verify();
        }
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
