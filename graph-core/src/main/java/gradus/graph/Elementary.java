package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.Tensor;
import gradus.array.UnaryFunction;

/**
 * Elementwise elementary and special functions; {@link Trigonometry} has those of angles. A function is NaN outside its
 * domain.
 */
public sealed interface Elementary permits Node {
    /** {@code y = e^x}. */
    Formula EXP = elementwise("exp", UnaryFunction.EXP, (c, gy) -> gy.mul(c.y()));

    /** Returns {@code e^x}. PyTorch's {@code exp}. */
    default Node exp() {
        return Node.of(EXP, self());
    }

    /** {@code y = 2^x}. */
    Formula EXP2 = elementwise("exp2", x -> Math.pow(2, x), (c, gy) -> gy.mul(c.y().mul(Special.LN2)));

    /** Returns {@code 2^x}, exact for integers. PyTorch's {@code exp2}. */
    default Node exp2() {
        return Node.of(EXP2, self());
    }

    /** {@code y = ln x}; NaN below 0. */
    Formula LOG =
            elementwise("log", UnaryFunction.LOG, (c, gy) -> gy.div(c.x(0))).smoothOn(0.2, 3);

    /** Returns the natural logarithm. PyTorch's {@code log}. */
    default Node log() {
        return Node.of(LOG, self());
    }

    /** {@code y = sqrt x}; NaN below 0. */
    Formula SQRT = elementwise("sqrt", UnaryFunction.SQRT, (c, gy) -> gy.div(c.y().mul(2)))
            .smoothOn(0.2, 3);

    /** Returns the square root. PyTorch's {@code sqrt}. */
    default Node sqrt() {
        return Node.of(SQRT, self());
    }

    /** {@code y = |x|}; the derivative at 0 is 0. */
    Formula ABS = elementwise("abs", UnaryFunction.ABS, (c, gy) -> gy.mul(c.x(0).sign()))
            .smoothOn(-2, -0.1, 0.1, 2);

    /** Returns the absolute value. PyTorch's {@code abs}. */
    default Node abs() {
        return Node.of(ABS, self());
    }

    /** {@code y = -1, 0 or 1}, the sign of x; the derivative is 0. */
    Formula SIGN = elementwise("sign", UnaryFunction.SIGN, Op.ZERO).smoothOn(-2, -0.1, 0.1, 2);

    /** Returns the sign: -1, 0 or 1. PyTorch's {@code sign}. */
    default Node sign() {
        return Node.of(SIGN, self());
    }

    /** {@code y = e^x - 1}, without cancellation near 0. */
    Formula EXPM1 = elementwise("expm1", UnaryFunction.EXPM1, (c, gy) -> gy.mul(c.x(0).exp()));

    /** Returns {@code e^x - 1}, without cancellation near 0. PyTorch's {@code expm1}. */
    default Node expm1() {
        return Node.of(EXPM1, self());
    }

    /** {@code y = ln(1 + x)}, without cancellation near 0; NaN below -1. */
    Formula LOG1P = elementwise("log1p", UnaryFunction.LOG1P, (c, gy) -> gy.div(c.x(0).add(1)))
            .smoothOn(-0.8, 3);

    /** Returns {@code ln(1 + x)}, without cancellation near 0. PyTorch's {@code log1p}. */
    default Node log1p() {
        return Node.of(LOG1P, self());
    }

    /** {@code y = log2 x}; NaN below 0. */
    Formula LOG2 = elementwise("log2", Special::log2, (c, gy) -> gy.div(c.x(0).mul(Special.LN2)))
            .smoothOn(0.2, 3);

    /** Returns the logarithm to base 2, exact for powers of 2. PyTorch's {@code log2}. */
    default Node log2() {
        return Node.of(LOG2, self());
    }

    /** {@code y = log10 x}; NaN below 0. */
    Formula LOG10 = elementwise("log10", Math::log10, (c, gy) -> gy.div(c.x(0).mul(Special.LN10)))
            .smoothOn(0.2, 3);

    /** Returns the logarithm to base 10. PyTorch's {@code log10}. */
    default Node log10() {
        return Node.of(LOG10, self());
    }

    /** {@code y = 1 / sqrt x}; NaN below 0. */
    Formula RSQRT = elementwise(
                    "rsqrt",
                    UnaryFunction.RSQRT,
                    (c, gy) -> gy.mul(c.y().square().mul(c.y()).mul(-0.5)))
            .smoothOn(0.2, 3);

    /** Returns {@code 1 / sqrt x}. PyTorch's {@code rsqrt}. */
    default Node rsqrt() {
        return Node.of(RSQRT, self());
    }

    /** {@code y = cbrt x}, the real root: negative for negative x. */
    Formula CBRT = elementwise(
                    "cbrt", Math::cbrt, (c, gy) -> gy.div(c.y().square().mul(3)))
            .smoothOn(-2, -0.3, 0.3, 2);

    /** Returns the cube root. NumPy's {@code cbrt}. */
    default Node cbrt() {
        return Node.of(CBRT, self());
    }

