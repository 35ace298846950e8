package gradus.graph.check;

import static gradus.graph.Op.binary;
import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdicts of the checker, and the elements that it names; wrong rules are the subject of {@link WrongRulesTest}. */
class GradientCheckTest {
    private static final Tensor SQUARE = Tensor.of(new double[][] {{0.3, -1.2}, {0.7, 1.9}});
    private static final Tensor BIAS = Tensor.of(0.1, 0.2, 0.3);

    @Test
    void the_worst_element_is_named() {
        Op op = elementwise("odd", x -> x * x, (c, gy) -> gy.mul(c.x(0).mul(2))
                .add(c.x(0).eq(1.9).mul(gy)));
        Report report = GradientCheck.of(
                        in -> in[0].exp().sum().add(Node.of(op, in[1]).sum()))
                .at(BIAS, SQUARE)
                .run();
        assertEquals(1, report.worst().input());
        assertEquals("[1, 1]", java.util.Arrays.toString(report.worst().index()));
        assertEquals(4.8, report.worst().rule(), 1e-9);
        assertEquals(3.8, report.worst().numeric(), 1e-6);
        assertTrue(report.toString().contains("input 1 at [1, 1]"), report::toString);
    }

    static Stream<Arguments> kinks() {
        return Stream.of(
                Arguments.of((Function<Node[], Node>) in -> in[0].relu(), Tensor.of(-1, 0, 1)),
                Arguments.of((Function<Node[], Node>) in -> in[0].sign(), Tensor.of(-1, 0)),
                Arguments.of((Function<Node[], Node>) in -> in[0].gt(0), Tensor.of(-1, 0)),
                Arguments.of(
                        (Function<Node[], Node>) in -> in[0].abs().add(in[0]).relu(), Tensor.of(0, 2)),
                Arguments.of((Function<Node[], Node>) in -> in[0].topK(0, 2).values(), Tensor.of(1, 1, 1)),
                Arguments.of(
                        (Function<Node[], Node>) in -> in[0].sort(0).values().select(0, 1), Tensor.of(1, 1, 1)),
                Arguments.of(
                        (Function<Node[], Node>) in -> {
                            Node p = in[0].select(0, 0);
                            Node q = in[0].select(0, 1);
                            return p.minimum(q).maximum(p.neg());
                        },
                        Tensor.of(0, 0)));
    }

    @ParameterizedTest
    @MethodSource("kinks")
    void a_kink_is_reported_as_a_kink(Function<Node[], Node> f, Tensor at) {
        Report report = GradientCheck.of(f).at(at).run();
        assertEquals(Verdict.KINK, report.verdict(), report::toString);
        assertEquals(Verdict.KINK, GradientCheck.of(f).float32().at(at).run().verdict());
    }

