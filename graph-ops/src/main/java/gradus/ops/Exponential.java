package gradus.ops;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The exponential distribution, of density {@code rate exp(-rate x)} for x from 0 up. See {@link Distributions#exponential}.
 *
 * @param rate the reciprocal of the expected value
 */
public record Exponential(Node rate) implements Distribution {
    /**
     * Checks the parameter.
     *
     * @throws gradus.array.OperandMismatch if it is not positive and finite
     */
    public Exponential {
        DistributionChecks.requirePositive("exponential", "rate", rate);
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("exponential.logProb", rate, x, v -> v >= 0, "from 0 up and finite");
        return rate.log().sub(rate.mul(x));
    }

    /** Returns {@code 1 - log(rate)}. */
    @Override
    public Node entropy() {
        return rate.log().rsub(1);
    }

    /** Returns {@code 1 / rate}. */
    @Override
    public Node mean() {
        return rate.reciprocal();
    }

    /** Returns {@code 1 / rate^2}. */
    @Override
    public Node variance() {
        return rate.square().reciprocal();
    }

    /** Returns the probability of values up to x: {@code 1 - exp(-rate x)}, 0 for x below 0. */
    public Node cdf(Node x) {
        DistributionChecks.requireNumber("exponential.cdf", x);
        return rate.mul(x.clamp(0, Double.POSITIVE_INFINITY)).neg().expm1().neg();
    }

    /**
     * Returns the x of which {@link #cdf} is p: {@code -log(1 - p) / rate}, infinite for 1.
     *
     * @throws gradus.array.OperandMismatch if p is not from 0 to 1
     */
    public Node icdf(Node p) {
        DistributionChecks.requireProbability("exponential.icdf", "p", p);
        return p.neg().log1p().neg().div(rate);
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        return Noise.of("exponential.sample", shape, batchShape(), rate.dtype(), random, Noise::exponential)
                .div(rate);
    }
}
