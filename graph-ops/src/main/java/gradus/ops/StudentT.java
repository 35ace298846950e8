package gradus.ops;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * Student's t distribution, of density {@code (1 + z^2 / df)^(-(df+1)/2) / (scale sqrt(df) B(df/2, 1/2))} with {@code z = (x - loc) /
 * scale}. See {@link Distributions#studentT}.
 *
 * @param df the degrees of freedom, of the shape of the batch
 * @param loc the centre, of the shape of the batch
 * @param scale of the shape of the batch
 */
public record StudentT(Node df, Node loc, Node scale) implements Distribution {
    /** Above this half of df the difference of two logarithms of gamma functions is replaced by its series, which is exact there. */
    private static final double LARGE = 1000;

    /**
     * Broadcasts the parameters.
     *
     * @throws gradus.array.OperandMismatch if they do not broadcast, one is not finite, or df or scale is not positive
     */
    public StudentT {
        DistributionChecks.requirePositive("studentT", "df", df);
        DistributionChecks.requireFinite("studentT", "loc", loc);
        DistributionChecks.requirePositive("studentT", "scale", scale);
        Shape both = DistributionChecks.batch("studentT", loc, scale);
        loc = DistributionChecks.expanded(loc, both);
        Shape batch = DistributionChecks.batch("studentT", df, loc);
        df = DistributionChecks.expanded(df, batch);
        loc = DistributionChecks.expanded(loc, batch);
        scale = DistributionChecks.expanded(scale, batch);
    }

    @Override
    public Shape batchShape() {
        return loc.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("studentT.logProb", loc, x, v -> true, "finite");
        Node z = x.sub(loc).div(scale);
        return z.square().div(df).log1p().mul(df.add(1).div(-2)).sub(logNormalizer());
    }

    /** Returns {@code log(scale sqrt(df) B(df/2, 1/2))}. */
    private Node logNormalizer() {
        Node half = df.div(2);
        Node difference = half.lgamma().sub(half.add(0.5).lgamma());
        Node r = half.reciprocal(); // for a large half the logarithms cancel: -log(half) / 2 + r / 8 - r^3 / 192 +
        // O(r^5)
        Node large = half.log().div(-2).add(r.div(8)).sub(r.pow(3).div(192));
        return scale.log()
                .add(df.log().div(2))
                .add(difference.where(half.lt(LARGE), large).add(Math.log(Math.PI) / 2));
    }

    /** Returns {@code (df + 1) / 2 (digamma((df + 1) / 2) - digamma(df / 2)) + log(scale sqrt(df) B(df/2, 1/2))}. */
    @Override
    public Node entropy() {
        Node half = df.div(2);
        Node more = half.add(0.5);
        return more.mul(more.digamma().sub(half.digamma())).add(logNormalizer());
    }

    /**
     * Returns loc.
     *
     * @throws gradus.array.OperandMismatch if a df is at most 1: the integral does not exist
     */
    @Override
    public Node mean() {
        DistributionChecks.require("studentT.mean", "df", df, v -> v > 1, "above 1 for the mean to exist");
        return loc;
    }

    /**
     * Returns {@code scale^2 df / (df - 2)}, infinite for df from 1 to 2.
     *
     * @throws gradus.array.OperandMismatch if a df is at most 1: the integral does not exist
     */
    @Override
    public Node variance() {
        DistributionChecks.require("studentT.variance", "df", df, v -> v > 1, "above 1 for the variance to exist");
        return scale.square().mul(df).div(df.sub(2)).where(df.gt(2), Double.POSITIVE_INFINITY);
    }

    /** Returns draws {@code loc + scale z sqrt(df / (2 g))} for a standard normal z and g from the gamma distribution of df / 2. */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        DType dtype = loc.dtype();
        Node z = Noise.of("studentT.sample", shape, batchShape(), dtype, random, RandomStream::nextGaussian);
        Node half = df.div(2);
        Node log = half.log().sub(Gamma.logDraws("studentT.sample", half, shape, random));
        return z.mul(log.div(2).exp()).mul(scale).add(loc);
    }
}
