package gradus.ops;

import static gradus.ops.DistributionChecks.batch;
import static gradus.ops.DistributionChecks.expanded;
import static gradus.ops.DistributionChecks.requireFinite;
import static gradus.ops.DistributionChecks.requireNumber;
import static gradus.ops.DistributionChecks.requirePositive;
import static gradus.ops.DistributionChecks.requireProbability;
import static gradus.ops.DistributionChecks.requireSupport;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.UnaryFunction;
import gradus.graph.Formula;
import gradus.graph.Node;
import gradus.graph.Op;
import org.apache.commons.numbers.gamma.InverseErfc;

/**
 * The normal distribution, of density {@code exp(-z^2 / 2) / (std sqrt(2 pi))} with {@code z = (x - mean) / std}. See {@link
 * Distributions#normal}.
 *
 * @param mean the expected value, of the shape of the batch
 * @param std the standard deviation, of the shape of the batch
 */
public record Normal(Node mean, Node std) implements Distribution {
    static final double HALF_LOG_2PI = Math.log(2 * Math.PI) / 2;

    /** {@code y = Phi(z)}, the standard normal cdf; {@code dy/dz = phi(z)}. */
    static final Formula CDF = Op.elementwise(
            "normalCdf",
            UnaryFunction.NORMAL_CDF,
            (c, gy) -> gy.mul(c.x(0).square().div(-2).sub(HALF_LOG_2PI).exp()));

    /** {@code y = Phi^-1(p)}, the inverse of the standard normal cdf; {@code dy/dp = 1 / phi(y) = sqrt(2 pi) e^(y^2 / 2)}. */
    static final Formula QUANTILE = Op.elementwise(
                    "normalQuantile",
                    p -> -Math.sqrt(2) * InverseErfc.value(2 * p),
                    (c, gy) -> gy.mul(c.y().square().div(2).exp().mul(Math.sqrt(2 * Math.PI))))
            .smoothOn(0.05, 0.95);

    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, one is not finite, or std is not positive
     */
    public Normal {
        requireFinite("normal", "mean", mean);
        requirePositive("normal", "std", std);
        Shape batch = batch("normal", mean, std);
        mean = expanded(mean, batch);
        std = expanded(std, batch);
    }

    @Override
    public Shape batchShape() {
        return mean.shape();
    }

    @Override
    public Node logProb(Node x) {
        requireSupport("normal.logProb", mean, x, v -> true, "finite");
        Node z = x.sub(mean).div(std);
        return z.square().div(-2).sub(std.log()).sub(HALF_LOG_2PI);
    }

    /** Returns {@code log(std) + log(2 pi e) / 2}. */
    @Override
    public Node entropy() {
        return std.log().add(HALF_LOG_2PI + 0.5);
    }

    @Override
    public Node variance() {
        return std.square();
    }

    /** Returns the probability of values up to x: {@code Phi(z) = erfc(-z / sqrt 2) / 2}, exact in both tails. */
    public Node cdf(Node x) {
        requireNumber("normal.cdf", x);
        return Node.of(CDF, x.sub(mean).div(std));
    }

    /**
     * Returns the x of which {@link #cdf} is p: {@code mean + std Phi^-1(p)}, infinite for 0 and 1.
     *
     * @throws gradus.array.OperandMismatch if p is not from 0 to 1
     */
    public Node icdf(Node p) {
        requireProbability("normal.icdf", "p", p);
        return Node.of(QUANTILE, p).mul(std).add(mean);
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node z = Noise.of("normal.sample", shape, batchShape(), mean.dtype(), random, RandomStream::nextGaussian);
        return z.mul(std).add(mean);
    }
}
