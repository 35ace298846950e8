package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.Minimize.Result;
import gradus.ops.Minimize.Status;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MinimizeTest {
    private static final List<BiFunction<UnaryOperator<Node>, Tensor, Result>> BOTH =
            List.of(Minimize::lbfgs, Minimize::newtonCg);

    /** {@code sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2}, with the minimum 0 at ones. */
    private static Node rosenbrock(Node x) {
        int n = x.shape().dim(0);
        Node a = x.slice(0, 0, n - 1);
        Node b = x.slice(0, 1, n);
        return b.sub(a.square()).square().mul(100).add(a.rsub(1).square()).sum();
    }

    @Test
    void lbfgs_finds_the_minimum_of_rosenbrocks_function_in_under_60_evaluations() {
        Result r = Minimize.lbfgs(MinimizeTest::rosenbrock, Tensor.of(-1.2, 1));
        assertEquals(Status.CONVERGED, r.status());
        assertTrue(r.evaluations() < 60, r.toString());
        assertNear(Tensor.of(1, 1), r.x(), 1e-8);
        assertEquals(0, r.value(), 1e-16);
    }

    @Test
    void both_methods_find_it_in_20_dimensions() {
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method : BOTH) {
            Result r = method.apply(MinimizeTest::rosenbrock, Tensor.full(Shape.of(20), 0.5, DType.FLOAT64));
            assertNear(Tensor.ones(20), r.requireConverged(), 1e-7);
        }
    }

    @Property(tries = 30)
    void the_minimum_of_a_quadratic_form_solves_its_linear_system(
            @ForAll @IntRange(min = 1, max = 12) int n, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        Tensor m = Tensor.normal(Shape.of(n, n), 0, 1, RandomStream.of(seed, "m"));
        Node a = constant(m.matmul(m.transpose()).add(Tensor.eye(n)));
        Node b = constant(Tensor.normal(Shape.of(n), 0, 3, RandomStream.of(seed, "b")));
        Tensor expected = LinearAlgebra.solve(a, b).value();
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method : BOTH) {
            Result r = method.apply(x -> x.dot(a.matmul(x)).div(2).sub(b.dot(x)), Tensor.zeros(n));
            assertNear(expected, r.requireConverged(), 1e-6);
        }
    }

    @Test
    void newtons_method_takes_few_steps_near_a_minimum_and_leaves_a_saddle_point() {
        Result near = Minimize.newtonCg(x -> x.exp().sub(x).sum(), Tensor.of(0.1, -0.2, 0.3));
        assertNear(Tensor.zeros(3), near.requireConverged(), 1e-9);
        assertTrue(near.iterations() <= 5, near.toString());
        // x^4 / 4 - x^2 / 2 has a maximum at 0 and minima at 1 and -1
        Result away =
                Minimize.newtonCg(x -> x.pow(4).div(4).sub(x.square().div(2)).sum(), Tensor.of(0.01));
        assertEquals(1, Math.abs(away.requireConverged().item()), 1e-8);
    }

    @Test
    void a_value_outside_of_the_domain_shortens_the_step() {
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method : BOTH) {
            Result r = method.apply(x -> x.mul(1e-3).sub(x.log()).sum(), Tensor.of(new double[] {1e-3}));
            assertEquals(1000, r.requireConverged().get(0), 0.1);
        }
    }

    /** Misra1a of NIST's Statistical Reference Datasets: y = b1 (1 - exp(-b2 x)), with certified results. */
    @Test
    void least_squares_gives_the_certified_results_of_misra1a() {
        Node x = constant(Tensor.of(
                77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0));
        Node y = constant(Tensor.of(
                10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78));
        for (Tensor start : List.of(Tensor.of(500, 0.0001), Tensor.of(250, 0.0005))) {
            Result r = Minimize.leastSquares(
                    b -> b.select(0, 0)
                            .mul(x.mul(b.select(0, 1)).neg().exp().rsub(1))
                            .sub(y),
                    start,
                    MinimizeOptions.DEFAULT.gradientTolerance(1e-9));
            Tensor b = r.requireConverged();
            assertEquals(2.3894212918e2, b.get(0), 2.4e2 * 1e-9);
            assertEquals(5.5015643181e-4, b.get(1), 5.5e-4 * 1e-9);
            assertEquals(1.2455138894e-1, 2 * r.value(), 1e-11);
        }
    }

    /** Prey and predators: the four parameters are recovered from the trajectory that they produced. */
    @Test
    void the_parameters_of_lotka_and_volterra_are_recovered() {
        Tensor known = Tensor.of(1.1, 0.4, 0.1, 0.4);
        Node times = constant(Tensor.of(0, 1.5, 3, 4.5, 6));
        OdeOptions options = OdeOptions.DEFAULT;
        UnaryOperator<Node> populations = p -> {
            BinaryOperator<Node> f = (t, y) -> {
                Node prey = y.select(0, 0);
                Node predators = y.select(0, 1);
                Node met = prey.mul(predators);
                return Node.stack(
                        0,
                        prey.mul(p.select(0, 0)).sub(met.mul(p.select(0, 1))),
                        met.mul(p.select(0, 2)).sub(predators.mul(p.select(0, 3))));
            };
            return Ode.trajectory(f, constant(Tensor.of(10, 5)), times, options);
        };
        Node data = constant(populations.apply(constant(known)).value());
        Result r = Minimize.leastSquares(p -> populations.apply(p).sub(data), Tensor.of(1, 0.3, 0.15, 0.5));
        assertNear(known, r.requireConverged(), 1e-7);
    }

    @Test
    void the_start_may_have_any_shape_and_single_precision_works() {
        Tensor start = Tensor.zeros(Shape.of(2, 3), DType.FLOAT32);
        MinimizeOptions options = MinimizeOptions.DEFAULT.gradientTolerance(1e-4);
        List<Result> all = List.of(
                Minimize.lbfgs(x -> x.sub(2).square().sum(), start, options),
                Minimize.newtonCg(x -> x.sub(2).square().sum(), start, options),
                Minimize.leastSquares(x -> x.sub(2), start, options));
        for (Result r : all) {
            Tensor x = r.requireConverged();
            assertEquals(DType.FLOAT32, x.dtype());
            assertNear(Tensor.full(Shape.of(2, 3), 2, DType.FLOAT64), x.to(DType.FLOAT64), 1e-4);
        }
    }

    /** Neither a constant that is added, nor a factor, decides what counts as a minimum. */
    @Test
    void the_minimum_does_not_depend_on_the_scale_or_the_offset_of_the_function() {
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method : BOTH) {
            for (double factor : new double[] {1e-12, 1e-6, 1, 1e6, 1e12}) {
                for (double offset : new double[] {0, 1e3, -1e6}) {
                    Result r = method.apply(
                            x -> x.sub(3)
                                    .square()
                                    .mul(factor)
                                    .add(offset * factor)
                                    .sum(),
                            Tensor.of(1, -2));
                    assertNear(Tensor.of(3, 3), r.requireConverged(), 1e-4);
                }
            }
        }
    }

    @Test
    void a_trial_point_that_the_function_refuses_counts_as_infinitely_high() {
        Node data = constant(Tensor.of(1.5, 0.5, 2.5, 1.5));
        UnaryOperator<Node> negativeLogLikelihood = p -> Distributions.normal(p.select(0, 0), p.select(0, 1))
                .logProb(data)
                .sum()
                .neg();
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method : BOTH) {
            Tensor p = method.apply(negativeLogLikelihood, Tensor.of(0, 1)).requireConverged();
            assertNear(Tensor.of(1.5, Math.sqrt(0.5)), p, 1e-6); // the mean, and the biased standard deviation
        }
        // log a is refused below 0, where the first step from 5 leads
        Result r = Minimize.leastSquares(
                p -> LinearAlgebra.logDet(p.reshape(1, 1)).sub(-1).flatten(), Tensor.of(new double[] {5}));
        assertEquals(Math.exp(-1), r.requireConverged().get(0), 1e-7);
    }

    @Test
    void least_squares_from_a_start_far_away_ends_at_the_minimum() {
        Tensor far = Tensor.of(new double[] {40});
        assertEquals(
                0,
                Minimize.leastSquares(x -> x.exp().sub(1), far)
                        .requireConverged()
                        .item(),
                1e-12);
        Tensor farther = Tensor.of(new double[] {1e12});
        assertEquals(
                3,
                Minimize.leastSquares(x -> x.sub(3), farther).requireConverged().item(),
                1e-9);
    }

    /** Damped steps become short at a kink too, where the residuals still ask for a long one. */
    @Test
    void least_squares_at_a_kink_is_stalled() {
        Result r = Minimize.leastSquares(x -> x.maximum(x.mul(-2)).add(1), Tensor.of(new double[] {0.7}));
        assertEquals(Status.STALLED, r.status());
        assertEquals(0, r.x().get(0), 1e-6);
    }

    @Test
    void a_function_without_minimum_is_unbounded() {
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method : BOTH) {
            assertEquals(
                    Status.UNBOUNDED, method.apply(Node::sum, Tensor.of(1, 2)).status());
            assertEquals(
                    Status.UNBOUNDED,
                    method.apply(x -> x.square().sum().neg(), Tensor.of(1, 2)).status());
        }
    }

    @Test
    void a_function_that_does_not_depend_on_its_unknown_or_has_no_single_value_is_refused() {
        UnaryOperator<Node> detached = x -> constant(x.value()).square().sum();
        for (BiFunction<UnaryOperator<Node>, Tensor, Result> method :
                List.<BiFunction<UnaryOperator<Node>, Tensor, Result>>of(
                        Minimize::lbfgs, Minimize::newtonCg, Minimize::leastSquares)) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> method.apply(detached, Tensor.of(new double[] {1})))
                    .getMessage();
            assertTrue(
                    message.endsWith(
                            ": the value [] does not depend on x; is it computed from x.value(), or from a detached node?"),
                    message);
        }
        assertEquals(
                "lbfgs: the function gives [2], not one element: reduce it first, with sum() or mean()",
                assertThrows(IllegalArgumentException.class, () -> Minimize.lbfgs(Node::square, Tensor.of(1, 2)))
                        .getMessage());
    }

    @Test
    void what_fails_says_why() {
        Result limit =
                Minimize.lbfgs(MinimizeTest::rosenbrock, Tensor.of(-1.2, 1), MinimizeOptions.DEFAULT.maxIterations(3));
        assertEquals(Status.MAX_ITERATIONS, limit.status());
        assertEquals(3, limit.iterations());
        String message = assertThrows(IllegalStateException.class, limit::requireConverged)
                .getMessage();
        assertTrue(message.startsWith("Minimize: MAX_ITERATIONS after 3 steps and "), message);
        assertEquals(
                Status.UNBOUNDED,
                Minimize.lbfgs(x -> x.exp().neg().sum(), Tensor.of(new double[] {1}))
                        .status());
        // the minimum is a kink, where no gradient is small
        assertEquals(
                Status.STALLED,
                Minimize.lbfgs(x -> x.maximum(x.mul(-2)).sum(), Tensor.of(1, 2.5))
                        .status());
        assertEquals(
                "lbfgs: at the start the value is NaN, and the largest element of the gradient 1.0: both must be finite",
                assertThrows(
                                ArithmeticException.class,
                                () -> Minimize.lbfgs(x -> x.log().sum(), Tensor.of(-1.0, 1)))
                        .getMessage());
        assertEquals(
                "leastSquares: 1 residuals x [2]: there must be as many residuals as unknowns at least",
                assertThrows(OperandMismatch.class, () -> Minimize.leastSquares(x -> x.sum(), Tensor.of(1, 2)))
                        .getMessage());
        assertEquals(
                "newtonCg: start is null",
                assertThrows(NullPointerException.class, () -> Minimize.newtonCg(Node::sum, null))
                        .getMessage());
        assertEquals(
                "MinimizeOptions: maxIterations 0 and memory 10 must be above 0",
                assertThrows(IllegalArgumentException.class, () -> MinimizeOptions.DEFAULT.maxIterations(0))
                        .getMessage());
    }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        assertTrue(expected.sub(actual).abs().max().item() <= tolerance, actual.toString());
    }
}
