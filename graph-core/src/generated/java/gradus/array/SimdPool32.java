package gradus.array;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The loops of max pooling on the Vector API. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdPool32 implements PoolLoops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final FloatVector INDEX = FloatVector.zero(S).addIndex(1);
    /** An element on the padding, and its position. */
    private static final FloatVector NONE = FloatVector.broadcast(S, (float) Double.NEGATIVE_INFINITY);

    private static final FloatVector NOWHERE = FloatVector.broadcast(S, (float) Double.POSITIVE_INFINITY);

    private final PlainPool32 plain = new PlainPool32();

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void ofRows(
            int n, int rows, int[] starts, int base, float[] x, float[] values, float[] positions, int to) {
        int whole = n / L * L;
        for (int c = 0; c < whole; c += L) {
            FloatVector largest = FloatVector.fromArray(S, x, starts[0] + c);
            FloatVector at = INDEX.add(starts[0] - base + c);
            for (int r = 1; r < rows; r++) {
                FloatVector v = FloatVector.fromArray(S, x, starts[r] + c);
                VectorMask<Float> wins = v.compare(GT, largest).or(v.compare(NE, v));
                largest = largest.blend(v, wins);
                at = at.blend(INDEX.add(starts[r] - base + c), wins);
            }
            largest.intoArray(values, to + c);
            at.intoArray(positions, to + c);
        }
        if (whole < n) {
            ofLastColumns(n, whole, rows, starts, base, x, values, positions, to);
        }
    }

    /** Reads whole vectors, whose last elements are those of the next row, where there are as many elements. */
    private void ofLastColumns(
            int n, int c, int rows, int[] starts, int base, float[] x, float[] values, float[] positions, int to) {
        VectorMask<Float> beyond = INDEX.compare(LT, n - c).not();
        FloatVector largest = NONE;
        FloatVector at = NOWHERE;
        if (starts[rows - 1] + c + L > x.length) {
            largest.intoArray(values, to + c);
            at.intoArray(positions, to + c);
            plain.ofRows(n, rows, starts, base, x, values, positions, to);
            return;
        }
        for (int r = 0; r < rows; r++) {
            FloatVector v = FloatVector.fromArray(S, x, starts[r] + c);
            FloatVector p = INDEX.add(starts[r] - base + c);
            VectorMask<Float> wins = v.compare(GT, largest).or(v.compare(NE, v));
            largest = r == 0 ? v : largest.blend(v, wins);
            at = r == 0 ? p : at.blend(p, wins);
        }
        largest.blend(NONE, beyond).intoArray(values, to + c);
        at.blend(NOWHERE, beyond).intoArray(positions, to + c);
    }

    @Override
    public void ofColumns(
            int n,
            int count,
            int step,
            float[] values,
            float[] positions,
            float[] largest,
            float[] largestPositions) {
        for (int c = 0; c < n; c += L) {
            FloatVector best = FloatVector.fromArray(S, values, c);
            FloatVector at = FloatVector.fromArray(S, positions, c);
            for (int t = 1; t < count; t++) {
                FloatVector v = FloatVector.fromArray(S, values, c + t * step);
                FloatVector p = FloatVector.fromArray(S, positions, c + t * step);
                VectorMask<Float> first = v.compare(EQ, best).and(p.compare(LT, at));
                VectorMask<Float> last =
                        v.compare(NE, v).and(best.compare(EQ, best).or(p.compare(GT, at)));
                VectorMask<Float> wins = v.compare(GT, best).or(first).or(last);
                best = best.blend(v, wins);
                at = at.blend(p, wins);
            }
            best.intoArray(largest, c);
            at.intoArray(largestPositions, c);
        }
    }
}
