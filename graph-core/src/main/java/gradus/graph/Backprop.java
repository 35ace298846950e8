package gradus.graph;

import java.util.Arrays;

/**
 * Reverse-mode differentiation: the chain rule, applied from the output back to the variables.
 *
 * <p>A node's depth is one more than its deepest input's, so taking nodes by falling depth meets each after everything
 * that uses it: its gradient is then complete, the sum over all its uses. Gradients wait in a {@link Ledger} per depth
 * until their turn comes and are dropped after it, but for those that were asked for: the leaves', in depth 0, and those
 * of nodes to be retained. There is no recursion, nothing is written to a node, and no state is shared between two runs.
 */
final class Backprop {
    private Backprop() {}

    /**
     * Returns the gradients of {@code sum(seed * root)}, with respect to the wanted nodes only, or, if none is named, to
     * all variables and retained nodes.
     *
     * @param graph whether they are to be graphs of the nodes they are computed from, rather than constants
     */
    static Gradients run(Node root, Node seed, boolean graph, Node... wanted) {
        if (!seed.shape().equals(root.shape()) || seed.dtype() != root.dtype()) {
            throw new IllegalArgumentException("backward: the seed " + seed.label() + " " + seed.dtype()
                    + " must have the shape and number type of " + root.label() + " " + root.dtype());
        }
        int floor = Arrays.stream(wanted).mapToInt(Node::depth).min().orElse(0); // nothing wanted lies behind it
        Ledger[] waiting = new Ledger[root.depth() + 1];
        Ledger kept = new Ledger();
        if (root.isTracked() && root.depth() >= floor) {
            enter(waiting, root, seed);
        }
        for (int depth = root.depth(); depth >= floor; depth--) {
            Ledger ready = waiting[depth];
            waiting[depth] = null;
            for (int i = 0; ready != null && i < ready.size(); i++) {
                Node y = ready.node(i);
                boolean isWanted = isAmong(wanted, y);
                if (isWanted || (wanted.length == 0 && (depth == 0 || y.isRetained()))) {
                    kept.add(y, ready.gradient(i));
                }
                if (!isWanted && depth > floor) {
                    pull(waiting, y, ready.gradient(i), graph, floor);
                }
            }
        }
        return new Gradients(kept, wanted);
    }

    private static boolean isAmong(Node[] wanted, Node y) {
        for (Node w : wanted) {
            if (w == y) {
                return true;
            }
        }
        return false;
    }

    private static void pull(Ledger[] waiting, Node y, Node gy, boolean graph, int floor) {
        y.requireFresh();
        Op.Call c = new Op.Call(y, graph);
        Node[] gx = Trap.isSet() ? Trap.pulled(y, c, gy) : y.op().pull(c, gy);
        if (gx == null || gx.length != y.inputCount()) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned "
                    + (gx == null ? "null" : gx.length + " gradients") + " for " + y.inputCount() + " inputs"
                    + y.madeAt());
        }
        for (int i = 0; i < gx.length; i++) {
            Node x = y.input(i);
            if (gx[i] != null && x.isTracked() && x.depth() >= floor) {
                if (Trap.isSet()) {
                    Trap.checkGradient(y, i, gx[i], gy);
                }
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
                    + gx.shape() + " " + gx.dtype() + " for the input " + x.label() + " " + x.dtype() + y.madeAt());
        }
        return same ? gx : gx.sumTo(x.shape());
    }
}
