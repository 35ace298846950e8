package gradus.graph;

import static gradus.graph.Op.elementwise;
import static gradus.graph.Op.unary;

import gradus.array.BinaryFunction;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;
import java.util.Arrays;
import java.util.Objects;

/** Activation functions, elementwise but for softmax, logSoftmax and glu. */
public sealed interface Activations permits Node {
    /** {@code y = max(x, 0)}; {@code dy/dx = 1 where y > 0, else 0}, also at 0. */
    Formula RELU = unary("relu", x -> x.map(UnaryFunction.RELU), (c, gy) -> gy.maskedBy(c.y()))
            .smoothOn(-2, -0.1, 0.1, 2);

    /** Returns {@code max(x, 0)}. PyTorch's {@code relu}. */
    default Node relu() {
        return Node.of(RELU, self());
    }

    /** {@code y = 1 / (1 + e^-x)}; {@code dy/dx = y (1 - y)}, in one loop with the gradient that it is multiplied by. */
    Formula SIGMOID =
            elementwise("sigmoid", UnaryFunction.SIGMOID, (c, gy) -> Node.of(FusedGradients.SIGMOID, gy, c.y()));

    /** Returns the logistic function {@code 1 / (1 + e^-x)}. PyTorch's {@code sigmoid}. */
    default Node sigmoid() {
        return Node.of(SIGMOID, self());
    }

    /** {@code y = tanh x}; {@code dy/dx = 1 - y^2}, in one loop with the gradient that it is multiplied by. */
    Formula TANH = elementwise("tanh", UnaryFunction.TANH, (c, gy) -> Node.of(FusedGradients.TANH, gy, c.y()));

    /** Returns the hyperbolic tangent. PyTorch's {@code tanh}. */
    default Node tanh() {
        return Node.of(TANH, self());
    }

    /** {@code y = ln(1 + e^x)}, without overflow; {@code dy/dx = sigmoid(x)}. */
    Formula SOFTPLUS = elementwise("softplus", UnaryFunction.SOFTPLUS, (c, gy) -> gy.mul(c.x(0).sigmoid()));

    /** Returns {@code ln(1 + e^x)}, a smooth approximation of {@link #relu()}. PyTorch's {@code softplus}. */
    default Node softplus() {
        return Node.of(SOFTPLUS, self());
    }

    /** {@code y = x where x > 0, else slope x}; {@code dy/dx = 1 where x > 0, else slope}. */
    record LeakyRelu(double slope) implements Op {
        @Override
        public String name() {
            return "leakyRelu";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return ifPositive(x[0], x[0].mul(slope));
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.where(c.x(0).gt(0), gy.mul(slope))};
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }

