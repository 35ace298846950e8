package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.check.GradientCheck;
import gradus.nn.init.Initializers;
import gradus.nn.io.PyTorchWeights;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.ops.Losses;
import gradus.ops.Positions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tables by index and by position, and the table that two layers share. */
class EmbeddingTest {
    private static final Node INDICES = Node.constant(new double[][] {{0, 2, 1}, {2, 2, 3}});

    // ---- padding

    @Test
    void the_row_of_padding_is_zero_at_first_and_training_does_not_change_it() {
        Embedding e = new Embedding(4, 3).paddingIndex(2);
        requireZeroRow(e);
        e.initialize(5);
        requireZeroRow(e);
        assertNotEquals(Tensor.zeros(1, 3), e.state().get("weight").rows(3));
        Optimizer adam = new Adam(e.parameters(), 0.1);
        Tensor before = e.state().get("weight");
        for (int step = 0; step < 3; step++) {
            Node y = e.forward(INDICES);
            assertEquals(Tensor.zeros(3), y.value().rows(1).slice(1, 1, 2).reshape(3));
            adam.step(y.add(1).square().sum().backward());
        }
        requireZeroRow(e);
        assertNotEquals(before.rows(0), e.state().get("weight").rows(0));
    }

    private static void requireZeroRow(Embedding e) {
        assertEquals(Tensor.zeros(1, 3), e.state().get("weight").rows(2));
    }

