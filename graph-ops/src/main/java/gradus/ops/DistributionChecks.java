package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Objects;
import java.util.function.DoublePredicate;

/** The checks of the parameters of distributions and of the points of a density; each names the element that is wrong. */
final class DistributionChecks {
    private DistributionChecks() {}

    /** Requires that every element of a node fulfils a condition. */
    static void require(String op, String name, Node x, DoublePredicate legal, String must) {
        Objects.requireNonNull(x, () -> op + ": " + name + " is null");
        double[] values = x.value().toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            if (!legal.test(values[i])) {
                throw new OperandMismatch(
                        op,
                        name + ClassIndices.position(x.shape(), i) + " is " + values[i] + "; it must be " + must,
                        x.label());
            }
        }
    }

    static void requireFinite(String op, String name, Node x) {
        require(op, name, x, Double::isFinite, "finite");
    }

    static void requirePositive(String op, String name, Node x) {
        require(op, name, x, v -> v > 0 && v < Double.POSITIVE_INFINITY, "positive and finite");
    }

    static void requireProbability(String op, String name, Node x) {
        require(op, name, x, v -> v >= 0 && v <= 1, "from 0 to 1");
    }

    static void requireNumber(String op, Node x) {
        require(op, "x", x, v -> !Double.isNaN(v), "a number");
    }

    /** Returns the shape to which the parameters broadcast. */
    static Shape batch(String op, Node a, Node b) {
        Operands.requireSameType(op, a, b);
        return Operands.broadcast(op, a, b);
    }

    static Node expanded(Node x, Shape batch) {
        return x.shape().equals(batch) ? x : x.expandTo(batch);
    }

    /**
     * Requires that x broadcasts with a parameter, and that every element fulfils a condition.
     *
     * @param parameter a parameter that has the shape of the batch and the event
     */
    static void requireSupport(String op, Node parameter, Node x, DoublePredicate inside, String support) {
        require(op, "x", x, v -> Double.isFinite(v) && inside.test(v), support);
        batch(op, parameter, x);
    }

    /** Requires the same of a point of a discrete distribution, which may be of another number type; returns it as a constant. */
    static Node requireDiscrete(String op, Node parameter, Node x, DoublePredicate inside, String support) {
        require(op, "x", x, v -> Double.isFinite(v) && inside.test(v), support);
        Operands.broadcast(op, parameter, x);
        return x.detach().to(parameter.dtype());
    }

    /** Requires that probabilities, a node of their sums, are 1 but for rounding errors. */
    static void requireOne(String op, Node sums) {
        require(op, "the sum of the probabilities", sums, v -> Math.abs(v - 1) <= 1e-5, "1");
    }

    /** Requires that each element is the logarithm of a probability, but for rounding errors. */
    static void requireLogarithms(String op, String name, Node p, Node log) {
        Node errors = log.detach().exp().sub(p);
        require(op, "the error of the exponential of " + name, errors, v -> Math.abs(v) <= 1e-5, "0");
    }

    /** Requires vectors {@code [.., k]}, not empty. */
    static void requireVectors(String op, Node x) {
        if (x.shape().rank() == 0 || x.shape().dim(-1) == 0) {
            throw new OperandMismatch(op, "it takes [.., k] with k from 1 up", x.label());
        }
    }

    /** Requires that x ends with the shape of an event, which does not broadcast. */
    static void requireEvent(String op, Distribution d, Node parameter, Node x) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Shape event = d.eventShape();
        if (x.shape().rank() == 0 || x.shape().dim(-1) != event.dim(-1)) {
            throw new OperandMismatch(op, "x must be [.., " + event.dim(-1) + "]", parameter.label(), x.label());
        }
    }
}
