package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The hot loops on the Vector API. */
final class SimdLoops64 implements Loops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private final PlainLoops64 plain = new PlainLoops64();

    @Override
    public void add(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        int i = 0;
        if (sa == 1 && sb == 1) {
            for (int bound = S.loopBound(n); i < bound; i += S.length()) {
                DoubleVector p = DoubleVector.fromArray(S, a, ao + i);
                p.lanewise(VectorOperators.ADD, DoubleVector.fromArray(S, b, bo + i))
                        .intoArray(y, yo + i);
            }
        }
        plain.add(n - i, a, ao + i * sa, sa, b, bo + i * sb, sb, y, yo + i);
    }

    @Override
    public void sub(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        plain.sub(n, a, ao, sa, b, bo, sb, y, yo);
    }

    @Override
    public void mul(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        plain.mul(n, a, ao, sa, b, bo, sb, y, yo);
    }

    @Override
    public void div(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        plain.div(n, a, ao, sa, b, bo, sb, y, yo);
    }

    @Override
    public /*wide*/ double sum(int n, double[] x, int xo) {
        return plain.sum(n, x, xo);
    }
}
