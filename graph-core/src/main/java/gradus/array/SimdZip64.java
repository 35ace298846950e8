package gradus.array;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The loop over two operands on the Vector API; see {@link Copies}. */
final class SimdZip64 implements Loops64.Zip {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final SimdFunctions64.Zipped F =
            Copies.function(MethodHandles.lookup(), SimdFunctions64.Zipped.class);
    private static final SimdFunctions64.Binary V = F == null ? null : F.simd();
    private static final Loops64.Zip REST = F == null ? null : F.rest();

    @Override
    public void run(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        int i = 0;
        // one loop for all steps: each would unfold the function anew
        for (int bound = S.loopBound(n); i < bound; i += S.length()) {
            DoubleVector p = sa == 1 ? DoubleVector.fromArray(S, a, ao + i) : DoubleVector.broadcast(S, a[ao]);
            DoubleVector q = sb == 1 ? DoubleVector.fromArray(S, b, bo + i) : DoubleVector.broadcast(S, b[bo]);
            V.of(p, q).intoArray(y, yo + i);
        }
        REST.run(n - i, a, ao + i * sa, sa, b, bo + i * sb, sb, y, yo + i);
    }
}
