package gradus.nn;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.Normalization;

/**
 * Layer normalisation over the last axes, each row of them by itself, {@code [.., features..] -> [.., features..]}:
 * {@code y = gamma (x - mean) / sqrt(var + eps) + beta} with the biased variance (Ba, Kiros and Hinton 2016). Epsilon
 * is 1e-5 by default. Training and evaluation do not differ. PyTorch's {@code LayerNorm}.
 *
 * <p>Parameters {@code gamma [features..]}, 1 at first, and {@code beta [features..]}, 0.
 */
public final class LayerNorm extends Model {
    private final Shape features;
    private double epsilon = 1e-5;
    private Node gamma;
    private Node beta;

    /**
     * Returns a layer for rows of these sizes: {@code new LayerNorm(512)} for the last axis, {@code new LayerNorm(3, 8,
     * 8)} for the last three.
     *
     * @throws IllegalArgumentException if there is none, or one is less than 1
     */
    public LayerNorm(int... features) {
        this.features = Norms.features("LayerNorm", features);
        gamma = parameter("gamma", this.features, Initializers.constant(1));
        beta = parameter("beta", this.features, Initializers.constant(0));
    }

    /** Sets what is added to the variance, 1e-5 by default. Returns this layer. */
    public LayerNorm epsilon(double newEpsilon) {
        requireUnused("epsilon");
        epsilon = Norms.epsilon("LayerNorm", newEpsilon);
        return this;
    }

    /**
     * Removes gamma and beta: {@code y = (x - mean) / sqrt(var + eps)}. PyTorch's {@code elementwise_affine=False}.
     * Returns this layer.
     */
    public LayerNorm withoutAffine() {
        undeclare("withoutAffine", "gamma", "beta");
        gamma = null;
        beta = null;
        return this;
    }

    /** Removes beta alone. PyTorch's {@code bias=False}. Returns this layer. */
    public LayerNorm withoutBias() {
        undeclare("withoutBias", "beta");
        beta = null;
        return this;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("LayerNorm", x, pass);
        if (beta != null) {
            return Normalization.layerNorm(x, gamma, beta, epsilon);
        }
        Node y = Normalization.layerNorm(x, features, epsilon);
        return gamma == null ? y : y.mul(gamma);
    }

    @Override
    public String toString() {
        return "LayerNorm"
                + (features == null ? "" : features)
                + (beta != null || features == null ? "" : gamma == null ? " without affine" : " without bias");
    }
}
