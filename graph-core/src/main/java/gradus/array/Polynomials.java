package gradus.array;

/**
 * What the exponential, the logarithm and the error function of {@link PlainFunctions64} are made of, and where the two number types
 * differ: constants, how many terms a series needs, and the layout of the bits (IEEE 754). {@code SimdPolynomials} says
 * the same of vectors, operation by operation.
 *
 * <p>The exponential: {@code e^x = 2^n e^r}, n the integer nearest to x / ln 2, so that |r| is at most ln(2) / 2, where
 * Taylor's series converges fast. The logarithm: {@code ln(2^k m) = k ln 2 + ln(1 + f)}, m between the roots of 1/2 and
 * 2, and with {@code s = f / (2 + f)}, {@code ln(1 + f) = 2 artanh(s) = 2 s + 2/3 s^3 + 2/5 s^5 + ..} (Abramowitz and
 * Stegun, 4.1.27 and 4.2.1).
 *
 * <p>The tail of the normal distribution: {@code Q(a) = e^(-a^2/2) R(a)}, R the best rational function in relative error,
 * all of whose coefficients are positive, so that neither Horner's scheme cancels. They were computed by Remez's algorithm
 * in 60 digits; erfc.py, beside the tests, prints them. The rounding error of {@code a^2} is found by fma and subtracted
 * from the reduced exponent, or the exponential would amplify it. Then {@code erfc(z) = 2 Q(sqrt(2) z)},
 * {@code Phi(-a) = Q(a)}, and gelu of -a is {@code -a Q(a)}.
 *
 * <p>Not {@code Math.exp}, and no {@code lanewise(EXP)}: the latter is another function in compiled code than in
 * interpreted code, so that results would depend on what is compiled already, and on the position of an element in its
 * array.
 */
final class Polynomials {
    /**
     * 1.5 times 2^52, or 2^23, and the exponent's bias: added to a number, it leaves it rounded to an integer in the
     * last bits.
     */
    static final double SHIFTER64 = 0x1.8p52 + 1023;

    static final float SHIFTER32 = 0x1.8p23f + 127;

    static final double LOG2E64 = 1 / Math.log(2);
    static final float LOG2E32 = (float) LOG2E64;
    /** ln 2 as the sum of two numbers. */
    static final double LN2HI64 = 0x1.62e42fefa39efp-1;

    static final double LN2LO64 = 0x1.abc9e3b39803fp-56;
    static final float LN2HI32 = 0x1.62e43p-1f;
    static final float LN2LO32 = -0x1.05c61p-29f;
    /** e^x is infinite from the first on, and 0 up to the second. */
    static final double OVERFLOW64 = 710;

    static final double UNDERFLOW64 = -746;
    static final float OVERFLOW32 = 89;
    static final float UNDERFLOW32 = -104;
    /** Factors of 2^n where that is subnormal, or larger than the largest number: the other factor is neither. */
    static final double SCALE_DOWN64 = 0x1p-64;

    static final double SCALE_UP64 = 0x1p64;
    static final float SCALE_DOWN32 = 0x1p-64f;
    static final float SCALE_UP32 = 0x1p64f;
    static final double INFINITY64 = Double.POSITIVE_INFINITY;
    static final float INFINITY32 = Float.POSITIVE_INFINITY;
    /** The smallest normal number, and a power of 2 by which every subnormal one becomes normal. */
    static final double MIN_NORMAL64 = Double.MIN_NORMAL;

    static final double SUBNORMAL_SCALE64 = 0x1p54;
    static final double SUBNORMAL_SHIFT64 = 54;
    static final float MIN_NORMAL32 = Float.MIN_NORMAL;
    static final float SUBNORMAL_SCALE32 = 0x1p25f;
    static final float SUBNORMAL_SHIFT32 = 25;

    /** Sizes of x from which on the tails of functions are 0 in the number type: of the normal distribution, and gelu. */
    static final double NORMAL_LIMIT64 = 39;

    static final double ERFC_LIMIT64 = 27.5;
    static final double GELU_TANH_LIMIT64 = 21.6;
    static final double SILU_LIMIT64 = 755;
    static final float NORMAL_LIMIT32 = 15;
    static final float ERFC_LIMIT32 = 10.5f;
    static final float GELU_TANH_LIMIT32 = 11;
    static final float SILU_LIMIT32 = 112;
    static final double SQRT_TWO64 = Math.sqrt(2);
    static final float SQRT_TWO32 = (float) SQRT_TWO64;
    /** The normal density at 0. */
    static final double INVERSE_SQRT_2PI64 = 1 / Math.sqrt(2 * Math.PI);

