package gradus.graph;

import gradus.array.Tensor;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Methods that start differentiation, and hooks that observe or replace gradients in the backward pass. */
public sealed interface Differentiable permits Node {
    /**
     * Returns the gradients of this one-element node with respect to every variable it is computed from.
     *
     * @throws IllegalStateException if this node has several elements, no variable is reached, or a variable was replaced
     *     since this node was computed
     */
    default Gradients backward() {
        return Backprop.ofAll((Node) this, one("backward"), false);
    }

    /**
     * Returns the gradients of {@code sum(seed * this)}; the seed has this node's shape and number type.
     *
     * @throws IllegalStateException if no variable is reached, or a variable was replaced since this node was computed
     */
    default Gradients backward(Tensor seed) {
        Objects.requireNonNull(seed, "backward: seed is null");
        return Backprop.ofAll((Node) this, Node.constant(seed), false);
    }

    /**
     * Like {@link #backward()}, but the gradients are themselves graphs and can be differentiated again.
     *
     * @throws IllegalStateException as {@link #backward()}, and in a {@link NoGradient} block
     */
    default Gradients backwardGraph() {
        return Backprop.ofAll((Node) this, one("backwardGraph"), true);
    }

    /**
     * Like {@link #backward(Tensor)}, but the gradients are themselves graphs, of the seed as well.
     *
     * @throws IllegalStateException as {@link #backward(Tensor)}, and in a {@link NoGradient} block
     */
    default Gradients backwardGraph(Node seed) {
        return Backprop.ofAll((Node) this, Objects.requireNonNull(seed, "backwardGraph: seed is null"), true);
    }

    /**
     * Makes every {@code backward} from now on that passes this node keep its gradient, as a variable's is:
     * {@link Gradients#of} returns it.
     *
     * @return this node
     * @throws IllegalStateException if this is a constant, which has no gradient
     */
    default Node retainGradient() {
        return ((Node) this).retained();
    }

    /** Returns {@code y = x} through which no gradient passes; unlike {@link Node#detach} it stays in the graph. */
    default Node stopGradient() {
        return Node.of(new Hook("stopGradient", gy -> null), (Node) this);
    }

    /** Returns {@code y = x}; the observer is called with the gradient of y in every backward pass. */
    default Node observeGradient(Consumer<Node> observer) {
        Objects.requireNonNull(observer, "observeGradient: observer is null");
        return Node.of(
                new Hook("observeGradient", gy -> {
                    observer.accept(gy);
                    return gy;
                }),
                (Node) this);
    }

    /**
     * Returns {@code y = x} with {@code gx = f(gy)}, as in {@code h.replaceGradient(g -> g.clamp(-1, 1))}. The function must
     * keep the shape and the number type; null stops the gradient.
     */
    default Node replaceGradient(UnaryOperator<Node> f) {
        return Node.of(
                new Hook("replaceGradient", Objects.requireNonNull(f, "replaceGradient: f is null")), (Node) this);
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
