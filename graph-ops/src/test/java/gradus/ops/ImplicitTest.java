package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import org.junit.jupiter.api.Test;

class ImplicitTest {
    /** For {@code x = cos(c x)}: {@code dx/dc = -s x / (1 + c s)} with {@code s = sin(c x)}. */
    @Test
    void the_gradient_of_a_fixed_point_is_that_of_the_implicit_function_theorem() {
        Node c = variable(0.9);
        Node x = Implicit.fixedPoint(v -> v.mul(c).cos(), constant(0.5));
        double s = Math.sin(0.9 * x.item());
        assertEquals(Math.cos(0.9 * x.item()), x.item(), 1e-12);
        assertEquals(-s * x.item() / (1 + 0.9 * s), x.backward().of(c).item(), 1e-11);
        assertTrue(x.inputs().contains(c), "the graph holds the iterations");
    }

    @Test
    void gradients_of_a_fixed_point_agree_with_finite_differences_up_to_order_three() {
        GradientCheck.of(in -> Implicit.fixedPoint(v -> v.mul(in[0]).cos(), constant(0.5)))
                .at(Tensor.of(0.9).reshape())
                .order(3)
                .verify();
        GradientCheck.of(in -> Implicit.fixedPoint(
                        v -> in[0].matmul(v).mul(0.4).tanh().add(in[1].square()), constant(Tensor.zeros(3))))
                .at(matrix(3), Tensor.of(0.3, -0.2, 0.5))
                .order(2)
                .verify();
    }

    /** {@code x^2 = a}: the derivatives of the square root, of which the third is {@code 3/8 a^(-5/2)}. */
    @Test
    void a_root_has_derivatives_of_any_order() {
        Node a = variable(2.0);
        Node x = Implicit.root(v -> v.square().sub(a), constant(1.0));
        assertEquals(Math.sqrt(2), x.item(), 1e-12);
        Node first = x.backwardGraph().of(a);
        assertEquals(0.5 / Math.sqrt(2), first.item(), 1e-12);
        Node second = first.backwardGraph().of(a);
        assertEquals(-0.25 * Math.pow(2, -1.5), second.item(), 1e-11);
        Node third = second.backwardGraph().of(a);
        assertEquals(0.375 * Math.pow(2, -2.5), third.item(), 1e-11);
    }

    @Test
    void the_root_of_a_linear_system_and_its_gradients_are_those_of_solve() {
        int n = 40;
        Node a = variable(matrix(n));
        Node b = variable(Tensor.normal(Shape.of(n), 0, 1, RandomStream.of(2, "b")));
        Node x = Implicit.root(v -> a.matmul(v).sub(b), constant(Tensor.zeros(n)));
        Node y = LinearAlgebra.solve(a, b);
        assertNear(y.value(), x.value(), 1e-10);
        Node weights = constant(Tensor.normal(Shape.of(n), 0, 1, RandomStream.of(3, "w")));
        assertNear(
                y.mul(weights).sum().backward().of(a).value(),
                x.mul(weights).sum().backward().of(a).value(),
                1e-9);
        assertNear(
                y.mul(weights).sum().backward().of(b).value(),
                x.mul(weights).sum().backward().of(b).value(),
                1e-9);
    }

    @Test
    void a_function_of_computed_nodes_and_the_hessian_of_a_loss_behind_a_solution_are_differentiated() {
        GradientCheck.of(in -> {
                    Node c = in[0].exp(); // computed outside of the function
                    return Implicit.root(v -> v.pow(3).add(v.mul(c)).sub(in[1].mul(c.add(1))), constant(Tensor.ones(2)))
                            .square()
                            .sum();
                })
                .at(Tensor.of(0.1, 0.4), Tensor.of(1.5, 0.7))
                .order(2)
                .verify();
    }

    @Test
    void a_solution_that_depends_on_nothing_tracked_is_a_constant() {
        assertEquals(
                0.7390851332151607,
                Implicit.fixedPoint(Node::cos, constant(1.0)).item(),
                1e-12);
        Node c = variable(0.5);
        Node x = NoGradient.run(() -> Implicit.fixedPoint(v -> v.mul(c), constant(1.0), 1e-3, 100));
        assertTrue(!x.isTracked());
    }

