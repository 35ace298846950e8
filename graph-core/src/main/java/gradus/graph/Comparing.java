package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;
import gradus.array.DType;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;

/**
 * Comparisons, logical ops, the larger and the smaller of two, and limits. A comparison is 1 where it holds and 0 elsewhere, in the
 * operands' number type, so that it serves as a mask; it has no gradient.
 */
public sealed interface Comparing permits Node {
    /** {@code y = max(a, b)}; {@code dy/da = 1 where a > b, 0 where a < b, 1/2 where a = b}, as in PyTorch. */
    Formula MAXIMUM = elementwise(
            "maximum",
            BinaryFunction.MAXIMUM,
            (c, gy) -> gy.mul(maximumDerivative(c.x(0), c.x(1))),
            (c, gy) -> gy.mul(maximumDerivative(c.x(1), c.x(0))));

    /** Returns the larger of each pair; NaN if one is. PyTorch's {@code maximum}. */
    default Node maximum(Node b) {
        return Node.of(MAXIMUM, self(), b);
    }

    /** Returns the larger of each element and a number. */
    default Node maximum(double b) {
        return maximum(self().number(b));
    }

    /** {@code y = min(a, b)}; {@code dy/da = 1 where a < b, 0 where a > b, 1/2 where a = b}, as in PyTorch. */
    Formula MINIMUM = elementwise(
            "minimum",
            BinaryFunction.MINIMUM,
            (c, gy) -> gy.mul(maximumDerivative(c.x(1), c.x(0))),
            (c, gy) -> gy.mul(maximumDerivative(c.x(0), c.x(1))));

    /** Returns the smaller of each pair; NaN if one is. PyTorch's {@code minimum}. */
    default Node minimum(Node b) {
        return Node.of(MINIMUM, self(), b);
    }

    /** Returns the smaller of each element and a number. */
    default Node minimum(double b) {
        return minimum(self().number(b));
    }

    /** {@code y = a > b}. */
    Formula GT = elementwise("gt", BinaryFunction.GT, Op.NONE, Op.NONE);

    /** Returns 1 where this is greater, else 0. PyTorch's {@code gt}. */
    default Node gt(Node b) {
        return Node.of(GT, self(), b);
    }

    /** Returns 1 where this is greater than a number, else 0. */
    default Node gt(double b) {
        return gt(self().number(b));
    }

    /** {@code y = a < b}. */
    Formula LT = elementwise("lt", BinaryFunction.LT, Op.NONE, Op.NONE);

    /** Returns 1 where this is less, else 0. PyTorch's {@code lt}. */
    default Node lt(Node b) {
        return Node.of(LT, self(), b);
    }

    /** Returns 1 where this is less than a number, else 0. */
    default Node lt(double b) {
        return lt(self().number(b));
    }

    /** {@code y = a >= b}. */
    Formula GE = elementwise("ge", BinaryFunction.GE, Op.NONE, Op.NONE);

    /** Returns 1 where this is greater or equal, else 0. PyTorch's {@code ge}. */
    default Node ge(Node b) {
        return Node.of(GE, self(), b);
    }

    /** Returns 1 where this is greater than a number or equal, else 0. */
    default Node ge(double b) {
        return ge(self().number(b));
    }

    /** {@code y = a <= b}. */
    Formula LE = elementwise("le", BinaryFunction.LE, Op.NONE, Op.NONE);

    /** Returns 1 where this is less or equal, else 0. PyTorch's {@code le}. */
    default Node le(Node b) {
        return Node.of(LE, self(), b);
    }

    /** Returns 1 where this is less than a number or equal, else 0. */
    default Node le(double b) {
        return le(self().number(b));
    }

    /** {@code y = a == b}. */
    Formula EQ = elementwise("eq", BinaryFunction.EQ, Op.NONE, Op.NONE);

    /** Returns 1 where both are equal, else 0. PyTorch's {@code eq}. */
    default Node eq(Node b) {
        return Node.of(EQ, self(), b);
    }

    /** Returns 1 where this is equal to a number, else 0. */
    default Node eq(double b) {
        return eq(self().number(b));
    }

    /** {@code y = a != b}. */
    Formula NE = elementwise("ne", BinaryFunction.NE, Op.NONE, Op.NONE);

    /** Returns 1 where both differ, else 0. PyTorch's {@code ne}. */
    default Node ne(Node b) {
        return Node.of(NE, self(), b);
    }

    /** Returns 1 where this differs from a number, else 0. */
    default Node ne(double b) {
        return ne(self().number(b));
    }

    /** {@code y = a and b}, of masks. */
    Formula AND = elementwise("and", BinaryFunction.AND, Op.NONE, Op.NONE);

    /** Returns 1 where neither is 0, else 0: logical and. PyTorch's {@code logical_and}. */
    default Node and(Node b) {
        return Node.of(AND, self(), b);
    }

    /** {@code y = a or b}, of masks. */
    Formula OR = elementwise("or", BinaryFunction.OR, Op.NONE, Op.NONE);

