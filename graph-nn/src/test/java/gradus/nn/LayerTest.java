package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayerTest {
    private static Sequential model() {
        return Sequential.of(new Linear(3, 4), Node::tanh, Sequential.of(new Linear(4, 4), new Linear(4, 2)));
    }

    @Test
    void parameters_have_paths_in_the_order_of_the_layers() {
        assertEquals(
                List.of("0.weight", "0.bias", "2.0.weight", "2.0.bias", "2.1.weight", "2.1.bias"),
                List.copyOf(model().parameters().keySet()));
        assertEquals(Shape.of(4, 2), model().parameters().get("2.1.weight").shape());
    }

    @Test
    void a_layer_made_of_others_lists_their_parameters_and_a_shared_one_once() {
        Linear shared = new Linear(2, 2);
        Layer twice = new Layer() {
            @Override
            public Node forward(Node x) {
                return shared.forward(shared.forward(x));
            }

            @Override
            public Map<String, Layer> layers() {
                return Map.of("first", shared, "again", shared); // of no order: taken by name
            }
        };
        assertEquals(
                List.of("0.again.weight", "0.again.bias"),
                List.copyOf(Sequential.of(twice).parameters().keySet()));
        GradientCheck.of(twice.parameters(), () -> twice.forward(Node.constant(new double[][] {{1, -1}})))
                .verify();
    }

    @Test
    void the_output_is_xW_plus_b_over_any_leading_axes() {
        Linear layer = new Linear(3, 2);
        Tensor w = layer.parameters().get("weight").value();
        Tensor b = layer.parameters().get("bias").value();
        Tensor x = Tensor.uniform(Shape.of(2, 5, 3), -1, 1, RandomStream.of(1, "x"));
        Tensor y = layer.forward(Node.constant(x)).value();
        assertEquals(Shape.of(2, 5, 2), y.shape());
        Tensor gap = y.sub(x.matmul(w).add(b)).abs();
        assertTrue(gap.max().item() < 1e-15, gap::toString);
        assertEquals(Shape.of(2), layer.forward(Node.constant(1.0, 2.0, 3.0)).shape());
    }

    @Test
    void gradients_of_a_whole_model_agree_with_numbers() {
        Sequential model = model();
        Node x = Node.constant(Tensor.uniform(Shape.of(5, 3), -1, 1, RandomStream.of(1, "x")));
        GradientCheck.of(model.parameters(), () -> model.forward(x)).verify();
    }

    @Test
    void the_same_seed_draws_the_same_bits_and_another_does_not() {
        Sequential a = model();
        Sequential b = model();
        a.seed(7);
        b.seed(7);
        a.parameters()
                .forEach((path, p) ->
                        assertEquals(p.value(), b.parameters().get(path).value(), path));
        b.seed(8);
        a.parameters()
                .forEach((path, p) ->
                        assertNotEquals(p.value(), b.parameters().get(path).value(), path));
    }

    @Test
    void layers_of_one_size_start_differently_and_a_written_one_is_left_alone() {
        Linear trained = new Linear(2, 2);
        trained.parameters().get("weight").assign(Tensor.eye(2, DType.FLOAT64));
        Sequential model = Sequential.of(new Linear(2, 2), new Linear(2, 2), trained);
        Map<String, Node> p = model.parameters();
        assertNotEquals(p.get("0.weight").value(), p.get("1.weight").value());
        assertEquals(Tensor.eye(2, DType.FLOAT64), p.get("2.weight").value());
        assertSame(trained.parameters().get("weight"), p.get("2.weight"));
    }

    @Test
    void what_was_seeded_is_not_drawn_again_by_a_model_around_it() {
        Linear encoder = new Linear(2, 2);
        encoder.seed(42);
        Tensor seeded = encoder.parameters().get("weight").value();
        assertEquals(
                seeded,
                Sequential.of(encoder, new Linear(2, 1))
                        .parameters()
                        .get("0.weight")
                        .value());
    }

    @Test
    void an_initialiser_of_the_wrong_shape_or_fan_is_refused() {
        Initializer wrong = (s, random) -> Tensor.zeros(3);
        assertThrows(IllegalArgumentException.class, () -> new Parameter("p", Shape.of(2), wrong));
        assertThrows(IllegalArgumentException.class, () -> Initializers.fanIn(0));
    }

    @Test
    void conversion_keeps_values_and_drawing_keeps_the_number_type() {
        Sequential a = model();
        Tensor before = a.parameters().get("0.weight").value();
        a.to(DType.FLOAT32);
        assertEquals(before.to(DType.FLOAT32), a.parameters().get("0.weight").value());
        a.seed(3);
        Tensor single = a.parameters().get("2.0.weight").value();
        Sequential b = model();
        b.seed(3);
        assertEquals(b.parameters().get("2.0.weight").value().to(DType.FLOAT32), single);
    }

    @Test
    void misfits_name_the_layer_and_its_parameters() {
        String sizes = assertThrows(
                        IllegalArgumentException.class, () -> model().forward(Node.constant(Tensor.zeros(2, 5))))
                .getMessage();
        assertEquals("Linear: [2, 5] x 0.weight [3, 4]: the last axis must have size 3", sizes);
        String types = assertThrows(IllegalArgumentException.class, () -> model().forward(
                                Node.constant(Tensor.zeros(2, 3).to(DType.FLOAT32))))
                .getMessage();
        assertTrue(types.contains("0.weight") && types.contains("FLOAT32") && types.contains("FLOAT64"), types);
        assertThrows(IllegalArgumentException.class, () -> new Linear(0, 2));
    }

    @Test
    void a_model_prints_its_layers() {
        assertEquals("Sequential[Linear[3, 4], function, Sequential[Linear[4, 4], Linear[4, 2]]]", model().toString());
    }

    static Stream<Arguments> initializers() {
        double gain = Math.sqrt(2);
        return Stream.of(
                Arguments.of("fan-in", Initializers.fanIn(400), 1 / Math.sqrt(3 * 400.0)),
                Arguments.of("xavierUniform", Initializers.xavierUniform(1), Math.sqrt(2 / 1000.0)),
                Arguments.of("xavierNormal", Initializers.xavierNormal(5 / 3.0), 5 / 3.0 * Math.sqrt(2 / 1000.0)),
                Arguments.of("heUniform", Initializers.heUniform(gain), Math.sqrt(2 / 400.0)),
                Arguments.of("heNormal", Initializers.heNormal(gain), Math.sqrt(2 / 400.0)),
                Arguments.of("normal", Initializers.normal(0.01), 0.01),
                Arguments.of("constant", Initializers.constant(0), 0.0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("initializers")
    void initial_values_have_the_spread_that_the_papers_give(String name, Initializer init, double std) {
        for (Shape s : List.of(Shape.of(400, 600), Shape.of(150, 100, 2, 2))) { // of the same fans
            Tensor w = init.draw(s, RandomStream.of(1, name));
            assertEquals(0, w.sum().item() / w.size(), 5 * std / Math.sqrt(w.size()) + 1e-300);
            assertEquals(std, Math.sqrt(w.mul(w).sum().item() / w.size()), 0.01 * std);
        }
    }
}
