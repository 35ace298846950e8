package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions that loops run, of vectors: {@link PlainFunctions64}, operation by operation.
 *
 * <p>A method of ours that is called in a loop and not inlined costs a factor of ten and more, as vectors are boxed.
 * The compiler inlines the Vector API's own methods without limit, but ours only up to 8,000 bytes of code in total,
 * and on JDK 17 what comes after that is inlined late, when a reinterpretation no longer knows the kind of vector. So powers of two and the bits of a number come first, the series last, and constants are vectors
 * already where there are many.
 */
final class SimdFunctions64 {
    /** A function of one vector. */
    interface Unary {
        DoubleVector of(DoubleVector x);
    }

    /** A function of two vectors. */
    interface Binary {
        DoubleVector of(DoubleVector a, DoubleVector b);
    }

    /** A function of vectors, and the loop for what is left. */
    record Mapped(Unary simd, Loops64.Map rest) {}

    /** A function of pairs of vectors, and the loop for what is left. */
    record Zipped(Binary simd, Loops64.Zip rest) {}

    private static final DoubleVector OVERFLOW = all(Polynomials.OVERFLOW64);
    private static final DoubleVector UNDERFLOW = all(Polynomials.UNDERFLOW64);
    private static final DoubleVector LOG2E = all(Polynomials.LOG2E64);
    private static final DoubleVector SHIFTER = all(Polynomials.SHIFTER64);
    private static final DoubleVector LN2HI = all(Polynomials.LN2HI64);
    private static final DoubleVector LN2LO = all(Polynomials.LN2LO64);
    private static final DoubleVector MINUS_LN2HI = all(-Polynomials.LN2HI64);
    private static final DoubleVector MINUS_LN2LO = all(-Polynomials.LN2LO64);
    private static final DoubleVector MIN_NORMAL = all(Polynomials.MIN_NORMAL64);
    private static final DoubleVector SUBNORMAL_SCALE = all(Polynomials.SUBNORMAL_SCALE64);
    private static final DoubleVector SUBNORMAL_SHIFT = all(Polynomials.SUBNORMAL_SHIFT64);
    private static final DoubleVector INFINITY = all(Polynomials.INFINITY64);
    private static final DoubleVector SCALE_DOWN = all(Polynomials.SCALE_DOWN64);
    private static final DoubleVector SCALE_UP = all(Polynomials.SCALE_UP64);
    private static final DoubleVector PLUS_64 = all(+64);
    private static final DoubleVector MINUS_64 = all(-64);
    private static final DoubleVector HALF = all((double) 0.5);
    private static final DoubleVector ZERO = all(0);
    private static final DoubleVector ONE = all(1);
    private static final DoubleVector TWO = all(2);
    private static final DoubleVector LARGE = all(44);
    private static final DoubleVector MINUS_HALF = all((double) -0.5);
    private static final DoubleVector MINUS_ZERO = all((double) -0.0);
    private static final DoubleVector NORMAL_LIMIT = all(Polynomials.NORMAL_LIMIT64);
    private static final DoubleVector ERFC_LIMIT = all(Polynomials.ERFC_LIMIT64);
    private static final DoubleVector SQRT2 = all(Polynomials.SQRT_TWO64);
    private static final DoubleVector MINUS_INVERSE_SQRT_2PI = all(-Polynomials.INVERSE_SQRT_2PI64);
    private static final DoubleVector GELU_TANH_LIMIT = all(Polynomials.GELU_TANH_LIMIT64);
    private static final DoubleVector GELU_TANH_LINEAR = all(Polynomials.GELU_TANH_LINEAR64);
    private static final DoubleVector GELU_TANH_CUBIC = all(Polynomials.GELU_TANH_CUBIC64);
    private static final DoubleVector THREE_GELU_TANH_CUBIC = all(3 * Polynomials.GELU_TANH_CUBIC64);
    private static final DoubleVector SILU_LIMIT = all(Polynomials.SILU_LIMIT64);
    private static final DoubleVector TAIL_SHIFT = all(Polynomials.TAIL_SHIFT64);
    private static final DoubleVector TAIL_SCALE = all(Polynomials.TAIL_SCALE64);
    private static final DoubleVector TWICE_TAIL_SCALE = all(Polynomials.TAIL_SCALE64 * 2);

    private static final VectorOperators.Comparison LT = VectorOperators.LT;
    private static final VectorOperators.Comparison GT = VectorOperators.GT;

    private SimdFunctions64() {}

