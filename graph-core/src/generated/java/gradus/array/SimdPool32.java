package gradus.array;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
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

    /** The elements at even positions, in both halves of a vector; then those at odd positions. */
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);

    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(S, i -> (2 * i + 1) % L);
    /** The upper half of a vector. */
    private static final VectorMask<Float> UPPER = S.indexInRange(0, L / 2).not();
    /** Positions in rows that are further apart are not exact in floats. */
    private static final int MAX_DISTANCE = 1 << 22;

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
                VectorMask<Float> wins = wins(v, p, best, at);
                best = best.blend(v, wins);
                at = at.blend(p, wins);
            }
            best.intoArray(largest, c);
            at.intoArray(largestPositions, c);
        }
    }

    /** Returns where v at p is chosen, and not best. */
    private static VectorMask<Float> wins(FloatVector v, FloatVector p, FloatVector best, FloatVector at) {
        VectorMask<Float> first = v.compare(EQ, best).and(p.compare(LT, at));
        VectorMask<Float> last = v.compare(NE, v).and(best.compare(EQ, best).or(p.compare(GT, at)));
        return v.compare(GT, best).or(first).or(last);
    }

    @Override
    public int ofSquares(int n, float[] x, int upper, int lower, float[] y, int yo, int end, float[] positions) {
        int distance = lower - upper;
        int i = 0;
        for (; i < n && yo + i + L <= end && lower + 2 * (i + L) <= x.length && distance < MAX_DISTANCE; i += L) {
            FloatVector a0 = FloatVector.fromArray(S, x, upper + 2 * i);
            FloatVector a1 = FloatVector.fromArray(S, x, upper + 2 * i + L);
            FloatVector b0 = FloatVector.fromArray(S, x, lower + 2 * i);
            FloatVector b1 = FloatVector.fromArray(S, x, lower + 2 * i + L);
            VectorMask<Float> wins0 = b0.compare(GT, a0).or(b0.compare(NE, b0));
            VectorMask<Float> wins1 = b1.compare(GT, a1).or(b1.compare(NE, b1));
            FloatVector p0 = INDEX.add(2 * i);
            FloatVector p1 = INDEX.add(2 * i + L);
            FloatVector at0 = p0.blend(p0.add(distance), wins0);
            FloatVector at1 = p1.blend(p1.add(distance), wins1);
            FloatVector v0 = a0.blend(b0, wins0);
            FloatVector v1 = a1.blend(b1, wins1);
            FloatVector left = v0.rearrange(EVEN).blend(v1.rearrange(EVEN), UPPER);
            FloatVector right = v0.rearrange(ODD).blend(v1.rearrange(ODD), UPPER);
            FloatVector leftAt = at0.rearrange(EVEN).blend(at1.rearrange(EVEN), UPPER);
            FloatVector rightAt = at0.rearrange(ODD).blend(at1.rearrange(ODD), UPPER);
            VectorMask<Float> wins = wins(right, rightAt, left, leftAt);
            left.blend(right, wins).intoArray(y, yo + i);
            leftAt.blend(rightAt, wins).intoArray(positions, i);
        }
        return Math.min(i, n);
    }
}
