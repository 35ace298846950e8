package gradus.nn;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.Normalization;

/**
 * The running mean and variance of a normalisation layer: {@code running = (1 - m) running + m batch}. The momentum m
 * weighs the new batch; in a cumulative average it is 1 / (number of batches so far), and the running statistics are
 * the mean of those of all batches.
 */
final class RunningStatistics {
    private final Buffer mean;
    private final Buffer var;
    private final Buffer batches;
    private final double momentum;
    /** The number of batches of a recomputation so far; below 0 while there is none. */
    private long recomputed = -1;

    /** Takes the buffers of a layer; the number of batches is null unless the average is cumulative. */
    RunningStatistics(Buffer mean, Buffer var, Buffer batches, double momentum) {
        this.mean = mean;
        this.var = var;
        this.batches = batches;
        this.momentum = momentum;
    }

    static Tensor initialMean(int features) {
        return Tensor.zeros(Shape.of(features), DType.FLOAT64);
    }

    static Tensor initialVar(int features) {
        return Tensor.ones(Shape.of(features), DType.FLOAT64);
    }

    /**
     * Returns x {@code [n, features, ..]}, normalised by these statistics; gamma and beta are both null if there are none.
     */
    Node normalized(Node x, Node gamma, Node beta, double epsilon) {
        Tensor m;
        Tensor v;
        synchronized (this) { // both of one update
            m = mean.value();
            v = var.value();
        }
        Node scale = gamma == null ? Node.constant(Tensor.ones(m.shape(), m.dtype())) : gamma;
        Node shift = gamma == null ? Node.constant(Tensor.zeros(m.shape(), m.dtype())) : beta;
        return Normalization.batchNorm(x, scale, shift, Node.constant(m), Node.constant(v), epsilon);
    }

    /** Begins a recomputation: the statistics are the mean of those of the batches from now on, until {@link #end}. */
    synchronized void begin() {
        recomputed = 0;
    }

    synchronized void end() {
        recomputed = -1;
    }

    /** Moves the statistics towards those of a batch, the variance unbiased. */
    synchronized void update(Tensor batchMean, Tensor batchVar) {
        recomputed += recomputed < 0 ? 0 : 1;
        Tensor count = batches == null
                ? null
                : recomputed < 0
                        ? batches.value().add(1)
                        : batches.value().mul(0).add((double) recomputed);
        double m = recomputed > 0 ? 1.0 / recomputed : count == null ? momentum : 1 / count.item();
        move(mean, batchMean, m);
        move(var, batchVar, m);
        if (count != null) {
            batches.set(count);
        }
    }

    private static void move(Buffer running, Tensor batch, double m) {
        running.set(running.value().mul(1 - m).add(batch.mul(m)));
    }
}
