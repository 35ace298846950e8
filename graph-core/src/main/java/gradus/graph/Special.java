package gradus.graph;

import static gradus.graph.Op.elementwise;
import static gradus.graph.Op.unary;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.numbers.gamma.InverseErf;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Special functions that {@code Math} and Commons Numbers lack, or whose values at poles differ there from those of NumPy and
 * PyTorch.
 */
final class Special {
    static final double LN2 = Math.log(2);
    static final double LN10 = Math.log(10);

    /** Bernoulli numbers B2, B4, ... over their factorials (2k)!, the coefficients of the Euler-Maclaurin formula. */
    private static final double[] BERNOULLI = {
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000L, 1.0 / 74724249600L
    };

    /**
     * Beyond this size of x, both forms of gelu are x or 0 in either number type, with derivatives 1 or 0. Rules of their gradients
     * clamp x to it, or {@code x^2} and products with x would overflow there, and be multiplied by 0.
     */
    static final double GELU_SATURATED = 40;

    /** The same of silu. */
    static final double SILU_SATURATED = 750;

    private static final double INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);

    /** {@code y = phi(x) = e^(-x^2 / 2) / sqrt(2 pi)}, the density of the standard normal distribution; {@code dy/dx = -x y}. */
    static final Formula NORMAL_PDF = unary("normalPdf", Special::normalPdf, (c, gy) -> gy.mul(c.x(0).mul(c.y()))
                    .neg())
            .elementByElement();

    /** {@code y = floor(a / b)}; the derivatives are 0. */
    static final Formula FLOOR_DIVIDE = elementwise("floorDivide", Special::floorDivide, Op.ZERO, Op.ZERO);

    private Special() {}

    /**
     * Returns phi of each element. The exponential amplifies the rounding error of the square by the square's size; the result is
     * corrected for it, but for |x| above 40, where it is 0.
     */
    private static Tensor normalPdf(Tensor x) {
        Tensor y = x.map(UnaryFunction.SQUARE).mul(-0.5).exp().mul(INVERSE_SQRT_2PI);
        DoubleBinaryOperator corrected = x.dtype() == DType.FLOAT64
                ? (p, v) -> Math.abs(v) < 40 ? p - 0.5 * p * Math.fma(v, v, -(v * v)) : p
                : (p, v) -> Math.abs(v) < 40 ? p - 0.5 * p * (v * v - (float) (v * v)) : p;
        return y.zip("normalPdf", x, corrected);
    }

    /** Returns a^b as C and NumPy do: 1 where a is 1, or a is -1 and b infinite; Math.pow is NaN there. */
    static double pow(double a, double b) {
        return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    static double erfinv(double x) {
        return x == 0 ? x : InverseErf.value(x); // keeps the sign of 0
    }

    /** Returns {@code a - b floor(a / b)}, computed from the exact remainder of {@code a / b}. */
    static double remainder(double a, double b) {
        double r = a % b;
        return r != 0 && r < 0 != b < 0 ? r + b : r;
    }

    /** Returns {@code floor(a / b)} of the exact quotient: the division alone may round up to the next integer. */
    static double floorDivide(double a, double b) {
        double r = a % b;
        double quotient = Math.rint((a - r) / b);
        return r != 0 && r < 0 != b < 0 ? quotient - 1 : quotient;
    }

    static double logAddExp(double a, double b) {
        double m = Math.max(a, b);
        return Double.isInfinite(m) ? m : m + Math.log1p(Math.exp(-Math.abs(a - b)));
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double y = a > 0x1p28 ? Math.log(a) + LN2 : Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
        return Math.copySign(y, x);
    }

    static double acosh(double x) {
        if (x < 1) {
            return Double.NaN;
        }
        double t = x - 1;
        return x > 0x1p28 ? Math.log(x) + LN2 : Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(Math.log1p(2 * a / (1 - a)) / 2, x);
    }

    /** Returns the logarithm to base 2: the exponent plus the logarithm of the mantissa. */
    static double log2(double x) {
        if (!(x > 0) || Double.isInfinite(x)) {
            return Math.log(x);
        }
        double scaled = x < Double.MIN_NORMAL ? x * 0x1p54 : x;
        int e = Math.getExponent(scaled);
        double m = Math.scalb(scaled, -e);
        if (m > 1.4142135623730951) { // x just below 1 would be -1 plus nearly 1
            m /= 2;
            e++;
        }
        return Math.log(m) / LN2 + (scaled == x ? e : e - 54);
    }

    static double lgamma(double x) {
        boolean pole = x <= 0 && x == Math.rint(x);
        return pole ? Double.POSITIVE_INFINITY : LogGamma.value(x);
    }

    /**
     * Returns the derivative of order n + 1 of ln gamma. Below 1/2 by reflection at 1/2; else, after steps up to a large
     * x, by the Euler-Maclaurin sum of {@code (-1)^(n+1) n! / (x + k)^(n+1)} over all k from 0 (Abramowitz and Stegun,
     * 6.4.7, 6.4.10 and 6.4.11). Poles: at 0 the limit on the side of its sign, at negative integers NaN for even n.
     */
    static double polygamma(int n, double x) {
        if (x < 0.5) {
            return reflected(n, x);
        }
        double sum = 0; // of the terms of x to z - 1
        double z = x;
        for (; z < 12 + n; z++) {
            sum += Math.pow(z, -n - 1);
        }
        double factorial = n == 0 ? 1 : Math.exp(lgamma(n + 1.0));
        if (n <= 20) {
            factorial = Math.rint(factorial);
        }
        if (n == 0) {
            double tail = -0.5 / z;
            double power = 1 / (z * z);
            double rising = 1; // (2k - 1)!, as each B2k / 2k z^2k is B2k / (2k)! times it
            for (int k = 1; k <= BERNOULLI.length; k++) {
                tail -= BERNOULLI[k - 1] * rising * power;
                rising *= 2 * k * (2 * k + 1.0);
                power /= z * z;
            }
            return Math.log(z) + tail - sum;
        }
        double top = Math.pow(z, -n) / n + Math.pow(z, -n - 1) / 2;
        double rising = n + 1; // (n + 1) .. (n + 2k - 1), the factors that differentiating z^(-n-1) brings down
        double power = Math.pow(z, -n - 2);
        for (int k = 1; k <= BERNOULLI.length; k++) {
            top += BERNOULLI[k - 1] * rising * power;
            rising *= (n + 2.0 * k) * (n + 2.0 * k + 1);
            power /= z * z;
        }
        return (n % 2 == 0 ? -1 : 1) * factorial * (top + sum);
    }

    /** By {@code polygamma(n, 1 - x) - (-1)^n polygamma(n, x) = (-1)^n pi d^n/dx^n cot(pi x)}. */
    private static double reflected(int n, double x) {
        if (x == 0) {
            return n % 2 == 0 ? -1 / x : Double.POSITIVE_INFINITY;
        }
        if (Double.isInfinite(x) || x == Math.rint(x)) {
            return n % 2 == 0 || Double.isInfinite(x) ? Double.NaN : Double.POSITIVE_INFINITY;
        }
        double t = x - Math.rint(x);
        // exactly 0 half-way between poles, where the reciprocal of a tangent is not
        double cot = Math.abs(t) > 0.25
                ? Math.copySign(Math.tan(Math.PI * (0.5 - Math.abs(t))), t)
                : 1 / Math.tan(Math.PI * t);
        double[] p = new double[n + 2]; // the n-th derivative of cot(t), as a polynomial in cot(t)
        p[1] = 1;
        for (int i = 0; i < n; i++) {
            double[] next = new double[n + 2];
            for (int k = 1; k <= i + 1; k++) { // cot' = -1 - cot^2
                next[k - 1] -= k * p[k];
                next[k + 1] -= k * p[k];
            }
            p = next;
        }
        double derivative = p[n + 1];
        for (int k = n; k >= 0; k--) {
            derivative = derivative * cot + p[k];
        }
        double there = polygamma(n, 1 - x);
        return (n % 2 == 0 ? there : -there) - Math.pow(Math.PI, n + 1) * derivative;
    }
}
