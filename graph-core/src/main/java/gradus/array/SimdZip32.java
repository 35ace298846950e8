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
        int bound = S.loopBound(n);
        if (sa == 1 && sb == 1) {
            both(bound, a, ao, b, bo, y, yo);
        } else if (sa == 1) {
            left(bound, a, ao, b, bo, y, yo);
        } else if (sb == 1) {
            right(bound, a, ao, b, bo, y, yo);
        } else {
            bound = 0;
        }
        if (bound < n) {
            REST.run(n - bound, a, ao + bound * sa, sa, b, bo + bound * sb, sb, y, yo + bound);
        }
    }

    // methods of their own, as each unfolds the function anew: see SimdFunctions32 on how much of that there may be

    private static void both(int n, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        for (int i = 0; i < n; i += S.length()) {
            V.of(FloatVector.fromArray(S, a, ao + i), FloatVector.fromArray(S, b, bo + i))
                    .intoArray(y, yo + i);
        }
    }

    private static void left(int n, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        for (int i = 0; i < n; i += S.length()) {
            V.of(FloatVector.fromArray(S, a, ao + i), FloatVector.broadcast(S, b[bo]))
                    .intoArray(y, yo + i);
        }
    }

    private static void right(int n, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        for (int i = 0; i < n; i += S.length()) {
            V.of(FloatVector.broadcast(S, a[ao]), FloatVector.fromArray(S, b, bo + i))
                    .intoArray(y, yo + i);
        }
    }
}
