package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Formula;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;

/** What the losses have in common: checks of their operands, and products in which a weight of 0 counts. */
final class LossTerms {
    /**
     * {@code y = w x}, and 0 where w is 0 and x infinite: {@code dy/dw = x}, 0 where w is 0 and x infinite; {@code dy/dx = w}.
     */
    private static final Formula WEIGHTED = Op.elementwise(
            "weighted",
            (w, x) -> w == 0 && Double.isInfinite(x) ? 0 : w * x,
            (c, gy) ->
                    gy.mul(c.x(1).maskedBy(c.x(0).ne(0).or(c.x(1).isInfinite().not()))),
            (c, gy) -> gy.mul(c.x(0)));

    /** The error of probabilities that are rounded, as those of mixed targets. */
    private static final double ROUNDING = 1e-5;

    private LossTerms() {}

    /** Returns {@code w x}, where a weight of 0 makes an infinite x count as 0. */
    static Node weighted(Node w, Node x) {
        return Node.of(WEIGHTED, w, x);
    }

    /** Broadcasting here is nearly always a mistake: [n, 1] against [n] would compare every pair. */
    static void requireSameShape(String op, Node y, Node t) {
        Objects.requireNonNull(y, () -> op + ": the prediction is null");
        Objects.requireNonNull(t, () -> op + ": the target is null");
        requireSameShape(op, "prediction and target must have the same shape; reshape one", y, t);
    }

    /**
     * Requires operands of one shape and number type.
     *
     * @param why the error for shapes that differ
     */
    static void requireSameShape(String op, String why, Node... x) {
        for (Node other : x) {
            if (!other.shape().equals(x[0].shape())) {
                Object[] labels = Arrays.stream(x).map(Node::label).toArray();
                throw new OperandMismatch(op, why, labels);
            }
        }
        Operands.requireSameType(op, x);
    }

    static void requireReduction(String op, Reduction reduction) {
        Objects.requireNonNull(reduction, () -> op + ": reduction is null");
    }

    /** Returns a constant factor of the terms x, in their number type. */
    static Node factor(String op, String what, Tensor factor, Node x) {
        if (!factor.shape().expandsTo(x.shape())) {
            throw new OperandMismatch(op, what + " " + factor.shape() + " cannot be broadcast to the terms", x.label());
        }
        return Node.constant(factor.to(x.dtype()));
    }

    /**
     * Returns labels, each 1 or -1, as a constant.
     *
     * @throws OperandMismatch if one is anything else
     */
    static Node signs(String op, Node t) {
        for (double v : t.value().toDoubleArray()) {
            if (v != 1 && v != -1) {
                throw new OperandMismatch(op, "a label is " + v + "; labels must be 1 or -1", t.label());
            }
        }
        return t.detach();
    }

    /**
     * Requires an option to be finite and within bounds.
     *
     * @throws IllegalArgumentException if it is not
     */
    static void requireAbove(String op, String what, double value, double low, boolean including) {
        if (!(value > low || (including && value == low)) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    op + ": " + what + " " + value + " must be " + (including ? "at least " : "more than ") + low);
        }
    }

    /**
     * Requires that each element is within bounds; NaN passes, as it shows in the loss.
     *
     * @param what how an error calls one element
     */
    static void requireBetween(String op, String what, Node x, double low, double high, String must) {
        requireBetween(op, what, x, low, high, "it must be " + must, i -> true);
    }

    /** Requires targets from 0 to 1, but for rounding errors. */
    static void requireTargets(String op, Node t) {
        requireBetween(op, "target", t, -ROUNDING, 1 + ROUNDING, "from 0 to 1");
    }

    /** Requires probabilities, from 0 to 1. */
    static void requireProbabilities(String op, Node y) {
        requireBetween(op, "probability", y, 0, 1, "from 0 to 1");
    }

    /**
     * Requires logarithms of probabilities, at most 0 but for rounding errors.
     *
     * @param counts whether an element, by its position in row-major order, has an effect
     */
    static void requireLogProbabilities(String op, Node x, IntPredicate counts) {
        String why = "these are not log-probabilities: take logSoftmax first";
        requireBetween(op, "element", x, Double.NEGATIVE_INFINITY, ROUNDING, why, counts);
    }

    private static void requireBetween(
            String op, String what, Node x, double low, double high, String why, IntPredicate counts) {
        Tensor v = x.value();
        boolean isBelow =
                v.size() == 0 || high == Double.POSITIVE_INFINITY || v.max().item() <= high;
        boolean isAbove =
                v.size() == 0 || low == Double.NEGATIVE_INFINITY || v.min().item() >= low;
        if (isBelow && isAbove) {
            return;
        }
        double[] values = v.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            if ((values[i] < low || values[i] > high) && counts.test(i)) {
                String at = what + ClassIndices.position(v.shape(), i);
                throw new OperandMismatch(op, at + " is " + values[i] + "; " + why, x.label());
            }
        }
    }
}
