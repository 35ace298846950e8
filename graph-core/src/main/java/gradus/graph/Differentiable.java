package gradus.graph;

import gradus.array.DType;
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

    /** Returns this node with another number type; the gradient is converted back. */
    default Node to(DType dtype) {
        Node x = (Node) this;
        return x.dtype() == dtype ? x : Node.of(new To(dtype), x);
    }

    /** {@code y = x} in another number type. */
    record To(DType dtype) implements Op {
        @Override
        public String name() {
            return "to";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return x[0].to(dtype);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {gy.to(c.x(0).dtype())};
        }
    }
}
