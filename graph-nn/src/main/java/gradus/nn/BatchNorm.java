package gradus.nn;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.nn.init.Initializers;
import gradus.ops.BatchNormalized;
import gradus.ops.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Batch normalisation over all axes but axis 1, {@code [n, features, ..] -> [n, features, ..]}: {@code y = gamma (x -
 * mean) / sqrt(var + eps) + beta} (Ioffe and Szegedy 2015). PyTorch's {@code BatchNorm1d}, {@code BatchNorm2d} and
 * {@code BatchNorm3d}.
 *
 * <p>In training, mean and biased variance are those of the batch, and the running statistics move towards the batch's mean
 * and unbiased variance: {@code running = (1 - momentum) running + momentum batch}, once a pass. In evaluation the running
 * statistics are used. Defaults as in PyTorch: eps 1e-5, momentum 0.1. The book (Deep Learning from Scratch) weighs the old
 * value instead: its 0.9 is 0.1 here.
 *
 * <p>Parameters {@code gamma [features]}, 1 at first, and {@code beta [features]}, 0; buffers {@code runningMean}, 0 at
 * first, and {@code runningVar}, 1.
 */
public final class BatchNorm extends Model {
    private final int features;
    private final double epsilon;
    private final Buffer runningMean;
    private final Buffer runningVar;
    private Node gamma;
    private Node beta;
    private RunningStatistics running;

    /** Returns a layer for this many features or channels. */
    public BatchNorm(int features) {
        this(features, 1e-5, 0.1);
    }

    /**
     * Returns a layer with another epsilon and momentum.
     *
     * @param momentum the weight of the new batch in the running statistics, from 0 to 1
     */
    public BatchNorm(int features, double epsilon, double momentum) {
        if (features < 1 || !(epsilon >= 0) || !(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("BatchNorm: features " + features + " must be at least 1, epsilon "
                    + epsilon + " at least 0, momentum " + momentum + " from 0 to 1");
        }
        this.features = features;
        this.epsilon = epsilon;
        Shape s = Shape.of(features);
        gamma = parameter("gamma", s, Initializers.constant(1));
        beta = parameter("beta", s, Initializers.constant(0));
        runningMean = buffer("runningMean", RunningStatistics.initialMean(features));
        runningVar = buffer("runningVar", RunningStatistics.initialVar(features));
        running = new RunningStatistics(runningMean, runningVar, null, momentum);
    }

    /**
     * Removes gamma and beta: {@code y = (x - mean) / sqrt(var + eps)}. PyTorch's {@code affine=False}. Returns this layer.
     */
    public BatchNorm withoutAffine() {
        undeclare("withoutAffine", "gamma", "beta");
        gamma = null;
        beta = null;
        return this;
    }

    /**
     * Lets the running statistics be the mean of those of all batches so far, whose number is the buffer {@code
     * batches}, in place of a moving average. PyTorch's {@code momentum=None}. Returns this layer.
     */
    public BatchNorm cumulativeAverage() {
        requireUnused("cumulativeAverage");
        Buffer batches = buffer("batches", Tensor.scalar(0, DType.FLOAT64));
        running = new RunningStatistics(runningMean, runningVar, batches, 0);
        return this;
    }

    /**
     * Replaces the running statistics of all batch normalisation layers in a model by the means of those of the batches that some
     * training passes compute: those of weights that were averaged. Layers that no pass reaches keep theirs. PyTorch's {@code
     * update_bn}. For a data set see {@code Trainer.updateBatchNorm}.
     *
     * @param passes calls {@code model.forward(x, Pass.training(seed, i))} for some batches, without steps; after an exception all
     *     buffers have their values of before
     */
    public static void recompute(Model model, Runnable passes) {
        Objects.requireNonNull(model, "BatchNorm.recompute: model is null");
        Objects.requireNonNull(passes, "BatchNorm.recompute: passes is null");
        List<RunningStatistics> all = new ArrayList<>();
        if (model instanceof BatchNorm own) {
            all.add(own.running);
        }
        model.walk((path, part) -> {
            if (part instanceof BatchNorm inner) {
                all.add(inner.running);
            }
        });
        Runnable restore = model.snapshot();
        all.forEach(RunningStatistics::begin);
        try {
            passes.run();
        } catch (RuntimeException | Error e) {
            restore.run();
            throw e;
        } finally {
            all.forEach(RunningStatistics::end);
        }
    }

    /** Returns the number that is added to the variance. */
    public double epsilon() {
        return epsilon;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("BatchNorm", x, pass);
        Shape s = x.shape();
        if (s.rank() < 2 || s.dim(1) != features) {
            throw new OperandMismatch("BatchNorm", "it takes [n, " + features + ", ..]", x.label());
        }
        if (!pass.isTraining()) {
            return running.normalized(x, gamma, beta, epsilon);
        }
        long count = s.size() / features;
        if (count < 2) {
            throw new OperandMismatch(
                    "BatchNorm", "training needs at least 2 values of each feature to have a variance", x.label());
        }
        BatchNormalized y =
                gamma == null ? Normalization.batchNorm(x, epsilon) : Normalization.batchNorm(x, gamma, beta, epsilon);
        if (!Derivatives.isRecomputing()) { // the first computation has updated them
            running.update(y.mean().value(), y.var().value().mul(count / (count - 1.0)));
        }
        return y.values();
    }

    @Override
    public String toString() {
        return "BatchNorm[" + features + "]" + (features > 0 && gamma == null ? " without affine" : "");
    }
}
