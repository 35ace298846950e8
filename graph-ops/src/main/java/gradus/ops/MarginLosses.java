package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Losses that are 0 once a score or a distance is beyond a margin, and others of labels 1 and -1. Each is the mean of its terms,
 * one for each element or each row, unless a {@link Reduction} says otherwise; this is PyTorch's default. Labels are of the
 * number type of the scores and have no gradient.
 */
public final class MarginLosses {
    private static final double COSINE_EPS = 1e-12;
    private static final double DISTANCE_EPS = 1e-6;

    private MarginLosses() {}

    /** Returns {@link #hingeEmbedding(Node, Node, double, Reduction)} with margin 1, the mean. */
    public static Node hingeEmbedding(Node x, Node t) {
        return hingeEmbedding(x, t, 1, Reduction.MEAN);
    }

    /**
     * Returns x where the label is 1, and {@code max(0, margin - x)} where it is -1, reduced: two of one shape -> []. PyTorch's
     * {@code hinge_embedding_loss}.
     *
     * @param x distances
     * @param t labels, 1 or -1
     * @throws OperandMismatch if the shapes differ, a label is neither 1 nor -1, or there is nothing to take the mean of
     * @throws IllegalArgumentException if the margin is not finite
     */
    public static Node hingeEmbedding(Node x, Node t, double margin, Reduction reduction) {
        LossTerms.requireSameShape("hingeEmbedding", x, t);
        requireSettings("hingeEmbedding", margin, reduction);
        Node near = LossTerms.signs("hingeEmbedding", t).gt(0);
        return reduction.of("hingeEmbedding", x.where(near, positivePart(x.rsub(margin))));
    }

    /** Returns {@link #marginRanking(Node, Node, Node, double, Reduction)} with margin 0, the mean. */
    public static Node marginRanking(Node x1, Node x2, Node t) {
        return marginRanking(x1, x2, t, 0, Reduction.MEAN);
    }

    /**
     * Returns {@code max(0, margin - t (x1 - x2))}, reduced: three of one shape -> []. PyTorch's {@code margin_ranking_loss}.
     *
     * @param t labels: 1 if x1 should be larger than x2, -1 if smaller
     * @throws OperandMismatch if the shapes differ, a label is neither 1 nor -1, or there is nothing to take the mean of
     * @throws IllegalArgumentException if the margin is not finite
     */
    public static Node marginRanking(Node x1, Node x2, Node t, double margin, Reduction reduction) {
        Objects.requireNonNull(x1, "marginRanking: x1 is null");
        Objects.requireNonNull(x2, "marginRanking: x2 is null");
        Objects.requireNonNull(t, "marginRanking: t is null");
        LossTerms.requireSameShape("marginRanking", "x1, x2 and t must have the same shape", x1, x2, t);
        requireSettings("marginRanking", margin, reduction);
        Node gap = LossTerms.signs("marginRanking", t).mul(x1.sub(x2));
        return reduction.of("marginRanking", positivePart(gap.rsub(margin)));
    }

    /** Returns {@link #softMargin(Node, Node, Reduction)}, the mean. */
    public static Node softMargin(Node x, Node t) {
        return softMargin(x, t, Reduction.MEAN);
    }

    /**
     * Returns {@code log(1 + exp(-t x))}, reduced: two of one shape -> []. Exact for scores of any size. PyTorch's {@code
     * soft_margin_loss}.
     *
     * @param x scores
     * @param t labels, 1 or -1
     * @throws OperandMismatch if the shapes differ, a label is neither 1 nor -1, or there is nothing to take the mean of
     */
    public static Node softMargin(Node x, Node t, Reduction reduction) {
        LossTerms.requireSameShape("softMargin", x, t);
        LossTerms.requireReduction("softMargin", reduction);
        return reduction.of(
                "softMargin", LossTerms.signs("softMargin", t).mul(x).neg().softplus());
    }

    /** Returns {@link #multiMargin(Node, Node, int, double, Reduction)} with p = 1 and margin 1, the mean. */
    public static Node multiMargin(Node x, Node classes) {
        return multiMargin(x, classes, 1, 1, Reduction.MEAN);
    }

