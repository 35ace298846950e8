package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;

/**
 * The gradients of functions whose rules, composed of other ops, would take three passes over the array: one op each. Their own
 * rules are compositions, so derivatives of any order follow.
 */
interface FusedGradients {
    /** {@code gx = gy (1 - y^2)}, for {@code y = tanh x}. */
    Formula TANH = elementwise(
            "tanhGradient",
            BinaryFunction.TANH_GRADIENT,
            (c, gy) -> Node.of(FusedGradients.TANH, gy, c.x(1)),
            (c, gy) -> gy.mul(c.x(0)).mul(c.x(1)).mul(-2));

    /** {@code gx = gy y (1 - y)}, for {@code y = sigmoid(x)}. */
    Formula SIGMOID = elementwise(
            "sigmoidGradient",
            BinaryFunction.SIGMOID_GRADIENT,
            (c, gy) -> Node.of(FusedGradients.SIGMOID, gy, c.x(1)),
            (c, gy) -> gy.mul(c.x(0)).mul(c.x(1).mul(-2).add(1)));

    /** The derivative of max(a, b) by a: 1 where a > b, 0 where a < b, 1/2 where they are equal, 1 if either is NaN. */
    Formula MAXIMUM_DERIVATIVE = elementwise("maximumDerivative", BinaryFunction.MAXIMUM_DERIVATIVE, Op.NONE, Op.NONE);
}
