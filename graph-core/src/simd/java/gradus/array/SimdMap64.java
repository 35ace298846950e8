package gradus.array;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The loop over one operand on the Vector API; see {@link ClassSpecializer}. */
final class SimdMap64 implements Loops64.Map {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final SimdFunctions64.Mapped F =
            ClassSpecializer.function(MethodHandles.lookup(), SimdFunctions64.Mapped.class);
    private static final SimdFunctions64.Unary V = F == null ? null : F.simd();
    private static final Loops64.Map REST = F == null ? null : F.rest();

    @Override
    public void run(int n, double[] x, int xo, double[] y, int yo) {
        int i = 0;
        for (int bound = S.loopBound(n); i < bound; i += S.length()) {
            V.of(DoubleVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
        }
        if (i < n) {
            REST.run(n - i, x, xo + i, y, yo + i);
        }
    }
}
