package gradus.ops;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The Gumbel distribution, of density {@code exp(-z - exp(-z)) / scale} with {@code z = (x - loc) / scale}. See {@link
 * Distributions#gumbel}.
 *
 * @param loc the most probable value, of the shape of the batch
 * @param scale of the shape of the batch
 */
public record Gumbel(Node loc, Node scale) implements Distribution {
    static final double EULER = 0.5772156649015329;

    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, one is not finite, or the scale is not positive
     */
    public Gumbel {
        DistributionChecks.requireFinite("gumbel", "loc", loc);
        DistributionChecks.requirePositive("gumbel", "scale", scale);
        Shape batch = DistributionChecks.batch("gumbel", loc, scale);
        loc = DistributionChecks.expanded(loc, batch);
        scale = DistributionChecks.expanded(scale, batch);
    }

    @Override
    public Shape batchShape() {
        return loc.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("gumbel.logProb", loc, x, v -> true, "finite");
        Node z = loc.sub(x).div(scale);
        return z.sub(z.exp()).sub(scale.log());
    }

    /** Returns {@code log(scale) + 1 + gamma}, with Euler's constant gamma. */
    @Override
    public Node entropy() {
        return scale.log().add(1 + EULER);
    }

    /** Returns {@code loc + gamma scale}, with Euler's constant gamma. */
    @Override
    public Node mean() {
        return scale.mul(EULER).add(loc);
    }

    /** Returns {@code (pi scale)^2 / 6}. */
    @Override
    public Node variance() {
        return scale.mul(Math.PI).square().div(6);
    }

    /** Returns the probability of values up to x: {@code exp(-exp(-z))}. */
    public Node cdf(Node x) {
        DistributionChecks.requireNumber("gumbel.cdf", x);
        return loc.sub(x).div(scale).exp().neg().exp();
    }

    /**
     * Returns the x of which {@link #cdf} is p: {@code loc - scale log(-log(p))}, infinite for 0 and 1.
     *
     * @throws gradus.array.OperandMismatch if p is not from 0 to 1
     */
    public Node icdf(Node p) {
        DistributionChecks.requireProbability("gumbel.icdf", "p", p);
        return loc.sub(p.log().neg().log().mul(scale));
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node z = Noise.of("gumbel.sample", shape, batchShape(), loc.dtype(), random, Noise::gumbel);
        return z.mul(scale).add(loc);
    }
}
