package gradus.nn.optim;

import gradus.graph.Gradients;
import java.util.Objects;

/**
 * The gradients of several batches, for one step: what a batch of all their examples would give, in the memory of one. Row-sparse
 * gradients stay row-sparse.
 *
 * <pre>{@code
 * Accumulator batches = new Accumulator();
 * ..
 * batches.add(loss.backward());
 * if (batches.count() == 4) {
 *     optimizer.step(batches.takeMean());
 * }
 * }</pre>
 */
public final class Accumulator {
    private Gradients sum;
    private double weights;
    private int count;

    /** Returns an accumulator without gradients. */
    public Accumulator() {}

    /** Adds the gradients of a batch. */
    public void add(Gradients gradients) {
        add(gradients, 1);
    }

    /**
     * Adds the gradients of a batch with a weight in the mean, such as its number of examples where batches differ.
     *
     * @throws IllegalArgumentException if the weight is not a positive number
     */
    public void add(Gradients gradients, double weight) {
        Objects.requireNonNull(gradients, "Accumulator.add: gradients is null");
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("Accumulator: the weight " + weight + " must be a positive number");
        }
        Gradients weighted = weight == 1 ? gradients : gradients.map(g -> g.mul(weight));
        sum = sum == null ? weighted : sum.add(weighted);
        weights += weight;
        count++;
    }

    /** Returns the number of batches since the last {@link #takeMean}. */
    public int count() {
        return count;
    }

    /**
     * Returns the mean of the gradients, and begins again with none. A parameter that some batches did not reach counts as 0 there.
     *
     * @throws IllegalStateException if there are none
     */
    public Gradients takeMean() {
        if (count == 0) {
            throw new IllegalStateException("Accumulator: there are no gradients; add some before their mean is taken");
        }
        double all = weights;
        Gradients mean = sum.map(g -> g.div(all));
        sum = null;
        weights = 0;
        count = 0;
        return mean;
    }
}
