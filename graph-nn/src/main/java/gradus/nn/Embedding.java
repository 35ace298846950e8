package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.Embeddings;

/**
 * A table of vectors by index, {@code [..] of indices -> [.., dim]}, with the parameter {@code weight [count, dim]}, drawn
 * from N(0, 1) as in PyTorch. Indices are whole numbers from 0 to {@code count - 1} and have no gradient.
 *
 * <p>The gradient of the table has only the rows that were used, as PyTorch's with {@code sparse=True}, and optimizers update
 * only these; {@link gradus.nn.optim.Optimizer#lazyRows lazyRows(false)} gives the steps of PyTorch's default.
 */
public final class Embedding extends Model {
    private final Node weight;

    /** Returns a table of {@code count} vectors of {@code dim} elements. */
    public Embedding(int count, int dim) {
        if (count < 1 || dim < 1) {
            throw new IllegalArgumentException("Embedding: sizes " + count + " and " + dim + " must be at least 1");
        }
        this.weight = parameter("weight", Shape.of(count, dim), Initializers.normal(1));
    }

    /**
     * Returns the vectors of the indices.
     *
     * @throws OperandMismatch if one is not a whole number or out of range
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Embedding", x, pass);
        return Embeddings.embedding(weight, x);
    }

    @Override
    public String toString() {
        return "Embedding" + (weight == null ? "" : weight.shape());
    }
}