    @Test
    void the_gradient_of_padding_is_zero_whatever_its_row_holds() {
        Embedding e = new Embedding(4, 2).paddingIndex(2);
        e.load(Map.of("weight", Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}})));
        Node y = e.forward(INDICES);
        assertEquals(
                Tensor.of(Shape.of(2, 3, 2), 1, 2, 5, 6, 3, 4, 5, 6, 5, 6, 7, 8),
                y.value(),
                "a loaded row is looked up");
        assertEquals(
                Tensor.of(new double[][] {{1, 1}, {1, 1}, {0, 0}, {1, 1}}),
                y.sum().backward().of(e.parameters()).get("weight"));
    }

    @Test
    void a_padding_index_keeps_the_initializer_and_is_refused_out_of_range_or_too_late() {
        Embedding e = new Embedding(3, 2, Initializers.constant(7)).paddingIndex(0);
        assertEquals(
                Tensor.of(new double[][] {{0, 0}, {7, 7}, {7, 7}}), e.state().get("weight"));
        assertEquals("Embedding[3, 2] with padding index 0", e.toString());
        requireMessage(
                "Embedding.paddingIndex: index 3 must be from 0 to 2", () -> new Embedding(3, 2).paddingIndex(3));
        requireMessage("Embedding: sizes 0 and 2 must be at least 1", () -> new Embedding(0, 2));
        assertTrue(assertThrows(IllegalStateException.class, () -> e.paddingIndex(1))
                .getMessage()
                .contains("settings come first"));
    }

    private static void requireMessage(String expected, Executable call) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    // ---- a shared table

    /** Predicts the next token by the table of the present one. */
    private static final class Tied extends Model {
        private final Embedding token = layer("token", new Embedding(5, 3));
        private final TiedLinear head = layer("head", new TiedLinear(token));

        @Override
        public Node forward(Node x, Pass pass) {
            return head.forward(token.forward(x, pass).tanh(), pass);
        }
    }

    @Test
    void a_tied_table_is_one_parameter_with_the_gradients_of_both_layers() {
        Tied model = new Tied();
        assertEquals(List.of("token.weight"), List.copyOf(model.parameters().keySet()));
        assertEquals(List.of("token.weight"), List.copyOf(model.state().keySet()));
        GradientCheck.of(model.parameters(), () -> model.forward(INDICES)).verify();
        Tensor w = model.state().get("token.weight");
        Tensor expected = w.rows(3).map(Math::tanh).matmul(w, false, true);
        Tensor y = model.forward(Node.constant(3.0)).value();
        assertTrue(expected.sub(y).abs().max().item() < 1e-15, y::toString);
    }

    @Test
    void a_model_with_a_tied_table_learns() {
        Embedding token = new Embedding(5, 8);
        Model model = Sequential.of(token, new Linear(8, 8), new TiedLinear(token));
        assertEquals(
                List.of("0.weight", "1.weight", "1.bias"),
                List.copyOf(model.parameters().keySet()));
        model.initialize(1);
        Node x = Node.constant(0.0, 1.0, 2.0, 3.0, 4.0);
        Node next = Node.constant(1.0, 2.0, 3.0, 4.0, 0.0);
        Optimizer adam = new Adam(model.parameters(), 0.03);
        double loss = 0;
        for (int step = 0; step < 100; step++) {
            Node l = Losses.softmaxCrossEntropy(model.forward(x, Pass.training(1, step)), next);
            adam.step(l.backward());
            loss = l.item();
        }
        assertTrue(loss < 0.05, "loss " + loss);
    }

    @Test
    void a_tied_table_is_loaded_from_either_name_of_pytorch_but_not_from_two_values() {
        Tied model = new Tied();
        Tensor w = Tensor.uniform(Shape.of(5, 3), -1, 1, RandomStream.of(1, "w"));
        Map<String, Tensor> expected = Map.of("token.weight", w);
        assertEquals(expected, PyTorchWeights.convert(model, Map.of("token.weight", w)));
        assertEquals(expected, PyTorchWeights.convert(model, Map.of("head.weight", w)));
        assertEquals(expected, PyTorchWeights.convert(model, Map.of("token.weight", w, "head.weight", w)));
        Map<String, Tensor> untied = new HashMap<>(Map.of("token.weight", w, "head.weight", w.neg()));
        requireMessage(
                "PyTorchWeights: the model shares a layer whose weights differ: head.weight",
                () -> PyTorchWeights.convert(model, untied));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PyTorchWeights.convert(model, Map.of()))
                .getMessage()
                .startsWith("PyTorchWeights: the state dict has no token.weight"));
    }

    @Test
    void an_input_that_does_not_fit_the_table_is_refused() {
        String message = assertThrows(OperandMismatch.class, () -> new TiedLinear(new Embedding(5, 3))
                        .forward(Node.constant(Tensor.ones(2, 4))))
                .getMessage();
        assertEquals("TiedLinear: [2, 4] x table.weight [5, 3]: the last axis must have size 3", message);
    }

    // ---- positions

    @Test
    void the_vector_of_each_position_is_added() {
        PositionalEmbedding p = new PositionalEmbedding(5, 2);
        Tensor w = p.state().get("weight");
        Tensor x = Tensor.uniform(Shape.of(3, 4, 2), -1, 1, RandomStream.of(1, "x"));
        assertEquals(x.add(w.slice(0, 0, 4)), p.predict(x));
        assertEquals(
                p.predict(x), p.forward(Node.constant(x), Pass.training(1, 1)).value());
        PositionalEmbedding small = new PositionalEmbedding(5, 2, Initializers.normal(0.02));
        assertTrue(small.state().get("weight").abs().max().item() < 0.1);
    }

    @Test
    void encodings_without_parameters_are_those_of_positions_in_both_number_types() {
        Node x = Node.constant(Tensor.uniform(Shape.of(2, 3, 4), -1, 1, RandomStream.of(1, "x")));
        PositionalEmbedding sinusoidal = PositionalEmbedding.sinusoidal(9, 4);
        PositionalEmbedding rotary = PositionalEmbedding.rotary(9, 4);
        assertEquals(
                x.add(Positions.sinusoidal(3, 4)).value(), sinusoidal.forward(x).value());
        assertEquals(Positions.rotary(x).value(), rotary.forward(x).value());
        Node f = x.to(DType.FLOAT32);
        assertEquals(DType.FLOAT32, sinusoidal.forward(f).dtype());
        assertEquals(DType.FLOAT32, rotary.forward(f).dtype());
        assertEquals(Map.of(), sinusoidal.state());
    }

    @Test
    void a_sequence_that_is_too_long_is_refused_by_name() {
        requireMessage(
                "PositionalEmbedding: [1, 5, 2]: 5 positions are more than its 4",
                () -> new PositionalEmbedding(4, 2).forward(Node.constant(Tensor.ones(1, 5, 2))));
        requireMessage(
                "PositionalEmbedding: [1, 5, 2]: 5 positions are more than its 4",
                () -> PositionalEmbedding.rotary(4, 2).forward(Node.constant(Tensor.ones(1, 5, 2))));
        requireMessage("PositionalEmbedding: [3]: it takes [.., t, 2]", () -> PositionalEmbedding.sinusoidal(4, 2)
                .forward(Node.constant(Tensor.ones(3))));
        requireMessage("PositionalEmbedding: sizes 4 and 0 must be at least 1", () -> new PositionalEmbedding(4, 0));
        requireMessage("PositionalEmbedding: dim 3 must be even", () -> PositionalEmbedding.sinusoidal(4, 3));
        requireMessage("PositionalEmbedding: dim 3 must be even", () -> PositionalEmbedding.rotary(4, 3));
    }
}
