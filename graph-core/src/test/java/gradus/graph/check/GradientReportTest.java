package gradus.graph.check;

import static gradus.graph.Op.elementwise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Restorable;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck.Cause;
import gradus.graph.check.GradientCheck.Report;
import gradus.graph.check.GradientCheck.Verdict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Inputs and outputs of every kind, and the text of reports. */
class GradientReportTest {
    private static final Tensor ROWS = Tensor.of(new double[][] {{0.3, -1.2, 0.4}, {0.7, 1.9, -0.6}});
    private static final Tensor BIAS = Tensor.of(0.1, 0.2, 0.3);
    private static final Op TWICE =
            elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(2));

    // ---- inputs and outputs of every kind

    @Test
    void several_outputs_of_several_shapes_are_compared_and_named() {
        GradientCheck.ofAll(in ->
                        new Node[] {in[0].mul(in[1]), in[0].sum(), in[1].slice(0, 0, 0), in[1], Node.constant(1.0)})
                .at(ROWS, BIAS)
                .order(2)
                .verify();
        Report report = GradientCheck.ofAll(in -> new Node[] {in[1].sum(), Node.of(TWICE, in[0])})
                .at(ROWS, BIAS)
                .run();
        assertEquals(Verdict.WRONG, report.verdict());
        assertEquals("output 1 at [1, 1]", report.worst().outputName(), report::toString);
        assertEquals(Cause.FACTOR, report.cause(), "the output that is right does not count");
        assertEquals(5, report.worst().output());
        assertEquals("[1, 1]", Arrays.toString(report.worst().index()));
        assertTrue(report.toString().contains("input 0 at [1, 1], derivative of output 1 at [1, 1]"), report::toString);
    }

    @Test
    void outputs_with_a_common_subexpression_are_checked_together() {
        GradientCheck.ofAll(in -> {
                    Node h = in[0].matmul(in[1], true, false).tanh();
                    return new Node[] {h, h.sum(), h.square().mean(0)};
                })
                .at(ROWS, ROWS.mul(0.5))
                .order(2)
                .verify();
    }

    @Test
    void empty_unused_and_shared_inputs_are_legal() {
        Tensor empty = Tensor.zeros(0, 3);
        GradientCheck.of(in -> in[0].exp()).at(empty).order(2).verify();
        GradientCheck.of(in -> in[0].sum().add(in[1].exp()))
                .at(empty, BIAS)
                .order(2)
                .verify();
        GradientCheck.of(in -> in[0].exp()).at(ROWS, BIAS).order(2).verify();
        GradientCheck.of(in -> in[0].mul(in[1]).add(in[0].square()))
                .at(ROWS, ROWS)
                .order(2)
                .verify();
        Node one = Node.variable(BIAS);
        GradientCheck.of(in -> in[0].mul(one.detach())).at(one.value()).verify();
        assertEquals(0, GradientCheck.of(in -> in[0].sum()).at(empty).run().comparisons());
    }

    @Test
    void no_unit_cotangents_are_stored_for_an_input_without_elements() {
        GradientCheck.of(in -> in[0].sum().expandTo(Shape.of(300_000)))
                .at(Tensor.zeros(0))
                .verify();
    }

    @Test
    void a_variable_with_two_paths_is_checked_once() {
        Node w = Node.variable(BIAS);
        Map<String, Node> tied = new LinkedHashMap<>();
        tied.put("encoder", w);
        tied.put("decoder", w);
        Report report = GradientCheck.of(tied, () -> w.square().mul(w)).run();
        assertEquals(Verdict.OK, report.verdict(), report::toString);
        Report wrong = GradientCheck.of(tied, () -> Node.of(TWICE, w)).run();
        assertEquals("encoder", wrong.worst().name());
    }

    @Test
    void an_output_of_another_number_type_is_differentiated_in_that_type() {
        Report report = GradientCheck.of(in -> in[0].mul(2).to(DType.FLOAT64))
                .at(BIAS)
                .float32()
                .run();
        assertEquals(Verdict.OK, report.verdict(), report::toString);
    }

    @Test
    void a_function_that_returns_nothing_is_refused() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> GradientCheck.of(in -> null).at(BIAS).run());
        assertEquals(
                "GradientCheck: the function returned null; it must return the node to differentiate", e.getMessage());
        GradientCheck none = GradientCheck.ofAll(in -> new Node[0]).at(BIAS);
        assertThrows(IllegalStateException.class, none::run);
    }

    @Test
    void null_arguments_are_named() {
        GradientCheck check = GradientCheck.of(in -> in[0]);
        assertNamed("f", () -> GradientCheck.of((Function<Node[], Node>) null));
        assertNamed("f", () -> GradientCheck.ofAll(null));
        assertNamed("op", () -> GradientCheck.of((Op) null));
        assertNamed("variables", () -> GradientCheck.of(null, () -> Node.constant(1.0)));
        assertNamed("f", () -> GradientCheck.of(Map.of("w", Node.variable(BIAS)), null));
        Map<String, Node> holes = new LinkedHashMap<>();
        holes.put("w", null);
        assertNamed("variables[w]", () -> GradientCheck.of(holes, () -> Node.constant(1.0)));
        assertNamed("inputs[1]", () -> check.at(BIAS, null));
        assertNamed("shapes[0]", () -> check.draw((Shape) null));
        assertNamed("bounds", () -> check.smoothOn((double[]) null));
        assertNamed("state[0]", () -> check.restoring((Restorable) null));
        assertNamed("state[0]", () -> check.restoring((Node) null));
    }

    private static void assertNamed(String name, Executable call) {
        NullPointerException e = assertThrows(NullPointerException.class, call);
        assertEquals("GradientCheck: " + name + " is null", e.getMessage());
    }

    // ---- the text of a report

    @Test
    void a_report_has_aligned_lines() {
        Report report = GradientCheck.of(TWICE).at(ROWS).run();
        String[] lines = report.toString().lines().toArray(String[]::new);
        assertEquals("gradient check: WRONG (FACTOR)", lines[0]);
        assertEquals("  cause     a constant factor is wrong", lines[1]);
        assertEquals("  detail    the rule gives 2 times the right gradient", lines[2]);
        assertEquals("  compared  36 derivatives, order 1, FLOAT64: the full 6 x 6 Jacobian", lines[3]);
        assertEquals("  worst     input 0 at [1, 1], derivative of output at [1, 1]", lines[4]);
        assertTrue(lines[5].startsWith("            rule 13.37178888, numeric 6.685894442"), lines[5]);
        assertTrue(
                lines[6].startsWith("            relative error 0.500, tolerated difference 0.000134, step "),
                lines[6]);
        assertEquals("  Taylor    the remainder falls with slope 1.00: the gradient is wrong", lines[7]);
        assertEquals("  Jacobian  (rows: elements of the output) by input 0", lines[8]);
        assertEquals("            rule", lines[9]);
        assertEquals("            numeric", lines[16]);
        assertEquals("            difference", lines[23]);
        assertTrue(lines[10].startsWith("                  2.700          0"), lines[10]);
        assertEquals(30, lines.length, report::toString);
        assertEquals(
                "input 0 at [1, 1], derivative of output at [1, 1]: rule 13.37178888, numeric 6.685894442",
                report.worst().toString());
    }

    @Test
    void a_report_without_errors_is_short() {
        String text = GradientCheck.of(in -> in[0].exp()).at(ROWS).run().toString();
        assertEquals(3, text.lines().count(), text);
        assertTrue(text.startsWith("gradient check: OK"), text);
        assertTrue(text.contains("the full 6 x 6 Jacobian and 3 signed linear combinations of its rows"), text);
    }

    @Test
    void small_gradients_are_printed_side_by_side() {
        Report small =
                GradientCheck.of(in -> Node.of(TWICE, in[0]).sum()).at(BIAS).run();
        assertEquals("gradient of the output", small.derivatives().title());
        assertEquals(BIAS.exp().mul(2), small.derivatives().rule());
        assertEquals(1.1051709, small.derivatives().numeric().get(0), 1e-6);
        String[] lines = small.toString().lines().toArray(String[]::new);
        int last = lines.length - 1;
        assertTrue(lines[last - 1].matches(" +rule +numeric +difference"), small::toString);
        assertTrue(lines[last].matches(" +2.210 +2.443 +2.700 +1.105 +1.221 +1.350 +1.105 +1.221 +1.350"), lines[last]);
        Tensor wide = Tensor.uniform(Shape.of(2, 5), -1, 1, RandomStream.of(1, "wide"));
        Report mixed = GradientCheck.of(TWICE).at(wide).run();
        assertEquals(
                "gradient of a signed linear combination of outputs",
                mixed.derivatives().title());
        assertEquals(wide.shape(), mixed.derivatives().rule().shape());
        assertNull(GradientCheck.of(TWICE).at(wide.reshape(10)).run().derivatives());
    }

    @Test
    void the_jacobian_is_shown_a_row_for_each_output() {
        Op op = Op.unary("cumsum", x -> x.cumsum(0, false), (c, gy) -> gy.cumsum(0));
        Report report = GradientCheck.of(op).at(BIAS).run();
        assertEquals(
                Tensor.of(new double[][] {{1, 1, 1}, {0, 1, 1}, {0, 0, 1}}),
                report.derivatives().rule());
        assertEquals(1, report.derivatives().numeric().get(2, 0), 1e-8);
        assertEquals(0, report.derivatives().numeric().get(0, 2), 1e-8);
    }

    @Test
    void derivatives_that_round_to_the_same_text_are_printed_with_more_digits() {
        Op nearly = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1.00002));
        Report report =
                GradientCheck.of(in -> Node.of(nearly, in[0]).sum()).at(BIAS).run();
        String text = report.toString();
        assertTrue(text.contains("1.10519 ") && text.contains("1.10517 "), text);
    }

    @Test
    void a_report_in_single_precision_names_the_precision() {
        Op nearly = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()).mul(1.0019));
        for (GradientCheck check : new GradientCheck[] {
            GradientCheck.of(in -> in[0].exp()), GradientCheck.of(in -> in[0].mul(2)), GradientCheck.of(nearly)
        }) {
            String text = check.at(BIAS).float32().run().toString();
            assertTrue(text.contains("OK"), text);
            assertTrue(text.contains("right to 0.2 percent") || text.contains("an error below the tolerance"), text);
        }
        String loose = GradientCheck.of(in -> in[0].mul(2))
                .at(BIAS)
                .tolerance(1e-3, 0.01)
                .float32()
                .run()
                .toString();
        assertTrue(loose.contains("right to 1.0 percent"), loose);
    }

    @Test
    void every_verdict_and_cause_has_advice() {
        for (Verdict v : Verdict.values()) {
            for (Cause c : v == Verdict.WRONG ? Cause.values() : new Cause[] {Cause.NONE}) {
                Report r = new Report(v, c, 1, null, 0, "", "", DType.FLOAT64, Double.NaN, null, 1e-5);
                assertEquals(v == Verdict.OK ? 2 : 3, r.toString().lines().count(), r::toString);
            }
        }
    }
}
