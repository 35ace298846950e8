package gradus.graph;

import gradus.array.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reverse-mode differentiation: the chain rule, applied from the output back to the variables.
 *
 * <p>A node's depth is one more than its deepest input's. Taken by falling depth, each node comes after everything that uses
 * it, so its gradient is complete, the sum over all its uses. Gradients are accumulated in a {@link GradientAccumulator}
 * per depth and dropped once they were propagated, but for those that were asked for: the leaves', at depth 0, and those of
 * retained nodes. There is no recursion, no gradient is written to a node, and two runs share no state.
 *
 * <p>An accumulator is reused for another depth once its own was processed, so a chain of any length needs two or three.
 *
 * <p>The outputs of one call have the same depth, so their gradients are complete at the same time: the rule runs when the
 * first of them is taken, with the gradients of all.
 *
 * <p>Two things are undone here for all ops, so that no rule has to: broadcasting, and 0 times infinity behind a mask.
 */
final class Backprop {
    private static final Node[] ALL = {};

    /** Whether gradients are to be graphs of the nodes they are computed from, rather than constants. */
    final boolean graph;

    private final Node[] wanted;
    /** The smallest depth of a wanted node: nothing wanted lies behind it. */
    private final int floor;
    /** The largest depth of a wanted node. */
    private final int ceiling;

    private final GradientAccumulator[] waiting;
    private final GradientAccumulator kept = new GradientAccumulator();
    private GradientAccumulator spare = new GradientAccumulator();

    private Backprop(int depth, boolean graph, Node... wanted) {
        this.graph = graph;
        this.wanted = wanted;
        this.floor = Arrays.stream(wanted).mapToInt(Node::depth).min().orElse(0);
        this.ceiling = Arrays.stream(wanted).mapToInt(Node::depth).max().orElse(-1);
        this.waiting = new GradientAccumulator[depth + 1];
    }

    /**
     * Returns the gradients of {@code sum(seed * root)} with respect to all variables and retained nodes.
     *
     * @param graph whether they are to be graphs of the nodes they are computed from, rather than constants
     * @throws IllegalStateException if none is reached
     */
    static Gradients ofAll(Node root, Node seed, boolean graph) {
        String method = graph ? "backwardGraph: " : "backward: ";
        if (!root.isTracked()) {
            throw new IllegalStateException(
                    method + root.label() + " reaches no variable: it was computed from constants"
                            + " and frozen variables alone, or in a NoGradient block");
        }
        GradientAccumulator found = run(root, seed, graph, ALL);
        if (found.size() == 0) {
            throw new IllegalStateException(method + "the gradient of " + root.label()
                    + " reaches no variable: on every path there is an op without a gradient, such as a comparison, argmax"
                    + " or stopGradient");
        }
        return new Gradients(found, true);
    }

    /** Returns the gradients of {@code sum(seed * root)} with respect to these nodes only; none need be reached. */
    static Gradients of(Node root, Node seed, boolean graph, Node... wanted) {
        return new Gradients(wanted.length == 0 ? new GradientAccumulator() : run(root, seed, graph, wanted), false);
    }

