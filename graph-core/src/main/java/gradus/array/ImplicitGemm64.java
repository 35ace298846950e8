package gradus.array;

import java.util.Arrays;

/**
 * Convolutions over double arrays as products with the im2col matrix, one image at a time, without that matrix: in an image that
 * {@link Polyphase64} has padded, the row of a kernel element is a run of consecutive elements, so the product reads its rows where they
 * lie. (Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", 2014, call this implicit.)
 *
 * <p>The runs have more columns than there are outputs: those between the end of a row of outputs and the beginning of the next. They are
 * computed and left out, and are zeros in the output's gradient. A zero times an infinite or NaN element is NaN; so if a gradient is not
 * finite everywhere, methods return false and the caller computes it as {@link Conv64} does.
 */
final class ImplicitGemm64 {
    /** Outputs, at least, in 16 columns: for fewer, gathering is faster. */
    private static final int MIN_OUTPUTS = 10;
    /**
     * Elements of a kernel, at least, or output channels, at most: for fewer elements, loading and storing a tile's sums takes as long as
     * gathering, which is once for all tiles.
     */
    private static final int MIN_KERNEL = 32;

    private static final int MAX_FEW_OUTPUTS = 8;
    /** Input channels, at least, for the input's gradient: tiles have eight rows. */
    private static final int MIN_INPUTS = 4;
    /** Elements, at most, of the outputs of an image, or of the image: they stay in the L2 cache. */
    private static final int MAX_IMAGE = 1 << 17;
    /** Columns, at least, that a dot product runs over: for fewer, loading and storing its sum takes longer. */
    private static final int MIN_DOT = 256;
    /** Columns, at most, that dot products run over at a time: five rows of each operand stay in the L1 cache. */
    private static final int DOT = 3 << 9;
    /** Elements, about at most, of the sums that are spread over lanes. */
    private static final int MAX_LANE_SUMS = 1 << 17;

    private static final ConvLoops64 LOOPS = Loops.CONV64;

    private ImplicitGemm64() {}

    /** Returns whether the output of a convolution is faster this way. */
    static boolean fitsForward(ConvGeometry g) {
        return fits(g, g.c) && (g.kernelSize() >= MIN_KERNEL || g.m <= MAX_FEW_OUTPUTS);
    }

    /** Returns whether the input's gradient of a convolution is faster this way. */
    static boolean fitsInputGradient(ConvGeometry g) {
        return fits(g, g.m) && g.c >= MIN_INPUTS;
    }

    /** Returns whether the weights' gradient of a convolution is faster this way. */
    static boolean fitsWeightGradient(ConvGeometry g) {
        return fits(g, g.c) && columns(g) >= MIN_DOT && (long) g.m * g.kernelSize() * LOOPS.lanes() <= MAX_LANE_SUMS;
    }

    /** Returns whether a product over some channels is one chain of multiply-adds, and runs are mostly outputs. */
    private static boolean fits(ConvGeometry g, int channels) {
        long columns = columns(g);
        long image = (long) g.c * g.paddedD() * g.paddedH() * g.paddedW();
        return (long) channels * g.window() <= Matmul64.BLOCKED_ABOVE
                && 16L * g.outputs() >= MIN_OUTPUTS * columns
                && g.m * columns <= MAX_IMAGE
                && image <= MAX_IMAGE;
    }

    /** Returns the columns of the grid of outputs, as {@link Polyphase64#outputs} counts them. */
    private static long columns(ConvGeometry g) {
        int h = (g.paddedH() + g.rows.stride() - 1) / g.rows.stride();
        int w = (g.paddedW() + g.columns.stride() - 1) / g.columns.stride();
        return ((g.od - 1L) * h + g.oh - 1) * w + g.ow;
    }

