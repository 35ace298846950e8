package gradus.ops;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The Laplace distribution, of density {@code exp(-|x - loc| / scale) / (2 scale)}. See {@link Distributions#laplace}.
 *
 * @param loc the expected value, of the shape of the batch
 * @param scale the mean distance from it, of the shape of the batch
 */
public record Laplace(Node loc, Node scale) implements Distribution {
    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, one is not finite, or the scale is not positive
     */
    public Laplace {
        DistributionChecks.requireFinite("laplace", "loc", loc);
        DistributionChecks.requirePositive("laplace", "scale", scale);
        Shape batch = DistributionChecks.batch("laplace", loc, scale);
        loc = DistributionChecks.expanded(loc, batch);
        scale = DistributionChecks.expanded(scale, batch);
    }

    @Override
    public Shape batchShape() {
        return loc.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("laplace.logProb", loc, x, v -> true, "finite");
        return x.sub(loc).abs().div(scale).neg().sub(scale.mul(2).log());
    }

    /** Returns {@code 1 + log(2 scale)}. */
    @Override
    public Node entropy() {
        return scale.mul(2).log().add(1);
    }

    @Override
    public Node mean() {
        return loc;
    }

    /** Returns {@code 2 scale^2}. */
    @Override
    public Node variance() {
        return scale.square().mul(2);
    }

    /**
     * Returns the probability of values up to x: {@code exp(z) / 2} for {@code z = (x - loc) / scale} below 0, else
     * {@code 1 - exp(-z) / 2}.
     */
    public Node cdf(Node x) {
        DistributionChecks.requireNumber("laplace.cdf", x);
        Node z = x.sub(loc).div(scale);
        return z.exp().div(2).where(z.lt(0), z.neg().exp().div(2).rsub(1));
    }

    /**
     * Returns the x of which {@link #cdf} is p: {@code loc + scale log(2 p)} for p below 1/2, else {@code loc - scale log(2 - 2 p)}.
     *
     * @throws gradus.array.OperandMismatch if p is not from 0 to 1
     */
    public Node icdf(Node p) {
        DistributionChecks.requireProbability("laplace.icdf", "p", p);
        Node low = p.lt(0.5);
        Node log = p.where(low, p.rsub(1)).mul(2).log();
        return log.where(low, log.neg()).mul(scale).add(loc);
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node z = Noise.of("laplace.sample", shape, batchShape(), loc.dtype(), random, Noise::laplace);
        return z.mul(scale).add(loc);
    }
}
