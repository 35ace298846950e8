package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Cross entropy along the last axis, of logits or of log-probabilities.
 *
 * @param op its name, for errors
 * @param x logits or log-probabilities, {@code [.., c]}
 * @param softmax whether x are logits
 */
record CrossEntropy(String op, Node x, boolean softmax, CrossEntropyOptions options) {
    CrossEntropy {
        Objects.requireNonNull(x, () -> op + ": " + (softmax ? "logits" : "logProbabilities") + " is null");
        Objects.requireNonNull(options, () -> op + ": options is null");
    }

    /** Returns the loss for class indices, in row-major order. */
    Node of(int... classes) {
        Objects.requireNonNull(classes, () -> op + ": classes is null");
        Shape s = x.shape();
        int rows = s.rank() == 0 ? 0 : s.drop(-1).size();
        if (s.rank() == 0 || rows != classes.length) {
            String given = classes.length + (classes.length == 1 ? " class" : " classes");
            String logits = softmax ? "logits" : "scores";
            String why = s.rank() == 0
                    ? "it takes " + logits + " [.., c], one row for each class"
                    : given + " for " + rows + (rows == 1 ? " row of " : " rows of ") + logits;
            throw new OperandMismatch(op, why, x.label());
        }
        requireInRange(s.drop(-1), classes);
        return ofClasses(classes);
    }

    /** Returns the loss for class indices or probabilities, which the shape of the target tells apart. */
    Node of(Node target) {
        Objects.requireNonNull(target, () -> op + ": target is null");
        Shape s = x.shape();
        if (s.rank() > 0 && target.shape().equals(s.drop(-1))) {
            int[] classes = ClassIndices.whole(op, x, target.value());
            requireInRange(target.shape(), classes);
            return ofClasses(classes);
        }
        if (s.rank() == 0 || !target.shape().equals(s)) {
            String why =
                    "the target must have the logits' shape (probabilities) or that without the last axis (classes)";
            throw new OperandMismatch(op, why, x.label(), target.label());
        }
        return ofProbabilities(target);
    }

    private void requireInRange(Shape rows, int... classes) {
        int c = x.shape().dim(-1);
        for (int i = 0; i < classes.length; i++) {
            if (!isIgnored(classes[i]) && !ClassIndices.isInRange(classes[i], c)) {
                throw ClassIndices.outOfRange(op, "class", c, classes[i], rows, i, x.label());
            }
        }
    }

    private boolean isIgnored(int index) {
        OptionalInt ignored = options.ignoreIndex();
        return ignored.isPresent() && index == ignored.getAsInt();
    }

    /** Requires log-probabilities unless x are logits; those of crossEntropyError are at most the logarithm of 1 + 1e-7. */
    private void requireLogProbabilities(IntPredicate counts) {
        if (!softmax) {
            LossTerms.requireLogProbabilities(op, x, counts);
        }
    }

    private Node logs() {
        return softmax ? x.logSoftmax(-1) : x;
    }

    private Node ofClasses(int... classes) {
        requireClasses();
        int c = x.shape().dim(-1);
        requireLogProbabilities(i -> !isIgnored(classes[i / c]));
        if (options.weight() == null && options.ignoreIndex().isEmpty() && options.labelSmoothing() == 0) {
            return options.reduction().of(op, logs().gather(-1, classes).rsub(0));
        }
        return ofWeightedRows(classes);
    }

    /** {@code -(1 - e) w[k] log p[k] - e / c sum over j of w[j] log p[j]}, and 0 for ignored rows. */
    private Node ofWeightedRows(int... classes) {
        double[] ofClass = classWeights();
        int[] at = classes.clone();
        double[] kept = new double[at.length];
        double[] weights = new double[at.length];
        double total = 0;
        for (int i = 0; i < at.length; i++) {
            if (isIgnored(at[i])) {
                at[i] = 0;
            } else {
                kept[i] = 1;
                weights[i] = ofClass[at[i]];
                total += weights[i];
            }
        }
        if (options.reduction() == Reduction.MEAN && total == 0) {
            throw new OperandMismatch(op, "the mean is undefined: all rows are ignored, or weigh 0", x.label());
        }
        Node logs = logs();
        Node w = constant(x.shape().drop(-1), weights);
        Node terms = logs.gather(-1, at).maskedBy(w).mul(w).rsub(0);
        double share = options.labelSmoothing();
        if (share > 0) {
            Node weighted = LossTerms.weighted(constant(Shape.of(ofClass.length), ofClass), logs)
                    .sum(-1);
            Node spread = weighted.maskedBy(constant(x.shape().drop(-1), kept));
            terms = terms.mul(1 - share).sub(spread.mul(share / ofClass.length));
        }
        return options.reduction().of(op, terms, total);
    }

    private Node ofProbabilities(Node target) {
        if (options.ignoreIndex().isPresent()) {
            throw new OperandMismatch(
                    op, "ignoreIndex needs class indices, not probabilities", x.label(), target.label());
        }
        requireClasses();
        Operands.requireSameType(op, x, target);
        LossTerms.requireTargets(op, target);
        requireLogProbabilities(i -> true);
        double share = options.labelSmoothing();
        Node t = share == 0
                ? target
                : target.mul(1 - share).add(share / x.shape().dim(-1));
        if (options.weight() != null) {
            double[] ofClass = classWeights();
            t = t.mul(constant(Shape.of(ofClass.length), ofClass));
        }
        return options.reduction().of(op, LossTerms.weighted(t, logs()).sum(-1).rsub(0));
    }

    private double[] classWeights() {
        int c = x.shape().dim(-1);
        Tensor weight = options.weight();
        if (weight == null) {
            double[] ones = new double[c];
            Arrays.fill(ones, 1);
            return ones;
        }
        if (!weight.shape().equals(Shape.of(c))) {
            throw new OperandMismatch(op, "weights " + weight.shape() + " do not fit " + c + " classes", x.label());
        }
        return weight.toDoubleArray();
    }

    private Node constant(Shape shape, double... values) {
        return Node.constant(Tensor.of(shape, values).to(x.dtype()));
    }

    private void requireClasses() {
        if (x.shape().dim(-1) == 0) {
            throw new OperandMismatch(op, "there are no classes", x.label());
        }
    }
}
