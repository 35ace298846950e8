package gradus.nn;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.Normalization;

/**
 * Division by the root mean square over the last axes, each row of them by itself, {@code [.., features..] -> [..,
 * features..]}: {@code y = gamma x / sqrt(mean(x^2) + eps)} (Zhang and Sennrich 2019). Epsilon is by default that of
 * the number type, 2^-52 in FLOAT64 and 2^-23 in FLOAT32, as in PyTorch. Training and evaluation do not differ.
 * PyTorch's {@code RMSNorm}.
 *
 * <p>Parameter {@code gamma [features..]}, 1 at first.
 */
public final class RmsNorm extends Model {
    private final Shape features;
    private double epsilon = Double.NaN;
    private Node gamma;

    /**
     * Returns a layer for rows of these sizes: {@code new RmsNorm(512)} for the last axis.
     *
     * @throws IllegalArgumentException if there is none, or one is less than 1
     */
    public RmsNorm(int... features) {
        this.features = Norms.features("RmsNorm", features);
        gamma = parameter("gamma", this.features, Initializers.constant(1));
    }

    /** Sets what is added to the mean square. Returns this layer. */
    public RmsNorm epsilon(double newEpsilon) {
        requireUnused("epsilon");
        epsilon = Norms.epsilon("RmsNorm", newEpsilon);
        return this;
    }

    /**
     * Removes gamma: {@code y = x / sqrt(mean(x^2) + eps)}. PyTorch's {@code elementwise_affine=False}. Returns this layer.
     */
    public RmsNorm withoutAffine() {
        undeclare("withoutAffine", "gamma");
        gamma = null;
        return this;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("RmsNorm", x, pass);
        double unit = x.dtype() == DType.FLOAT64 ? 0x1p-52 : 0x1p-23;
        double added = Double.isNaN(epsilon) ? unit : epsilon;
        return gamma == null ? Normalization.rmsNorm(x, features, added) : Normalization.rmsNorm(x, gamma, added);
    }

    @Override
    public String toString() {
        return "RmsNorm" + (features == null ? "" : features + (gamma == null ? " without affine" : ""));
    }
}
