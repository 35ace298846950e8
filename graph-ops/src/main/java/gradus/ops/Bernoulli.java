package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Objects;

/**
 * The Bernoulli distribution: 1 with a probability p, else 0. It holds the logarithms of both probabilities, which are exact near 0
 * and 1. See {@link Distributions#bernoulli} and {@link Distributions#bernoulliWithLogits}.
 *
 * @param logOne {@code log p}, of the shape of the batch
 * @param logZero {@code log(1 - p)}, of the shape of the batch
 */
public record Bernoulli(Node logOne, Node logZero) implements Distribution {
    /**
     * Checks the parameters.
     *
     * @throws gradus.array.OperandMismatch if the shapes differ, or two probabilities do not have the sum 1
     */
    public Bernoulli {
        Objects.requireNonNull(logOne, "bernoulli: logOne is null");
        Objects.requireNonNull(logZero, "bernoulli: logZero is null");
        if (!logOne.shape().equals(logZero.shape())) {
            throw new OperandMismatch("bernoulli", "the shapes differ", logOne.label(), logZero.label());
        }
        DistributionChecks.requireOne(
                "bernoulli", logOne.detach().exp().add(logZero.detach().exp()));
    }

    /** Returns p. */
    public Node probs() {
        return logOne.exp();
    }

    @Override
    public Shape batchShape() {
        return logOne.shape();
    }

    /**
     * Returns {@code log p} where x is 1, {@code log(1 - p)} where it is 0.
     *
     * @throws gradus.array.OperandMismatch if x does not broadcast, or holds anything else
     */
    @Override
    public Node logProb(Node x) {
        Node one = DistributionChecks.requireDiscrete("bernoulli.logProb", logOne, x, v -> v == 0 || v == 1, "0 or 1");
        return logOne.where(one, logZero);
    }

    @Override
    public Node entropy() {
        return Categorical.plogp(logOne).add(Categorical.plogp(logZero)).neg();
    }

    /** Returns p. */
    @Override
    public Node mean() {
        return probs();
    }

    /** Returns {@code p (1 - p)}. */
    @Override
    public Node variance() {
        return logOne.add(logZero).exp();
    }

    /** Returns draws, constants; see {@link Distributions#gumbelSoftmax} for draws that have a gradient. */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node u = Noise.of("bernoulli.sample", shape, batchShape(), logOne.dtype(), random, Noise::open);
        return u.lt(probs().detach());
    }
}
