package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;

/**
 * Gradients behind functions whose rules would take three passes over the array, as one op each. Their own rules are
 * compositions, so any order of derivative follows.
 */
interface FusedGradients {
    /** {@code g (1 - y^2)}: the gradient g of {@code y = tanh x}, passed on to x. */
    Formula TANH = elementwise(
            "tanhGradient",
            BinaryFunction.TANH_GRADIENT,
            (c, gy) -> Node.of(FusedGradients.TANH, gy, c.x(1)),
            (c, gy) -> gy.mul(c.x(0)).mul(c.x(1)).mul(-2));

    /** {@code g y (1 - y)}: the gradient g of the sigmoid y of x, passed on to x. */
    Formula SIGMOID = elementwise(
            "sigmoidGradient",
            BinaryFunction.SIGMOID_GRADIENT,
            (c, gy) -> Node.of(FusedGradients.SIGMOID, gy, c.x(1)),
            (c, gy) -> gy.mul(c.x(0)).mul(c.x(1).mul(-2).add(1)));

    /** What b leaves of the gradient of their maximum to a: all, nothing, half at a tie, all beside a NaN. */
    Formula SHARE = elementwise("share", BinaryFunction.SHARE, Op.NONE, Op.NONE);
}
