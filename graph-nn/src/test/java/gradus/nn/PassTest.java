package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What training passes do, and that none gets lost. */
class PassTest {
    private static final Node X = Node.constant(Tensor.uniform(Shape.of(6, 4), -1, 1, RandomStream.of(1, "x")));

    // ---- a pass that is not handed on

    /** Forgets the pass, or hands it on. */
    private static final class Block extends Model {
        private final Layer inner;
        private final boolean forgets;

        Block(Layer inner, boolean forgets) {
            this.inner = layer("inner", inner);
            this.forgets = forgets;
        }

        @Override
        public Node forward(Node x, Pass pass) {
            return forgets ? inner.forward(x) : inner.forward(x, pass);
        }
    }

    /** Runs the layers of another one by one, without the pass. */
    private static final class EachLayer extends Model {
        private final Sequential inner;

        EachLayer(Sequential inner) {
            this.inner = layer("inner", inner);
        }

        @Override
        public Node forward(Node x, Pass pass) {
            Node y = x;
            for (Layer l : inner.layers().values()) {
                y = l.forward(y);
            }
            return y;
        }
    }

    static Stream<Arguments> forgetful() {
        Dropout captured = new Dropout(0.5);
        return Stream.of(
                Arguments.of("0.inner Dropout", Sequential.of(new Block(new Dropout(0.5), true))),
                Arguments.of("0.inner BatchNorm", Sequential.of(new Block(new BatchNorm(4), true))),
                Arguments.of("inner Sequential", new Block(Sequential.of(new Linear(4, 4), new Dropout(0.1)), true)),
                Arguments.of(
                        "0.inner.inner Dropout", Sequential.of(new Block(new Block(new Dropout(0.5), true), false))),
                Arguments.of("Dropout", Sequential.of(x -> captured.forward(x))),
                Arguments.of("Dropout", Sequential.of(new Block(Sequential.of(x -> captured.forward(x)), true))),
                Arguments.of(
                        "1 Dropout", Sequential.of(new EachLayer(Sequential.of(new Linear(4, 4), new Dropout(0.5))))));
    }

    @ParameterizedTest
    @MethodSource("forgetful")
    void a_pass_that_is_not_handed_on_is_an_error_that_names_the_layer(String layer, Model model) {
        String found = assertThrows(IllegalStateException.class, () -> model.forward(X, Pass.training(1, 0)))
                .getMessage();
        assertTrue(found.contains(layer) && found.contains("without the pass"), found);
    }

    @Test
    void layers_that_need_no_pass_may_be_called_without_and_evaluation_may_be_asked_for() {
        Model fine = new Block(Sequential.of(new Linear(4, 4), Node::relu, new Dropout(0)), true);
        assertEquals(
                fine.forward(X).value(), fine.forward(X, Pass.training(1, 0)).value());
        BatchNorm frozen = new BatchNorm(4);
        Model evaluating = Sequential.of(x -> frozen.forward(x, Pass.evaluation()));
        frozen.freeze();
        Tensor before = frozen.state().get("runningMean");
        evaluating.forward(X, Pass.training(1, 0));
        assertSame(before, frozen.state().get("runningMean"));
        Model evaluated = Sequential.of(y -> frozen.forward(y));
        Sequential.of(frozen);
        assertEquals(frozen.predict(X.value()), evaluated.predict(X.value()));
        Dropout alone = new Dropout(0.5);
        new Block(alone, false);
        assertSame(X, alone.forward(X), "nobody runs around it, so it evaluates");
    }

    // ---- dropout

    @Test
    void dropout_draws_by_seed_step_and_path_only() {
        Model a = Sequential.of(new Dropout(0.5), new Dropout(0.5));
        Model b = Sequential.of(new Dropout(0.5), new Dropout(0.5));
        Tensor first = a.forward(X, Pass.training(3, 4)).value();
        assertEquals(first, b.forward(X, Pass.training(3, 4)).value());
        assertNotEquals(first, a.forward(X, Pass.training(3, 5)).value());
        assertNotEquals(first, a.forward(X, Pass.training(4, 4)).value());
        assertNotEquals(first, a.forward(X, Pass.training(3, 4).in("t1")).value());
        assertEquals(X.value(), a.forward(X).value());
        Dropout one = new Dropout(0.5);
        Dropout two = new Dropout(0.5);
        Sequential.of(one, two);
        assertNotEquals(
                one.forward(X, Pass.training(1, 1)).value(),
                two.forward(X, Pass.training(1, 1)).value());
    }

