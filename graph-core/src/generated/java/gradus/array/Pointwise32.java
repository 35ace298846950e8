package gradus.array;

import java.util.Arrays;

/**
 * Convolutions over float arrays with kernels of one element, stride 1 and no padding. The im2col matrix of an image is
 * the image then, [c, p], so each image is one product with the weights.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Pointwise32 {
    private static final Matmul32 MATMUL = Loops.MATMUL32;

    private Pointwise32() {}

    /** Returns whether a convolution is one of these. */
    static boolean fits(ConvGeometry g) {
        int strides = g.slices.stride() * g.rows.stride() * g.columns.stride();
        return g.window() == 1 && strides == 1 && g.paddedD() == g.d && g.paddedH() == g.h && g.paddedW() == g.w;
    }

    static void forward(ConvGeometry g, float[] x, float[] w, float[] bias, float[] y) {
        int p = g.outputs();
        Workers.split(g.n * g.groups, g.isLarge(), (from, to) -> {
            for (int i = from; i < to; i++) {
                int o = i % g.groups * g.m;
                for (int j = 0; j < g.m && bias != null; j++) {
                    Arrays.fill(y, (i * g.m + j) * p, (i * g.m + j + 1) * p, bias[o + j]);
                }
                MATMUL.product(g.m, p, g.c, w, o * g.c, false, x, i * g.c * p, false, y, i * g.m * p);
            }
        });
    }

    static void inputGradient(ConvGeometry g, float[] gy, float[] w, float[] gx) {
        int p = g.outputs();
        Workers.split(g.n * g.groups, g.isLarge(), (from, to) -> {
            for (int i = from; i < to; i++) {
                int o = i % g.groups * g.m * g.c;
                MATMUL.product(g.c, p, g.m, w, o, true, gy, i * g.m * p, false, gx, i * g.c * p);
            }
        });
    }

    static void weightGradient(ConvGeometry g, float[] x, float[] gy, float[] gw) {
        int p = g.outputs();
        float[] product = new float[g.m * g.c];
        for (int i = 0; i < g.n * g.groups; i++) {
            Arrays.fill(product, 0);
            MATMUL.product(g.m, g.c, p, gy, i * g.m * p, false, x, i * g.c * p, true, product, 0);
            int o = i % g.groups * product.length;
            for (int t = 0; t < product.length; t++) {
                gw[o + t] += product[t];
            }
        }
    }
}
