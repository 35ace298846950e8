package gradus.ops;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The beta distribution, of density {@code x^(alpha-1) (1-x)^(beta-1) / B(alpha, beta)} for x from 0 to 1. See {@link
 * Distributions#beta}.
 *
 * @param alpha PyTorch's {@code concentration1}, of the shape of the batch
 * @param beta PyTorch's {@code concentration0}, of the shape of the batch
 */
public record Beta(Node alpha, Node beta) implements Distribution {
    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, or one is not positive and finite
     */
    public Beta {
        DistributionChecks.requirePositive("beta", "alpha", alpha);
        DistributionChecks.requirePositive("beta", "beta", beta);
        Shape batch = DistributionChecks.batch("beta", alpha, beta);
        alpha = DistributionChecks.expanded(alpha, batch);
        beta = DistributionChecks.expanded(beta, batch);
    }

    @Override
    public Shape batchShape() {
        return alpha.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("beta.logProb", alpha, x, v -> v >= 0 && v <= 1, "from 0 to 1");
        return Gamma.xLogY(alpha.sub(1), x)
                .add(Gamma.xLogY(beta.sub(1), x.rsub(1)))
                .sub(logBeta());
    }

    /** Returns {@code log B(alpha, beta) = log(gamma(alpha) gamma(beta) / gamma(alpha + beta))}. */
    Node logBeta() {
        return alpha.lgamma().add(beta.lgamma()).sub(alpha.add(beta).lgamma());
    }

    /**
     * Returns {@code log B(alpha, beta) - (alpha - 1) digamma(alpha) - (beta - 1) digamma(beta) + (alpha + beta - 2) digamma(alpha +
     * beta)}.
     */
    @Override
    public Node entropy() {
        Node total = alpha.add(beta);
        return logBeta()
                .sub(alpha.sub(1).mul(alpha.digamma()))
                .sub(beta.sub(1).mul(beta.digamma()))
                .add(total.sub(2).mul(total.digamma()));
    }

    /** Returns {@code alpha / (alpha + beta)}. */
    @Override
    public Node mean() {
        return alpha.div(alpha.add(beta));
    }

    /** Returns {@code alpha beta / ((alpha + beta)^2 (alpha + beta + 1))}. */
    @Override
    public Node variance() {
        Node total = alpha.add(beta);
        return alpha.mul(beta).div(total.square().mul(total.add(1)));
    }

    /**
     * Returns draws {@code g / (g + h)} for g and h from gamma distributions, limited to numbers above 0 and below 1, where the
     * density is finite, as in PyTorch; the gradients are those of {@link Gamma#sample}.
     */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node g = Gamma.logDraws("beta.sample", alpha, shape, random);
        Node h = Gamma.logDraws("beta.sample", beta, shape, random);
        return inside(g.sub(h).sigmoid());
    }

    /** Returns x limited to the numbers of its type above 0, as far as they are normal, and below 1. */
    static Node inside(Node x) {
        return x.dtype() == DType.FLOAT64
                ? x.clamp(Double.MIN_NORMAL, Math.nextDown(1.0))
                : x.clamp(Float.MIN_NORMAL, Math.nextDown(1f));
    }
}
