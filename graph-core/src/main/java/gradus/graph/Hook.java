package gradus.graph;

import gradus.array.Tensor;
import java.util.function.UnaryOperator;

/** {@code y = x}, {@code gx = f(gy)}: a function is applied to the gradient, or stops it by null. */
record Hook(String name, UnaryOperator<Node> onGradient) implements Op {
    /** {@code y = x}, {@code gx = gy}. */
    private static final Hook ALIAS = new Hook("alias", gy -> gy);

    /** Returns a node of x's value to differentiate with respect to, computed from x if that has a graph. */
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
