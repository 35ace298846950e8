package gradus.nn.data;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;

/**
 * Generates images of digits that look handwritten, for training where no data file is at hand.
 *
 * <p>Each digit is a few pen strokes through points of the unit square, x to the right and y down. For every image the
 * points get noise, are smoothed to a curve by two rounds of Chaikin's corner cutting, and are sheared, rotated, scaled and
 * translated; a pixel is as dark as it is near to the pen's line, plus noise.
 */
public final class DrawnDigits {
    private static final int SIDE = 28;

    /** For each digit its variants; for each of these its strokes, x and y in turn. */
    private static final double[][][][] VARIANTS = {
        {{{.5, .1, .33, .17, .26, .4, .27, .65, .36, .86, .52, .9, .67, .83, .74, .6, .73, .35, .65, .15, .5, .1}}},
        {{{.36, .28, .52, .1, .52, .9}}, {{.5, .1, .5, .9}}, {{.36, .26, .52, .1, .52, .9}, {.34, .9, .7, .9}}},
        {
            {{.28, .3, .35, .14, .52, .09, .69, .17, .7, .34, .58, .55, .28, .89, .76, .89}},
            {{.3, .25, .45, .1, .66, .15, .68, .36, .5, .62, .3, .84, .4, .78, .55, .9, .76, .84}}
        },
        {
            {{.29, .17, .48, .09, .68, .17, .67, .36, .46, .47}, {.46, .47, .7, .55, .73, .76, .54, .9, .28, .83}},
            {{.28, .12, .7, .12, .48, .44, .7, .55, .72, .76, .54, .9, .28, .83}}
        },
        {
            {{.58, .1, .25, .62, .8, .62}, {.63, .38, .61, .92}},
            {{.3, .12, .29, .46, .68, .48}, {.7, .1, .66, .92}}
        },
        {{{.72, .12, .36, .12, .33, .44, .54, .4, .72, .52, .72, .74, .54, .9, .28, .83}}},
        {{{.64, .1, .42, .28, .3, .55, .31, .78, .49, .9, .68, .8, .7, .62, .53, .51, .32, .64}}},
        {
            {{.26, .13, .75, .13, .52, .5, .42, .9}},
            {{.26, .13, .75, .13, .52, .5, .42, .9}, {.36, .5, .68, .48}}
        },
        {
            {
                {
                    .66, .2, .5, .1, .34, .2, .37, .38, .62, .57, .7, .75, .51, .9, .31, .77, .37, .57, .62, .4, .67,
                    .24, .6, .13
                }
            }
        },
        {
            {{.68, .3, .5, .48, .33, .38, .34, .19, .51, .09, .67, .18, .69, .36, .64, .65, .5, .91}},
            {{.67, .3, .5, .46, .34, .36, .36, .18, .52, .1, .67, .2, .68, .5, .68, .91}}
        }
    };

    private DrawnDigits() {}

    /**
     * Returns n images, [n, 784] in 0..1, digits 0 to 9, each as often as the others or once more, in random order, and their classes. The same
     * seed gives the same images.
     *
     * @throws IllegalArgumentException if n is less than 1
     */
    public static Dataset make(int n, long seed, DType dtype) {
        Objects.requireNonNull(dtype, "DrawnDigits: dtype is null");
        if (n < 1) {
            throw new IllegalArgumentException("DrawnDigits: " + n + " images; at least 1 can be drawn");
        }
        double[] pixels = new double[Shape.of(n, SIDE * SIDE).size()];
        int[] digits = RandomStream.of(seed, "digits").permutation(n);
        for (int i = 0; i < n; i++) {
            digits[i] %= 10;
            draw(digits[i], RandomStream.of(seed, "image " + i), pixels, i * SIDE * SIDE);
        }
        return Dataset.of(Tensor.of(Shape.of(n, SIDE * SIDE), pixels).to(dtype), digits);
    }

    private static void draw(int digit, RandomStream random, double[] pixels, int at) {
        double[][] strokes = VARIANTS[digit][random.nextInt(VARIANTS[digit].length)].clone();
        double shear = 0.18 * random.nextGaussian();
        double angle = 0.1 * random.nextGaussian();
        double width = 18 * (1 + 0.12 * random.nextGaussian());
        double height = 20 * (1 + 0.08 * random.nextGaussian());
        double shiftX = SIDE / 2.0 + 1.2 * random.nextGaussian();
        double shiftY = SIDE / 2.0 + 1.2 * random.nextGaussian();
        for (int s = 0; s < strokes.length; s++) {
            double[] p = smoothed(smoothed(withNoise(strokes[s], random)));
            for (int i = 0; i < p.length; i += 2) {
                double y = height * (p[i + 1] - 0.5);
                double x = width * (p[i] - 0.5) - shear * y;
                p[i] = shiftX + StrictMath.cos(angle) * x - StrictMath.sin(angle) * y;
                p[i + 1] = shiftY + StrictMath.sin(angle) * x + StrictMath.cos(angle) * y;
            }
            strokes[s] = p;
        }
        double thick = random.nextDouble(0.6, 1.6);
        double noise = random.nextDouble(0, 0.12);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double ink = thick + 0.5 - distance(strokes, x + 0.5, y + 0.5);
                double dark = Math.max(0, Math.min(1, ink)) + noise * random.nextGaussian();
                pixels[at + y * SIDE + x] = Math.max(0, Math.min(1, dark));
            }
        }
    }

    private static double[] withNoise(double[] stroke, RandomStream random) {
        double[] p = stroke.clone();
        for (int i = 0; i < p.length; i++) {
            p[i] += 0.03 * random.nextGaussian();
        }
        return p;
    }

    /** Cuts every corner of a line at a quarter and three quarters of its edges; the ends stay. */
    private static double[] smoothed(double[] p) {
        double[] q = new double[2 * p.length];
        System.arraycopy(p, 0, q, 0, 2);
        for (int i = 0; i + 3 < p.length; i += 2) {
            for (int d = 0; d < 2; d++) {
                q[2 * i + 2 + d] = 0.75 * p[i + d] + 0.25 * p[i + 2 + d];
                q[2 * i + 4 + d] = 0.25 * p[i + d] + 0.75 * p[i + 2 + d];
            }
        }
        System.arraycopy(p, p.length - 2, q, q.length - 2, 2);
        return q;
    }

    private static double distance(double[][] strokes, double x, double y) {
        double least = Double.POSITIVE_INFINITY;
        for (double[] p : strokes) {
            for (int i = 0; i + 3 < p.length; i += 2) {
                double dx = p[i + 2] - p[i];
                double dy = p[i + 3] - p[i + 1];
                double length = dx * dx + dy * dy;
                double t = length == 0 ? 0 : ((x - p[i]) * dx + (y - p[i + 1]) * dy) / length;
                double along = Math.max(0, Math.min(1, t));
                double ex = p[i] + along * dx - x;
                double ey = p[i + 1] + along * dy - y;
                least = Math.min(least, ex * ex + ey * ey);
            }
        }
        return Math.sqrt(least);
    }
}
