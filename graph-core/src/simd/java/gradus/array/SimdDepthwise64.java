package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The loops of depthwise convolutions on the Vector API. */
final class SimdDepthwise64 implements DepthwiseLoops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** The sums of products of one pass over a row. */
    private static final int SUMS = 9;

    /** The elements at even positions, in both halves of a vector; then those at odd positions. */
    private static final VectorShuffle<Double> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);

    private static final VectorShuffle<Double> ODD = VectorShuffle.fromOp(S, i -> (2 * i + 1) % L);
    /** Each element of the lower half of a vector twice; then of the upper half. */
    private static final VectorShuffle<Double> LOW = VectorShuffle.fromOp(S, i -> i / 2);

    private static final VectorShuffle<Double> HIGH = VectorShuffle.fromOp(S, i -> (L + i) / 2);
    /** The upper half of a vector; then its odd positions. */
    private static final VectorMask<Double> UPPER = S.indexInRange(0, L / 2).not();

    private static final VectorMask<Double> ODDS = VectorMask.fromLong(S, 0xAAAAAAAAAAAAAAAAL);

    private final PlainDepthwise64 plain = new PlainDepthwise64();

    @Override
    public void combine(int[] offsets, int n, double[] w, int wo, double[] x, double[] y, int yo) {
        int q = 0;
        for (; q + 4 * L <= n; q += 4 * L) {
            combineFour(offsets, w, wo, x, q, y, yo + q);
        }
        for (; q < n; q += L) {
            DoubleVector sum = DoubleVector.fromArray(S, y, yo + q);
            for (int t = 0; t < offsets.length; t++) {
                sum = DoubleVector.fromArray(S, x, offsets[t] + q).fma(DoubleVector.broadcast(S, w[wo + t]), sum);
            }
            sum.intoArray(y, yo + q);
        }
    }

    private static void combineFour(int[] offsets, double[] w, int wo, double[] x, int xo, double[] y, int yo) {
        DoubleVector s0 = DoubleVector.fromArray(S, y, yo);
        DoubleVector s1 = DoubleVector.fromArray(S, y, yo + L);
        DoubleVector s2 = DoubleVector.fromArray(S, y, yo + 2 * L);
        DoubleVector s3 = DoubleVector.fromArray(S, y, yo + 3 * L);
        for (int t = 0; t < offsets.length; t++) {
            int p = xo + offsets[t];
            DoubleVector c = DoubleVector.broadcast(S, w[wo + t]);
            s0 = c.fma(DoubleVector.fromArray(S, x, p), s0);
            s1 = c.fma(DoubleVector.fromArray(S, x, p + L), s1);
            s2 = c.fma(DoubleVector.fromArray(S, x, p + 2 * L), s2);
            s3 = c.fma(DoubleVector.fromArray(S, x, p + 3 * L), s3);
        }
        s0.intoArray(y, yo);
        s1.intoArray(y, yo + L);
        s2.intoArray(y, yo + 2 * L);
        s3.intoArray(y, yo + 3 * L);
    }

    @Override
    public void dots(int[] offsets, int from, int to, double[] g, double[] x, double[] s) {
        for (int t = 0; t < offsets.length; t += SUMS) {
            int count = Math.min(SUMS, offsets.length - t);
            if (count == SUMS) {
                nineDots(offsets, t, from, to, g, x, s);
            } else {
                for (int i = t; i < t + count; i++) {
                    oneDot(offsets[i], from, to, g, x, s, i * L);
                }
            }
        }
    }

    private static void oneDot(int offset, int from, int to, double[] g, double[] x, double[] s, int so) {
        DoubleVector sum = DoubleVector.fromArray(S, s, so);
        for (int q = from; q < to; q += L) {
            sum = DoubleVector.fromArray(S, g, q).fma(DoubleVector.fromArray(S, x, offset + q), sum);
        }
        sum.intoArray(s, so);
    }

    private static void nineDots(int[] offsets, int t, int from, int to, double[] g, double[] x, double[] s) {
        int o0 = offsets[t];
        int o1 = offsets[t + 1];
        int o2 = offsets[t + 2];
        int o3 = offsets[t + 3];
        int o4 = offsets[t + 4];
        int o5 = offsets[t + 5];
        int o6 = offsets[t + 6];
        int o7 = offsets[t + 7];
        int o8 = offsets[t + 8];
        DoubleVector s0 = DoubleVector.fromArray(S, s, t * L);
        DoubleVector s1 = DoubleVector.fromArray(S, s, (t + 1) * L);
        DoubleVector s2 = DoubleVector.fromArray(S, s, (t + 2) * L);
        DoubleVector s3 = DoubleVector.fromArray(S, s, (t + 3) * L);
        DoubleVector s4 = DoubleVector.fromArray(S, s, (t + 4) * L);
        DoubleVector s5 = DoubleVector.fromArray(S, s, (t + 5) * L);
        DoubleVector s6 = DoubleVector.fromArray(S, s, (t + 6) * L);
        DoubleVector s7 = DoubleVector.fromArray(S, s, (t + 7) * L);
        DoubleVector s8 = DoubleVector.fromArray(S, s, (t + 8) * L);
        for (int q = from; q < to; q += L) {
            DoubleVector v = DoubleVector.fromArray(S, g, q);
            s0 = v.fma(DoubleVector.fromArray(S, x, o0 + q), s0);
            s1 = v.fma(DoubleVector.fromArray(S, x, o1 + q), s1);
            s2 = v.fma(DoubleVector.fromArray(S, x, o2 + q), s2);
            s3 = v.fma(DoubleVector.fromArray(S, x, o3 + q), s3);
            s4 = v.fma(DoubleVector.fromArray(S, x, o4 + q), s4);
            s5 = v.fma(DoubleVector.fromArray(S, x, o5 + q), s5);
            s6 = v.fma(DoubleVector.fromArray(S, x, o6 + q), s6);
            s7 = v.fma(DoubleVector.fromArray(S, x, o7 + q), s7);
            s8 = v.fma(DoubleVector.fromArray(S, x, o8 + q), s8);
        }
        s0.intoArray(s, t * L);
        s1.intoArray(s, (t + 1) * L);
        s2.intoArray(s, (t + 2) * L);
        s3.intoArray(s, (t + 3) * L);
        s4.intoArray(s, (t + 4) * L);
        s5.intoArray(s, (t + 5) * L);
        s6.intoArray(s, (t + 6) * L);
        s7.intoArray(s, (t + 7) * L);
        s8.intoArray(s, (t + 8) * L);
    }

    @Override
    public int lanes() {
        return L;
    }

    /** Copies whole vectors, the last of a row with zeros after the row: rows that are still to come are copied over these. */
    @Override
    public void copyRows(int rows, int n, double[] x, int xo, int sx, double[] y, int yo, int sy) {
        int last = (n - 1) / L * L;
        int end = yo + (rows - 1) * sy + n;
        VectorMask<Double> beyond = S.indexInRange(last, n).not();
        for (int r = 0; r < rows; r++) {
            int p = xo + r * sx;
            int q = yo + r * sy;
            if (q + last + L > end || p + last + L > x.length) {
                System.arraycopy(x, p, y, q, n);
                continue;
            }
            for (int i = 0; i < last; i += L) {
                DoubleVector.fromArray(S, x, p + i).intoArray(y, q + i);
            }
            DoubleVector.fromArray(S, x, p + last).blend(0, beyond).intoArray(y, q + last);
        }
    }

    @Override
    public void splitRows(int rows, int n, double[] x, int xo, int sx, double[] y, int even, int odd, int sy) {
        int last = ((n + 1) / 2 - 1) / L * L;
        int end = (rows - 1) * sy + n / 2;
        VectorMask<Double> beyondEven = S.indexInRange(last, (n + 1) / 2).not();
        VectorMask<Double> beyondOdd = S.indexInRange(last, n / 2).not();
        for (int r = 0; r < rows; r++) {
            int p = xo + r * sx;
            int q = r * sy;
            if (q + last + L > end || p + 2 * last + 2 * L > x.length) {
                plain.splitRows(1, n, x, p, sx, y, even + q, odd + q, sy);
                continue;
            }
            for (int i = 0; i <= last; i += L) {
                DoubleVector a = DoubleVector.fromArray(S, x, p + 2 * i);
                DoubleVector b = DoubleVector.fromArray(S, x, p + 2 * i + L);
                DoubleVector e = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
                DoubleVector o = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
                if (i == last) {
                    e = e.blend(0, beyondEven);
                    o = o.blend(0, beyondOdd);
                }
                e.intoArray(y, even + q + i);
                o.intoArray(y, odd + q + i);
            }
        }
    }

    @Override
    public void join(int n, double[] x, int even, int odd, double[] y, int yo, int end) {
        int i = 0;
        for (; 2 * i < n && yo + 2 * (i + L) <= end; i += L) {
            DoubleVector a = DoubleVector.fromArray(S, x, even + i);
            DoubleVector b = DoubleVector.fromArray(S, x, odd + i);
            a.rearrange(LOW).blend(b.rearrange(LOW), ODDS).intoArray(y, yo + 2 * i);
            a.rearrange(HIGH).blend(b.rearrange(HIGH), ODDS).intoArray(y, yo + 2 * i + L);
        }
        if (2 * i < n) {
            plain.join(n - 2 * i, x, even + i, odd + i, y, yo + 2 * i, end);
        }
    }
}
