package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over arrays of either number type in vectors of doubles: what accumulates is wide.
 */
final class SimdWide {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final VectorOperators.Conversion<Float, Double> F2D = VectorOperators.F2D;
    private static final Class<? extends DoubleVector> EXACT = SimdExact64.PREFERRED;
    /** As many floats as doubles are in a vector. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

    private SimdWide() {}

    /** Returns how many elements a sum takes at a time. */
    static int step() {
        return 4 * S.length();
    }

    // two loops in full: a method of ours that returns a vector is not sure to be unfolded, see Apart64

    /** Returns the sum of n elements from an offset on, where n is a multiple of {@link #step()}. */
    static double sum(int n, double[] x, int xo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int i = xo; i < xo + n; i += 4 * S.length()) {
            s0 = DoubleVector.fromArray(S, x, i).add(s0);
            s1 = DoubleVector.fromArray(S, x, i + S.length()).add(s1);
            s2 = DoubleVector.fromArray(S, x, i + 2 * S.length()).add(s2);
            s3 = DoubleVector.fromArray(S, x, i + 3 * S.length()).add(s3);
        }
        return sum(EXACT.cast(s0).add(s1).add(EXACT.cast(s2).add(s3)).toArray());
    }

    /** Returns the sum of n elements from an offset on, where n is a multiple of {@link #step()}. */
    static double sum(int n, float[] x, int xo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (int i = xo; i < xo + n; i += 4 * S.length()) {
            s0 = EXACT.cast(s0).add(FloatVector.fromArray(HALF, x, i).convertShape(F2D, S, 0));
            s1 = EXACT.cast(s1)
                    .add(FloatVector.fromArray(HALF, x, i + S.length()).convertShape(F2D, S, 0));
            s2 = EXACT.cast(s2)
                    .add(FloatVector.fromArray(HALF, x, i + 2 * S.length()).convertShape(F2D, S, 0));
            s3 = EXACT.cast(s3)
                    .add(FloatVector.fromArray(HALF, x, i + 3 * S.length()).convertShape(F2D, S, 0));
        }
        return sum(EXACT.cast(s0).add(s1).add(EXACT.cast(s2).add(s3)).toArray());
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
