package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.Tensor;

/** The family of functions that networks bend their lines with. */
public sealed interface Activations permits Node {
    /** {@code y = max(x, 0)}; the derivative at 0 is 0. */
    // x <= 0 ? 0 : x and not x > 0 ? x : 0, which would turn a NaN into 0 and hide it
    Formula RELU = elementwise("relu", x -> x <= 0 ? 0 : x, (c, gy) -> gy.onlyWhere(c.y()))
            .smoothOn(-2, -0.1, 0.1, 2);

    /** Returns x where it is positive, else 0. */
    default Node relu() {
        return Node.of(RELU, self());
    }

    /** {@code y = 1 / (1 + e^-x)}. */
    Formula SIGMOID = elementwise(
            "sigmoid",
            x -> {
                double e = Math.exp(-Math.abs(x)); // never overflows
                return (x >= 0 ? 1 : e) / (1 + e);
            },
            (c, gy) -> gy.mul(c.y()).mul(c.y().neg().add(1)));

    /** Returns the logistic function, between 0 and 1. */
    default Node sigmoid() {
        return Node.of(SIGMOID, self());
    }

    /** {@code y = tanh x}. */
    Formula TANH = elementwise(
            "tanh", Math::tanh, (c, gy) -> gy.mul(c.y().square().neg().add(1)));

    /** Returns the hyperbolic tangent. */
    default Node tanh() {
        return Node.of(TANH, self());
    }

    /** {@code y = ln(1 + e^x)}, without overflow. */
    Formula SOFTPLUS = elementwise(
            "softplus", x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), (c, gy) -> gy.mul(c.x(0).sigmoid()));

    /** Returns the smooth form of relu. */
    default Node softplus() {
        return Node.of(SOFTPLUS, self());
    }

    /** {@code y = e^x / sum(e^x)} along an axis; a row of all -inf gives zeros. */
    record Softmax(int axis) implements Op {
        @Override
        public String name() {
            return "softmax";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return x[0].softmax(axis);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            Node weighted = gy.mul(c.y());
            return new Node[] {weighted.sub(c.y().mul(weighted.sumKeepDims(axis)))};
        }
    }

    /** Returns weights that sum to 1 along an axis, in proportion to e^x; never overflows. */
    default Node softmax(int axis) {
        return Node.of(new Softmax(axis), self());
    }

    /** {@code y = x - logSumExp(x)} along an axis; a row of all -inf stays so. */
    record LogSoftmax(int axis) implements Op {
        @Override
        public String name() {
            return "logSoftmax";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return x[0].logSoftmax(axis);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {gy.sub(c.y().exp().mul(gy.sumKeepDims(axis)))};
        }
    }

    /** Returns the logarithms of softmax, exact where softmax itself would underflow. */
    default Node logSoftmax(int axis) {
        return Node.of(new LogSoftmax(axis), self());
    }

    private Node self() {
        return (Node) this;
    }
}
