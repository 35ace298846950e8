package example;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.AnomalyDetection;
import gradus.graph.Derivatives;
import gradus.graph.Gradients;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.check.GradientCheck;
import gradus.graph.view.GraphView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An op with several outputs, written like a user's, with the public API alone. */
class MultiOutputTest {
    /** For each call of the rule, which outputs had a gradient. */
    private static final List<String> CALLS = new ArrayList<>();

    /** {@code sin(a x) and cos(a x)}, and the number of elements, which has no gradient. */
    private record SinCos(double a) implements Op.Multi {
        @Override
        public String name() {
            return "sinCos";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Tensor ax = x[0].mul(a);
            return new Tensor[] {ax.map(Math::sin), ax.map(Math::cos), Tensor.of((double) ax.size())};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            CALLS.add(Arrays.stream(gy).map(g -> g == null ? "-" : "g").reduce("", String::concat));
            Node fromSin = gy[0] == null ? null : gy[0].mul(c.y(1)).mul(a);
            Node fromCos = gy[1] == null ? null : gy[1].mul(c.y(0)).mul(-a);
            return new Node[] {fromSin == null ? fromCos : fromCos == null ? fromSin : fromSin.add(fromCos)};
        }

        @Override
        public boolean isDifferentiable(int output) {
            return output < 2;
        }

        @Override
        public String outputName(int output) {
            return List.of("sin", "cos", "count").get(output);
        }
    }

    /** {@code a b and a / b}: several inputs, broadcast; an intermediate result is saved. */
    private record ProductAndRatio() implements Op.Multi {
        @Override
        public String name() {
            return "productAndRatio";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            saved.set("kept");
            return new Tensor[] {x[0].mul(x[1]), x[0].div(x[1])};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            assertEquals("kept", c.saved(String.class));
            Node zero = constant(Tensor.zeros(c.y(0).shape(), c.y(0).dtype()));
            Node p = gy[0] == null ? zero : gy[0];
            Node r = gy[1] == null ? zero : gy[1];
            Node ga = c.needs(0) ? p.mul(c.x(1)).add(r.div(c.x(1))) : null;
            Node gb = c.needs(1) ? p.mul(c.x(0)).sub(r.mul(c.y(1)).div(c.x(1))) : null;
            return new Node[] {ga, gb};
        }
    }

    private static Node[] sinCos(Node x) {
        return Node.outputs(new SinCos(2), x);
    }

    private final Node x = variable(0.3, -1.2, 2.0).named("x");

    @BeforeEach
    void no_rule_has_run() {
        CALLS.clear();
    }

    @Test
    void each_output_is_a_node_with_a_gradient_of_its_own() {
        Node[] y = sinCos(x);
        assertEquals(x.value().map(v -> Math.cos(2 * v)), y[1].value());
        assertEquals(3, y[2].item());
        assertFalse(y[2].isTracked());
        Node loss = y[0].mul(y[0]).add(y[1].mul(3)).sum();
        near(
                x.value().map(v -> 2 * Math.sin(4 * v) - 6 * Math.sin(2 * v)),
                loss.backward().of(x));
        assertEquals(List.of("gg-"), CALLS, "the rule runs once, for both");
    }

    @Test
    void an_output_that_is_not_used_has_no_gradient() {
        near(
                x.value().map(v -> 2 * Math.cos(2 * v)),
                sinCos(x)[0].sum().backward().of(x));
        near(
                x.value().map(v -> -2 * Math.sin(2 * v)),
                sinCos(x)[1].sum().backward().of(x));
        near(
                x.value().map(v -> -2 * Math.sin(2 * v)),
                sinCos(x)[1].backward(Tensor.ones(3)).of(x));
        assertEquals(List.of("g--", "-g-", "-g-"), CALLS);
        String found = assertThrows(IllegalStateException.class, () -> sinCos(x)[2].backward())
                .getMessage();
        assertTrue(found.contains("reaches no variable"), found);
    }

