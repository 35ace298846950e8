package gradus.graph;

import gradus.array.Tensor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The family of methods that start differentiation, and of those that reach into it on the way. */
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

    /**
     * Returns this node, whose gradient is from now on kept by every {@code backward} that passes it, as a variable's is:
     * {@link Gradients#of} has it then.
     *
     * @throws IllegalStateException if this is a constant, which has no gradient
     */
    default Node retainGradient() {
        return ((Node) this).retained();
    }

    /** Returns this value as one that nothing is differentiated through; unlike a detached one it keeps its graph. */
    default Node stopGradient() {
        return Node.of(new Hook("stopGradient", gy -> null), (Node) this);
    }

    /** Returns this value; whoever goes on from the result shows its gradient to the observer on the way back. */
    default Node observeGradient(Consumer<Node> observer) {
        return Node.of(
                new Hook("observeGradient", gy -> {
                    observer.accept(gy);
                    return gy;
                }),
                (Node) this);
    }

    /**
     * Returns this value; of the gradient that comes back to the result, what the function makes of it is passed on, as in
     * {@code h.replaceGradient(g -> g.clamp(-1, 1))}. It must keep the shape.
     */
    default Node replaceGradient(UnaryOperator<Node> f) {
        return Node.of(new Hook("replaceGradient", f), (Node) this);
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
