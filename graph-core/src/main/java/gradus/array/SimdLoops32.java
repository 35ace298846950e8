package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The hot loops on the Vector API. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdLoops32 implements Loops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private final PlainLoops32 plain = new PlainLoops32();

    @Override
    public void add(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        int i = 0;
        if (sa == 1 && sb == 1) {
            for (int bound = S.loopBound(n); i < bound; i += S.length()) {
                FloatVector p = FloatVector.fromArray(S, a, ao + i);
                p.lanewise(VectorOperators.ADD, FloatVector.fromArray(S, b, bo + i))
                        .intoArray(y, yo + i);
            }
        }
        plain.add(n - i, a, ao + i * sa, sa, b, bo + i * sb, sb, y, yo + i);
    }

    @Override
    public void sub(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        plain.sub(n, a, ao, sa, b, bo, sb, y, yo);
    }

    @Override
    public void mul(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        plain.mul(n, a, ao, sa, b, bo, sb, y, yo);
    }

    @Override
    public void div(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        plain.div(n, a, ao, sa, b, bo, sb, y, yo);
    }

    @Override
    public /*wide*/ double sum(int n, float[] x, int xo) {
        return plain.sum(n, x, xo);
    }
}
