package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;

/**
 * Loss functions. Each is the mean over the batch, PyTorch's default reduction, and a composition of other ops, so it can be
 * differentiated to any order.
 */
public final class Losses {
    private static final String CROSS_ENTROPY = "softmaxCrossEntropy";

    private Losses() {}

    /**
     * Returns the mean of {@code -log softmax(logits)[i, classes[i]]}: {@code [n, c] -> []}. Exact to a few ulp for
     * logits up to 1e4 in size. PyTorch's {@code cross_entropy}.
     *
     * @param logits scores before softmax
     * @param classes the target class of each row, 0 to c - 1
     * @throws OperandMismatch if the logits are no matrix, the batch is empty, or the classes are not n or out of range
     */
    public static Node softmaxCrossEntropy(Node logits, int... classes) {
        Objects.requireNonNull(logits, "softmaxCrossEntropy: logits is null");
        Objects.requireNonNull(classes, "softmaxCrossEntropy: classes is null");
        Shape s = logits.shape();
        if (s.rank() != 2 || s.dim(0) != classes.length) {
            throw new OperandMismatch(
                    CROSS_ENTROPY, classes.length + " classes need logits [" + classes.length + ", c]", logits.label());
        }
        for (int i = 0; i < classes.length; i++) {
            if (!ClassIndices.isInRange(classes[i], s.dim(1))) {
                Shape rows = Shape.of(classes.length);
                throw ClassIndices.outOfRange(CROSS_ENTROPY, "class", s.dim(1), classes[i], rows, i, logits.label());
            }
        }
        return ofClasses(logits, classes);
    }

    /**
     * Returns the mean of the softmax cross entropy along the last axis: {@code [.., c] -> []}. The target is, by its shape,
     * one of two:
     *
     * <ul>
     *   <li>{@code [..]}, class indices k from 0 to c - 1 of either number type, without gradient: {@code -log softmax(logits)[k]};
     *   <li>{@code [.., c]}, the logits' shape, probabilities t: {@code -sum(t log softmax(logits))}. An element of probability 0
     *       adds 0, also where its logit is -inf.
     * </ul>
     *
     * PyTorch's {@code cross_entropy}, whose classes are along axis 1.
     *
     * @param logits scores before softmax
     * @param target class indices or probabilities; the latter get a gradient if they are tracked
     * @throws OperandMismatch if the target has neither shape, there is no row or no class, or a class index is out of range
     */
    public static Node softmaxCrossEntropy(Node logits, Node target) {
        Objects.requireNonNull(logits, "softmaxCrossEntropy: logits is null");
        Objects.requireNonNull(target, "softmaxCrossEntropy: target is null");
        Shape s = logits.shape();
        if (s.rank() > 0 && target.shape().equals(s.drop(-1))) {
            return ofClasses(logits, ClassIndices.of(CROSS_ENTROPY, "class", logits, s.dim(-1), target.value()));
        }
        if (s.rank() == 0 || !target.shape().equals(s)) {
            String why =
                    "the target must have the logits' shape (probabilities) or that without the last axis (classes)";
            throw new OperandMismatch(CROSS_ENTROPY, why, logits.label(), target.label());
        }
        requireElements(CROSS_ENTROPY, s);
        Node logs = logits.logSoftmax(-1);
        Node terms = target.mul(logs.maskedBy(target.ne(0).or(logs.isInfinite().not()))); // 0 x -inf counts as 0
        return terms.sum(-1).neg().mean();
    }

    /** Returns {@link #softmaxCrossEntropy(Node, Node)} with a constant target. */
    public static Node softmaxCrossEntropy(Node logits, Tensor target) {
        Objects.requireNonNull(target, "softmaxCrossEntropy: target is null");
        return softmaxCrossEntropy(logits, Node.constant(target));
    }

    private static Node ofClasses(Node logits, int... classes) {
        requireElements(CROSS_ENTROPY, logits.shape());
        return logits.logSoftmax(-1).gather(-1, classes).neg().mean();
    }

    /**
     * Returns the mean of {@code (y - t)^2} over all elements: two of one shape -> []. PyTorch's {@code mse_loss}; the
     * sum of squares in "Deep Learning from Scratch" is half the sum.
     *
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or are empty
     */
    public static Node meanSquaredError(Node y, Node t) {
        requireSameShape("meanSquaredError", y, t);
        return y.sub(t).square().mean();
    }

    /**
     * Returns the mean of {@code -t log sigmoid(z) - (1 - t) log(1 - sigmoid(z))}: two of one shape -> []. Exact to a
     * few ulp for logits up to 1e4 in size, also where the loss is tiny. PyTorch's
     * {@code binary_cross_entropy_with_logits}.
     *
     * @param z logits, the scores before the sigmoid
     * @param t the target probabilities, 0 to 1
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or are empty
     */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t) {
        requireSameShape("binaryCrossEntropyWithLogits", z, t);
        // -log sigmoid(z) is softplus(-z), and -log(1 - sigmoid(z)) is softplus(z): no difference of large numbers
        Node whenOne = t.mul(z.neg().softplus());
        Node whenZero = t.neg().add(1).mul(z.softplus());
        return whenOne.add(whenZero).mean();
    }

    /** Broadcasting here is nearly always a mistake: [n, 1] against [n] would compare every pair. */
    private static void requireSameShape(String name, Node y, Node t) {
        Objects.requireNonNull(y, () -> name + ": the prediction is null");
        Objects.requireNonNull(t, () -> name + ": the target is null");
        if (!y.shape().equals(t.shape())) {
            throw new OperandMismatch(
                    name, "prediction and target must have the same shape; reshape one", y.label(), t.label());
        }
        requireElements(name, y.shape());
    }

    private static void requireElements(String name, Shape s) {
        if (s.size() == 0) {
            throw new OperandMismatch(name, "the mean over an empty batch is undefined", s);
        }
    }
}
