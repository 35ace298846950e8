package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over arrays of either number type in vectors of doubles: what accumulates is wide.
 *
 * <p>As many floats take a vector of half the size; where sizes may not be mixed, {@link Loops#MIXED}, the plain loops
 * take over.
 */
final class SimdSum {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final VectorOperators.Conversion<Float, Double> F2D = VectorOperators.F2D;

    private SimdSum() {}

    /** Made only where it is used. */
    private static final class Half {
        static final VectorSpecies<Float> S =
                VectorSpecies.of(float.class, VectorShape.forBitSize(SimdSum.S.vectorBitSize() / 2));
    }

    /** Returns how many elements a sum takes at a time. */
    static int step() {
        return 4 * S.length();
    }

    /** Returns whether arrays of this type may be read. */
    static boolean reads(double[] x) {
        return x != null;
    }

    /** Returns whether arrays of this type may be read. */
    static boolean reads(float[] x) {
        return Loops.MIXED && S.vectorBitSize() > 64 && x != null;
    }

    // two loops in full: a method of ours that returns a vector is not certain to be inlined, see InliningBarrier64

    /** Returns the sum of n elements from an offset on, where n is a multiple of {@link #step()}. */
    static double sum(int n, double[] x, int xo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int i = xo; i < xo + n; i += 4 * S.length()) {
            s0 = s0.add(DoubleVector.fromArray(S, x, i));
            s1 = s1.add(DoubleVector.fromArray(S, x, i + S.length()));
            s2 = s2.add(DoubleVector.fromArray(S, x, i + 2 * S.length()));
            s3 = s3.add(DoubleVector.fromArray(S, x, i + 3 * S.length()));
        }
        return sum(s0.add(s1).add(s2.add(s3)).toArray());
    }

    /** Returns the sum of n elements from an offset on, where n is a multiple of {@link #step()}. */
    static double sum(int n, float[] x, int xo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int i = xo; i < xo + n; i += 4 * S.length()) {
            s0 = s0.add(FloatVector.fromArray(Half.S, x, i).convertShape(F2D, S, 0));
            s1 = s1.add(FloatVector.fromArray(Half.S, x, i + S.length()).convertShape(F2D, S, 0));
            s2 = s2.add(FloatVector.fromArray(Half.S, x, i + 2 * S.length()).convertShape(F2D, S, 0));
            s3 = s3.add(FloatVector.fromArray(Half.S, x, i + 3 * S.length()).convertShape(F2D, S, 0));
        }
        return sum(s0.add(s1).add(s2.add(s3)).toArray());
    }

    /** Returns the sum of the lanes, in a fixed order: that of {@code reduceLanes(ADD)} is not promised. */
    private static double sum(double[] lanes) {
        double s = 0;
        for (double x : lanes) {
            s += x;
        }
        return s;
    }
}