    /** {@code y = floor x}; the derivative is 0. */
    Formula FLOOR = elementwise("floor", Math::floor, Op.ZERO).smoothOn(-1.9, -1.6, -0.4, -0.1, 0.1, 0.4, 1.6, 1.9);

    /** Returns the largest integer not greater than x. PyTorch's {@code floor}. */
    default Node floor() {
        return Node.of(FLOOR, self());
    }

    /** {@code y = ceil x}; the derivative is 0. */
    Formula CEIL = elementwise("ceil", Math::ceil, Op.ZERO).smoothOn(-1.9, -1.6, -0.4, -0.1, 0.1, 0.4, 1.6, 1.9);

    /** Returns the smallest integer not less than x. PyTorch's {@code ceil}. */
    default Node ceil() {
        return Node.of(CEIL, self());
    }

    /** {@code y = x} rounded to an integer; the derivative is 0. */
    Formula ROUND = elementwise("round", Math::rint, Op.ZERO).smoothOn(-1.9, -1.6, -0.4, -0.1, 0.1, 0.4, 1.6, 1.9);

    /** Returns the nearest integer; halves round to even, as in NumPy and PyTorch. PyTorch's {@code round}. */
    default Node round() {
        return Node.of(ROUND, self());
    }

    /** {@code y = x} rounded towards 0; the derivative is 0. */
    Formula TRUNC = elementwise("trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x), Op.ZERO)
            .smoothOn(-1.9, -1.6, -0.4, -0.1, 0.1, 0.4, 1.6, 1.9);

    /** Returns x rounded towards 0 to an integer. PyTorch's {@code trunc}. */
    default Node trunc() {
        return Node.of(TRUNC, self());
    }

    /** {@code y = 2 / sqrt pi * integral of e^(-t^2) from 0 to x}. */
    Formula ERF = elementwise(
            "erf",
            UnaryFunction.ERF,
            (c, gy) -> gy.mul(c.x(0).square().neg().exp().mul(2 / Math.sqrt(Math.PI))));

    /** Returns the error function. PyTorch's {@code erf}. */
    default Node erf() {
        return Node.of(ERF, self());
    }

    /** {@code y = 1 - erf x}, without cancellation for large x. */
    Formula ERFC = elementwise(
            "erfc",
            UnaryFunction.ERFC,
            (c, gy) -> gy.mul(c.x(0).square().neg().exp().mul(-2 / Math.sqrt(Math.PI))));

    /** Returns the complementary error function. PyTorch's {@code erfc}. */
    default Node erfc() {
        return Node.of(ERFC, self());
    }

    /** {@code y = erf^-1 x}; {@code dy/dx = sqrt(pi) / 2 e^(y^2)}; NaN outside -1 to 1. */
    Formula ERFINV = elementwise(
                    "erfinv",
                    Special::erfinv,
                    (c, gy) -> gy.mul(c.y().square().exp().mul(Math.sqrt(Math.PI) / 2)))
            .smoothOn(-0.9, 0.9);

    /** Returns the inverse of {@link #erf()}: infinite at -1 and 1, NaN outside. PyTorch's {@code erfinv}. */
    default Node erfinv() {
        return Node.of(ERFINV, self());
    }

    /** {@code y = ln |gamma(x)|}; infinite at 0 and the negative integers. */
    Formula LGAMMA = elementwise("lgamma", Special::lgamma, (c, gy) -> gy.mul(c.x(0).digamma()))
            .smoothOn(-1.8, -1.2, 0.5, 3);

    /** Returns the logarithm of the absolute value of the gamma function. PyTorch's {@code lgamma}. */
    default Node lgamma() {
        return Node.of(LGAMMA, self());
    }

    /** Returns the derivative of {@link #lgamma()}, {@code polygamma(0)}. PyTorch's {@code digamma}. */
    default Node digamma() {
        return polygamma(0);
    }

    /** {@code y = d^(n+1) ln gamma(x) / dx^(n+1)}; the derivative is the polygamma function of order n + 1. */
    record Polygamma(int n) implements Op {
        @Override
        public String name() {
            return n == 0 ? "digamma" : "polygamma";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].map(v -> Special.polygamma(n, v));
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.mul(Node.of(new Polygamma(n + 1), c.x(0)))};
        }

        @Override
        public double[] smoothOn() {
            return new double[] {-1.8, -1.2, 0.5, 3};
        }

        @Override
        public int[] combinedAxes() {
            return ELEMENTWISE;
        }
    }

    /**
     * Returns the derivative of order n + 1 of {@link #lgamma()}, as SciPy's and PyTorch's {@code polygamma}.
     *
     * @throws IllegalArgumentException if n is not from 0 to 100: of higher orders most values are beyond the largest double
     */
    default Node polygamma(int n) {
        if (n < 0 || n > 100) {
            throw new IllegalArgumentException("polygamma: order " + n + " is not from 0 to 100");
        }
        return Node.of(new Polygamma(n), self());
    }

    private Node self() {
        return (Node) this;
    }
}
