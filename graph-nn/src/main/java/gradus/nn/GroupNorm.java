package gradus.nn;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.Normalization;

/**
 * Group normalisation over groups of successive channels, axis 1, and all later axes, each sample by itself, {@code [n,
 * channels, ..] -> [n, channels, ..]}: {@code y = gamma (x - mean) / sqrt(var + eps) + beta} with the biased variance
 * (Wu and He 2018). Epsilon is 1e-5 by default. Training and evaluation do not differ. PyTorch's {@code GroupNorm}.
 *
 * <p>Parameters {@code gamma [channels]}, 1 at first, and {@code beta [channels]}, 0.
 */
public final class GroupNorm extends Model {
    private final int groups;
    private final int channels;
    private double epsilon = 1e-5;
    private Node gamma;
    private Node beta;

    /**
     * Returns a layer of so many groups, each of {@code channels / groups} channels.
     *
     * @throws IllegalArgumentException if a number is less than 1, or groups does not divide channels
     */
    public GroupNorm(int groups, int channels) {
        if (groups < 1 || channels < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("GroupNorm: groups " + groups
                    + " must be at least 1 and divide channels " + channels + ", at least 1");
        }
        this.groups = groups;
        this.channels = channels;
        gamma = parameter("gamma", Shape.of(channels), Initializers.constant(1));
        beta = parameter("beta", Shape.of(channels), Initializers.constant(0));
    }

    /** Sets what is added to the variance, 1e-5 by default. Returns this layer. */
    public GroupNorm epsilon(double newEpsilon) {
        requireUnused("epsilon");
        epsilon = Norms.epsilon("GroupNorm", newEpsilon);
        return this;
    }

    /**
     * Removes gamma and beta: {@code y = (x - mean) / sqrt(var + eps)}. PyTorch's {@code affine=False}. Returns this layer.
     */
    public GroupNorm withoutAffine() {
        undeclare("withoutAffine", "gamma", "beta");
        gamma = null;
        beta = null;
        return this;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("GroupNorm", x, pass);
        Norms.requireChannels("GroupNorm", x, 2, channels);
        return gamma == null
                ? Normalization.groupNorm(x, groups, epsilon)
                : Normalization.groupNorm(x, groups, gamma, beta, epsilon);
    }

    @Override
    public String toString() {
        return "GroupNorm[" + groups + ", " + channels + "]" + (channels > 0 && gamma == null ? " without affine" : "");
    }
}
