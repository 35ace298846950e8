package gradus.array;

/**
 * The functions that loops run, in plain Java. {@link Polynomials} describes how the exponential, the logarithm and the
 * error function are computed; the SIMD functions compute the same, operation by operation, so that both give the same bytes.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainFunctions32 {
    private PlainFunctions32() {}

    static Loops32.Unary of(UnaryFunction f) {
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
            case LOG1P, SOFTPLUS, ERF -> throw new IllegalArgumentException(f + " is several loops");
            case ERFC -> PlainFunctions32::erfc;
            case NORMAL_CDF -> PlainFunctions32::normalCdf;
            case GELU -> PlainFunctions32::gelu;
            case GELU_TANH -> PlainFunctions32::geluTanh;
            case SILU -> PlainFunctions32::silu;
            case NOT -> x -> x == 0 ? 1 : 0;
            case IS_NAN -> x -> Double.isNaN(x) ? 1 : 0;
            case IS_INFINITE -> x -> Math.abs(x) == Double.POSITIVE_INFINITY ? 1 : 0;
            case IS_FINITE -> x -> Math.abs(x) < Double.POSITIVE_INFINITY ? 1 : 0;
        };
    }

    static Loops32.Binary of(BinaryFunction f) {
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
            case MASKED_BY -> (a, b) -> b != 0 ? a : 0;
            case MAXIMUM_DERIVATIVE -> (a, b) -> a < b ? 0 : a == b ? (float) 0.5 : 1;
            case TANH_GRADIENT -> (a, b) -> a * (1 - b * b);
            case SIGMOID_GRADIENT -> (a, b) -> a * b * (1 - b);
            case GELU_GRADIENT -> (a, b) -> a * geluSlope(b);
            case GELU_TANH_GRADIENT -> (a, b) -> a * geluTanhSlope(b);
            case SILU_GRADIENT -> (a, b) -> a * siluSlope(b);
        };
    }

    static Loops32.Binary of(PartialFunction f) {
        return switch (f) {
            case EXP_OF_DIFFERENCE -> PlainFunctions32::expOfDifference;
            case LOG1P_OF_LOG -> PlainFunctions32::log1pOfLog;
            case ERF_OF_ERFC -> PlainFunctions32::erfOfErfc;
        };
    }

    /** {@code 2^n e^r}, 2^n = a b with b 2^64 or 2^-64, as 2^n alone may be too large, or too small for all digits. */
    private static float exp(float x) {
        float c = x > Polynomials.OVERFLOW32
                ? Polynomials.OVERFLOW32
                : x < Polynomials.UNDERFLOW32 ? Polynomials.UNDERFLOW32 : x;
        float t = Math.fma(c, Polynomials.LOG2E32, Polynomials.SHIFTER32);
        float n = t - Polynomials.SHIFTER32;
        float r = Math.fma(n, -Polynomials.LN2LO32, Math.fma(n, -Polynomials.LN2HI32, c));
        float p = Math.fma(r * r, Polynomials.expTail(r), r) + 1;
        boolean low = c < 1;
        float a = Polynomials.power(t + (low ? 64 : -64));
        return p * a * (low ? Polynomials.SCALE_DOWN32 : Polynomials.SCALE_UP32);
    }

    /** {@code 2^n (e^r - 1) + (2^n - 1)}, with 2^n = a b as in exp: {@code (a (e^r - 1) + (a - 1 / b)) b}. */
    private static float expm1(float x) {
        float c = x > Polynomials.OVERFLOW32
                ? Polynomials.OVERFLOW32
                : x < Polynomials.UNDERFLOW32 ? Polynomials.UNDERFLOW32 : x;
        float t = Math.fma(c, Polynomials.LOG2E32, Polynomials.SHIFTER32);
        float n = t - Polynomials.SHIFTER32;
        float r = Math.fma(n, -Polynomials.LN2LO32, Math.fma(n, -Polynomials.LN2HI32, c));
        float p = Math.fma(r * r, Polynomials.expTail(r), r);
        boolean low = c < 1;
        float a = Polynomials.power(t + (low ? 64 : -64));
        float y = Math.fma(a, p, a - (low ? Polynomials.SCALE_UP32 : Polynomials.SCALE_DOWN32))
                * (low ? Polynomials.SCALE_DOWN32 : Polynomials.SCALE_UP32);
        return x == 0 ? x : y; // keeps the sign of 0
    }

    private static float log(float x) {
        boolean tiny = x < Polynomials.MIN_NORMAL32;
        float u = tiny ? x * Polynomials.SUBNORMAL_SCALE32 : x;
        float k = Polynomials.exponent(u);
        float y = log(Polynomials.mantissa(u) - 1, tiny ? k - Polynomials.SUBNORMAL_SHIFT32 : k);
        y = x < Double.POSITIVE_INFINITY ? y : x; // NaN, too
        return x > 0 ? y : x == 0 ? (float) Double.NEGATIVE_INFINITY : (float) Double.NaN;
    }

    /** {@code ln(1 + x)}, given the logarithm of the rounded sum u: that of {@code u + d} is {@code ln u + d / u}. */
    private static float log1pOfLog(float x, float log) {
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
        float small = Math.fma(s, half + Polynomials.logTail(s * s), k * Polynomials.LN2LO32);
        return Math.fma(k, Polynomials.LN2HI32, f - (half - small));
    }

    private static float sigmoid(float x) {
        float e = exp(-Math.abs(x)); // never overflows
        return (x >= 0 ? 1 : e) / (e + 1);
    }

    /** {@code e / (e + 2)} with {@code e = exp(2 |x|) - 1}, where n is small enough for one 2^n: from 22 on it is 1. */
    private static float tanh(float x) {
        float size = Math.abs(x + x);
        float c = size > 44 ? 44 : size;
        float t = Math.fma(c, Polynomials.LOG2E32, Polynomials.SHIFTER32);
        float n = t - Polynomials.SHIFTER32;
        float r = Math.fma(n, -Polynomials.LN2LO32, Math.fma(n, -Polynomials.LN2HI32, c));
        float p = Math.fma(r * r, Polynomials.expTail(r), r);
        float a = Polynomials.power(t);
        float e = Math.fma(a, p, a - 1);
        float y = e / (e + 2);
        return x < 0 ? -y : x == 0 ? x : y;
    }

    /** As {@link #exp}, with what the difference lost, by Knuth's TwoSum, given back to r; not where e^d is 0. */
    private static float expOfDifference(float a, float b) {
        float d = a - b;
        float v = a - d;
        float lost = (a - (d + v)) + (v - b);
        float c = d < Polynomials.UNDERFLOW32 ? Polynomials.UNDERFLOW32 : d;
        float t = Math.fma(c, Polynomials.LOG2E32, Polynomials.SHIFTER32);
        float n = t - Polynomials.SHIFTER32;
        float r = Math.fma(n, -Polynomials.LN2LO32, Math.fma(n, -Polynomials.LN2HI32, c));
        r = r + (d < Polynomials.UNDERFLOW32 ? 0 : lost);
        float p = Math.fma(r * r, Polynomials.expTail(r), r) + 1;
        return p * Polynomials.power(t + 64) * Polynomials.SCALE_DOWN32;
    }

    /** {@code erfc(z) = 2 Q(sqrt(2) z)} for z from 0 on, with Q as in {@link Polynomials#normalTail}, and {@code 2 - erfc(-z)}. */
    private static float erfc(float z) {
        float size = Math.abs(z);
        float a = size > Polynomials.ERFC_LIMIT32 ? Polynomials.ERFC_LIMIT32 : size;
        float c = -a * a;
        float power = tailPower(c);
        float e = tailRest(c, Math.fma(-a, a, -c));
        float q = Polynomials.normalTail(a * Polynomials.SQRT_TWO32);
        float y = Math.fma(q, e, q) * power * (Polynomials.TAIL_SCALE32 * 2);
        return z < 0 ? 2 - y : y;
    }

    /** {@code erf z}, given {@code erfc |z|}: 1 less that but near 0, where it would cancel. */
    private static float erfOfErfc(float z, float erfc) {
        float y = 1 - erfc;
        float near = z * Polynomials.erfSeries(z * z);
        return Math.abs(z) < (float) 0.5 ? near : z < 0 ? -y : y;
    }

    private static float normalCdf(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.NORMAL_LIMIT32 ? Polynomials.NORMAL_LIMIT32 : size;
        float c = a * (float) -0.5 * a;
        float power = tailPower(c);
        float e = tailRest(c, Math.fma(a * (float) -0.5, a, -c));
        float q = Polynomials.normalTail(a);
        float y = Math.fma(q, e, q) * power * Polynomials.TAIL_SCALE32;
        return x < 0 ? y : 1 - y;
    }

    /** {@code x Phi(x) = max(x, 0) - a Q(a)}, a = |x|. */
    private static float gelu(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.NORMAL_LIMIT32 ? Polynomials.NORMAL_LIMIT32 : size;
        float c = a * (float) -0.5 * a;
        float power = tailPower(c);
        float e = tailRest(c, Math.fma(a * (float) -0.5, a, -c));
        float q = a * Polynomials.normalTail(a);
        float y = Math.fma(q, e, q) * power * Polynomials.TAIL_SCALE32;
        return (x < 0 ? (float) -0.0 : x) - y;
    }

    /** {@code Phi(x) + x phi(x)} is {@code Q(a) - a phi(a)} for x = -a, and 1 less that for x = a. */
    private static float geluSlope(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.NORMAL_LIMIT32 ? Polynomials.NORMAL_LIMIT32 : size;
        float c = a * (float) -0.5 * a;
        float power = tailPower(c);
        float e = tailRest(c, Math.fma(a * (float) -0.5, a, -c));
        float q = Math.fma(a, -Polynomials.INVERSE_SQRT_2PI32, Polynomials.normalTail(a));
        float y = Math.fma(q, e, q) * power * Polynomials.TAIL_SCALE32;
        return x < 0 ? y : 1 - y;
    }

    private static float geluTanh(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.GELU_TANH_LIMIT32 ? Polynomials.GELU_TANH_LIMIT32 : size;
        float c = -a * Math.fma(a * a, Polynomials.GELU_TANH_CUBIC32, Polynomials.GELU_TANH_LINEAR32);
        float power = tailPower(c);
        float m = tailRest(c, 0) + 1;
        float e = m * power * Polynomials.TAIL_SCALE32;
        float low = -a * m * power * Polynomials.TAIL_SCALE32;
        return (x < 0 ? low : x) / (e + 1);
    }

    /** {@code s (1 - a v' (1 - s))} for x = -a, {@code s = sigmoid(-v)}, and 1 less that for x = a. */
    private static float geluTanhSlope(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.GELU_TANH_LIMIT32 ? Polynomials.GELU_TANH_LIMIT32 : size;
        float square = a * a;
        float c = -a * Math.fma(square, Polynomials.GELU_TANH_CUBIC32, Polynomials.GELU_TANH_LINEAR32);
        float power = tailPower(c);
        float m = tailRest(c, 0) + 1;
        float d = 1 / Math.fma(m * power, Polynomials.TAIL_SCALE32, 1);
        float more = a * Math.fma(square, 3 * Polynomials.GELU_TANH_CUBIC32, Polynomials.GELU_TANH_LINEAR32);
        float y = m * d * (1 - more * d) * power * Polynomials.TAIL_SCALE32;
        return x < 0 ? y : 1 - y;
    }

    private static float silu(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.SILU_LIMIT32 ? Polynomials.SILU_LIMIT32 : size;
        float power = tailPower(-a);
        float m = tailRest(-a, 0) + 1;
        float e = m * power * Polynomials.TAIL_SCALE32;
        float low = -a * m * power * Polynomials.TAIL_SCALE32;
        return (x < 0 ? low : x) / (e + 1);
    }

    /** {@code s (1 - a (1 - s))} for x = -a, {@code s = sigmoid(-a)}, and 1 less that for x = a. */
    private static float siluSlope(float x) {
        float size = Math.abs(x);
        float a = size > Polynomials.SILU_LIMIT32 ? Polynomials.SILU_LIMIT32 : size;
        float power = tailPower(-a);
        float m = tailRest(-a, 0) + 1;
        float d = 1 / Math.fma(m * power, Polynomials.TAIL_SCALE32, 1);
        float y = m * d * (1 - a * d) * power * Polynomials.TAIL_SCALE32;
        return x < 0 ? y : 1 - y;
    }

    /** Returns {@code 2^(n + 100)}, n the integer nearest to c / ln 2. */
    private static float tailPower(float c) {
        return Polynomials.power(Math.fma(c, Polynomials.LOG2E32, Polynomials.SHIFTER32) + Polynomials.TAIL_SHIFT32);
    }

    /** Returns {@code e^(c + low) / 2^n - 1}. */
    private static float tailRest(float c, float low) {
        float n = Math.fma(c, Polynomials.LOG2E32, Polynomials.SHIFTER32) - Polynomials.SHIFTER32;
        float r = Math.fma(n, -Polynomials.LN2LO32, Math.fma(n, -Polynomials.LN2HI32, c)) + low;
        return Math.fma(r * r, Polynomials.expTail(r), r);
    }
}
