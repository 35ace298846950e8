package gradus.array;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link Winograd64} on the Vector API, a vector of channels at a time.
 *
 * <p>Square blocks of L x L elements, L those of a vector, are transposed in log2 L steps: in the step of distance s, row i and row
 * i + s exchange their blocks of s elements off the diagonal. Two steps are done in registers.
 */
final class SimdWinograd64 implements WinogradLoops64 {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** The elements of vectors that are transposed in two passes of two steps each. */
    private static final int TWO_PASSES = 16;
    /** The distances of the first pass, where there is one, and of the last. */
    private static final int FAR = Math.max(1, L / 2);

    private static final int NEAR = Math.max(1, L / 4);

    private static final VectorShuffle<Double> FAR_SHUFFLE = exchange(FAR);
    private static final VectorMask<Double> FAR_MASK = mask(FAR);
    private static final VectorShuffle<Double> NEAR_SHUFFLE = exchange(NEAR);
    private static final VectorMask<Double> NEAR_MASK = mask(NEAR);
    private static final VectorShuffle<Double> TWO_SHUFFLE = exchange(Math.min(2, FAR));
    private static final VectorMask<Double> TWO_MASK = mask(Math.min(2, FAR));
    private static final VectorShuffle<Double> ONE_SHUFFLE = exchange(1);
    private static final VectorMask<Double> ONE_MASK = mask(1);

    private static final PlainWinograd64 PLAIN = new PlainWinograd64();

    private static VectorShuffle<Double> exchange(int distance) {
        return VectorShuffle.fromOp(S, i -> (i ^ distance) % L);
    }

    /** Returns the lanes whose number has the bit of a distance. */
    private static VectorMask<Double> mask(int distance) {
        long bits = 0;
        for (int i = 0; i < L; i++) {
            bits |= (i & distance) != 0 ? 1L << i : 0;
        }
        return VectorMask.fromLong(S, bits);
    }

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public void transpose(int m, int n, double[] x, int xo, int[] from, int f, double[] y, int yo, int[] to, int t) {
        if (L < 4 || L > TWO_PASSES || m < L || n < 1) {
            PLAIN.transpose(m, n, x, xo, from, f, y, yo, to, t);
            return;
        }
        double[] block = new double[L * L];
        if (n >= m) {
            for (int i = 0; i < m; i += L) {
                for (int j = 0; j < n; j += L) {
                    transposeAt(i, j, m, n, x, xo, from, f, block, y, yo, to, t);
                }
            }
        } else {
            for (int j = 0; j < n; j += L) {
                for (int i = 0; i < m; i += L) {
                    transposeAt(i, j, m, n, x, xo, from, f, block, y, yo, to, t);
                }
            }
        }
    }

    /** Transposes a block; one that would reach beyond the matrix covers some of the one before again. */
    private static void transposeAt(
            int i,
            int j,
            int m,
            int n,
            double[] x,
            int xo,
            int[] from,
            int f,
            double[] block,
            double[] y,
            int yo,
            int[] to,
            int t) {
        int it = f + Math.min(i, m - L);
        int jt = Math.max(0, Math.min(j, n - L));
        int columns = Math.min(L, n - jt);
        int xt = xo + jt;
        int yt = yo + it - f;
        if (columns < L && beyond(x, xt, from, it)) {
            PLAIN.transpose(L, columns, x, xt, from, it, y, yt, to, t + jt);
        } else {
            transposeBlock(columns, x, xt, from, it, block, y, yt, to, t + jt);
        }
    }

    /** Returns whether a vector of one of some rows would reach beyond an array. */
    private static boolean beyond(double[] x, int xo, int[] from, int f) {
        int last = 0;
        for (int i = 0; i < L; i++) {
            last = Math.max(last, from[f + i]);
        }
        return xo + last + L > x.length;
    }

