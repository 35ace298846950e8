package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of doubles, read from arrays of either number type: what accumulates is wide.
 *
 * <p>As many floats take a vector of half the size. On JDK 17 the first use of a second size of float vectors makes every
 * loop over float vectors in the process slow, products a factor of thirty: the compiler counts on there being
 * one class of them. So there {@link #reads(float[])} is false, and the plain loops take over.
 */
final class SimdWide {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final boolean FLOATS = Runtime.version().feature() > 17;

    private SimdWide() {}

    /** Made only where it is used. */
    private static final class Half {
        static final VectorSpecies<Float> S =
                VectorSpecies.of(float.class, VectorShape.forBitSize(SimdWide.S.vectorBitSize() / 2));
    }

    /** Returns whether arrays of this type may be read. */
    static boolean reads(double[] x) {
        return x != null;
    }

    /** Returns whether arrays of this type may be read. */
    static boolean reads(float[] x) {
        return FLOATS && x != null;
    }

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
        return (DoubleVector) FloatVector.fromArray(Half.S, x, i).convertShape(VectorOperators.F2D, S, 0);
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
