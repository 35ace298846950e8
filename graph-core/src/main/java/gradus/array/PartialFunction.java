package gradus.array;

/** Functions of two numbers that other functions are computed from. */
enum PartialFunction {
    /** A part of softmax: {@code e^(a - b)}, a at most b, corrected by what the rounding of the difference lost: to 2 ulp. */
    EXP_OF_DIFFERENCE,
    /** A part of {@link UnaryFunction#LOG1P}: {@code ln(1 + a)}, given b, the logarithm of the rounded sum. */
    LOG1P_OF_LOG,
    /** A part of {@link UnaryFunction#ERF}: {@code erf a}, given b, erfc of |a|. */
    ERF_OF_ERFC
}
