package gradus.array;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loop over one operand on the Vector API; see {@link ClassSpecializer}. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdMap32 implements Loops32.Map {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final SimdFunctions32.Mapped F =
            ClassSpecializer.function(MethodHandles.lookup(), SimdFunctions32.Mapped.class);
    private static final SimdFunctions32.Unary V = F == null ? null : F.simd();
    private static final Loops32.Map REST = F == null ? null : F.rest();

    @Override
    public void run(int n, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (int bound = S.loopBound(n); i < bound; i += S.length()) {
            V.of(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        }
        if (i < n) {
            REST.run(n - i, x, xo + i, y, yo + i);
        }
    }
}
