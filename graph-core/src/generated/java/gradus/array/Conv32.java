package gradus.array;

import java.util.Arrays;

/**
 * Convolutions over float arrays, as matrix products of one image at a time. The im2col matrix [k, p] of an image has
 * a column for each of the p elements of an output channel: the k elements that the kernel is multiplied with there.
 * The weights [m, k] times it are the output; the output's gradient times its transpose is the weights' gradient; the
 * weights' transpose times the output's gradient is the gradient of the im2col matrix, which col2im adds to that of the
 * image. The matrix is k / c times as large as the image, so only a panel of its columns exists at a time, small enough
 * for the L2 cache; see {@link Im2col32}.
 *
 * <p>Each thread computes some of the images. The weights' gradient is a sum over all of them: they are cut into
 * blocks, in a way that depends on their number alone, each block is summed by one thread, and the sums are added up in
 * order.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Conv32 {
    /** Columns of a panel that is multiplied by weights: a few vectors wide, as the product takes it in one go. */
    private static final int PANEL_WIDTH = 64;
    /** Columns, at most, of a panel that rows of an output's gradient are multiplied with, and about its elements. */
    private static final int GRADIENT_PANEL_WIDTH = 1 << 10;

    private static final int GRADIENT_PANEL_SIZE = 1 << 15;
    /** Elements, about at most, of the sums that are spread over lanes. */
    private static final int MAX_LANE_SUMS = 1 << 20;
    /**
     * Output channels, and kernel elements, from which transposing an output's gradient pays for the weights' gradient.
     */
    private static final int TRANSPOSE_FROM_CHANNELS = 16;

    private static final int TRANSPOSE_FROM_ELEMENTS = 64;
    /** How many blocks of images the weights' gradient is summed in, at most. */
    private static final int MAX_BLOCKS = 8;

    /** Elements, about at most, of the sums of all blocks. */
    private static final int MAX_BLOCK_SUMS = 1 << 21;

    private static final ConvLoops32 LOOPS = Loops.CONV32;

    private Conv32() {}

    static void forward(ConvGeometry g, float[] x, float[] w, float[] bias, float[] y) {
        if (Depthwise32.fits(g)) {
            Depthwise32.forward(g, x, w, bias, y);
            return;
        }
        if (Pointwise32.fits(g)) {
            Pointwise32.forward(g, x, w, bias, y);
            return;
        }
        if (Winograd32.fits(g)) {
            if (Winograd32.forward(g, x, w, bias, y)) {
                return;
            }
            Arrays.fill(y, 0);
        }
        if (ImplicitGemm32.fitsForward(g)) {
            ImplicitGemm32.forward(g, x, w, bias, y);
            return;
        }
        forwardDirectly(g, x, w, bias, y);
    }

    /** Adds it as products with the im2col matrix. */
    static void forwardDirectly(ConvGeometry g, float[] x, float[] w, float[] bias, float[] y) {
        int k = g.kernelSize();
        int p = g.outputs();
        int width = width(p, PANEL_WIDTH);
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Im2col32 im2col = new Im2col32(g, g.c, width);
            float[] b = im2col.panel;
            int step = im2col.step;
            float[] sums = sums(g.m, width, k);
            for (int i = from * g.groups; i < to * g.groups; i++) {
                int o = i % g.groups * g.m;
                for (int j = 0; j < g.m && bias != null; j++) {
                    Arrays.fill(y, (i * g.m + j) * p, (i * g.m + j + 1) * p, bias[o + j]);
                }
                im2col.read(x, i * g.c);
                for (int at = 0; at < p; at += width) {
                    int count = Math.min(width, p - at);
                    im2col.gather(at, count);
                    add(g.m, count, k, w, o * k, k, 1, b, 0, step, y, i * g.m * p + at, p, sums);
                }
            }
        });
    }

    static void inputGradient(ConvGeometry g, float[] gy, float[] w, float[] gx) {
        if (Depthwise32.fits(g)) {
            Depthwise32.inputGradient(g, gy, w, gx);
            return;
        }
        if (Pointwise32.fits(g)) {
            Pointwise32.inputGradient(g, gy, w, gx);
            return;
        }
        if (Winograd32.fits(g)) {
            if (Winograd32.inputGradient(g, gy, w, gx)) {
                return;
            }
            Arrays.fill(gx, 0);
        } else if (ImplicitGemm32.fitsInputGradient(g)) {
            if (ImplicitGemm32.inputGradient(g, gy, w, gx)) {
                return;
            }
            Arrays.fill(gx, 0);
        }
        inputGradientDirectly(g, gy, w, gx);
    }

    /** Adds it as products with the im2col matrix. */
    static void inputGradientDirectly(ConvGeometry g, float[] gy, float[] w, float[] gx) {
        int k = g.kernelSize();
        int p = g.outputs();
        int width = width(p, PANEL_WIDTH);
        float[] transposed = new float[w.length];
        for (int group = 0; group < g.groups; group++) {
            int o = group * g.m * k;
            Transpose32.transpose(k, g.m, w, o, k, transposed, o, g.m);
        }
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Im2col32 im2col = new Im2col32(g, g.c, width);
            float[] b = im2col.panel;
            int step = im2col.step;
            float[] sums = sums(k, width, g.m);
            for (int i = from * g.groups; i < to * g.groups; i++) {
                int wo = i % g.groups * g.m * k;
                im2col.clear();
                for (int at = 0; at < p; at += width) {
                    int count = Math.min(width, p - at);
                    Arrays.fill(b, 0);
                    add(k, count, g.m, transposed, wo, g.m, 1, gy, i * g.m * p + at, p, b, 0, step, sums);
                    im2col.add(at, count);
                }
                im2col.write(gx, i * g.c);
            }
        });
    }

    /** Writes the im2col matrix of each image. */
    static void im2col(ConvGeometry g, float[] x, float[] y) {
        int p = g.outputs();
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Im2col32 im2col = new Im2col32(g, g.c, Math.min(p, PANEL_WIDTH));
            for (int i = from; i < to; i++) {
                im2col.read(x, i * g.c);
                for (int at = 0; at < p; at += PANEL_WIDTH) {
                    int count = Math.min(PANEL_WIDTH, p - at);
                    im2col.gather(at, count);
                    for (int t = 0; t < im2col.rows(); t++) {
                        System.arraycopy(im2col.panel, t * im2col.step, y, (i * im2col.rows() + t) * p + at, count);
                    }
                }
            }
        });
    }

    /** Adds the im2col matrix of each image to it. */
    static void col2im(ConvGeometry g, float[] y, float[] x) {
        int p = g.outputs();
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Im2col32 im2col = new Im2col32(g, g.c, Math.min(p, PANEL_WIDTH));
            for (int i = from; i < to; i++) {
                im2col.clear();
                for (int at = 0; at < p; at += PANEL_WIDTH) {
                    int count = Math.min(PANEL_WIDTH, p - at);
                    for (int t = 0; t < im2col.rows(); t++) {
                        System.arraycopy(y, (i * im2col.rows() + t) * p + at, im2col.panel, t * im2col.step, count);
                    }
                    im2col.add(at, count);
                }
                im2col.write(x, i * g.c);
            }
        });
    }

    /** Returns room for the sums of a block of a product, or null if its inner size is that of a single chain. */
    private static float[] sums(int m, int n, int k) {
        return k > Matmul32.BLOCKED_ABOVE ? new float[m * n] : null;
    }

    /**
     * Adds a product as {@link ConvLoops32#add} does; of a large inner size in blocks of {@link Matmul32#BLOCK}.
     *
     * @param sums room for the sums of a block, or null for a single chain
     */
    private static void add(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo,
            int sy,
            float[] sums) {
        if (sums == null) {
            LOOPS.add(m, n, k, a, ao, sa, sp, b, bo, sb, y, yo, sy);
            return;
        }
        for (int p = 0; p < k; p += Matmul32.BLOCK) {
            int depth = Math.min(Matmul32.BLOCK, k - p);
            Arrays.fill(sums, 0, m * n, 0);
            LOOPS.add(m, n, depth, a, ao + p * sp, sa, sp, b, bo + p * sb, sb, sums, 0, n);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    y[yo + i * sy + j] += sums[i * n + j];
                }
            }
        }
    }

    /** Returns the width of panels: at most as given, and less where the last would be too narrow. */
    private static int width(int outputs, int maxWidth) {
        if (outputs <= maxWidth || outputs % maxWidth == 0 || outputs % maxWidth >= LOOPS.minColumns()) {
            return Math.min(outputs, maxWidth);
        }
        int panels = (outputs + maxWidth - 1) / maxWidth;
        return (outputs + panels - 1) / panels;
    }

    static void weightGradient(ConvGeometry g, float[] x, float[] gy, float[] gw) {
        if (Depthwise32.fits(g)) {
            Depthwise32.weightGradient(g, x, gy, gw);
            return;
        }
        if (Pointwise32.fits(g)) {
            Pointwise32.weightGradient(g, x, gy, gw);
            return;
        }
        if (Winograd32.fits(g)) {
            if (Winograd32.weightGradient(g, x, gy, gw)) {
                return;
            }
            Arrays.fill(gw, 0);
        } else if (ImplicitGemm32.fitsWeightGradient(g)) {
            if (ImplicitGemm32.weightGradient(g, x, gy, gw)) {
                return;
            }
            Arrays.fill(gw, 0);
        }
        weightGradientDirectly(g, x, gy, gw);
    }

    /** Adds it as products with the im2col matrix. */
    static void weightGradientDirectly(ConvGeometry g, float[] x, float[] gy, float[] gw) {
        int block = imagesOfBlock(g.n, gw.length);
        int blocks = (g.n + block - 1) / block;
        boolean byColumns = g.m >= TRANSPOSE_FROM_CHANNELS && g.kernelSize() >= TRANSPOSE_FROM_ELEMENTS;
        float[][] sums = new float[blocks][gw.length];
        Workers.split(blocks, g.isLarge(), (from, to) -> {
            for (int b = from; b < to; b++) {
                int end = Math.min(g.n, (b + 1) * block);
                if (byColumns) {
                    addByColumns(g, b * block, end, x, gy, sums[b]);
                } else {
                    addByRows(g, b * block, end, x, gy, sums[b]);
                }
            }
        });
        float[] all = byColumns ? new float[gw.length] : gw;
        for (float[] sum : sums) {
            add(sum, all, 0);
        }
        for (int group = 0; group < g.groups && byColumns; group++) {
            int o = group * g.m * g.kernelSize();
            Transpose32.transpose(g.m, g.kernelSize(), all, o, g.m, gw, o, g.kernelSize());
        }
    }

    /** Returns how many images the weights' gradient is summed over in a block, given the number of sums. */
    static int imagesOfBlock(int images, int sums) {
        int blocks = Math.max(1, Math.min(MAX_BLOCKS, MAX_BLOCK_SUMS / Math.max(1, sums)));
        return Math.max(1, (images + blocks - 1) / blocks);
    }

    /**
     * Adds the gradients of some images, for many output channels, transposed: rows of the panel times columns of the output's
     * gradient. Sums of many columns are cut, as a single chain over all of them would lose digits.
     */
    private static void addByColumns(ConvGeometry g, int from, int to, float[] x, float[] gy, float[] gw) {
        int p = g.outputs();
        int width = width(p, GRADIENT_PANEL_WIDTH);
        int window = g.window();
        int maxChannels = (int) Math.max(1, Math.min(g.c, GRADIENT_PANEL_SIZE / Math.max(1, (long) window * width)));
        Im2col32 some = new Im2col32(g, maxChannels, width);
        Im2col32 rest = new Im2col32(g, g.c % maxChannels, width);
        float[] transposed = new float[width * g.m];
        int size = g.kernelSize() * g.m;
        boolean cut = (long) (to - from) * p > GRADIENT_PANEL_WIDTH;
        float[] chain = cut ? new float[size] : gw;
        for (int group = 0; group < g.groups; group++) {
            int chained = 0;
            for (int i = from * g.groups + group; i < to * g.groups; i += g.groups) {
                for (int at = 0; at < p; at += width) {
                    int count = Math.min(width, p - at);
                    if (cut && chained + count > GRADIENT_PANEL_WIDTH) {
                        add(chain, gw, group * size);
                        Arrays.fill(chain, 0);
                        chained = 0;
                    }
                    chained += count;
                    Transpose32.transpose(count, g.m, gy, i * g.m * p + at, p, transposed, 0, g.m);
                    for (int c = 0; c < g.c; c += maxChannels) {
                        Im2col32 im2col = c + maxChannels <= g.c ? some : rest;
                        im2col.read(x, i * g.c + c);
                        im2col.gather(at, count);
                        int yo = (cut ? 0 : group * size) + c * window * g.m;
                        int rows = im2col.rows();
                        LOOPS.add(
                                rows, g.m, count, im2col.panel, 0, im2col.step, 1, transposed, 0, g.m, chain, yo, g.m);
                    }
                }
            }
            if (cut) {
                add(chain, gw, group * size);
                Arrays.fill(chain, 0);
            }
        }
    }

    private static void add(float[] x, float[] y, int yo) {
        for (int i = 0; i < x.length; i++) {
            y[yo + i] += x[i];
        }
    }

    /** Adds the gradients of some images, a few channels at a time, as dot products of rows, which are long. */
    private static void addByRows(ConvGeometry g, int from, int to, float[] x, float[] gy, float[] gw) {
        int p = g.outputs();
        int width = width(p, GRADIENT_PANEL_WIDTH);
        int window = g.window();
        long maxChannels = Math.max(
                1,
                Math.min(
                        GRADIENT_PANEL_SIZE / Math.max(1, (long) window * width),
                        MAX_LANE_SUMS / Math.max(1, (long) g.m * window * LOOPS.lanes())));
        for (int c = 0; c < g.c; c += (int) maxChannels) {
            Im2col32 im2col = new Im2col32(g, (int) Math.min(maxChannels, g.c - c), width);
            int rows = im2col.rows();
            float[] lanes = new float[g.m * rows * LOOPS.lanes()];
            for (int group = 0; group < g.groups; group++) {
                int wo = group * g.m * g.kernelSize() + c * window;
                long chain = 0; // a single chain over all columns of all images would lose digits
                for (int i = from * g.groups + group; i < to * g.groups; i += g.groups) {
                    im2col.read(x, i * g.c + c);
                    for (int at = 0; at < p; at += width) {
                        int count = Math.min(width, p - at);
                        im2col.gather(at, count);
                        int go = i * g.m * p + at;
                        LOOPS.dots(g.m, count, gy, go, p, im2col.panel, 0, im2col.rowStarts, lanes);
                        chain += count;
                        if (chain >= (long) GRADIENT_PANEL_WIDTH * LOOPS.lanes()) {
                            addLanes(lanes, gw, wo, rows, g.kernelSize());
                            chain = 0;
                        }
                    }
                }
                addLanes(lanes, gw, wo, rows, g.kernelSize());
            }
        }
    }

    /** Adds sums that were spread over lanes, which become zero, to rows of n that are step apart. */
    static void addLanes(float[] lanes, float[] y, int yo, int n, int step) {
        int count = LOOPS.lanes();
        for (int i = 0; i * count < lanes.length; i++) {
            float even = 0;
            float odd = 0;
            int j = i * count;
            for (; j + 1 < (i + 1) * count; j += 2) {
                even += lanes[j];
                odd += lanes[j + 1];
            }
            y[yo + i / n * step + i % n] += even + odd + (count % 2 == 0 ? 0 : lanes[j]);
        }
        Arrays.fill(lanes, 0);
    }
}