    @Test
    void the_checker_verifies_all_outputs_to_the_third_order() {
        Tensor at = Tensor.of(new double[][] {{0.4, -0.7}, {1.1, 0.2}});
        GradientCheck.of(in -> {
                    Node[] y = sinCos(in[0]);
                    return y[0].mul(y[1].exp()).sum(1);
                })
                .at(at)
                .order(3)
                .verify();
        GradientCheck.of(in -> sinCos(in[0])[1]).at(at).order(2).verify();
        GradientCheck.of(in -> {
                    Node[] y = Node.outputs(new ProductAndRatio(), in[0], in[1]);
                    Node[] z = Node.outputs(new ProductAndRatio(), y[1], y[0].exp());
                    return z[0].add(z[1]).mul(y[0]);
                })
                .at(at, Tensor.of(1.5, -0.8))
                .order(2)
                .verify();
    }

    @Test
    void derivatives_of_every_kind_agree_with_the_composition() {
        UnaryOperator<Node> multi = v -> {
            Node[] y = sinCos(v);
            return y[0].mul(y[1]).mul(v).sum();
        };
        UnaryOperator<Node> plain =
                v -> v.mul(2).sin().mul(v.mul(2).cos()).mul(v).sum();
        Tensor at = x.value();
        Tensor u = Tensor.of(1, -0.5, 2);
        near(Derivatives.hessian(plain, at), constant(Derivatives.hessian(multi, at)));
        near(Derivatives.hvp(plain, at, u), constant(Derivatives.hvp(multi, at, u)));
        near(Derivatives.jvp(plain, at, u), constant(Derivatives.jvp(multi, at, u)));
        near(
                Derivatives.jacobian(Derivatives.grad(plain), at),
                constant(Derivatives.jacobian(Derivatives.grad(multi), at)));
        Node checkpointed = Derivatives.checkpoint(multi).apply(x);
        near(plain.apply(x).backward().of(x).value(), checkpointed.backward().of(x));
        Node output = Derivatives.checkpoint(v -> sinCos(v)[1]).apply(x).sum();
        near(x.value().map(v -> -2 * Math.sin(2 * v)), output.backwardGraph().of(x));
        near(
                x.value().map(v -> -4 * Math.cos(2 * v)),
                output.backwardGraph().of(x).sum().backward().of(x));
    }

    @Test
    void gradients_with_respect_to_outputs_are_found_and_retained() {
        Node h = x.mul(1);
        Node[] y = sinCos(h);
        Node loss = y[0].mul(y[1]).sum();
        y[1].retainGradient();
        Gradients g = loss.backward();
        assertEquals(y[0].value(), g.of(y[1]).value());
        assertFalse(g.reached(y[0]));
        near(x.value().map(v -> 2 * Math.cos(4 * v)), g.of(x));

        Node[] both = Derivatives.gradients(loss, constant(1.0), false, y[0], y[1]);
        assertEquals(y[1].value(), both[0].value());
        assertEquals(y[0].value(), both[1].value());
        CALLS.clear();
        // the first output is held: only the second one's gradient goes on to x
        Node[] mixed = Derivatives.gradients(loss, constant(1.0), true, y[0], x);
        near(x.value().map(v -> -2 * Math.sin(2 * v) * Math.sin(2 * v)), mixed[1]);
        assertEquals(List.of("-g-"), CALLS);
        Node[] held = Derivatives.gradients(loss, constant(1.0), false, y[1], h);
        near(x.value().map(v -> 2 * Math.cos(2 * v) * Math.cos(2 * v)), held[1]);
    }

    @Test
    void gradients_of_outputs_are_summed_over_every_use() {
        Node[] y = sinCos(x);
        Node loss = y[1].add(y[1].stopGradient()).add(y[0].mul(0)).add(y[1]).sum();
        near(x.value().map(v -> -4 * Math.sin(2 * v)), loss.backward().of(x));
        Node[] two = Node.outputs(new ProductAndRatio(), x, x);
        near(x.value().mul(2), two[0].add(two[1]).sum().backward().of(x));
    }

    @Test
    void without_a_graph_outputs_are_constants() {
        for (Node y : NoGradient.run(() -> sinCos(x))) {
            assertFalse(y.isTracked());
        }
        for (Node y : sinCos(x.detach())) {
            assertFalse(y.isTracked());
        }
        assertEquals(DType.FLOAT32, sinCos(x.to(DType.FLOAT32))[0].dtype());
        assertFalse(sinCos(x)[0].detach().isTracked());
    }

