package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.Node.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EmbeddingsTest {
    private final Node table = variable(new double[][] {{1, 2}, {3, 4}, {5, 6}}).named("table");

    @Test
    void an_embedding_gathers_rows_and_its_gradient_is_scattered_to_them() {
        Tensor indices = Tensor.of(new double[][] {{2, 0}, {2, 2}});
        Node y = Embeddings.embedding(table, indices);
        assertEquals(Tensor.of(Shape.of(2, 2, 2), 5, 6, 1, 2, 5, 6, 5, 6), y.value());
        assertEquals(
                Tensor.of(new double[][] {{1, 1}, {0, 0}, {3, 3}}),
                y.sum().backward().of(table).value());
        assertEquals(
                y.value(),
                Embeddings.embedding(table, constant(indices.to(DType.FLOAT32))).value());
        assertEquals(
                Tensor.of(3, 4), Embeddings.embedding(table, Tensor.of(1.0)).value());
        assertEquals(
                Shape.of(0, 5, 2),
                Embeddings.embedding(table, Tensor.zeros(0, 5)).shape());
    }

    @Test
    void the_gradient_has_only_the_rows_that_were_used() {
        Tensor indices = Tensor.of(new double[][] {{2, 0}, {2, 2}});
        Gradients g = Embeddings.embedding(table, indices).sum().backward();
        assertEquals(Ints.of(0, 2), g.rowSparse(table).indices());
        assertEquals(
                Tensor.of(new double[][] {{1, 1}, {3, 3}}), g.rowSparse(table).rows());
        Node none = Embeddings.embedding(table, Tensor.zeros(0, 5));
        assertEquals(Ints.of(), none.sum().backward().rowSparse(table).indices());
    }

    @Test
    void an_invalid_index_is_named_with_its_position() {
        Tensor indices = Tensor.of(new double[][] {{2, 0}, {3, 2}});
        assertMessage(
                "embedding: table [3, 2]: index 3 at [1, 0] is out of range: they run from 0 to 2",
                () -> Embeddings.embedding(table, indices));
        assertMessage(
                "embedding: table [3, 2]: index -1 is out of range: they run from 0 to 2",
                () -> Embeddings.embedding(table, Tensor.of(-1.0)));
        assertMessage(
                "embedding: table [3, 2]: indices must be whole numbers; toIntArray: [2]: 0.5 at position 1 is not an int",
                () -> Embeddings.embedding(table, Tensor.of(0, 0.5)));
        assertMessage(
                "embedding: [2]: the table must be a matrix [v, d]",
                () -> Embeddings.embedding(variable(1.0, 2.0), Tensor.of(0.0)));
        assertMessage(
                "oneHot: [2, 3]: index 3 at [1] is out of range: they run from 0 to 2",
                () -> Embeddings.oneHot(3, 0, 3));
    }

    @Test
    void a_one_hot_row_is_one_at_its_index() {
        assertEquals(
                Tensor.of(new double[][] {{0, 0, 1}, {1, 0, 0}}),
                Embeddings.oneHot(3, 2, 0).value());
    }

    @Test
    void one_hot_rows_of_a_tensor_have_its_axes_and_number_type() {
        Tensor indices = Tensor.of(new double[][] {{2, 0}, {1, 1}, {0, 2}});
        Tensor y = Embeddings.oneHot(3, indices).value();
        assertEquals(Shape.of(3, 2, 3), y.shape());
        assertEquals(Embeddings.oneHot(3, 2, 0, 1, 1, 0, 2).value(), y.reshape(6, 3));
        assertEquals(
                y.to(DType.FLOAT32),
                Embeddings.oneHot(3, indices.to(DType.FLOAT32)).value());
        assertEquals(Tensor.of(0, 1), Embeddings.oneHot(2, Tensor.of(1.0)).value());
        assertEquals(Shape.of(0, 5, 4), Embeddings.oneHot(4, Tensor.zeros(0, 5)).shape());
        assertMessage(
                "oneHot: [3, 2]: index 2 at [0, 0] is out of range: they run from 0 to 1",
                () -> Embeddings.oneHot(2, indices));
        assertMessage(
                "oneHot: []: indices must be whole numbers; toIntArray: []: 0.5 at position 0 is not an int",
                () -> Embeddings.oneHot(2, Tensor.of(0.5)));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(OperandMismatch.class, call).getMessage());
    }
}
