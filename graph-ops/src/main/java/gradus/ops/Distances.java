package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.PairwiseDistances;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/** Distances and similarities of vectors, and vectors divided by their norm. */
public final class Distances {
    private static final double SIMILARITY_EPSILON = 1e-8;
    private static final double NORM_EPSILON = 1e-12;

    private Distances() {}

    /**
     * {@code y[i, j] = |a[i] - b[j]|}: [.., n, d], [.., m, d] -> [.., n, m]. With {@code w = gy / y} the gradients are {@code ga[i] =
     * sum over j of w[i, j] (a[i] - b[j])} and {@code gb[j] = sum over i of w[i, j] (b[j] - a[i])}.
     */
    record Euclidean() implements Op {
        @Override
        public String name() {
            return "cdist";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return PairwiseDistances.euclidean("cdist", x[0], x[1]);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node y = c.y();
            Node w = gy.div(y.add(y.eq(0))).maskedBy(y);
            return new Node[] {
                c.needs(0) ? Node.of(new WeightedDifferences(), w, c.x(0), c.x(1)) : null,
                c.needs(1) ? Node.of(new WeightedDifferences(), w.transpose(), c.x(1), c.x(0)) : null
            };
        }
    }

    /**
     * {@code y[i] = sum over j of w[i, j] (a[i] - b[j])}: inputs w [.., n, m], a [.., n, d], b [.., m, d] -> [.., n, d]. The gradients
     * are {@code gw[i, j] = gy[i] . (a[i] - b[j])}, {@code ga[i] = gy[i] sum over j of w[i, j]}, {@code gb[j] = -sum over i of w[i, j]
     * gy[i]}.
     */
    record WeightedDifferences() implements Op {
        @Override
        public String name() {
            return "weightedDifferences";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return PairwiseDistances.weightedDifferences("cdist", x[0], x[1], x[2]);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node w = c.x(0);
            return new Node[] {
                c.needs(0) ? gy.mul(c.x(1)).sumKeepDims(-1).sub(gy.matmul(c.x(2), false, true)) : null,
                c.needs(1) ? gy.mul(w.sumKeepDims(-1)) : null,
                c.needs(2) ? w.matmul(gy, true, false).neg() : null
            };
        }
    }

    /** Returns the Euclidean distances, {@link #cdist(Node, Node, double)} with {@code p = 2}. */
    public static Node cdist(Node a, Node b) {
        return cdist(a, b, 2);
    }

    /**
     * Returns the distances between every vector of a and every vector of b, {@code y[i, j] = (sum over k of |a[i, k] -
     * b[j, k]|^p)^(1/p)}: {@code [.., n, d], [.., m, d] -> [.., n, m]}; leading axes broadcast. For infinite p it is the largest
     * difference, for p = 0 the number of components that differ. A distance of 0 has gradient 0. It is exact also for vectors that are
     * near each other, as it computes differences rather than products of the vectors; but for {@code p = 2} it holds all n m d of
     * them. PyTorch's {@code cdist}.
     *
     * @throws OperandMismatch if an operand has less than two axes, or the sizes of the vectors differ
     * @throws IllegalArgumentException if p is negative or NaN
     */
    public static Node cdist(Node a, Node b, double p) {
        Objects.requireNonNull(a, "cdist: a is null");
        Objects.requireNonNull(b, "cdist: b is null");
        if (!(p >= 0)) {
            throw new IllegalArgumentException("cdist: p = " + p + " is not 0 or more");
        }
        Shape s = a.shape();
        Shape t = b.shape();
        if (s.rank() < 2 || t.rank() < 2 || s.dim(-1) != t.dim(-1)) {
            throw new OperandMismatch("cdist", "it takes [.., n, d] and [.., m, d]", a.label(), b.label());
        }
        Shape leading;
        try {
            leading = MatrixBatch.broadcast("cdist", s, t);
        } catch (OperandMismatch e) {
            throw e.naming(a.label(), b.label());
        }
        if (p == 2) {
            Node all = a.expandTo(MatrixBatch.join(leading, Shape.of(s.dim(-2), s.dim(-1))));
            return Node.of(new Euclidean(), all, b.expandTo(MatrixBatch.join(leading, Shape.of(t.dim(-2), t.dim(-1)))));
        }
        Node differences = a.unsqueeze(-2).sub(b.unsqueeze(-3));
        return s.dim(-1) == 0 ? differences.sum(-1) : differences.pNorm(p, -1);
    }

    /**
     * Returns the cosine of the angle between vectors along an axis, broadcast: {@code sum(a b) / (max(|a|, 1e-8)
     * max(|b|, 1e-8))}; the axis is dropped. PyTorch's {@code cosine_similarity}.
     *
     * @throws OperandMismatch if the operands do not broadcast, or there is no such axis
     */
    public static Node cosineSimilarity(Node a, Node b, int axis) {
        Objects.requireNonNull(a, "cosineSimilarity: a is null");
        Objects.requireNonNull(b, "cosineSimilarity: b is null");
        Shape s;
        int at;
        try {
            s = Shape.broadcast("cosineSimilarity", a.shape(), b.shape());
            at = s.axis("cosineSimilarity", axis);
        } catch (OperandMismatch e) {
            throw e.naming(a.label(), b.label());
        }
        return unit(a.expandTo(s), at).mul(unit(b.expandTo(s), at)).sum(at);
    }

    private static Node unit(Node x, int axis) {
        return x.div(x.normKeepDims(axis).clampMin(SIMILARITY_EPSILON));
    }

    /** Returns vectors divided by their Euclidean norm, {@link #normalize(Node, double, int)} with {@code p = 2}. */
    public static Node normalize(Node x, int axis) {
        return normalize(x, 2, axis);
    }

    /**
     * Returns vectors along an axis divided by their p-norm: {@code x / max((sum |x|^p)^(1/p), 1e-12)}. A vector of zeros stays so.
     * PyTorch's {@code normalize}.
     *
     * @throws OperandMismatch if there is no such axis
     * @throws IllegalArgumentException if p is negative or NaN
     */
    public static Node normalize(Node x, double p, int axis) {
        Objects.requireNonNull(x, "normalize: x is null");
        if (!(p >= 0)) {
            throw new IllegalArgumentException("normalize: p = " + p + " is not 0 or more");
        }
        try {
            int at = x.shape().axis("normalize", axis);
            return x.shape().size() == 0 ? x : x.div(x.pNormKeepDims(p, at).clampMin(NORM_EPSILON));
        } catch (OperandMismatch e) {
            throw e.naming(x.label());
        }
    }
}
