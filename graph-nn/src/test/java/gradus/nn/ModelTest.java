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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelTest {
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

    /** A model that uses one layer twice. */
    private static final class Twice extends Model {
        private final Linear first;
        private final Linear again;

        Twice(Linear shared) {
            first = layer("first", shared);
            again = layer("again", shared);
        }

        @Override
        public Node forward(Node x, Pass pass) {
            return again.forward(first.forward(x, pass), pass);
        }
    }

    @Test
    void a_shared_layer_has_its_first_path_only() {
        Model twice = Sequential.of(new Twice(new Linear(2, 2)));
        assertEquals(
                List.of("0.first.weight", "0.first.bias"),
                List.copyOf(twice.parameters().keySet()));
        assertEquals(twice.parameters().keySet(), twice.state().keySet());
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
    void gradients_of_a_whole_model_agree_with_finite_differences() {
        Sequential model = model();
        Node x = Node.constant(Tensor.uniform(Shape.of(5, 3), -1, 1, RandomStream.of(1, "x")));
        GradientCheck.of(model.parameters(), () -> model.forward(x)).verify();
    }

    @Test
    void the_same_seed_draws_the_same_bits_and_another_does_not() {
        Sequential a = model();
        Sequential b = model();
        a.initialize(7);
        b.initialize(7);
        a.parameters()
                .forEach((path, p) ->
                        assertEquals(p.value(), b.parameters().get(path).value(), path));
        b.initialize(8);
        a.parameters()
                .forEach((path, p) ->
                        assertNotEquals(p.value(), b.parameters().get(path).value(), path));
    }

    @Test
    void equal_layers_never_start_with_equal_weights_however_they_are_nested() {
        Model all = Sequential.of(
                new Linear(2, 2),
                new Linear(2, 2),
                Sequential.of(new Linear(2, 2)),
                Sequential.of(Sequential.of(new Linear(2, 2)), new Linear(2, 2)));
        Model other = Sequential.of(new Linear(2, 2));
        List<Tensor> weights = Stream.concat(all.parameters().values().stream(), other.parameters().values().stream())
                .map(Node::value)
                .toList();
        for (int i = 0; i < weights.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertNotEquals(weights.get(i), weights.get(j));
            }
        }
        all.initialize(1);
        Map<String, Node> p = all.parameters();
        assertNotEquals(p.get("2.0.weight").value(), p.get("3.1.weight").value());
    }

    @Test
    void composing_layers_changes_no_value() {
        Linear encoder = new Linear(2, 2);
        Tensor before = encoder.parameters().get("weight").value();
        Model model = Sequential.of(encoder, new Linear(2, 1));
        assertEquals(before, model.parameters().get("0.weight").value());
        assertSame(encoder.parameters().get("weight"), model.parameters().get("0.weight"));
    }

    @Test
    void an_initializer_of_the_wrong_shape_or_fan_is_refused() {
        Initializer wrong = (s, random) -> Tensor.zeros(3);
        assertThrows(IllegalArgumentException.class, () -> new Linear(2, 2, wrong));
        assertThrows(IllegalArgumentException.class, () -> Initializers.fanIn(0));
    }

    // ---- declaring parts

    @Test
    void an_error_of_an_anonymous_model_says_that_it_is_a_model() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Model() {
                    {
                        buffer("w", Tensor.ones(1));
                        buffer("w", Tensor.ones(1));
                    }

                    @Override
                    public Node forward(Node x, Pass pass) {
                        return x;
                    }
                })
                .getMessage();
        assertEquals("Model: there are two parts called w", message);
    }

    /** A model whose constructor does whatever a test wants. */
    private static final class Declaring extends Model {
        Object kept;

        Declaring(Consumer<Declaring> constructor) {
            constructor.accept(this);
        }

        @Override
        public Node forward(Node x, Pass pass) {
            return x;
        }
    }

    static Stream<Arguments> badParts() {
        Initializer zero = Initializers.constant(0);
        return Stream.of(
                Arguments.of("two parts called a", (Consumer<Declaring>) m -> {
                    m.layer("a", new Linear(1, 1));
                    m.parameter("a", Shape.of(1), zero);
                }),
                Arguments.of("a part is called 'a.b'", (Consumer<Declaring>) m -> m.layer("a.b", Node::relu)),
                Arguments.of("a part is called ''", (Consumer<Declaring>) m -> m.buffer("", Tensor.ones(1))),
                Arguments.of("contains this model itself", (Consumer<Declaring>) m -> m.layer("a", m)),
                Arguments.of("contains this model itself", (Consumer<Declaring>) m -> m.layer("a", Sequential.of(m))));
    }

    @ParameterizedTest
    @MethodSource("badParts")
    void parts_that_cannot_have_a_path_are_refused(String message, Consumer<Declaring> constructor) {
        String found = assertThrows(IllegalArgumentException.class, () -> new Declaring(constructor))
                .getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void a_field_that_holds_an_undeclared_part_is_an_error_that_names_it() {
        Linear hidden = new Linear(2, 2);
        for (Object part :
                List.of(hidden, List.of(hidden), Map.of("x", hidden), Node.variable(1.0), new Linear[] {hidden})) {
            Model model = Sequential.of(new Declaring(m -> m.kept = part));
            String found =
                    assertThrows(IllegalStateException.class, model::parameters).getMessage();
            assertTrue(found.contains("0: ") && found.contains("field kept"), found);
        }
        Sequential lambda = Sequential.of(x -> hidden.forward(x).relu());
        String found =
                assertThrows(IllegalStateException.class, lambda::parameters).getMessage();
        assertTrue(found.contains("0: a layer that is not a Model uses the model Linear[2, 2]"), found);
        hidden.freeze();
        lambda = Sequential.of(x -> hidden.forward(x));
        assertThrows(IllegalStateException.class, lambda::state);
        Dropout dropout = new Dropout(0.5);
        assertThrows(IllegalStateException.class, Sequential.of(x -> dropout.forward(x))::state);
        Model onlyBuffer = new Declaring(m -> m.buffer("b", Tensor.ones(1)));
        assertThrows(IllegalStateException.class, Sequential.of(x -> onlyBuffer.forward(x))::state);
        Sequential wrapped = Sequential.of(dropout);
        assertEquals(Map.of(), Sequential.of(dropout, x -> wrapped.forward(x)).state());
        assertEquals(
                Map.of(),
                Sequential.of(new Declaring(m -> m.kept = Node.constant(1.0))).parameters());
        Linear declared = new Linear(2, 2);
        assertEquals(
                2,
                Sequential.of(declared, x -> declared.forward(x)).parameters().size());
    }

    // ---- state

    @Test
    void the_number_type_is_read_without_making_the_next_step_copy() {
        Linear model = new Linear(2, 2);
        Tensor[] written = new Tensor[2];
        Node weight = model.parameters().get("weight");
        weight.update(t -> written[0] = t);
        assertEquals(DType.FLOAT64, model.dtype());
        weight.update(t -> written[1] = t);
        assertSame(written[0], written[1]);
    }

    @Test
    void a_state_is_loaded_whole_or_not_at_all() {
        Sequential model = model();
        Map<String, Tensor> before = model.state();
        Map<String, Tensor> wrong = new LinkedHashMap<>(before);
        wrong.put("0.weight", Tensor.ones(4, 3));
        wrong.put("0.bias", Tensor.ones(4).to(DType.FLOAT32));
        wrong.remove("2.1.bias");
        wrong.put("9.gain", Tensor.ones(1));
        wrong.put("2.0.weight", Tensor.ones(4, 4));
        String found = assertThrows(IllegalArgumentException.class, () -> model.load(wrong))
                .getMessage();
        for (String part : new String[] {
            "2.1.bias is missing",
            "9.gain is unknown",
            "0.weight is FLOAT64 [4, 3], the model's is FLOAT64 [3, 4]",
            "0.bias is FLOAT32 [4], the model's is FLOAT64 [4]"
        }) {
            assertTrue(found.contains(part), found);
        }
        assertEquals(before, model.state());
        Sequential other = model();
        other.load(before);
        assertEquals(before, other.state());
    }

    @Test
    void frozen_parameters_are_constants_and_stay_in_the_state() {
        Sequential model = model();
        model.freeze("2.0", "0.bias");
        assertEquals(
                List.of("0.weight", "2.1.weight", "2.1.bias"),
                List.copyOf(model.parameters().keySet()));
        assertEquals(6, model.state().size());
        Node loss = model.forward(Node.constant(Tensor.ones(2, 3))).sum();
        assertEquals(3, loss.backward().of(model.parameters()).size());
        model.unfreeze("2.0.weight");
        assertEquals(4, model.parameters().size());
        model.unfreeze();
        assertEquals(6, model.parameters().size());
        String found = assertThrows(IllegalArgumentException.class, () -> model.freeze("7"))
                .getMessage();
        assertTrue(found.contains("nothing is called 7") && found.contains("0.weight"), found);
    }

    @Test
    void prediction_records_no_graph_and_gives_the_value_of_forward() {
        Sequential model = model();
        Tensor x = Tensor.ones(2, 3);
        boolean[] tracked = new boolean[1];
        Sequential watched = Sequential.of(model, y -> {
            tracked[0] = y.isTracked();
            return y;
        });
        assertEquals(model.forward(Node.constant(x)).value(), watched.predict(x));
        assertEquals(false, tracked[0]);
        watched.forward(Node.constant(x));
        assertEquals(true, tracked[0]);
    }

    @Test
    void a_summary_counts_parameters_and_multiply_adds_by_layer() {
        Sequential model = Sequential.of(
                new Conv2d(1, 4, 3), Node::relu, new MaxPool2d(2), new Flatten(), new Linear(4 * 13 * 13, 10));
        String summary = model.summary(Shape.of(1, 28, 28));
        List<String> rows =
                summary.lines().map(r -> r.replaceAll(" {2,}", " | ")).toList();
        // 26 x 26 x 4 results of 3 x 3 products; 676 x 10
        assertEquals("0 | Conv2d[4, 1, 3, 3] | [n, 4, 26, 26] | 40 | 24,336", rows.get(1));
        assertEquals("1 | function | [n, 4, 26, 26] | 0 | 0", rows.get(2));
        assertEquals("2 | MaxPool2d[2] | [n, 4, 13, 13] | 0 | 0", rows.get(3));
        assertEquals("4 | Linear[676, 10] | [n, 10] | 6,770 | 6,760", rows.get(5));
        assertEquals("total | 6,810 | 31,096", rows.get(6));
        String shared = Sequential.of(new Twice(new Linear(2, 2))).summary(Shape.of(2));
        assertTrue(shared.lines().anyMatch(r -> r.replaceAll(" {2,}", " | ").equals("total | 6 | 8")), shared);
    }

    @Test
    void conversion_keeps_values_and_drawing_keeps_the_number_type() {
        Sequential a = model();
        Tensor before = a.parameters().get("0.weight").value();
        a.to(DType.FLOAT32);
        assertEquals(before.to(DType.FLOAT32), a.parameters().get("0.weight").value());
        a.initialize(3);
        Tensor single = a.parameters().get("2.0.weight").value();
        Sequential b = model();
        b.initialize(3);
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
}
