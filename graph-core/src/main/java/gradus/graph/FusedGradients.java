package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;
import gradus.array.Tensor;

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

    /** {@code gx = y (gy - sum(y gy))} along an axis, for {@code y = softmax(x)}. It is linear in gy, and symmetric. */
    record Softmax(int axis) implements Op {
        @Override
        public String name() {
            return "softmaxGradient";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].softmaxGradient(x[1], axis);
        }

        @Override
        public Node[] backward(Call c, Node u) {
            Node y = c.x(0);
            Node gy = c.x(1);
            Node byY = u.mul(gy.sub(y.mul(gy).sumKeepDims(axis)))
                    .sub(gy.mul(u.mul(y).sumKeepDims(axis)));
            return new Node[] {byY, Node.of(this, y, u)};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }

    /** {@code gx = gy - e^y sum(gy)} along an axis, for {@code y = logSoftmax(x)}. */
    record LogSoftmax(int axis) implements Op {
        @Override
        public String name() {
            return "logSoftmaxGradient";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].logSoftmaxGradient(x[1], axis);
        }

        @Override
        public Node[] backward(Call c, Node u) {
            Node weighted = u.mul(c.x(0).exp());
            Node byY = weighted.mul(c.x(1).sumKeepDims(axis)).neg();
            return new Node[] {byY, u.sub(weighted.sumKeepDims(axis))};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }

    /** {@code gx = gy softmax(x)} along an axis, along which gy has size 1, for {@code y = logSumExp(x)}. */
    record LogSumExp(int axis) implements Op {
        @Override
        public String name() {
            return "logSumExpGradient";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].logSumExpGradient(x[1], axis);
        }

        @Override
        public Node[] backward(Call c, Node u) {
            Node softmax = c.x(0).softmax(axis);
            Node byX = Node.of(new Softmax(axis), softmax, u.mul(c.x(1)));
            return new Node[] {byX, u.mul(softmax).sumKeepDims(axis)};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }
}
