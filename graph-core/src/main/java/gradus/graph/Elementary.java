package gradus.graph;

import static gradus.graph.Op.elementwise;

/** The family of elementary functions of one number. */
public sealed interface Elementary permits Node {
    /** {@code y = e^x}. */
    Formula EXP = elementwise("exp", Math::exp, (c, gy) -> gy.mul(c.y()));

    /** Returns e to the power of x. */
    default Node exp() {
        return Node.of(EXP, self());
    }

    /** {@code y = ln x}; NaN below 0. */
    Formula LOG = elementwise("log", Math::log, (c, gy) -> gy.div(c.x(0))).smoothOn(0.2, 3);

    /** Returns the natural logarithm. */
    default Node log() {
        return Node.of(LOG, self());
    }

    /** {@code y = sqrt x}; NaN below 0. */
    Formula SQRT =
            elementwise("sqrt", Math::sqrt, (c, gy) -> gy.div(c.y().mul(2))).smoothOn(0.2, 3);

    /** Returns the square root. */
    default Node sqrt() {
        return Node.of(SQRT, self());
    }

    /** {@code y = |x|}; the derivative at 0 is 0. */
    Formula ABS =
            elementwise("abs", Math::abs, (c, gy) -> gy.mul(c.x(0).sign())).smoothOn(-2, -0.1, 0.1, 2);

    /** Returns the absolute value. */
    default Node abs() {
        return Node.of(ABS, self());
    }

    /** {@code y = -1, 0 or 1}, x's sign; the derivative is 0 everywhere. */
    Formula SIGN = elementwise("sign", Math::signum, Op.ZERO).smoothOn(-2, -0.1, 0.1, 2);

    /** Returns the sign, as -1, 0 or 1. */
    default Node sign() {
        return Node.of(SIGN, self());
    }

    /** {@code y = sin x}, x in radians. */
    Formula SIN = elementwise("sin", Math::sin, (c, gy) -> gy.mul(c.x(0).cos()));

    /** Returns the sine of an angle in radians. */
    default Node sin() {
        return Node.of(SIN, self());
    }

    /** {@code y = cos x}, x in radians. */
    Formula COS = elementwise("cos", Math::cos, (c, gy) -> gy.mul(c.x(0).sin()).neg());

    /** Returns the cosine of an angle in radians. */
    default Node cos() {
        return Node.of(COS, self());
    }

    private Node self() {
        return (Node) this;
    }
}
