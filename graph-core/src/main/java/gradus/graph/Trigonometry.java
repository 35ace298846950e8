package gradus.graph;

import static gradus.graph.Op.elementwise;

/** Elementwise trigonometric and hyperbolic functions and their inverses; angles are in radians. */
public sealed interface Trigonometry permits Node {
    /** {@code y = sin x}. */
    Formula SIN = elementwise("sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos()));

    /** Returns the sine of an angle in radians. PyTorch's {@code sin}. */
    default Node sin() {
        return Node.of(SIN, self());
    }

    /** {@code y = cos x}. */
    Formula COS = elementwise("cos", Math::cos, (c, gy) -> gy.mul(c.x(0).sin()).neg());

    /** Returns the cosine of an angle in radians. PyTorch's {@code cos}. */
    default Node cos() {
        return Node.of(COS, self());
    }

    /** {@code y = tan x}. */
    Formula TAN = elementwise("tan", Math::tan, (c, gy) -> gy.mul(c.y().square().add(1)))
            .smoothOn(-1.2, 1.2);

    /** Returns the tangent of an angle in radians. PyTorch's {@code tan}. */
    default Node tan() {
        return Node.of(TAN, self());
    }

    /** {@code y = arcsin x}, from -pi/2 to pi/2; {@code dy/dx = 1 / sqrt(1 - x^2)}; NaN outside -1 to 1. */
    Formula ASIN = elementwise(
                    "asin", Math::asin, (c, gy) -> gy.mul(oneMinusSquare(c.x(0)).rsqrt()))
            .smoothOn(-0.8, 0.8);

    /** Returns the arc sine in radians; NaN outside -1 to 1. PyTorch's {@code asin}. */
    default Node asin() {
        return Node.of(ASIN, self());
    }

    /** {@code y = arccos x}, from 0 to pi; {@code dy/dx = -1 / sqrt(1 - x^2)}; NaN outside -1 to 1. */
    Formula ACOS = elementwise(
                    "acos", Math::acos, (c, gy) -> gy.mul(oneMinusSquare(c.x(0)).rsqrt())
                            .neg())
            .smoothOn(-0.8, 0.8);

    /** Returns the arc cosine in radians; NaN outside -1 to 1. PyTorch's {@code acos}. */
    default Node acos() {
        return Node.of(ACOS, self());
    }

    /** {@code y = arctan x}, from -pi/2 to pi/2. */
    Formula ATAN =
            elementwise("atan", Math::atan, (c, gy) -> gy.div(c.x(0).square().add(1)));

    /** Returns the arc tangent in radians. PyTorch's {@code atan}. */
    default Node atan() {
        return Node.of(ATAN, self());
    }

    /** {@code y = the angle of the point (b, a)}, from -pi to pi; the gradients at the origin are 0. */
    Formula ATAN2 = elementwise(
                    "atan2", Math::atan2, (c, gy) -> gy.mul(overSquares(c.x(1), c.x(0), c.x(1))), (c, gy) -> gy.mul(
                                    overSquares(c.x(0), c.x(0), c.x(1)))
                            .neg())
            .smoothOn(-2, -0.3, 0.3, 2);

    /** Returns the angle in radians of the point (b, this), from -pi to pi, broadcast. PyTorch's {@code atan2}. */
    default Node atan2(Node b) {
        return Node.of(ATAN2, self(), b);
    }

    /** {@code y = sqrt(a^2 + b^2)}, without overflow. */
    Formula HYPOT = elementwise(
                    "hypot", Math::hypot, (c, gy) -> gy.mul(c.x(0).div(c.y())), (c, gy) -> gy.mul(c.x(1).div(c.y())))
            .smoothOn(-2, -0.3, 0.3, 2);

    /** Returns {@code sqrt(a^2 + b^2)}, broadcast, without overflow. PyTorch's {@code hypot}. */
    default Node hypot(Node b) {
        return Node.of(HYPOT, self(), b);
    }

    /** {@code y = (e^x - e^-x) / 2}. */
    Formula SINH = elementwise("sinh", Math::sinh, (c, gy) -> gy.mul(c.x(0).cosh()));

    /** Returns the hyperbolic sine; {@link Activations} has the hyperbolic tangent. PyTorch's {@code sinh}. */
    default Node sinh() {
        return Node.of(SINH, self());
    }

    /** {@code y = (e^x + e^-x) / 2}. */
    Formula COSH = elementwise("cosh", Math::cosh, (c, gy) -> gy.mul(c.x(0).sinh()));

    /** Returns the hyperbolic cosine. PyTorch's {@code cosh}. */
    default Node cosh() {
        return Node.of(COSH, self());
    }

    /** {@code y = arsinh x}. */
    Formula ASINH = elementwise("asinh", Special::asinh, (c, gy) -> gy.div(c.x(0).hypot(c.x(0).number(1))));

    /** Returns the inverse hyperbolic sine. PyTorch's {@code asinh}. */
    default Node asinh() {
        return Node.of(ASINH, self());
    }

    /** {@code y = arcosh x}; NaN below 1. */
    Formula ACOSH = elementwise(
                    "acosh", Special::acosh, (c, gy) -> gy.mul(c.x(0).sub(1).rsqrt())
                            .mul(c.x(0).add(1).rsqrt()))
            .smoothOn(1.2, 3);

    /** Returns the inverse hyperbolic cosine, which is not negative; NaN below 1. PyTorch's {@code acosh}. */
    default Node acosh() {
        return Node.of(ACOSH, self());
    }

    /** {@code y = artanh x}; {@code dy/dx = 1 / (1 - x^2)}; NaN outside -1 to 1. */
    Formula ATANH = elementwise("atanh", Special::atanh, (c, gy) -> gy.div(oneMinusSquare(c.x(0))))
            .smoothOn(-0.8, 0.8);

    /** Returns the inverse hyperbolic tangent; NaN outside -1 to 1. PyTorch's {@code atanh}. */
    default Node atanh() {
        return Node.of(ATANH, self());
    }

    /** Returns {@code x / (a^2 + b^2)}, 0 at the origin; the squares themselves could overflow. */
    private static Node overSquares(Node x, Node a, Node b) {
        Node h = a.hypot(b);
        return x.div(h).div(h).maskedBy(h);
    }

    /** Returns {@code 1 - x^2} as {@code (1 - x) (1 + x)}, which does not cancel near -1 and 1. */
    private static Node oneMinusSquare(Node x) {
        return x.rsub(1).mul(x.add(1));
    }

    private Node self() {
        return (Node) this;
    }
}
