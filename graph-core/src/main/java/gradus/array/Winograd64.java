package gradus.array;

import gradus.array.TilePixels64.Images;
import java.util.Arrays;

/**
 * Convolutions over double arrays with kernels of 3 x 3 elements and stride 1, by minimal filtering (Winograd, "Arithmetic Complexity
 * of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016). A tile of 2 x 2 outputs
 * depends on 4 x 4 inputs; as a direct sum it takes 36 products for each pair of channels, here 16: with B, G and A below,
 *
 * <pre>{@code
 * y = A^T [(G g G^T) * (B^T d B)] A    F(2 x 2, 3 x 3): outputs y from a kernel g and inputs d
 * v = C^T [(H e H^T) * (B^T d B)] C    F(3 x 3, 2 x 2): a kernel's gradient v from inputs d and the output's gradient e
 *
 *       1  0 -1  0          1    0    0                            1    0
 * B^T = 0  1  1  0    G =  1/2  1/2  1/2   A^T = 1  1  1  0   H = 1/2  1/2   C^T = 1  1  1  0
 *       0 -1  1  0         1/2 -1/2  1/2         0  1 -1  1       1/2 -1/2         0  1 -1  0
 *       0 -1  0  1          0    0    1                            0    1          0  1  1  1
 * }</pre>
 *
 * <p>where * multiplies elements. Summed over channels, or over tiles for the kernel's gradient, each of the 16 elements is a product of
 * matrices. The input's gradient is the convolution of the output's with transposed, flipped kernels.
 *
 * <p>Some rows of tiles at a time are transformed, multiplied and transformed back, few enough for the L2 cache. Channels lie next to each
 * other for this, so that transforms are those of vectors of channels; {@link TilePixels64} transposes images.
 *
 * <p>Products of transformed elements do not keep infinities and NaN inside the windows that they are in, and may overflow first. So if a
 * result is not finite everywhere, methods return false and the caller computes it directly.
 */
final class Winograd64 {
    /** Input and output channels from which this is faster than direct products. */
    private static final int MIN_CHANNELS = 32;
    /** Pairs of channels for each tile, at most: a kernel's transform has to pay. */
    private static final int MAX_PAIRS_PER_TILE = 1 << 11;
    /** Tiles, at least: for fewer, copying them takes longer than the products that are saved. */
    private static final int MIN_TILES = 64;
    /** Elements, at most, of a row of transformed tiles. */
    private static final int MAX_ROW = 1 << 20;
    /** Elements of a transformed tile. */
    private static final int TILE = 16;
    /** Elements of a kernel. */
    private static final int KERNEL = 9;
    /** Tiles, about, that are transformed at a time, and their elements over all channels. */
    private static final int TILES = 96;

    private static final int ELEMENTS = 3 << 17;
    /** Tiles, about, whose products are added to the kernels' gradient at a time: those of two blocks fit into the L1 cache. */
    private static final int GRADIENT_TILES = 64;
    /** Tiles up to which a sum is one chain of multiply-adds. */
    private static final int MAX_CHAIN = 1 << 10;
    /** Kernels whose channels are transposed at a time. */
    private static final int KERNELS = 32;

    private static final ConvLoops64 PRODUCTS = Loops.CONV64;
    private static final WinogradLoops64 LOOPS = Loops.WINOGRAD64;
    private static final int LANES = LOOPS.lanes();
    /** Channels of a block: the columns of a product. */
    private static final int BLOCK = 4 * LANES;

    private Winograd64() {}

    /** Returns whether a convolution is one of these, and this is faster than direct products. */
    static boolean fits(ConvGeometry g) {
        boolean plane = g.kd == 1 && g.d == 1 && g.od == 1 && g.kh == 3 && g.kw == 3 && g.groups == 1;
        long tiles = (long) g.n * tiles(g.oh) * tiles(g.ow);
        return plane
                && tiles >= MIN_TILES
                && fits(g.rows)
                && fits(g.columns)
                && fits(g.c)
                && fits(g.m)
                && (long) TILE * tiles(Math.max(g.ow, g.w)) * Math.max(g.c, g.m) <= MAX_ROW
                && (long) g.c * g.m <= MAX_PAIRS_PER_TILE * tiles;
    }

