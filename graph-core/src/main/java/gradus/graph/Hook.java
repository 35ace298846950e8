package gradus.graph;

import gradus.array.Tensor;
import java.util.function.UnaryOperator;

/** {@code y = x}, and a say in what happens to the gradient on its way back: null stops it. */
record Hook(String name, UnaryOperator<Node> onGradient) implements Op {
    /** The op of a node that stands for another: a place to take a gradient at. */
    private static final Hook ALIAS = new Hook("alias", gy -> gy);

    /** Returns a node of x's value to differentiate with respect to, tied to x's graph if it has one. */
    static Node alias(Node x) {
        return x.isTracked() ? Node.of(ALIAS, x) : Node.variable(x.value());
    }

    @Override
    public Tensor forward(Tensor... x) {
        return x[0];
    }

    @Override
    public Node[] backward(Call c, Node gy) {
        Node gx = onGradient.apply(gy);
        if (gx != null && (!gx.shape().equals(gy.shape()) || gx.dtype() != gy.dtype())) {
            throw new IllegalStateException(name + " of " + c.x(0).label() + ": the gradient " + gy.shape() + " "
                    + gy.dtype() + " was replaced by one of " + gx.shape() + " " + gx.dtype() + c.createdAt());
        }
        return new Node[] {gx == null || c.graph() ? gx : gx.detach()};
    }
}