    static final float INVERSE_SQRT_2PI32 = (float) INVERSE_SQRT_2PI64;
    /** The approximation of gelu with tanh is {@code x sigmoid(x (c + d x^2))}: c and d. */
    static final double GELU_TANH_LINEAR64 = Math.sqrt(8 / Math.PI);

    static final double GELU_TANH_CUBIC64 = 0.044715 * GELU_TANH_LINEAR64;
    static final float GELU_TANH_LINEAR32 = (float) GELU_TANH_LINEAR64;
    static final float GELU_TANH_CUBIC32 = (float) GELU_TANH_CUBIC64;
    /** The exponent of a power of 2 by which what a tail is computed from becomes normal, and the inverse of that power. */
    static final double TAIL_SHIFT64 = 100;

    static final double TAIL_SCALE64 = 0x1p-100;
    static final float TAIL_SHIFT32 = 100;
    static final float TAIL_SCALE32 = 0x1p-100f;

    /** The bits of 1, of the root of 1/2, and those of the mantissa. */
    static final long ONE_BITS64 = 0x3FF0000000000000L;

    static final long SQRT_HALF_BITS64 = 0x3FE6A09E667F3BCDL;
    static final long MANTISSA_MASK64 = 0x000FFFFFFFFFFFFFL;
    static final int ONE_BITS32 = 0x3F800000;
    static final int SQRT_HALF_BITS32 = 0x3F3504F3;
    static final int MANTISSA_MASK32 = 0x007FFFFF;
    /** The bits of 2^52, or 2^23, whose mantissa is an integer, and that number with the exponent's bias added. */
    static final long EXPONENT_BITS64 = 0x4330000000000000L;

    static final double EXPONENT_BIAS64 = 0x1p52 + 1023;
    static final int EXPONENT_BITS32 = 0x4B000000;
    static final float EXPONENT_BIAS32 = 0x1p23f + 127;

    private Polynomials() {}

