package gradus.array;

/**
 * The functions that loops run, in plain Java. How the exponential and the logarithm are computed is told in
 * {@link Series}; the SIMD functions compute the same, operation by operation, so that both give the same bytes.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainFunctions32 {
    private PlainFunctions32() {}

    static Loops32.Unary of(Elementwise f) {
        return switch (f) {
            case NEG -> x -> -x;
            case ABS -> x -> Math.abs(x);
            case SIGN -> x -> x > 0 ? 1 : x < 0 ? -1 : x;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> 1 / x;
            case SQRT -> x -> (float) Math.sqrt(x);
            case RSQRT -> x -> 1 / (float) Math.sqrt(x);
            case RELU -> x -> x <= 0 ? 0 : x; // and not x > 0 ? x : 0, which would turn a NaN into 0 and hide it
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case EXP -> PlainFunctions32::exp;
            case EXPM1 -> PlainFunctions32::expm1;
            case LOG -> PlainFunctions32::log;
            case SIGMOID -> PlainFunctions32::sigmoid;
            case TANH -> PlainFunctions32::tanh;
            case LOG1P, SOFTPLUS -> throw new IllegalArgumentException(f + " is several loops");
            case NOT -> x -> x == 0 ? 1 : 0;
            case IS_NAN -> x -> Double.isNaN(x) ? 1 : 0;
            case IS_INFINITE -> x -> Math.abs(x) == Double.POSITIVE_INFINITY ? 1 : 0;
            case IS_FINITE -> x -> Math.abs(x) < Double.POSITIVE_INFINITY ? 1 : 0;
        };
    }

    static Loops32.Binary of(Pairwise f) {
        return switch (f) {
            case ADD -> (a, b) -> a + b;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case MAXIMUM -> (a, b) -> Math.max(a, b);
            case MINIMUM -> (a, b) -> Math.min(a, b);
            case GT -> (a, b) -> a > b ? 1 : 0;
            case LT -> (a, b) -> a < b ? 1 : 0;
            case GE -> (a, b) -> a >= b ? 1 : 0;
            case LE -> (a, b) -> a <= b ? 1 : 0;
            case EQ -> (a, b) -> a == b ? 1 : 0;
            case NE -> (a, b) -> a != b ? 1 : 0;
            case AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case ONLY_WHERE -> (a, b) -> b != 0 ? a : 0;
            case SHARE -> (a, b) -> a < b ? 0 : a == b ? (float) 0.5 : 1;
            case TANH_SLOPE -> (a, b) -> a * (1 - b * b);
            case SIGMOID_SLOPE -> (a, b) -> a * b * (1 - b);
            case EXP_OF_DISTANCE -> PlainFunctions32::expOfDistance;
            case LOG1P_BY_LOG -> PlainFunctions32::log1pByLog;
        };
    }

    /** {@code 2^n e^r}, 2^n = a b with b 2^64 or 2^-64, as 2^n alone may be too large, or too small for all digits. */
    private static float exp(float x) {
        float c = x > Series.OVER32 ? Series.OVER32 : x < Series.UNDER32 ? Series.UNDER32 : x;
        float t = Math.fma(c, Series.LOG2E32, Series.MAGIC32);
        float n = t - Series.MAGIC32;
        float r = Math.fma(n, -Series.LN2LO32, Math.fma(n, -Series.LN2HI32, c));
        float p = Math.fma(r * r, Series.expTail(r), r) + 1;
        boolean low = c < 1;
        float a = Series.power(t + (low ? 64 : -64));
        return p * a * (low ? Series.LOW32 : Series.HIGH32);
    }

    /** {@code 2^n (e^r - 1) + (2^n - 1)}, with 2^n = a b as in exp: {@code (a (e^r - 1) + (a - 1 / b)) b}. */
    private static float expm1(float x) {
        float c = x > Series.OVER32 ? Series.OVER32 : x < Series.UNDER32 ? Series.UNDER32 : x;
        float t = Math.fma(c, Series.LOG2E32, Series.MAGIC32);
        float n = t - Series.MAGIC32;
        float r = Math.fma(n, -Series.LN2LO32, Math.fma(n, -Series.LN2HI32, c));
        float p = Math.fma(r * r, Series.expTail(r), r);
        boolean low = c < 1;
        float a = Series.power(t + (low ? 64 : -64));
        float y = Math.fma(a, p, a - (low ? Series.HIGH32 : Series.LOW32)) * (low ? Series.LOW32 : Series.HIGH32);
        return x == 0 ? x : y; // keeps the sign of 0
    }

    private static float log(float x) {
        boolean tiny = x < Series.NORMAL32;
        float u = tiny ? x * Series.LIFT32 : x;
        float k = Series.exponent(u);
        float y = log(Series.mantissa(u) - 1, tiny ? k - Series.LIFTED32 : k);
        y = x < Double.POSITIVE_INFINITY ? y : x; // NaN, too
        return x > 0 ? y : x == 0 ? (float) Double.NEGATIVE_INFINITY : (float) Double.NaN;
    }

    /** {@code ln(1 + x)}, given the logarithm of the rounded sum u: that of {@code u + d} is {@code ln u + d / u}. */
    private static float log1pByLog(float x, float log) {
        float u = x + 1;
        float one = u - x;
        float d = (1 - one) + (x - (u - one));
        float more = d / u;
        return x == 0 ? x : Double.isNaN(more) ? log : log + more;
    }

    /** Returns {@code k ln 2 + ln(1 + f)}, the latter as {@code f - f^2/2 + s (f^2/2 + tail)}: f itself has no error. */
    private static float log(float f, float k) {
        float s = f / (f + 2);
        float half = f * f * (float) 0.5;
        float small = Math.fma(s, half + Series.logTail(s * s), k * Series.LN2LO32);
        return Math.fma(k, Series.LN2HI32, f - (half - small));
    }

    private static float sigmoid(float x) {
        float e = exp(-Math.abs(x)); // never overflows
        return (x >= 0 ? 1 : e) / (e + 1);
    }

    /** {@code e / (e + 2)} with {@code e = exp(2 |x|) - 1}, where n is small enough for one 2^n: from 22 on it is 1. */
    private static float tanh(float x) {
        float size = Math.abs(x + x);
        float c = size > 44 ? 44 : size;
        float t = Math.fma(c, Series.LOG2E32, Series.MAGIC32);
        float n = t - Series.MAGIC32;
        float r = Math.fma(n, -Series.LN2LO32, Math.fma(n, -Series.LN2HI32, c));
        float p = Math.fma(r * r, Series.expTail(r), r);
        float a = Series.power(t);
        float e = Math.fma(a, p, a - 1);
        float y = e / (e + 2);
        return x < 0 ? -y : x == 0 ? x : y;
    }

    /** As {@link #exp}, with what the difference lost, by Knuth's TwoSum, given back to r; not where e^d is 0. */
    private static float expOfDistance(float a, float b) {
        float d = a - b;
        float v = a - d;
        float lost = (a - (d + v)) + (v - b);
        float c = d < Series.UNDER32 ? Series.UNDER32 : d;
        float t = Math.fma(c, Series.LOG2E32, Series.MAGIC32);
        float n = t - Series.MAGIC32;
        float r = Math.fma(n, -Series.LN2LO32, Math.fma(n, -Series.LN2HI32, c));
        r = r + (d < Series.UNDER32 ? 0 : lost);
        float p = Math.fma(r * r, Series.expTail(r), r) + 1;
        return p * Series.power(t + 64) * Series.LOW32;
    }
}
