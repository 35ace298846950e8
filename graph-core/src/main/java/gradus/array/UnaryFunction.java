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
    /** The error function {@code erf x}, to 3 ulp; measured 2.3. */
    ERF,
    /** {@code 1 - erf x}, exact also far above 0: to 8 ulp; measured 6.5, and 4.4 in FLOAT32. */
    ERFC,
    /**
     * {@code Phi(x) = erfc(-x / sqrt 2) / 2}, the standard normal distribution, exact also far below 0: to 8 ulp, and to 5 where
     * {@code |x| < 4}; measured 7.4 and 3.4, and 4.2 and 2.9 in FLOAT32.
     */
    NORMAL_CDF,
    /**
     * {@code x Phi(x)}, 0 at -infinity: to 8 ulp, and to 5 where {@code |x| < 4}; measured 7.0 and 4.3, and 4.9 and 3.2 in
     * FLOAT32.
     */
    GELU,
    /** {@code x sigmoid(v)}, {@code v = sqrt(8 / pi) (x + 0.044715 x^3)}, 0 at -infinity: to {@code 3 + 2 |v|} ulp. */
    GELU_TANH,
    /** {@code x sigmoid(x)}, 0 at -infinity: to 3 ulp; measured 2.7. */
    SILU,
    /** 1 where x is 0, else 0. */
    NOT,
    /** 1 where x is NaN, else 0. */
    IS_NAN,
    /** 1 where x is infinite, else 0. */
    IS_INFINITE,
    /** 1 where x is a finite number, else 0. */
    IS_FINITE
}
