package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.init.Initializers;
import gradus.nn.io.PyTorchWeights;
import gradus.nn.optim.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that combine layers, inputs or axes: results computed by hand, shared parts, refusals. */
class CompositesTest {
    private static Node x(int... dims) {
        return Node.constant(Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, "x")));
    }

    private static void set(Model m, String path, double... values) {
        Node p = m.parameters().get(path);
        p.assign(Tensor.of(p.shape(), values));
    }

    // ---- Residual, Parallel

    static Stream<Arguments> combined() {
        Layer twice = y -> y.mul(2);
        return Stream.of(
                Arguments.of(new Residual(twice), List.of(3.0, 6.0, 9.0)),
                Arguments.of(new Residual(twice, Node::square), List.of(3.0, 8.0, 15.0)),
                Arguments.of(Parallel.sum(twice, Node::square, y -> y), List.of(4.0, 10.0, 18.0)),
                Arguments.of(Parallel.mean(twice, y -> y.mul(4)), List.of(3.0, 6.0, 9.0)),
                Arguments.of(Parallel.concat(0, twice, Node::square), List.of(2.0, 4.0, 6.0, 1.0, 4.0, 9.0)),
                Arguments.of(Parallel.concat(-1, y -> y.slice(0, 0, 1), twice), List.of(1.0, 2.0, 4.0, 6.0)),
                Arguments.of(Parallel.sum(twice), List.of(2.0, 4.0, 6.0)));
    }

    @ParameterizedTest
    @MethodSource("combined")
    void results_are_those_computed_by_hand(Model layer, List<Double> expected) {
        double[] y = layer.forward(Node.constant(1, 2, 3)).value().toDoubleArray();
        assertEquals(expected, Arrays.stream(y).boxed().toList());
    }

    @Test
    void parts_have_paths_and_channels_are_concatenated() {
        Model block = new Residual(
                Sequential.of(new Conv2d(2, 4, 3).same(), new BatchNorm(4), Node::relu), new Conv2d(2, 4, 1));
        assertEquals(
                List.of(
                        "layer.0.weight",
                        "layer.0.bias",
                        "layer.1.gamma",
                        "layer.1.beta",
                        "shortcut.weight",
                        "shortcut.bias"),
                List.copyOf(block.parameters().keySet()));
        assertEquals(Shape.of(1, 4, 5, 5), block.forward(x(1, 2, 5, 5)).shape());
        Model inception = Parallel.concat(1, new Conv2d(2, 3, 1), new Conv2d(2, 4, 3).same(), new MaxPool2d(3, 1, 1));
        assertEquals(Shape.of(2, 9, 4, 4), inception.forward(x(2, 2, 4, 4)).shape());
        assertEquals(
                List.of("0.weight", "0.bias", "1.weight", "1.bias"),
                List.copyOf(inception.parameters().keySet()));
        assertEquals(
                "Parallel.concat[axis 1, Conv2d[3, 2, 1, 1], Conv2d[4, 2, 3, 3] padding same, MaxPool2d[3] stride 1, padding 1]",
                inception.toString());
        assertEquals("Residual[Linear[2, 2], function]", new Residual(new Linear(2, 2), Node::relu).toString());
        assertEquals(
                "Parallel.mean[Linear[2, 2]]", Parallel.mean(new Linear(2, 2)).toString());
    }

    /** One dropout in both branches draws a mask for each. */
    @Test
    void the_pass_reaches_the_parts_which_draw_numbers_of_their_own() {
        Dropout shared = new Dropout(0.5);
        Node ones = Node.constant(Tensor.ones(200));
        Pass pass = Pass.training(1, 1);
        for (Model m : List.of(new Residual(shared, shared), Parallel.sum(shared, shared))) {
            Tensor y = m.forward(ones, pass).value();
            assertTrue(Arrays.stream(y.toDoubleArray()).anyMatch(v -> v == 2), "dropped by one mask only");
            assertEquals(y, m.forward(ones, pass).value());
            assertTrue(m.dependsOnPass());
            assertEquals(Tensor.ones(200).mul(2), m.forward(ones).value());
        }
        Layer hides = new Layer() {
            @Override
            public Node forward(Node y) {
                return shared.forward(y);
            }

            @Override
            public Node forward(Node y, Pass ignored) {
                return shared.forward(y);
            }
        };
        for (Model m : List.of(new Residual(hides), Parallel.sum(hides))) {
            String found = assertThrows(IllegalStateException.class, () -> m.forward(ones, pass))
                    .getMessage();
            assertTrue(found.contains("without the pass"), found);
            assertTrue(m.forward(ones).value().min().item() >= 1, "it evaluates");
        }
    }

    // ---- Maxout, Bilinear

    @Test
    void maxout_takes_the_largest_piece_of_each_output() {
        Maxout layer = new Maxout(2, 2, 3);
        // outputs 0 and 1, three pieces each: x0, x1, x0 + x1; -x0, 2 x1, 0
        set(layer, "weight", 1, 0, 1, -1, 0, 0, 0, 1, 1, 0, 2, 0);
        set(layer, "bias", 0, 0, -10, 0, 0, 1);
        assertEquals(
                Tensor.of(new double[][] {{3, 4}, {5, 1}, {20, 40}}),
                layer.forward(Node.constant(new double[][] {{3, 2}, {5, -4}, {10, 20}}))
                        .value());
        assertEquals(Shape.of(2, 3, 2), layer.forward(x(2, 3, 2)).shape());
        assertEquals("Maxout[2, 2, pieces 3]", layer.toString());
        Maxout drawn = new Maxout(2, 1, 2)
                .weightInitializer(Initializers.constant(1))
                .biasInitializer(Initializers.constant(0));
        assertEquals(7, drawn.forward(Node.constant(3, 4)).item());
    }

    @Test
    void a_bilinear_map_has_a_form_for_each_output() {
        Bilinear layer = new Bilinear(2, 2, 2);
        set(layer, "weight", 1, 0, 0, 1, 0, 1, 1, 0); // a0 b0 + a1 b1; a0 b1 + a1 b0
        set(layer, "bias", 100, 200);
        Node a = Node.constant(new double[][] {{1, 2}, {3, 4}});
        Node b = Node.constant(new double[][] {{5, 6}, {7, 8}});
        assertEquals(
                Tensor.of(new double[][] {{117, 216}, {153, 252}}),
                layer.forward(a, b).value());
        assertEquals(
                Tensor.of(117.0, 216.0),
                layer.forward(a.select(0, 0), b.select(0, 0)).value());
        assertEquals(
                Shape.of(3, 4, 5),
                new Bilinear(2, 6, 5).forward(x(3, 4, 2), x(3, 4, 6)).shape());
        Bilinear plain = new Bilinear(2, 2, 1).withoutBias().weightInitializer(Initializers.constant(1));
        assertEquals(33, plain.forward(a.select(0, 0), b.select(0, 0)).item());
        GradientCheck.of(layer.parameters(), () -> layer.forward(a, b)).verify();
        GradientCheck.of(in -> layer.forward(in[0], in[1]))
                .at(a.value(), b.value())
                .order(2)
                .verify();
        double bound = 1 / Math.sqrt(9);
        Tensor w = new Bilinear(9, 30, 4).parameters().get("weight").value();
        assertTrue(w.abs().max().item() <= bound && w.abs().max().item() > 0.98 * bound);
        assertEquals(
                "Bilinear: it takes two inputs; call forward(a, b)",
                assertThrows(UnsupportedOperationException.class, () -> layer.forward(a))
                        .getMessage());
    }

    // ---- Flatten, Unflatten

    @Test
    void axes_are_joined_and_divided() {
        Node image = x(2, 3, 4, 5);
        assertEquals(Shape.of(2, 60), new Flatten().forward(image).shape());
        assertEquals(Shape.of(2, 12, 5), new Flatten(1, 2).forward(image).shape());
        assertEquals(Shape.of(2, 3, 20), new Flatten(-2, -1).forward(image).shape());
        assertEquals(Shape.of(6, 4, 5), new Flatten(0, -3).forward(image).shape());
        assertEquals(Shape.of(2, 3, 4, 5), new Flatten(2, 2).forward(image).shape());
        Node back = new Unflatten(Shape.of(3, 4, 5)).forward(new Flatten().forward(image));
        assertEquals(image.value(), back.value());
        assertEquals(
                Shape.of(2, 3, 2, 2, 5),
                new Unflatten(-2, Shape.of(2, 2)).forward(image).shape());
        assertEquals(
                List.of("Flatten", "Flatten[0, 1]", "Unflatten[3, 4]", "Unflatten[axis -1][2, 2]"),
                Stream.of(
                                new Flatten(),
                                new Flatten(0, 1),
                                new Unflatten(Shape.of(3, 4)),
                                new Unflatten(-1, Shape.of(2, 2)))
                        .map(Object::toString)
                        .toList());
    }

    // ---- shared parts

    @Test
    void one_layer_in_two_places_has_one_path_and_one_set_of_weights() {
        Linear shared = new Linear(3, 3);
        Model model = Sequential.of(shared, Node::tanh, new Residual(shared));
        assertEquals(
                List.of("0.weight", "0.bias"), List.copyOf(model.parameters().keySet()));
        Node in = x(4, 3);
        GradientCheck.of(model.parameters(), () -> model.forward(in)).verify();
        Tensor before = shared.parameters().get("weight").value();
        new Sgd(model.parameters(), 0.1).step(model.forward(in).square().sum().backward());
        assertNotEquals(before, shared.parameters().get("weight").value());
        Node h = shared.forward(in).tanh();
        assertEquals(shared.forward(h).add(h).value(), model.forward(in).value());
        Linear other = new Linear(3, 3);
        Model copy = Sequential.of(other, Node::tanh, new Residual(other));
        copy.load(model.state());
        assertEquals(model.predict(in.value()), copy.predict(in.value()));
    }

    @Test
    void the_decoder_of_an_autoencoder_uses_the_transpose_of_the_encoder() {
        Linear encoder = new Linear(3, 2);
        Linear decoder = Linear.transposeOf(encoder);
        Model model = Sequential.of(encoder, Node::tanh, decoder);
        assertEquals(
                List.of("0.weight", "0.bias", "2.bias"),
                List.copyOf(model.state().keySet()));
        assertEquals(Shape.of(3), model.parameters().get("2.bias").shape());
        Node in = x(4, 5, 3);
        Tensor w = model.parameters().get("0.weight").value();
        Tensor h = encoder.forward(in).tanh().value();
        Tensor expected =
                h.matmul(w.transpose()).add(model.parameters().get("2.bias").value());
        assertTrue(model.predict(in.value()).sub(expected).abs().max().item() < 1e-15);
        assertEquals(Shape.of(3), decoder.forward(Node.constant(1, 2)).shape());
        GradientCheck.of(model.parameters(), () -> model.forward(in)).verify();
        model.initialize(5);
        Map<String, Tensor> state = model.state();
        model.parameters().get("0.weight").assign(Tensor.zeros(3, 2));
        model.parameters().get("2.bias").assign(Tensor.of(1.0, 2.0, 3.0));
        assertEquals(Tensor.of(1.0, 2.0, 3.0), decoder.predict(Tensor.ones(2)));
        model.load(state);
        assertEquals(state, model.state());
        assertEquals("Sequential[Linear[3, 2], function, Linear[3, 2] transposed]", model.toString());
        assertEquals(
                "Linear: [2, 3] x 0.weight [3, 2]: the last axis must have size 2",
                message(() -> decoder.forward(x(2, 3))));
    }

    @Test
    void a_transposed_layer_alone_has_the_weight_and_its_settings() {
        Linear linear = new Linear(3, 2);
        Linear transposed = Linear.transposeOf(linear).withoutBias();
        assertEquals(List.of("weight"), List.copyOf(transposed.state().keySet()));
        Linear again = Linear.transposeOf(transposed).biasInitializer(Initializers.constant(0));
        Node in = x(4, 3);
        Tensor w = linear.parameters().get("weight").value();
        assertEquals(in.value().matmul(w), again.predict(in.value()));
        assertThrows(
                IllegalStateException.class,
                () -> linear.biasInitializer(Initializers.constant(1)),
                "its weight is in use");
        Model first = Sequential.of(transposed, linear);
        assertEquals(List.of("0.weight", "1.bias"), List.copyOf(first.state().keySet()));
        first.freeze("0.weight");
        assertEquals(List.of("1.bias"), List.copyOf(first.parameters().keySet()));
    }

    /** {@code nn.Linear} multiplies by the transpose of its weight, and so does a transposed layer by that of its own. */
    @Test
    void weights_of_pytorch_are_those_of_a_transposed_layer_as_they_are() {
        Linear decoder = Linear.transposeOf(new Linear(2, 2));
        Tensor w = Tensor.of(new double[][] {{1, 2}, {3, 4}});
        decoder.load(PyTorchWeights.convert(decoder, Map.of("weight", w, "bias", Tensor.zeros(2))));
        assertEquals(Tensor.of(1.0, 3.0), decoder.predict(Tensor.of(1.0, 0.0)));
        Linear plain = new Linear(2, 2);
        plain.load(PyTorchWeights.convert(plain, Map.of("weight", w, "bias", Tensor.zeros(2))));
        assertEquals(Tensor.of(1.0, 3.0), plain.predict(Tensor.of(1.0, 0.0)));
    }

    // ---- bad input

    static Stream<Arguments> refused() {
        Layer twice = y -> Node.concat(0, y, y);
        Node v = Node.constant(1, 2);
        return Stream.of(
                row("Parallel.sum: there must be at least one layer", () -> Parallel.sum()),
                row("Parallel.concat: there must be at least one layer", () -> Parallel.concat(1)),
                row("Parallel: [2] x [4]: outputs 0 and 1 must have one shape", () -> Parallel.sum(y -> y, twice)
                        .forward(v)),
                row(
                        "Residual: [4] x [2]: the output of the layer and the input must have one shape",
                        () -> new Residual(twice).forward(v)),
                row(
                        "Residual: [2] x [4]: the output of the layer and the output of the shortcut must have one shape",
                        () -> new Residual(y -> y, twice).forward(v)),
                row("Maxout: sizes 2 and 2 and pieces 0 must be at least 1", () -> new Maxout(2, 2, 0)),
                row("Maxout: [2] x weight [3, 4]: the last axis must have size 3", () -> new Maxout(3, 2, 2)
                        .forward(v)),
                row("Bilinear: sizes 1, 0 and 1 must be at least 1", () -> new Bilinear(1, 0, 1)),
                row(
                        "Bilinear: [2, 3] x [3, 4] x weight [1, 3, 4]: it takes [.., 3] and [.., 4] with equal leading axes",
                        () -> new Bilinear(3, 4, 1).forward(x(2, 3), x(3, 4))),
                row("Flatten: axis 1 comes before axis 2", () -> new Flatten(2, 1)),
                row("Flatten: axis -2 comes before axis -1", () -> new Flatten(-1, -2)),
                row("Flatten: [2]: it takes [n, ..] with at least two axes", () -> new Flatten().forward(v)),
                row("Flatten: [2]: it takes axes 0 to 1", () -> new Flatten(0, 1).forward(v)),
                row("Flatten: [2, 3]: it takes axes -1 to 0", () -> new Flatten(-1, 0).forward(x(2, 3))),
                row("Unflatten: [2, 3]: axis 1 must have size 4 to become [2, 2]", () -> new Unflatten(Shape.of(2, 2))
                        .forward(x(2, 3))),
                row("Unflatten: [2]: axis 1 must have size 2 to become [2, 1]", () -> new Unflatten(Shape.of(2, 1))
                        .forward(v)));
    }

    private static Arguments row(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void bad_input_is_refused_by_name(String message, Executable call) {
        assertEquals(message, message(call));
    }

    private static String message(Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }
}
