package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Objects;

/**
 * A linear layer without a bias that shares the table of an {@link Embedding}: {@code y = x W^T}, {@code [.., dim] -> [.., count]} with W the
 * embedding's {@code weight [count, dim]}, a score of each index. It is the last layer of a language model with tied weights:
 *
 * <pre>{@code
 * private final Embedding token = layer("token", new Embedding(count, dim));
 * private final TiedLinear head = layer("head", new TiedLinear(token));
 * }</pre>
 *
 * <p>The table is one parameter, {@code token.weight} here, which is trained by the gradients of both layers and saved once. The gradient of
 * this layer has all rows, also that of a padding index. Press and Wolf 2017. In PyTorch: {@code head.weight = token.weight}.
 */
public final class TiedLinear extends Model {
    private final Embedding table;

    /** Returns a layer with the table of an embedding. */
    public TiedLinear(Embedding table) {
        Objects.requireNonNull(table, "TiedLinear: table is null");
        this.table = layer("table", table);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("TiedLinear", x, pass);
        Node weight = table.weight();
        Shape s = x.shape();
        if (s.rank() == 0 || s.dim(-1) != weight.shape().dim(1)) {
            throw new OperandMismatch(
                    "TiedLinear",
                    "the last axis must have size " + weight.shape().dim(1),
                    x.label(),
                    weight.label());
        }
        return s.rank() == 1 ? x.unsqueeze(0).matmul(weight, false, true).squeeze(0) : x.matmul(weight, false, true);
    }

    @Override
    public String toString() {
        return "TiedLinear" + (table == null ? "" : table.weight().shape());
    }
}