    private static boolean fits(WindowOptions.Axis axis) {
        return axis.stride() == 1 && axis.dilation() == 1 && axis.before() <= 2 && axis.after() <= 2;
    }

    private static boolean fits(int channels) {
        return channels >= MIN_CHANNELS && channels <= Matmul64.BLOCKED_ABOVE;
    }

    /** Returns how many tiles cover a number of outputs. */
    private static int tiles(int outputs) {
        return (outputs + 1) / 2;
    }

    private static int blocks(int channels) {
        return (channels + BLOCK - 1) / BLOCK;
    }

    private static int wholeVectors(int channels) {
        return (channels + LANES - 1) / LANES * LANES;
    }

    /** Writes the output, and returns whether it is finite. */
    static boolean forward(ConvGeometry g, double[] x, double[] w, double[] bias, double[] y) {
        int tall = tiles(g.oh);
        int wide = tiles(g.ow);
        Images input = new Images(g.c, g.h, g.w, g.rows.before(), g.columns.before(), tall, wide);
        Images output = new Images(g.m, g.oh, g.ow, 0, 0, tall, wide);
        return convolve(g, input, x, kernels(g.m, g.c, w, false, g.isLarge()), bias, output, y);
    }

    /** Writes the input's gradient, and returns whether it is finite. */
    static boolean inputGradient(ConvGeometry g, double[] gy, double[] w, double[] gx) {
        int tall = tiles(g.h);
        int wide = tiles(g.w);
        Images input = new Images(g.m, g.oh, g.ow, 2 - g.rows.before(), 2 - g.columns.before(), tall, wide);
        Images output = new Images(g.c, g.h, g.w, 0, 0, tall, wide);
        return convolve(g, input, gy, kernels(g.c, g.m, w, true, g.isLarge()), null, output, gx);
    }