    /** Returns {@link #multiMargin(Node, Node)} for class indices in row-major order. */
    public static Node multiMargin(Node x, int... classes) {
        Objects.requireNonNull(x, "multiMargin: x is null");
        Objects.requireNonNull(classes, "multiMargin: classes is null");
        requireLastAxis("multiMargin", x);
        Shape rows = x.shape().drop(-1);
        if (rows.size() != classes.length) {
            throw new OperandMismatch(
                    "multiMargin", classes.length + " classes need as many rows of scores", x.label());
        }
        double[] values = IntStream.of(classes).asDoubleStream().toArray();
        return multiMargin(x, Node.constant(Tensor.of(rows, values)));
    }

    /**
     * Returns {@code sum over j other than k of max(0, margin - x[k] + x[j])^p / c} of each row, k its class, reduced: {@code
     * [.., c] -> []}, or {@code [..]} without reduction. The hinge loss of several classes. PyTorch's {@code multi_margin_loss}.
     *
     * @param x scores
     * @param classes the class of each row, 0 to c - 1, {@code [..]}, without gradient
     * @param p 1 or 2
     * @throws OperandMismatch if the shapes do not fit, a class is out of range, or there is nothing to take the mean of
     * @throws IllegalArgumentException if p is neither 1 nor 2, or the margin is not finite
     */
    public static Node multiMargin(Node x, Node classes, int p, double margin, Reduction reduction) {
        Objects.requireNonNull(x, "multiMargin: x is null");
        Objects.requireNonNull(classes, "multiMargin: classes is null");
        requireSettings("multiMargin", margin, reduction);
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("multiMargin: p " + p + " must be 1 or 2");
        }
        requireRows("multiMargin", x, classes);
        int c = x.shape().dim(-1);
        int[] k = ClassIndices.of("multiMargin", "class", x, c, classes.value());
        Node own = Embeddings.oneHot(c, k).reshape(x.shape());
        Node gaps = x.sub(x.gather(-1, k).unsqueeze(-1)).add(margin).relu().maskedBy(own.not());
        return reduction.of("multiMargin", (p == 1 ? gaps : gaps.square()).mean(-1));
    }

    /** Returns {@link #multilabelSoftMargin(Node, Node, Reduction)}, the mean. */
    public static Node multilabelSoftMargin(Node x, Node t) {
        return multilabelSoftMargin(x, t, Reduction.MEAN);
    }

    /**
     * Returns {@code -sum over j of (t[j] log sigmoid(x[j]) + (1 - t[j]) log(1 - sigmoid(x[j]))) / c} of each row, reduced: two
     * {@code [.., c] -> []}, or {@code [..]} without reduction. PyTorch's {@code multilabel_soft_margin_loss}.
     *
     * @param x scores
     * @param t for each class 1 if it applies, else 0
     * @throws OperandMismatch if the shapes differ or are scalars, a target is not from 0 to 1, there is no class, or nothing to take
     *     the mean of
     */
    public static Node multilabelSoftMargin(Node x, Node t, Reduction reduction) {
        LossTerms.requireSameShape("multilabelSoftMargin", x, t);
        LossTerms.requireReduction("multilabelSoftMargin", reduction);
        requireLastAxis("multilabelSoftMargin", x);
        LossTerms.requireTargets("multilabelSoftMargin", t);
        return reduction.of("multilabelSoftMargin", Losses.binaryTerms(x, t).mean(-1));
    }

    /** Returns {@link #cosineEmbedding(Node, Node, Node, double, Reduction)} with margin 0, the mean. */
    public static Node cosineEmbedding(Node x1, Node x2, Node t) {
        return cosineEmbedding(x1, x2, t, 0, Reduction.MEAN);
    }

    /**
     * Returns {@code 1 - cos} of each row where its label is 1, and {@code max(0, cos - margin)} where it is -1, cos the cosine of
     * the angle between the rows, reduced: {@code [.., d], [.., d], [..] -> []}, or {@code [..]} without reduction. 1e-12 is added
     * to the sums of squares, so the cosine of a zero vector is 0. PyTorch's {@code cosine_embedding_loss}.
     *
     * @param t labels, 1 or -1
     * @throws OperandMismatch if the shapes do not fit, a label is neither 1 nor -1, or there is nothing to take the mean of
     * @throws IllegalArgumentException if the margin is not finite
     */
    public static Node cosineEmbedding(Node x1, Node x2, Node t, double margin, Reduction reduction) {
        Objects.requireNonNull(x1, "cosineEmbedding: x1 is null");
        Objects.requireNonNull(x2, "cosineEmbedding: x2 is null");
        Objects.requireNonNull(t, "cosineEmbedding: t is null");
        LossTerms.requireSameShape("cosineEmbedding", "x1 and x2 must have the same shape, [.., d]", x1, x2);
        requireSettings("cosineEmbedding", margin, reduction);
        requireRows("cosineEmbedding", x1, t);
        Operands.requireSameType("cosineEmbedding", x1, t);
        Node like = LossTerms.signs("cosineEmbedding", t).gt(0);
        Node norm1 = x1.square().sum(-1).add(COSINE_EPS).sqrt();
        Node norm2 = x2.square().sum(-1).add(COSINE_EPS).sqrt();
        Node cos = x1.mul(x2).sum(-1).div(norm1).div(norm2); // in turn: the product of the norms may overflow
        return reduction.of("cosineEmbedding", cos.rsub(1).where(like, positivePart(cos.sub(margin))));
    }

    /**
     * Returns {@link #tripletMargin(Node, Node, Node, TripletMarginOptions)} with the default options: margin 1, Euclidean
     * distances, the mean.
     */
    public static Node tripletMargin(Node anchor, Node positive, Node negative) {
        return tripletMargin(anchor, positive, negative, TripletMarginOptions.DEFAULT);
    }

    /**
     * Returns {@code max(0, d(anchor, positive) - d(anchor, negative) + margin)} of each row, {@code d(a, b)} the p-norm of {@code
     * a - b + 1e-6}, reduced: three {@code [.., d] -> []}, or {@code [..]} without reduction. PyTorch's {@code
     * triplet_margin_loss}.
     *
     * @throws OperandMismatch if the shapes differ or are scalars, or there is nothing to take the mean of
     */
    public static Node tripletMargin(Node anchor, Node positive, Node negative, TripletMarginOptions options) {
        Objects.requireNonNull(anchor, "tripletMargin: anchor is null");
        Objects.requireNonNull(positive, "tripletMargin: positive is null");
        Objects.requireNonNull(negative, "tripletMargin: negative is null");
        String why = "anchor, positive and negative must have the same shape, [.., d]";
        LossTerms.requireSameShape("tripletMargin", why, anchor, positive, negative);
        Objects.requireNonNull(options, "tripletMargin: options is null");
        requireLastAxis("tripletMargin", anchor);
        Node near = distance(anchor, positive, options);
        Node far = distance(anchor, negative, options);
        if (options.swap()) {
            far = far.minimum(distance(positive, negative, options));
        }
        return options.reduction()
                .of("tripletMargin", positivePart(near.sub(far).add(options.margin())));
    }

    private static Node distance(Node a, Node b, TripletMarginOptions options) {
        return a.sub(b).add(DISTANCE_EPS).pNorm(options.p(), -1);
    }

    /** Returns max(0, x), with derivative 1 at 0, as PyTorch has for these losses: equal scores are to be told apart. */
    private static Node positivePart(Node x) {
        return x.clamp(0, Double.POSITIVE_INFINITY);
    }

    private static void requireSettings(String op, double margin, Reduction reduction) {
        LossTerms.requireReduction(op, reduction);
        if (!Double.isFinite(margin)) {
            throw new IllegalArgumentException(op + ": margin " + margin + " must be finite");
        }
    }

    private static void requireLastAxis(String op, Node x) {
        if (x.shape().rank() == 0 || x.shape().dim(-1) == 0) {
            throw new OperandMismatch(op, "it takes rows, [.., n] with n from 1 up", x.label());
        }
    }

    private static void requireRows(String op, Node x, Node t) {
        requireLastAxis(op, x);
        Shape rows = x.shape().drop(-1);
        if (!t.shape().equals(rows)) {
            throw new OperandMismatch(
                    op, "the target must have one element for each row, " + rows, x.label(), t.label());
        }
    }
}
