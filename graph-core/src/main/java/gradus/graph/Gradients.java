package gradus.graph;

import gradus.array.Tensor;

/**
 * The gradients of one scalar with respect to the variables it was computed from. A result like any other: nothing to
 * reset, nothing shared with another run.
 */
public final class Gradients {
    private final Ledger leaves;

    Gradients(Ledger leaves) {
        this.leaves = leaves;
    }

    /**
     * Returns the gradient of a variable, of the variable's shape; zeros if the scalar does not depend on it.
     *
     * @throws IllegalArgumentException if the node is a constant, which has no gradient, or computed, as gradients of
     *     computed nodes are not kept
     */
    public Node of(Node x) {
        if (!x.isVariable()) {
            throw new IllegalArgumentException("gradient of " + x.label() + ": it is "
                    + (x.isTracked()
                            ? "computed by " + x.op().name() + ", and only variables keep their gradient"
                            : "a constant, which has none; make it with Node.variable"));
        }
        Node g = leaves.of(x);
        return g == null ? Node.constant(Tensor.zeros(x.shape(), x.dtype())) : g;
    }

    /** Returns whether the scalar depends on the variable in a way that has a gradient. */
    public boolean reached(Node x) {
        return leaves.of(x) != null;
    }
}
