package gradus.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer does, against its formula written out on numbers, one element at a time. */
class OptimizerTest {
    private static final int STEPS = 5;
    private static final double LR = 0.1;
    private static final double L2 = 0.03;

    /** The formula: the next value of an element, given its gradient; it keeps its own state. */
    private interface Formula {
        double next(double p, double g, int step);
    }

    private static Formula sgd(double mu, double dampening, boolean nesterov) {
        double[] v = {0};
        return (p, g, step) -> {
            v[0] = step == 1 ? g : mu * v[0] + (1 - dampening) * g;
            return p - LR * (nesterov ? g + mu * v[0] : mu == 0 ? g : v[0]);
        };
    }

    private static Formula adam(double b1, double b2, double eps) {
        double[] s = {0, 0};
        return (p, g, step) -> {
            s[0] = b1 * s[0] + (1 - b1) * g;
            s[1] = b2 * s[1] + (1 - b2) * g * g;
            double mean = s[0] / (1 - Math.pow(b1, step));
            double square = s[1] / (1 - Math.pow(b2, step));
            return p - LR * mean / (Math.sqrt(square) + eps);
        };
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                row("sgd", p -> new Sgd(p, LR), () -> sgd(0, 0, false)),
                row("momentum", p -> new Sgd(p, LR, 0.9), () -> sgd(0.9, 0, false)),
                row("dampened", p -> new Sgd(p, LR, 0.9, 0.4, false), () -> sgd(0.9, 0.4, false)),
                row("nesterov", p -> new Sgd(p, LR, 0.9, 0, true), () -> sgd(0.9, 0, true)),
                row("adam", p -> new Adam(p, LR), () -> adam(0.9, 0.999, 1e-8)),
                row("adam by hand", p -> new Adam(p, LR, 0.5, 0.7, 1e-3), () -> adam(0.5, 0.7, 1e-3)));
    }

    private static Arguments row(
            String name, Function<Map<String, Node>, Optimizer> o, java.util.function.Supplier<Formula> f) {
        return Arguments.of(name, o, f);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void every_step_is_the_formulas_with_the_penalty_on_weights_only(
            String name, Function<Map<String, Node>, Optimizer> make, java.util.function.Supplier<Formula> formula) {
        for (DType dtype : DType.values()) {
            Map<String, Node> p = parameters(dtype);
            Optimizer optimizer = make.apply(p);
            optimizer.l2(L2);
            p.forEach((path, node) -> {
                double[] expected = node.value().toDoubleArray();
                Formula[] f = Stream.generate(formula).limit(expected.length).toArray(Formula[]::new);
                for (int step = 1; step <= STEPS; step++) {
                    double lambda = path.equals("weight") ? L2 : 0;
                    for (int i = 0; i < expected.length; i++) {
                        double g = Math.cos(expected[i]) + lambda * expected[i]; // d sin(p) = cos(p)
                        expected[i] = f[i].next(expected[i], g, step);
                    }
                    optimizer.step(node.sin().sum().backward());
                }
                double tolerance = dtype == DType.FLOAT64 ? 1e-13 : 2e-6;
                assertArrayEquals(expected, node.value().toDoubleArray(), tolerance, name + " " + path);
            });
        }
    }

    @Test
    void the_penalty_as_a_node_has_the_gradient_that_the_step_adds() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Node w = p.get("weight");
        Node penalty = Optimizer.penalty(p, L2);
        assertEquals(L2 / 2 * w.square().sum().item(), penalty.item(), 1e-15);
        Tensor gap = penalty.backward().of(w).value().sub(w.value().mul(L2)).abs();
        assertTrue(gap.max().item() < 1e-16, gap::toString);
        assertEquals(0, penalty.backward().of(p.get("bias")).value().abs().sum().item());
    }

    @Test
    void what_decays_is_visible_and_can_be_chosen() {
        Sgd sgd = new Sgd(parameters(DType.FLOAT64), LR);
        assertEquals(Set.of("weight"), sgd.decayed());
        sgd.l2(L2, path -> true);
        assertEquals(Set.of("weight", "bias"), sgd.decayed());
    }

    @Test
    void a_parameter_that_no_gradient_reaches_stays() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Tensor before = p.get("bias").value();
        Adam adam = new Adam(p, LR);
        adam.l2(L2, path -> true);
        adam.step(p.get("weight").sum().backward());
        assertEquals(before, p.get("bias").value());
    }

    @Test
    void a_graph_from_before_a_step_is_not_differentiated_with_values_from_after_it() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        p.get("weight").named("W");
        Node loss = p.get("weight").square().sum();
        new Sgd(p, LR).step(loss.backward());
        String message =
                assertThrows(IllegalStateException.class, loss::backward).getMessage();
        assertTrue(message.contains("W [2, 3] was given a new value"), message);
    }

    @Test
    void gradients_of_another_model_are_refused() {
        Sgd sgd = new Sgd(parameters(DType.FLOAT64), LR);
        Node other = Node.variable(1.0);
        assertThrows(IllegalStateException.class, () -> sgd.step(other.square().backward()));
    }

    @Test
    void nothing_moves_if_one_gradient_does_not_fit() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Sgd sgd = new Sgd(p, LR);
        var gradients = p.get("weight").sum().add(p.get("bias").sum()).backward();
        String last = List.copyOf(p.keySet()).get(1);
        String first = List.copyOf(p.keySet()).get(0);
        p.get(last).assign(p.get(last).value().to(DType.FLOAT32));
        Tensor before = p.get(first).value();
        assertThrows(IllegalStateException.class, () -> sgd.step(gradients));
        assertEquals(before, p.get(first).value());
    }

    @Test
    void state_follows_its_parameter_to_another_number_type() {
        for (boolean adam : new boolean[] {true, false}) {
            Map<String, Node> p = parameters(DType.FLOAT64);
            Node w = p.get("weight");
            Optimizer optimizer = adam ? new Adam(p, LR) : new Sgd(p, LR, 0.9);
            optimizer.step(w.square().sum().backward());
            w.assign(w.value().to(DType.FLOAT32));
            Tensor before = w.value();
            optimizer.step(w.mul(0).sum().backward());
            assertTrue(w.value().sub(before).abs().min().item() > 0, "the state goes on moving it");
        }
    }

    static Stream<Executable> refused() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        return Stream.of(
                () -> new Sgd(p, -1),
                () -> new Sgd(p, Double.NaN),
                () -> new Sgd(p, 1).l2(-1),
                () -> new Sgd(p, 1, 0, 0, true),
                () -> new Sgd(Map.of(), 1),
                () -> new Sgd(Map.of("c", Node.constant(1.0)), 1),
                () -> new Adam(p, 1, 1, 0.9, 1e-8),
                () -> new Adam(p, 1, 0.9, 0.9, -1));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void settings_that_make_no_sense_are_refused(Executable e) {
        assertThrows(IllegalArgumentException.class, e);
    }

    private static Map<String, Node> parameters(DType dtype) {
        Map<String, Node> p = new LinkedHashMap<>();
        for (var e : Map.of("weight", Shape.of(2, 3), "bias", Shape.of(3)).entrySet()) {
            Tensor t = Tensor.uniform(e.getValue(), -1, 1, RandomStream.of(1, e.getKey()));
            p.put(e.getKey(), Node.variable(t.to(dtype)));
        }
        return p;
    }
}
