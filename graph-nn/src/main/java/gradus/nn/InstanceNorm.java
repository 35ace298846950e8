package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.BatchNormalized;
import gradus.ops.Normalization;
import java.util.Arrays;

/**
 * Instance normalisation over the axes after the channels, axis 1, each channel of each sample by itself, {@code [n,
 * channels, s, ..] -> [n, channels, s, ..]}: {@code y = (x - mean) / sqrt(var + eps)} with the biased variance
 * (Ulyanov, Vedaldi and Lempitsky 2016). Epsilon is 1e-5 by default. As in PyTorch it has neither parameters nor
 * buffers unless {@link #affine} or {@link #runningStatistics} add them, and without running statistics training and
 * evaluation do not differ. PyTorch's {@code InstanceNorm1d}, {@code InstanceNorm2d} and {@code InstanceNorm3d}.
 */
public final class InstanceNorm extends Model {
    private final int channels;
    private double epsilon = 1e-5;
    private Node gamma;
    private Node beta;
    private RunningStatistics running;

    /**
     * Returns a layer for this many channels.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public InstanceNorm(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("InstanceNorm: channels " + channels + " must be at least 1");
        }
        this.channels = channels;
    }

    /** Sets what is added to the variance, 1e-5 by default. Returns this layer. */
    public InstanceNorm epsilon(double newEpsilon) {
        requireUnused("epsilon");
        epsilon = Norms.epsilon("InstanceNorm", newEpsilon);
        return this;
    }

    /**
     * Adds parameters {@code gamma [channels]}, 1 at first, and {@code beta [channels]}, 0: {@code y = gamma (x - mean)
     * / sqrt(var + eps) + beta}. PyTorch's {@code affine=True}. Returns this layer.
     */
    public InstanceNorm affine() {
        requireUnused("affine");
        gamma = parameter("gamma", Shape.of(channels), Initializers.constant(1));
        beta = parameter("beta", Shape.of(channels), Initializers.constant(0));
        return this;
    }

    /**
     * Lets evaluation normalise by running statistics, the buffers {@code runningMean [channels]}, 0 at first, and
     * {@code runningVar [channels]}, 1. A training pass moves them towards the mean, over the samples, of the means and
     * unbiased variances of the channels: {@code running = (1 - momentum) running + momentum batch}. PyTorch's {@code
     * track_running_stats=True}, whose momentum is 0.1. Returns this layer.
     *
     * @throws IllegalArgumentException if momentum is not from 0 to 1
     */
    public InstanceNorm runningStatistics(double momentum) {
        requireUnused("runningStatistics");
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("InstanceNorm: momentum " + momentum + " must be from 0 to 1");
        }
        Buffer mean = buffer("runningMean", RunningStatistics.initialMean(channels));
        Buffer var = buffer("runningVar", RunningStatistics.initialVar(channels));
        running = new RunningStatistics(mean, var, null, momentum);
        return this;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("InstanceNorm", x, pass);
        Norms.requireChannels("InstanceNorm", x, 3, channels);
        if (running != null) {
            return pass.isTraining() ? training(x) : running.normalized(x, gamma, beta, epsilon);
        }
        return gamma == null
                ? Normalization.instanceNorm(x, epsilon)
                : Normalization.instanceNorm(x, gamma, beta, epsilon);
    }

    /** Normalises the channels of all samples as those of one, whose statistics are known then. */
    private Node training(Node x) {
        Shape s = x.shape();
        int n = s.dim(0);
        int count = s.drop(0, 1).size();
        if (n == 0 || count < 2) {
            throw new OperandMismatch(
                    "InstanceNorm", "training needs at least 2 values of each channel to have a variance", x.label());
        }
        BatchNormalized y = Normalization.batchNorm(x.reshape(1, n * channels, count), epsilon);
        if (!Derivatives.isRecomputing()) { // the first computation has updated them
            running.update(average(y.mean().value(), n), average(y.var().value().mul(count / (count - 1.0)), n));
        }
        Node h = y.values().reshape(s);
        if (gamma == null) {
            return h;
        }
        int[] column = new int[s.rank() - 1];
        Arrays.fill(column, 1);
        column[0] = channels;
        return h.mul(gamma.reshape(column)).add(beta.reshape(column));
    }

    private Tensor average(Tensor ofChannels, int n) {
        return ofChannels.reshape(n, channels).mean(0);
    }

    @Override
    public String toString() {
        return "InstanceNorm[" + channels + "]" + (gamma == null ? "" : " affine")
                + (running == null ? "" : " with running statistics");
    }
}
