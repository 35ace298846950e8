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

    /** {@code gx = gy (Phi(x) + x phi(x))}, for gelu; its derivative by x is {@code gy phi(x) (2 - x^2)}. */
    Formula GELU = elementwise(
            "geluGradient", BinaryFunction.GELU_GRADIENT, (c, u) -> Node.of(FusedGradients.GELU, u, c.x(1)), (c, u) -> {
                Node x = c.x(1).clamp(-Special.GELU_SATURATED, Special.GELU_SATURATED);
                Node curvature = Node.of(Special.NORMAL_PDF, x).mul(x.square().rsub(2));
                return u.mul(c.x(0)).mul(curvature);
            });

    /**
     * {@code gx = gy (s + x s (1 - s) v')}, {@code s = sigmoid(v)}, {@code v = sqrt(8 / pi) (x + 0.044715 x^3)}, for geluTanh;
     * its derivative by x is {@code gy s (1 - s) (2 v' + x ((1 - 2 s) v'^2 + v''))}.
     */
    Formula GELU_TANH = elementwise(
            "geluTanhGradient",
            BinaryFunction.GELU_TANH_GRADIENT,
            (c, u) -> Node.of(FusedGradients.GELU_TANH, u, c.x(1)),
            (c, u) -> {
                double scale = Math.sqrt(8 / Math.PI);
                Node x = c.x(1).clamp(-Special.GELU_SATURATED, Special.GELU_SATURATED);
                Node square = x.square().mul(0.044715);
                Node s = square.add(1).mul(scale).mul(x).sigmoid();
                Node first = square.mul(3).add(1).mul(scale);
                Node inner = s.mul(-2).add(1).mul(first.square()).add(x.mul(6 * 0.044715 * scale));
                Node curvature = s.mul(s.rsub(1)).mul(first.mul(2).add(x.mul(inner)));
                return u.mul(c.x(0)).mul(curvature);
            });

    /**
     * {@code gx = gy s (1 + x (1 - s))}, {@code s = sigmoid(x)}, for silu; its derivative by x is {@code gy s (1 - s) (2 + x (1 - 2
     * s))}.
     */
    Formula SILU = elementwise(
            "siluGradient", BinaryFunction.SILU_GRADIENT, (c, u) -> Node.of(FusedGradients.SILU, u, c.x(1)), (c, u) -> {
                Node x = c.x(1).clamp(-Special.SILU_SATURATED, Special.SILU_SATURATED);
                Node s = x.sigmoid();
                Node curvature = s.mul(s.rsub(1)).mul(x.mul(s.mul(-2).add(1)).add(2));
                return u.mul(c.x(0)).mul(curvature);
            });

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