    @Test
    void a_graph_shows_which_output_a_node_is() {
        Node[] y = sinCos(x);
        Node loss = y[0].mul(y[1]).named("loss");
        assertEquals(
                """
                x = variable [3]
                %1 = sinCos.sin(x) [3]
                %2 = sinCos.cos(x) [3]
                loss = mul(%1, %2) [3]
                """,
                GraphView.text(loss));
        assertTrue(
                GraphView.of(loss).dot().contains("label=\"sinCos.cos\\n[3]\""),
                GraphView.of(loss).dot());
        assertTrue(GraphView.of(loss).svg().contains("sinCos.sin"));
        assertEquals(List.of(x), y[1].inputs());
        Op.Output op = (Op.Output) y[1].op();
        assertEquals(new SinCos(2), op.op());
        assertEquals(1, op.index());
        assertEquals(op, sinCos(x)[1].op());
        assertNotEquals(op, y[0].op());
        assertNotEquals(op, Node.outputs(new SinCos(3), x)[1].op());
        assertEquals(y[1].value(), op.forward(x.value()), "an op computes the value of its node again");
    }

    @Test
    void anomaly_detection_names_the_output_and_the_line() {
        String found = assertThrows(
                        ArithmeticException.class,
                        () -> AnomalyDetection.during(() -> sinCos(variable(Double.POSITIVE_INFINITY))))
                .getMessage();
        assertTrue(found.startsWith("sinCos gave []: nothing finite, 1 NaN"), found);
        assertTrue(found.contains("(MultiOutputTest.java:"), found);
        Node zero = variable(0.0);
        found = assertThrows(
                        ArithmeticException.class,
                        () -> AnomalyDetection.during(() -> {
                            Node[] y = Node.outputs(new ProductAndRatio(), zero, constant(1e-320));
                            return y[0].add(y[1]).backward();
                        }))
                .getMessage();
        assertTrue(found.startsWith("backward: the rule of productAndRatio.0 gave input 0 the gradient []"), found);
        Node good = AnomalyDetection.during(() -> sinCos(x)[1].sum().backward().of(x));
        near(x.value().map(v -> -2 * Math.sin(2 * v)), good);
    }

    @Test
    void a_replaced_variable_and_wrong_operands_are_refused_with_names() {
        Node w = variable(1.0).named("w");
        Node y = sinCos(w)[1];
        w.assign(Tensor.of(2.0));
        String found = assertThrows(IllegalStateException.class, y::backward).getMessage();
        assertTrue(found.startsWith("backward: sinCos.cos: w [] was given a new value"), found);
        found = assertThrows(
                        IllegalArgumentException.class,
                        () -> Node.outputs(
                                new ProductAndRatio(), x, variable(1.0, 2.0).named("b")))
                .getMessage();
        assertTrue(found.contains("x [3] x b [2]"), found);
    }

    /** An op of several outputs with an error in its rule. */
    private record Wrong(String fault) implements Op.Multi {
        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            return switch (fault) {
                case "null" -> null;
                case "none" -> new Tensor[0];
                case "one null" -> new Tensor[] {x[0], null};
                default -> new Tensor[] {x[0], x[0]};
            };
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            return switch (fault) {
                case "y" -> new Node[] {c.y()};
                case "saved" -> new Node[] {Node.constant(c.saved(Tensor.class))};
                default -> new Node[0];
            };
        }
    }

    @Test
    void errors_in_an_op_of_several_outputs_are_named() {
        refused("null", "wrong: forward returned null");
        refused("none", "wrong: forward returned no output");
        refused("one null", "wrong: forward returned null for an output");
        refused("y", "wrong.0: the op has 2 outputs; call y(i) for one of them");
        refused("saved", "wrong.0: forward saved nothing, not a Tensor");
        refused("rule", "backward: the rule of wrong.0 returned 0 gradients for 1 inputs");
    }

    private void refused(String fault, String message) {
        String found = assertThrows(
                        IllegalStateException.class,
                        () -> Node.outputs(new Wrong(fault), x)[0].sum().backward())
                .getMessage();
        assertTrue(found.startsWith(message), found);
    }

    private static void near(Tensor expected, Node actual) {
        assertEquals(expected.shape(), actual.shape());
        double distance = expected.sub(actual.value()).abs().max().item();
        assertTrue(distance <= 1e-12 * Math.max(1, expected.abs().max().item()), expected + " but " + actual);
    }
}