    /** Returns 1 where not both are 0, else 0: logical or. PyTorch's {@code logical_or}. */
    default Node or(Node b) {
        return Node.of(OR, self(), b);
    }

    /** {@code y = not x}, of a mask. */
    Formula NOT = elementwise("not", UnaryFunction.NOT, Op.NONE);

    /** Returns 1 where this is 0, else 0: logical not. PyTorch's {@code logical_not}. */
    default Node not() {
        return Node.of(NOT, self());
    }

    /** {@code y = x is NaN}. */
    Formula IS_NAN = elementwise("isNaN", UnaryFunction.IS_NAN, Op.NONE);

    /** Returns 1 where this is NaN, else 0. PyTorch's {@code isnan}. */
    default Node isNaN() {
        return Node.of(IS_NAN, self());
    }

    /** {@code y = x is infinite}. */
    Formula IS_INFINITE = elementwise("isInfinite", UnaryFunction.IS_INFINITE, Op.NONE);

    /** Returns 1 where this is infinite, of either sign, else 0. PyTorch's {@code isinf}. */
    default Node isInfinite() {
        return Node.of(IS_INFINITE, self());
    }

    /** {@code y = x is a finite number}. */
    Formula IS_FINITE = elementwise("isFinite", UnaryFunction.IS_FINITE, Op.NONE);

    /** Returns 1 where this is neither infinite nor NaN, else 0. PyTorch's {@code isfinite}. */
    default Node isFinite() {
        return Node.of(IS_FINITE, self());
    }

    /** {@code y = low where x < low, high where x > high, else x}; {@code dy/dx = 1 where y = x, else 0}. */
    record Clamp(double low, double high) implements Op {
        @Override
        public String name() {
            return "clamp";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].map(v -> v < low ? low : v > high ? high : v);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.maskedBy(c.y().eq(c.x(0)))};
        }
    }

    /**
     * Returns {@code min(max(x, low), high)}; a bound may be infinite. The derivative is 1 inside and on the bounds, else
     * 0, as in PyTorch. PyTorch's {@code clamp}.
     *
     * @throws IllegalArgumentException if low is greater than high, or one is NaN
     */
    default Node clamp(double low, double high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "clamp: the bounds " + low + " and " + high + " are not in ascending order");
        }
        return Node.of(new Clamp(low, high), self());
    }

    /**
     * Returns {@code max(x, low)}. The derivative is 1 where {@code x >= low}, else 0; {@link #maximum(double)} has 1/2 on the
     * bound. PyTorch's {@code clamp_min}.
     *
     * @throws IllegalArgumentException if low is NaN
     */
    default Node clampMin(double low) {
        requireBound("clampMin", low);
        return Node.of(new Clamp(low, Double.POSITIVE_INFINITY), self());
    }

    /**
     * Returns {@code min(x, high)}. The derivative is 1 where {@code x <= high}, else 0; {@link #minimum(double)} has 1/2 on the
     * bound. PyTorch's {@code clamp_max}.
     *
     * @throws IllegalArgumentException if high is NaN
     */
    default Node clampMax(double high) {
        requireBound("clampMax", high);
        return Node.of(new Clamp(Double.NEGATIVE_INFINITY, high), self());
    }

    /** {@code y = x where x is finite, else the number for NaN, infinity or -infinity}; {@code dy/dx = 1 where x is finite, else 0}. */
    record NanToNum(double nan, double positiveInfinity, double negativeInfinity) implements Op {
        @Override
        public String name() {
            return "nanToNum";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].map(this::replaced);
        }

        private double replaced(double v) {
            if (Double.isNaN(v)) {
                return nan;
            }
            return v == Double.POSITIVE_INFINITY
                    ? positiveInfinity
                    : v == Double.NEGATIVE_INFINITY ? negativeInfinity : v;
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.maskedBy(c.x(0).isFinite())};
        }
    }

    /**
     * Returns x with 0 for NaN, and the largest and the smallest finite number of the number type for infinity and -infinity.
     * PyTorch's {@code nan_to_num}.
     */
    default Node nanToNum() {
        double largest = self().dtype() == DType.FLOAT64 ? Double.MAX_VALUE : Float.MAX_VALUE;
        return nanToNum(0, largest, -largest);
    }

    /** Returns x with other numbers for NaN, infinity and -infinity, where the gradient is 0. PyTorch's {@code nan_to_num}. */
    default Node nanToNum(double nan, double positiveInfinity, double negativeInfinity) {
        return Node.of(new NanToNum(nan, positiveInfinity, negativeInfinity), self());
    }

    private static void requireBound(String op, double bound) {
        if (Double.isNaN(bound)) {
            throw new IllegalArgumentException(op + ": the bound is NaN");
        }
    }

    private static Node maximumDerivative(Node a, Node b) {
        return Node.of(FusedGradients.MAXIMUM_DERIVATIVE, a, b);
    }

    private Node self() {
        return (Node) this;
    }
}
