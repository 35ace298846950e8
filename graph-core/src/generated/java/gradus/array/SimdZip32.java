package gradus.array;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loop over two operands on the Vector API; see {@link ClassSpecializer}. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdZip32 implements Loops32.Zip {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final SimdFunctions32.Zipped F =
            ClassSpecializer.function(MethodHandles.lookup(), SimdFunctions32.Zipped.class);
    private static final SimdFunctions32.Binary V = F == null ? null : F.simd();
    private static final Loops32.Zip REST = F == null ? null : F.rest();

    @Override
    public void run(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        int bound = sa + sb == 0 ? 0 : S.loopBound(n);
        if (bound > 0) {
            loop(bound, sa == 1 ? a : all(a[ao]), sa * ao, sa, sb == 1 ? b : all(b[bo]), sb * bo, sb, y, yo);
        }
        if (bound < n) {
            REST.run(n - bound, a, ao + bound * sa, sa, b, bo + bound * sb, sb, y, yo + bound);
        }
    }

    /** One loop for all steps, as each would inline the function again: a repeated operand is a vector in an array. */
    private static void loop(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        int p = ao;
        int q = bo;
        for (int i = 0; i < n; i += S.length()) {
            V.of(FloatVector.fromArray(S, a, p), FloatVector.fromArray(S, b, q))
                    .intoArray(y, yo + i);
            p += sa * S.length();
            q += sb * S.length();
        }
    }

    private static float[] all(float x) {
        float[] xs = new float[S.length()];
        Arrays.fill(xs, x);
        return xs;
    }
}
