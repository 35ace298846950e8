package gradus.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** L-BFGS against PyTorch's; the numbers are written by optimizer_steps.py. */
class LBfgsTest {
    private static final int[] RECORDED = {1, 2, 3, 5, 8};
    private static final Map<String, double[]> PYTORCH = OptimizerCases.lines("lbfgs_steps.txt");

    private static LBfgs of(DType dtype) {
        return new LBfgs(OptimizerCases.parameters(dtype));
    }

    private static double step(LBfgs lbfgs) {
        return lbfgs.step(() -> OptimizerCases.loss(lbfgs.parameters(), 1)
                .add(lbfgs.parameters().get("weight").square().sum().mul(0.1)));
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                row("lbfgs", o -> o.learningRate(0.1).maxIterations(3)),
                row("lbfgs wolfe", o -> o.strongWolfe().maxIterations(3)),
                row(
                        "lbfgs wolfe history",
                        o -> o.strongWolfe().maxIterations(4).history(2).learningRate(0.1)),
                row(
                        "lbfgs wolfe long steps",
                        o -> o.strongWolfe().maxIterations(2).learningRate(40).maxEvaluations(30)),
                row(
                        "lbfgs wolfe longer steps",
                        o -> o.strongWolfe().maxIterations(2).learningRate(80).maxEvaluations(60)),
                row(
                        "lbfgs wolfe short steps",
                        o -> o.strongWolfe().maxIterations(2).learningRate(0.05).maxEvaluations(60)),
                row("lbfgs wolfe defaults", o -> o.strongWolfe()),
                row("lbfgs evaluations", o -> o.strongWolfe().maxEvaluations(3)));
    }

    private static Arguments row(String name, UnaryOperator<LBfgs> settings) {
        return Arguments.of(name, settings);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void the_steps_are_those_of_pytorch(String name, UnaryOperator<LBfgs> settings) {
        LBfgs lbfgs = settings.apply(of(DType.FLOAT64));
        double[] found = OptimizerCases.recorded(RECORDED, n -> {
            double loss = step(lbfgs);
            double[] p = OptimizerCases.numbers(OptimizerCases.values(lbfgs.parameters()));
            return DoubleStream.concat(DoubleStream.of(loss), DoubleStream.of(p))
                    .toArray();
        });
        assertArrayEquals(PYTORCH.get(name), found, 1e-10, name);
    }

    @Test
    void every_case_is_compared() {
        assertEquals(PYTORCH.size(), cases().count());
    }

    @Test
    void float_finds_the_same_minimum() {
        LBfgs wide = of(DType.FLOAT64).strongWolfe();
        LBfgs narrow = of(DType.FLOAT32).strongWolfe();
        for (int i = 0; i < 3; i++) {
            step(wide);
            step(narrow);
        }
        assertArrayEquals(
                OptimizerCases.numbers(OptimizerCases.values(wide.parameters())),
                OptimizerCases.numbers(OptimizerCases.values(narrow.parameters())),
                1e-3);
        assertEquals(DType.FLOAT32, narrow.parameters().get("bias").dtype());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_state_that_is_loaded_midway_goes_on_with_the_same_bytes(String name, UnaryOperator<LBfgs> settings) {
        for (DType dtype : DType.values()) {
            LBfgs whole = settings.apply(of(dtype));
            LBfgs stopped = settings.apply(of(dtype));
            for (int n = 0; n < 6; n++) {
                if (n == 0 || n == 2) {
                    Map<String, Node> p = new LinkedHashMap<>();
                    OptimizerCases.values(stopped.parameters()).forEach((path, t) -> p.put(path, Node.variable(t)));
                    LBfgs next = settings.apply(new LBfgs(p));
                    next.load(stopped.state());
                    assertEquals(stopped.state(), next.state());
                    stopped = next;
                }
                assertEquals(step(whole), step(stopped));
            }
            assertEquals(OptimizerCases.values(whole.parameters()), OptimizerCases.values(stopped.parameters()), name);
            assertEquals(whole.state(), stopped.state());
        }
    }

    @Test
    void a_state_that_does_not_fit_is_refused_and_changes_nothing() {
        LBfgs lbfgs = of(DType.FLOAT64).strongWolfe().maxIterations(4);
        step(lbfgs);
        Map<String, Tensor> before = lbfgs.state();
        Optimizer adam = new Adam(OptimizerCases.parameters(DType.FLOAT64));
        assertTrue(message(() -> lbfgs.load(adam.state())).startsWith("LBfgs: the state has no iterations"));
        LBfgs other = new LBfgs(Map.of("w", Node.variable(1.0, 2.0))).strongWolfe();
        other.step(() -> other.parameters().get("w").sub(3).square().sum());
        assertEquals(
                "LBfgs: the state has direction FLOAT64 [2], not FLOAT64 [9]",
                message(() -> lbfgs.load(other.state())));
        Map<String, Tensor> wrong = lbfgs.state();
        wrong.put("steps", Tensor.ones(5));
        assertTrue(message(() -> lbfgs.load(wrong)).contains("steps FLOAT64 [5]"));
        wrong.remove("steps");
        assertTrue(message(() -> lbfgs.load(wrong)).contains("is it the state of another optimizer?"));
        wrong.put("iterations", Tensor.of(0.5));
        assertTrue(message(() -> lbfgs.load(wrong)).contains("0.5 iterations"));
        assertEquals(before, lbfgs.state());
    }

    @Test
    void a_loss_that_fails_or_is_not_finite_leaves_parameters_and_state_as_they_were() {
        Node w = Node.variable(2.0, -1.0);
        LBfgs lbfgs = new LBfgs(Map.of("w", w)).strongWolfe();
        assertThrows(
                IllegalStateException.class,
                () -> lbfgs.step(() -> w.sum().log().add(Double.NaN)));
        int[] calls = {0};
        assertThrows(
                ArithmeticException.class,
                () -> lbfgs.step(() -> {
                    if (++calls[0] == 3) {
                        throw new ArithmeticException("third");
                    }
                    return w.pow(4).sum();
                }));
        LBfgs plain = new LBfgs(Map.of("w", w)).learningRate(1e200);
        String found = assertThrows(
                        IllegalStateException.class,
                        () -> plain.step(() -> w.pow(4).sum()))
                .getMessage();
        assertTrue(found.endsWith("strongWolfe() or a smaller learning rate may help"), found);
        Node other = Node.variable(1.0);
        found = assertThrows(IllegalStateException.class, () -> lbfgs.step(() -> other.square()))
                .getMessage();
        assertTrue(found.startsWith("LBfgs: the loss depends on none of [w]"), found);
        assertEquals(Tensor.of(2.0, -1.0), w.value());
        assertEquals(Map.of("iterations", Tensor.of(0.0)), lbfgs.state());
        assertEquals(Map.of("iterations", Tensor.of(0.0)), plain.state());
    }

    /** The value is infinite beyond 1, so the search has to come back. */
    @Test
    void a_line_search_comes_back_from_where_the_loss_is_no_number() {
        Node w = Node.variable(0.5);
        LBfgs lbfgs = new LBfgs(Map.of("w", w)).strongWolfe().learningRate(100);
        for (int i = 0; i < 3; i++) {
            lbfgs.step(() -> w.neg().add(1).log().mul(-0.1).sub(w)); // minimum where 0.1 / (1 - w) = 1
        }
        assertEquals(0.9, w.value().item(), 1e-6);
    }

    @Property(tries = 50)
    void with_a_line_search_the_loss_never_rises(
            @ForAll @DoubleRange(min = -3, max = 3) double a, @ForAll @DoubleRange(min = -3, max = 3) double b) {
        Node w = Node.variable(a, b);
        LBfgs lbfgs = new LBfgs(Map.of("w", w)).strongWolfe().maxIterations(3);
        double before = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 8; i++) {
            double loss = lbfgs.step(() -> rosenbrock(w));
            assertTrue(loss <= before, loss + " after " + before);
            before = loss;
        }
    }

    @Test
    void the_valley_of_rosenbrock_is_followed_to_its_minimum() {
        Node w = Node.variable(-1.2, 1.0);
        LBfgs lbfgs = new LBfgs(Map.of("w", w)).strongWolfe().changeTolerance(0);
        for (int i = 0; i < 4; i++) {
            lbfgs.step(() -> rosenbrock(w));
        }
        assertArrayEquals(new double[] {1, 1}, w.value().toDoubleArray(), 1e-6);
    }

    private static Node rosenbrock(Node w) {
        Node x = w.slice(0, 0, 1);
        Node y = w.slice(0, 1, 2);
        return y.sub(x.square()).square().mul(100).add(x.sub(1).square()).sum();
    }

    @Test
    void settings_are_visible() {
        assertEquals(
                "{optimizer=LBfgs, learningRate=1.0, maxIterations=20, maxEvaluations=25, gradientTolerance=1.0E-7,"
                        + " changeTolerance=1.0E-9, history=100, strongWolfe=false}",
                of(DType.FLOAT64).settings().toString());
        assertEquals(
                "LBfgs[learning rate 1.0, 2 parameters, 9 elements]",
                of(DType.FLOAT64).toString());
    }

    static Stream<Executable> refused() {
        LBfgs o = of(DType.FLOAT64);
        return Stream.of(
                () -> new LBfgs(Map.of()),
                () -> new LBfgs(Map.of("c", Node.constant(1.0))),
                () -> o.learningRate(-1),
                () -> o.learningRate(Double.NaN),
                () -> o.maxIterations(0),
                () -> o.maxEvaluations(0),
                () -> o.history(0),
                () -> o.gradientTolerance(-1),
                () -> o.changeTolerance(Double.NaN));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void settings_that_make_no_sense_are_refused(Executable e) {
        assertThrows(IllegalArgumentException.class, e);
    }

    private static String message(Executable e) {
        return assertThrows(IllegalArgumentException.class, e).getMessage();
    }

    /** The gradient of a square root is infinite at 0, where the search would end. */
    @Test
    void a_search_that_ends_where_the_gradient_is_infinite_changes_nothing() {
        Node p = Node.variable(0.25);
        LBfgs lbfgs = new LBfgs(Map.of("p", p)).strongWolfe().maxIterations(100);
        Map<String, Tensor> before = lbfgs.state();
        assertThrows(IllegalStateException.class, () -> lbfgs.step(p::sqrt));
        assertEquals(0.25, p.item());
        assertEquals(before, lbfgs.state());
    }

    @Test
    void a_shorter_history_drops_the_oldest_steps() {
        Node p = Node.variable(Tensor.of(3, -2, 1));
        LBfgs lbfgs = new LBfgs(Map.of("p", p)).maxIterations(9);
        lbfgs.step(() -> p.square().square().sum());
        lbfgs.history(2).step(() -> p.square().square().sum());
        assertEquals(2, lbfgs.state().get("steps").shape().dim(0));
        assertEquals(2, lbfgs.state().get("changes").shape().dim(0));
    }
}
