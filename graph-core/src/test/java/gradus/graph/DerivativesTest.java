package gradus.graph;

import static gradus.graph.Derivatives.checkpoint;
import static gradus.graph.Derivatives.grad;
import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives.ValueAndGrads;
import gradus.graph.check.GradientCheck;
import gradus.graph.view.GraphView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DerivativesTest {
    private static final Tensor AT = Tensor.of(new double[][] {{0.3, -1.2, 0.4}, {0.7, 1.9, -0.6}});

    /** [2, 3] -> [3], with second derivatives that mix all elements of a column. */
    private static Node columns(Node x) {
        return x.sin().mul(x.sum(0)).sum(0).mul(x.select(0, 0).exp());
    }

    private static Node mixed(Node[] in) {
        return in[0].matmul(in[1].tanh()).square().sum();
    }

    @Test
    void grad_nests_to_any_order() {
        UnaryOperator<Node> f = x -> x.pow(6);
        double[] expected = {64, 192, 480, 960, 1440, 1440, 720, 0};
        for (double e : expected) {
            assertEquals(e, f.apply(variable(2.0)).item(), 1e-9);
            assertEquals(e, f.apply(constant(2.0)).item(), 1e-9);
            f = grad(f);
        }
    }

    @Test
    void grad_stops_at_its_argument_and_other_nodes_stay_differentiable() {
        Node w = variable(3.0);
        Node x = variable(2.0);
        Node inner = x.mul(w); // 6, a computed node
        Node slope = grad(h -> h.square().mul(w)).apply(inner); // 2 h w = 36
        assertEquals(36, slope.item());
        Gradients g = slope.backward();
        assertEquals(2 * 3 * 3, g.of(x).item(), "d(2 x w^2)/dx");
        assertEquals(4 * 2 * 3, g.of(w).item(), "d(2 x w^2)/dw");
        assertEquals(0, grad(h -> w.square()).apply(x).item(), "a function that ignores its argument");
        assertEquals(0, grad(h -> constant(1.0)).apply(x).item());
        assertEquals(Shape.of(2), grad(h -> w).apply(variable(1.0, 2.0)).shape());
    }

    @Property(tries = 50)
    void the_jacobian_of_softmax_is_diag_s_minus_the_outer_product_of_s(@ForAll long seed) {
        Tensor x = Tensor.normal(Shape.of(7), 0, 3, RandomStream.of(seed, "x"));
        Tensor j = Derivatives.jacobian(v -> v.softmax(-1), x);
        double sum = 0;
        for (int i = 0; i < 7; i++) {
            sum += Math.exp(x.get(i));
        }
        for (int i = 0; i < 7; i++) {
            double si = Math.exp(x.get(i)) / sum;
            for (int k = 0; k < 7; k++) {
                double sk = Math.exp(x.get(k)) / sum;
                assertEquals((i == k ? si : 0) - si * sk, j.get(i, k), 1e-15);
            }
        }
    }

    @Test
    void products_jacobians_and_hessians_agree_with_each_other() {
        Tensor j = Derivatives.jacobian(DerivativesTest::columns, AT);
        assertEquals(Shape.of(3, 2, 3), j.shape());
        RandomStream random = RandomStream.of(1, "directions");
        Tensor u = Tensor.normal(Shape.of(3), 0, 1, random);
        Tensor v = Tensor.normal(AT.shape(), 0, 1, random);
        Tensor flat = j.reshape(3, 6);
        near(u.reshape(1, 3).matmul(flat).reshape(2, 3), Derivatives.vjp(DerivativesTest::columns, AT, u));
        near(flat.matmul(v.reshape(6, 1)).reshape(3), Derivatives.jvp(DerivativesTest::columns, AT, v));
        UnaryOperator<Node> loss = x -> columns(x).square().sum();
        Tensor h = Derivatives.hessian(loss, AT);
        assertEquals(Shape.of(2, 3, 2, 3), h.shape());
        Tensor square = h.reshape(6, 6);
        near(square.transpose(), square);
        near(square.matmul(v.reshape(6, 1)).reshape(2, 3), Derivatives.hvp(loss, AT, v));
        near(Derivatives.jacobian(grad(loss), AT), h);
        near(
                loss.apply(constant(AT)).value(),
                Derivatives.valueAndGrad(loss, AT).value());
        near(
                grad(loss).apply(constant(AT)).value(),
                Derivatives.valueAndGrad(loss, AT).gradient());
    }

    @Test
    void a_column_of_the_jacobian_agrees_with_finite_differences() {
        Tensor j = Derivatives.jacobian(DerivativesTest::columns, AT).reshape(3, 6);
        double h = 1e-6;
        for (int k = 0; k < 6; k++) {
            Tensor step = Tensor.of(h).reshape(1).addBlocks(AT.shape(), 1, Ints.of(k));
            Tensor d = columns(constant(AT.add(step)))
                    .value()
                    .sub(columns(constant(AT.sub(step))).value())
                    .div(2 * h);
            assertTrue(d.sub(j.slice(1, k, k + 1).reshape(3)).abs().max().item() < 1e-8);
        }
    }

    @Test
    void derivatives_of_several_inputs_have_one_block_per_input() {
        Tensor a = AT;
        Tensor b = Tensor.of(new double[][] {{1, -0.5}, {0.2, 0.3}, {-0.7, 0.1}});
        ValueAndGrads both = Derivatives.valueAndGrads(DerivativesTest::mixed, a, b);
        Node x = variable(a);
        Node y = variable(b);
        Gradients g = mixed(new Node[] {x, y}).backward();
        near(g.of(x).value(), both.gradients()[0]);
        near(g.of(y).value(), both.gradients()[1]);
        Node[] functions = Derivatives.grads(DerivativesTest::mixed).apply(new Node[] {x, y});
        near(g.of(y).value(), functions[1].value());
        Tensor[][] h = Derivatives.hessians(DerivativesTest::mixed, a, b);
        assertEquals(Shape.of(2, 3, 3, 2), h[0][1].shape());
        near(h[0][1].reshape(6, 6).transpose(), h[1][0].reshape(6, 6));
        Tensor[] v = {AT.mul(0.5), b.add(1)};
        Tensor[] hv = Derivatives.hvps(DerivativesTest::mixed, new Tensor[] {a, b}, v);
        Tensor left = h[0][0].reshape(6, 6).matmul(v[0].reshape(6, 1));
        near(left.add(h[0][1].reshape(6, 6).matmul(v[1].reshape(6, 1))).reshape(2, 3), hv[0]);
        double slope =
                Derivatives.jvps(DerivativesTest::mixed, new Tensor[] {a, b}, v).item();
        double sum = both.gradients()[0].mul(v[0]).sum().item()
                + both.gradients()[1].mul(v[1]).sum().item();
        assertEquals(sum, slope, 1e-12);
        Function<Node[], Node> rows = in -> in[0].matmul(in[1]);
        Tensor[] j = Derivatives.jacobians(rows, a, b);
        Tensor u = Tensor.of(new double[][] {{1, 2}, {-1, 0.5}});
        near(
                u.reshape(1, 4).matmul(j[1].reshape(4, 6)).reshape(3, 2),
                Derivatives.vjps(rows, new Tensor[] {a, b}, u)[1]);
    }

    @Test
    void per_sample_gradients_sum_to_the_gradient_of_the_batch() {
        Node w = variable(Tensor.of(0.5, -1, 2));
        Node rows = constant(AT);
        Map<String, Tensor> each = Derivatives.perSample(
                Map.of("w", w), 2, i -> rows.select(0, i).dot(w).square());
        assertEquals(Shape.of(2, 3), each.get("w").shape());
        Tensor all = rows.matmul(w).square().sum().backward().of(w).value();
        near(all, each.get("w").sum(0));
        assertEquals(
                Shape.of(0, 3),
                Derivatives.perSample(Map.of("w", w), 0, i -> w).get("w").shape());
        assertEquals(
                "perSample: the number of samples -1 must be at least 0",
                assertThrows(IllegalArgumentException.class, () -> Derivatives.perSample(Map.of("w", w), -1, i -> w))
                        .getMessage());
    }

    // ---- hooks and retained gradients

    @Test
    void gradients_of_computed_nodes_are_kept_only_if_retained() {
        Node x = variable(1.0, 2.0);
        Node h = x.square().retainGradient();
        Node unasked = h.mul(3);
        Gradients g = unasked.exp().sum().backward();
        near(h.mul(3).exp().mul(3).value(), g.of(h).value());
        near(g.of(h).mul(x).mul(2).value(), g.of(x).value());
        assertThrows(IllegalArgumentException.class, () -> g.of(unasked));
        assertFalse(x.sum().backward().reached(h));
        assertThrows(IllegalArgumentException.class, () -> x.sum().backward().of(h), "not on the way");
        unasked.retainGradient();
        assertThrows(IllegalArgumentException.class, () -> g.of(unasked), "retained too late");
        assertEquals("gradients of [2], [2]", g.toString());
        assertEquals(
                Tensor.ones(Shape.SCALAR, x.dtype()),
                h.sum().retainGradient().apply(s -> s.backward().of(s)).value());
    }

    @Test
    void a_gradient_is_observed_and_replaced_before_it_is_propagated() {
        Node x = variable(1.0, -2.0);
        List<Tensor> seen = new ArrayList<>();
        Node y = x.mul(10).replaceGradient(g -> g.clamp(-1, 1)).observeGradient(g -> seen.add(g.value()));
        Gradients g = y.mul(y).sum().backward();
        assertEquals(List.of(Tensor.of(20, -40)), seen);
        assertEquals(Tensor.of(10, -10), g.of(x).value());
        Node second =
                x.square().replaceGradient(v -> v.mul(2)).sum().backwardGraph().of(x);
        assertEquals(Tensor.of(4, -8), second.value());
        assertEquals(Tensor.of(4, 4), second.sum().backward().of(x).value());
    }

    @Test
    void a_stopped_gradient_is_not_propagated() {
        Node x = variable(3.0);
        assertEquals(3, x.mul(x.stopGradient()).backward().of(x).item());
        assertEquals(3, x.mul(x.detach()).backward().of(x).item());
        assertTrue(GraphView.text(x.stopGradient()).contains("stopGradient(%0)"));
    }

    // ---- checkpoints

    private static Node block(Node x, Node w) {
        return x.matmul(w).tanh().mul(x).sin();
    }

    @Property(tries = 30)
    void a_checkpoint_changes_no_value_and_no_gradient_of_any_order(@ForAll long seed) {
        RandomStream random = RandomStream.of(seed, "checkpoint");
        Node x = variable(Tensor.normal(Shape.of(2, 3), 0, 1, random));
        Node w = variable(Tensor.normal(Shape.of(3, 3), 0, 1, random));
        Node outside = x.mul(2);
        UnaryOperator<Node> f = h -> block(h, w).add(outside.mul(h));
        Node plain = f.apply(f.apply(x)).sum();
        Node kept = checkpoint(f).apply(checkpoint(f).apply(x)).sum();
        assertEquals(plain.value(), kept.value());
        for (Node leaf : List.of(x, w)) {
            Node a = plain.backwardGraph().of(leaf);
            Node b = kept.backwardGraph().of(leaf);
            near(a.value(), b.value());
            near(plain.backward().of(leaf).value(), kept.backward().of(leaf).value());
            near(
                    a.square().sum().backward().of(w).value(),
                    b.square().sum().backward().of(w).value());
        }
        GradientCheck.of(in -> Derivatives.checkpoints(p -> block(p[0], p[1])).apply(in))
                .at(x.value(), w.value())
                .order(2)
                .verify();
    }

    @Test
    void a_checkpoint_holds_no_inner_nodes_and_refuses_a_replaced_variable() {
        Node w = variable(0.5).named("w");
        Node y = variable(1.0).apply(checkpoint(x -> x.mul(w).sin().exp()));
        assertEquals(3, GraphView.text(y).lines().count(), () -> GraphView.text(y));
        w.assign(Tensor.of(0.25));
        String found = assertThrows(IllegalStateException.class, y::backward).getMessage();
        assertTrue(found.contains("checkpoint: w []"), found);
    }

    @Test
    void a_variable_that_a_checkpoint_captures_cannot_be_frozen_or_unfrozen_before_backward() {
        for (boolean frozen : new boolean[] {false, true}) {
            Node w = variable(0.5).named("w");
            Node x = variable(1.0);
            UnaryOperator<Node> f = v -> v.mul(w).sin();
            if (frozen) {
                w.freeze();
                Gradients g = checkpoint(f).apply(x).backward();
                assertEquals(f.apply(x).backward().of(x).item(), g.of(x).item());
                assertFalse(g.reached(w));
            }
            List<Node> graphs =
                    List.of(checkpoint(f).apply(x), checkpoint(checkpoint(f)).apply(x), f.apply(x));
            if (frozen) {
                w.unfreeze();
            } else {
                w.freeze();
            }
            for (Node y : graphs) {
                String found =
                        assertThrows(IllegalStateException.class, y::backward).getMessage();
                assertTrue(found.contains(": w [] was given a new value, frozen or unfrozen"), found);
            }
        }
    }

    /** What a checkpoint's function captures: arguments of enclosing functions, computed nodes and retained nodes. */
    @Test
    void a_checkpoint_has_gradients_for_all_variables_that_it_captures() {
        UnaryOperator<Node> captured =
                x -> checkpoint(z -> z.mul(x).mul(x)).apply(x).sum();
        for (Node at : List.of(constant(3.0), variable(3.0), variable(1.5).mul(2))) {
            assertEquals(27, grad(captured).apply(at).item());
            assertEquals(18, grad(grad(captured)).apply(at).item());
        }
        UnaryOperator<Node> nested =
                x -> checkpoint(z -> checkpoint(u -> u.mul(z)).apply(z.relu())).apply(x);
        Node three = variable(3.0);
        assertEquals(6, nested.apply(three).backward().of(three).item());
        assertEquals(6, nested.apply(three).backwardGraph().of(three).item());
        assertEquals(2, Derivatives.hessian(nested, Tensor.of(3.0)).item());
        Node w = variable(2.0);
        List<Node> seen = new ArrayList<>();
        Node h = w.mul(2).observeGradient(seen::add).retainGradient();
        Node x = variable(5.0);
        Node y = checkpoint(z -> z.mul(h)).apply(x);
        y = checkpoint(z -> z.mul(h).mul(w.exp().log())).apply(y).add(h);
        Gradients g = y.backward(); // 5 h^2 w + h, h = 2 w
        assertEquals(5 * 2 * 4 * 2 + 1, g.of(h).item(), 1e-12);
        assertEquals(2 * 81 + 5 * 16, g.of(w).item(), 1e-12);
        assertEquals(1, seen.size());
    }

    @Test
    void derivatives_of_powers_with_whole_exponents_and_of_norms_with_zero_elements_are_finite() {
        GradientCheck.of(in -> in[0].pow(in[1]))
                .at(Tensor.of(0.7, 1.3, 2, 0.4), Tensor.of(0, 1, 2, -1))
                .order(3)
                .verify();
        assertEquals(
                0.5,
                Derivatives.hessian(v -> v.select(0, 0).pow(v.select(0, 1)), Tensor.of(2, 0))
                        .get(0, 1));
        for (double p : new double[] {2, 3, 4}) {
            GradientCheck.of(in -> in[0].pNorm(p))
                    .at(Tensor.of(0, 2, -1))
                    .order(2)
                    .verify();
        }
    }

    @Test
    void functions_may_convert_number_types_inside() {
        UnaryOperator<Node> f = x -> x.to(DType.FLOAT32).square();
        assertEquals(
                Tensor.of(4.0, 4.0),
                Derivatives.jvp(f, Tensor.of(1, 2), Tensor.of(2, 1)).to(DType.FLOAT64));
        Tensor[] hv = Derivatives.hvps(
                in -> in[0].square().sum().add(in[1].to(DType.FLOAT64).square().sum()),
                new Tensor[] {Tensor.of(1.0), Tensor.of(new float[] {1})},
                Tensor.of(1.0),
                Tensor.of(new float[] {3}));
        assertEquals(DType.FLOAT32, hv[1].dtype());
        assertEquals(6, hv[1].item());
    }

    @Test
    void a_hook_that_uses_a_variable_records_no_graph_in_a_first_order_backward_pass() {
        Node w = variable(2.0);
        Node x = variable(3.0);
        Node y = x.square().replaceGradient(g -> g.mul(w));
        assertFalse(y.backward().of(x).isTracked());
        assertEquals(6, y.backwardGraph().of(x).backward().of(w).item());
    }

    @Test
    void a_checkpoint_draws_the_same_numbers_again() {
        RandomStream draws = RandomStream.of(5, "dropout");
        Node x = variable(Tensor.uniform(Shape.of(20), 0.5, 1, RandomStream.of(6, "x")));
        UnaryOperator<Node> dropout = v -> v.square()
                .maskedBy(constant(Tensor.uniform(v.shape(), -1, 1, draws)).gt(0));
        Node y = x.apply(checkpoint(dropout, draws)).apply(checkpoint(dropout, draws));
        double next = RandomStream.of(5, "dropout").nextDouble();
        Tensor g = y.sum().backward().of(x).value();
        near(y.value().mul(4).div(x.value()), g);
        assertTrue(draws.nextDouble() != next, "the stream goes on where it was");
    }

    static Stream<Arguments> refusals() {
        Node x = variable(1.0, 2.0).named("x");
        int[] calls = {0};
        return Stream.of(
                bad(() -> grad(v -> v.mul(2)).apply(x), "grad: the function gives [2], not one element"),
                bad(() -> Derivatives.hessian(v -> v, Tensor.of(1, 2)), "hessian: the function gives [2]"),
                bad(
                        () -> Derivatives.hvp(Node::sum, Tensor.of(1, 2), Tensor.of(1, 2, 3)),
                        "hvp: the direction [3] must have the shape of the input [2]"),
                bad(
                        () -> Derivatives.jvp(v -> v, Tensor.of(1, 2), Tensor.of(1.0)),
                        "jvp: the direction [] must have the shape of the input [2]"),
                bad(
                        () -> Derivatives.vjp(v -> v, Tensor.of(1, 2), Tensor.of(1, 2, 3)),
                        "the seed [3] FLOAT64 must have the shape and number type of [2] FLOAT64"),
                bad(
                        () -> Derivatives.jacobian(v -> counted(calls, v), Tensor.zeros(100_000)),
                        "jacobian: the derivatives of [100000] with respect to [100000] are 10000000000 numbers, more"),
                bad(
                        () -> Derivatives.hessian(v -> counted(calls, v).sum(), Tensor.zeros(300, 300)),
                        "hessian: the derivatives of [300, 300] with respect to [300, 300] are 8100000000 numbers"),
                bad(() -> grad(null), "grad: f is null"),
                bad(() -> grad(Node::sum).apply(null), "grad: x is null"),
                bad(() -> grad(v -> null).apply(x), "grad: the function returned null"),
                bad(() -> Derivatives.valueAndGrad(null, Tensor.of(1.0)), "valueAndGrad: f is null"),
                bad(() -> Derivatives.vjp(v -> v, null, Tensor.of(1.0)), "vjp: at is null"),
                bad(() -> Derivatives.vjp(v -> v, Tensor.of(1.0), null), "vjp: u is null"),
                bad(() -> Derivatives.jvp(v -> v, Tensor.of(1.0), null), "jvp: v is null"),
                bad(() -> Derivatives.hvps(in -> in[0], new Tensor[] {Tensor.of(1.0), null}), "hvp: at[1] is null"),
                bad(() -> Derivatives.jacobian(v -> v, null), "jacobian: at is null"),
                bad(() -> Derivatives.hessian(v -> v, null), "hessian: at is null"),
                bad(() -> Derivatives.gradients(x, x, false, x, null), "gradients: x[1] is null"),
                bad(() -> checkpoint(null), "checkpoint: f is null"),
                bad(() -> checkpoint(v -> null).apply(x), "checkpoint: the function returned null"),
                bad(() -> constant(1.0).retainGradient(), "retainGradient: [] is a constant"),
                bad(
                        () -> x.replaceGradient(g -> g.sum()).sum().backward(),
                        "replaceGradient of [2]: the gradient [2] FLOAT64 was replaced by one of []"),
                bad(
                        () -> checkpoint(v -> v.mul(calls[0]++)).apply(x).sum().backward(),
                        "checkpoint: the function gave another value"));
    }

    private static Node counted(int[] calls, Node v) {
        return v.observeGradient(g -> calls[0]++);
    }

    @Test
    void a_derivative_that_cannot_be_allocated_is_refused_before_any_backward_pass() {
        int[] passes = {0};
        assertThrows(
                IllegalArgumentException.class,
                () -> Derivatives.jacobian(v -> counted(passes, v), Tensor.zeros(100_000)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Derivatives.hessian(v -> counted(passes, v).sum(), Tensor.zeros(100_000)));
        assertEquals(0, passes[0]);
    }

    @Test
    void gradients_with_respect_to_given_nodes_treat_them_as_independent() {
        Node x = variable(2.0);
        Node h = x.square();
        Node y = h.mul(x).add(h);
        Node other = variable(1.0, 2.0);
        Node[] g = Derivatives.gradients(y, constant(10.0), false, x, h, other);
        assertEquals(40, g[0].item(), "h is held");
        assertEquals(30, g[1].item());
        assertEquals(Tensor.zeros(2), g[2].value());
        Node[] graph = Derivatives.gradients(y, constant(1.0), true, x);
        assertEquals(3 * 4 + 4, graph[0].item());
        assertEquals(6 * 2 + 2, graph[0].backward().of(x).item());
        assertEquals(0, Derivatives.gradients(constant(1.0), constant(1.0), false, x)[0].item());
        assertEquals(0, Derivatives.gradients(y, constant(1.0), false).length);
    }

    @Test
    void derivatives_of_a_function_that_ignores_its_input_are_zero() {
        UnaryOperator<Node> one = v -> constant(1.0);
        Tensor at = Tensor.of(1, 2);
        assertEquals(Tensor.zeros(2), Derivatives.valueAndGrad(one, at).gradient());
        assertEquals(Tensor.zeros(2), Derivatives.vjp(one, at, Tensor.of(1.0)));
        assertEquals(0, Derivatives.jvp(one, at, at).item());
        assertEquals(Tensor.zeros(2), Derivatives.jacobian(one, at));
        assertEquals(Tensor.zeros(2, 2), Derivatives.hessian(one, at));
        assertEquals(Tensor.zeros(2), Derivatives.hvp(one, at, at));
        assertEquals(
                Tensor.zeros(3, 2),
                Derivatives.perSample(Map.of("w", variable(at)), 3, i -> constant(1.0))
                        .get("w"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void invalid_calls_are_refused_with_names(Executable what, String message) {
        String found = assertThrows(RuntimeException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    private static void near(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        double size = expected.size() == 0 ? 0 : expected.abs().max().item();
        assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 1e-13 * Math.max(1, size));
    }
}
