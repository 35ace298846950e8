package gradus.nn;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.Embeddings;
import java.util.Objects;

/**
 * A table of vectors by index, {@code [..] of indices -> [.., dim]}, with the parameter {@code weight [count, dim]}, drawn
 * from N(0, 1) by default. Indices are whole numbers from 0 to {@code count - 1} and have no gradient. PyTorch's {@code Embedding}.
 *
 * <p>The gradient of the table has only the rows that were used, as PyTorch's with {@code sparse=True}, and optimizers update
 * only these; {@link gradus.nn.optim.Optimizer#lazyRows lazyRows(false)} gives the steps of PyTorch's default.
 *
 * <p>{@link TiedLinear} is an output layer with the same table.
 */
public final class Embedding extends Model {
    private final int count;
    private final int dim;
    private final Initializer initializer;
    private Node weight;
    /** The index whose row is constant, or -1. */
    private int paddingIndex = -1;

    /** Returns a table of {@code count} vectors of {@code dim} elements. */
    public Embedding(int count, int dim) {
        this(count, dim, Initializers.normal(1));
    }

    /** Returns a table of {@code count} vectors of {@code dim} elements, drawn by an initializer. */
    public Embedding(int count, int dim, Initializer weight) {
        Objects.requireNonNull(weight, "Embedding: weight is null");
        if (count < 1 || dim < 1) {
            throw new IllegalArgumentException("Embedding: sizes " + count + " and " + dim + " must be at least 1");
        }
        this.count = count;
        this.dim = dim;
        this.initializer = weight;
        this.weight = parameter("weight", Shape.of(count, dim), weight);
    }

    /**
     * Lets an index stand for padding: its row is 0 at first, and what is looked up there has no gradient, so that training does not change
     * it. PyTorch's {@code padding_idx}. Returns this layer.
     *
     * @throws IllegalArgumentException if there is no such row
     */
    public Embedding paddingIndex(int index) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "Embedding.paddingIndex: index " + index + " must be from 0 to " + (count - 1));
        }
        double[] padding = new double[count];
        padding[index] = 1;
        Tensor mask = Tensor.of(Shape.of(count, 1), padding);
        weight = redeclare("paddingIndex", "weight", (s, random) -> Tensor.zeros(s, DType.FLOAT64)
                .where(mask, initializer.draw(s, random)));
        paddingIndex = index;
        return this;
    }

    Node weight() {
        return weight;
    }

    /**
     * Returns the vectors of the indices.
     *
     * @throws OperandMismatch if one is not a whole number or out of range
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Embedding", x, pass);
        Node y = Embeddings.embedding(weight, x);
        if (paddingIndex < 0) {
            return y;
        }
        Tensor trained = x.value().map(i -> i == paddingIndex ? 0 : 1).to(weight.dtype());
        Node padding = Embeddings.embedding(weight, Tensor.of(paddingIndex)).detach();
        return y.where(Node.constant(trained).unsqueeze(-1), padding);
    }

    @Override
    public String toString() {
        return "Embedding"
                + (weight == null
                        ? ""
                        : Shape.of(count, dim) + (paddingIndex < 0 ? "" : " with padding index " + paddingIndex));
    }
}
