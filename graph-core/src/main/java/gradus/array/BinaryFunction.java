package gradus.array;

/** The functions of two numbers that have a loop of their own; the same bytes with the SIMD loops and the plain ones. */
public enum BinaryFunction {
    /** {@code a + b}. */
    ADD,
    /** {@code a - b}. */
    SUB,
    /** {@code a b}. */
    MUL,
    /** {@code a / b}. */
    DIV,
    /** The larger; NaN if one is, and 0 is larger than -0. */
    MAXIMUM,
    /** The smaller; NaN if one is, and -0 is smaller than 0. */
    MINIMUM,
    /** 1 where {@code a > b}, else 0. */
    GT,
    /** 1 where {@code a < b}, else 0. */
    LT,
    /** 1 where {@code a >= b}, else 0. */
    GE,
    /** 1 where {@code a <= b}, else 0. */
    LE,
    /** 1 where {@code a == b}, else 0. */
    EQ,
    /** 1 where {@code a != b}, else 0. */
    NE,
    /** 1 where neither is 0, else 0. */
    AND,
    /** 1 where not both are 0, else 0. */
    OR,
    /** a where b is not 0, else exactly 0 whatever a is. */
    MASKED_BY,
    /** The derivative of the larger by a: 0 where {@code a < b}, 1/2 where they are equal, else 1. */
    MAXIMUM_DERIVATIVE,
    /** {@code a (1 - b^2)}: a gradient a, behind b = tanh x. */
    TANH_GRADIENT,
    /** {@code a b (1 - b)}: a gradient a, behind b = sigmoid x. */
    SIGMOID_GRADIENT,
    /** {@code a (Phi(b) + b phi(b))}: a gradient a, behind gelu of b; a or 0 at infinite b. */
    GELU_GRADIENT,
    /**
     * {@code a s (1 + b v' (1 - s))}, {@code s = sigmoid(v)}, {@code v = sqrt(8 / pi) (b + 0.044715 b^3)}: a gradient a, behind the
     * approximation of gelu with tanh, of b; a or 0 at infinite b.
     */
    GELU_TANH_GRADIENT,
    /** {@code a s (1 + b (1 - s))}, {@code s = sigmoid(b)}: a gradient a, behind b sigmoid(b); a or 0 at infinite b. */
    SILU_GRADIENT
}
