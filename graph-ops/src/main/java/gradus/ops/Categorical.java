package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;

/**
 * The categorical distribution over the numbers of k classes, 0 to k - 1. See {@link Distributions#categorical} and {@link
 * Distributions#categoricalWithLogits}.
 *
 * @param probs the probabilities, whose sum along the last axis is 1: {@code batch + [k]}
 * @param logProbs their logarithms: {@code batch + [k]}
 */
public record Categorical(Node probs, Node logProbs) implements Distribution {
    /**
     * Checks the parameters.
     *
     * @throws OperandMismatch if there is no last axis, it is empty, the shapes differ, probabilities do not have the sum 1, or a
     *     logarithm is not that of its probability
     */
    public Categorical {
        String op = "categorical";
        DistributionChecks.requireProbability(op, "probs", probs);
        Objects.requireNonNull(logProbs, "categorical: logProbs is null");
        DistributionChecks.requireVectors(op, probs);
        if (!logProbs.shape().equals(probs.shape())) {
            throw new OperandMismatch(op, "the shapes differ", probs.label(), logProbs.label());
        }
        DistributionChecks.requireOne(op, probs.detach().sum(-1));
        DistributionChecks.requireLogarithms(op, "logProbs", probs.detach(), logProbs);
    }

    @Override
    public Shape batchShape() {
        return logProbs.shape().drop(-1);
    }

    /**
     * Returns the logarithms of the probabilities of classes.
     *
     * @param x class indices, whole numbers from 0 to k - 1, which broadcast with the batch
     * @throws gradus.array.OperandMismatch if they do not broadcast, or an element is no class
     */
    @Override
    public Node logProb(Node x) {
        int k = logProbs.shape().dim(-1);
        String op = "categorical.logProb";
        String support = "a whole number from 0 to " + (k - 1);
        Node index = DistributionChecks.requireDiscrete(
                op, logProbs.detach().select(-1, 0), x, v -> v >= 0 && v < k && v == Math.rint(v), support);
        Shape batch = Shape.broadcast(op, batchShape(), x.shape());
        Node all = DistributionChecks.expanded(logProbs, MatrixBatch.join(batch, Shape.of(k)));
        Tensor at = index.value().expandTo(batch).reshape(MatrixBatch.join(batch, Shape.of(1)));
        return all.gather(-1, at).squeeze(-1);
    }

    /** Returns {@code -sum of p log p}, where a probability of 0 adds 0 and has gradient 0. */
    @Override
    public Node entropy() {
        return pTimes(probs, logProbs).sum(-1).neg();
    }

    /** Returns {@code p x}, 0 where p is 0, even where x is infinite or NaN. */
    static Node pTimes(Node p, Node x) {
        return p.mul(x.maskedBy(p.ne(0)));
    }

    /** Returns the expected class index as a number, {@code sum of i p[i]}; PyTorch's is NaN. */
    @Override
    public Node mean() {
        return probs.mul(indices()).sum(-1);
    }

    /** Returns the variance of the class index as a number, {@code sum of (i - mean)^2 p[i]}; PyTorch's is NaN. */
    @Override
    public Node variance() {
        return probs.mul(indices().sub(mean().unsqueeze(-1)).square()).sum(-1);
    }

    private Node indices() {
        return Node.constant(Tensor.range(0, logProbs.shape().dim(-1)).to(logProbs.dtype()));
    }

    /** Returns class indices, constants; see {@link Distributions#gumbelSoftmax} for draws that have a gradient. */
    @Override
    public Node sample(Shape shape, RandomStream random) {
        Shape batch = batchShape();
        Node u = Noise.of("categorical.sample", shape, batch, DType.FLOAT64, random, Noise::open);
        double[] draws = u.value().toDoubleArray();
        double[] p = probs.value().toDoubleArray();
        int k = logProbs.shape().dim(-1);
        for (int i = 0; i < draws.length; i++) {
            draws[i] = draw(p, i % batch.size() * k, k, draws[i]);
        }
        return Node.constant(Tensor.of(u.shape(), draws).to(logProbs.dtype()));
    }

    /** Returns the first class at which the cumulative probability exceeds u, or the last possible one. */
    private static int draw(double[] p, int from, int k, double u) {
        double rest = u;
        int last = 0;
        for (int j = 0; j < k; j++) {
            rest -= p[from + j];
            if (p[from + j] > 0) {
                last = j;
            }
            if (rest < 0) {
                return j;
            }
        }
        return last;
    }
}
