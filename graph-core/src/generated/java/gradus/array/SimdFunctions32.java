package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions that loops run, of vectors: {@link PlainFunctions32}, operation by operation.
 *
 * <p>A method of ours that is called in a loop and not inlined costs a factor of ten and more, as vectors are boxed.
 * The compiler inlines the Vector API's own methods without limit, but ours only up to 8,000 bytes of code in total,
 * and on JDK 17 what comes after that is inlined late, when a reinterpretation no longer knows the kind of vector. So powers of two and the bits of a number come first, the series last, and constants are vectors
 * already where there are many.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdFunctions32 {
    /** A function of one vector. */
    interface Unary {
        FloatVector of(FloatVector x);
    }

    /** A function of two vectors. */
    interface Binary {
        FloatVector of(FloatVector a, FloatVector b);
    }

    /** A function of vectors, and the loop for what is left. */
    record Mapped(Unary simd, Loops32.Map rest) {}

    /** A function of pairs of vectors, and the loop for what is left. */
    record Zipped(Binary simd, Loops32.Zip rest) {}

    private static final FloatVector OVERFLOW = all(Polynomials.OVERFLOW32);
    private static final FloatVector UNDERFLOW = all(Polynomials.UNDERFLOW32);
    private static final FloatVector LOG2E = all(Polynomials.LOG2E32);
    private static final FloatVector SHIFTER = all(Polynomials.SHIFTER32);
    private static final FloatVector LN2HI = all(Polynomials.LN2HI32);
    private static final FloatVector LN2LO = all(Polynomials.LN2LO32);
    private static final FloatVector MINUS_LN2HI = all(-Polynomials.LN2HI32);
    private static final FloatVector MINUS_LN2LO = all(-Polynomials.LN2LO32);
    private static final FloatVector MIN_NORMAL = all(Polynomials.MIN_NORMAL32);
    private static final FloatVector SUBNORMAL_SCALE = all(Polynomials.SUBNORMAL_SCALE32);
    private static final FloatVector SUBNORMAL_SHIFT = all(Polynomials.SUBNORMAL_SHIFT32);
    private static final FloatVector INFINITY = all(Polynomials.INFINITY32);
    private static final FloatVector SCALE_DOWN = all(Polynomials.SCALE_DOWN32);
    private static final FloatVector SCALE_UP = all(Polynomials.SCALE_UP32);
    private static final FloatVector PLUS_64 = all(+64);
    private static final FloatVector MINUS_64 = all(-64);
    private static final FloatVector HALF = all((float) 0.5);
    private static final FloatVector ZERO = all(0);
    private static final FloatVector ONE = all(1);
    private static final FloatVector TWO = all(2);
    private static final FloatVector LARGE = all(44);
    private static final FloatVector MINUS_HALF = all((float) -0.5);
    private static final FloatVector MINUS_ZERO = all((float) -0.0);
    private static final FloatVector NORMAL_LIMIT = all(Polynomials.NORMAL_LIMIT32);
    private static final FloatVector ERFC_LIMIT = all(Polynomials.ERFC_LIMIT32);
    private static final FloatVector SQRT2 = all(Polynomials.SQRT_TWO32);
    private static final FloatVector MINUS_INVERSE_SQRT_2PI = all(-Polynomials.INVERSE_SQRT_2PI32);
    private static final FloatVector GELU_TANH_LIMIT = all(Polynomials.GELU_TANH_LIMIT32);
    private static final FloatVector GELU_TANH_LINEAR = all(Polynomials.GELU_TANH_LINEAR32);
    private static final FloatVector GELU_TANH_CUBIC = all(Polynomials.GELU_TANH_CUBIC32);
    private static final FloatVector THREE_GELU_TANH_CUBIC = all(3 * Polynomials.GELU_TANH_CUBIC32);
    private static final FloatVector SILU_LIMIT = all(Polynomials.SILU_LIMIT32);
    private static final FloatVector TAIL_SHIFT = all(Polynomials.TAIL_SHIFT32);
    private static final FloatVector TAIL_SCALE = all(Polynomials.TAIL_SCALE32);
    private static final FloatVector TWICE_TAIL_SCALE = all(Polynomials.TAIL_SCALE32 * 2);

    private static final VectorOperators.Comparison LT = VectorOperators.LT;
    private static final VectorOperators.Comparison GT = VectorOperators.GT;

    private SimdFunctions32() {}

    private static FloatVector all(float x) {
        return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, x);
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
            case EXP -> SimdFunctions32::exp;
            case EXPM1 -> SimdFunctions32::expm1;
            case LOG -> SimdFunctions32::log;
            case SIGMOID -> SimdFunctions32::sigmoid;
            case TANH -> SimdFunctions32::tanh;
            case LOG1P, SOFTPLUS, ERF -> throw new IllegalArgumentException(f + " is several loops");
            case ERFC -> SimdFunctions32::erfc;
            case NORMAL_CDF -> SimdFunctions32::normalCdf;
            case GELU -> SimdFunctions32::gelu;
            case GELU_TANH -> SimdFunctions32::geluTanh;
            case SILU -> SimdFunctions32::silu;
            case NOT -> x -> ones(x.compare(VectorOperators.EQ, 0));
            case IS_NAN -> x -> ones(x.compare(VectorOperators.NE, x));
            case IS_INFINITE -> x -> ones(x.abs().compare(VectorOperators.EQ, Polynomials.INFINITY32));
            case IS_FINITE -> x -> ones(x.abs().compare(LT, Polynomials.INFINITY32));
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
                        .blend((float) 0.5, a.compare(VectorOperators.EQ, b))
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
            case EXP_OF_DIFFERENCE -> SimdFunctions32::expOfDifference;
            case LOG1P_OF_LOG -> SimdFunctions32::log1pOfLog;
            case ERF_OF_ERFC -> SimdFunctions32::erfOfErfc;
        };
    }

    private static FloatVector ones(VectorMask<Float> m) {
        return FloatVector.zero(m.vectorSpecies()).blend(1, m);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(OVERFLOW, x.compare(GT, OVERFLOW)).blend(UNDERFLOW, x.compare(LT, UNDERFLOW));
        VectorMask<Float> low = c.compare(LT, ONE);
        FloatVector t = c.fma(LOG2E, SHIFTER);
        FloatVector a = SimdPolynomials.power(t.add(MINUS_64.blend(PLUS_64, low)));
        FloatVector n = t.sub(SHIFTER);
        FloatVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c));
        FloatVector p = r.mul(r).fma(SimdPolynomials.expTail(r), r).add(ONE);
        return p.mul(a).mul(SCALE_UP.blend(SCALE_DOWN, low));
    }

    private static FloatVector expm1(FloatVector x) {
        FloatVector c = x.blend(OVERFLOW, x.compare(GT, OVERFLOW)).blend(UNDERFLOW, x.compare(LT, UNDERFLOW));
        VectorMask<Float> low = c.compare(LT, ONE);
        FloatVector t = c.fma(LOG2E, SHIFTER);
        FloatVector a = SimdPolynomials.power(t.add(MINUS_64.blend(PLUS_64, low)));
        FloatVector n = t.sub(SHIFTER);
        FloatVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c));
        FloatVector p = r.mul(r).fma(SimdPolynomials.expTail(r), r);
        return a.fma(p, a.sub(SCALE_DOWN.blend(SCALE_UP, low)))
                .mul(SCALE_UP.blend(SCALE_DOWN, low))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector tanh(FloatVector x) {
        FloatVector size = x.add(x).abs();
        FloatVector c = size.blend(LARGE, size.compare(GT, LARGE));
        FloatVector t = c.fma(LOG2E, SHIFTER);
        FloatVector a = SimdPolynomials.power(t);
        FloatVector n = t.sub(SHIFTER);
        FloatVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c));
        FloatVector p = r.mul(r).fma(SimdPolynomials.expTail(r), r);
        FloatVector e = a.fma(p, a.sub(ONE));
        FloatVector y = e.div(e.add(TWO));
        return y.blend(y.neg(), x.compare(LT, 0)).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return e.blend(ONE, x.compare(VectorOperators.GE, 0)).div(e.add(ONE));
    }

    private static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, MIN_NORMAL);
        var bits = SimdPolynomials.bits(x.blend(x.mul(SUBNORMAL_SCALE), tiny));
        FloatVector k = SimdPolynomials.exponent(bits);
        FloatVector y = log(SimdPolynomials.mantissa(bits).sub(ONE), k.blend(k.sub(SUBNORMAL_SHIFT), tiny));
        return x.blend(y, x.compare(LT, INFINITY))
                .blend((float) Double.NaN, x.compare(LT, 0))
                .blend(-Polynomials.INFINITY32, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector log(FloatVector f, FloatVector k) {
        FloatVector s = f.div(f.add(TWO));
        FloatVector tail = SimdPolynomials.logTail(s.mul(s));
        FloatVector half = f.mul(f).mul(HALF);
        FloatVector small = half.add(tail).fma(s, k.mul(LN2LO));
        return k.fma(LN2HI, f.sub(half.sub(small)));
    }

    private static FloatVector log1pOfLog(FloatVector x, FloatVector log) {
        FloatVector u = x.add(ONE);
        FloatVector one = u.sub(x);
        FloatVector d = ONE.sub(one).add(x.sub(u.sub(one)));
        FloatVector more = d.div(u);
        return log.blend(log.add(more), more.compare(VectorOperators.EQ, more))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static FloatVector expOfDifference(FloatVector a, FloatVector b) {
        FloatVector d = a.sub(b);
        VectorMask<Float> none = d.compare(LT, UNDERFLOW);
        FloatVector c = d.blend(ZERO, none); // a product that underflows takes a hundred cycles
        FloatVector t = c.fma(LOG2E, SHIFTER);
        FloatVector high = SimdPolynomials.power(t.add(PLUS_64));
        FloatVector v = a.sub(d);
        FloatVector lost = a.sub(d.add(v)).add(v.sub(b));
        FloatVector n = t.sub(SHIFTER);
        FloatVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c)).add(lost.blend(ZERO, none));
        return r.mul(r)
                .fma(SimdPolynomials.expTail(r), r)
                .add(ONE)
                .mul(high)
                .mul(SCALE_DOWN)
                .blend(ZERO, none);
    }

    private static FloatVector erfc(FloatVector z) {
        FloatVector size = z.abs();
        FloatVector a = size.blend(ERFC_LIMIT, size.compare(GT, ERFC_LIMIT));
        FloatVector c = a.neg().mul(a);
        FloatVector power = tailPower(c);
        FloatVector e = tailRest(c, a.neg().fma(a, c.neg()));
        FloatVector q = SimdPolynomials.normalTail(a.mul(SQRT2));
        FloatVector y = q.fma(e, q).mul(power).mul(TWICE_TAIL_SCALE);
        return y.blend(TWO.sub(y), z.compare(LT, ZERO));
    }

    private static FloatVector erfOfErfc(FloatVector z, FloatVector erfc) {
        FloatVector y = ONE.sub(erfc);
        FloatVector near = z.mul(SimdPolynomials.erfSeries(z.mul(z)));
        return y.blend(y.neg(), z.compare(LT, ZERO)).blend(near, z.abs().compare(LT, HALF));
    }

    private static FloatVector normalCdf(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(NORMAL_LIMIT, size.compare(GT, NORMAL_LIMIT));
        FloatVector c = a.mul(MINUS_HALF).mul(a);
        FloatVector power = tailPower(c);
        FloatVector e = tailRest(c, a.mul(MINUS_HALF).fma(a, c.neg()));
        FloatVector q = SimdPolynomials.normalTail(a);
        FloatVector y = q.fma(e, q).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(NORMAL_LIMIT, size.compare(GT, NORMAL_LIMIT));
        FloatVector c = a.mul(MINUS_HALF).mul(a);
        FloatVector power = tailPower(c);
        FloatVector e = tailRest(c, a.mul(MINUS_HALF).fma(a, c.neg()));
        FloatVector q = a.mul(SimdPolynomials.normalTail(a));
        FloatVector y = q.fma(e, q).mul(power).mul(TAIL_SCALE);
        return x.blend(MINUS_ZERO, x.compare(LT, ZERO)).sub(y);
    }

    private static FloatVector geluSlope(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(NORMAL_LIMIT, size.compare(GT, NORMAL_LIMIT));
        FloatVector c = a.mul(MINUS_HALF).mul(a);
        FloatVector power = tailPower(c);
        FloatVector e = tailRest(c, a.mul(MINUS_HALF).fma(a, c.neg()));
        FloatVector q = a.fma(MINUS_INVERSE_SQRT_2PI, SimdPolynomials.normalTail(a));
        FloatVector y = q.fma(e, q).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static FloatVector geluTanh(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(GELU_TANH_LIMIT, size.compare(GT, GELU_TANH_LIMIT));
        FloatVector c = a.neg().mul(a.mul(a).fma(GELU_TANH_CUBIC, GELU_TANH_LINEAR));
        FloatVector power = tailPower(c);
        FloatVector m = tailRest(c, ZERO).add(ONE);
        FloatVector e = m.mul(power).mul(TAIL_SCALE);
        FloatVector low = a.neg().mul(m).mul(power).mul(TAIL_SCALE);
        return x.blend(low, x.compare(LT, ZERO)).div(e.add(ONE));
    }

    private static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(GELU_TANH_LIMIT, size.compare(GT, GELU_TANH_LIMIT));
        FloatVector square = a.mul(a);
        FloatVector c = a.neg().mul(square.fma(GELU_TANH_CUBIC, GELU_TANH_LINEAR));
        FloatVector power = tailPower(c);
        FloatVector m = tailRest(c, ZERO).add(ONE);
        FloatVector d = ONE.div(m.mul(power).fma(TAIL_SCALE, ONE));
        FloatVector more = a.mul(square.fma(THREE_GELU_TANH_CUBIC, GELU_TANH_LINEAR));
        FloatVector y = m.mul(d).mul(ONE.sub(more.mul(d))).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static FloatVector silu(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(SILU_LIMIT, size.compare(GT, SILU_LIMIT));
        FloatVector power = tailPower(a.neg());
        FloatVector m = tailRest(a.neg(), ZERO).add(ONE);
        FloatVector e = m.mul(power).mul(TAIL_SCALE);
        FloatVector low = a.neg().mul(m).mul(power).mul(TAIL_SCALE);
        return x.blend(low, x.compare(LT, ZERO)).div(e.add(ONE));
    }

    private static FloatVector siluSlope(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector a = size.blend(SILU_LIMIT, size.compare(GT, SILU_LIMIT));
        FloatVector power = tailPower(a.neg());
        FloatVector m = tailRest(a.neg(), ZERO).add(ONE);
        FloatVector d = ONE.div(m.mul(power).fma(TAIL_SCALE, ONE));
        FloatVector y = m.mul(d).mul(ONE.sub(a.mul(d))).mul(power).mul(TAIL_SCALE);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    private static FloatVector tailPower(FloatVector c) {
        return SimdPolynomials.power(c.fma(LOG2E, SHIFTER).add(TAIL_SHIFT));
    }

    private static FloatVector tailRest(FloatVector c, FloatVector low) {
        FloatVector n = c.fma(LOG2E, SHIFTER).sub(SHIFTER);
        FloatVector r = n.fma(MINUS_LN2LO, n.fma(MINUS_LN2HI, c)).add(low);
        return r.mul(r).fma(SimdPolynomials.expTail(r), r);
    }
}
