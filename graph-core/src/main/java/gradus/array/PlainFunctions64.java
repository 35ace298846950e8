package gradus.array;

/**
 * The functions that loops run, in plain Java. {@link Polynomials} describes how the exponential, the logarithm and the
 * error function are computed; the SIMD functions compute the same, operation by operation, so that both give the same bytes.
 */
final class PlainFunctions64 {
    private PlainFunctions64() {}

    static Loops64.Unary of(UnaryFunction f) {
        return switch (f) {
            case NEG -> x -> -x;
            case ABS -> x -> Math.abs(x);
            case SIGN -> x -> x > 0 ? 1 : x < 0 ? -1 : x;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> 1 / x;
            case SQRT -> x -> (double) Math.sqrt(x);
            case RSQRT -> x -> 1 / (double) Math.sqrt(x);
            case RELU -> x -> x <= 0 ? 0 : x; // and not x > 0 ? x : 0, which would turn a NaN into 0 and hide it
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case EXP -> PlainFunctions64::exp;
            case EXPM1 -> PlainFunctions64::expm1;
            case LOG -> PlainFunctions64::log;
            case SIGMOID -> PlainFunctions64::sigmoid;
            case TANH -> PlainFunctions64::tanh;
            case LOG1P, SOFTPLUS, ERF -> throw new IllegalArgumentException(f + " is several loops");
            case ERFC -> PlainFunctions64::erfc;
            case NORMAL_CDF -> PlainFunctions64::normalCdf;
            case GELU -> PlainFunctions64::gelu;
            case GELU_TANH -> PlainFunctions64::geluTanh;
            case SILU -> PlainFunctions64::silu;
            case NOT -> x -> x == 0 ? 1 : 0;
            case IS_NAN -> x -> Double.isNaN(x) ? 1 : 0;
            case IS_INFINITE -> x -> Math.abs(x) == Double.POSITIVE_INFINITY ? 1 : 0;
            case IS_FINITE -> x -> Math.abs(x) < Double.POSITIVE_INFINITY ? 1 : 0;
        };
    }

