package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;

/**
 * The uniform distribution, of density {@code 1 / (high - low)} from low to high, both included. See {@link Distributions#uniform}.
 *
 * @param low the lower bound, of the shape of the batch
 * @param high the upper bound, of the shape of the batch
 */
public record Uniform(Node low, Node high) implements Distribution {
    /**
     * Broadcasts the parameters.
     *
     * @throws OperandMismatch if they do not broadcast, one is not finite, or low is not below high
     */
    public Uniform {
        DistributionChecks.requireFinite("uniform", "low", low);
        DistributionChecks.requireFinite("uniform", "high", high);
        Shape batch = DistributionChecks.batch("uniform", low, high);
        low = DistributionChecks.expanded(low, batch);
        high = DistributionChecks.expanded(high, batch);
        double[] from = low.value().toDoubleArray();
        double[] to = high.value().toDoubleArray();
        for (int i = 0; i < from.length; i++) {
            if (!(from[i] < to[i])) {
                String why = "low" + ClassIndices.position(batch, i) + " is " + from[i] + "; it must be below high, "
                        + to[i];
                throw new OperandMismatch("uniform", why, low.label(), high.label());
            }
        }
    }

    private Node width() {
        return high.sub(low);
    }

    @Override
    public Shape batchShape() {
        return low.shape();
    }

    @Override
    public Node logProb(Node x) {
        DistributionChecks.requireSupport("uniform.logProb", low, x, v -> true, "finite");
        Tensor outside = x.lt(low).or(x.gt(high)).value();
        double[] mask = outside.toDoubleArray();
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 0) {
                Shape s = outside.shape();
                String why = "x" + ClassIndices.position(s, i) + " is "
                        + x.value().expandTo(s).toDoubleArray()[i]
                        + "; it must be from low, " + low.value().expandTo(s).toDoubleArray()[i] + ", to high, "
                        + high.value().expandTo(s).toDoubleArray()[i];
                throw new OperandMismatch("uniform.logProb", why, x.label());
            }
        }
        return width().log().neg().expandTo(outside.shape());
    }

    /** Returns {@code log(high - low)}. */
    @Override
    public Node entropy() {
        return width().log();
    }

    /** Returns {@code (low + high) / 2}. */
    @Override
    public Node mean() {
        return low.add(high).div(2);
    }

    /** Returns {@code (high - low)^2 / 12}. */
    @Override
    public Node variance() {
        return width().square().div(12);
    }

    /** Returns the probability of values up to x: {@code (x - low) / (high - low)}, limited to 0 and 1. */
    public Node cdf(Node x) {
        DistributionChecks.requireNumber("uniform.cdf", x);
        return x.sub(low).div(width()).clamp(0, 1);
    }

    /**
     * Returns the x of which {@link #cdf} is p: {@code low + p (high - low)}.
     *
     * @throws OperandMismatch if p is not from 0 to 1
     */
    public Node icdf(Node p) {
        DistributionChecks.requireProbability("uniform.icdf", "p", p);
        return p.mul(width()).add(low);
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node u = Noise.of("uniform.sample", shape, batchShape(), low.dtype(), random, RandomStream::nextDouble);
        return u.mul(width()).add(low);
    }
}
