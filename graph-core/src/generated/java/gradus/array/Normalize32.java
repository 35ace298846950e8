package gradus.array;

import java.util.Arrays;

/**
 * Normalisation over float arrays. The elements that have a mean and a variance in common are the rows of a matrix [m, n], or the
 * channels of [n, c, s], each n times s elements side by side; where s is 1, they are the columns of a matrix.
 *
 * <p>First the mean is computed and rounded to {@code shift}, then {@code e}, the mean of {@code x - shift}, and {@code q}, that of its
 * square. The mean is {@code shift + e} and the variance {@code q - e^2} (Chan, Golub and LeVeque 1983), so numbers that are large
 * compared with their differences, or all equal, lose nothing. {@code (x - mean) r} is computed as {@code (x - shift) r - e r}.
 *
 * <p>Sums are accumulated in blocks, whose sums are added wide. The blocks do not depend on the number of threads.
 *
 * <p>If the mean or the variance is not finite, the results are what the formula gives, NaN or 0; where no gradient arrives at them,
 * that of the input is 0.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Normalize32 {
    private static final NormLoops32 LOOPS = Loops.NORM32;
    private static final int LANES = LOOPS.lanes();
    /** Elements that are summed in one block. */
    private static final int BLOCK = 64 * LANES;
    /** Elements of rows that are taken at a time. */
    private static final int ELEMENTS = 2048;
    /** Rows in which the gradients of gamma and beta, or sums of columns, are accumulated in one block. */
    private static final int BLOCK_ROWS = 32;
    /** The least and the most rows for which one thread accumulates the gradients of gamma and beta. */
    private static final int MIN_CHUNK = 16;

    private static final int MAX_CHUNK = 256;
    /** Columns that one thread takes at least: whole vectors, so that the same elements are left over for any number of threads. */
    private static final int STRIP = 64;
    /** What may be added to any number, also to -0. */
    private static final float NEUTRAL = (float) -0.0;

    private Normalize32() {}

    /** How elements are normalised: {@code (x - shift) factor + add}. */
    private static final class Scaling {
        private final float shift;
        private final float factor;
        private final float add;
        private final boolean finite;

        Scaling(
                boolean centered,
                /*wide*/ double mean,
                /*wide*/ double rest,
                /*wide*/ double var,
                /*wide*/ double epsilon) {
            /*wide*/ double r = 1 / Math.sqrt(var + epsilon);
            shift = (float) mean;
            factor = (float) r;
            add = centered ? (float) (0 - rest * r) : NEUTRAL;
            finite = mean * 0 == 0 && var * 0 == 0 && r * 0 == 0;
        }
    }

    /** Two sums, in blocks of elements and then wide. */
    private static final class Sums {
        private final float[] lanes = new float[2 * LANES];
        private int count;
        private /*wide*/ double first;
        private /*wide*/ double second;

        void clear() {
            first = 0;
            second = 0;
        }

        void sum(int n, float[] x, int at) {
            for (int j = 0; j < n; j += BLOCK) {
                int k = Math.min(BLOCK, n - j);
                LOOPS.sum(k, x, at + j, lanes);
                added(k);
            }
        }

        void squares(int n, float[] x, int at, float shift) {
            for (int j = 0; j < n; j += BLOCK) {
                int k = Math.min(BLOCK, n - j);
                LOOPS.squares(k, x, at + j, shift, lanes);
                added(k);
            }
        }

        void products(int n, float[] g, float[] x, int at, float shift) {
            for (int j = 0; j < n; j += BLOCK) {
                int k = Math.min(BLOCK, n - j);
                LOOPS.products(k, g, at + j, x, at + j, shift, lanes);
                added(k);
            }
        }

        void products(
                int n, float[] g, float[] x, int at, Scaling f, float[] gamma, float[] dgamma, float[] dbeta) {
            for (int j = 0; j < n; j += BLOCK) {
                int k = Math.min(BLOCK, n - j);
                LOOPS.products(k, g, at + j, x, at + j, f.shift, f.factor, f.add, gamma, dgamma, dbeta, j, lanes);
                added(k);
            }
        }

        private void added(int n) {
            count += n;
            if (count >= BLOCK) {
                flush();
            }
        }

        /** Adds the lanes to the sums. */
        void flush() {
            float s = 0;
            float q = 0;
            for (int j = 0; j < LANES; j++) {
                s += lanes[j];
                lanes[j] = 0;
                q += lanes[LANES + j];
                lanes[LANES + j] = 0;
            }
            first += s;
            second += q;
            count = 0;
        }

        /** Writes the rounded mean of n elements whose sum this is. */
        void writeMean(int n, int i, /*wide*/ double[] mean) {
            flush();
            mean[i] = (float) (first / n);
        }

        /** Writes the moments of n elements whose differences from the rounded mean, and their squares, were summed. */
        void writeMoments(int n, boolean centered, int i, /*wide*/ double[] rest, /*wide*/ double[] var) {
            flush();
            Normalize32.writeMoments(n, centered ? first : 0, second, i, rest, var);
        }
    }

    /** Writes what the rounded mean lacks, and the variance, given the sums of n differences from it and of their squares. */
    private static void writeMoments(
            int n,
            /*wide*/ double differences,
            /*wide*/ double squares,
            int i,
            /*wide*/ double[] rest,
            /*wide*/ double[] var) {
        /*wide*/ double e = differences / n;
        var[i] = Math.max(0, squares / n - e * e);
        rest[i] = e * 0 == 0 ? e : 0; // not if it is infinite or NaN
    }

    // ---- rows

    /** Normalises every row of [m, n], about its mean or, if not centered, about 0; gamma and beta may be null. */
    static void rows(
            int m,
            int n,
            boolean centered,
            /*wide*/ double epsilon,
            float[] x,
            float[] gamma,
            float[] beta,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var,
            float[] y) {
        float[] added = beta;
        if (gamma != null && beta == null) {
            added = new float[n];
            Arrays.fill(added, NEUTRAL);
        }
        float[] terms = added;
        int count = Math.max(1, ELEMENTS / Math.max(1, n));
        Workers.split(m, (long) m * n >= Chunks.LARGE, (from, to) -> {
            Sums s = new Sums();
            for (int i = from; i < to; i += count) {
                int end = Math.min(to, i + count);
                writeMoments(i, end, n, centered, x, s, mean, rest, var);
                for (int k = i; k < end; k++) {
                    int at = k * n;
                    Scaling f = new Scaling(centered, mean[k], rest[k], var[k], epsilon);
                    if (gamma == null) {
                        LOOPS.scale(n, x, at, f.shift, f.factor, f.add, y, at);
                    } else {
                        LOOPS.scale(n, x, at, f.shift, f.factor, f.add, gamma, terms, 0, y, at);
                    }
                }
            }
        });
    }

    /** Writes the moments of rows. One loop over them computes the means and one the variances, as those of several rows overlap. */
    private static void writeMoments(
            int from,
            int to,
            int n,
            boolean centered,
            float[] x,
            Sums s,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var) {
        for (int i = from; centered && i < to; i++) {
            s.clear();
            s.sum(n, x, i * n);
            s.writeMean(n, i, mean);
        }
        for (int i = from; i < to; i++) {
            s.clear();
            s.squares(n, x, i * n, (float) mean[i]);
            s.writeMoments(n, centered, i, rest, var);
        }
    }

    /** Writes the gradients; gamma, dgamma and dbeta may be null. */
    static void rowsGradient(
            int m,
            int n,
            boolean centered,
            /*wide*/ double epsilon,
            float[] gy,
            float[] x,
            float[] gamma,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var,
            float[] gx,
            float[] dgamma,
            float[] dbeta) {
        int chunk = Math.max(MIN_CHUNK, Math.min(MAX_CHUNK, Chunks.LARGE / Math.max(1, n)));
        int chunks = (m + chunk - 1) / chunk;
        /*wide*/ double[][] sums = new /*wide*/ double[gamma == null ? 0 : chunks][2 * n];
        Workers.split(chunks, (long) m * n >= Chunks.LARGE, (from, to) -> {
            Sums s = new Sums();
            float[] dg = new float[gamma == null ? 0 : n];
            float[] db = new float[dg.length];
            for (int k = from; k < to; k++) {
                int end = Math.min(m, (k + 1) * chunk);
                for (int i = k * chunk; i < end; i++) {
                    Scaling f = new Scaling(centered, mean[i], rest[i], var[i], epsilon);
                    if (f.finite || addInfinite(n, gy, x, i * n, f, dg, db)) {
                        rowGradient(
                                n,
                                centered,
                                f,
                                gy,
                                x,
                                i * n,
                                gamma,
                                s,
                                gx,
                                f.finite ? dg : dg.clone(),
                                f.finite ? db : db.clone());
                    }
                    if (gamma != null && ((i + 1) % BLOCK_ROWS == 0 || i + 1 == end)) {
                        moveTo(sums[k], 0, dg);
                        moveTo(sums[k], n, db);
                    }
                }
            }
        });
        for (int k = 1; k < sums.length; k++) {
            for (int j = 0; j < 2 * n; j++) {
                sums[0][j] += sums[k][j];
            }
        }
        for (int j = 0; sums.length > 0 && j < n; j++) {
            dgamma[j] = (float) sums[0][j];
            dbeta[j] = (float) sums[0][n + j];
        }
    }

    /** {@code gx = r (g - mean(g) - h mean(g h))} with {@code g = gy gamma} and {@code h = (x - mean) r}. */
    private static void rowGradient(
            int n,
            boolean centered,
            Scaling f,
            float[] gy,
            float[] x,
            int at,
            float[] gamma,
            Sums s,
            float[] gx,
            float[] dg,
            float[] db) {
        s.clear();
        if (gamma == null) {
            s.products(n, gy, x, at, f.shift);
        } else {
            s.products(n, gy, x, at, f, gamma, dg, db);
        }
        s.flush();
        /*wide*/ double alongMean = centered ? s.first / n : 0;
        /*wide*/ double along = (f.factor * s.second + f.add * s.first) / n;
        float b = (float) (-f.factor * f.factor * along);
        float c = (float) (-f.factor * (alongMean + f.add * along));
        if (gamma == null) {
            LOOPS.combine(n, gy, at, x, at, f.shift, f.factor, b, c, gx, at);
        } else {
            LOOPS.combine(n, gy, at, x, at, f.shift, f.factor, b, c, gamma, 0, gx, at);
        }
    }

    /** Adds the gradients of gamma and beta of a row that is not finite, and returns whether any gradient arrives at it. */
    private static boolean addInfinite(int n, float[] gy, float[] x, int at, Scaling f, float[] dg, float[] db) {
        boolean arrives = false;
        for (int j = 0; j < n; j++) {
            float g = gy[at + j];
            arrives |= g != 0;
            if (g != 0 && dg.length > 0) {
                dg[j] += g * ((x[at + j] - f.shift) * f.factor + f.add);
                db[j] += g;
            }
        }
        return arrives;
    }

    /** Adds numbers to sums from an offset on, and sets them to 0. */
    private static void moveTo(/*wide*/ double[] sums, int at, float[] x) {
        for (int j = 0; j < x.length; j++) {
            sums[at + j] += x[j];
            x[j] = 0;
        }
    }

    // ---- channels

    /** Normalises every channel of [m, c, s] about its mean; gamma and beta, of c elements, may be null. */
    static void channels(
            int m,
            int c,
            int s,
            /*wide*/ double epsilon,
            float[] x,
            float[] gamma,
            float[] beta,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var,
            float[] y) {
        boolean large = (long) m * c * s >= Chunks.LARGE;
        if (s == 1) {
            Workers.split(
                    strips(c),
                    large,
                    (from, to) -> columns(
                            m, c, from * STRIP, Math.min(c, to * STRIP), epsilon, x, gamma, beta, mean, rest, var, y));
            return;
        }
        Workers.split(c, large, (from, to) -> {
            Sums sums = new Sums();
            for (int j = from; j < to; j++) {
                sums.clear();
                for (int i = 0; i < m; i++) {
                    sums.sum(s, x, (i * c + j) * s);
                }
                sums.writeMean(m * s, j, mean);
                sums.clear();
                for (int i = 0; i < m; i++) {
                    sums.squares(s, x, (i * c + j) * s, (float) mean[j]);
                }
                sums.writeMoments(m * s, true, j, rest, var);
                Scaling f = new Scaling(true, mean[j], rest[j], var[j], epsilon);
                float a = gamma == null ? f.factor : f.factor * gamma[j];
                float b = gamma == null ? f.add : f.add * gamma[j] + beta[j];
                for (int i = 0; i < m; i++) {
                    int at = (i * c + j) * s;
                    LOOPS.scale(s, x, at, f.shift, a, b, y, at);
                }
            }
        });
    }

    /** Writes the gradients; gamma may be null, and is then 1. */
    static void channelsGradient(
            int m,
            int c,
            int s,
            /*wide*/ double epsilon,
            float[] gy,
            float[] x,
            float[] gamma,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var,
            float[] gx,
            float[] dgamma,
            float[] dbeta) {
        boolean large = (long) m * c * s >= Chunks.LARGE;
        if (s == 1) {
            Workers.split(
                    strips(c),
                    large,
                    (from, to) -> columnsGradient(
                            m,
                            c,
                            from * STRIP,
                            Math.min(c, to * STRIP),
                            epsilon,
                            gy,
                            x,
                            gamma,
                            mean,
                            rest,
                            var,
                            gx,
                            dgamma,
                            dbeta));
            return;
        }
        Workers.split(c, large, (from, to) -> {
            Sums sums = new Sums();
            for (int j = from; j < to; j++) {
                Scaling f = new Scaling(true, mean[j], rest[j], var[j], epsilon);
                sums.clear();
                for (int i = 0; i < m; i++) {
                    sums.products(s, gy, x, (i * c + j) * s, f.shift);
                }
                sums.flush();
                Slopes k = new Slopes(m * s, f, sums.first, sums.second, gamma == null ? 1 : gamma[j]);
                dgamma[j] = (float) k.alongDirection;
                dbeta[j] = (float) sums.first;
                if (!f.finite && !addInfinite(m, c, s, j, gy, x, f, dgamma)) {
                    continue;
                }
                for (int i = 0; i < m; i++) {
                    int at = (i * c + j) * s;
                    LOOPS.combine(s, gy, at, x, at, f.shift, k.a, k.b, k.c, gx, at);
                }
            }
        });
    }

    private static int strips(int columns) {
        return (columns + STRIP - 1) / STRIP;
    }

    private static void columns(
            int m,
            int n,
            int from,
            int to,
            /*wide*/ double epsilon,
            float[] x,
            float[] gamma,
            float[] beta,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var,
            float[] y) {
        int count = to - from;
        float[] shift = new float[count];
        float[] a = new float[count];
        float[] b = new float[count];
        /*wide*/ double[] sums = columnSquares(m, n, from, x, shift);
        for (int j = 0; j < count; j++) {
            shift[j] = (float) (sums[j] / m);
            mean[from + j] = shift[j];
        }
        sums = columnSquares(m, n, from, x, shift);
        for (int j = 0; j < count; j++) {
            int k = from + j;
            writeMoments(m, sums[j], sums[count + j], k, rest, var);
            Scaling f = new Scaling(true, mean[k], rest[k], var[k], epsilon);
            shift[j] = f.shift;
            a[j] = gamma == null ? f.factor : f.factor * gamma[k];
            b[j] = gamma == null ? f.add : f.add * gamma[k] + beta[k];
        }
        LOOPS.columnScale(m, count, n, x, from, shift, a, b, y);
    }

    /** Returns the sums of {@code x - shift} in some columns, and after them those of its square. */
    private static /*wide*/ double[] columnSquares(int m, int n, int from, float[] x, float[] shift) {
        float[] s = new float[shift.length];
        float[] q = new float[shift.length];
        /*wide*/ double[] sums = new /*wide*/ double[2 * shift.length];
        for (int i = 0; i < m; i += BLOCK_ROWS) {
            LOOPS.columnSquares(Math.min(BLOCK_ROWS, m - i), s.length, n, x, i * n + from, shift, s, q);
            moveTo(sums, 0, s);
            moveTo(sums, s.length, q);
        }
        return sums;
    }

    private static void columnsGradient(
            int m,
            int n,
            int from,
            int to,
            /*wide*/ double epsilon,
            float[] gy,
            float[] x,
            float[] gamma,
            /*wide*/ double[] mean,
            /*wide*/ double[] rest,
            /*wide*/ double[] var,
            float[] gx,
            float[] dgamma,
            float[] dbeta) {
        int count = to - from;
        float[] shift = new float[count];
        float[] b = new float[count];
        float[] c = new float[count];
        /*wide*/ double[] sums = new /*wide*/ double[2 * count];
        for (int j = 0; j < count; j++) {
            shift[j] = (float) mean[from + j];
        }
        for (int i = 0; i < m; i += BLOCK_ROWS) {
            LOOPS.columnProducts(Math.min(BLOCK_ROWS, m - i), count, n, gy, x, i * n + from, shift, b, c);
            moveTo(sums, 0, b);
            moveTo(sums, count, c);
        }
        float[] a = new float[count];
        boolean finite = true;
        for (int j = 0; j < count; j++) {
            int k = from + j;
            Scaling f = new Scaling(true, mean[k], rest[k], var[k], epsilon);
            Slopes slopes = new Slopes(m, f, sums[j], sums[count + j], gamma == null ? 1 : gamma[k]);
            dgamma[k] = (float) slopes.alongDirection;
            dbeta[k] = (float) sums[j];
            a[j] = slopes.a;
            b[j] = slopes.b;
            c[j] = slopes.c;
            finite &= f.finite;
        }
        LOOPS.columnCombine(m, count, n, gy, x, from, shift, a, b, c, gx);
        for (int k = from; !finite && k < to; k++) {
            Scaling f = new Scaling(true, mean[k], rest[k], var[k], epsilon);
            if (!f.finite && !addInfinite(m, n, 1, k, gy, x, f, dgamma)) {
                for (int i = 0; i < m; i++) {
                    gx[i * n + k] = 0;
                }
            }
        }
    }

    /** The factors of {@code gx = a gy + b (x - shift) + c} in a channel, given the sums of gy and of gy (x - shift). */
    private static final class Slopes {
        private final float a;
        private final float b;
        private final float c;
        /** The sum of {@code gy h}, where h are the normalised elements. */
        private final /*wide*/ double alongDirection;

        Slopes(int n, Scaling f, /*wide*/ double sum, /*wide*/ double products, float gamma) {
            alongDirection = f.factor * products + f.add * sum;
            a = f.factor * gamma;
            b = (float) (-a * f.factor * alongDirection / n);
            c = (float) (-a * (sum + f.add * alongDirection) / n);
        }
    }

    /** Writes the gradient of gamma of a channel that is not finite, and returns whether any gradient arrives at it. */
    private static boolean addInfinite(
            int m, int c, int s, int channel, float[] gy, float[] x, Scaling f, float[] dgamma) {
        boolean arrives = false;
        dgamma[channel] = 0;
        for (int i = 0; i < m; i++) {
            for (int p = (i * c + channel) * s; p < (i * c + channel + 1) * s; p++) {
                arrives |= gy[p] != 0;
                dgamma[channel] += gy[p] == 0 ? 0 : gy[p] * ((x[p] - f.shift) * f.factor + f.add);
            }
        }
        return arrives;
    }
}
