package example;

import gradus.graph.Node;
import gradus.graph.Op;

/** A library that defines an op. */
public final class Distances {
    /** {@code y = sqrt(a² + b²)}, broadcast, and without overflow; its derivatives are {@code a / y} and {@code b / y}. */
    public static final Op HYPOT =
            Op.elementwise("hypot", Math::hypot, (c, gy) -> gy.mul(c.x(0)).div(c.y()), (c, gy) -> gy.mul(c.x(1))
                    .div(c.y()));

    private Distances() {}

    /** Returns the lengths of the hypotenuses over these legs. */
    public static Node hypot(Node a, Node b) {
        return Node.of(HYPOT, a, b);
    }
}
