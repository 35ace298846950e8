package gradus.array;

import java.util.Arrays;

/**
 * Depthwise convolutions over float arrays: each output channel depends on one channel of the input. As products they would
 * have an inner size of a few elements, so they are sums of shifted rows instead, each multiplied by one kernel element: the
 * channel is laid out by {@link Polyphase32}, so that one such row holds the elements for all outputs.
 *
 * <p>Each thread computes some channels of some images, or, of the weights' gradient, some channels of all. An infinite
 * or NaN element makes gradients NaN that depend on its row, since outputs that are left out are multiplied by zero.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Depthwise32 {
    /** Output channels of one input channel, at most; for more a product is faster. */
    private static final int MAX_FILTERS = 4;

    /** Vectors up to which a lane of a sum is one chain of multiply-adds. */
    private static final int MAX_CHAIN = 1 << 10;

    private static final DepthwiseLoops32 LOOPS = Loops.DEPTHWISE32;

    private Depthwise32() {}

    /** Returns whether this is faster than products. */
    static boolean fits(ConvGeometry g) {
        return g.c == 1 && g.m <= MAX_FILTERS && g.window() <= Matmul32.BLOCKED_ABOVE;
    }

    static void forward(ConvGeometry g, float[] x, float[] w, float[] bias, float[] y) {
        int window = g.window();
        Workers.split(g.n * g.groups, g.isLarge(), (from, to) -> {
            Polyphase32 image = new Polyphase32(g, 1);
            float[] grid = new float[image.outputs + Im2col32.SLACK];
            for (int i = from; i < to; i++) {
                image.read(x, i * g.plane());
                for (int j = 0; j < g.m; j++) {
                    int o = i % g.groups * g.m + j;
                    Arrays.fill(grid, bias == null ? 0 : bias[o]);
                    LOOPS.combine(image.offsets, image.outputs, w, o * window, image.data, grid, 0);
                    image.writeOutputs(grid, 0, y, (i * g.m + j) * g.outputs());
                }
            }
        });
    }

    /** Each phase of the gradient is a sum of shifted rows of the output's gradient, over the kernel elements of that phase. */
    static void inputGradient(ConvGeometry g, float[] gy, float[] w, float[] gx) {
        Workers.split(g.n * g.groups, g.isLarge(), (from, to) -> {
            Polyphase32 image = new Polyphase32(g, 1);
            int[][] elements = image.elementsOfPhases();
            int reach = image.reach();
            int[][] shifts = new int[elements.length][];
            for (int phase = 0; phase < shifts.length; phase++) {
                int[] all = elements[phase];
                shifts[phase] = new int[all.length];
                for (int t = 0; t < all.length; t++) {
                    shifts[phase][t] = reach - image.offsets[all[t]] % image.pitch;
                }
            }
            float[] grid = new float[reach + image.pitch + Im2col32.SLACK];
            float[] weights = new float[g.window()];
            for (int i = from; i < to; i++) {
                image.clear();
                for (int j = 0; j < g.m; j++) {
                    image.readOutputs(gy, (i * g.m + j) * g.outputs(), grid, reach);
                    int wo = (i % g.groups * g.m + j) * g.window();
                    for (int phase = 0; phase < shifts.length; phase++) {
                        for (int t = 0; t < shifts[phase].length; t++) {
                            weights[t] = w[wo + elements[phase][t]];
                        }
                        int n = image.pitch - Im2col32.SLACK;
                        LOOPS.combine(shifts[phase], n, weights, 0, grid, image.data, phase * image.pitch);
                    }
                }
                image.write(gx, i * g.plane());
            }
        });
    }

    static void weightGradient(ConvGeometry g, float[] x, float[] gy, float[] gw) {
        int window = g.window();
        int lanes = LOOPS.lanes();
        Workers.split(g.groups, g.isLarge(), (from, to) -> {
            Polyphase32 image = new Polyphase32(g, 1);
            float[] grid = new float[image.outputs + Im2col32.SLACK];
            float[][] sums = new float[g.m][window * lanes];
            for (int group = from; group < to; group++) {
                int chain = 0;
                for (int i = group; i < g.n * g.groups; i += g.groups) {
                    image.read(x, i * g.plane());
                    boolean full = chain + image.outputs / lanes >= MAX_CHAIN;
                    chain = full ? 0 : chain + image.outputs / lanes + 1;
                    for (int j = 0; j < g.m; j++) {
                        int wo = (group * g.m + j) * window;
                        image.readOutputs(gy, (i * g.m + j) * g.outputs(), grid, 0);
                        for (int at = 0; at < image.outputs; at += MAX_CHAIN * lanes) {
                            int end = Math.min(image.outputs, at + MAX_CHAIN * lanes);
                            LOOPS.dots(image.offsets, at, end, grid, image.data, sums[j]);
                            if (full) {
                                addLanes(sums[j], gw, wo, lanes);
                            }
                        }
                    }
                }
                for (int j = 0; j < g.m; j++) {
                    addLanes(sums[j], gw, (group * g.m + j) * window, lanes);
                }
            }
        });
    }

    /** Adds sums that were spread over lanes, which become zero. */
    private static void addLanes(float[] sums, float[] y, int yo, int lanes) {
        for (int t = 0; t < sums.length / lanes; t++) {
            /*wide*/ double sum = 0;
            for (int i = 0; i < lanes; i++) {
                sum += sums[t * lanes + i];
            }
            y[yo + t] += (float) sum;
        }
        Arrays.fill(sums, 0);
    }
}
