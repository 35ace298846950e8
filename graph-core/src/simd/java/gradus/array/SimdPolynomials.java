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
}
