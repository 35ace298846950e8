package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The Dirichlet distribution over vectors of k probabilities, of density {@code product of x[i]^(a[i]-1)} times {@code gamma(sum of
 * a) / product of gamma(a[i])}. See {@link Distributions#dirichlet}.
 *
 * @param concentration the parameters a: {@code batch + [k]}
 */
public record Dirichlet(Node concentration) implements Distribution {
    /** By how much the sum of a vector of probabilities may differ from 1, as in PyTorch. */
    private static final double TOLERANCE = 1e-6;

    /**
     * Checks the parameters.
     *
     * @throws OperandMismatch if there is no last axis of k from 1 up, or an element is not positive and finite
     */
    public Dirichlet {
        DistributionChecks.requirePositive("dirichlet", "concentration", concentration);
        DistributionChecks.requireVectors("dirichlet", concentration);
    }

    @Override
    public Shape batchShape() {
        return concentration.shape().drop(-1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(concentration.shape().dim(-1));
    }

    /**
     * Returns the logarithm of the density: {@code [.., k] -> [..]}.
     *
     * @throws OperandMismatch if x does not broadcast, an element is negative, or a sum differs from 1 by more than 1e-6
     */
    @Override
    public Node logProb(Node x) {
        String op = "dirichlet.logProb";
        DistributionChecks.requireEvent(op, this, concentration, x);
        DistributionChecks.requireSupport(op, concentration, x, v -> v >= 0, "from 0 to 1");
        Node sums = x.detach().sum(-1);
        double[] sum = sums.value().toDoubleArray();
        for (int i = 0; i < sum.length; i++) {
            if (Math.abs(sum[i] - 1) > TOLERANCE) {
                String why = "the sum of the probabilities" + ClassIndices.position(sums.shape(), i) + " is " + sum[i]
                        + "; it must be 1";
                throw new OperandMismatch(op, why, x.label());
            }
        }
        return Gamma.xLogY(concentration.sub(1), x).sum(-1).sub(logNormalizer());
    }

    /** Returns {@code sum of log gamma(a[i]) - log gamma(sum of a)}. */
    Node logNormalizer() {
        return concentration.lgamma().sum(-1).sub(total().lgamma());
    }

    private Node total() {
        return concentration.sum(-1);
    }

    /** Returns {@code log normalizer + (sum of a - k) digamma(sum of a) - sum of (a[i] - 1) digamma(a[i])}. */
    @Override
    public Node entropy() {
        Node a = concentration;
        Node total = total();
        return logNormalizer()
                .add(total.sub(a.shape().dim(-1)).mul(total.digamma()))
                .sub(a.sub(1).mul(a.digamma()).sum(-1));
    }

    /** Returns {@code a / sum of a}. */
    @Override
    public Node mean() {
        return concentration.div(concentration.sumKeepDims(-1));
    }

    /** Returns {@code m (1 - m) / (sum of a + 1)}, with m the mean. */
    @Override
    public Node variance() {
        Node m = mean();
        return m.mul(m.rsub(1)).div(concentration.sumKeepDims(-1).add(1));
    }

    /**
     * Returns draws {@code g / sum of g} for g from gamma distributions, limited to numbers above 0 and below 1, where the density is
     * finite, as in PyTorch; the gradients are those of {@link Gamma#sample}.
     */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        return Beta.inside(
                Gamma.logDraws("dirichlet.sample", concentration, shape, random).softmax(-1));
    }
}
