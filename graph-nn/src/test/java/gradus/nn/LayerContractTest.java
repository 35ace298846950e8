package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every layer promises, run for each of them: a row is a name, how to make the layer, and an input. */
class LayerContractTest {
    private static Tensor random(int... dims) {
        return Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, "input"));
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                row("linear", () -> new Linear(3, 4), random(5, 3)),
                row("conv2d", () -> new Conv2d(2, 3, 2), random(2, 2, 4, 4)),
                row(
                        "conv2d in groups",
                        () -> new Conv2d(
                                4, 2, 2, WindowOptions.DEFAULT.groups(2).padding(1, 0, 1, 1)),
                        random(2, 4, 3, 3)),
                row("maxPool2d", () -> Sequential.of(new MaxPool2d(2)), random(2, 2, 4, 4)),
                row("avgPool2d", () -> Sequential.of(new AvgPool2d(2)), random(2, 2, 4, 4)),
                row("flatten", () -> Sequential.of(new Flatten()), random(2, 2, 3)),
                row("batchNorm", () -> new BatchNorm(3), random(5, 3)),
                row("batchNorm of images", () -> new BatchNorm(2), random(3, 2, 2, 2)),
                row("dropout", () -> new Dropout(0.4), random(5, 3)),
                row("embedding", () -> new Embedding(5, 2), Tensor.of(new double[][] {{0, 4, 1}, {1, 1, 3}})),
                row(
                        "all together",
                        () -> Sequential.of(
                                new Linear(3, 4),
                                new BatchNorm(4),
                                Node::tanh,
                                Sequential.of(new Dropout(0.3), new Linear(4, 2))),
                        random(5, 3)));
    }

    private static Arguments row(String name, Supplier<Model> layer, Tensor x) {
        return Arguments.of(name, layer, x);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void evaluation_draws_nothing_and_changes_nothing(String name, Supplier<Model> layer, Tensor x) {
        Model m = layer.get();
        Map<String, Tensor> before = m.state();
        Tensor y = m.forward(Node.constant(x)).value();
        assertEquals(y, m.forward(Node.constant(x), Pass.evaluation()).value());
        assertEquals(y, m.predict(x));
        assertEquals(before, m.state());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void a_training_pass_is_repeated_by_its_seed_and_step(String name, Supplier<Model> layer, Tensor x) {
        Model m = layer.get();
        Tensor y = m.forward(Node.constant(x), Pass.training(5, 6)).value();
        assertEquals(y, m.forward(Node.constant(x), Pass.training(5, 6)).value());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void gradients_in_training_agree_with_finite_differences(String name, Supplier<Model> layer, Tensor x) {
        Model m = layer.get();
        m.initialize(2);
        if (!m.parameters().isEmpty()) {
            GradientCheck.of(m.parameters(), () -> m.forward(Node.constant(x), Pass.training(5, 6)))
                    .restoring(m)
                    .verify();
        }
        if (!name.equals("embedding")) {
            GradientCheck.of(in -> m.forward(in[0], Pass.training(5, 6)))
                    .at(x)
                    .restoring(m)
                    .order(2)
                    .verify();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void state_moves_to_another_instance_and_number_type(String name, Supplier<Model> layer, Tensor x) {
        Model one = layer.get();
        one.forward(Node.constant(x), Pass.training(1, 0));
        Model two = layer.get();
        two.load(one.state());
        assertEquals(one.predict(x), two.predict(x));
        one.to(DType.FLOAT32);
        one.state().forEach((path, t) -> assertEquals(DType.FLOAT32, t.dtype(), path));
        Tensor y = one.forward(Node.constant(x.to(DType.FLOAT32)), Pass.training(1, 1))
                .value();
        assertEquals(DType.FLOAT32, y.dtype());
        if (!one.state().isEmpty()) {
            assertThrows(IllegalArgumentException.class, () -> two.load(one.state()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void recomputation_gives_the_same_gradients_and_state(String name, Supplier<Model> layer, Tensor x) {
        Model m = layer.get();
        m.initialize(3);
        if (m.parameters().isEmpty()) {
            return;
        }
        Map<String, Tensor> plain = gradients(m, m.forward(Node.constant(x), Pass.training(1, 2)));
        Map<String, Tensor> state = m.state();
        m.initialize(3);
        Node y = Derivatives.checkpoint(v -> m.forward(v, Pass.training(1, 2))).apply(Node.constant(x));
        Map<String, Tensor> again = gradients(m, y);
        plain.forEach((path, g) -> assertTrue(g.sub(again.get(path)).abs().max().item() < 1e-14, path));
        assertEquals(state, m.state());
    }

    private static Map<String, Tensor> gradients(Model m, Node y) {
        return y.square().sum().backward().of(m.parameters());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void initialization_repeats_by_seed_and_paths_are_stable(String name, Supplier<Model> layer, Tensor x) {
        Model one = layer.get();
        Model two = layer.get();
        one.initialize(9);
        two.initialize(9);
        assertEquals(one.state(), two.state());
        assertEquals(List.copyOf(one.state().keySet()), List.copyOf(two.state().keySet()));
    }
}
