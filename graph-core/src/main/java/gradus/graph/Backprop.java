package gradus.graph;

import java.util.Arrays;

/**
 * Reverse-mode differentiation: the chain rule, applied from the output back to the variables.
 *
 * <p>A node's depth is one more than its deepest input's, so taking nodes by falling depth meets each after everything
 * that uses it: its gradient is then complete, the sum over all its uses. Gradients wait in a {@link GradientAccumulator} per depth
 * until their turn comes and are dropped after it, but for those that were asked for: the leaves', in depth 0, and those
 * of nodes to be retained. There is no recursion, nothing is written to a node, and no state is shared between two runs.
 *
 * <p>A ledger whose turn is over is used again for another depth, so a chain of any length is walked with two or three.
 */
final class Backprop {
    /** Whether gradients are to be graphs of the nodes they are computed from, rather than constants. */
    final boolean graph;

    private final Node[] wanted;
    /** The smallest depth of a wanted node: nothing wanted lies behind it. */
    private final int floor;

    private final GradientAccumulator[] waiting;
    private final GradientAccumulator kept = new GradientAccumulator();
    private GradientAccumulator spare = new GradientAccumulator();

    private Backprop(int depth, boolean graph, Node... wanted) {
        this.graph = graph;
        this.wanted = wanted;
        this.floor = wanted.length == 0
                ? 0
                : Arrays.stream(wanted).mapToInt(Node::depth).min().getAsInt();
        this.waiting = new GradientAccumulator[depth + 1];
    }

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
        if (graph && NoGradient.isOpen()) {
            throw new IllegalStateException(
                    "backwardGraph: a NoGradient block is open in this thread, in which nothing is"
                            + " recorded, so the gradients could not be differentiated; use backward, or call it outside");
        }
        Backprop run = new Backprop(root.depth(), graph, wanted);
        if (run.needs(root)) {
            run.enter(root, seed);
            run.walk();
        }
        return new Gradients(run.kept, wanted);
    }

    private void walk() {
        for (int depth = waiting.length - 1; depth >= floor; depth--) {
            GradientAccumulator ready = waiting[depth];
            if (ready == null) {
                continue;
            }
            waiting[depth] = null;
            for (int i = 0; i < ready.size(); i++) {
                Node y = ready.node(i);
                Node gy = ready.gradient(i);
                boolean isWanted = isWanted(y);
                if (isWanted || (wanted.length == 0 && (depth == 0 || y.isRetained()))) {
                    kept.append(y, gy);
                }
                if (!isWanted && depth > floor) {
                    propagate(y, gy);
                }
            }
            ready.clear();
            spare = ready;
        }
    }

    /** Returns whether the gradient of a node is asked for, or may lead to one that is. */
    boolean needs(Node x) {
        return x.isTracked() && (x.depth() > floor || wanted.length == 0 || isWanted(x));
    }

    private boolean isWanted(Node x) {
        for (Node w : wanted) {
            if (w == x) {
                return true;
            }
        }
        return false;
    }

    private void propagate(Node y, Node gy) {
        y.requireUnchanged();
        Op.Call c = new Op.Call(y, this);
        Node[] gx = AnomalyDetection.isSet() ? AnomalyDetection.backward(y, c, gy) : y.op().backward(c, gy);
        if (gx == null || gx.length != y.inputCount()) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned "
                    + (gx == null ? "null" : gx.length + " gradients") + " for " + y.inputCount() + " inputs"
                    + y.createdAt());
        }
        for (int i = 0; i < gx.length; i++) {
            Node x = y.input(i);
            if (gx[i] != null && needs(x)) {
                if (AnomalyDetection.isSet()) {
                    AnomalyDetection.checkGradient(y, i, gx[i], gy);
                }
                enter(x, fitted(gx[i], x, y));
            }
        }
    }

    private void enter(Node x, Node gx) {
        GradientAccumulator ledger = waiting[x.depth()];
        if (ledger == null) {
            ledger = spare == null ? new GradientAccumulator() : spare;
            spare = null;
            waiting[x.depth()] = ledger;
        }
        ledger.add(x, gx, graph);
    }

    /** Undoes the broadcasting of x, once for all rules: what it was repeated over is summed. */
    private static Node fitted(Node gx, Node x, Node y) {
        boolean same = gx.shape().equals(x.shape());
        if (gx.dtype() != x.dtype() || (!same && !x.shape().expandsTo(gx.shape()))) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned a gradient "
                    + gx.shape() + " " + gx.dtype() + " for the input " + x.label() + " " + x.dtype() + y.createdAt());
        }
        return same ? gx : gx.sumTo(x.shape());
    }
}
