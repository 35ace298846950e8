package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;

/**
 * Comparisons, logical ops, and the larger and the smaller of two. A comparison is 1 where it holds and 0 elsewhere, in the
 * operands' number type, so that it serves as a mask; it has no gradient.
 */
public sealed interface Comparing permits Node {
    /** {@code y = max(a, b)}; {@code dy/da = 1 where a > b, 0 where a < b, 1/2 where a = b}, as in PyTorch. */
    Formula MAXIMUM = elementwise(
            "maximum",
            BinaryFunction.MAXIMUM,
            (c, gy) -> gy.mul(maximumDerivative(c.x(0), c.x(1))),
            (c, gy) -> gy.mul(maximumDerivative(c.x(1), c.x(0))));

    /** Returns the larger of each pair; NaN if one is. */
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

    /** Returns the smaller of each pair; NaN if one is. */
    default Node minimum(Node b) {
        return Node.of(MINIMUM, self(), b);
    }

    /** Returns the smaller of each element and a number. */
    default Node minimum(double b) {
        return minimum(self().number(b));
    }

    /** {@code y = a > b}. */
    Formula GT = elementwise("gt", BinaryFunction.GT, Op.NONE, Op.NONE);

    /** Returns 1 where this is greater, else 0. */
    default Node gt(Node b) {
        return Node.of(GT, self(), b);
    }

    /** Returns 1 where this is greater than a number, else 0. */
    default Node gt(double b) {
        return gt(self().number(b));
    }

    /** {@code y = a < b}. */
    Formula LT = elementwise("lt", BinaryFunction.LT, Op.NONE, Op.NONE);

    /** Returns 1 where this is less, else 0. */
    default Node lt(Node b) {
        return Node.of(LT, self(), b);
    }

    /** Returns 1 where this is less than a number, else 0. */
    default Node lt(double b) {
        return lt(self().number(b));
    }

    /** {@code y = a >= b}. */
    Formula GE = elementwise("ge", BinaryFunction.GE, Op.NONE, Op.NONE);

    /** Returns 1 where this is greater or equal, else 0. */
    default Node ge(Node b) {
        return Node.of(GE, self(), b);
    }

    /** Returns 1 where this is greater than a number or equal, else 0. */
    default Node ge(double b) {
        return ge(self().number(b));
    }

    /** {@code y = a <= b}. */
    Formula LE = elementwise("le", BinaryFunction.LE, Op.NONE, Op.NONE);

    /** Returns 1 where this is less or equal, else 0. */
    default Node le(Node b) {
        return Node.of(LE, self(), b);
    }

    /** Returns 1 where this is less than a number or equal, else 0. */
    default Node le(double b) {
        return le(self().number(b));
    }

    /** {@code y = a == b}. */
    Formula EQ = elementwise("eq", BinaryFunction.EQ, Op.NONE, Op.NONE);

    /** Returns 1 where both are equal, else 0. */
    default Node eq(Node b) {
        return Node.of(EQ, self(), b);
    }

    /** Returns 1 where this is equal to a number, else 0. */
    default Node eq(double b) {
        return eq(self().number(b));
    }

    /** {@code y = a != b}. */
    Formula NE = elementwise("ne", BinaryFunction.NE, Op.NONE, Op.NONE);

    /** Returns 1 where both differ, else 0. */
    default Node ne(Node b) {
        return Node.of(NE, self(), b);
    }

    /** Returns 1 where this differs from a number, else 0. */
    default Node ne(double b) {
        return ne(self().number(b));
    }

    /** {@code y = a and b}, of masks. */
    Formula AND = elementwise("and", BinaryFunction.AND, Op.NONE, Op.NONE);

    /** Returns 1 where neither is 0, else 0: logical and. */
    default Node and(Node b) {
        return Node.of(AND, self(), b);
    }

    /** {@code y = a or b}, of masks. */
    Formula OR = elementwise("or", BinaryFunction.OR, Op.NONE, Op.NONE);

    /** Returns 1 where not both are 0, else 0: logical or. */
    default Node or(Node b) {
        return Node.of(OR, self(), b);
    }

    /** {@code y = not x}, of a mask. */
    Formula NOT = elementwise("not", UnaryFunction.NOT, Op.NONE);

    /** Returns 1 where this is 0, else 0: logical not. */
    default Node not() {
        return Node.of(NOT, self());
    }

    /** {@code y = x is NaN}. */
    Formula IS_NAN = elementwise("isNaN", UnaryFunction.IS_NAN, Op.NONE);

    /** Returns 1 where this is NaN, else 0. */
    default Node isNaN() {
        return Node.of(IS_NAN, self());
    }

    /** {@code y = x is infinite}. */
    Formula IS_INFINITE = elementwise("isInfinite", UnaryFunction.IS_INFINITE, Op.NONE);

    /** Returns 1 where this is infinite, of either sign, else 0. */
    default Node isInfinite() {
        return Node.of(IS_INFINITE, self());
    }

    /** {@code y = x is a finite number}. */
    Formula IS_FINITE = elementwise("isFinite", UnaryFunction.IS_FINITE, Op.NONE);

    /** Returns 1 where this is neither infinite nor NaN, else 0. */
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

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }
    }

    /**
     * Returns {@code min(max(x, low), high)}; a bound may be infinite. The derivative is 1 inside and on the bounds, else 0, as
     * in PyTorch.
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

    private static Node maximumDerivative(Node a, Node b) {
        return Node.of(FusedGradients.MAXIMUM_DERIVATIVE, a, b);
    }

    private Node self() {
        return (Node) this;
    }
}