    private static void transposeBlock(
            int columns, double[] x, int xo, int[] from, int f, double[] block, double[] y, int yo, int[] to, int t) {
        for (int i = 0; i < L; i += 4) {
            DoubleVector v0;
            DoubleVector v1;
            DoubleVector v2;
            DoubleVector v3;
            if (L == 4) {
                v0 = DoubleVector.fromArray(S, x, xo + from[f]);
                v1 = DoubleVector.fromArray(S, x, xo + from[f + 1]);
                v2 = DoubleVector.fromArray(S, x, xo + from[f + 2]);
                v3 = DoubleVector.fromArray(S, x, xo + from[f + 3]);
            } else {
                if (i == 0) {
                    firstPass(x, xo, from, f, block);
                }
                v0 = DoubleVector.fromArray(S, block, i * L);
                v1 = DoubleVector.fromArray(S, block, (i + 1) * L);
                v2 = DoubleVector.fromArray(S, block, (i + 2) * L);
                v3 = DoubleVector.fromArray(S, block, (i + 3) * L);
            }
            DoubleVector w0 = v0.blend(v2.rearrange(TWO_SHUFFLE), TWO_MASK);
            DoubleVector w2 = v0.rearrange(TWO_SHUFFLE).blend(v2, TWO_MASK);
            DoubleVector w1 = v1.blend(v3.rearrange(TWO_SHUFFLE), TWO_MASK);
            DoubleVector w3 = v1.rearrange(TWO_SHUFFLE).blend(v3, TWO_MASK);
            w0.blend(w1.rearrange(ONE_SHUFFLE), ONE_MASK).intoArray(y, yo + to[t + i]);
            if (i + 1 < columns) {
                w0.rearrange(ONE_SHUFFLE).blend(w1, ONE_MASK).intoArray(y, yo + to[t + i + 1]);
            }
            if (i + 2 < columns) {
                w2.blend(w3.rearrange(ONE_SHUFFLE), ONE_MASK).intoArray(y, yo + to[t + i + 2]);
            }
            if (i + 3 < columns) {
                w2.rearrange(ONE_SHUFFLE).blend(w3, ONE_MASK).intoArray(y, yo + to[t + i + 3]);
            }
            if (i + 4 >= columns) {
                return;
            }
        }
    }

