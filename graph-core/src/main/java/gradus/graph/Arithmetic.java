package gradus.graph;

import static gradus.graph.Op.binary;
import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;

/** Arithmetic ops: sums, differences, products, quotients, remainders, powers and interpolation. Operands are broadcast by NumPy's rules. */
public sealed interface Arithmetic permits Node {
    /** {@code y = a + b}. */
    Formula ADD = binary("add", Tensor::add, (c, gy) -> gy, (c, gy) -> gy);

    /** Returns {@code a + b}, broadcast. PyTorch's {@code add}. */
    default Node add(Node b) {
        return Node.of(ADD, self(), b);
    }

    /** Returns {@code a + b}. */
    default Node add(double b) {
        return add(self().number(b));
    }

    /** {@code y = a - b}. */
    Formula SUB = binary("sub", Tensor::sub, (c, gy) -> gy, (c, gy) -> gy.neg());

    /** Returns {@code a - b}, broadcast. PyTorch's {@code sub}. */
    default Node sub(Node b) {
        return Node.of(SUB, self(), b);
    }

    /** Returns {@code a - b}. */
    default Node sub(double b) {
        return sub(self().number(b));
    }

    /** Returns {@code b - a}: a number minus this. PyTorch's {@code rsub}. */
    default Node rsub(double b) {
        return self().number(b).sub(self());
    }

    /** {@code y = ln(e^a + e^b)}, without overflow. */
    Formula LOG_ADD_EXP = elementwise(
            "logAddExp",
            Special::logAddExp,
            (c, gy) -> gy.mul(c.x(0).sub(c.x(1)).sigmoid()),
            (c, gy) -> gy.mul(c.x(1).sub(c.x(0)).sigmoid()));

    /** Returns {@code ln(e^a + e^b)}, broadcast, without overflow. PyTorch's {@code logaddexp}. */
    default Node logAddExp(Node b) {
        return Node.of(LOG_ADD_EXP, self(), b);
    }

    /** {@code y = a b}, elementwise. */
    Formula MUL = binary("mul", Tensor::mul, (c, gy) -> gy.mul(c.x(1)), (c, gy) -> gy.mul(c.x(0)))
            .elementByElement();

    /**
     * Returns the elementwise product {@code a b}, broadcast; {@link Products#matmul} is the matrix product. PyTorch's
     * {@code mul}.
     */
    default Node mul(Node b) {
        return Node.of(MUL, self(), b);
    }

    /** Returns {@code a b}. */
    default Node mul(double b) {
        return mul(self().number(b));
    }

    /** {@code y = a / b}. */
    Formula DIV = binary("div", Tensor::div, (c, gy) -> gy.div(c.x(1)), (c, gy) -> gy.mul(c.y())
                    .div(c.x(1))
                    .neg())
            .elementByElement()
            .smoothOn(-2, -0.5, 0.5, 2);

    /** Returns the elementwise quotient {@code a / b}, broadcast. PyTorch's {@code div}. */
    default Node div(Node b) {
        return Node.of(DIV, self(), b);
    }

    /** Returns {@code a / b}. */
    default Node div(double b) {
        return div(self().number(b));
    }

    /** Returns {@code b / a}: a number divided by this. PyTorch's {@code div}. */
    default Node rdiv(double b) {
        return self().number(b).div(self());
    }

    /** {@code y = a - b trunc(a / b)}, the remainder with the sign of a, as fmod of C and PyTorch. */
    Formula FMOD = elementwise("fmod", (a, b) -> a % b, (c, gy) -> gy, (c, gy) -> gy.mul(
                            c.x(0).sub(c.y()).div(c.x(1)).round())
                    .neg())
            .smoothOn(0.3, 2);

    /** Returns the remainder of {@code a / b}, broadcast; it has the sign of a. PyTorch's {@code fmod}. */
    default Node fmod(Node b) {
        return Node.of(FMOD, self(), b);
    }

    /** Returns the remainder of {@code a / b}; it has the sign of a. */
    default Node fmod(double b) {
        return fmod(self().number(b));
    }

    /** {@code y = a - b floor(a / b)}, the remainder with the sign of b, as % of Python. */
    Formula REMAINDER = elementwise("remainder", Special::remainder, (c, gy) -> gy, (c, gy) -> gy.mul(
                            Node.of(Special.FLOOR_DIVIDE, c.x(0), c.x(1)))
                    .neg())
            .smoothOn(0.3, 2);

