package gradus.graph;

import gradus.array.Tensor;

/**
 * The gradients of one scalar with respect to the variables it was computed from, and to the nodes on the way that were
 * told to {@link Node#retain}. A result like any other: nothing to reset, nothing shared with another run.
 */
public final class Gradients {
    private final Ledger kept;
    private final boolean ofAll;

    Gradients(Ledger kept, Node... wanted) {
        this.kept = kept;
        this.ofAll = wanted.length == 0;
    }

    /**
     * Returns the gradient of a variable or a retained node, of its shape; zeros if the scalar does not depend on it.
     *
     * @throws IllegalArgumentException if the node is a constant, which has no gradient, or computed and was not told to
     *     retain it
     */
    public Node of(Node x) {
        if (ofAll && !x.isVariable() && !x.isRetained()) {
            throw new IllegalArgumentException("gradient of " + x.label() + ": it is "
                    + (x.isTracked()
                            ? "computed by " + x.op().name() + ", and was not kept; call retain() on it before backward"
                            : "a constant, which has none; make it with Node.variable"));
        }
        Node g = kept.of(x);
        return g == null ? Node.constant(Tensor.zeros(x.shape(), x.dtype())) : g;
    }

    /** Returns whether the scalar depends on the node in a way that has a gradient, and that was kept. */
    public boolean reached(Node x) {
        return kept.of(x) != null;
    }
}