    @Test
    void the_start_has_no_gradient_and_single_precision_works() {
        Node start = variable(Tensor.scalar(0.5, DType.FLOAT32));
        Node c = variable(Tensor.scalar(0.9, DType.FLOAT32));
        Node x = Implicit.fixedPoint(v -> v.mul(c).cos(), start);
        assertEquals(DType.FLOAT32, x.dtype());
        double s = Math.sin(0.9 * x.item());
        assertEquals(-s * x.item() / (1 + 0.9 * s), x.backward().of(c).item(), 1e-5);
        assertTrue(!x.backward().reached(start));
    }

    @Test
    void what_does_not_converge_is_an_error_that_says_how_far_it_came() {
        Node c = variable(2.0);
        String doubled = assertThrows(
                        ArithmeticException.class, () -> Implicit.fixedPoint(v -> v.mul(c), constant(1.0)))
                .getMessage();
        assertEquals(
                "fixedPoint: an element became NaN or infinite in iteration 1024; f is no contraction there", doubled);
        String turning = assertThrows(
                        ArithmeticException.class,
                        () -> Implicit.fixedPoint(v -> v.neg().add(c), constant(0.5), 1e-9, 20))
                .getMessage();
        assertEquals(
                "fixedPoint: no convergence after 20 iterations: x changes by 1.0, 1.0 times the change before; if that is not"
                        + " below 1, f is no contraction, and Implicit.root(x -> f(x).sub(x), start) may help",
                turning);
        String none = assertThrows(
                        ArithmeticException.class,
                        () -> Implicit.root(v -> v.square().add(c), constant(1.0)))
                .getMessage();
        assertTrue(none.startsWith("root: "), none);
        assertEquals(
                "root: g has an element that is NaN or infinite at the start",
                assertThrows(ArithmeticException.class, () -> Implicit.root(Node::log, constant(-1.0)))
                        .getMessage());
    }

    @Test
    void a_singular_system_of_the_gradient_is_an_error() {
        Node c = variable(0.0);
        Node x = Implicit.root(v -> v.square().sub(c), constant(0.0)); // the double root 0
        String message = assertThrows(ArithmeticException.class, x::backward).getMessage();
        assertEquals(
                "root: the gradient: the linear system of 1 unknowns is singular or too ill-conditioned: GMRES reaches a"
                        + " residual of 1.0 for a right side of size 1.0",
                message);
    }

    /** exp(x) = w from x = 40, where g is 2e17 times as large as one step from the solution. */
    @Test
    void a_start_far_from_the_root_leads_to_it() {
        Node w = variable(2.0);
        Node x = Implicit.root(v -> v.exp().sub(w), constant(40.0));
        assertEquals(Math.log(2), x.item(), 1e-12);
        assertEquals(0.5, x.backward().of(w).item(), 1e-12);
    }

    @Test
    void a_computed_node_that_the_function_uses_gets_its_gradient_and_hooks_run_once() {
        Node w = variable(0.5);
        int[] calls = new int[1];
        Node h = w.mul(2).observeGradient(g -> calls[0]++).retainGradient();
        Node y = Implicit.fixedPoint(v -> v.mul(0.5).add(h.sin()), constant(0.0)); // 2 sin h
        assertEquals(2 * Math.cos(1) + 2, y.add(h.square()).backward().of(h).item(), 1e-11);
        assertEquals(1, calls[0]);
    }

    /** {@code x = a sin x + n} for {@code a = 0.5 / 0.7}: {@code x'' = -a sin x / (1 - a cos x)^3}. */
    @Test
    void a_fixed_point_within_another_has_second_derivatives() {
        double x = 1;
        for (int i = 0; i < 1000; i++) {
            x = 0.5 / 0.7 * Math.sin(x) + 0.3;
        }
        Tensor second = Derivatives.hessian(
                n -> Implicit.fixedPoint(
                        v -> Implicit.fixedPoint(z -> z.mul(0.3).add(v.sin()), constant(0.0))
                                .mul(0.5)
                                .add(n),
                        constant(0.0)),
                Tensor.of(0.3));
        double a = 0.5 / 0.7;
        assertEquals(-a * Math.sin(x) / Math.pow(1 - a * Math.cos(x), 3), second.item(), 1e-9);
    }