    @Test
    void a_layer_that_is_used_twice_draws_other_numbers_each_time_and_repeats_them() {
        Dropout shared = new Dropout(0.5);
        Node ones = Node.constant(Tensor.ones(40, 50));
        Pass pass = Pass.training(1, 1);
        Model twice = Sequential.of(shared, shared);
        Tensor both = twice.forward(ones, pass).value();
        assertEquals(500, both.div(4).sum().item(), 100, "a quarter is kept by both masks");
        assertEquals(both, twice.forward(ones, pass).value());
        Model owners = Sequential.of(new Block(shared, false), new Block(shared, false));
        Tensor byOwners = owners.forward(ones, pass).value();
        assertEquals(500, byOwners.div(4).sum().item(), 100);
        Node v = Node.variable(ones.value());
        Node plain = owners.forward(v, pass);
        Node recomputed = Derivatives.checkpoint(x -> owners.forward(x, pass)).apply(v);
        assertEquals(plain.value(), recomputed.value());
        assertEquals(
                plain.sum().backward().of(v).value(),
                recomputed.sum().backward().of(v).value());
        assertEquals(
                shared.forward(ones, pass).value(), shared.forward(ones, pass).value(), "by hand it is pass.in");
        assertNotEquals(
                shared.forward(ones, pass.in("a")).value(),
                shared.forward(ones, pass.in("b")).value());
    }

    @Test
    void dropout_zeroes_the_given_share_and_keeps_the_expected_value() {
        int n = 20_000;
        for (double p : new double[] {0.1, 0.5, 0.8}) {
            Tensor y = new Dropout(p)
                    .forward(Node.constant(Tensor.ones(n)), Pass.training(1, 0))
                    .value();
            long zeros = java.util.Arrays.stream(y.toDoubleArray())
                    .filter(v -> v == 0)
                    .count();
            assertEquals(p, zeros / (double) n, 4 * Math.sqrt(p * (1 - p) / n));
            assertEquals(1 / (1 - p), y.max().item(), 1e-15);
        }
        assertEquals(
                0,
                new Dropout(1)
                        .forward(X, Pass.training(1, 0))
                        .value()
                        .abs()
                        .max()
                        .item());
        assertThrows(IllegalArgumentException.class, () -> new Dropout(1.1));
        assertThrows(IllegalArgumentException.class, () -> new Dropout(Double.NaN));
        assertThrows(IllegalStateException.class, () -> Pass.evaluation().random("a"));
        assertThrows(IllegalArgumentException.class, () -> Pass.training(1, -1));
    }

    // ---- observers

    @Test
    void an_observer_is_told_the_layers_by_path_in_the_order_in_which_they_finish() {
        Model inner = Sequential.of(new Linear(4, 3), Node::tanh);
        Model model = Sequential.of(new Residual(Sequential.of(new Linear(4, 4))), inner, new Dropout(0.5));
        Map<String, Tensor> seen = new LinkedHashMap<>();
        for (Pass pass : List.of(Pass.evaluation(), Pass.training(1, 0))) {
            seen.clear();
            Node y = model.forward(X, pass.observedBy((path, in, out) -> seen.put(path, out.value())));
            assertEquals(model.forward(X, pass).value(), y.value());
            assertEquals(List.of("0.layer.0", "0.layer", "0", "1.0", "1.1", "1", "2"), List.copyOf(seen.keySet()));
            assertEquals(y.value(), seen.get("2"));
            assertEquals(seen.get("1"), seen.get("1.1"));
            assertEquals(inner.forward(Node.constant(seen.get("0")), pass).value(), seen.get("1"));
        }
    }

    @Test
    void a_model_of_ones_own_reports_what_it_likes() {
        Linear hidden = new Linear(4, 3);
        Model own = new Model() {
            private final Linear declared = layer("hidden", hidden);

            @Override
            public Node forward(Node x, Pass pass) {
                return pass.report(
                        this, "activation", x, declared.forward(x, pass).relu());
            }
        };
        Map<String, Tensor> seen = new LinkedHashMap<>();
        Sequential.of(Node::neg, own)
                .forward(X, Pass.evaluation().observedBy((path, in, out) -> seen.put(path, out.value())));
        assertEquals(List.of("0", "1.activation", "1"), List.copyOf(seen.keySet()));
        assertEquals(seen.get("1"), seen.get("1.activation"));
        own.forward(
                X,
                Pass.evaluation()
                        .observedBy((path, in, out) -> {})
                        .observedBy((path, in, out) -> seen.put("last " + path, out.value())));
        assertTrue(seen.containsKey("last 1.activation"), "the path is that from the outermost model");
    }

    // ---- batch norm