        @Override
        public double[] smoothOn() {
            return new double[] {-2, -0.1, 0.1, 2};
        }
    }

    /** Returns {@code x where x > 0, else 0.01 x}. PyTorch's {@code leaky_relu}. */
    default Node leakyRelu() {
        return leakyRelu(0.01);
    }

    /** Returns {@code x where x > 0, else slope x}; the derivative at 0 is the slope, as in PyTorch. */
    default Node leakyRelu(double slope) {
        return Node.of(new LeakyRelu(slope), self());
    }

    /**
     * Returns {@code x where x > 0, else weight x}, with one weight for all or one for each channel, axis 1 of x; the derivative at 0
     * is the weight. PyTorch's {@code prelu}. He et al. 2015.
     *
     * @throws OperandMismatch if the weight is neither a single number nor a vector with one for each channel
     */
    default Node prelu(Node weight) {
        Objects.requireNonNull(weight, "prelu: weight is null");
        Shape s = self().shape();
        int rank = weight.shape().rank();
        boolean single = weight.shape().size() == 1 && rank <= 1;
        if (!single && (rank != 1 || s.rank() < 2 || weight.shape().size() != s.dim(1))) {
            String why = "the weight must be a single number, or one for each channel, axis 1 of x";
            throw new OperandMismatch("prelu", why, self().label(), weight.label());
        }
        int[] each = new int[s.rank()];
        Arrays.fill(each, 1);
        if (!single) {
            each[1] = s.dim(1);
        }
        return self().where(self().gt(0), self().mul(weight.reshape(Shape.of(each))));
    }

    /** {@code y = x where x > 0, else alpha (e^x - 1)}; {@code dy/dx = 1 where x > 0, else alpha e^x}. */
    record Elu(double alpha) implements Op {
        @Override
        public String name() {
            return "elu";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return ifPositive(x[0], x[0].map(UnaryFunction.EXPM1).mul(alpha));
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node slope = c.x(0).exp().mul(alpha);
            return new Node[] {gy.where(c.x(0).gt(0), gy.mul(slope))};
        }

        @Override
        public double[] smoothOn() {
            return new double[] {-2, -0.1, 0.1, 2};
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }
    }

    /** Returns {@code x where x > 0, else e^x - 1}. PyTorch's {@code elu}. */
    default Node elu() {
        return elu(1);
    }

    /** Returns {@code x where x > 0, else alpha (e^x - 1)}. Clevert et al. 2015. */
    default Node elu(double alpha) {
        return Node.of(new Elu(alpha), self());
    }

    /**
     * Returns {@code 1.0507 elu(x, alpha)} with {@code alpha = 1.67326}, which preserves mean 0 and variance 1. Klambauer
     * et al. 2017. PyTorch's {@code selu}.
     */
    default Node selu() {
        return elu(1.6732632423543772).mul(1.0507009873554805);
    }

    /** {@code y = x where x > 0, else alpha (e^(x/alpha) - 1)}; {@code dy/dx = 1 where x > 0, else e^(x/alpha)}. */
    record Celu(double alpha) implements Op {
        @Override
        public String name() {
            return "celu";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return ifPositive(x[0], x[0].div(alpha).map(UnaryFunction.EXPM1).mul(alpha));
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node slope = c.x(0).div(alpha).exp();
            return new Node[] {gy.where(c.x(0).gt(0), gy.mul(slope))};
        }

        @Override
        public double[] smoothOn() {
            return new double[] {-2, -0.1, 0.1, 2};
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }
    }

    /** Returns {@code x where x > 0, else e^x - 1}, the same as {@link #elu()}. PyTorch's {@code celu}. */
    default Node celu() {
        return celu(1);
    }

    /**
     * Returns {@code x where x > 0, else alpha (e^(x / alpha) - 1)}, continuously differentiable for every alpha. Barron 2017.
     *
     * @throws IllegalArgumentException if alpha is 0
     */
    default Node celu(double alpha) {
        if (alpha == 0) {
            throw new IllegalArgumentException("celu: alpha must not be 0");
        }
        return Node.of(new Celu(alpha), self());
    }

    /** {@code y = x Phi(x)}; {@code dy/dx = Phi(x) + x phi(x)}, in one loop with the gradient that it is multiplied by. */
    Formula GELU = elementwise("gelu", UnaryFunction.GELU, (c, gy) -> Node.of(FusedGradients.GELU, gy, c.x(0)));

    /**
     * Returns {@code x Phi(x)}, where Phi is the cumulative distribution function of the standard normal distribution and
     * phi its density; {@code dy/dx = Phi(x) + x phi(x)}. Exact to a few ulp, also far below 0. Hendrycks and Gimpel
     * 2016. PyTorch's {@code gelu}.
     */
    default Node gelu() {
        return Node.of(GELU, self());
    }

    /**
     * {@code y = x s}, {@code s = sigmoid(2 u)}, {@code u = sqrt(2 / pi) (x + 0.044715 x^3)};
     * {@code dy/dx = s + 2 x s (1 - s) du/dx}.
     */
    Formula GELU_TANH =
            elementwise("geluTanh", UnaryFunction.GELU_TANH, (c, gy) -> Node.of(FusedGradients.GELU_TANH, gy, c.x(0)));

    /**
     * Returns {@code x (1 + tanh u) / 2} with {@code u = sqrt(2 / pi) (x + 0.044715 x^3)}, an approximation of
     * {@link #gelu()}; computed as {@code x sigmoid(2 u)}, which neither cancels far below 0 nor overflows. PyTorch's
     * {@code gelu(approximate="tanh")}.
     */
    default Node geluTanh() {
        return Node.of(GELU_TANH, self());
    }

    /** {@code y = x s}, {@code s = sigmoid(x)}; {@code dy/dx = s (1 + x (1 - s))}. */
    Formula SILU = elementwise("silu", UnaryFunction.SILU, (c, gy) -> Node.of(FusedGradients.SILU, gy, c.x(0)));

    /** Returns {@code x sigmoid(x)}, also called swish. PyTorch's {@code silu}. */
    default Node silu() {
        return Node.of(SILU, self());
    }

    /** Returns {@code x tanh(softplus(x))}. Misra 2019. PyTorch's {@code mish}. */
    default Node mish() {
        return self().mul(self().softplus().tanh());
    }

    /** {@code y = x / (1 + |x|)}; {@code dy/dx = 1 / (1 + |x|)^2}, where the rule of a quotient would cancel far from 0. */
    Formula SOFTSIGN = elementwise(
                    "softsign",
                    UnaryFunction.SOFTSIGN,
                    (c, gy) -> gy.div(c.x(0).abs().add(1).square()))
            .smoothOn(-2, -0.1, 0.1, 2);

    /** Returns {@code x / (1 + |x|)}. PyTorch's {@code softsign}. */
    default Node softsign() {
        return Node.of(SOFTSIGN, self());
    }

    /** {@code y = low where x < low, high where x > high, else x}; {@code dy/dx = 1 where low < x < high, else 0}, and NaN at NaN. */
    record Hardtanh(double low, double high) implements Op {
        @Override
        public String name() {
            return "hardtanh";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Tensor raised = x[0].zip("hardtanh", Tensor.scalar(low, x[0].dtype()), BinaryFunction.MAXIMUM);
            return raised.zip("hardtanh", Tensor.scalar(high, x[0].dtype()), BinaryFunction.MINIMUM);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node x = c.x(0);
            Node gx = gy.maskedBy(x.gt(low).and(x.lt(high)));
            return new Node[] {x.hasNaN() ? gx.maskedFill(x.isNaN(), Double.NaN) : gx};
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }

        @Override
        public double[] smoothOn() {
            return new double[] {low - 1, low - 0.1, low + 0.1, high - 0.1, high + 0.1, high + 1};
        }
    }

    /**
     * Returns x limited to the interval from -1 to 1; the derivative at -1 and 1 is 0, as in PyTorch. PyTorch's
     * {@code hardtanh}.
     */
    default Node hardtanh() {
        return hardtanh(-1, 1);
    }

    /**
     * Returns x limited to the interval from low to high; the derivative on the bounds is 0, where that of {@link Comparing#clamp} is 1.
     * PyTorch's {@code hardtanh}.
     *
     * @throws IllegalArgumentException if low is not less than high
     */
    default Node hardtanh(double low, double high) {
        if (!(low < high)) {
            throw new IllegalArgumentException("hardtanh: low " + low + " is not less than high " + high);
        }
        return Node.of(new Hardtanh(low, high), self());
    }

    /** Returns {@code min(max(x, 0), 6)}; the derivative at 0 and 6 is 0. PyTorch's {@code relu6}. */
    default Node relu6() {
        return hardtanh(0, 6);
    }

    /**
     * Returns {@code x / 6 + 1/2} limited to 0 to 1; the derivative at -3 and 3 is 0, as in PyTorch. PyTorch's
     * {@code hardsigmoid}.
     */
    default Node hardSigmoid() {
        return self().div(3).hardtanh().add(1).div(2);
    }

    /** Returns {@code x hardSigmoid(x)}. Howard et al. 2019. PyTorch's {@code hardswish}. */
    default Node hardSwish() {
        return self().mul(self().hardSigmoid());
    }

    /** Returns {@code ln sigmoid(x)}, exact where sigmoid underflows. PyTorch's {@code logsigmoid}. */
    default Node logSigmoid() {
        return self().neg().softplus().neg();
    }

    /**
     * Returns {@code a sigmoid(b)}, the gated linear unit, where a and b are the first and the second half of x along an axis: {@code
     * [.., 2 n, ..] -> [.., n, ..]}. PyTorch's {@code glu}. Dauphin et al. 2017.
     *
     * @throws OperandMismatch if the size along the axis is odd
     */
    default Node glu(int axis) {
        int a = self().axes("glu", axis)[0];
        int d = self().shape().dim(a);
        if (d % 2 != 0) {
            throw new OperandMismatch("glu", "size " + d + " along axis " + axis + " is odd", self().label());
        }
        return self().slice(a, 0, d / 2).mul(self().slice(a, d / 2, d).sigmoid());
    }

    /** {@code y = e^x / sum(e^x)} along an axis; {@code gx = y (gy - sum(gy y))}. A row of all -inf gives zeros. */
    record Softmax(int axis) implements Op {
        @Override
        public String name() {
            return "softmax";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].softmax(axis);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new FusedGradients.Softmax(axis), c.y(), gy)};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }

    /**
     * Returns {@code e^x / sum(e^x)} along an axis, without overflow; the sum along the axis is 1. PyTorch's
     * {@code softmax}.
     */
    default Node softmax(int axis) {
        return Node.of(new Softmax(self().axes("softmax", axis)[0]), self());
    }

    /** {@code y = x - logSumExp(x)} along an axis; {@code gx = gy - e^y sum(gy)}. A row of all -inf stays -inf. */
    record LogSoftmax(int axis) implements Op {
        @Override
        public String name() {
            return "logSoftmax";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].logSoftmax(axis);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new FusedGradients.LogSoftmax(axis), c.y(), gy)};
        }

        @Override
        public int[] combinedAxes() {
            return new int[] {axis};
        }
    }

    /**
     * Returns {@code x - logSumExp(x)} along an axis, the logarithm of softmax, exact where softmax underflows. PyTorch's
     * {@code log_softmax}.
     */
    default Node logSoftmax(int axis) {
        return Node.of(new LogSoftmax(self().axes("logSoftmax", axis)[0]), self());
    }

    /** Returns the elements of x that are positive, and those of y elsewhere. */
    private static Tensor ifPositive(Tensor x, Tensor y) {
        return x.where(x.zip("gt", Tensor.scalar(0, x.dtype()), BinaryFunction.GT), y);
    }

    private Node self() {
        return (Node) this;
    }
}
