package gradus.array;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link Winograd32} on the Vector API, a vector of channels at a time.
 *
 * <p>Square blocks of L x L elements, L those of a vector, are transposed in log2 L steps: in the step of distance s, row i and row
 * i + s exchange their blocks of s elements off the diagonal. Two steps are done in registers.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdWinograd32 implements WinogradLoops32 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    /** The elements of vectors that are transposed in two passes of two steps each. */
    private static final int TWO_PASSES = 16;
    /** The distances of the first pass, where there is one, and of the last. */
    private static final int FAR = Math.max(1, L / 2);

    private static final int NEAR = Math.max(1, L / 4);

    private static final VectorShuffle<Float> FAR_SHUFFLE = exchange(FAR);
    private static final VectorMask<Float> FAR_MASK = mask(FAR);
    private static final VectorShuffle<Float> NEAR_SHUFFLE = exchange(NEAR);
    private static final VectorMask<Float> NEAR_MASK = mask(NEAR);
    private static final VectorShuffle<Float> TWO_SHUFFLE = exchange(Math.min(2, FAR));
    private static final VectorMask<Float> TWO_MASK = mask(Math.min(2, FAR));
    private static final VectorShuffle<Float> ONE_SHUFFLE = exchange(1);
    private static final VectorMask<Float> ONE_MASK = mask(1);

    private static final PlainWinograd32 PLAIN = new PlainWinograd32();

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(S, i -> (i ^ distance) % L);
    }

    /** Returns the lanes whose number has the bit of a distance. */
    private static VectorMask<Float> mask(int distance) {
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
    public void transpose(int m, int n, float[] x, int xo, int[] from, int f, float[] y, int yo, int[] to, int t) {
        if (L < 4 || L > TWO_PASSES || m < L || n < 1) {
            PLAIN.transpose(m, n, x, xo, from, f, y, yo, to, t);
            return;
        }
        float[] block = new float[L * L];
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
            float[] x,
            int xo,
            int[] from,
            int f,
            float[] block,
            float[] y,
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
    private static boolean beyond(float[] x, int xo, int[] from, int f) {
        int last = 0;
        for (int i = 0; i < L; i++) {
            last = Math.max(last, from[f + i]);
        }
        return xo + last + L > x.length;
    }

    private static void transposeBlock(
            int columns, float[] x, int xo, int[] from, int f, float[] block, float[] y, int yo, int[] to, int t) {
        for (int i = 0; i < L; i += 4) {
            FloatVector v0;
            FloatVector v1;
            FloatVector v2;
            FloatVector v3;
            if (L == 4) {
                v0 = FloatVector.fromArray(S, x, xo + from[f]);
                v1 = FloatVector.fromArray(S, x, xo + from[f + 1]);
                v2 = FloatVector.fromArray(S, x, xo + from[f + 2]);
                v3 = FloatVector.fromArray(S, x, xo + from[f + 3]);
            } else {
                if (i == 0) {
                    firstPass(x, xo, from, f, block);
                }
                v0 = FloatVector.fromArray(S, block, i * L);
                v1 = FloatVector.fromArray(S, block, (i + 1) * L);
                v2 = FloatVector.fromArray(S, block, (i + 2) * L);
                v3 = FloatVector.fromArray(S, block, (i + 3) * L);
            }
            FloatVector w0 = v0.blend(v2.rearrange(TWO_SHUFFLE), TWO_MASK);
            FloatVector w2 = v0.rearrange(TWO_SHUFFLE).blend(v2, TWO_MASK);
            FloatVector w1 = v1.blend(v3.rearrange(TWO_SHUFFLE), TWO_MASK);
            FloatVector w3 = v1.rearrange(TWO_SHUFFLE).blend(v3, TWO_MASK);
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
    private static void firstPass(float[] x, int xo, int[] from, int f, float[] block) {
        if (L == TWO_PASSES) {
            for (int i = 0; i < L / 4; i++) {
                FloatVector v0 = FloatVector.fromArray(S, x, xo + from[f + i]);
                FloatVector v1 = FloatVector.fromArray(S, x, xo + from[f + i + NEAR]);
                FloatVector v2 = FloatVector.fromArray(S, x, xo + from[f + i + 2 * NEAR]);
                FloatVector v3 = FloatVector.fromArray(S, x, xo + from[f + i + 3 * NEAR]);
                FloatVector w0 = v0.blend(v2.rearrange(FAR_SHUFFLE), FAR_MASK);
                FloatVector w2 = v0.rearrange(FAR_SHUFFLE).blend(v2, FAR_MASK);
                FloatVector w1 = v1.blend(v3.rearrange(FAR_SHUFFLE), FAR_MASK);
                FloatVector w3 = v1.rearrange(FAR_SHUFFLE).blend(v3, FAR_MASK);
                w0.blend(w1.rearrange(NEAR_SHUFFLE), NEAR_MASK).intoArray(block, i * L);
                w0.rearrange(NEAR_SHUFFLE).blend(w1, NEAR_MASK).intoArray(block, (i + NEAR) * L);
                w2.blend(w3.rearrange(NEAR_SHUFFLE), NEAR_MASK).intoArray(block, (i + 2 * NEAR) * L);
                w2.rearrange(NEAR_SHUFFLE).blend(w3, NEAR_MASK).intoArray(block, (i + 3 * NEAR) * L);
            }
        } else {
            for (int i = 0; i < FAR; i++) {
                FloatVector v0 = FloatVector.fromArray(S, x, xo + from[f + i]);
                FloatVector v1 = FloatVector.fromArray(S, x, xo + from[f + i + FAR]);
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
            float[] x,
            int xo,
            int row,
            int column,
            float[] y,
            int yo,
            int st,
            int se) {
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                input(x, xo + tiles[i] + c, row, column, y, yo + i * st + c, se);
            }
        }
    }

    private static void input(float[] x, int p, int row, int column, float[] y, int q, int se) {
        FloatVector x00 = FloatVector.fromArray(S, x, p);
        FloatVector x10 = FloatVector.fromArray(S, x, p + row);
        FloatVector x20 = FloatVector.fromArray(S, x, p + 2 * row);
        FloatVector x30 = FloatVector.fromArray(S, x, p + 3 * row);
        FloatVector d00 = x00.sub(x20);
        FloatVector d10 = x10.add(x20);
        FloatVector d20 = x20.sub(x10);
        FloatVector d30 = x30.sub(x10);
        FloatVector x01 = FloatVector.fromArray(S, x, p + column);
        FloatVector x11 = FloatVector.fromArray(S, x, p + row + column);
        FloatVector x21 = FloatVector.fromArray(S, x, p + 2 * row + column);
        FloatVector x31 = FloatVector.fromArray(S, x, p + 3 * row + column);
        FloatVector d01 = x01.sub(x21);
        FloatVector d11 = x11.add(x21);
        FloatVector d21 = x21.sub(x11);
        FloatVector d31 = x31.sub(x11);
        FloatVector x02 = FloatVector.fromArray(S, x, p + 2 * column);
        FloatVector x12 = FloatVector.fromArray(S, x, p + row + 2 * column);
        FloatVector x22 = FloatVector.fromArray(S, x, p + 2 * row + 2 * column);
        FloatVector x32 = FloatVector.fromArray(S, x, p + 3 * row + 2 * column);
        FloatVector d02 = x02.sub(x22);
        FloatVector d12 = x12.add(x22);
        FloatVector d22 = x22.sub(x12);
        FloatVector d32 = x32.sub(x12);
        FloatVector x03 = FloatVector.fromArray(S, x, p + 3 * column);
        FloatVector x13 = FloatVector.fromArray(S, x, p + row + 3 * column);
        FloatVector x23 = FloatVector.fromArray(S, x, p + 2 * row + 3 * column);
        FloatVector x33 = FloatVector.fromArray(S, x, p + 3 * row + 3 * column);
        FloatVector d03 = x03.sub(x23);
        FloatVector d13 = x13.add(x23);
        FloatVector d23 = x23.sub(x13);
        FloatVector d33 = x33.sub(x13);
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
            float[] x,
            int xo,
            int row,
            int column,
            float[] y,
            int yo,
            int st,
            int se) {
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                outputGradient(x, xo + tiles[i] + c, row, column, y, yo + i * st + c, se);
            }
        }
    }

    private static void outputGradient(float[] x, int p, int row, int column, float[] y, int q, int se) {
        FloatVector x00 = FloatVector.fromArray(S, x, p);
        FloatVector x10 = FloatVector.fromArray(S, x, p + row);
        FloatVector h0 = x00.mul(0.5f);
        FloatVector o0 = x10.mul(0.5f);
        FloatVector sum0 = h0.add(o0);
        FloatVector difference0 = h0.sub(o0);
        FloatVector x01 = FloatVector.fromArray(S, x, p + column);
        FloatVector x11 = FloatVector.fromArray(S, x, p + row + column);
        FloatVector h1 = x01.mul(0.5f);
        FloatVector o1 = x11.mul(0.5f);
        FloatVector sum1 = h1.add(o1);
        FloatVector difference1 = h1.sub(o1);
        FloatVector h0x = x00.mul(0.5f);
        FloatVector o0x = x01.mul(0.5f);
        x00.intoArray(y, q);
        h0x.add(o0x).intoArray(y, q + se);
        h0x.sub(o0x).intoArray(y, q + 2 * se);
        x01.intoArray(y, q + 3 * se);
        FloatVector h1x = sum0.mul(0.5f);
        FloatVector o1x = sum1.mul(0.5f);
        sum0.intoArray(y, q + 4 * se);
        h1x.add(o1x).intoArray(y, q + 5 * se);
        h1x.sub(o1x).intoArray(y, q + 6 * se);
        sum1.intoArray(y, q + 7 * se);
        FloatVector h2x = difference0.mul(0.5f);
        FloatVector o2x = difference1.mul(0.5f);
        difference0.intoArray(y, q + 8 * se);
        h2x.add(o2x).intoArray(y, q + 9 * se);
        h2x.sub(o2x).intoArray(y, q + 10 * se);
        difference1.intoArray(y, q + 11 * se);
        FloatVector h3x = x10.mul(0.5f);
        FloatVector o3x = x11.mul(0.5f);
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
            float[] x,
            int st,
            int se,
            float[] bias,
            int bo,
            float[] y,
            int row,
            int column) {
        FloatVector zeros = FloatVector.zero(S);
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                int p = i * st + c;
                int q = tiles[i] + c;
                FloatVector b = FloatVector.fromArray(S, bias, bo + c);
                FloatVector x00 = FloatVector.fromArray(S, x, p);
                FloatVector x10 = FloatVector.fromArray(S, x, p + 4 * se);
                FloatVector x20 = FloatVector.fromArray(S, x, p + 8 * se);
                FloatVector x30 = FloatVector.fromArray(S, x, p + 12 * se);
                FloatVector d00 = x00.add(x10.add(x20));
                FloatVector d10 = x10.sub(x20).add(x30);
                FloatVector x01 = FloatVector.fromArray(S, x, p + se);
                FloatVector x11 = FloatVector.fromArray(S, x, p + 5 * se);
                FloatVector x21 = FloatVector.fromArray(S, x, p + 9 * se);
                FloatVector x31 = FloatVector.fromArray(S, x, p + 13 * se);
                FloatVector d01 = x01.add(x11.add(x21));
                FloatVector d11 = x11.sub(x21).add(x31);
                FloatVector x02 = FloatVector.fromArray(S, x, p + 2 * se);
                FloatVector x12 = FloatVector.fromArray(S, x, p + 6 * se);
                FloatVector x22 = FloatVector.fromArray(S, x, p + 10 * se);
                FloatVector x32 = FloatVector.fromArray(S, x, p + 14 * se);
                FloatVector d02 = x02.add(x12.add(x22));
                FloatVector d12 = x12.sub(x22).add(x32);
                FloatVector x03 = FloatVector.fromArray(S, x, p + 3 * se);
                FloatVector x13 = FloatVector.fromArray(S, x, p + 7 * se);
                FloatVector x23 = FloatVector.fromArray(S, x, p + 11 * se);
                FloatVector x33 = FloatVector.fromArray(S, x, p + 15 * se);
                FloatVector d03 = x03.add(x13.add(x23));
                FloatVector d13 = x13.sub(x23).add(x33);
                FloatVector y00 = b.add(d00.add(d01.add(d02)));
                FloatVector y01 = b.add(d01.sub(d02).add(d03));
                y00.intoArray(y, q);
                y01.intoArray(y, q + column);
                zeros = y00.fma(FloatVector.zero(S), y01.fma(FloatVector.zero(S), zeros));
                FloatVector y10 = b.add(d10.add(d11.add(d12)));
                FloatVector y11 = b.add(d11.sub(d12).add(d13));
                y10.intoArray(y, q + row);
                y11.intoArray(y, q + row + column);
                zeros = y10.fma(FloatVector.zero(S), y11.fma(FloatVector.zero(S), zeros));
            }
        }
        return zeros.reduceLanes(VectorOperators.ADD) == 0;
    }

    @Override
    public void kernels(int count, int channels, float[] x, int sx, int sr, float[] y, int yo, int st, int se) {
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < channels; c += L) {
                kernel(x, i * sx + c, sr, y, yo + i * st + c, se);
            }
        }
    }

    private static void kernel(float[] x, int p, int sr, float[] y, int q, int se) {
        FloatVector x00 = FloatVector.fromArray(S, x, p);
        FloatVector x10 = FloatVector.fromArray(S, x, p + 3 * sr);
        FloatVector x20 = FloatVector.fromArray(S, x, p + 6 * sr);
        FloatVector h0 = x00.add(x20).mul(0.5f);
        FloatVector o0 = x10.mul(0.5f);
        FloatVector sum0 = h0.add(o0);
        FloatVector difference0 = h0.sub(o0);
        FloatVector x01 = FloatVector.fromArray(S, x, p + sr);
        FloatVector x11 = FloatVector.fromArray(S, x, p + 4 * sr);
        FloatVector x21 = FloatVector.fromArray(S, x, p + 7 * sr);
        FloatVector h1 = x01.add(x21).mul(0.5f);
        FloatVector o1 = x11.mul(0.5f);
        FloatVector sum1 = h1.add(o1);
        FloatVector difference1 = h1.sub(o1);
        FloatVector x02 = FloatVector.fromArray(S, x, p + 2 * sr);
        FloatVector x12 = FloatVector.fromArray(S, x, p + 5 * sr);
        FloatVector x22 = FloatVector.fromArray(S, x, p + 8 * sr);
        FloatVector h2 = x02.add(x22).mul(0.5f);
        FloatVector o2 = x12.mul(0.5f);
        FloatVector sum2 = h2.add(o2);
        FloatVector difference2 = h2.sub(o2);
        FloatVector h0x = x00.add(x02).mul(0.5f);
        FloatVector o0x = x01.mul(0.5f);
        x00.intoArray(y, q);
        h0x.add(o0x).intoArray(y, q + se);
        h0x.sub(o0x).intoArray(y, q + 2 * se);
        x02.intoArray(y, q + 3 * se);
        FloatVector h1x = sum0.add(sum2).mul(0.5f);
        FloatVector o1x = sum1.mul(0.5f);
        sum0.intoArray(y, q + 4 * se);
        h1x.add(o1x).intoArray(y, q + 5 * se);
        h1x.sub(o1x).intoArray(y, q + 6 * se);
        sum2.intoArray(y, q + 7 * se);
        FloatVector h2x = difference0.add(difference2).mul(0.5f);
        FloatVector o2x = difference1.mul(0.5f);
        difference0.intoArray(y, q + 8 * se);
        h2x.add(o2x).intoArray(y, q + 9 * se);
        h2x.sub(o2x).intoArray(y, q + 10 * se);
        difference2.intoArray(y, q + 11 * se);
        FloatVector h3x = x20.add(x22).mul(0.5f);
        FloatVector o3x = x21.mul(0.5f);
        x20.intoArray(y, q + 12 * se);
        h3x.add(o3x).intoArray(y, q + 13 * se);
        h3x.sub(o3x).intoArray(y, q + 14 * se);
        x22.intoArray(y, q + 15 * se);
    }

    @Override
    public void kernelGradient(int channels, float[] x, int xo, int se, float[] y, int sr) {
        for (int c = 0; c < channels; c += L) {
            kernelGradient(x, xo + c, se, y, c, sr);
        }
    }

    private static void kernelGradient(float[] x, int p, int se, float[] y, int q, int sr) {
        FloatVector x00 = FloatVector.fromArray(S, x, p);
        FloatVector x10 = FloatVector.fromArray(S, x, p + 4 * se);
        FloatVector x20 = FloatVector.fromArray(S, x, p + 8 * se);
        FloatVector x30 = FloatVector.fromArray(S, x, p + 12 * se);
        FloatVector sum0 = x10.add(x20);
        FloatVector d00 = x00.add(sum0);
        FloatVector d10 = x10.sub(x20);
        FloatVector d20 = sum0.add(x30);
        FloatVector x01 = FloatVector.fromArray(S, x, p + se);
        FloatVector x11 = FloatVector.fromArray(S, x, p + 5 * se);
        FloatVector x21 = FloatVector.fromArray(S, x, p + 9 * se);
        FloatVector x31 = FloatVector.fromArray(S, x, p + 13 * se);
        FloatVector sum1 = x11.add(x21);
        FloatVector d01 = x01.add(sum1);
        FloatVector d11 = x11.sub(x21);
        FloatVector d21 = sum1.add(x31);
        FloatVector x02 = FloatVector.fromArray(S, x, p + 2 * se);
        FloatVector x12 = FloatVector.fromArray(S, x, p + 6 * se);
        FloatVector x22 = FloatVector.fromArray(S, x, p + 10 * se);
        FloatVector x32 = FloatVector.fromArray(S, x, p + 14 * se);
        FloatVector sum2 = x12.add(x22);
        FloatVector d02 = x02.add(sum2);
        FloatVector d12 = x12.sub(x22);
        FloatVector d22 = sum2.add(x32);
        FloatVector x03 = FloatVector.fromArray(S, x, p + 3 * se);
        FloatVector x13 = FloatVector.fromArray(S, x, p + 7 * se);
        FloatVector x23 = FloatVector.fromArray(S, x, p + 11 * se);
        FloatVector x33 = FloatVector.fromArray(S, x, p + 15 * se);
        FloatVector sum3 = x13.add(x23);
        FloatVector d03 = x03.add(sum3);
        FloatVector d13 = x13.sub(x23);
        FloatVector d23 = sum3.add(x33);
        FloatVector sum0x = d01.add(d02);
        d00.add(sum0x).intoArray(y, q);
        d01.sub(d02).intoArray(y, q + sr);
        sum0x.add(d03).intoArray(y, q + 2 * sr);
        FloatVector sum1x = d11.add(d12);
        d10.add(sum1x).intoArray(y, q + 3 * sr);
        d11.sub(d12).intoArray(y, q + 4 * sr);
        sum1x.add(d13).intoArray(y, q + 5 * sr);
        FloatVector sum2x = d21.add(d22);
        d20.add(sum2x).intoArray(y, q + 6 * sr);
        d21.sub(d22).intoArray(y, q + 7 * sr);
        sum2x.add(d23).intoArray(y, q + 8 * sr);
    }
}