    static void forward(ConvGeometry g, double[] x, double[] w, double[] bias, double[] y) {
        int k = g.kernelSize();
        double[] transposed = new double[w.length];
        for (int group = 0; group < g.groups; group++) {
            int o = group * g.m * k;
            Transpose64.transpose(k, g.m, w, o, k, transposed, o, g.m);
        }
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Polyphase64 image = new Polyphase64(g, g.c);
            int row = image.outputs + Im2col64.SLACK;
            double[] grid = new double[g.m * row];
            for (int i = from * g.groups; i < to * g.groups; i++) {
                int o = i % g.groups * g.m;
                image.read(x, i * g.c * g.plane());
                for (int j = 0; j < g.m; j++) {
                    Arrays.fill(grid, j * row, (j + 1) * row, bias == null ? 0 : bias[o + j]);
                }
                LOOPS.addShifted(
                        g.m, image.outputs, k, transposed, o * k, 1, g.m, image.data, 0, image.offsets, grid, 0, row);
                for (int j = 0; j < g.m; j++) {
                    image.writeOutputs(grid, j * row, y, (i * g.m + j) * g.outputs());
                }
            }
        });
    }

    /**
     * Writes the input's gradient, and returns whether it is finite. Each phase of it is a product of the weights of the phase's kernel
     * elements, transposed, with shifted rows of the output's gradient.
     */
    static boolean inputGradient(ConvGeometry g, double[] gy, double[] w, double[] gx) {
        Polyphase64 layout = new Polyphase64(g, 1);
        int[][] elements = layout.elementsOfPhases();
        int reach = layout.reach();
        int row = reach + layout.pitch + Im2col64.SLACK;
        int[][] starts = new int[elements.length][];
        for (int phase = 0; phase < starts.length; phase++) {
            int[] all = elements[phase];
            starts[phase] = new int[g.m * all.length];
            for (int t = 0; t < starts[phase].length; t++) {
                starts[phase][t] = t / all.length * row + reach - layout.offsets[all[t % all.length]] % layout.pitch;
            }
        }
        double[][][] weights = new double[g.groups][elements.length][];
        for (int group = 0; group < g.groups; group++) {
            for (int phase = 0; phase < elements.length; phase++) {
                weights[group][phase] = transposed(g, w, group * g.m, elements[phase]);
            }
        }
        int first = layout.phases() == 1 ? layout.first() : 0;
        int count = layout.phases() == 1 ? layout.span() : layout.pitch - Im2col64.SLACK;
        boolean[] finite = new boolean[g.n];
        Workers.split(g.n, g.isLarge(), (from, to) -> {
            Polyphase64 image = new Polyphase64(g, g.c);
            double[] grid = new double[g.m * row];
            for (int i = from * g.groups; i < to * g.groups; i++) {
                image.clear();
                for (int j = 0; j < g.m; j++) {
                    image.readOutputs(gy, (i * g.m + j) * g.outputs(), grid, j * row + reach);
                }
                for (int phase = 0; phase < starts.length; phase++) {
                    LOOPS.addShifted(
                            g.c,
                            count,
                            starts[phase].length,
                            weights[i % g.groups][phase],
                            0,
                            1,
                            g.c,
                            grid,
                            first,
                            starts[phase],
                            image.data,
                            first + phase * image.pitch,
                            image.channelPitch);
                }
                image.write(gx, i * g.c * g.plane());
            }
            for (int i = from; i < to; i++) {
                int size = g.groups * g.c * g.plane();
                finite[i] = isFinite(gx, i * size, (i + 1) * size);
            }
        });
        for (boolean one : finite) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    /** Returns the weights of some kernel elements t and of output channels m from the first on: [m, t, input channels]. */
    private static double[] transposed(ConvGeometry g, double[] w, int first, int[] elements) {
        double[] all = new double[g.m * elements.length * g.c];
        for (int at = 0; at < all.length; at++) {
            int c = at % g.c;
            int t = elements[at / g.c % elements.length];
            int m = at / (g.c * elements.length);
            all[at] = w[((first + m) * g.c + c) * g.window() + t];
        }
        return all;
    }

    /** Adds the weights' gradient, dot products of rows, to zeros, and returns whether it is finite. */
    static boolean weightGradient(ConvGeometry g, double[] x, double[] gy, double[] gw) {
        int block = Conv64.imagesOfBlock(g.n, gw.length);
        int blocks = (g.n + block - 1) / block;
        double[][] sums = new double[blocks][gw.length];
        Workers.split(blocks, g.isLarge(), (from, to) -> {
            for (int b = from; b < to; b++) {
                addWeightGradient(g, b * block, Math.min(g.n, (b + 1) * block), x, gy, sums[b]);
            }
        });
        for (double[] sum : sums) {
            for (int i = 0; i < gw.length; i++) {
                gw[i] += sum[i];
            }
        }
        return isFinite(gw, 0, gw.length);
    }

    private static void addWeightGradient(ConvGeometry g, int from, int to, double[] x, double[] gy, double[] gw) {
        int k = g.kernelSize();
        Polyphase64 image = new Polyphase64(g, g.c);
        int columns = (image.outputs + LOOPS.lanes() - 1) / LOOPS.lanes() * LOOPS.lanes();
        int parts = (columns + DOT - 1) / DOT;
        int width = (columns / LOOPS.lanes() + parts - 1) / parts * LOOPS.lanes();
        double[] grid = new double[g.m * columns];
        double[] lanes = new double[g.m * k * LOOPS.lanes()];
        for (int group = 0; group < g.groups; group++) {
            long chain = 0; // a single chain over all columns of all images would lose digits
            for (int i = from * g.groups + group; i < to * g.groups; i += g.groups) {
                image.read(x, i * g.c * g.plane());
                for (int j = 0; j < g.m; j++) {
                    image.readOutputs(gy, (i * g.m + j) * g.outputs(), grid, j * columns);
                }
                for (int at = 0; at < columns; at += width) {
                    int count = Math.min(width, columns - at);
                    LOOPS.dots(g.m, count, grid, at, columns, image.data, at, image.offsets, lanes);
                    chain += count;
                    if (chain >= (long) DOT * LOOPS.lanes()) {
                        Conv64.addLanes(lanes, gw, group * g.m * k, k, k);
                        chain = 0;
                    }
                }
            }
            Conv64.addLanes(lanes, gw, group * g.m * k, k, k);
        }
    }

    private static boolean isFinite(double[] x, int from, int to) {
        double sum = 0; // NaN once an element is infinite or NaN
        for (int i = from; i < to; i++) {
            sum += x[i] * 0;
        }
        return sum == 0;
    }
}