    /** Rounding errors can look like the differences of a kink. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.1, 0.03, 0.01})
    void a_small_error_beside_rounding_error_is_no_kink(double w) {
        Op wrong = elementwise("scale", x -> w * x, (c, gy) -> gy.mul(1.001 * w));
        Report report = GradientCheck.of(in -> Node.of(wrong, in[0]).add(1e6).sub(1e6))
                .at(Tensor.of(0.2, -1.3))
                .run();
        assertTrue(report.verdict() == Verdict.WRONG || report.verdict() == Verdict.TOO_NOISY, report::toString);
    }

    @Test
    void a_median_without_ties_is_smooth() {
        GradientCheck.of(in -> in[0].sort(0).values().select(0, 1))
                .at(Tensor.of(1, 1.5, 0.7))
                .verify();
    }

    /** The kink is in the derivative by another element. */
    @Test
    void a_wrong_rule_is_wrong_where_another_element_has_a_kink() {
        Op wrong = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1.001));
        Report report = GradientCheck.of(in -> {
                    Node median = in[0].sort(0).values().select(0, 1);
                    return median.detach()
                            .add(Node.of(wrong, in[1]))
                            .mul(median.detach().add(1));
                })
                .at(Tensor.of(1, 1, 1), Tensor.of(0.3))
                .run();
        assertEquals(Verdict.WRONG, report.verdict(), report::toString);
        assertEquals(1, report.worst().input(), report::toString);
    }

    @Property(tries = 200)
    void a_wrong_rule_of_a_function_with_large_rounding_error_is_no_kink(@ForAll long seed) {
        Op wrong = binary("mul", Tensor::mul, (c, gy) -> gy.mul(c.x(1)).mul(1.001), (c, gy) -> gy.mul(c.x(0)));
        Report report = GradientCheck.of(
                        in -> Node.of(wrong, in[0], in[1]).add(1e6).sub(1e6))
                .draw(Shape.of(2), Shape.of(2))
                .seed(seed)
                .run();
        assertTrue(report.verdict() == Verdict.WRONG || report.verdict() == Verdict.TOO_NOISY, report::toString);
    }

    // ---- what the function depends on

    static Stream<Function<Node[], Node>> idle() {
        Node captured = Node.variable(BIAS);
        return Stream.of(in -> captured.exp(), in -> Node.constant(1.0), in -> in[0].detach()
                .sign());
    }

    @ParameterizedTest
    @MethodSource("idle")
    void a_check_that_tests_nothing_does_not_pass(Function<Node[], Node> f) {
        GradientCheck check = GradientCheck.of(f).at(BIAS).order(2);
        Report report = check.run();
        assertEquals(Verdict.NO_INFLUENCE, report.verdict(), report::toString);
        assertEquals("input 0 has no influence on the output: is it used?", report.detail());
        assertThrows(GradientMismatch.class, check::verify);
    }

    @Test
    void an_input_without_influence_is_named_and_the_others_are_checked() {
        Report second = GradientCheck.of(in -> in[0].exp())
                .at(BIAS, SQUARE, Tensor.zeros(0))
                .order(2)
                .run();
        assertEquals(Verdict.OK, second.verdict(), second::toString);
        assertEquals("input 1 has no influence on the output: is it used?", second.detail());
        Node w = Node.variable(BIAS);
        Map<String, Node> both = Map.of("w", w, "bias", Node.variable(BIAS));
        Report model = GradientCheck.of(both, () -> w.exp().sum()).run();
        assertEquals(Verdict.OK, model.verdict(), model::toString);
        assertEquals("bias has no influence on the output: is it used?", model.detail());
    }

    @Test
    void derivatives_that_are_zero_are_right() {
        for (Function<Node[], Node> f : java.util.List.<Function<Node[], Node>>of(
                in -> in[0].sign(), in -> in[0].gt(in[1]), in -> in[0].mul(0))) {
            Report report = GradientCheck.of(f).at(BIAS, BIAS.add(1)).run();
            assertEquals(Verdict.OK, report.verdict(), report::toString);
        }
    }

    // ---- where the function is not finite

    @Test
    void a_step_out_of_the_domain_and_an_input_that_is_not_finite_are_named() {
        Report edge = GradientCheck.of(in -> in[0].sqrt())
                .at(Tensor.of(new double[] {0}))
                .run();
        assertEquals(Verdict.NOT_FINITE, edge.verdict(), edge::toString);
        assertEquals("a step of 3.8e-06 from input 0 at [0] = 0.0 leaves the domain", edge.detail());
        assertTrue(edge.toString().contains("further inside its domain"), edge::toString);
        Report nan = GradientCheck.of(in -> in[0].mul(in[1]))
                .at(Tensor.of(1, Double.NaN), Tensor.of(1, 2))
                .run();
        assertEquals(Verdict.NOT_FINITE, nan.verdict());
        assertEquals("input 0 at [1] is NaN", nan.detail());
        Report drawn = GradientCheck.of(in -> in[0].log()).draw(Shape.of(20)).run();
        assertEquals(Verdict.NOT_FINITE, drawn.verdict());
        assertTrue(drawn.detail().endsWith("; set the interval to draw from with smoothOn(low, high)"), drawn::detail);
    }

    // ---- misuse

    @Test
    void a_parameter_that_is_no_variable_is_refused_by_name() {
        Node w = Node.variable(BIAS);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> GradientCheck.of(Map.of("c", Node.constant(1.0)), () -> w.sum()));
        assertEquals("GradientCheck: c is a constant, not a variable", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(Map.of("s", w.exp()), () -> w.sum()));
        assertEquals("GradientCheck: s is computed, not a variable", e.getMessage());
    }

    @Test
    void a_loss_kept_from_an_earlier_call_is_refused() {
        Node w = Node.variable(BIAS);
        Node loss = w.square().sum();
        Node square = w.square();
        for (GradientCheck check : java.util.List.of(
                GradientCheck.of(Map.of("w", w), () -> loss), GradientCheck.of(Map.of("w", w), () -> square.sum()))) {
            IllegalStateException e = assertThrows(IllegalStateException.class, check::run);
            assertTrue(e.getMessage().contains("must compute it anew each time"), e::getMessage);
        }
    }

    @Test
    void nondeterminism_and_rounding_error_are_not_called_wrong() {
        AtomicInteger calls = new AtomicInteger();
        assertEquals(
                Verdict.NONDETERMINISTIC,
                GradientCheck.of(in -> in[0].mul(calls.incrementAndGet()))
                        .at(BIAS)
                        .run()
                        .verdict());
        assertEquals(
                Verdict.TOO_NOISY,
                GradientCheck.of(in -> in[0].add(1e12).sub(1e12)).at(BIAS).run().verdict());
    }

    @Test
    void a_model_is_checked_by_its_parameters_and_keeps_their_values() {
        Node w = Node.variable(SQUARE);
        Node b = Node.variable(BIAS.slice(0, 0, 2));
        Map<String, Node> parameters = new java.util.LinkedHashMap<>(Map.of("w", w));
        parameters.put("b", b);
        Node x = Node.constant(SQUARE.mul(0.5));
        GradientCheck.of(parameters, () -> x.matmul(w).add(b).tanh()).order(2).verify();
        Op broken = binary("add", Tensor::add, (c, gy) -> gy, (c, gy) -> gy.mul(1.001));
        Report report = GradientCheck.of(parameters, () -> Node.of(broken, x.matmul(w), b))
                .run();
        assertEquals("b", report.worst().name());
        assertEquals(SQUARE, w.value());
        assertEquals(BIAS.slice(0, 0, 2), b.value());
    }

    @Test
    void a_detached_input_has_a_zero_gradient_and_an_infinite_value_is_not_finite() {
        Report detached =
                GradientCheck.of(in -> in[0].detach().mul(in[1])).at(BIAS, BIAS).run();
        assertEquals(Cause.ZERO_GRADIENT, detached.cause());
        assertEquals(0, detached.worst().input());
        assertTrue(detached.toString().contains("derivative of output"), detached::toString);
        Report infinite =
                GradientCheck.of(in -> in[0].log()).at(Tensor.of(0.3, -1.2)).run();
        assertEquals(Verdict.NOT_FINITE, infinite.verdict());
        assertEquals("output at [1] is NaN", infinite.detail());
    }

    /** A mean over many elements has tiny derivatives: the tolerance must shrink with them. */
    @Property(tries = 20)
    void an_error_of_a_part_in_a_thousand_is_detected_among_many_elements(@ForAll long seed) {
        Op op = elementwise("square", x -> x * x, (c, gy) -> gy.mul(c.x(0).mul(2.002)));
        Tensor many = Tensor.uniform(Shape.of(20_000), -2, 2, RandomStream.of(seed, "many"));
        Report report = GradientCheck.of(in -> Node.of(op, in).mean())
                .at(many)
                .seed(seed)
                .run();
        assertTrue(report.verdict() == Verdict.WRONG || report.verdict() == Verdict.TOO_NOISY, report::toString);
        GradientCheck.of(in -> in[0].square().mean()).at(many).seed(seed).verify();
    }

    @Test
    void one_wrong_element_among_many_is_found_by_bisection() {
        Tensor many = Tensor.uniform(Shape.of(300, 100), -2, 2, RandomStream.of(1, "many"));
        Tensor mask = Tensor.zeros(300, 100)
                .add(Tensor.of(1.0))
                .sub(Tensor.of(new double[] {0.5})
                        .reshape(1, 1)
                        .pad(0, 123, 176)
                        .pad(1, 45, 54));
        Op op = elementwise(
                "square", x -> x * x, (c, gy) -> gy.mul(c.x(0).mul(2)).mul(Node.constant(mask)));
        Report report = GradientCheck.of(in -> Node.of(op, in).sum()).at(many).run();
        assertEquals(Verdict.WRONG, report.verdict(), report::toString);
        assertEquals("[123, 45]", java.util.Arrays.toString(report.worst().index()));
    }

    static Stream<Arguments> steep() {
        return Stream.of(
                Arguments.of((Function<Node[], Node>) in -> in[0].log(), Tensor.of(new double[] {1e-3})),
                Arguments.of(
                        (Function<Node[], Node>) in -> Node.constant(1.0).div(in[0]), Tensor.of(new double[] {1e-3})),
                Arguments.of((Function<Node[], Node>) in -> in[0].mul(1e4).sin(), Tensor.of(0.3, 0.7)));
    }

    @ParameterizedTest
    @MethodSource("steep")
    void a_steep_function_is_ok(Function<Node[], Node> f, Tensor at) {
        GradientCheck.of(f).at(at).verify();
    }

    @Test
    void a_wrong_rule_of_a_steep_function_is_wrong() {
        Op op = elementwise(
                "sin300",
                x -> Math.sin(300 * x),
                (c, gy) -> gy.mul(c.x(0).mul(300).cos().mul(300.3)));
        assertEquals(
                Verdict.WRONG,
                GradientCheck.of(in -> Node.of(op, in)).at(BIAS).run().verdict());
    }

    @Test
    void a_check_without_a_point_or_with_two_is_refused() {
        assertThrows(
                IllegalStateException.class, () -> GradientCheck.of(in -> in[0]).run());
        GradientCheck ofVariables = GradientCheck.of(Map.of("w", Node.variable(SQUARE)), () -> Node.constant(1.0));
        assertThrows(IllegalStateException.class, () -> ofVariables.at(SQUARE));
    }

    @Test
    void other_number_types_and_orders_are_refused() {
        GradientCheck check = GradientCheck.of(in -> in[0]);
        assertThrows(IllegalArgumentException.class, () -> check.at(BIAS.to(DType.FLOAT32)));
        assertThrows(IllegalArgumentException.class, () -> check.order(0));
        GradientMismatch e = assertThrows(GradientMismatch.class, () -> GradientCheck.of(
                        in -> Node.of(elementwise("exp", Math::exp, Op.ZERO), in))
                .at(BIAS)
                .verify());
        assertEquals(Verdict.WRONG, e.report().verdict());
    }
}