    private static DoubleVector all(double x) {
        return DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, x);
    }

    static Unary of(UnaryFunction f) {
        return switch (f) {
            case NEG -> x -> x.neg();
            case ABS -> x -> x.abs();
            case SIGN -> x -> x.blend(1, x.compare(GT, 0)).blend(-1, x.compare(LT, 0));
            case SQUARE -> x -> x.mul(x);
            case RECIPROCAL -> x -> x.broadcast(1).div(x);
            case SQRT -> x -> x.sqrt();
            case RSQRT -> x -> x.broadcast(1).div(x.sqrt());
            case RELU -> x -> x.blend(0, x.compare(VectorOperators.LE, 0));
            case SOFTSIGN -> x -> x.div(x.abs().add(1));
            case EXP -> SimdFunctions64::exp;
            case EXPM1 -> SimdFunctions64::expm1;
            case LOG -> SimdFunctions64::log;
            case SIGMOID -> SimdFunctions64::sigmoid;
            case TANH -> SimdFunctions64::tanh;
            case LOG1P, SOFTPLUS, ERF -> throw new IllegalArgumentException(f + " is several loops");
            case ERFC -> SimdFunctions64::erfc;
            case NORMAL_CDF -> SimdFunctions64::normalCdf;
            case GELU -> SimdFunctions64::gelu;
            case GELU_TANH -> SimdFunctions64::geluTanh;
            case SILU -> SimdFunctions64::silu;
            case NOT -> x -> ones(x.compare(VectorOperators.EQ, 0));
            case IS_NAN -> x -> ones(x.compare(VectorOperators.NE, x));
            case IS_INFINITE -> x -> ones(x.abs().compare(VectorOperators.EQ, Polynomials.INFINITY64));
            case IS_FINITE -> x -> ones(x.abs().compare(LT, Polynomials.INFINITY64));
        };
    }

    static Binary of(BinaryFunction f) {
        return switch (f) {
            case ADD -> (a, b) -> a.add(b);
            case SUB -> (a, b) -> a.sub(b);
            case MUL -> (a, b) -> a.mul(b);
            case DIV -> (a, b) -> a.div(b);
            case MAXIMUM -> (a, b) -> a.max(b);
            case MINIMUM -> (a, b) -> a.min(b);
            case GT -> (a, b) -> ones(a.compare(GT, b));
            case LT -> (a, b) -> ones(a.compare(LT, b));
            case GE -> (a, b) -> ones(a.compare(VectorOperators.GE, b));
            case LE -> (a, b) -> ones(a.compare(VectorOperators.LE, b));
            case EQ -> (a, b) -> ones(a.compare(VectorOperators.EQ, b));
            case NE -> (a, b) -> ones(a.compare(VectorOperators.NE, b));
            case AND -> (a, b) -> ones(a.compare(VectorOperators.NE, 0)).blend(0, b.compare(VectorOperators.EQ, 0));
            case OR -> (a, b) -> ones(a.compare(VectorOperators.NE, 0)).blend(1, b.compare(VectorOperators.NE, 0));
            case MASKED_BY -> (a, b) -> a.blend(0, b.compare(VectorOperators.EQ, 0));
            case MAXIMUM_DERIVATIVE ->
                (a, b) -> a.broadcast(1)
                        .blend((double) 0.5, a.compare(VectorOperators.EQ, b))
                        .blend(0, a.compare(LT, b));
            case TANH_GRADIENT -> (a, b) -> a.mul(b.broadcast(1).sub(b.mul(b)));
            case SIGMOID_GRADIENT -> (a, b) -> a.mul(b).mul(b.broadcast(1).sub(b));
            case GELU_GRADIENT -> (a, b) -> a.mul(geluSlope(b));
            case GELU_TANH_GRADIENT -> (a, b) -> a.mul(geluTanhSlope(b));
            case SILU_GRADIENT -> (a, b) -> a.mul(siluSlope(b));
        };
    }

    static Binary of(PartialFunction f) {
        return switch (f) {
            case EXP_OF_DIFFERENCE -> SimdFunctions64::expOfDifference;
            case LOG1P_OF_LOG -> SimdFunctions64::log1pOfLog;
            case ERF_OF_ERFC -> SimdFunctions64::erfOfErfc;
        };
    }

    private static DoubleVector ones(VectorMask<Double> m) {
        return DoubleVector.zero(m.vectorSpecies()).blend(1, m);
    }

    static DoubleVector exp(DoubleVector x) {
        DoubleVector c = x.blend(OVERFLOW, x.compare(GT, OVERFLOW)).blend(UNDERFLOW, x.compare(LT, UNDERFLOW));
        VectorMask<Double> low = c.compare(LT, ONE);
        DoubleVector t = c.fma(LOG2E, SHIFTER);
        DoubleVector a = SimdPolynomials.power(t.add(MINUS_64.blend(PLUS_64, low)));
        DoubleVector n = t.sub(SHIFTER);
        DoubleVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c));
        DoubleVector p = r.mul(r).fma(SimdPolynomials.expTail(r), r).add(ONE);
        return p.mul(a).mul(SCALE_UP.blend(SCALE_DOWN, low));
    }

    private static DoubleVector expm1(DoubleVector x) {
        DoubleVector c = x.blend(OVERFLOW, x.compare(GT, OVERFLOW)).blend(UNDERFLOW, x.compare(LT, UNDERFLOW));
        VectorMask<Double> low = c.compare(LT, ONE);
        DoubleVector t = c.fma(LOG2E, SHIFTER);
        DoubleVector a = SimdPolynomials.power(t.add(MINUS_64.blend(PLUS_64, low)));
        DoubleVector n = t.sub(SHIFTER);
        DoubleVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c));
        DoubleVector p = r.mul(r).fma(SimdPolynomials.expTail(r), r);
        return a.fma(p, a.sub(SCALE_DOWN.blend(SCALE_UP, low)))
                .mul(SCALE_UP.blend(SCALE_DOWN, low))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static DoubleVector tanh(DoubleVector x) {
        DoubleVector size = x.add(x).abs();
        DoubleVector c = size.blend(LARGE, size.compare(GT, LARGE));
        DoubleVector t = c.fma(LOG2E, SHIFTER);
        DoubleVector a = SimdPolynomials.power(t);
        DoubleVector n = t.sub(SHIFTER);
        DoubleVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c));
        DoubleVector p = r.mul(r).fma(SimdPolynomials.expTail(r), r);
        DoubleVector e = a.fma(p, a.sub(ONE));
        DoubleVector y = e.div(e.add(TWO));
        return y.blend(y.neg(), x.compare(LT, 0)).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static DoubleVector sigmoid(DoubleVector x) {
        DoubleVector e = exp(x.abs().neg());
        return e.blend(ONE, x.compare(VectorOperators.GE, 0)).div(e.add(ONE));
    }

    private static DoubleVector log(DoubleVector x) {
        VectorMask<Double> tiny = x.compare(LT, MIN_NORMAL);
        var bits = SimdPolynomials.bits(x.blend(x.mul(SUBNORMAL_SCALE), tiny));
        DoubleVector k = SimdPolynomials.exponent(bits);
        DoubleVector y = log(SimdPolynomials.mantissa(bits).sub(ONE), k.blend(k.sub(SUBNORMAL_SHIFT), tiny));
        return x.blend(y, x.compare(LT, INFINITY))
                .blend((double) Double.NaN, x.compare(LT, 0))
                .blend(-Polynomials.INFINITY64, x.compare(VectorOperators.EQ, 0));
    }

    private static DoubleVector log(DoubleVector f, DoubleVector k) {
        DoubleVector s = f.div(f.add(TWO));
        DoubleVector tail = SimdPolynomials.logTail(s.mul(s));
        DoubleVector half = f.mul(f).mul(HALF);
        DoubleVector small = half.add(tail).fma(s, k.mul(LN2LO));
        return k.fma(LN2HI, f.sub(half.sub(small)));
    }

    private static DoubleVector log1pOfLog(DoubleVector x, DoubleVector log) {
        DoubleVector u = x.add(ONE);
        DoubleVector one = u.sub(x);
        DoubleVector d = ONE.sub(one).add(x.sub(u.sub(one)));
        DoubleVector more = d.div(u);
        return log.blend(log.add(more), more.compare(VectorOperators.EQ, more))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static DoubleVector expOfDifference(DoubleVector a, DoubleVector b) {
        DoubleVector d = a.sub(b);
        VectorMask<Double> none = d.compare(LT, UNDERFLOW);
        DoubleVector c = d.blend(ZERO, none); // a product that underflows takes a hundred cycles
        DoubleVector t = c.fma(LOG2E, SHIFTER);
        DoubleVector high = SimdPolynomials.power(t.add(PLUS_64));
        DoubleVector v = a.sub(d);
        DoubleVector lost = a.sub(d.add(v)).add(v.sub(b));
        DoubleVector n = t.sub(SHIFTER);
        DoubleVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c)).add(lost.blend(ZERO, none));
        return r.mul(r)
                .fma(SimdPolynomials.expTail(r), r)
                .add(ONE)
                .mul(high)
                .mul(SCALE_DOWN)
                .blend(ZERO, none);
    }

    private static DoubleVector erfc(DoubleVector z) {
        DoubleVector size = z.abs();
        DoubleVector a = size.blend(ERFC_LIMIT, size.compare(GT, ERFC_LIMIT));
        DoubleVector c = a.neg().mul(a);
        DoubleVector power = tailPower(c);
        DoubleVector e = tailRest(c, a.neg().fma(a, c.neg()));
        DoubleVector q = SimdPolynomials.normalTail(a.mul(SQRT2));
        DoubleVector y = q.fma(e, q).mul(power).mul(TWICE_TAIL_SCALE);
        return y.blend(TWO.sub(y), z.compare(LT, ZERO));
    }

    private static DoubleVector erfOfErfc(DoubleVector z, DoubleVector erfc) {
        DoubleVector y = ONE.sub(erfc);
        DoubleVector near = z.mul(SimdPolynomials.erfSeries(z.mul(z)));
        return y.blend(y.neg(), z.compare(LT, ZERO)).blend(near, z.abs().compare(LT, HALF));
    }

    private static DoubleVector normalCdf(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(NORMAL_LIMIT, size.compare(GT, NORMAL_LIMIT));
        DoubleVector c = a.mul(MINUS_HALF).mul(a);
        DoubleVector power = tailPower(c);
        DoubleVector e = tailRest(c, a.mul(MINUS_HALF).fma(a, c.neg()));
        DoubleVector q = SimdPolynomials.normalTail(a);
        DoubleVector y = q.fma(e, q).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static DoubleVector gelu(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(NORMAL_LIMIT, size.compare(GT, NORMAL_LIMIT));
        DoubleVector c = a.mul(MINUS_HALF).mul(a);
        DoubleVector power = tailPower(c);
        DoubleVector e = tailRest(c, a.mul(MINUS_HALF).fma(a, c.neg()));
        DoubleVector q = a.mul(SimdPolynomials.normalTail(a));
        DoubleVector y = q.fma(e, q).mul(power).mul(TAIL_SCALE);
        return x.blend(MINUS_ZERO, x.compare(LT, ZERO)).sub(y);
    }

    private static DoubleVector geluSlope(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(NORMAL_LIMIT, size.compare(GT, NORMAL_LIMIT));
        DoubleVector c = a.mul(MINUS_HALF).mul(a);
        DoubleVector power = tailPower(c);
        DoubleVector e = tailRest(c, a.mul(MINUS_HALF).fma(a, c.neg()));
        DoubleVector q = a.fma(MINUS_INVERSE_SQRT_2PI, SimdPolynomials.normalTail(a));
        DoubleVector y = q.fma(e, q).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static DoubleVector geluTanh(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(GELU_TANH_LIMIT, size.compare(GT, GELU_TANH_LIMIT));
        DoubleVector c = a.neg().mul(a.mul(a).fma(GELU_TANH_CUBIC, GELU_TANH_LINEAR));
        DoubleVector power = tailPower(c);
        DoubleVector m = tailRest(c, ZERO).add(ONE);
        DoubleVector e = m.mul(power).mul(TAIL_SCALE);
        DoubleVector low = a.neg().mul(m).mul(power).mul(TAIL_SCALE);
        return x.blend(low, x.compare(LT, ZERO)).div(e.add(ONE));
    }

    private static DoubleVector geluTanhSlope(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(GELU_TANH_LIMIT, size.compare(GT, GELU_TANH_LIMIT));
        DoubleVector square = a.mul(a);
        DoubleVector c = a.neg().mul(square.fma(GELU_TANH_CUBIC, GELU_TANH_LINEAR));
        DoubleVector power = tailPower(c);
        DoubleVector m = tailRest(c, ZERO).add(ONE);
        DoubleVector d = ONE.div(m.mul(power).fma(TAIL_SCALE, ONE));
        DoubleVector more = a.mul(square.fma(THREE_GELU_TANH_CUBIC, GELU_TANH_LINEAR));
        DoubleVector y = m.mul(d).mul(ONE.sub(more.mul(d))).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static DoubleVector silu(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(SILU_LIMIT, size.compare(GT, SILU_LIMIT));
        DoubleVector power = tailPower(a.neg());
        DoubleVector m = tailRest(a.neg(), ZERO).add(ONE);
        DoubleVector e = m.mul(power).mul(TAIL_SCALE);
        DoubleVector low = a.neg().mul(m).mul(power).mul(TAIL_SCALE);
        return x.blend(low, x.compare(LT, ZERO)).div(e.add(ONE));
    }

    private static DoubleVector siluSlope(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector a = size.blend(SILU_LIMIT, size.compare(GT, SILU_LIMIT));
        DoubleVector power = tailPower(a.neg());
        DoubleVector m = tailRest(a.neg(), ZERO).add(ONE);
        DoubleVector d = ONE.div(m.mul(power).fma(TAIL_SCALE, ONE));
        DoubleVector y = m.mul(d).mul(ONE.sub(a.mul(d))).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static DoubleVector tailPower(DoubleVector c) {
        return SimdPolynomials.power(c.fma(LOG2E, SHIFTER).add(TAIL_SHIFT));
    }

    private static DoubleVector tailRest(DoubleVector c, DoubleVector low) {
        DoubleVector n = c.fma(LOG2E, SHIFTER).sub(SHIFTER);
        DoubleVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c)).add(low);
        return r.mul(r).fma(SimdPolynomials.expTail(r), r);
    }
}
