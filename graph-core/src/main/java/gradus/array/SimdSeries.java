package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Series} of vectors, the same operations in the same order, so that the results are the same bytes. */
final class SimdSeries {
    private SimdSeries() {}

    static DoubleVector power(DoubleVector t) {
        LongVector b = t.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        return b.add(Series.ONE64).reinterpretAsDoubles();
    }

    static FloatVector power(FloatVector t) {
        IntVector b = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return b.add(Series.ONE32).reinterpretAsFloats();
    }

    static DoubleVector mantissa(DoubleVector x) {
        LongVector b = x.reinterpretAsLongs().add(Series.ONE64 - Series.ROOT64);
        return b.lanewise(VectorOperators.AND, Series.DIGITS64)
                .add(Series.ROOT64)
                .reinterpretAsDoubles();
    }

    static FloatVector mantissa(FloatVector x) {
        IntVector b = x.reinterpretAsInts().add(Series.ONE32 - Series.ROOT32);
        return b.lanewise(VectorOperators.AND, Series.DIGITS32)
                .add(Series.ROOT32)
                .reinterpretAsFloats();
    }

    static DoubleVector exponent(DoubleVector x) {
        LongVector b = x.reinterpretAsLongs().add(Series.ONE64 - Series.ROOT64);
        b = b.lanewise(VectorOperators.LSHR, 52).lanewise(VectorOperators.OR, Series.COUNT64);
        return b.reinterpretAsDoubles().sub(Series.BIAS64);
    }

    static FloatVector exponent(FloatVector x) {
        IntVector b = x.reinterpretAsInts().add(Series.ONE32 - Series.ROOT32);
        b = b.lanewise(VectorOperators.LSHR, 23).lanewise(VectorOperators.OR, Series.COUNT32);
        return b.reinterpretAsFloats().sub(Series.BIAS32);
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
