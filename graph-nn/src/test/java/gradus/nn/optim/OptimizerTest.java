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
import gradus.nn.LayerNorm;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
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

    /** Momentum, written against the public API. */
    private static final class Extended extends Optimizer {
        Extended(Map<String, Node> parameters) {
            super(parameters, LR);
        }

        @Override
        protected Tensor update(Tensor p, Tensor g, State s) {
            Tensor v = s.tensor("velocity").mul(0.9).add(g);
            s.set("velocity", v);
            return p.sub(v.mul(s.learningRate()));
        }
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                row("sgd", p -> new Sgd(p, LR), () -> sgd(0, 0, false)),
                row("momentum", p -> new Sgd(p, LR, 0.9), () -> sgd(0.9, 0, false)),
                row("dampened", p -> new Sgd(p, LR, 0.9).dampening(0.4), () -> sgd(0.9, 0.4, false)),
                row("nesterov", p -> new Sgd(p, LR, 0.9).nesterov(), () -> sgd(0.9, 0, true)),
                row("adam", p -> new Adam(p, LR), () -> adam(0.9, 0.999, 1e-8)),
                row("default adam", p -> new Adam(p).learningRate(LR), () -> adam(0.9, 0.999, 1e-8)),
                row("adamW without decay", p -> new AdamW(p, LR).weightDecay(0), () -> adam(0.9, 0.999, 1e-8)),
                row("extended", p -> new Extended(p), () -> sgd(0.9, 0, false)),
                row("adam by hand", p -> new Adam(p, LR).betas(0.5, 0.7).epsilon(1e-3), () -> adam(0.5, 0.7, 1e-3)));
    }

    private static Arguments row(
            String name, Function<Map<String, Node>, Optimizer> o, java.util.function.Supplier<Formula> f) {
        return Arguments.of(name, o, f);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void every_step_is_the_formula_with_the_penalty_on_weights_only(
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
    void defaults_are_those_of_pytorch() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        for (Optimizer o : List.of(new Adam(p), new AdamW(p))) {
            assertEquals(1e-3, o.learningRate());
            assertEquals("0.9", o.settings().get("beta1"));
            assertEquals("0.999", o.settings().get("beta2"));
            assertEquals("1.0E-8", o.settings().get("epsilon"));
        }
        assertEquals(Set.of(), new Adam(p).decayed());
        assertEquals("0.01", new AdamW(p).settings().get("weight.weightDecay"));
        assertEquals(
                Map.of("optimizer", "Sgd", "momentum", "0.0", "dampening", "0.0", "nesterov", "0.0"),
                new Sgd(p, 1).settings());
    }

    @Test
    void settings_are_all_that_was_set_from_outside_but_for_the_learning_rate() {
        Optimizer sgd = new Sgd(parameters(DType.FLOAT64), LR, 0.9)
                .nesterov()
                .l2(0.25)
                .group(path -> path.equals("bias"), g -> g.learningRateFactor(0.5)
                        .weightDecay(0.125));
        assertEquals(
                Map.of(
                        "optimizer", "Sgd",
                        "momentum", "0.9",
                        "dampening", "0.0",
                        "nesterov", "1.0",
                        "weight.l2", "0.25",
                        "bias.learningRateFactor", "0.5",
                        "bias.weightDecay", "0.125"),
                sgd.settings());
        assertEquals(
                "0.5",
                new Sgd(parameters(DType.FLOAT64), LR, 0.9)
                        .dampening(0.5)
                        .settings()
                        .get("dampening"));
        assertEquals(Map.of("optimizer", "Extended"), new Extended(parameters(DType.FLOAT64)).settings());
    }

    @Test
    void a_state_has_the_learning_rate_and_the_settings_stay_those_of_the_optimizer() {
        Sgd halved = new Sgd(parameters(DType.FLOAT64), 1);
        halved.learningRate(0.5).l2(0.1);
        Sgd other = new Sgd(parameters(DType.FLOAT64), 1);
        other.load(halved.state());
        assertEquals(0.5, other.learningRate());
        assertEquals(Set.of(), other.decayed());
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
    void what_decays_is_visible_and_can_be_chosen_by_path() {
        Sgd sgd = new Sgd(parameters(DType.FLOAT64), LR);
        assertEquals(Set.of(), sgd.decayed());
        sgd.l2(L2);
        assertEquals(Set.of("weight"), sgd.decayed());
        sgd.group(path -> path.equals("bias"), g -> g.weightDecay(L2));
        assertEquals(Set.of("weight", "bias"), sgd.decayed());
        sgd.weightDecay(0).l2(0);
        assertEquals(Set.of("bias"), sgd.decayed(), "a group keeps its own settings");
        sgd.group(path -> true, g -> g.l2(0).weightDecay(0));
        assertEquals(Set.of(), sgd.decayed());
        assertThrows(IllegalArgumentException.class, () -> sgd.group(path -> false, g -> g.l2(0)));
    }

    @Test
    void decoupled_decay_multiplies_weights_before_the_step_and_leaves_the_gradient_alone() {
        for (Function<Map<String, Node>, Optimizer> make : List.<Function<Map<String, Node>, Optimizer>>of(
                p -> new AdamW(p, LR),
                p -> new Adam(p, LR).weightDecay(0.01),
                p -> new Sgd(p, LR).weightDecay(0.01),
                p -> new Extended(p).weightDecay(0.01))) {
            Map<String, Node> decayed = parameters(DType.FLOAT64);
            Map<String, Node> plain = parameters(DType.FLOAT64);
            Optimizer one = make.apply(decayed);
            Optimizer two = make.apply(plain).weightDecay(0);
            Tensor before = plain.get("weight").value();
            Map<String, Tensor> g = Map.of("weight", Tensor.ones(2, 3), "bias", Tensor.ones(3));
            one.step(g);
            two.step(g);
            Tensor gap = decayed.get("weight")
                    .value()
                    .sub(plain.get("weight").value())
                    .add(before.mul(LR * 0.01));
            assertTrue(gap.abs().max().item() < 1e-15, gap::toString);
            assertEquals(decayed.get("bias").value(), plain.get("bias").value());
        }
    }

    @Test
    void a_group_scales_the_learning_rate_that_a_schedule_sets() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Tensor weight = p.get("weight").value();
        Tensor bias = p.get("bias").value();
        Optimizer sgd = new Sgd(p, 1).group(path -> path.equals("bias"), g -> g.learningRateFactor(0.5));
        sgd.learningRate(0.2);
        sgd.step(Map.of("weight", Tensor.ones(2, 3), "bias", Tensor.ones(3)));
        assertEquals(weight.sub(0.2), p.get("weight").value());
        assertEquals(bias.sub(0.1), p.get("bias").value());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void a_loaded_state_goes_on_with_the_same_bytes(
            String name, Function<Map<String, Node>, Optimizer> make, java.util.function.Supplier<Formula> formula) {
        Map<String, Node> whole = parameters(DType.FLOAT32);
        Map<String, Node> stopped = parameters(DType.FLOAT32);
        Optimizer one = make.apply(whole);
        Optimizer two = make.apply(stopped);
        for (int i = 0; i < 6; i++) {
            if (i == 3) {
                Map<String, Tensor> state = two.state();
                two.step(loss(stopped).backward()); // must not change the state that was read
                Map<String, Node> resumed = new LinkedHashMap<>();
                stopped.forEach((path, v) ->
                        resumed.put(path, Node.variable(whole.get(path).value())));
                stopped = resumed;
                two = make.apply(stopped);
                two.load(state);
            }
            one.step(loss(whole).backward());
            two.step(loss(stopped).backward());
        }
        for (String path : whole.keySet()) {
            assertEquals(whole.get(path).value(), stopped.get(path).value(), path);
        }
    }

    private static Node loss(Map<String, Node> p) {
        return p.get("weight").sin().sum().add(p.get("bias").cos().sum());
    }

    @Test
    void a_state_of_other_parameters_is_refused() {
        Adam adam = new Adam(parameters(DType.FLOAT64), LR);
        Map<String, Tensor> state = new LinkedHashMap<>(adam.state());
        state.put("other.mean", Tensor.ones(1));
        assertTrue(message(() -> adam.load(state)).contains("[other.mean]"));
        state.remove("other.mean");
        Adam other = new Adam(parameters(DType.FLOAT64), LR);
        other.step(loss(other.parameters()).backward());
        Map<String, Tensor> before = other.state();
        Map<String, Tensor> wrong = new LinkedHashMap<>(before);
        wrong.put("weight.mean", Tensor.ones(9));
        assertTrue(message(() -> other.load(wrong)).contains("weight.mean is [9], its parameter [2, 3]"));
        wrong.put("weight.mean", Tensor.ones(2, 3));
        wrong.put("bias.step", Tensor.of(0.5));
        assertTrue(message(() -> other.load(wrong)).contains("bias.step"));
        assertEquals(before, other.state());
        state.remove("bias.step");
        assertTrue(message(() -> adam.load(state)).contains("no bias.step"));
    }

    static Stream<Arguments> wrongStates() {
        return Stream.of(
                Arguments.of("no learningRate", "learningRate", null),
                Arguments.of("no learningRate of one element, but [2]", "learningRate", Tensor.ones(2)),
                Arguments.of("learning rate -1.0 must be", "learningRate", Tensor.of(-1.0)),
                Arguments.of("no weight.step of one element, but [2]", "weight.step", Tensor.ones(2)),
                Arguments.of("weight.step is -1.0", "weight.step", Tensor.of(-1.0)),
                Arguments.of("weight.step is 1.0E10", "weight.step", Tensor.of(1e10)),
                Arguments.of("[weight.mean.x]", "weight.mean.x", Tensor.ones(2, 3)),
                Arguments.of("[weigh]", "weigh", Tensor.ones(2, 3)));
    }

    @ParameterizedTest
    @MethodSource("wrongStates")
    void a_wrong_state_is_refused_and_changes_nothing(String expected, String name, Tensor value) {
        Adam adam = new Adam(parameters(DType.FLOAT64), LR);
        adam.step(loss(adam.parameters()).backward());
        Map<String, Tensor> before = adam.state();
        Adam other = new Adam(parameters(DType.FLOAT64), 1);
        other.step(loss(other.parameters()).backward());
        other.step(loss(other.parameters()).backward());
        Map<String, Tensor> wrong = other.state();
        if (value == null) {
            wrong.remove(name);
        } else {
            wrong.put(name, value);
        }
        String found = message(() -> adam.load(wrong));
        assertTrue(found.contains(expected), found);
        assertEquals(before, adam.state());
    }

    @Test
    void what_an_optimizer_of_ones_own_keeps_and_returns_is_checked() {
        Map<String, Node> p = Map.of("w", Node.variable(1.0));
        Map<String, Tensor> g = Map.of("w", Tensor.of(1.0));
        for (String name : List.of("step", "a.b")) {
            Optimizer own = new Own(p, (value, s) -> {
                s.set(name, value);
                return value;
            });
            assertTrue(message(() -> own.step(g)).contains("state of w is called " + name));
        }
        for (Tensor next : Arrays.asList(null, Tensor.ones(2), Tensor.of(1.0).to(DType.FLOAT32))) {
            Optimizer own = new Own(p, (value, s) -> next);
            String found =
                    assertThrows(IllegalStateException.class, () -> own.step(g)).getMessage();
            assertTrue(found.contains("the update of w is ") && found.contains("not FLOAT64 []"), found);
        }
        List<String> seen = new java.util.ArrayList<>();
        new Own(p, (value, s) -> {
                    seen.add(s.path() + " " + s.step());
                    return value;
                })
                .step(g);
        assertEquals(List.of("w 1"), seen);
        assertEquals("Own[learning rate 0.1, 1 parameters, 1 elements]", new Own(p, (value, s) -> value).toString());
    }

    private static final class Own extends Optimizer {
        private final BiFunction<Tensor, State, Tensor> rule;

        Own(Map<String, Node> parameters, BiFunction<Tensor, State, Tensor> rule) {
            super(parameters, LR);
            this.rule = rule;
        }

        @Override
        protected Tensor update(Tensor p, Tensor g, State s) {
            return rule.apply(p, s);
        }
    }

    private static String message(Executable e) {
        return assertThrows(IllegalArgumentException.class, e).getMessage();
    }

    @Test
    void gradients_by_path_must_be_of_known_parameters_and_fit() {
        Sgd sgd = new Sgd(parameters(DType.FLOAT64), LR);
        assertTrue(message(() -> sgd.step(Map.of("w", Tensor.ones(1)))).contains("unknown parameters [w]"));
        assertTrue(message(() -> sgd.step(Map.of())).contains("no gradients"));
        assertThrows(IllegalStateException.class, () -> sgd.step(Map.of("bias", Tensor.ones(2))));
        Node w = Node.variable(1.0);
        assertTrue(message(() -> new Sgd(Map.of("a", w, "b", w), 1)).contains("are the same variable"));
    }

    // ---- clipping, learning rates

    @Test
    void the_global_norm_is_that_of_all_gradients_together_and_limits_it() {
        Map<String, Tensor> g = new LinkedHashMap<>();
        g.put("a", Tensor.of(3.0, 0));
        g.put("b", Tensor.of(new double[][] {{0, -4}}));
        assertEquals(5, Clip.norm(g), 1e-14);
        Map<String, Tensor> clipped = Clip.globalNorm(g, 1);
        assertEquals(3 / (5 + 1e-6), clipped.get("a").get(0), 1e-15);
        assertEquals(-4 / (5 + 1e-6), clipped.get("b").get(0, 1), 1e-15);
        assertEquals(g, Clip.globalNorm(g, 6));
        assertEquals(Tensor.of(2.0, 0), Clip.value(g, 2).get("a"));
        assertEquals(Tensor.of(new double[][] {{0, -2}}), Clip.value(g, 2).get("b"));
        assertEquals(5e200, Clip.norm(Map.of("a", Tensor.of(3e200, 4e200))), 1e187);
        g.put("c", Tensor.of(Double.NaN));
        String found = assertThrows(ArithmeticException.class, () -> Clip.globalNorm(g, 1))
                .getMessage();
        assertTrue(found.contains("the gradient of c is not finite"), found);
        assertThrows(IllegalArgumentException.class, () -> Clip.globalNorm(Map.of(), 0));
    }

    @Test
    void learning_rates_are_their_formulas() {
        assertEquals(0.3, LearningRate.constant(0.3).at(7));
        LearningRate step = LearningRate.step(1, 10, 0.5);
        assertArrayEquals(
                new double[] {1, 1, 0.5, 0.25}, new double[] {step.at(0), step.at(9), step.at(10), step.at(29)});
        assertEquals(2 * 0.9 * 0.9, LearningRate.exponential(2, 0.9).at(2), 1e-15);
        LearningRate cosine = LearningRate.cosine(2, 100);
        assertEquals(2, cosine.at(0));
        assertEquals(1, cosine.at(50), 1e-15);
        assertEquals(0, cosine.at(100));
        assertEquals(0, cosine.at(1000));
        LearningRate warm = LearningRate.constant(8).warmup(4);
        assertArrayEquals(new double[] {2, 4, 8, 8}, new double[] {warm.at(0), warm.at(1), warm.at(3), warm.at(4)});
        assertThrows(IllegalArgumentException.class, () -> LearningRate.constant(-1));
        assertThrows(IllegalArgumentException.class, () -> LearningRate.step(1, 0, 0.5));
    }

    @Test
    void bounds_of_settings_are_allowed() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Optimizer o = new Adam(p, 0).betas(0, 0).epsilon(0).l2(0).weightDecay(0);
        o.group(path -> true, g -> g.l2(0).weightDecay(0).learningRateFactor(0));
        assertEquals(0, o.learningRate());
        assertEquals(Set.of(), o.decayed());
        assertEquals(0, LearningRate.constant(0).at(3));
        assertEquals(1, LearningRate.step(1, 1, 0).at(0));
        assertEquals(2, LearningRate.cosine(2, 1).at(0));
        assertEquals(2, LearningRate.constant(2).warmup(1).at(0));
        assertEquals(Map.of("a", Tensor.of(-0.5, 0.5)), Clip.value(Map.of("a", Tensor.of(-0.5, 0.5)), 0.5));
        assertEquals(0, Clip.norm(Map.of("a", Tensor.zeros(0))));
        assertEquals(0, Clip.norm(Map.of("a", Tensor.zeros(2))));
        Map<String, Tensor> below = Map.of("a", Tensor.of(1 - 1e-6));
        assertEquals(below, Clip.globalNorm(below, 1), "the scale is 1");
    }

    @Test
    void a_parameter_that_no_gradient_reaches_stays() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Tensor before = p.get("bias").value();
        Adam adam = new Adam(p, LR);
        adam.group(path -> true, g -> g.l2(L2));
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
    void no_parameter_is_updated_if_one_gradient_does_not_fit() {
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

    @Test
    void state_of_another_number_type_than_the_parameters_is_not_rounded() {
        Node w = Node.variable(new float[] {1, 2});
        List<Tensor> read = new ArrayList<>();
        Optimizer own = new Own(Map.of("w", w), (p, s) -> {
            Tensor sum = s.step() == 1 ? Tensor.of(0.1, 0.2) : s.tensor("sum");
            read.add(sum);
            s.set("sum", sum);
            s.tensor("single");
            return p;
        });
        for (int i = 0; i < 3; i++) {
            own.step(Map.of("w", Tensor.ones(Shape.of(2), w.dtype())));
        }
        assertEquals(Tensor.of(0.1, 0.2), read.get(2));
        assertEquals(DType.FLOAT32, own.state().get("w.single").dtype());
        w.assign(w.value().to(DType.FLOAT64));
        own.step(Map.of("w", Tensor.ones(2)));
        assertEquals(DType.FLOAT64, own.state().get("w.single").dtype());
        w.assign(w.value().to(DType.FLOAT32));
        own.step(Map.of("w", Tensor.ones(Shape.of(2), w.dtype())));
        assertEquals(DType.FLOAT32, own.state().get("w.single").dtype());
    }

    @Test
    void a_state_of_another_number_type_can_be_loaded() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Adam wide = new Adam(p, LR);
        wide.step(loss(p).backward());
        Map<String, Node> q = parameters(DType.FLOAT32);
        Adam single = new Adam(q, LR);
        single.load(wide.state());
        single.step(loss(q).backward());
        assertEquals(DType.FLOAT32, single.state().get("weight.mean").dtype());
    }

    static Stream<Executable> refused() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        return Stream.of(
                () -> new Sgd(p, -1),
                () -> new Sgd(p, Double.NaN),
                () -> new Sgd(p, Double.POSITIVE_INFINITY),
                () -> new Sgd(p, 1).learningRate(-1),
                () -> new Sgd(p, 1).l2(-1),
                () -> new Sgd(p, 1).weightDecay(-1),
                () -> new Sgd(p, 1).group(path -> true, g -> g.l2(-1)),
                () -> new Sgd(p, 1).group(path -> true, g -> g.weightDecay(-1)),
                () -> new Sgd(p, 1).group(path -> true, g -> g.learningRateFactor(-1)),
                () -> new Sgd(p, 1, -1),
                () -> new Sgd(p, 1, 0.9).dampening(-1),
                () -> new Sgd(p, 1, 0.9).nesterov().dampening(0.1),
                () -> new Sgd(p, 1, 0.9).nesterov().momentum(0),
                () -> new Sgd(p, 1).nesterov(),
                () -> new Sgd(p, 1, 0.9).dampening(0.1).nesterov(),
                () -> new Adam(p, 1).betas(-0.1, 0.9),
                () -> new Adam(p, 1).betas(0.9, -0.1),
                () -> new Adam(p, 1).betas(0.9, 1),
                () -> new AdamW(p, -1),
                () -> Optimizer.penalty(Map.of("b", Node.variable(1.0)), 1),
                () -> Optimizer.penalty(p, -1),
                () -> Optimizer.penalty(p, Double.NaN),
                () -> Optimizer.penalty(p, Double.POSITIVE_INFINITY),
                () -> LearningRate.constant(Double.POSITIVE_INFINITY),
                () -> LearningRate.step(-1, 1, 0.5),
                () -> LearningRate.step(1, 1, -0.5),
                () -> LearningRate.exponential(-1, 0.5),
                () -> LearningRate.exponential(1, -0.5),
                () -> LearningRate.cosine(-1, 5),
                () -> LearningRate.cosine(1, 0),
                () -> LearningRate.constant(1).warmup(0),
                () -> Clip.value(Map.of(), 0),
                () -> new Sgd(Map.of(), 1),
                () -> new Sgd(Map.of("c", Node.constant(1.0)), 1),
                () -> new Adam(p, 1).betas(1, 0.9),
                () -> new Adam(p, 1).epsilon(-1),
                () -> new Momentum(p).momentum(-1),
                () -> new Momentum(p, Double.NaN),
                () -> new AdaGrad(p).epsilon(-1),
                () -> new AdaGrad(p).learningRateDecay(Double.NaN),
                () -> new AdaGrad(p).initialAccumulator(-1),
                () -> new RmsProp(p).alpha(1),
                () -> new RmsProp(p).epsilon(-1),
                () -> new RmsProp(p).momentum(-0.5),
                () -> new AdaDelta(p).rho(1),
                () -> new AdaDelta(p).epsilon(-1),
                () -> new Nadam(p).betas(1, 0.9),
                () -> new Nadam(p).betas(0.9, Double.NaN),
                () -> new Nadam(p).epsilon(-1),
                () -> new Nadam(p).momentumDecay(-1),
                () -> new RAdam(p).betas(0.9, 1),
                () -> new RAdam(p).betas(-1, 0.9),
                () -> new RAdam(p).epsilon(-1),
                () -> new Adamax(p).betas(0.9, 1),
                () -> new Adamax(p).betas(-1, 0.9),
                () -> new Adamax(p).epsilon(-1),
                () -> new Lion(p).betas(1, 0.9),
                () -> new Lion(p).betas(0.9, -0.1),
                () -> new Sgd(p, 1).lookahead(0, 0.5),
                () -> new Sgd(p, 1).lookahead(5, 0),
                () -> new Sgd(p, 1).lookahead(5, 1.5));
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

    @Test
    void states_whose_tensors_mean_something_else_are_refused() {
        Map<String, Node> p = parameters(DType.FLOAT64);
        Map<String, Tensor> g = new LinkedHashMap<>();
        p.forEach((path, v) -> g.put(path, v.value()));
        Momentum momentum = new Momentum(p, 0.1);
        momentum.step(g);
        assertThrows(IllegalArgumentException.class, () -> new Sgd(p, 0.1, 0.9).load(momentum.state()));
        Optimizer centered = new RmsProp(p, 0.1).centered();
        centered.step(g);
        assertThrows(IllegalArgumentException.class, () -> new Adam(p).load(centered.state()));
    }

    @Test
    void scales_of_normalisation_over_several_axes_do_not_decay() {
        Sequential model = Sequential.of(new Linear(8, 8), new LayerNorm(8, 8));
        assertEquals(Set.of("0.weight"), new AdamW(model.parameters()).decayed());
        double squares = model.state()
                .get("0.weight")
                .mul(model.state().get("0.weight"))
                .sum()
                .item();
        assertEquals(squares / 2, Optimizer.penalty(model.parameters(), 1).item(), 1e-12);
    }
}
