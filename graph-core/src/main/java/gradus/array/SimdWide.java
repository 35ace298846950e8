package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of doubles, read from and written to arrays of either number type: what accumulates is wide. */
final class SimdWide {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    /** As many floats. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

    private SimdWide() {}

    static int length() {
        return S.length();
    }

    static DoubleVector zero() {
        return DoubleVector.zero(S);
    }

    static DoubleVector load(double[] x, int i) {
        return DoubleVector.fromArray(S, x, i);
    }

    static DoubleVector load(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, i).convertShape(VectorOperators.F2D, S, 0);
    }

    static void store(DoubleVector v, double[] y, int i) {
        v.intoArray(y, i);
    }

    static void store(DoubleVector v, float[] y, int i) {
        ((FloatVector) v.convertShape(VectorOperators.D2F, HALF, 0)).intoArray(y, i);
    }

    /** Returns the sum of the elements, in a fixed order: that of {@code reduceLanes(ADD)} is not promised. */
    static double sum(DoubleVector v) {
        double s = 0;
        for (double x : v.toArray()) {
            s += x;
        }
        return s;
    }
}
