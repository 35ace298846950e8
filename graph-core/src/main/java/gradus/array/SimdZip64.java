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

    // methods of their own, as each unfolds the function anew: see SimdFunctions64 on how much of that there may be

    private static void both(int n, double[] a, int ao, double[] b, int bo, double[] y, int yo) {
        for (int i = 0; i < n; i += S.length()) {
            V.of(DoubleVector.fromArray(S, a, ao + i), DoubleVector.fromArray(S, b, bo + i))
                    .intoArray(y, yo + i);
        }
    }

    private static void left(int n, double[] a, int ao, double[] b, int bo, double[] y, int yo) {
        for (int i = 0; i < n; i += S.length()) {
            V.of(DoubleVector.fromArray(S, a, ao + i), DoubleVector.broadcast(S, b[bo]))
                    .intoArray(y, yo + i);
        }
    }

    private static void right(int n, double[] a, int ao, double[] b, int bo, double[] y, int yo) {
        for (int i = 0; i < n; i += S.length()) {
            V.of(DoubleVector.broadcast(S, a[ao]), DoubleVector.fromArray(S, b, bo + i))
                    .intoArray(y, yo + i);
        }
    }
}