    private static GradientAccumulator run(Node root, Node seed, boolean graph, Node... wanted) {
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
        return run.kept;
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
                boolean isWanted = isWanted(y);
                if (isWanted || (wanted == ALL && (depth == 0 || y.isRetained()))) {
                    kept.append(y, ready.gradient(i));
                }
                if (!isWanted && depth > floor) {
                    propagate(y, ready, i);
                }
            }
            ready.clear();
            spare = ready;
        }
    }

    /** Returns whether the gradient of a node is asked for, or may lead to one that is. */
    boolean needs(Node x) {
        return x.isTracked() && (x.depth() > floor || wanted == ALL || isWanted(x));
    }

    private boolean isWanted(Node x) {
        if (x.depth() > ceiling) {
            return false;
        }
        for (Node w : wanted) {
            if (w == x) {
                return true;
            }
        }
        return false;
    }

    /** Runs the rule of the op that computed a node, and enters the gradients of the inputs. */
    private void propagate(Node y, GradientAccumulator ready, int i) {
        Node gy = ready.gradient(i);
        Node[] all = null;
        if (y.op() instanceof Op.Output && y.outputs() != null) {
            if (firstOf(y.outputs(), ready) < i) {
                return; // the rule ran with the first of the outputs
            }
            all = ofOutputs(y, ready);
        }
        boolean leaf = y.requireUnchanged();
        Op.Call c = new Op.Call(y, this);
        boolean detecting = AnomalyDetection.isSet();
        Node[] gx = detecting ? AnomalyDetection.inRule(y, c, gy, all) : rule(y, c, gy, all);
        if (leaf) {
            y.requireUnchanged(gx); // else the rule may have read an input while it was being replaced
        }
        if (gx == null || gx.length != y.inputCount()) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned "
                    + (gx == null ? "null" : gx.length + " gradients") + " for " + y.inputCount() + " inputs"
                    + y.createdAt());
        }
        int[] axes = y.op().combinedAxes();
        for (int k = 0; k < gx.length; k++) {
            Node g = gx[k];
            Node x = y.input(k);
            if (g == null || !needs(x)) {
                continue;
            }
            if (axes != null && g != gy) {
                Node[] arrived = all == null ? new Node[] {gy} : all;
                if (mayBeMasked(x, axes, arrived) && g.hasNaN()) {
                    g = masked(g, x, axes, arrived);
                }
            }
            if (detecting) {
                AnomalyDetection.checkGradient(y, k, g, all == null ? new Node[] {gy} : all);
            }
            enter(x, g.shape().equals(x.shape()) && g.dtype() == x.dtype() ? g : fitted(g, x, y));
        }
    }

    /** Runs the rule of an op, given the gradient of its output, or those of all if it has several. */
    static Node[] rule(Node y, Op.Call c, Node gy, Node... all) {
        return all == null ? y.op().backward(c, gy) : ((Op.Output) y.op()).op().backward(c, all);
    }

    private void enter(Node x, Node gx) {
        GradientAccumulator sums = waiting[x.depth()];
        if (sums == null) {
            sums = spare == null ? new GradientAccumulator() : spare;
            spare = null;
            waiting[x.depth()] = sums;
        }
        sums.add(x, gx, graph);
    }

    // ---- several outputs

    /** Returns the gradients of all outputs of the call that computed y, null where none arrived or a wanted node ends it. */
    private Node[] ofOutputs(Node y, GradientAccumulator ready) {
        return Arrays.stream(y.outputs())
                .map(output -> isWanted(output) ? null : ready.of(output))
                .toArray(Node[]::new);
    }

    /** Returns where the first of the outputs that propagates its gradient is among the nodes of this depth. */
    private int firstOf(Node[] outputs, GradientAccumulator ready) {
        return Arrays.stream(outputs)
                .filter(output -> !isWanted(output))
                .mapToInt(ready::find)
                .filter(at -> at >= 0)
                .min()
                .getAsInt();
    }

    // ---- what is undone for all ops

    /** Undoes the broadcasting of x: sums over what it was repeated along. */
    private static Node fitted(Node gx, Node x, Node y) {
        if (gx.dtype() != x.dtype() || !x.shape().expandsTo(gx.shape())) {
            throw new IllegalStateException("backward: the rule of " + y.op().name() + " returned a gradient "
                    + gx.shape() + " " + gx.dtype() + " for the input " + x.label() + " " + x.dtype() + y.createdAt());
        }
        return gx.sumTo(x.shape());
    }

    /**
     * Undoes 0 times infinity: returns gx with 0 for NaN at the elements, or in the rows that the op combines, where the
     * gradients of all outputs are 0.
     */
    private static Node masked(Node gx, Node x, int[] axes, Node... gy) {
        Node arrived = null;
        for (Node g : gy) {
            Node rows = g == null ? null : rows(g.ne(0), x, axes);
            if (rows != null && !rows.shape().expandsTo(gx.shape())) {
                return gx; // the rule has summed it to the shape of a broadcast input
            }
            arrived = rows == null ? arrived : arrived == null ? rows : arrived.add(rows);
        }
        return gx.maskedFill(gx.isNaN().and(Objects.requireNonNull(arrived).eq(0)), 0);
    }

    /** Returns whether there may be a row that no gradient arrives at. Where none is combined, to check that is as much as hasNaN. */
    private static boolean mayBeMasked(Node x, int[] axes, Node... gy) {
        if (axes.length == 0) {
            return true;
        }
        for (Node g : gy) {
            if (g != null && g.rowSparse() == null && !hasZeroRow(g, x, axes)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether one of the {@link #rows} has only zeros. */
    private static boolean hasZeroRow(Node g, Node x, int... axes) {
        if (g.shape().rank() == x.shape().rank()) {
            return g.hasZeroRow(axes);
        }
        Shape kept = x.shape().collapse(x.shape().axes("backward", axes));
        return g.shape().size() == kept.size() ? g.borrowedValue().reshape(kept).hasZeroRow(axes) : g.hasZeroRow();
    }

    /** Returns the number of elements in each row, along the axes, that a mask keeps; the axes have size 1. */
    private static Node rows(Node mask, Node x, int... axes) {
        if (axes.length == 0) {
            return mask;
        }
        Shape kept = x.shape().collapse(x.shape().axes("backward", axes));
        if (mask.shape().rank() == x.shape().rank()) {
            return mask.sumKeepDims(axes);
        }
        return mask.shape().size() == kept.size()
                ? mask.reshape(kept)
                : mask.sum().reshape(kept.collapse());
    }
}