    /** Returns 2^n, given {@code SHIFTER + n} with n an integer. */
    static double power(double t) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(t) << 52);
    }

    static float power(float t) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(t) << 23);
    }

    /** Returns m of {@code x = 2^k m}, between the roots of 1/2 and 2; x is positive and normal. */
    static double mantissa(double x) {
        long b = Double.doubleToRawLongBits(x) + (ONE_BITS64 - SQRT_HALF_BITS64);
        return Double.longBitsToDouble((b & MANTISSA_MASK64) + SQRT_HALF_BITS64);
    }

    static float mantissa(float x) {
        int b = Float.floatToRawIntBits(x) + (ONE_BITS32 - SQRT_HALF_BITS32);
        return Float.intBitsToFloat((b & MANTISSA_MASK32) + SQRT_HALF_BITS32);
    }

    /** Returns k of {@code x = 2^k m}. */
    static double exponent(double x) {
        long b = Double.doubleToRawLongBits(x) + (ONE_BITS64 - SQRT_HALF_BITS64);
        return Double.longBitsToDouble((b >>> 52) | EXPONENT_BITS64) - EXPONENT_BIAS64;
    }

    static float exponent(float x) {
        int b = Float.floatToRawIntBits(x) + (ONE_BITS32 - SQRT_HALF_BITS32);
        return Float.intBitsToFloat((b >>> 23) | EXPONENT_BITS32) - EXPONENT_BIAS32;
    }

    /** Returns {@code 1/2! + r/3! + r^2/4! + ..}, so that {@code e^r - 1 = r + r^2 of it}. */
    static double expTail(double r) {
        double q = Math.fma(r, 1.0 / 6227020800L, 1.0 / 479001600);
        q = Math.fma(r, q, 1.0 / 39916800);
        q = Math.fma(r, q, 1.0 / 3628800);
        q = Math.fma(r, q, 1.0 / 362880);
        q = Math.fma(r, q, 1.0 / 40320);
        q = Math.fma(r, q, 1.0 / 5040);
        q = Math.fma(r, q, 1.0 / 720);
        q = Math.fma(r, q, 1.0 / 120);
        q = Math.fma(r, q, 1.0 / 24);
        q = Math.fma(r, q, 1.0 / 6);
        return Math.fma(r, q, 0.5);
    }

    static float expTail(float r) {
        float q = Math.fma(r, 1f / 5040, 1f / 720);
        q = Math.fma(r, q, 1f / 120);
        q = Math.fma(r, q, 1f / 24);
        q = Math.fma(r, q, 1f / 6);
        return Math.fma(r, q, 0.5f);
    }

    /** Returns {@code 2/3 z + 2/5 z^2 + ..} for {@code z = s^2}: what {@code 2 artanh(s)} has behind 2 s, over s. */
    static double logTail(double z) {
        double q = Math.fma(z, 2.0 / 21, 2.0 / 19);
        q = Math.fma(z, q, 2.0 / 17);
        q = Math.fma(z, q, 2.0 / 15);
        q = Math.fma(z, q, 2.0 / 13);
        q = Math.fma(z, q, 2.0 / 11);
        q = Math.fma(z, q, 2.0 / 9);
        q = Math.fma(z, q, 2.0 / 7);
        q = Math.fma(z, q, 2.0 / 5);
        return z * Math.fma(z, q, 2.0 / 3);
    }

    static float logTail(float z) {
        float q = Math.fma(z, 2f / 9, 2f / 7);
        q = Math.fma(z, q, 2f / 5);
        return z * Math.fma(z, q, 2f / 3);
    }

    /** Returns {@code e^(a^2/2) Q(a)}, Q(a) the probability that a standard normal variable exceeds a, for a from 0 to the limit. */
    static double normalTail(double a) {
        double p = Math.fma(a, 2.2425454817686008e-7, 6.977852129718187e-6);
        p = Math.fma(a, p, 0.0001065971669036881);
        p = Math.fma(a, p, 0.0010399165517679487);
        p = Math.fma(a, p, 0.007124015573046171);
        p = Math.fma(a, p, 0.0356723972827011);
        p = Math.fma(a, p, 0.13205937073599544);
        p = Math.fma(a, p, 0.3573710632844121);
        p = Math.fma(a, p, 0.6796419795261935);
        p = Math.fma(a, p, 0.8279452149461204);
        p = Math.fma(a, p, 0.5);
        double q = Math.fma(a, 5.621227911745889e-7, 1.749088144457559e-5);
        q = Math.fma(a, q, 0.0002677615953443544);
        q = Math.fma(a, q, 0.002624175113567095);
        q = Math.fma(a, q, 0.01812333408225262);
        q = Math.fma(a, q, 0.09198914241399517);
        q = Math.fma(a, q, 0.3483522265370694);
        q = Math.fma(a, q, 0.9801755324399647);
        q = Math.fma(a, q, 2.0015472317800453);
        q = Math.fma(a, q, 2.817113139812199);
        q = Math.fma(a, q, 2.4537749906951065);
        q = Math.fma(a, q, 1);
        return p / q;
    }

    static float normalTail(float a) {
        float p = Math.fma(a, 0.0009838539f, 0.012519027f);
        p = Math.fma(a, p, 0.07510752f);
        p = Math.fma(a, p, 0.25937727f);
        p = Math.fma(a, p, 0.5172191f);
        p = Math.fma(a, p, 0.5f);
        float q = Math.fma(a, 0.0024661575f, 0.031380434f);
        q = Math.fma(a, q, 0.19073653f);
        q = Math.fma(a, q, 0.68147075f);
        q = Math.fma(a, q, 1.480737f);
        q = Math.fma(a, q, 1.8323228f);
        q = Math.fma(a, q, 1f);
        return p / q;
    }

    /** Returns {@code erf(z) / z} for {@code w = z^2} up to 1/4. */
    static double erfSeries(double w) {
        double q = Math.fma(w, -1.462091340945175e-7, 1.637123442577e-6);
        q = Math.fma(w, q, -1.4923003368152099e-5);
        q = Math.fma(w, q, 0.00012055286202005714);
        q = Math.fma(w, q, -0.0008548326510724796);
        q = Math.fma(w, q, 0.0052239776220169365);
        q = Math.fma(w, q, -0.02686617064499972);
        q = Math.fma(w, q, 0.1128379167095487);
        q = Math.fma(w, q, -0.3761263890318375);
        return Math.fma(w, q, 1.1283791670955126);
    }

    static float erfSeries(float w) {
        float q = Math.fma(w, -0.0007694534f, 0.0052004135f);
        q = Math.fma(w, q, -0.026863143f);
        q = Math.fma(w, q, 0.11283774f);
        q = Math.fma(w, q, -0.37612638f);
        return Math.fma(w, q, 1.1283792f);
    }
}
