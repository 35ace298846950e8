package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Polynomials} of vectors, the same operations in the same order, so that the results are the same bytes. */
final class SimdPolynomials {
    private static final LongVector MANTISSA_OFFSET64 = all(Polynomials.ONE_BITS64 - Polynomials.SQRT_HALF_BITS64);
    private static final LongVector MANTISSA_MASK64 = all(Polynomials.MANTISSA_MASK64);
    private static final LongVector SQRT_HALF_BITS64 = all(Polynomials.SQRT_HALF_BITS64);
    private static final LongVector EXPONENT_BITS64 = all(Polynomials.EXPONENT_BITS64);
    private static final DoubleVector EXPONENT_BIAS64 =
            DoubleVector.broadcast(DoubleVector.SPECIES_PREFERRED, Polynomials.EXPONENT_BIAS64);
    private static final IntVector MANTISSA_OFFSET32 = all(Polynomials.ONE_BITS32 - Polynomials.SQRT_HALF_BITS32);
    private static final IntVector MANTISSA_MASK32 = all(Polynomials.MANTISSA_MASK32);
    private static final IntVector SQRT_HALF_BITS32 = all(Polynomials.SQRT_HALF_BITS32);
    private static final IntVector EXPONENT_BITS32 = all(Polynomials.EXPONENT_BITS32);
    private static final FloatVector EXPONENT_BIAS32 =
            FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, Polynomials.EXPONENT_BIAS32);

    private SimdPolynomials() {}

    private static LongVector all(long x) {
        return LongVector.broadcast(LongVector.SPECIES_PREFERRED, x);
    }

    private static IntVector all(int x) {
        return IntVector.broadcast(IntVector.SPECIES_PREFERRED, x);
    }

    static DoubleVector power(DoubleVector t) {
        return t.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    static FloatVector power(FloatVector t) {
        return t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** Returns what {@link #mantissa} and {@link #exponent} take. */
    static LongVector bits(DoubleVector x) {
        return x.reinterpretAsLongs().add(MANTISSA_OFFSET64);
    }

    static IntVector bits(FloatVector x) {
        return x.reinterpretAsInts().add(MANTISSA_OFFSET32);
    }

    static DoubleVector mantissa(LongVector bits) {
        return bits.and(MANTISSA_MASK64).add(SQRT_HALF_BITS64).reinterpretAsDoubles();
    }

    static FloatVector mantissa(IntVector bits) {
        return bits.and(MANTISSA_MASK32).add(SQRT_HALF_BITS32).reinterpretAsFloats();
    }

    static DoubleVector exponent(LongVector bits) {
        return bits.lanewise(VectorOperators.LSHR, 52)
                .or(EXPONENT_BITS64)
                .reinterpretAsDoubles()
                .sub(EXPONENT_BIAS64);
    }

    static FloatVector exponent(IntVector bits) {
        return bits.lanewise(VectorOperators.LSHR, 23)
                .or(EXPONENT_BITS32)
                .reinterpretAsFloats()
                .sub(EXPONENT_BIAS32);
    }

    static DoubleVector expTail(DoubleVector r) {
        DoubleVector q = r.fma(1.0 / 6227020800L, 1.0 / 479001600);
        q = r.fma(q, r.broadcast(1.0 / 39916800));
        q = r.fma(q, r.broadcast(1.0 / 3628800));
        q = r.fma(q, r.broadcast(1.0 / 362880));
        q = r.fma(q, r.broadcast(1.0 / 40320));
        q = r.fma(q, r.broadcast(1.0 / 5040));
        q = r.fma(q, r.broadcast(1.0 / 720));
        q = r.fma(q, r.broadcast(1.0 / 120));
        q = r.fma(q, r.broadcast(1.0 / 24));
        q = r.fma(q, r.broadcast(1.0 / 6));
        return r.fma(q, r.broadcast(0.5));
    }

    static FloatVector expTail(FloatVector r) {
        FloatVector q = r.fma(1f / 5040, 1f / 720);
        q = r.fma(q, r.broadcast(1f / 120));
        q = r.fma(q, r.broadcast(1f / 24));
        q = r.fma(q, r.broadcast(1f / 6));
        return r.fma(q, r.broadcast(0.5f));
    }

    static DoubleVector logTail(DoubleVector z) {
        DoubleVector q = z.fma(2.0 / 21, 2.0 / 19);
        q = z.fma(q, z.broadcast(2.0 / 17));
        q = z.fma(q, z.broadcast(2.0 / 15));
        q = z.fma(q, z.broadcast(2.0 / 13));
        q = z.fma(q, z.broadcast(2.0 / 11));
        q = z.fma(q, z.broadcast(2.0 / 9));
        q = z.fma(q, z.broadcast(2.0 / 7));
        q = z.fma(q, z.broadcast(2.0 / 5));
        return z.mul(z.fma(q, z.broadcast(2.0 / 3)));
    }

    static FloatVector logTail(FloatVector z) {
        FloatVector q = z.fma(2f / 9, 2f / 7);
        q = z.fma(q, z.broadcast(2f / 5));
        return z.mul(z.fma(q, z.broadcast(2f / 3)));
    }

    static DoubleVector normalTail(DoubleVector a) {
        DoubleVector p = a.fma(2.2425454817686008e-7, 6.977852129718187e-6);
        p = a.fma(p, a.broadcast(0.0001065971669036881));
        p = a.fma(p, a.broadcast(0.0010399165517679487));
        p = a.fma(p, a.broadcast(0.007124015573046171));
        p = a.fma(p, a.broadcast(0.0356723972827011));
        p = a.fma(p, a.broadcast(0.13205937073599544));
        p = a.fma(p, a.broadcast(0.3573710632844121));
        p = a.fma(p, a.broadcast(0.6796419795261935));
        p = a.fma(p, a.broadcast(0.8279452149461204));
        p = a.fma(p, a.broadcast(0.5));
        DoubleVector q = a.fma(5.621227911745889e-7, 1.749088144457559e-5);
        q = a.fma(q, a.broadcast(0.0002677615953443544));
        q = a.fma(q, a.broadcast(0.002624175113567095));
        q = a.fma(q, a.broadcast(0.01812333408225262));
        q = a.fma(q, a.broadcast(0.09198914241399517));
        q = a.fma(q, a.broadcast(0.3483522265370694));
        q = a.fma(q, a.broadcast(0.9801755324399647));
        q = a.fma(q, a.broadcast(2.0015472317800453));
        q = a.fma(q, a.broadcast(2.817113139812199));
        q = a.fma(q, a.broadcast(2.4537749906951065));
        q = a.fma(q, a.broadcast(1.0));
        return p.div(q);
    }

    static FloatVector normalTail(FloatVector a) {
        FloatVector p = a.fma(0.0009838539f, 0.012519027f);
        p = a.fma(p, a.broadcast(0.07510752f));
        p = a.fma(p, a.broadcast(0.25937727f));
        p = a.fma(p, a.broadcast(0.5172191f));
        p = a.fma(p, a.broadcast(0.5f));
        FloatVector q = a.fma(0.0024661575f, 0.031380434f);
        q = a.fma(q, a.broadcast(0.19073653f));
        q = a.fma(q, a.broadcast(0.68147075f));
        q = a.fma(q, a.broadcast(1.480737f));
        q = a.fma(q, a.broadcast(1.8323228f));
        q = a.fma(q, a.broadcast(1f));
        return p.div(q);
    }

    static DoubleVector erfSeries(DoubleVector w) {
        DoubleVector q = w.fma(-1.462091340945175e-7, 1.637123442577e-6);
        q = w.fma(q, w.broadcast(-1.4923003368152099e-5));
        q = w.fma(q, w.broadcast(0.00012055286202005714));
        q = w.fma(q, w.broadcast(-0.0008548326510724796));
        q = w.fma(q, w.broadcast(0.0052239776220169365));
        q = w.fma(q, w.broadcast(-0.02686617064499972));
        q = w.fma(q, w.broadcast(0.1128379167095487));
        q = w.fma(q, w.broadcast(-0.3761263890318375));
        return w.fma(q, w.broadcast(1.1283791670955126));
    }

    static FloatVector erfSeries(FloatVector w) {
        FloatVector q = w.fma(-0.0007694534f, 0.0052004135f);
        q = w.fma(q, w.broadcast(-0.026863143f));
        q = w.fma(q, w.broadcast(0.11283774f));
        q = w.fma(q, w.broadcast(-0.37612638f));
        return w.fma(q, w.broadcast(1.1283792f));
    }
}
