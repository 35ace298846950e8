package gradus.graph;

/**
 * Reverse-mode differentiation: the chain rule, applied from the output back to the variables.
 *
 * <p>A node's depth is one more than its deepest input's, so taking nodes by falling depth meets each after everything
 * that uses it: its gradient is then complete, the sum over all its uses. Gradients wait in a {@link Ledger} per depth
 * until their turn comes and are dropped after it; what remains in the end is the ledger of depth 0, the leaves. There
 * is no recursion, nothing is written to a node, and no state is shared between two runs.
 */
final class Backprop {
    private Backprop() {}

    /**
     * Returns the gradients of {@code sum(seed * root)}.
     *
     * @param graph whether they are to be graphs of the nodes they are computed from, rather than constants
     */
    static Gradients run(Node root, Node seed, boolean graph) {
        if (!seed.shape().equals(root.shape()) || seed.dtype() != root.dtype()) {
            throw new IllegalArgumentException("backward: the seed " + seed.label() + " " + seed.dtype()
                    + " must have the shape and number type of " + root.label() + " " + root.dtype());
        }
        Ledger[] waiting = new Ledger[root.depth() + 1];
        waiting[0] = new Ledger();
        if (root.isTracked()) {
            enter(waiting, root, seed);
        }
        for (int depth = root.depth(); depth > 0; depth--) {
            Ledger ready = waiting[depth];
            waiting[depth] = null;
            for (int i = 0; ready != null && i < ready.size(); i++) {
                pull(waiting, ready.node(i), ready.gradient(i), graph);
            }
        }
        return new Gradients(waiting[0]);
    }

    private static void pull(Ledger[] waiting, Node y, Node gy, boolean graph) {
        y.requireFresh();
        Node[] gx = y.op().pull(new Op.Call(y, graph), gy);
        if (gx == null || gx.length != y.inputCount()) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned "
                    + (gx == null ? "null" : gx.length + " gradients") + " for " + y.inputCount() + " inputs");
        }
        for (int i = 0; i < gx.length; i++) {
            Node x = y.input(i);
            if (gx[i] != null && x.isTracked()) {
                enter(waiting, x, fitted(gx[i], x, y));
            }
        }
    }

    private static void enter(Ledger[] waiting, Node x, Node gx) {
        int depth = x.depth();
        if (waiting[depth] == null) {
            waiting[depth] = new Ledger();
        }
        waiting[depth].add(x, gx);
    }

    /** Undoes the broadcasting of x, once for all rules: what it was repeated over is summed. */
    private static Node fitted(Node gx, Node x, Node y) {
        boolean same = gx.shape().equals(x.shape());
        if (gx.dtype() != x.dtype() || (!same && !x.shape().expandsTo(gx.shape()))) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned a gradient "
                    + gx.shape() + " " + gx.dtype() + " for the input " + x.label() + " " + x.dtype());
        }
        return same ? gx : gx.sumTo(x.shape());
    }
}