    /** Does the steps of distances above 2: of two if vectors have 16 elements, of one if they have 8. */
    private static void firstPass(double[] x, int xo, int[] from, int f, double[] block) {
        if (L == TWO_PASSES) {
            for (int i = 0; i < L / 4; i++) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, xo + from[f + i]);
                DoubleVector v1 = DoubleVector.fromArray(S, x, xo + from[f + i + NEAR]);
                DoubleVector v2 = DoubleVector.fromArray(S, x, xo + from[f + i + 2 * NEAR]);
                DoubleVector v3 = DoubleVector.fromArray(S, x, xo + from[f + i + 3 * NEAR]);
                DoubleVector w0 = v0.blend(v2.rearrange(FAR_SHUFFLE), FAR_MASK);
                DoubleVector w2 = v0.rearrange(FAR_SHUFFLE).blend(v2, FAR_MASK);
                DoubleVector w1 = v1.blend(v3.rearrange(FAR_SHUFFLE), FAR_MASK);
                DoubleVector w3 = v1.rearrange(FAR_SHUFFLE).blend(v3, FAR_MASK);
                w0.blend(w1.rearrange(NEAR_SHUFFLE), NEAR_MASK).intoArray(block, i * L);
                w0.rearrange(NEAR_SHUFFLE).blend(w1, NEAR_MASK).intoArray(block, (i + NEAR) * L);
                w2.blend(w3.rearrange(NEAR_SHUFFLE), NEAR_MASK).intoArray(block, (i + 2 * NEAR) * L);
                w2.rearrange(NEAR_SHUFFLE).blend(w3, NEAR_MASK).intoArray(block, (i + 3 * NEAR) * L);
            }
        } else {
            for (int i = 0; i < FAR; i++) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, xo + from[f + i]);
                DoubleVector v1 = DoubleVector.fromArray(S, x, xo + from[f + i + FAR]);
                v0.blend(v1.rearrange(FAR_SHUFFLE), FAR_MASK).intoArray(block, i * L);
                v0.rearrange(FAR_SHUFFLE).blend(v1, FAR_MASK).intoArray(block, (i + FAR) * L);
            }
        }
    }

    @Override
    public void input(
            int count,
            int[] tiles,
            int channels,
            double[] x,
            int xo,
            int row,
            int column,
            double[] y,
            int yo,
            int st,
            int se) {
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                input(x, xo + tiles[i] + c, row, column, y, yo + i * st + c, se);
            }
        }
    }

    private static void input(double[] x, int p, int row, int column, double[] y, int q, int se) {
        DoubleVector x00 = DoubleVector.fromArray(S, x, p);
        DoubleVector x10 = DoubleVector.fromArray(S, x, p + row);
        DoubleVector x20 = DoubleVector.fromArray(S, x, p + 2 * row);
        DoubleVector x30 = DoubleVector.fromArray(S, x, p + 3 * row);
        DoubleVector d00 = x00.sub(x20);
        DoubleVector d10 = x10.add(x20);
        DoubleVector d20 = x20.sub(x10);
        DoubleVector d30 = x30.sub(x10);
        DoubleVector x01 = DoubleVector.fromArray(S, x, p + column);
        DoubleVector x11 = DoubleVector.fromArray(S, x, p + row + column);
        DoubleVector x21 = DoubleVector.fromArray(S, x, p + 2 * row + column);
        DoubleVector x31 = DoubleVector.fromArray(S, x, p + 3 * row + column);
        DoubleVector d01 = x01.sub(x21);
        DoubleVector d11 = x11.add(x21);
        DoubleVector d21 = x21.sub(x11);
        DoubleVector d31 = x31.sub(x11);
        DoubleVector x02 = DoubleVector.fromArray(S, x, p + 2 * column);
        DoubleVector x12 = DoubleVector.fromArray(S, x, p + row + 2 * column);
        DoubleVector x22 = DoubleVector.fromArray(S, x, p + 2 * row + 2 * column);
        DoubleVector x32 = DoubleVector.fromArray(S, x, p + 3 * row + 2 * column);
        DoubleVector d02 = x02.sub(x22);
        DoubleVector d12 = x12.add(x22);
        DoubleVector d22 = x22.sub(x12);
        DoubleVector d32 = x32.sub(x12);
        DoubleVector x03 = DoubleVector.fromArray(S, x, p + 3 * column);
        DoubleVector x13 = DoubleVector.fromArray(S, x, p + row + 3 * column);
        DoubleVector x23 = DoubleVector.fromArray(S, x, p + 2 * row + 3 * column);
        DoubleVector x33 = DoubleVector.fromArray(S, x, p + 3 * row + 3 * column);
        DoubleVector d03 = x03.sub(x23);
        DoubleVector d13 = x13.add(x23);
        DoubleVector d23 = x23.sub(x13);
        DoubleVector d33 = x33.sub(x13);
        d00.sub(d02).intoArray(y, q);
        d01.add(d02).intoArray(y, q + se);
        d02.sub(d01).intoArray(y, q + 2 * se);
        d03.sub(d01).intoArray(y, q + 3 * se);
        d10.sub(d12).intoArray(y, q + 4 * se);
        d11.add(d12).intoArray(y, q + 5 * se);
        d12.sub(d11).intoArray(y, q + 6 * se);
        d13.sub(d11).intoArray(y, q + 7 * se);
        d20.sub(d22).intoArray(y, q + 8 * se);
        d21.add(d22).intoArray(y, q + 9 * se);
        d22.sub(d21).intoArray(y, q + 10 * se);
        d23.sub(d21).intoArray(y, q + 11 * se);
        d30.sub(d32).intoArray(y, q + 12 * se);
        d31.add(d32).intoArray(y, q + 13 * se);
        d32.sub(d31).intoArray(y, q + 14 * se);
        d33.sub(d31).intoArray(y, q + 15 * se);
    }

    @Override
    public void outputGradient(
            int count,
            int[] tiles,
            int channels,
            double[] x,
            int xo,
            int row,
            int column,
            double[] y,
            int yo,
            int st,
            int se) {
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                outputGradient(x, xo + tiles[i] + c, row, column, y, yo + i * st + c, se);
            }
        }
    }

    private static void outputGradient(double[] x, int p, int row, int column, double[] y, int q, int se) {
        DoubleVector x00 = DoubleVector.fromArray(S, x, p);
        DoubleVector x10 = DoubleVector.fromArray(S, x, p + row);
        DoubleVector h0 = x00.mul(0.5f);
        DoubleVector o0 = x10.mul(0.5f);
        DoubleVector sum0 = h0.add(o0);
        DoubleVector difference0 = h0.sub(o0);
        DoubleVector x01 = DoubleVector.fromArray(S, x, p + column);
        DoubleVector x11 = DoubleVector.fromArray(S, x, p + row + column);
        DoubleVector h1 = x01.mul(0.5f);
        DoubleVector o1 = x11.mul(0.5f);
        DoubleVector sum1 = h1.add(o1);
        DoubleVector difference1 = h1.sub(o1);
        DoubleVector h0x = x00.mul(0.5f);
        DoubleVector o0x = x01.mul(0.5f);
        x00.intoArray(y, q);
        h0x.add(o0x).intoArray(y, q + se);
        h0x.sub(o0x).intoArray(y, q + 2 * se);
        x01.intoArray(y, q + 3 * se);
        DoubleVector h1x = sum0.mul(0.5f);
        DoubleVector o1x = sum1.mul(0.5f);
        sum0.intoArray(y, q + 4 * se);
        h1x.add(o1x).intoArray(y, q + 5 * se);
        h1x.sub(o1x).intoArray(y, q + 6 * se);
        sum1.intoArray(y, q + 7 * se);
        DoubleVector h2x = difference0.mul(0.5f);
        DoubleVector o2x = difference1.mul(0.5f);
        difference0.intoArray(y, q + 8 * se);
        h2x.add(o2x).intoArray(y, q + 9 * se);
        h2x.sub(o2x).intoArray(y, q + 10 * se);
        difference1.intoArray(y, q + 11 * se);
        DoubleVector h3x = x10.mul(0.5f);
        DoubleVector o3x = x11.mul(0.5f);
        x10.intoArray(y, q + 12 * se);
        h3x.add(o3x).intoArray(y, q + 13 * se);
        h3x.sub(o3x).intoArray(y, q + 14 * se);
        x11.intoArray(y, q + 15 * se);
    }

    @Override
    public boolean output(
            int count,
            int[] tiles,
            int channels,
            double[] x,
            int st,
            int se,
            double[] bias,
            int bo,
            double[] y,
            int row,
            int column) {
        DoubleVector zeros = DoubleVector.zero(S);
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                int p = i * st + c;
                int q = tiles[i] + c;
                DoubleVector b = DoubleVector.fromArray(S, bias, bo + c);
                DoubleVector x00 = DoubleVector.fromArray(S, x, p);
                DoubleVector x10 = DoubleVector.fromArray(S, x, p + 4 * se);
                DoubleVector x20 = DoubleVector.fromArray(S, x, p + 8 * se);
                DoubleVector x30 = DoubleVector.fromArray(S, x, p + 12 * se);
                DoubleVector d00 = x00.add(x10.add(x20));
                DoubleVector d10 = x10.sub(x20).add(x30);
                DoubleVector x01 = DoubleVector.fromArray(S, x, p + se);
                DoubleVector x11 = DoubleVector.fromArray(S, x, p + 5 * se);
                DoubleVector x21 = DoubleVector.fromArray(S, x, p + 9 * se);
                DoubleVector x31 = DoubleVector.fromArray(S, x, p + 13 * se);
                DoubleVector d01 = x01.add(x11.add(x21));
                DoubleVector d11 = x11.sub(x21).add(x31);
                DoubleVector x02 = DoubleVector.fromArray(S, x, p + 2 * se);
                DoubleVector x12 = DoubleVector.fromArray(S, x, p + 6 * se);
                DoubleVector x22 = DoubleVector.fromArray(S, x, p + 10 * se);
                DoubleVector x32 = DoubleVector.fromArray(S, x, p + 14 * se);
                DoubleVector d02 = x02.add(x12.add(x22));
                DoubleVector d12 = x12.sub(x22).add(x32);
                DoubleVector x03 = DoubleVector.fromArray(S, x, p + 3 * se);
                DoubleVector x13 = DoubleVector.fromArray(S, x, p + 7 * se);
                DoubleVector x23 = DoubleVector.fromArray(S, x, p + 11 * se);
                DoubleVector x33 = DoubleVector.fromArray(S, x, p + 15 * se);
                DoubleVector d03 = x03.add(x13.add(x23));
                DoubleVector d13 = x13.sub(x23).add(x33);
                DoubleVector y00 = b.add(d00.add(d01.add(d02)));
                DoubleVector y01 = b.add(d01.sub(d02).add(d03));
                y00.intoArray(y, q);
                y01.intoArray(y, q + column);
                zeros = y00.fma(DoubleVector.zero(S), y01.fma(DoubleVector.zero(S), zeros));
                DoubleVector y10 = b.add(d10.add(d11.add(d12)));
                DoubleVector y11 = b.add(d11.sub(d12).add(d13));
                y10.intoArray(y, q + row);
                y11.intoArray(y, q + row + column);
                zeros = y10.fma(DoubleVector.zero(S), y11.fma(DoubleVector.zero(S), zeros));
            }
        }
        return zeros.reduceLanes(VectorOperators.ADD) == 0;
    }

    @Override
    public void kernels(int count, int channels, double[] x, int sx, int sr, double[] y, int yo, int st, int se) {
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                kernel(x, i * sx + c, sr, y, yo + i * st + c, se);
            }
        }
    }

    private static void kernel(double[] x, int p, int sr, double[] y, int q, int se) {
        DoubleVector x00 = DoubleVector.fromArray(S, x, p);
        DoubleVector x10 = DoubleVector.fromArray(S, x, p + 3 * sr);
        DoubleVector x20 = DoubleVector.fromArray(S, x, p + 6 * sr);
        DoubleVector h0 = x00.add(x20).mul(0.5f);
        DoubleVector o0 = x10.mul(0.5f);
        DoubleVector sum0 = h0.add(o0);
        DoubleVector difference0 = h0.sub(o0);
        DoubleVector x01 = DoubleVector.fromArray(S, x, p + sr);
        DoubleVector x11 = DoubleVector.fromArray(S, x, p + 4 * sr);
        DoubleVector x21 = DoubleVector.fromArray(S, x, p + 7 * sr);
        DoubleVector h1 = x01.add(x21).mul(0.5f);
        DoubleVector o1 = x11.mul(0.5f);
        DoubleVector sum1 = h1.add(o1);
        DoubleVector difference1 = h1.sub(o1);
        DoubleVector x02 = DoubleVector.fromArray(S, x, p + 2 * sr);
        DoubleVector x12 = DoubleVector.fromArray(S, x, p + 5 * sr);
        DoubleVector x22 = DoubleVector.fromArray(S, x, p + 8 * sr);
        DoubleVector h2 = x02.add(x22).mul(0.5f);
        DoubleVector o2 = x12.mul(0.5f);
        DoubleVector sum2 = h2.add(o2);
        DoubleVector difference2 = h2.sub(o2);
        DoubleVector h0x = x00.add(x02).mul(0.5f);
        DoubleVector o0x = x01.mul(0.5f);
        x00.intoArray(y, q);
        h0x.add(o0x).intoArray(y, q + se);
        h0x.sub(o0x).intoArray(y, q + 2 * se);
        x02.intoArray(y, q + 3 * se);
        DoubleVector h1x = sum0.add(sum2).mul(0.5f);
        DoubleVector o1x = sum1.mul(0.5f);
        sum0.intoArray(y, q + 4 * se);
        h1x.add(o1x).intoArray(y, q + 5 * se);
        h1x.sub(o1x).intoArray(y, q + 6 * se);
        sum2.intoArray(y, q + 7 * se);
        DoubleVector h2x = difference0.add(difference2).mul(0.5f);
        DoubleVector o2x = difference1.mul(0.5f);
        difference0.intoArray(y, q + 8 * se);
        h2x.add(o2x).intoArray(y, q + 9 * se);
        h2x.sub(o2x).intoArray(y, q + 10 * se);
        difference2.intoArray(y, q + 11 * se);
        DoubleVector h3x = x20.add(x22).mul(0.5f);
        DoubleVector o3x = x21.mul(0.5f);
        x20.intoArray(y, q + 12 * se);
        h3x.add(o3x).intoArray(y, q + 13 * se);
        h3x.sub(o3x).intoArray(y, q + 14 * se);
        x22.intoArray(y, q + 15 * se);
    }

    @Override
    public void kernelGradient(int channels, double[] x, int xo, int se, double[] y, int sr) {
        for (int c = 0; c < channels; c += L) {
            kernelGradient(x, xo + c, se, y, c, sr);
        }
    }

    private static void kernelGradient(double[] x, int p, int se, double[] y, int q, int sr) {
        DoubleVector x00 = DoubleVector.fromArray(S, x, p);
        DoubleVector x10 = DoubleVector.fromArray(S, x, p + 4 * se);
        DoubleVector x20 = DoubleVector.fromArray(S, x, p + 8 * se);
        DoubleVector x30 = DoubleVector.fromArray(S, x, p + 12 * se);
        DoubleVector sum0 = x10.add(x20);
        DoubleVector d00 = x00.add(sum0);
        DoubleVector d10 = x10.sub(x20);
        DoubleVector d20 = sum0.add(x30);
        DoubleVector x01 = DoubleVector.fromArray(S, x, p + se);
        DoubleVector x11 = DoubleVector.fromArray(S, x, p + 5 * se);
        DoubleVector x21 = DoubleVector.fromArray(S, x, p + 9 * se);
        DoubleVector x31 = DoubleVector.fromArray(S, x, p + 13 * se);
        DoubleVector sum1 = x11.add(x21);
        DoubleVector d01 = x01.add(sum1);
        DoubleVector d11 = x11.sub(x21);
        DoubleVector d21 = sum1.add(x31);
        DoubleVector x02 = DoubleVector.fromArray(S, x, p + 2 * se);
        DoubleVector x12 = DoubleVector.fromArray(S, x, p + 6 * se);
        DoubleVector x22 = DoubleVector.fromArray(S, x, p + 10 * se);
        DoubleVector x32 = DoubleVector.fromArray(S, x, p + 14 * se);
        DoubleVector sum2 = x12.add(x22);
        DoubleVector d02 = x02.add(sum2);
        DoubleVector d12 = x12.sub(x22);
        DoubleVector d22 = sum2.add(x32);
        DoubleVector x03 = DoubleVector.fromArray(S, x, p + 3 * se);
        DoubleVector x13 = DoubleVector.fromArray(S, x, p + 7 * se);
        DoubleVector x23 = DoubleVector.fromArray(S, x, p + 11 * se);
        DoubleVector x33 = DoubleVector.fromArray(S, x, p + 15 * se);
        DoubleVector sum3 = x13.add(x23);
        DoubleVector d03 = x03.add(sum3);
        DoubleVector d13 = x13.sub(x23);
        DoubleVector d23 = sum3.add(x33);
        DoubleVector sum0x = d01.add(d02);
        d00.add(sum0x).intoArray(y, q);
        d01.sub(d02).intoArray(y, q + sr);
        sum0x.add(d03).intoArray(y, q + 2 * sr);
        DoubleVector sum1x = d11.add(d12);
        d10.add(sum1x).intoArray(y, q + 3 * sr);
        d11.sub(d12).intoArray(y, q + 4 * sr);
        sum1x.add(d13).intoArray(y, q + 5 * sr);
        DoubleVector sum2x = d21.add(d22);
        d20.add(sum2x).intoArray(y, q + 6 * sr);
        d21.sub(d22).intoArray(y, q + 7 * sr);
        sum2x.add(d23).intoArray(y, q + 8 * sr);
    }
}
