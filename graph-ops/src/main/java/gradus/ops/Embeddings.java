package gradus.ops;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Objects;

/** Vectors of class indices: rows of a table, and one-hot rows. */
public final class Embeddings {
    private Embeddings() {}

    /**
     * Returns the rows of a table that the indices give: {@code [v, d], indices [..] -> [.., d]}. The gradient adds into the
     * rows; a row without an index has gradient 0. The gradient is row-sparse: a backward pass and the step of an optimizer
     * take time and memory for the rows that are used, not for the table; see
     * {@link gradus.graph.Gradients#rowSparse}. PyTorch's {@code embedding} with {@code sparse=True}.
     *
     * @param table one row of size d for each of v classes
     * @param indices whole numbers from 0 to v - 1, of any shape and number type
     * @throws OperandMismatch if the table is no matrix, or an index is no whole number or out of range
     */
    public static Node embedding(Node table, Tensor indices) {
        Objects.requireNonNull(table, "embedding: table is null");
        Objects.requireNonNull(indices, "embedding: indices is null");
        Shape s = table.shape();
        if (s.rank() != 2) {
            throw new OperandMismatch("embedding", "the table must be a matrix [v, d]", table.label());
        }
        int[] rows = ClassIndices.of("embedding", "index", table, s.dim(0), indices);
        int[] out = Arrays.copyOf(indices.shape().dims(), indices.shape().rank() + 1);
        out[out.length - 1] = s.dim(1);
        return Node.of(new Embedding(Ints.of(rows), Shape.of(out)), table);
    }

    /** {@code y = the rows of x at the indices}; the gradient has no other rows. */
    public record Embedding(Ints indices, Shape out) implements Op {
        @Override
        public String name() {
            return "embedding";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].rows(indices.toArray()).reshape(out);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {c.rowGradient(0, indices, gy.reshape(indices.size(), out.dim(-1)))};
        }
    }

    /** Returns {@link #embedding(Node, Tensor)} by the values of a node, which gets no gradient. */
    public static Node embedding(Node table, Node indices) {
        Objects.requireNonNull(indices, "embedding: indices is null");
        return embedding(table, indices.value());
    }

    /**
     * Returns rows that are 1 at one index and 0 elsewhere: n indices -> {@code [n, classes]}, a FLOAT64 constant. PyTorch's
     * {@code one_hot}.
     *
     * @throws OperandMismatch if an index is not from 0 to {@code classes - 1}
     */
    public static Node oneHot(int classes, int... indices) {
        Shape out = Shape.of(indices.length, classes);
        int[] at = new int[indices.length];
        for (int i = 0; i < at.length; i++) {
            if (!ClassIndices.isInRange(indices[i], classes)) {
                throw ClassIndices.outOfRange("oneHot", "index", classes, indices[i], Shape.of(at.length), i, out);
            }
            at[i] = i * classes + indices[i];
        }
        return Node.constant(Tensor.ones(at.length).addBlocks(out, 1, Ints.of(at)));
    }

    /**
     * Returns rows that are 1 at the index that an element gives and 0 elsewhere: indices {@code [..] -> [.., classes]}, a constant in the
     * number type of the indices. PyTorch's {@code one_hot}.
     *
     * @param indices whole numbers from 0 to {@code classes - 1}, of any shape
     * @throws OperandMismatch if an index is no whole number or out of range
     */
    public static Node oneHot(int classes, Tensor indices) {
        Objects.requireNonNull(indices, "oneHot: indices is null");
        int[] rows = ClassIndices.of("oneHot", "index", Node.constant(indices), classes, indices);
        Node y = oneHot(classes, rows).to(indices.dtype());
        int[] out = Arrays.copyOf(indices.shape().dims(), indices.shape().rank() + 1);
        out[out.length - 1] = classes;
        return y.reshape(out);
    }
}
