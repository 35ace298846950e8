package gradus.nn;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.Normalization;
import java.util.Objects;

/**
 * Layer normalisation over rows of the last axes, {@code y = gamma (x - mean) / sqrt(var + 1e-5) + beta}, {@code [.., features] -> [..,
 * features]}, with mean and biased variance of each row. Parameters {@code gamma}, 1 at first, and {@code beta}, 0, of the shape of a row. Ba,
 * Kiros and Hinton 2016. PyTorch's {@code LayerNorm}.
 */
public final class LayerNorm extends Model {
    private final Shape row;
    private final Node gamma;
    private final Node beta;

    /**
     * Returns a layer for rows of these sizes.
     *
     * @throws IllegalArgumentException if there is no size, or one is below 1
     */
    public LayerNorm(int... features) {
        Objects.requireNonNull(features, "LayerNorm: features is null");
        row = Shape.of(features);
        if (row.rank() == 0 || row.size() == 0) {
            throw new IllegalArgumentException("LayerNorm: sizes " + row + " must be one or more, each at least 1");
        }
        gamma = parameter("gamma", row, Initializers.constant(1));
        beta = parameter("beta", row, Initializers.constant(0));
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("LayerNorm", x, pass);
        return Normalization.layerNorm(x, gamma, beta, 1e-5);
    }

    @Override
    public String toString() {
        return "LayerNorm" + row;
    }
}
