package gradus.array;

/**
 * The functions of one number that have a loop of their own. Those marked <i>rounded</i> are the IEEE 754 operations
 * and exact choices, the same to the bit in either number type; the others say how far they may be from the exact
 * value, in ulp of the number type. Every one gives the same bytes with the SIMD loops and with the plain ones.
 */
public enum UnaryFunction {
    /** {@code -x}, rounded. */
    NEG,
    /** {@code |x|}, rounded. */
    ABS,
    /** {@code -1, 0 or 1}; zeros and NaN stay, rounded. */
    SIGN,
    /** {@code x^2}, rounded. */
    SQUARE,
    /** {@code 1 / x}, rounded. */
    RECIPROCAL,
    /** {@code sqrt x}, rounded. */
    SQRT,
    /** {@code 1 / sqrt x}, to 2 ulp. */
    RSQRT,
    /** {@code x} where it is positive or NaN, else 0, rounded. */
    RELU,
    /** {@code x / (1 + |x|)}, to 2 ulp. */
    SOFTSIGN,
    /** {@code e^x}, to 1 ulp. */
    EXP,
    /** {@code e^x - 1}, exact also near 0: to 2 ulp. */
    EXPM1,
    /** {@code ln x}, to 1 ulp. */
    LOG,
    /** {@code ln(1 + x)}, exact also near 0: to 2 ulp. */
    LOG1P,
    /** {@code 1 / (1 + e^-x)}, to 3 ulp. */
    SIGMOID,
    /** {@code tanh x}, to 3 ulp. */
    TANH,
    /** {@code ln(1 + e^x)}, to 3 ulp. */
    SOFTPLUS,
    /** 1 where x is 0, else 0. */
    NOT,
    /** 1 where x is NaN, else 0. */
    IS_NAN,
    /** 1 where x is infinite, else 0. */
    IS_INFINITE,
    /** 1 where x is a finite number, else 0. */
    IS_FINITE
}
