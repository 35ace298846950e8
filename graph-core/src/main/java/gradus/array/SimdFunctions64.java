package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions that loops run, of vectors: {@link PlainFunctions64}, operation by operation.
 *
 * <p>The compiler unfolds the Vector API's own methods without limit, but ours only up to 8,000 bytes of code, all in all;
 * a method of ours that is called and not unfolded costs a factor of ten and more. So the long series comes last, and what
 * is called before it is short.
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

    private static final VectorOperators.Comparison LT = VectorOperators.LT;
    private static final VectorOperators.Comparison GT = VectorOperators.GT;

    private SimdFunctions64() {}

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
            case EXP -> SimdFunctions64::exp;
            case EXPM1 -> SimdFunctions64::expm1;
            case LOG -> SimdFunctions64::log;
            case LOG1P -> SimdFunctions64::log1p;
            case SIGMOID -> SimdFunctions64::sigmoid;
            case TANH -> SimdFunctions64::tanh;
            case SOFTPLUS -> throw new IllegalArgumentException("it has loops of its own");
            case NOT -> x -> ones(x.compare(VectorOperators.EQ, 0));
            case IS_NAN -> x -> ones(x.compare(VectorOperators.NE, x));
            case IS_INFINITE -> x -> ones(x.abs().compare(VectorOperators.EQ, Series.INFINITE64));
            case IS_FINITE -> x -> ones(x.abs().compare(LT, Series.INFINITE64));
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
                        .blend((double) 0.5, a.compare(VectorOperators.EQ, b))
                        .blend(0, a.compare(LT, b));
            case TANH_SLOPE -> (a, b) -> a.mul(b.broadcast(1).sub(b.mul(b)));
            case SIGMOID_SLOPE -> (a, b) -> a.mul(b).mul(b.broadcast(1).sub(b));
            case LOST -> SimdFunctions64::lost;
        };
    }

    private static DoubleVector ones(VectorMask<Double> m) {
        return DoubleVector.zero(m.vectorSpecies()).blend(1, m);
    }

    private static DoubleVector exp(DoubleVector x) {
        DoubleVector c = x.blend(Series.OVER64, x.compare(GT, Series.OVER64))
                .blend(Series.UNDER64, x.compare(LT, Series.UNDER64));
        DoubleVector n = c.fma(Series.LOG2E64, Series.MAGIC64).sub(Series.MAGIC64);
        DoubleVector h = n.fma((double) 0.5, Series.MAGIC64);
        DoubleVector a = SimdSeries.power(h);
        DoubleVector b = SimdSeries.power(n.sub(h.sub(Series.MAGIC64)).add(Series.MAGIC64));
        DoubleVector r = n.fma(n.broadcast(-Series.LN2HI64), c);
        r = n.fma(n.broadcast(-Series.LN2LO64), r);
        return r.mul(r).fma(SimdSeries.expTail(r), r).add(1).mul(a).mul(b);
    }

    private static DoubleVector expm1(DoubleVector x) {
        DoubleVector c = x.blend(Series.OVER64, x.compare(GT, Series.OVER64))
                .blend(Series.UNDER64, x.compare(LT, Series.UNDER64));
        DoubleVector n = c.fma(Series.LOG2E64, Series.MAGIC64).sub(Series.MAGIC64);
        DoubleVector h = n.fma((double) 0.5, Series.MAGIC64);
        DoubleVector rest = n.sub(h.sub(Series.MAGIC64));
        DoubleVector a = SimdSeries.power(h);
        DoubleVector b = SimdSeries.power(rest.add(Series.MAGIC64));
        DoubleVector less = a.sub(SimdSeries.power(rest.neg().add(Series.MAGIC64)));
        DoubleVector r = n.fma(n.broadcast(-Series.LN2HI64), c);
        r = n.fma(n.broadcast(-Series.LN2LO64), r);
        DoubleVector p = r.mul(r).fma(SimdSeries.expTail(r), r);
        return a.fma(p, less).mul(b).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static DoubleVector log(DoubleVector x) {
        VectorMask<Double> tiny = x.compare(LT, Series.NORMAL64);
        DoubleVector u = x.blend(x.mul(Series.LIFT64), tiny);
        DoubleVector k = SimdSeries.exponent(u);
        k = k.blend(k.sub(Series.LIFTED64), tiny);
        DoubleVector y = log(SimdSeries.mantissa(u).sub(1), k);
        return x.blend(y, x.compare(LT, Series.INFINITE64))
                .blend((double) Double.NaN, x.compare(LT, 0))
                .blend(-Series.INFINITE64, x.compare(VectorOperators.EQ, 0));
    }

    private static DoubleVector log1p(DoubleVector x) {
        DoubleVector u = x.add(1);
        DoubleVector lost = x.broadcast(1).sub(u.sub(x));
        lost = lost.blend(x.sub(u.sub(1)), x.abs().compare(LT, 1));
        DoubleVector k = SimdSeries.exponent(u);
        DoubleVector scaled = lost.mul(SimdSeries.power(k.neg().add(Series.MAGIC64)));
        scaled = x.broadcast(0).blend(scaled, x.compare(LT, Series.LIFT64));
        DoubleVector y = log(SimdSeries.mantissa(u).sub(1).add(scaled), k);
        y = x.blend(y, x.compare(LT, Series.INFINITE64));
        return y.blend((double) Double.NaN, u.compare(LT, 0))
                .blend(-Series.INFINITE64, u.compare(VectorOperators.EQ, 0))
                .blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static DoubleVector log(DoubleVector f, DoubleVector k) {
        DoubleVector s = f.div(f.add(2));
        DoubleVector half = f.mul(f).mul((double) 0.5);
        DoubleVector tail = SimdSeries.logTail(s.mul(s));
        DoubleVector small = half.add(tail).fma(s, k.mul(Series.LN2LO64));
        return k.fma(k.broadcast(Series.LN2HI64), f.sub(half.sub(small)));
    }

    private static DoubleVector sigmoid(DoubleVector x) {
        DoubleVector e = exp(x.abs().neg());
        return e.blend(1, x.compare(VectorOperators.GE, 0)).div(e.add(1));
    }

    private static DoubleVector tanh(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector e = expm1(size.mul(2).blend(44, size.compare(GT, 22)));
        DoubleVector y = e.div(e.add(2));
        return y.blend(y.neg(), x.test(VectorOperators.IS_NEGATIVE));
    }

    private static DoubleVector lost(DoubleVector a, DoubleVector b) {
        DoubleVector d = a.sub(b);
        DoubleVector v = a.sub(d);
        DoubleVector lost = a.sub(d.add(v)).add(v.sub(b));
        return lost.blend(0, lost.compare(VectorOperators.NE, lost));
    }
}
