package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;

/**
 * A table of vectors by index, {@code [..] of indices -> [.., dim]}, with the parameter {@code weight [count, dim]}, drawn
 * from N(0, 1) as in PyTorch. Indices are whole numbers from 0 to {@code count - 1} and have no gradient.
 */
public final class Embedding extends Model {
    private final Node weight;
    private final int dim;

    /** Returns a table of {@code count} vectors of {@code dim} elements. */
    public Embedding(int count, int dim) {
        if (count < 1 || dim < 1) {
            throw new IllegalArgumentException("Embedding: sizes " + count + " and " + dim + " must be at least 1");
        }
        this.dim = dim;
        this.weight = parameter("weight", Shape.of(count, dim), Initializers.normal(1));
    }

    /**
     * Returns the vectors of the indices.
     *
     * @throws OperandMismatch if one is not a whole number or out of range
     */
    @Override
    public Node forward(Node indices, Pass pass) {
        int count = weight.shape().dim(0);
        int[] rows = indices.value().toIntArray();
        for (int row : rows) {
            if (row < 0 || row >= count) {
                throw new OperandMismatch(
                        "Embedding", "index " + row + " is out of range 0 to " + (count - 1), indices.label());
            }
        }
        int[] dims =
                java.util.Arrays.copyOf(indices.shape().dims(), indices.shape().rank() + 1);
        dims[dims.length - 1] = dim;
        return weight.indexSelect(0, rows).reshape(Shape.of(dims));
    }

    @Override
    public String toString() {
        return "Embedding" + (weight == null ? "" : weight.shape());
    }
}