    static Loops64.Binary of(BinaryFunction f) {
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
            case MAXIMUM_DERIVATIVE -> (a, b) -> a < b ? 0 : a == b ? (double) 0.5 : 1;
            case TANH_GRADIENT -> (a, b) -> a * (1 - b * b);
            case SIGMOID_GRADIENT -> (a, b) -> a * b * (1 - b);
            case GELU_GRADIENT -> (a, b) -> a * geluSlope(b);
            case GELU_TANH_GRADIENT -> (a, b) -> a * geluTanhSlope(b);
            case SILU_GRADIENT -> (a, b) -> a * siluSlope(b);
        };
    }

    static Loops64.Binary of(PartialFunction f) {
        return switch (f) {
            case EXP_OF_DIFFERENCE -> PlainFunctions64::expOfDifference;
            case LOG1P_OF_LOG -> PlainFunctions64::log1pOfLog;
            case ERF_OF_ERFC -> PlainFunctions64::erfOfErfc;
        };
    }

    /** {@code 2^n e^r}, 2^n = a b with b 2^64 or 2^-64, as 2^n alone may be too large, or too small for all digits. */
    private static double exp(double x) {
        double c = x > Polynomials.OVERFLOW64
                ? Polynomials.OVERFLOW64
                : x < Polynomials.UNDERFLOW64 ? Polynomials.UNDERFLOW64 : x;
        double t = Math.fma(c, Polynomials.LOG2E64, Polynomials.SHIFTER64);
        double n = t - Polynomials.SHIFTER64;
        double r = Math.fma(n, -Polynomials.LN2LO64, Math.fma(n, -Polynomials.LN2HI64, c));
        double p = Math.fma(r * r, Polynomials.expTail(r), r) + 1;
        boolean low = c < 1;
        double a = Polynomials.power(t + (low ? 64 : -64));
        return p * a * (low ? Polynomials.SCALE_DOWN64 : Polynomials.SCALE_UP64);
    }

    /** {@code 2^n (e^r - 1) + (2^n - 1)}, with 2^n = a b as in exp: {@code (a (e^r - 1) + (a - 1 / b)) b}. */
    private static double expm1(double x) {
        double c = x > Polynomials.OVERFLOW64
                ? Polynomials.OVERFLOW64
                : x < Polynomials.UNDERFLOW64 ? Polynomials.UNDERFLOW64 : x;
        double t = Math.fma(c, Polynomials.LOG2E64, Polynomials.SHIFTER64);
        double n = t - Polynomials.SHIFTER64;
        double r = Math.fma(n, -Polynomials.LN2LO64, Math.fma(n, -Polynomials.LN2HI64, c));
        double p = Math.fma(r * r, Polynomials.expTail(r), r);
        boolean low = c < 1;
        double a = Polynomials.power(t + (low ? 64 : -64));
        double y = Math.fma(a, p, a - (low ? Polynomials.SCALE_UP64 : Polynomials.SCALE_DOWN64))
                * (low ? Polynomials.SCALE_DOWN64 : Polynomials.SCALE_UP64);
        return x == 0 ? x : y; // keeps the sign of 0
    }

    private static double log(double x) {
        boolean tiny = x < Polynomials.MIN_NORMAL64;
        double u = tiny ? x * Polynomials.SUBNORMAL_SCALE64 : x;
        double k = Polynomials.exponent(u);
        double y = log(Polynomials.mantissa(u) - 1, tiny ? k - Polynomials.SUBNORMAL_SHIFT64 : k);
        y = x < Double.POSITIVE_INFINITY ? y : x; // NaN, too
        return x > 0 ? y : x == 0 ? (double) Double.NEGATIVE_INFINITY : (double) Double.NaN;
    }

    /** {@code ln(1 + x)}, given the logarithm of the rounded sum u: that of {@code u + d} is {@code ln u + d / u}. */
    private static double log1pOfLog(double x, double log) {
        double u = x + 1;
        double one = u - x;
        double d = (1 - one) + (x - (u - one));
        double more = d / u;
        return x == 0 ? x : Double.isNaN(more) ? log : log + more;
    }

    /** Returns {@code k ln 2 + ln(1 + f)}, the latter as {@code f - f^2/2 + s (f^2/2 + tail)}: f itself has no error. */
    private static double log(double f, double k) {
        double s = f / (f + 2);
        double half = f * f * (double) 0.5;
        double small = Math.fma(s, half + Polynomials.logTail(s * s), k * Polynomials.LN2LO64);
        return Math.fma(k, Polynomials.LN2HI64, f - (half - small));
    }

    private static double sigmoid(double x) {
        double e = exp(-Math.abs(x)); // never overflows
        return (x >= 0 ? 1 : e) / (e + 1);
    }

    /** {@code e / (e + 2)} with {@code e = exp(2 |x|) - 1}, where n is small enough for one 2^n: from 22 on it is 1. */
    private static double tanh(double x) {
        double size = Math.abs(x + x);
        double c = size > 44 ? 44 : size;
        double t = Math.fma(c, Polynomials.LOG2E64, Polynomials.SHIFTER64);
        double n = t - Polynomials.SHIFTER64;
        double r = Math.fma(n, -Polynomials.LN2LO64, Math.fma(n, -Polynomials.LN2HI64, c));
        double p = Math.fma(r * r, Polynomials.expTail(r), r);
        double a = Polynomials.power(t);
        double e = Math.fma(a, p, a - 1);
        double y = e / (e + 2);
        return x < 0 ? -y : x == 0 ? x : y;
    }

    /** As {@link #exp}, with what the difference lost, by Knuth's TwoSum, given back to r; not where e^d is 0. */
    private static double expOfDifference(double a, double b) {
        double d = a - b;
        double v = a - d;
        double lost = (a - (d + v)) + (v - b);
        double c = d < Polynomials.UNDERFLOW64 ? Polynomials.UNDERFLOW64 : d;
        double t = Math.fma(c, Polynomials.LOG2E64, Polynomials.SHIFTER64);
        double n = t - Polynomials.SHIFTER64;
        double r = Math.fma(n, -Polynomials.LN2LO64, Math.fma(n, -Polynomials.LN2HI64, c));
        r = r + (d < Polynomials.UNDERFLOW64 ? 0 : lost);
        double p = Math.fma(r * r, Polynomials.expTail(r), r) + 1;
        return p * Polynomials.power(t + 64) * Polynomials.SCALE_DOWN64;
    }

    /** {@code erfc(z) = 2 Q(sqrt(2) z)} for z from 0 on, with Q as in {@link Polynomials#normalTail}, and {@code 2 - erfc(-z)}. */
    private static double erfc(double z) {
        double size = Math.abs(z);
        double a = size > Polynomials.ERFC_LIMIT64 ? Polynomials.ERFC_LIMIT64 : size;
        double c = -a * a;
        double power = tailPower(c);
        double e = tailRest(c, Math.fma(-a, a, -c));
        double q = Polynomials.normalTail(a * Polynomials.SQRT_TWO64);
        double y = Math.fma(q, e, q) * power * (Polynomials.TAIL_SCALE64 * 2);
        return z < 0 ? 2 - y : y;
    }

    /** {@code erf z}, given {@code erfc |z|}: 1 less that but near 0, where it would cancel. */
    private static double erfOfErfc(double z, double erfc) {
        double y = 1 - erfc;
        double near = z * Polynomials.erfSeries(z * z);
        return Math.abs(z) < (double) 0.5 ? near : z < 0 ? -y : y;
    }

    private static double normalCdf(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.NORMAL_LIMIT64 ? Polynomials.NORMAL_LIMIT64 : size;
        double c = a * (double) -0.5 * a;
        double power = tailPower(c);
        double e = tailRest(c, Math.fma(a * (double) -0.5, a, -c));
        double q = Polynomials.normalTail(a);
        double y = Math.fma(q, e, q) * power * Polynomials.TAIL_SCALE64;
        return x < 0 ? y : 1 - y;
    }

    /** {@code x Phi(x) = max(x, 0) - a Q(a)}, a = |x|. */
    private static double gelu(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.NORMAL_LIMIT64 ? Polynomials.NORMAL_LIMIT64 : size;
        double c = a * (double) -0.5 * a;
        double power = tailPower(c);
        double e = tailRest(c, Math.fma(a * (double) -0.5, a, -c));
        double q = a * Polynomials.normalTail(a);
        double y = Math.fma(q, e, q) * power * Polynomials.TAIL_SCALE64;
        return (x < 0 ? (double) -0.0 : x) - y;
    }

    /** {@code Phi(x) + x phi(x)} is {@code Q(a) - a phi(a)} for x = -a, and 1 less that for x = a. */
    private static double geluSlope(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.NORMAL_LIMIT64 ? Polynomials.NORMAL_LIMIT64 : size;
        double c = a * (double) -0.5 * a;
        double power = tailPower(c);
        double e = tailRest(c, Math.fma(a * (double) -0.5, a, -c));
        double q = Math.fma(a, -Polynomials.INVERSE_SQRT_2PI64, Polynomials.normalTail(a));
        double y = Math.fma(q, e, q) * power * Polynomials.TAIL_SCALE64;
        return x < 0 ? y : 1 - y;
    }

    private static double geluTanh(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.GELU_TANH_LIMIT64 ? Polynomials.GELU_TANH_LIMIT64 : size;
        double c = -a * Math.fma(a * a, Polynomials.GELU_TANH_CUBIC64, Polynomials.GELU_TANH_LINEAR64);
        double power = tailPower(c);
        double m = tailRest(c, 0) + 1;
        double e = m * power * Polynomials.TAIL_SCALE64;
        double low = -a * m * power * Polynomials.TAIL_SCALE64;
        return (x < 0 ? low : x) / (e + 1);
    }

    /** {@code s (1 - a v' (1 - s))} for x = -a, {@code s = sigmoid(-v)}, and 1 less that for x = a. */
    private static double geluTanhSlope(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.GELU_TANH_LIMIT64 ? Polynomials.GELU_TANH_LIMIT64 : size;
        double square = a * a;
        double c = -a * Math.fma(square, Polynomials.GELU_TANH_CUBIC64, Polynomials.GELU_TANH_LINEAR64);
        double power = tailPower(c);
        double m = tailRest(c, 0) + 1;
        double d = 1 / Math.fma(m * power, Polynomials.TAIL_SCALE64, 1);
        double more = a * Math.fma(square, 3 * Polynomials.GELU_TANH_CUBIC64, Polynomials.GELU_TANH_LINEAR64);
        double y = m * d * (1 - more * d) * power * Polynomials.TAIL_SCALE64;
        return x < 0 ? y : 1 - y;
    }

    private static double silu(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.SILU_LIMIT64 ? Polynomials.SILU_LIMIT64 : size;
        double power = tailPower(-a);
        double m = tailRest(-a, 0) + 1;
        double e = m * power * Polynomials.TAIL_SCALE64;
        double low = -a * m * power * Polynomials.TAIL_SCALE64;
        return (x < 0 ? low : x) / (e + 1);
    }

    /** {@code s (1 - a (1 - s))} for x = -a, {@code s = sigmoid(-a)}, and 1 less that for x = a. */
    private static double siluSlope(double x) {
        double size = Math.abs(x);
        double a = size > Polynomials.SILU_LIMIT64 ? Polynomials.SILU_LIMIT64 : size;
        double power = tailPower(-a);
        double m = tailRest(-a, 0) + 1;
        double d = 1 / Math.fma(m * power, Polynomials.TAIL_SCALE64, 1);
        double y = m * d * (1 - a * d) * power * Polynomials.TAIL_SCALE64;
        return x < 0 ? y : 1 - y;
    }

    /** Returns {@code 2^(n + 100)}, n the integer nearest to c / ln 2. */
    private static double tailPower(double c) {
        return Polynomials.power(Math.fma(c, Polynomials.LOG2E64, Polynomials.SHIFTER64) + Polynomials.TAIL_SHIFT64);
    }

    /** Returns {@code e^(c + low) / 2^n - 1}. */
    private static double tailRest(double c, double low) {
        double n = Math.fma(c, Polynomials.LOG2E64, Polynomials.SHIFTER64) - Polynomials.SHIFTER64;
        double r = Math.fma(n, -Polynomials.LN2LO64, Math.fma(n, -Polynomials.LN2HI64, c)) + low;
        return Math.fma(r * r, Polynomials.expTail(r), r);
    }
}