    /** Returns the transforms of kernels: for each block of output channels, [tile elements, input channels, the block]. */
    private static double[] kernels(int outputs, int inputs, double[] w, boolean transposed, boolean large) {
        double[] all = new double[TILE * (inputs * wholeVectors(outputs) + blocks(outputs) * LANES)];
        int[] elements = new int[KERNELS * KERNEL];
        int pitch = wholeVectors(BLOCK) + LANES;
        for (int i = 0; i < elements.length; i++) {
            elements[i] = (transposed ? KERNEL - 1 - i : i) * pitch;
        }
        int[] rows = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            rows[i] = i * KERNEL * (transposed ? 1 : inputs);
        }
        int steps = (inputs + KERNELS - 1) / KERNELS;
        Workers.split(blocks(outputs) * steps, large, (from, to) -> {
            double[] some = new double[KERNELS * KERNEL * pitch];
            for (int u = from; u < to; u++) {
                int o = u / steps * BLOCK;
                int c = u % steps * KERNELS;
                int block = Math.min(BLOCK, outputs - o);
                int count = Math.min(KERNELS, inputs - c);
                Arrays.fill(some, 0); // also behind the last channel of a block
                if (transposed) {
                    for (int i = 0; i < count; i++) {
                        int wo = ((c + i) * outputs + o) * KERNEL;
                        LOOPS.transpose(block, KERNEL, w, wo, rows, 0, some, i * KERNEL * pitch, elements, 0);
                    }
                } else {
                    int wo = (o * inputs + c) * KERNEL;
                    LOOPS.transpose(block, count * KERNEL, w, wo, rows, 0, some, 0, elements, 0);
                }
                int width = wholeVectors(block);
                int at = TILE * o / BLOCK * (inputs * BLOCK + LANES) + c * width;
                LOOPS.kernels(count, width, some, KERNEL * pitch, pitch, all, at, width, inputs * width + LANES);
            }
        });
        return all;
    }

    private static boolean convolve(
            ConvGeometry g, Images input, double[] x, double[] kernels, double[] bias, Images output, double[] y) {
        int rows = g.n * input.tall();
        int most = rows(input.wide(), Math.min(TILES, ELEMENTS / (TILE * input.c())));
        int steps = Math.max((rows + most - 1) / most, Math.min(rows, Workers.parts()));
        int step = (rows + steps - 1) / steps;
        double[] added = new double[wholeVectors(output.c())];
        if (bias != null) {
            System.arraycopy(bias, 0, added, 0, bias.length);
        }
        boolean[] infinite = new boolean[1];
        Workers.split((rows + step - 1) / step, g.isLarge(), (from, to) -> {
            Convolution convolution = new Convolution(input, output, kernels, added, step);
            for (int s = from; s < to; s++) {
                if (!convolution.run(s * step, Math.min(rows, (s + 1) * step), x, y)) {
                    infinite[0] = true;
                }
            }
        });
        return !infinite[0];
    }

    /** The convolution of some rows of tiles at a time. */
    private static final class Convolution {
        private final TilePixels64 inputs;
        private final TilePixels64 outputs;
        private final int c;
        private final int m;
        private final double[] kernels;
        private final double[] bias;
        /** Transformed tiles: [tiles, tile elements, input channels]. */
        private final double[] d;
        /** The distances between tiles, which are no multiple of a large power of two, and between their elements. */
        private final int st;

        private final int se;
        /** Products: [tile elements, tiles, a block of output channels]. */
        private final double[] products;

        private final int sp;

        Convolution(Images input, Images output, double[] kernels, double[] bias, int step) {
            c = input.c();
            m = output.c();
            this.kernels = kernels;
            this.bias = bias;
            inputs = new TilePixels64(input, 4, c, step);
            outputs = new TilePixels64(output, 2, Math.min(BLOCK, m), step);
            se = wholeVectors(c);
            st = TILE * se + LANES;
            sp = step * input.wide() * BLOCK + LANES;
            d = new double[step * input.wide() * st];
            products = new double[TILE * sp];
        }

        /** Writes the outputs of rows of tiles, and returns whether they are finite. */
        boolean run(int from, int to, double[] x, double[] y) {
            inputs.locate(from, to);
            outputs.locate(from, to);
            int n = inputs.count;
            inputs.read(x, 0, c);
            LOOPS.input(n, inputs.tiles, c, inputs.data, 0, inputs.row, inputs.pitch, d, 0, st, se);
            boolean finite = true;
            for (int o = 0; o < m; o += BLOCK) {
                int block = Math.min(BLOCK, m - o);
                int width = wholeVectors(block);
                int at = TILE * o / BLOCK * (c * BLOCK + LANES);
                for (int i = 0; i < TILE; i++, at += c * width + LANES) {
                    Arrays.fill(products, i * sp, i * sp + n * BLOCK, 0);
                    PRODUCTS.add(n, width, c, d, i * se, st, 1, kernels, at, width, products, i * sp, BLOCK);
                }
                finite &= LOOPS.output(
                        n,
                        outputs.tiles,
                        block,
                        products,
                        BLOCK,
                        sp,
                        bias,
                        o,
                        outputs.data,
                        outputs.row,
                        outputs.pitch);
                outputs.write(y, o, block);
            }
            return finite;
        }
    }

    /** Returns how many rows of tiles have about as many as given. */
    private static int rows(int wide, int tiles) {
        return Math.max(1, tiles / wide);
    }

    /** Writes the kernels' gradient, and returns whether it is finite. */
    static boolean weightGradient(ConvGeometry g, double[] x, double[] gy, double[] gw) {
        int size = TILE * blocks(g.m) * blocks(g.c) * BLOCK * BLOCK;
        int block = Conv64.imagesOfBlock(g.n, size);
        double[][] sums = new double[(g.n + block - 1) / block][size];
        Workers.split(sums.length, g.isLarge(), (from, to) -> {
            Gradient gradient = new Gradient(g);
            for (int b = from; b < to; b++) {
                gradient.add(b * block, Math.min(g.n, (b + 1) * block), x, gy, sums[b]);
            }
        });
        double[] all = sums[0];
        for (int b = 1; b < sums.length; b++) {
            for (int i = 0; i < size; i++) {
                all[i] += sums[b][i];
            }
        }
        transformBack(g, all, gw);
        double zeros = 0;
        for (double v : gw) {
            zeros = Math.fma(0, v, zeros);
        }
        return zeros == 0;
    }

    /** Writes gradients of kernels, given the sums of the products of each block of channels. */
    private static void transformBack(ConvGeometry g, double[] sums, double[] gw) {
        int[] to = new int[BLOCK];
        int[] rows = new int[KERNEL];
        for (int i = 0; i < BLOCK; i++) {
            to[i] = i * KERNEL;
        }
        for (int i = 0; i < KERNEL; i++) {
            rows[i] = i * BLOCK;
        }
        Workers.split(g.m, g.isLarge(), (from, end) -> {
            double[] kernels = new double[KERNEL * BLOCK];
            for (int o = from; o < end; o++) {
                for (int c = 0; c < g.c; c += BLOCK) {
                    int count = Math.min(BLOCK, g.c - c);
                    int at = (c / BLOCK * blocks(g.m) + o / BLOCK) * TILE * BLOCK * BLOCK + o % BLOCK * BLOCK;
                    LOOPS.kernelGradient(wholeVectors(count), sums, at, BLOCK * BLOCK, kernels, BLOCK);
                    LOOPS.transpose(KERNEL, count, kernels, 0, rows, 0, gw, (o * g.c + c) * KERNEL, to, 0);
                }
            }
        });
    }

    /** The sums of products of some images, and what a thread needs to add them up. */
    private static final class Gradient {
        private final ConvGeometry g;
        private final int tall;
        private final int step;
        private final TilePixels64 inputs;
        private final TilePixels64 outputs;
        /** The distance between elements of transformed tiles. */
        private final int se;
        /** Transformed tiles of the output's gradient: for each block of channels, [tile elements, tiles, the block]. */
        private final double[] e;
        /** Transformed tiles of a block of input channels. */
        private final double[] d;

        Gradient(ConvGeometry g) {
            this.g = g;
            tall = tiles(g.oh);
            int wide = tiles(g.ow);
            step = rows(wide, GRADIENT_TILES);
            Images input = new Images(g.c, g.h, g.w, g.rows.before(), g.columns.before(), tall, wide);
            inputs = new TilePixels64(input, 4, Math.min(BLOCK, g.c), step);
            outputs = new TilePixels64(new Images(g.m, g.oh, g.ow, 0, 0, tall, wide), 2, g.m, step);
            se = step * wide * BLOCK + LANES;
            e = new double[blocks(g.m) * TILE * se];
            d = new double[TILE * se];
        }

        void add(int from, int to, double[] x, double[] gy, double[] sums) {
            boolean cut = (long) (to - from) * tall * tiles(g.ow) > MAX_CHAIN;
            double[] chain = cut ? new double[sums.length] : sums;
            int chained = 0;
            for (int r = from * tall; r < to * tall; r += step) {
                int end = Math.min(to * tall, r + step);
                outputs.locate(r, end);
                inputs.locate(r, end);
                if (cut && chained + inputs.count > MAX_CHAIN) {
                    flush(chain, sums);
                    chained = 0;
                }
                chained += inputs.count;
                outputs.read(gy, 0, g.m);
                for (int o = 0; o < g.m; o += BLOCK) {
                    int width = wholeVectors(Math.min(BLOCK, g.m - o));
                    int eo = o / BLOCK * TILE * se;
                    LOOPS.outputGradient(
                            outputs.count,
                            outputs.tiles,
                            width,
                            outputs.data,
                            o,
                            outputs.row,
                            outputs.pitch,
                            e,
                            eo,
                            BLOCK,
                            se);
                }
                for (int c = 0; c < g.c; c += BLOCK) {
                    add(x, c, chain);
                }
            }
            if (cut) {
                flush(chain, sums);
            }
        }

        /** Adds the products of all output channels with a block of input channels. */
        private void add(double[] x, int c, double[] sums) {
            int block = Math.min(BLOCK, g.c - c);
            int width = wholeVectors(block);
            int n = inputs.count;
            inputs.read(x, c, block);
            LOOPS.input(n, inputs.tiles, width, inputs.data, 0, inputs.row, inputs.pitch, d, 0, BLOCK, se);
            for (int i = 0; i < TILE; i++) {
                for (int o = 0; o < blocks(g.m); o++) {
                    int rows = Math.min(BLOCK, g.m - o * BLOCK);
                    int to = ((c / BLOCK * blocks(g.m) + o) * TILE + i) * BLOCK * BLOCK;
                    PRODUCTS.add(rows, width, n, e, (o * TILE + i) * se, 1, BLOCK, d, i * se, BLOCK, sums, to, BLOCK);
                }
            }
        }

        private static void flush(double[] chain, double[] sums) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += chain[i];
            }
            Arrays.fill(chain, 0);
        }
    }
}
