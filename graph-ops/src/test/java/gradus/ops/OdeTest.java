package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OdeTest {
    private static final OdeOptions EXACT = OdeOptions.DEFAULT.tolerance(1e-11);
    private static final List<OdeOptions> ALL = List.of(
            EXACT,
            EXACT.adjoint(),
            OdeOptions.DEFAULT.rk4(400),
            OdeOptions.DEFAULT.rk4(400).adjoint());

    private static Stream<DynamicTest> each(java.util.function.Consumer<OdeOptions> test) {
        return ALL.stream().map(o -> DynamicTest.dynamicTest(o.toString(), () -> test.accept(o)));
    }

    /** {@code y' = -k y} from t0 to t1: {@code y = y0 exp(-k (t1 - t0))}. */
    @TestFactory
    Stream<DynamicTest> the_gradients_of_exponential_decay_are_the_analytic_ones() {
        return each(options -> {
            Node k = variable(0.7);
            Node y0 = variable(2.0);
            Node t0 = variable(0.25);
            Node t1 = variable(1.5);
            Node y = Ode.solve((t, x) -> x.mul(k).neg(), y0, t0, t1, options);
            double exact = 2 * Math.exp(-0.7 * 1.25);
            Gradients g = y.backward();
            assertEquals(exact, y.item(), 1e-9);
            assertEquals(exact / 2, g.of(y0).item(), 1e-9);
            assertEquals(-1.25 * exact, g.of(k).item(), 1e-9);
            assertEquals(-0.7 * exact, g.of(t1).item(), 1e-9);
            assertEquals(0.7 * exact, g.of(t0).item(), 1e-9);
        });
    }

    /** {@code d2y/dk2 = (t1 - t0)^2 y}, also by the adjoint method, whose rule is an initial value problem itself. */
    @TestFactory
    Stream<DynamicTest> the_second_derivative_of_exponential_decay_is_the_analytic_one() {
        return each(options -> {
            Node k = variable(0.7);
            Node y = Ode.solve((t, x) -> x.mul(k).neg(), constant(2.0), constant(0.25), constant(1.5), options);
            Node first = y.backwardGraph().of(k);
            assertEquals(
                    1.25 * 1.25 * 2 * Math.exp(-0.7 * 1.25),
                    first.backward().of(k).item(),
                    1e-8);
        });
    }

    /** A driven system of two equations: every input at once, against finite differences. */
    @TestFactory
    Stream<DynamicTest> gradients_agree_with_finite_differences() {
        return each(options -> GradientCheck.of(in -> {
                    BinaryOperator<Node> f =
                            (t, y) -> in[0].matmul(y).add(t.mul(in[1]).sin());
                    return Ode.solve(f, in[2], in[3], in[4], options);
                })
                .at(
                        Tensor.of(new double[][] {{-0.3, 1}, {-1, -0.2}}),
                        Tensor.of(0.5, 2),
                        Tensor.of(1, 0.2),
                        Tensor.of(0.1),
                        Tensor.of(0.9))
                .verify());
    }

    @Test
    void a_harmonic_oscillator_keeps_its_energy_forwards_and_backwards_in_time() {
        BinaryOperator<Node> f =
                (t, y) -> Node.stack(0, y.select(0, 1), y.select(0, 0).neg());
        for (double end : new double[] {10, -10}) {
            Node y = Ode.solve(f, constant(Tensor.of(1, 0)), 0, end, 1e-10);
            assertEquals(Math.cos(end), y.value().get(0), 1e-8);
            assertEquals(-Math.sin(end), y.value().get(1), 1e-8);
        }
    }

    /** The error of the classical method falls with the fourth power of the step, that of the adaptive one with its tolerance. */
    @Test
    void the_methods_have_their_order() {
        Node start = constant(1.0);
        Node zero = constant(0.0);
        Node one = constant(1.0);
        BinaryOperator<Node> f = (t, y) -> y.mul(t.cos());
        double exact = Math.exp(Math.sin(1));
        double coarse =
                Ode.solve(f, start, zero, one, OdeOptions.DEFAULT.rk4(10)).item() - exact;
        double fine = Ode.solve(f, start, zero, one, OdeOptions.DEFAULT.rk4(20)).item() - exact;
        assertEquals(16, coarse / fine, 1.5);
        for (double tolerance = 1e-4; tolerance > 1e-12; tolerance /= 10) {
            double error = Ode.solve(f, start, 0, 1, tolerance).item() - exact;
            assertTrue(Math.abs(error) < 10 * tolerance, tolerance + ": " + error);
        }
    }

    @Test
    void a_trajectory_starts_with_the_first_value_and_has_the_gradients_of_all_times() {
        Node k = variable(0.5);
        Node times = variable(Tensor.of(0, 0.5, 2));
        Node y0 = variable(Tensor.of(1, 3));
        for (OdeOptions options : ALL) {
            Node y = Ode.trajectory((t, x) -> x.mul(k).neg(), y0, times, options);
            Gradients g = y.sum().backward();
            double[] t = {0, 0.5, 2};
            double byK = 0;
            for (int i = 0; i < 3; i++) {
                assertEquals(3 * Math.exp(-0.5 * t[i]), y.value().get(i, 1), 1e-9);
                byK -= 4 * t[i] * Math.exp(-0.5 * t[i]);
            }
            assertEquals(byK, g.of(k).item(), 1e-8);
            assertEquals(-0.5 * 4 * Math.exp(-1), g.of(times).value().get(2), 1e-8);
            assertEquals(1 + Math.exp(-0.25) + Math.exp(-1), g.of(y0).value().get(0), 1e-8);
        }
    }

    @Test
    void the_adjoint_method_keeps_no_step() {
        Node k = variable(0.7);
        Node y = Ode.solve((t, x) -> x.mul(k), constant(1.0), constant(0.0), constant(1.0), EXACT.adjoint());
        assertEquals(1, y.depth());
        assertEquals(4, y.inputs().size());
    }

    @Test
    void a_second_order_derivative_function_and_single_precision_work() {
        Tensor h = Derivatives.hessian(
                p -> Ode.solve((t, y) -> y.mul(p.select(0, 0)).add(p.select(0, 1)), constant(0.0), 0, 1, 1e-10),
                Tensor.of(0.5, 2));
        // y(1) = b (e^a - 1) / a
        double e = Math.exp(0.5);
        double byAa = 2 * (e / 0.5 - 2 * e / 0.25 + 2 * (e - 1) / 0.125);
        double byAb = e / 0.5 - (e - 1) / 0.25;
        assertEquals(byAa, h.get(0, 0), 1e-7);
        assertEquals(byAb, h.get(0, 1), 1e-7);
        assertEquals(0, h.get(1, 1), 1e-12);
        Node single = Ode.solve((t, y) -> y.neg(), constant(Tensor.scalar(1, DType.FLOAT32)), 0, 1, 1e-5);
        assertEquals(DType.FLOAT32, single.dtype());
        assertEquals(Math.exp(-1), single.item(), 1e-5);
    }

    @Test
    void an_empty_interval_gives_the_start_with_the_gradient_of_its_end() {
        for (OdeOptions options : ALL) {
            Node t1 = variable(2.0);
            Node y = Ode.solve((t, x) -> x.mul(t), constant(3.0), constant(2.0), t1, options);
            assertEquals(3, y.item());
            assertEquals(6, y.backward().of(t1).item(), 1e-12);
        }
    }

    @Test
    void what_cannot_be_solved_is_an_error_that_names_the_time() {
        String singular = assertThrows(
                        ArithmeticException.class, () -> Ode.solve((t, y) -> y.square(), constant(1.0), 0, 2, 1e-8))
                .getMessage();
        assertTrue(singular.matches("Ode: at t = (0.99999|1.00000).*singularity.*"), singular);
        OdeOptions few = OdeOptions.DEFAULT.maxSteps(50);
        String stiff = assertThrows(
                        ArithmeticException.class,
                        () -> Ode.solve((t, y) -> y.mul(-1e4), constant(1.0), constant(0.0), constant(10.0), few))
                .getMessage();
        assertTrue(stiff.startsWith("Ode: 50 steps reach t = 0.0") && stiff.contains("stiff"), stiff);
        assertEquals(
                "Ode: f(t, y) has an element that is NaN or infinite at the start, t = 0.0",
                assertThrows(ArithmeticException.class, () -> Ode.solve((t, y) -> y.log(), constant(-1.0), 0, 1, 1e-8))
                        .getMessage());
    }

    @Test
    void a_step_of_fixed_size_to_what_is_not_finite_is_an_error() {
        OdeOptions ten = OdeOptions.DEFAULT.rk4(10);
        assertTrue(assertThrows(
                        ArithmeticException.class,
                        () -> Ode.solve((t, y) -> y.log(), constant(-1.0), constant(0.0), constant(1.0), ten))
                .getMessage()
                .startsWith("Ode: at t = 0.1 an element of y is NaN; f is not defined there"));
        assertTrue(assertThrows(
                        ArithmeticException.class,
                        () -> Ode.solve((t, y) -> y.square(), constant(1.0), constant(0.0), constant(4.0), ten))
                .getMessage()
                .startsWith("Ode: at t = "));
    }

    @Test
    void no_stage_leads_beyond_the_end() {
        for (int steps = 1; steps < 60; steps++) {
            Node y = Ode.solve(
                    (t, v) -> t.rsub(1).sqrt(),
                    constant(0.0),
                    constant(-0.2),
                    constant(1.0),
                    OdeOptions.DEFAULT.rk4(steps));
            assertEquals(2.0 / 3 * Math.pow(1.2, 1.5), y.item(), 0.05);
        }
    }

    /** {@code y' = 5 w y sin(20 t)} with w among a hundred thousand parameters. */
    @Test
    void the_error_of_the_adjoint_method_does_not_grow_with_the_number_of_parameters() {
        Node w = variable(Tensor.ones(100_000));
        Node y = Ode.solve(
                (t, v) -> v.mul(5).mul(w.select(0, 0)).mul(t.mul(20).sin()),
                constant(1.0),
                constant(0.0),
                constant(2.0),
                OdeOptions.DEFAULT.tolerance(1e-6).adjoint());
        double integral = (1 - Math.cos(40)) / 4;
        assertEquals(integral * Math.exp(integral), y.backward().of(w).value().get(0), 2e-5);
    }

    @Test
    void wrong_arguments_are_named() {
        assertEquals(
                "Ode.solve: y [2] FLOAT64 x f(t, y) [] FLOAT64: f must have the shape and number type of y",
                assertThrows(
                                OperandMismatch.class,
                                () -> Ode.solve((t, y) -> y.sum(), constant(Tensor.of(1, 2)), 0, 1, 1e-8))
                        .getMessage());
        assertEquals(
                "Ode.solve: [1] FLOAT64: t1 must be a scalar of the number type of y0, FLOAT64",
                assertThrows(
                                OperandMismatch.class,
                                () -> Ode.solve(
                                        (t, y) -> y,
                                        constant(1.0),
                                        constant(0.0),
                                        constant(Tensor.of(new double[] {1})),
                                        EXACT))
                        .getMessage());
        assertEquals(
                "Ode.solve: t1 is NaN",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Ode.solve((t, y) -> y, constant(1.0), 0, Double.NaN, 1e-8))
                        .getMessage());
        assertEquals(
                "Ode.trajectory: []: the times must be a vector [k], not empty",
                assertThrows(
                                OperandMismatch.class,
                                () -> Ode.trajectory((t, y) -> y, constant(1.0), constant(0.0), EXACT))
                        .getMessage());
        assertEquals(
                "OdeOptions: the tolerances -1.0 and -1.0 must not be negative, nor both 0",
                assertThrows(IllegalArgumentException.class, () -> OdeOptions.DEFAULT.tolerance(-1))
                        .getMessage());
    }
}
