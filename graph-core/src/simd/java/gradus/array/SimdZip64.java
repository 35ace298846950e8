package gradus.array;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The loop over two operands on the Vector API; see {@link ClassSpecializer}. */
final class SimdZip64 implements Loops64.Zip {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final SimdFunctions64.Zipped F =
            ClassSpecializer.function(MethodHandles.lookup(), SimdFunctions64.Zipped.class);
    private static final SimdFunctions64.Binary V = F == null ? null : F.simd();
    private static final Loops64.Zip REST = F == null ? null : F.rest();

    @Override
    public void run(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        int bound = sa + sb == 0 ? 0 : S.loopBound(n);
        if (bound > 0) {
            loop(bound, sa == 1 ? a : all(a[ao]), sa * ao, sa, sb == 1 ? b : all(b[bo]), sb * bo, sb, y, yo);
        }
        if (bound < n) {
            REST.run(n - bound, a, ao + bound * sa, sa, b, bo + bound * sb, sb, y, yo + bound);
        }
    }

    /** One loop for all steps, as each would inline the function again: a repeated operand is a vector in an array. */
    private static void loop(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        int p = ao;
        int q = bo;
        for (int i = 0; i < n; i += S.length()) {
            V.of(DoubleVector.fromArray(S, a, p), DoubleVector.fromArray(S, b, q))
                    .intoArray(y, yo + i);
            p += sa * S.length();
            q += sb * S.length();
        }
    }

    private static double[] all(double x) {
        double[] xs = new double[S.length()];
        Arrays.fill(xs, x);
        return xs;
    }
}
