package gradus.array;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loop over two operands on the Vector API; see {@link Copies}. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdZip32 implements Loops32.Zip {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final SimdFunctions32.Zipped F =
            Copies.function(MethodHandles.lookup(), SimdFunctions32.Zipped.class);
    private static final SimdFunctions32.Binary V = F == null ? null : F.simd();
    private static final Loops32.Zip REST = F == null ? null : F.rest();

    @Override
    public void run(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        int i = 0;
        // one loop for all steps: each would unfold the function anew
        for (int bound = S.loopBound(n); i < bound; i += S.length()) {
            FloatVector p = sa == 1 ? FloatVector.fromArray(S, a, ao + i) : FloatVector.broadcast(S, a[ao]);
            FloatVector q = sb == 1 ? FloatVector.fromArray(S, b, bo + i) : FloatVector.broadcast(S, b[bo]);
            V.of(p, q).intoArray(y, yo + i);
        }
        REST.run(n - i, a, ao + i * sa, sa, b, bo + i * sb, sb, y, yo + i);
    }
}
