package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The average of several models that were trained apart, as one model: it is evaluated, saved and loaded as any other, and its members are
 * named 0, 1, 2 and so on. Members that differ in more than their initial weights, or were trained on other examples, make other errors, which
 * the average reduces ("Deep Learning", section 7.11).
 */
public final class Ensemble extends Composite {
    /** What is averaged. */
    private enum Mean {
        OUTPUTS,
        PROBABILITIES
    }

    private final List<Layer> members;
    private final Mean mean;

    private Ensemble(Mean mean, String method, Layer... layers) {
        this.members = Sequential.checked(method, layers);
        if (layers.length == 0) {
            throw new IllegalArgumentException(method + ": there must be at least one member");
        }
        this.mean = mean;
        for (int i = 0; i < layers.length; i++) {
            layer(Integer.toString(i), layers[i]);
        }
    }

    /**
     * Returns the mean of the outputs, {@code y = (f0(x) + f1(x) + ..) / m}: of values, or of logits, whose softmax is the normalised geometric
     * mean of the members' probabilities.
     *
     * @throws IllegalArgumentException if there is no member
     */
    public static Ensemble ofOutputs(Layer... layers) {
        return new Ensemble(Mean.OUTPUTS, "Ensemble.ofOutputs", layers);
    }

    /**
     * Returns logits of the mean of the members' probabilities. Of logits {@code [n, .., c]} these are {@code y = log((softmax(f0(x)) +
     * softmax(f1(x)) + ..) / m)}, so {@code softmax(y)} is that mean; of logits {@code [n]} or {@code [n, 1]} of class 1 it is the logit of
     * the mean of their sigmoids. Losses and metrics of logits take them as they are.
     *
     * @throws IllegalArgumentException if there is no member
     */
    public static Ensemble ofProbabilities(Layer... layers) {
        return new Ensemble(Mean.PROBABILITIES, "Ensemble.ofProbabilities", layers);
    }

    @Override
    Node combine(Node x, Inner inner) {
        Node[] y = new Node[members.size()];
        for (int i = 0; i < y.length; i++) {
            y[i] = inner.apply(Integer.toString(i), members.get(i), x);
            if (!y[i].shape().equals(y[0].shape())) {
                throw new OperandMismatch(
                        "Ensemble",
                        "the outputs of members 0 and " + i + " must have one shape",
                        y[0].label(),
                        y[i].label());
            }
            if (y[i].dtype() != y[0].dtype()) {
                throw new IllegalArgumentException("Ensemble: the outputs of members 0 and " + i
                        + " must have one number type, not " + y[0].dtype() + " and " + y[i].dtype());
            }
        }
        if (mean == Mean.OUTPUTS) {
            return Node.stack(0, y).mean(0);
        }
        boolean isBinary = y[0].shape().rank() < 2 || y[0].shape().dim(-1) == 1;
        Node logits = Node.stack(0, y);
        // log p - log(1 - p) for p the mean of sigmoids, of which log sigmoid(z) = -softplus(-z)
        return isBinary
                ? logits.neg()
                        .softplus()
                        .neg()
                        .logSumExp(0)
                        .sub(logits.softplus().neg().logSumExp(0))
                : logits.logSoftmax(-1).logSumExp(0).sub(Math.log(y.length));
    }

    @Override
    public String toString() {
        if (mean == null) {
            return "Ensemble"; // an error of the constructor
        }
        return members.stream()
                .map(Sequential::text)
                .collect(Collectors.joining(
                        ", ", "Ensemble." + (mean == Mean.OUTPUTS ? "ofOutputs" : "ofProbabilities") + "[", "]"));
    }
}