    /** Returns the remainder of {@code a / b}, broadcast; it has the sign of b: {@code a - b floor(a / b)}. PyTorch's {@code remainder}. */
    default Node remainder(Node b) {
        return Node.of(REMAINDER, self(), b);
    }

    /** Returns the remainder of {@code a / b}; it has the sign of b. PyTorch's {@code remainder}. */
    default Node remainder(double b) {
        return remainder(self().number(b));
    }

    /** {@code y = a + w (b - a)}, exactly b where w is 1; inputs a, b, w. */
    record Lerp() implements Op {
        @Override
        public String name() {
            return "lerp";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Tensor w = x[2];
            Tensor distance = x[1].sub(x[0]);
            Tensor fromStart = x[0].add(distance.mul(w));
            Tensor fromEnd = x[1].sub(distance.mul(Tensor.scalar(1, w.dtype()).sub(w)));
            Tensor half = Tensor.scalar(0.5, w.dtype());
            return fromStart.where(w.zip("lerp", half, BinaryFunction.LT), fromEnd);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node w = c.x(2);
            return new Node[] {
                c.needs(0) ? gy.mul(w.rsub(1)) : null,
                c.needs(1) ? gy.mul(w) : null,
                c.needs(2) ? gy.mul(c.x(1).sub(c.x(0))) : null
            };
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }
    }

    Lerp LERP = new Lerp();

    /**
     * Returns {@code a + w (b - a)}, the linear interpolation from this to the end, broadcast; a weight may be below 0 or above 1.
     * PyTorch's {@code lerp}.
     */
    default Node lerp(Node end, Node weight) {
        return Node.of(LERP, self(), end, weight);
    }

    /** Returns {@code a + w (b - a)}, the linear interpolation from this to the end, broadcast. PyTorch's {@code lerp}. */
    default Node lerp(Node end, double weight) {
        return lerp(end, self().number(weight));
    }

    /** {@code y = 1 / x}. */
    Formula RECIPROCAL = elementwise("reciprocal", UnaryFunction.RECIPROCAL, (c, gy) -> gy.mul(c.y().square())
                    .neg())
            .smoothOn(-2, -0.5, 0.5, 2);

    /** Returns {@code 1 / x}. PyTorch's {@code reciprocal}. */
    default Node reciprocal() {
        return Node.of(RECIPROCAL, self());
    }

    /** {@code y = -x}. */
    Formula NEG = elementwise("neg", UnaryFunction.NEG, (c, gy) -> gy.neg());

    /** Returns {@code -x}. PyTorch's {@code neg}. */
    default Node neg() {
        return Node.of(NEG, self());
    }

    /** {@code y = x^2}. */
    Formula SQUARE = elementwise("square", UnaryFunction.SQUARE, (c, gy) -> gy.mul(c.x(0).mul(2)));

    /** Returns {@code x^2}. PyTorch's {@code square}. */
    default Node square() {
        return Node.of(SQUARE, self());
    }

    /**
     * {@code y = a^b}; {@code dy/da = b a^(b-1)}, {@code dy/db = y ln a}. As in PyTorch dy/da is 0 where b is 0 and dy/db is
     * 0 where a is 0 and b is not negative, also where the formula multiplies 0 by infinity.
     */
    Formula POW = elementwise(
                    "pow",
                    Special::pow,
                    (c, gy) -> gy.mul(powerSlope(c.x(0), c.x(1))),
                    (c, gy) -> gy.mul(c.y().mul(c.x(0).log())
                            .maskedBy(c.x(0).ne(0).or(c.x(1).ge(0).not()))))
            .smoothOn(0.3, 2);

    /** Returns {@code a^b}, elementwise and broadcast. PyTorch's {@code pow}. */
    default Node pow(Node b) {
        return Node.of(POW, self(), b);
    }

    /** Returns {@code a^b}. */
    default Node pow(double b) {
        return pow(self().number(b));
    }

    /** Returns {@code b^a}: a number to the power of this. PyTorch's {@code pow}. */
    default Node rpow(double b) {
        return self().number(b).pow(self());
    }

    /** Returns {@code b a^(b-1)}, 0 where b is 0 and the power is infinite or NaN. */
    private static Node powerSlope(Node a, Node b) {
        Node power = a.pow(b.sub(1));
        return b.mul(power).maskedBy(b.ne(0).or(power.isFinite()));
    }

    private Node self() {
        return (Node) this;
    }
}
