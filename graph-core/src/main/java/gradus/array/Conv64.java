package gradus.array;

import java.util.Arrays;

/**
 * Convolutions over double arrays, as matrix products of one image at a time. What the kernel sees of an image at p
 * places, one column each, is a matrix [taps, p]: the weights [m, taps] times it is the result, the result's gradient
 * times its transpose the weights' gradient, and the weights' transpose times the result's gradient is what is to be
 * added back at those places. That matrix is taps times as large as the image, so only a panel of its columns exists at a time,
 * small enough for a cache near the processor; see {@link Patches64}.
 *
 * <p>Threads share images. The weights' gradient is a sum over all of them: they are cut into blocks, in a way that
 * depends on their number alone, each block is summed by one thread, and the sums are added up in order.
 */
final class Conv64 {
    /** Columns of a panel that is multiplied by weights: a few vectors wide, as the product takes it in one go. */
    private static final int PANEL = 64;
    /** Columns, at most, of a panel that rows of a result's gradient are multiplied with, and about its elements. */
    private static final int LONG = 1 << 10;

    private static final int LONG_PANEL = 1 << 15;
    /** Elements, about at most, of the sums that are spread over lanes. */
    private static final int LANES = 1 << 20;
    /** How many blocks of images the weights' gradient is summed in, at most. */
    private static final int BLOCKS = 8;

    private static final ConvLoops64 LOOPS = Loops.CONV64;

    private Conv64() {}

    static void forward(Geometry g, double[] x, double[] w, double[] bias, double[] y) {
        int k = g.taps();
        int p = g.places();
        double[] start = bias == null ? new double[g.groups * g.m] : bias;
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Patches64 patches = new Patches64(g, g.c, Math.min(PANEL, p));
            double[] b = patches.panel;
            int step = patches.step;
            double[] end = new double[p % PANEL == 0 ? 0 : g.m * step];
            for (int i = from * g.groups; i < to * g.groups; i++) {
                int o = i % g.groups * g.m;
                patches.read(x, i * g.c);
                for (int at = 0; at < p; at += PANEL) {
                    int count = Math.min(PANEL, p - at);
                    patches.gather(at, count);
                    if (count == PANEL) {
                        LOOPS.multiply(g.m, count, k, start, o, w, o * k, k, 1, b, 0, step, y, i * g.m * p + at, p);
                    } else {
                        LOOPS.multiply(g.m, count, k, start, o, w, o * k, k, 1, b, 0, step, end, 0, step);
                        copy(g.m, count, end, 0, step, y, i * g.m * p + at, p);
                    }
                }
            }
        });
    }

    static void inputGradient(Geometry g, double[] gy, double[] w, double[] gx) {
        int k = g.taps();
        int p = g.places();
        double[] zeros = new double[k];
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Patches64 patches = new Patches64(g, g.c, Math.min(PANEL, p));
            double[] b = patches.panel;
            int step = patches.step;
            double[] end = new double[p % PANEL == 0 ? 0 : g.m * step];
            for (int i = from * g.groups; i < to * g.groups; i++) {
                int wo = i % g.groups * g.m * k;
                patches.clear();
                for (int at = 0; at < p; at += PANEL) {
                    int count = Math.min(PANEL, p - at);
                    int go = i * g.m * p + at;
                    if (count == PANEL) {
                        LOOPS.multiply(k, count, g.m, zeros, 0, w, wo, 1, k, gy, go, p, b, 0, step);
                    } else {
                        copy(g.m, count, gy, go, p, end, 0, step);
                        LOOPS.multiply(k, count, g.m, zeros, 0, w, wo, 1, k, end, 0, step, b, 0, step);
                    }
                    patches.add(at, count);
                }
                patches.write(gx, i * g.c);
            }
        });
    }

    /** Copies the first columns of m rows: a last panel, whose vectors would reach over the edge, is worked on apart. */
    private static void copy(int m, int count, double[] a, int ao, int sa, double[] b, int bo, int sb) {
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, ao + i * sa, b, bo + i * sb, count);
        }
    }

    static void weightGradient(Geometry g, double[] x, double[] gy, double[] gw) {
        int block = Math.max(1, (g.n + BLOCKS - 1) / BLOCKS);
        int blocks = (g.n + block - 1) / block;
        double[][] sums = new double[blocks][gw.length];
        Workers.split(blocks, g.isLarge(), (from, to) -> {
            for (int b = from; b < to; b++) {
                addImages(g, b * block, Math.min(g.n, (b + 1) * block), x, gy, sums[b]);
            }
        });
        for (double[] sum : sums) {
            for (int i = 0; i < gw.length; i++) {
                gw[i] += sum[i];
            }
        }
    }

    /** Adds up some images' share, a few channels at a time, so that rows of the panel are long. */
    private static void addImages(Geometry g, int from, int to, double[] x, double[] gy, double[] gw) {
        int p = g.places();
        int width = Math.min(p, LONG);
        int window = g.kh * g.kw;
        long most = Math.max(
                1,
                Math.min(
                        LONG_PANEL / Math.max(1, (long) window * width),
                        LANES / Math.max(1, (long) g.m * window * LOOPS.lanes())));
        for (int c = 0; c < g.c; c += (int) most) {
            Patches64 patches = new Patches64(g, (int) Math.min(most, g.c - c), width);
            int taps = patches.taps();
            double[] lanes = new double[g.m * taps * LOOPS.lanes()];
            for (int group = 0; group < g.groups; group++) {
                Arrays.fill(lanes, 0);
                for (int i = from * g.groups + group; i < to * g.groups; i += g.groups) {
                    patches.read(x, i * g.c + c);
                    for (int at = 0; at < p; at += width) {
                        int count = Math.min(width, p - at);
                        patches.gather(at, count);
                        int go = i * g.m * p + at;
                        LOOPS.dots(g.m, taps, count, gy, go, p, patches.panel, patches.step, lanes, 0);
                    }
                }
                fold(lanes, gw, group * g.m * g.taps() + c * g.kh * g.kw, taps, g.taps());
            }
        }
    }

    /** Writes sums that were spread over lanes, as rows of n that are step apart. */
    private static void fold(double[] lanes, double[] y, int yo, int n, int step) {
        int count = LOOPS.lanes();
        for (int i = 0; i * count < lanes.length; i++) {
            double even = 0;
            double odd = 0;
            int j = i * count;
            for (; j + 1 < (i + 1) * count; j += 2) {
                even += lanes[j];
                odd += lanes[j + 1];
            }
            y[yo + i / n * step + i % n] = even + odd + (count % 2 == 0 ? 0 : lanes[j]);
        }
    }
}