    @Test
    void batch_norm_is_its_formula_in_training_and_in_evaluation() {
        BatchNorm bn = new BatchNorm(2, 1e-5, 0.1);
        bn.parameters().get("gamma").assign(Tensor.of(2.0, 3.0));
        bn.parameters().get("beta").assign(Tensor.of(0.5, -0.5));
        double[][] rows = {{1, 10}, {2, 30}, {6, 20}};
        Tensor y = bn.forward(Node.constant(rows), Pass.training(1, 0)).value();
        double[] mean = {3, 20};
        double[] biased = {(4 + 1 + 9) / 3.0, 200 / 3.0};
        double[] gamma = {2, 3};
        double[] beta = {0.5, -0.5};
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 2; j++) {
                double expected = gamma[j] * (rows[i][j] - mean[j]) / Math.sqrt(biased[j] + 1e-5) + beta[j];
                assertEquals(expected, y.get(i, j), 1e-12);
            }
        }
        Map<String, Tensor> state = bn.state();
        double[] runningMean = {0.1 * 3, 0.1 * 20};
        double[] runningVar = {0.9 + 0.1 * 14 / 2, 0.9 + 0.1 * 200 / 2};
        for (int j = 0; j < 2; j++) {
            assertEquals(runningMean[j], state.get("runningMean").get(j), 1e-13);
            assertEquals(runningVar[j], state.get("runningVar").get(j), 1e-13);
            double expected = gamma[j] * (1 - runningMean[j]) / Math.sqrt(runningVar[j] + 1e-5) + beta[j];
            assertEquals(
                    expected,
                    bn.forward(Node.constant(new double[][] {{1, 1}})).value().get(0, j),
                    1e-12);
        }
    }

    @Test
    void batch_norm_of_images_has_the_statistics_of_each_channel() {
        Tensor images = Tensor.uniform(Shape.of(3, 2, 4, 5), -3, 7, RandomStream.of(1, "images"));
        BatchNorm bn = new BatchNorm(2);
        Tensor y = bn.forward(Node.constant(images), Pass.training(1, 0)).value();
        for (int c = 0; c < 2; c++) {
            Tensor channel = y.slice(1, c, c + 1);
            assertEquals(0, channel.mean().item(), 1e-14);
            assertEquals(1, channel.mul(channel).mean().item(), 1e-5);
        }
        assertThrows(IllegalArgumentException.class, () -> bn.forward(Node.constant(Tensor.ones(3, 4))));
        String one = assertThrows(IllegalArgumentException.class, () -> new BatchNorm(4)
                        .forward(Node.constant(Tensor.ones(1, 4)), Pass.training(1, 0)))
                .getMessage();
        assertTrue(one.contains("at least 2 values"), one);
    }

    @Test
    void a_training_pass_updates_running_statistics_once_also_when_it_is_recomputed() {
        BatchNorm plain = new BatchNorm(4);
        BatchNorm recomputed = new BatchNorm(4);
        Node v = Node.variable(X.value());
        Node y = plain.forward(v, Pass.training(1, 0)).tanh();
        Node z = Derivatives.checkpoint(
                        x -> recomputed.forward(x, Pass.training(1, 0)).tanh())
                .apply(v);
        assertEquals(y.value(), z.value());
        Tensor gy = y.square().sum().backward().of(v).value();
        Tensor gz = z.square().sum().backward().of(v).value();
        assertTrue(gy.sub(gz).abs().max().item() < 1e-15, gz::toString);
        assertEquals(plain.state(), recomputed.state());
    }

    @Test
    void a_network_in_training_mode_can_be_checked_and_keeps_its_statistics() {
        Model model = Sequential.of(new Linear(4, 8), new BatchNorm(8), Node::tanh, new Dropout(0.3), new Linear(8, 2));
        Map<String, Tensor> before = model.state();
        GradientCheck.of(
                        model.parameters(),
                        () -> model.forward(X, Pass.training(7, 5)).square().sum())
                .restoring(model)
                .verify();
        assertEquals(before, model.state());
        model.forward(X, Pass.training(7, 5));
        assertNotEquals(before.get("1.runningMean"), model.state().get("1.runningMean"));
        model.initialize(1);
        assertEquals(Tensor.zeros(8), model.state().get("1.runningMean"));
        Buffer b = new Buffer("b", Tensor.ones(2));
        assertThrows(IllegalArgumentException.class, () -> b.set(Tensor.ones(3)));
    }

    /** A model of two inputs that was given a pass, and forgets to hand it on. */
    private static final class Forgetful extends Model {
        private final Dropout dropout = layer("dropout", new Dropout(0.5));

        Node forward(Node a, Node b, Pass pass) {
            return pass.isTraining() ? dropout.forward(a).add(b) : a;
        }

        Node loss(Node x, Pass pass) {
            return dropout.forward(x, pass).add(dropout.forward(x)).sum();
        }

        @Override
        public Node forward(Node x, Pass pass) {
            return forward(x, x, pass);
        }
    }

    @Test
    void a_pass_that_is_not_handed_on_is_an_error_in_methods_of_other_arguments_too() {
        Forgetful model = new Forgetful();
        assertThrows(IllegalStateException.class, () -> model.forward(X, X, Pass.training(1, 0)));
        assertThrows(IllegalStateException.class, () -> model.loss(X, Pass.training(1, 0)));
        assertEquals(X.value(), model.forward(X, X, Pass.evaluation()).value());
    }
}
