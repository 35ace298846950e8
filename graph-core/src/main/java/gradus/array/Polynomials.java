package gradus.array;

/**
 * What the exponential and the logarithm of {@link PlainFunctions64} are made of, and where the two number types differ:
 * constants, how many terms a series needs, and the layout of the bits (IEEE 754). {@code SimdPolynomials} says the same of
 * vectors, operation by operation.
 *
 * <p>The exponential: {@code e^x = 2^n e^r}, n the whole number nearest to x / ln 2, so that |r| is at most ln(2) / 2, where
 * Taylor's series converges fast. The logarithm: {@code ln(2^k m) = k ln 2 + ln(1 + f)}, m between the roots of 1/2 and 2,
 * and with {@code s = f / (2 + f)}, {@code ln(1 + f) = 2 artanh(s) = 2 s + 2/3 s^3 + 2/5 s^5 + ..} (Abramowitz and Stegun,
 * 4.1.27 and 4.2.1).
 *
 * <p>Not {@code Math.exp}, and no {@code lanewise(EXP)}: the latter is another function in compiled code than in interpreted
 * code, so that results would depend on how warm the process is, and on the position of an element in its array.
 */
final class Polynomials {
    /** Added to a number, this leaves it rounded to a whole one in the last bits, with the exponent's bias added. */
    static final double MAGIC64 = 0x1.8p52 + 1023;

    static final float MAGIC32 = 0x1.8p23f + 127;

    static final double LOG2E64 = 1 / Math.log(2);
    static final float LOG2E32 = (float) LOG2E64;
    /** ln 2, and what is missing there. */
    static final double LN2HI64 = 0x1.62e42fefa39efp-1;

    static final double LN2LO64 = 0x1.abc9e3b39803fp-56;
    static final float LN2HI32 = 0x1.62e43p-1f;
    static final float LN2LO32 = -0x1.05c61p-29f;
    /** From here on, and up to there, e^x is infinite, and 0. */
    static final double OVER64 = 710;

    static final double UNDER64 = -746;
    static final float OVER32 = 89;
    static final float UNDER32 = -104;
    /** What 2^n is cut into: 2^-64 times what is not too small, and 2^64 times what is not too large. */
    static final double LOW64 = 0x1p-64;

    static final double HIGH64 = 0x1p64;
    static final float LOW32 = 0x1p-64f;
    static final float HIGH32 = 0x1p64f;
    static final double INFINITE64 = Double.POSITIVE_INFINITY;
    static final float INFINITE32 = Float.POSITIVE_INFINITY;
    /** The smallest number with all digits, and a power of 2 that brings all below it up there. */
    static final double NORMAL64 = Double.MIN_NORMAL;

    static final double LIFT64 = 0x1p54;
    static final double LIFTED64 = 54;
    static final float NORMAL32 = Float.MIN_NORMAL;
    static final float LIFT32 = 0x1p25f;
    static final float LIFTED32 = 25;

    /** The bits of 1, of the root of 1/2, and of the digits behind the point. */
    static final long ONE64 = 0x3FF0000000000000L;

    static final long ROOT64 = 0x3FE6A09E667F3BCDL;
    static final long DIGITS64 = 0x000FFFFFFFFFFFFFL;
    static final int ONE32 = 0x3F800000;
    static final int ROOT32 = 0x3F3504F3;
    static final int DIGITS32 = 0x007FFFFF;
    /** The bits of a number whose last digit counts ones, and that number with the exponent's bias added. */
    static final long COUNT64 = 0x4330000000000000L;

    static final double BIAS64 = 0x1p52 + 1023;
    static final int COUNT32 = 0x4B000000;
    static final float BIAS32 = 0x1p23f + 127;

    private Polynomials() {}

    /** Returns 2^n, given {@code MAGIC + n} with n a whole number. */
    static double power(double t) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(t) << 52);
    }

    static float power(float t) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(t) << 23);
    }

    /** Returns m of {@code x = 2^k m}, between the roots of 1/2 and 2; x is positive and has all digits. */
    static double mantissa(double x) {
        long b = Double.doubleToRawLongBits(x) + (ONE64 - ROOT64);
        return Double.longBitsToDouble((b & DIGITS64) + ROOT64);
    }

    static float mantissa(float x) {
        int b = Float.floatToRawIntBits(x) + (ONE32 - ROOT32);
        return Float.intBitsToFloat((b & DIGITS32) + ROOT32);
    }

    /** Returns k of {@code x = 2^k m}. */
    static double exponent(double x) {
        long b = Double.doubleToRawLongBits(x) + (ONE64 - ROOT64);
        return Double.longBitsToDouble((b >>> 52) | COUNT64) - BIAS64;
    }

    static float exponent(float x) {
        int b = Float.floatToRawIntBits(x) + (ONE32 - ROOT32);
        return Float.intBitsToFloat((b >>> 23) | COUNT32) - BIAS32;
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
}
