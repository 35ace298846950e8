package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Objects;

/**
 * The Bernoulli distribution: 1 with a probability p, else 0. The logarithms of both probabilities are kept besides p, as they are
 * exact near 0 and 1. See {@link Distributions#bernoulli} and {@link Distributions#bernoulliWithLogits}.
 *
 * @param probs p, of the shape of the batch
 * @param logOne {@code log p}, of the shape of the batch
 * @param logZero {@code log(1 - p)}, of the shape of the batch
 */
public record Bernoulli(Node probs, Node logOne, Node logZero) implements Distribution {
    /**
     * Checks the parameters.
     *
     * @throws OperandMismatch if the shapes differ, p is not from 0 to 1, or a logarithm is not that of its probability
     */
    public Bernoulli {
        String op = "bernoulli";
        DistributionChecks.requireProbability(op, "probs", probs);
        Objects.requireNonNull(logOne, "bernoulli: logOne is null");
        Objects.requireNonNull(logZero, "bernoulli: logZero is null");
        if (!logOne.shape().equals(probs.shape()) || !logZero.shape().equals(probs.shape())) {
            throw new OperandMismatch(op, "the shapes differ", probs.label(), logOne.label(), logZero.label());
        }
        DistributionChecks.requireLogarithms(op, "logOne", probs.detach(), logOne);
        DistributionChecks.requireLogarithms(op, "logZero", probs.detach().rsub(1), logZero);
    }

    @Override
    public Shape batchShape() {
        return probs.shape();
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

    /** Returns {@code -p log p - (1 - p) log(1 - p)}, where a probability of 0 adds 0 and has gradient 0. */
    @Override
    public Node entropy() {
        return Categorical.pTimes(probs, logOne)
                .add(Categorical.pTimes(probs.rsub(1), logZero))
                .neg();
    }

    /** Returns p. */
    @Override
    public Node mean() {
        return probs;
    }

    /** Returns {@code p (1 - p)}. */
    @Override
    public Node variance() {
        return probs.mul(probs.rsub(1));
    }

    /** Returns draws, constants; see {@link Distributions#gumbelSoftmax} for draws that have a gradient. */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node u = Noise.of("bernoulli.sample", shape, batchShape(), DType.FLOAT64, random, Noise::open);
        return u.lt(probs.detach().to(DType.FLOAT64)).to(probs.dtype());
    }
}