    @Test
    void the_gradient_is_exact_for_a_loss_of_any_scale() {
        Node w = variable(1.0);
        for (double k : new double[] {1e-200, 1e-17, 1, 1e17, 1e200}) {
            Node y = Implicit.fixedPoint(v -> v.mul(0.5).add(w), constant(0.0)).mul(k);
            assertEquals(2, y.backward().of(w).item() / k, 1e-11);
        }
    }

    @Test
    void roots_of_systems_are_found_in_single_precision_and_in_hundreds_of_unknowns() {
        for (int seed = 0; seed < 10; seed++) {
            Node a = constant(matrix(3).mul(2).to(DType.FLOAT32));
            Node b = variable(
                    Tensor.normal(Shape.of(3), 0, 1, RandomStream.of(seed, "b")).to(DType.FLOAT32));
            Node x = Implicit.root(
                    v -> a.matmul(v).add(v.sin()).sub(b), constant(Tensor.zeros(Shape.of(3), DType.FLOAT32)));
            assertTrue(a.matmul(x).add(x.sin()).sub(b).abs().max().item() < 1e-5);
            assertTrue(x.sum().backward().reached(b));
        }
        int n = 300;
        Node a = constant(Tensor.normal(Shape.of(n, n), 0, 1, RandomStream.of(4, "a")));
        Node x = Implicit.root(v -> a.matmul(v).sub(1), constant(Tensor.zeros(n)));
        assertTrue(a.matmul(x).sub(1).abs().max().item() < 1e-9);
    }

    @Test
    void wrong_arguments_are_named() {
        OperandMismatch e =
                assertThrows(OperandMismatch.class, () -> Implicit.fixedPoint(Node::sum, constant(Tensor.zeros(2))));
        assertEquals(
                "fixedPoint: [2] FLOAT64 x [] FLOAT64: the function must have the shape and number type of its argument",
                e.getMessage());
        assertEquals(
                "root: start is null",
                assertThrows(NullPointerException.class, () -> Implicit.root(Node::cos, null))
                        .getMessage());
        assertEquals(
                "fixedPoint: the function returned null",
                assertThrows(NullPointerException.class, () -> Implicit.fixedPoint(v -> null, constant(0.0)))
                        .getMessage());
        assertEquals(
                "root: tolerance 0.0 and maxIterations 1 must be above 0",
                assertThrows(IllegalArgumentException.class, () -> Implicit.root(Node::cos, constant(0.0), 0, 1))
                        .getMessage());
    }

    @Test
    void a_hundred_thousand_unknowns_need_no_jacobian() {
        int n = 100_000;
        Node c = variable(Tensor.full(Shape.of(n), 0.3, DType.FLOAT64));
        Node x = Implicit.fixedPoint(v -> v.mul(c).cos(), constant(Tensor.zeros(n)));
        Tensor g = x.sum().backward().of(c).value();
        double at = x.value().get(7);
        double s = Math.sin(0.3 * at);
        assertEquals(-s * at / (1 + 0.3 * s), g.get(7), 1e-10);
    }

    @Test
    void a_derivative_function_of_a_solution_is_a_function_like_any_other() {
        Tensor hessian =
                Derivatives.hessian(p -> Implicit.root(v -> v.exp().sub(p.sum()), constant(0.0)), Tensor.of(1, 2));
        assertNear(Tensor.full(Shape.of(2, 2), -1.0 / 9, DType.FLOAT64), hessian, 1e-11); // of log(p1 + p2)
    }

    private static Tensor matrix(int n) {
        return Tensor.eye(n).mul(2).add(Tensor.normal(Shape.of(n, n), 0, 0.5 / Math.sqrt(n), RandomStream.of(1, "a")));
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double[] e = expected.toDoubleArray();
        double[] a = actual.toDoubleArray();
        for (int i = 0; i < e.length; i++) {
            assertEquals(e[i], a[i], tolerance * Math.max(1, Math.abs(e[i])), "element " + i);
        }
    }
}
