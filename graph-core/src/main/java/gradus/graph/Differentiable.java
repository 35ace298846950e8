package gradus.graph;

import gradus.array.Tensor;

/** The family of methods that start differentiation. */
public sealed interface Differentiable permits Node {
    /**
     * Returns the gradients of this one-element node with respect to every variable it is computed from.
     *
     * @throws IllegalStateException if this node has several elements, or a variable behind it was replaced since
     */
    default Gradients backward() {
        return Backprop.run((Node) this, one("backward"), false);
    }

    /** Returns the gradients of {@code sum(seed * this)}; the seed has this node's shape and number type. */
    default Gradients backward(Tensor seed) {
        return Backprop.run((Node) this, Node.constant(seed), false);
    }

    /** Like {@link #backward()}, but the gradients are themselves graphs and can be differentiated again. */
    default Gradients backwardGraph() {
        return Backprop.run((Node) this, one("backwardGraph"), true);
    }

    /** Like {@link #backward(Tensor)}, but the gradients are themselves graphs, of the seed as well. */
    default Gradients backwardGraph(Node seed) {
        return Backprop.run((Node) this, seed, true);
    }

    private Node one(String what) {
        Node y = (Node) this;
        if (y.shape().size() != 1) {
            throw new IllegalStateException(what + ": " + y.label()
                    + " has not one element: reduce it first, with sum() or mean(), or give a seed of its shape");
        }
        return Node.constant(Tensor.ones(y.shape(), y.dtype()));
    }
}
