package gradus.array;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The loops of max pooling on the Vector API. */
final class SimdPool64 implements PoolLoops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final DoubleVector INDEX = DoubleVector.zero(S).addIndex(1);
    /** An element on the padding, and its position. */
    private static final DoubleVector NONE = DoubleVector.broadcast(S, (double) Double.NEGATIVE_INFINITY);

    private static final DoubleVector NOWHERE = DoubleVector.broadcast(S, (double) Double.POSITIVE_INFINITY);

    /** The elements at even positions, in both halves of a vector; then those at odd positions. */
    private static final VectorShuffle<Double> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);

    private static final VectorShuffle<Double> ODD = VectorShuffle.fromOp(S, i -> (2 * i + 1) % L);
    /** The upper half of a vector. */
    private static final VectorMask<Double> UPPER = S.indexInRange(0, L / 2).not();
    /** Positions in rows that are further apart are not exact in floats. */
    private static final int MAX_DISTANCE = 1 << 22;

    private final PlainPool64 plain = new PlainPool64();

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void ofRows(
            int n, int rows, int[] starts, int base, double[] x, double[] values, double[] positions, int to) {
        int whole = n / L * L;
        for (int c = 0; c < whole; c += L) {
            DoubleVector largest = DoubleVector.fromArray(S, x, starts[0] + c);
            DoubleVector at = INDEX.add(starts[0] - base + c);
            for (int r = 1; r < rows; r++) {
                DoubleVector v = DoubleVector.fromArray(S, x, starts[r] + c);
                VectorMask<Double> wins = v.compare(GT, largest).or(v.compare(NE, v));
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
            int n, int c, int rows, int[] starts, int base, double[] x, double[] values, double[] positions, int to) {
        VectorMask<Double> beyond = INDEX.compare(LT, n - c).not();
        DoubleVector largest = NONE;
        DoubleVector at = NOWHERE;
        if (starts[rows - 1] + c + L > x.length) {
            largest.intoArray(values, to + c);
            at.intoArray(positions, to + c);
            plain.ofRows(n, rows, starts, base, x, values, positions, to);
            return;
        }
        for (int r = 0; r < rows; r++) {
            DoubleVector v = DoubleVector.fromArray(S, x, starts[r] + c);
            DoubleVector p = INDEX.add(starts[r] - base + c);
            VectorMask<Double> wins = v.compare(GT, largest).or(v.compare(NE, v));
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
            double[] values,
            double[] positions,
            double[] largest,
            double[] largestPositions) {
        for (int c = 0; c < n; c += L) {
            DoubleVector best = DoubleVector.fromArray(S, values, c);
            DoubleVector at = DoubleVector.fromArray(S, positions, c);
            for (int t = 1; t < count; t++) {
                DoubleVector v = DoubleVector.fromArray(S, values, c + t * step);
                DoubleVector p = DoubleVector.fromArray(S, positions, c + t * step);
                VectorMask<Double> wins = wins(v, p, best, at);
                best = best.blend(v, wins);
                at = at.blend(p, wins);
            }
            best.intoArray(largest, c);
            at.intoArray(largestPositions, c);
        }
    }

    /** Returns where v at p is chosen, and not best. */
    private static VectorMask<Double> wins(DoubleVector v, DoubleVector p, DoubleVector best, DoubleVector at) {
        VectorMask<Double> first = v.compare(EQ, best).and(p.compare(LT, at));
        VectorMask<Double> last = v.compare(NE, v).and(best.compare(EQ, best).or(p.compare(GT, at)));
        return v.compare(GT, best).or(first).or(last);
    }

    @Override
    public int ofSquares(int n, double[] x, int upper, int lower, double[] y, int yo, int end, double[] positions) {
        int distance = lower - upper;
        int i = 0;
        for (; i < n && yo + i + L <= end && lower + 2 * (i + L) <= x.length && distance < MAX_DISTANCE; i += L) {
            DoubleVector a0 = DoubleVector.fromArray(S, x, upper + 2 * i);
            DoubleVector a1 = DoubleVector.fromArray(S, x, upper + 2 * i + L);
            DoubleVector b0 = DoubleVector.fromArray(S, x, lower + 2 * i);
            DoubleVector b1 = DoubleVector.fromArray(S, x, lower + 2 * i + L);
            VectorMask<Double> wins0 = b0.compare(GT, a0).or(b0.compare(NE, b0));
            VectorMask<Double> wins1 = b1.compare(GT, a1).or(b1.compare(NE, b1));
            DoubleVector p0 = INDEX.add(2 * i);
            DoubleVector p1 = INDEX.add(2 * i + L);
            DoubleVector at0 = p0.blend(p0.add(distance), wins0);
            DoubleVector at1 = p1.blend(p1.add(distance), wins1);
            DoubleVector v0 = a0.blend(b0, wins0);
            DoubleVector v1 = a1.blend(b1, wins1);
            DoubleVector left = v0.rearrange(EVEN).blend(v1.rearrange(EVEN), UPPER);
            DoubleVector right = v0.rearrange(ODD).blend(v1.rearrange(ODD), UPPER);
            DoubleVector leftAt = at0.rearrange(EVEN).blend(at1.rearrange(EVEN), UPPER);
            DoubleVector rightAt = at0.rearrange(ODD).blend(at1.rearrange(ODD), UPPER);
            VectorMask<Double> wins = wins(right, rightAt, left, leftAt);
            left.blend(right, wins).intoArray(y, yo + i);
            leftAt.blend(rightAt, wins).intoArray(positions, i);
        }
        return Math.min(i, n);
    }
}
