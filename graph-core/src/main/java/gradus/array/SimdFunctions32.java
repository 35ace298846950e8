package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions that loops run, of vectors: {@link PlainFunctions32}, operation by operation.
 *
 * <p>The compiler unfolds the Vector API's own methods without limit, but ours only up to 8,000 bytes of code, all in all;
 * a method of ours that is called and not unfolded costs a factor of ten and more. So the long series comes last, and what
 * is called before it is short.
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

    private static final VectorOperators.Comparison LT = VectorOperators.LT;
    private static final VectorOperators.Comparison GT = VectorOperators.GT;

    private SimdFunctions32() {}

    static Unary of(Elementwise f) {
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
            case LOG1P -> SimdFunctions32::log1p;
            case SIGMOID -> SimdFunctions32::sigmoid;
            case TANH -> SimdFunctions32::tanh;
            case SOFTPLUS -> throw new IllegalArgumentException("it has loops of its own");
            case NOT -> x -> ones(x.compare(VectorOperators.EQ, 0));
            case IS_NAN -> x -> ones(x.compare(VectorOperators.NE, x));
            case IS_INFINITE -> x -> ones(x.abs().compare(VectorOperators.EQ, Series.INFINITE32));
            case IS_FINITE -> x -> ones(x.abs().compare(LT, Series.INFINITE32));
        };
    }

    static Binary of(Pairwise f) {
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
            case ONLY_WHERE -> (a, b) -> a.blend(0, b.compare(VectorOperators.EQ, 0));
            case SHARE ->
                (a, b) -> a.broadcast(1)
                        .blend((float) 0.5, a.compare(VectorOperators.EQ, b))
                        .blend(0, a.compare(LT, b));
            case TANH_SLOPE -> (a, b) -> a.mul(b.broadcast(1).sub(b.mul(b)));
            case SIGMOID_SLOPE -> (a, b) -> a.mul(b).mul(b.broadcast(1).sub(b));
            case LOST -> SimdFunctions32::lost;
        };
    }

    private static FloatVector ones(VectorMask<Float> m) {
        return FloatVector.zero(m.vectorSpecies()).blend(1, m);
    }

    private static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(Series.OVER32, x.compare(GT, Series.OVER32))
                .blend(Series.UNDER32, x.compare(LT, Series.UNDER32));
        FloatVector n = c.fma(Series.LOG2E32, Series.MAGIC32).sub(Series.MAGIC32);
        FloatVector h = n.fma((float) 0.5, Series.MAGIC32);
        FloatVector a = SimdSeries.power(h);
        FloatVector b = SimdSeries.power(n.sub(h.sub(Series.MAGIC32)).add(Series.MAGIC32));
        FloatVector r = n.fma(n.broadcast(-Series.LN2HI32), c);
        r = n.fma(n.broadcast(-Series.LN2LO32), r);
        return r.mul(r).fma(SimdSeries.expTail(r), r).add(1).mul(a).mul(b);
    }

    private static FloatVector expm1(FloatVector x) {
        FloatVector c = x.blend(Series.OVER32, x.compare(GT, Series.OVER32))
                .blend(Series.UNDER32, x.compare(LT, Series.UNDER32));
        FloatVector n = c.fma(Series.LOG2E32, Series.MAGIC32).sub(Series.MAGIC32);
        FloatVector h = n.fma((float) 0.5, Series.MAGIC32);
        FloatVector rest = n.sub(h.sub(Series.MAGIC32));
        FloatVector a = SimdSeries.power(h);
        FloatVector b = SimdSeries.power(rest.add(Series.MAGIC32));
        FloatVector less = a.sub(SimdSeries.power(rest.neg().add(Series.MAGIC32)));
        FloatVector r = n.fma(n.broadcast(-Series.LN2HI32), c);
        r = n.fma(n.broadcast(-Series.LN2LO32), r);
        FloatVector p = r.mul(r).fma(SimdSeries.expTail(r), r);
        return a.fma(p, less).mul(b).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.compare(LT, Series.NORMAL32);
        FloatVector u = x.blend(x.mul(Series.LIFT32), tiny);
        FloatVector k = SimdSeries.exponent(u);
        k = k.blend(k.sub(Series.LIFTED32), tiny);
        FloatVector y = log(SimdSeries.mantissa(u).sub(1), k);
        return x.blend(y, x.compare(LT, Series.INFINITE32))
                .blend((float) Double.NaN, x.compare(LT, 0))
                .blend(-Series.INFINITE32, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1);
        FloatVector lost = x.broadcast(1).sub(u.sub(x));
        lost = lost.blend(x.sub(u.sub(1)), x.abs().compare(LT, 1));
        FloatVector k = SimdSeries.exponent(u);
        FloatVector scaled = lost.mul(SimdSeries.power(k.neg().add(Series.MAGIC32)));
        scaled = x.broadcast(0).blend(scaled, x.compare(LT, Series.LIFT32));
        FloatVector y = log(SimdSeries.mantissa(u).sub(1).add(scaled), k);
        y = x.blend(y, x.compare(LT, Series.INFINITE32));
        return y.blend((float) Double.NaN, u.compare(LT, 0))
                .blend(-Series.INFINITE32, u.compare(VectorOperators.EQ, 0))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector log(FloatVector f, FloatVector k) {
        FloatVector s = f.div(f.add(2));
        FloatVector half = f.mul(f).mul((float) 0.5);
        FloatVector tail = SimdSeries.logTail(s.mul(s));
        FloatVector small = half.add(tail).fma(s, k.mul(Series.LN2LO32));
        return k.fma(k.broadcast(Series.LN2HI32), f.sub(half.sub(small)));
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return e.blend(1, x.compare(VectorOperators.GE, 0)).div(e.add(1));
    }

    private static FloatVector tanh(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector e = expm1(size.mul(2).blend(44, size.compare(GT, 22)));
        FloatVector y = e.div(e.add(2));
        return y.blend(y.neg(), x.test(VectorOperators.IS_NEGATIVE));
    }

    private static FloatVector lost(FloatVector a, FloatVector b) {
        FloatVector d = a.sub(b);
        FloatVector v = a.sub(d);
        FloatVector lost = a.sub(d.add(v)).add(v.sub(b));
        return lost.blend(0, lost.compare(VectorOperators.NE, lost));
    }
}
