package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;

/**
 * Losses: one number that says how far a prediction is off, the mean over the batch as PyTorch's default reduction.
 * They are compositions of other ops, so they can be differentiated to any order.
 */
public final class Losses {
    private Losses() {}

    /**
     * Returns the mean of {@code -log softmax(logits)[i, classes[i]]}: {@code [n, c] -> []}. Exact to a few ulp for
     * logits up to 1e4 in size. PyTorch's {@code cross_entropy}.
     *
     * @param logits scores before softmax
     * @param classes the right class of each row, 0 to c - 1
     * @throws OperandMismatch if the logits are no matrix, the batch is empty, or the classes are not n or out of range
     */
    public static Node softmaxCrossEntropy(Node logits, int... classes) {
        String name = "softmaxCrossEntropy";
        Shape s = logits.shape();
        if (s.rank() != 2 || s.dim(0) != classes.length) {
            throw new OperandMismatch(
                    name, classes.length + " classes need logits [" + classes.length + ", c]", logits.label());
        }
        requireElements(name, s);
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 0 || classes[i] >= s.dim(1)) {
                String legal = "out of range 0 to " + (s.dim(1) - 1);
                throw new OperandMismatch(
                        name, "class " + classes[i] + " of row " + i + " is " + legal, logits.label());
            }
        }
        return Indexing.pick(logits.logSoftmax(1), classes).neg().mean();
    }

    /**
     * Returns the mean of {@code (y - t)^2} over all elements: two of one shape -> []. PyTorch's {@code mse_loss}; the
     * book's is half the sum.
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
     * @param z scores before the sigmoid
     * @param t the probabilities that are right, 0 to 1
     * @throws OperandMismatch if the shapes differ, even where they would broadcast, or are empty
     */
    public static Node binaryCrossEntropyWithLogits(Node z, Node t) {
        requireSameShape("binaryCrossEntropyWithLogits", z, t);
        // -log sigmoid(z) is softplus(-z), and for 1 - sigmoid(z) it is softplus(z): no difference of large numbers
        Node whenOne = t.mul(z.neg().softplus());
        Node whenZero = t.neg().add(1).mul(z.softplus());
        return whenOne.add(whenZero).mean();
    }

    /** Broadcasting here is nearly always a mistake: [n, 1] against [n] would compare everything with everything. */
    private static void requireSameShape(String name, Node y, Node t) {
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
