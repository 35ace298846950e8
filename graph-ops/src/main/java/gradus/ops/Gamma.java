package gradus.ops;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The gamma distribution, of density {@code rate^a x^(a-1) exp(-rate x) / gamma(a)} for x from 0 up, with a the concentration. See
 * {@link Distributions#gamma}.
 *
 * @param concentration the shape parameter a, of the shape of the batch
 * @param rate the reciprocal of the scale, of the shape of the batch
 */
public record Gamma(Node concentration, Node rate) implements Distribution {
    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, or one is not positive and finite
     */
    public Gamma {
        DistributionChecks.requirePositive("gamma", "concentration", concentration);
        DistributionChecks.requirePositive("gamma", "rate", rate);
        Shape batch = DistributionChecks.batch("gamma", concentration, rate);
        concentration = DistributionChecks.expanded(concentration, batch);
        rate = DistributionChecks.expanded(rate, batch);
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("gamma.logProb", rate, x, v -> v >= 0, "from 0 up and finite");
        Node a = concentration;
        return a.mul(rate.log()).add(xLogY(a.sub(1), x)).sub(rate.mul(x)).sub(a.lgamma());
    }

    /** Returns {@code a log x}, 0 where both are 0. */
    static Node xLogY(Node a, Node x) {
        return a.mul(x.log().maskedBy(a.ne(0).or(x.ne(0))));
    }

    /** Returns {@code a - log(rate) + log gamma(a) + (1 - a) digamma(a)}. */
    @Override
    public Node entropy() {
        Node a = concentration;
        return a.sub(rate.log()).add(a.lgamma()).add(a.rsub(1).mul(a.digamma()));
    }

    /** Returns {@code a / rate}. */
    @Override
    public Node mean() {
        return concentration.div(rate);
    }

    /** Returns {@code a / rate^2}. */
    @Override
    public Node variance() {
        return concentration.div(rate.square());
    }

    /**
     * Returns draws by inversion of the cdf, at least the smallest normal number of their type. Their gradient with respect to the
     * concentration is {@code -(dF/da) / (dF/dx)}, to a relative 1e-11.
     */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node x = logDraws("gamma.sample", concentration, shape, random).exp().div(rate);
        double least = rate.dtype() == DType.FLOAT64 ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        return x.clamp(least, Double.POSITIVE_INFINITY);
    }

    /** Returns the logarithms of draws of rate 1, which unlike the draws do not underflow: {@code shape + a.shape}. */
    static Node logDraws(String op, Node a, Shape shape, RandomStream random) {
        Node u = Noise.of(op, shape, a.shape(), DType.FLOAT64, random, Noise::open);
        return Node.of(new IncompleteGamma.LogQuantile(), DistributionChecks.expanded(a, u.shape()), u);
    }
}
