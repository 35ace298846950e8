package gradus.ops;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The log-normal distribution, that of {@code exp(y)} for a normal y of mean {@code loc} and standard deviation {@code scale}. See
 * {@link Distributions#logNormal}.
 *
 * @param loc the mean of the logarithm, of the shape of the batch
 * @param scale the standard deviation of the logarithm, of the shape of the batch
 */
public record LogNormal(Node loc, Node scale) implements Distribution {
    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, one is not finite, or the scale is not positive
     */
    public LogNormal {
        DistributionChecks.requireFinite("logNormal", "loc", loc);
        DistributionChecks.requirePositive("logNormal", "scale", scale);
        Shape batch = DistributionChecks.batch("logNormal", loc, scale);
        loc = DistributionChecks.expanded(loc, batch);
        scale = DistributionChecks.expanded(scale, batch);
    }

    /** Returns the distribution of the logarithm. */
    Normal ofLog() {
        return new Normal(loc, scale);
    }

    @Override
    public Shape batchShape() {
        return loc.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("logNormal.logProb", loc, x, v -> v > 0, "positive and finite");
        Node log = x.log();
        return ofLog().logProb(log).sub(log);
    }

    /** Returns {@code loc + log(scale) + log(2 pi e) / 2}. */
    @Override
    public Node entropy() {
        return ofLog().entropy().add(loc);
    }

    /** Returns {@code exp(loc + scale^2 / 2)}. */
    @Override
    public Node mean() {
        return scale.square().div(2).add(loc).exp();
    }

    /** Returns {@code (exp(scale^2) - 1) exp(2 loc + scale^2)}. */
    @Override
    public Node variance() {
        Node square = scale.square();
        return square.expm1().mul(loc.mul(2).add(square).exp());
    }

    /** Returns the probability of values up to x, 0 for x below 0. */
    public Node cdf(Node x) {
        DistributionChecks.requireNumber("logNormal.cdf", x);
        return ofLog().cdf(x.clamp(0, Double.POSITIVE_INFINITY).log());
    }

    /**
     * Returns the x of which {@link #cdf} is p: {@code exp(loc + scale Phi^-1(p))}.
     *
     * @throws gradus.array.OperandMismatch if p is not from 0 to 1
     */
    public Node icdf(Node p) {
        DistributionChecks.requireProbability("logNormal.icdf", "p", p);
        return ofLog().icdf(p).exp();
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node z = Noise.of("logNormal.sample", shape, batchShape(), loc.dtype(), random, RandomStream::nextGaussian);
        return z.mul(scale).add(loc).exp();
    }
}
