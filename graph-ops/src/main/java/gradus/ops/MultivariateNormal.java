package gradus.ops;

import static gradus.ops.MatrixBatch.join;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * The normal distribution of vectors of k elements, of covariance {@code L L^T}: {@code x = mean + L z} for standard normal z. See
 * {@link Distributions#multivariateNormal} and {@link Distributions#multivariateNormalWithFactor}.
 *
 * @param mean {@code batch + [k]}
 * @param factor the Cholesky factor L, a lower triangle of positive diagonal: {@code batch + [k, k]}; PyTorch's {@code scale_tril}.
 *     What is above the diagonal has gradient 0
 */
public record MultivariateNormal(Node mean, Node factor) implements Distribution {
    private static final String NAME = "multivariateNormal";

    /**
     * Broadcasts the parameters.
     *
     * @throws OperandMismatch if they do not broadcast, an element is not finite, or L is no lower triangle of positive diagonal
     */
    public MultivariateNormal {
        DistributionChecks.requireFinite(NAME, "mean", mean);
        DistributionChecks.requireFinite(NAME, "factor", factor);
        DistributionChecks.requireVectors(NAME, mean);
        MatrixBatch.requireSquare(NAME, factor);
        Shape event = Shape.of(mean.shape().dim(-1));
        if (factor.shape().dim(-1) != event.dim(0)) {
            throw new OperandMismatch(NAME, "it takes [.., k] and [.., k, k]", mean.label(), factor.label());
        }
        requireLowerTriangle(factor);
        Operands.requireSameType(NAME, mean, factor);
        Shape batch = batch(mean, factor);
        mean = DistributionChecks.expanded(mean, join(batch, event));
        factor = DistributionChecks.expanded(factor.tril(), join(batch, join(event, event)));
    }

    private static Shape batch(Node mean, Node factor) {
        try {
            return Shape.broadcast(NAME, mean.shape().drop(-1), factor.shape().drop(-2, -1));
        } catch (OperandMismatch e) {
            String why = "it takes [.., k] and [.., k, k] whose leading axes broadcast";
            throw new OperandMismatch(NAME, why, mean.label(), factor.label());
        }
    }

    private static void requireLowerTriangle(Node factor) {
        double[] l = factor.value().toDoubleArray();
        int k = factor.shape().dim(-1);
        for (int i = 0; i < l.length; i++) {
            int row = i / k % k;
            int column = i % k;
            if (row == column ? !(l[i] > 0) : row < column && l[i] != 0) {
                String why = "factor" + ClassIndices.position(factor.shape(), i) + " is " + l[i] + "; it must be "
                        + (row == column ? "positive, on the diagonal" : "0, above the diagonal");
                throw new OperandMismatch(NAME, why, factor.label());
            }
        }
    }

    @Override
    public Shape batchShape() {
        return mean.shape().drop(-1);
    }

    @Override
    public Shape eventShape() {
        return Shape.of(mean.shape().dim(-1));
    }

    /** Returns {@code L L^T}: {@code batch + [k, k]}. */
    public Node covariance() {
        return factor.matmul(factor, false, true);
    }

    /** Returns {@code -|L^-1 (x - mean)|^2 / 2 - log det L - k log(2 pi) / 2}: {@code [.., k] -> [..]}. */
    @Override
    public Node logProb(Node x) {
        String op = "multivariateNormal.logProb";
        DistributionChecks.requireEvent(op, this, mean, x);
        DistributionChecks.requireSupport(op, mean, x, v -> true, "finite");
        Node square = squaredDistance(x.sub(mean));
        return square.div(-2).sub(logDet()).sub(eventShape().dim(0) * Normal.HALF_LOG_2PI);
    }

    /** Returns {@code |L^-1 d|^2}: {@code [.., k] -> [..]}. */
    Node squaredDistance(Node d) {
        if (batchShape().rank() > 0) {
            return LinearAlgebra.triangularSolve(factor, d.unsqueeze(-1), true)
                    .square()
                    .sum(-2, -1);
        }
        Node columns = d.reshape(Shape.of(d.shape().drop(-1).size(), d.shape().dim(-1)))
                .transpose();
        Node sums =
                LinearAlgebra.triangularSolve(factor, columns, true).square().sum(0);
        return sums.reshape(d.shape().drop(-1)); // one system for all points, as the matrix is the same
    }

    /** Returns {@code log det L}: {@code batch}. */
    Node logDet() {
        return factor.diagonal(0, -2, -1).log().sum(-1);
    }

    /** Returns {@code log det L + k log(2 pi e) / 2}. */
    @Override
    public Node entropy() {
        return logDet().add(eventShape().dim(0) * (Normal.HALF_LOG_2PI + 0.5));
    }

    /** Returns the diagonal of the covariance. */
    @Override
    public Node variance() {
        return factor.square().sum(-1);
    }

    @Override
    public Node sample(Shape shape, RandomStream random) {
        Node z = Noise.of(NAME + ".sample", shape, mean.shape(), mean.dtype(), random, RandomStream::nextGaussian);
        if (batchShape().rank() > 0) {
            return factor.matmul(z.unsqueeze(-1)).squeeze(-1).add(mean);
        }
        int k = eventShape().dim(0);
        Node rows = z.reshape(Shape.of(shape.size(), k)).matmul(factor, false, true);
        return rows.reshape(z.shape()).add(mean);
    }

    /**
     * Returns the distribution of this covariance.
     *
     * @throws OperandMismatch if a matrix is not symmetric, to 1e-6 of its diagonal, or not positive definite
     */
    static MultivariateNormal ofCovariance(Node mean, Node covariance) {
        DistributionChecks.requireFinite(NAME, "mean", mean);
        DistributionChecks.requireFinite(NAME, "covariance", covariance);
        MatrixBatch.requireSquare(NAME, covariance);
        double[] a = covariance.value().toDoubleArray();
        int k = covariance.shape().dim(-1);
        for (int i = 0; i < a.length; i++) {
            int start = i - i % (k * k);
            int row = i / k % k;
            int column = i % k;
            double there = a[start + column * k + row];
            double size = Math.max(Math.abs(a[start + row * (k + 1)]), Math.abs(a[start + column * (k + 1)]));
            if (Math.abs(a[i] - there) > 1e-6 * size) {
                String why = "covariance" + ClassIndices.position(covariance.shape(), i) + " is " + a[i]
                        + ", but its mirror image is " + there + "; the matrix must be symmetric";
                throw new OperandMismatch(NAME, why, covariance.label());
            }
        }
        return new MultivariateNormal(mean, choleskyFactor(covariance));
    }

    private static Node choleskyFactor(Node covariance) {
        try {
            return LinearAlgebra.cholesky(covariance);
        } catch (OperandMismatch e) {
            throw new OperandMismatch(
                    NAME, "the covariance is not positive definite; " + e.getMessage(), covariance.label());
        }
    }

    /** Returns the Kullback-Leibler divergence of p from q. */
    static Node divergence(MultivariateNormal p, MultivariateNormal q) {
        Shape batch = DistributionChecks.batch("klDivergence", p.logDet(), q.logDet());
        Node lp = DistributionChecks.expanded(p.factor, join(batch, join(p.eventShape(), p.eventShape())));
        Node trace = LinearAlgebra.triangularSolve(q.factor, lp, true).square().sum(-2, -1);
        Node distance = q.squaredDistance(p.mean.sub(q.mean));
        return q.logDet()
                .sub(p.logDet())
                .add(trace.add(distance).sub(p.eventShape().dim(0)).div(2));
    }
}
