package gradus.array;

import java.util.Arrays;

/**
 * The im2col columns of one image and one group of its channels. The image is kept with its padding, so that windows at
 * the edge are like all others; element [t, j] of the panel is the image's element that kernel element t, counted over
 * channels, slices, rows and columns, is multiplied with for output j.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Im2col32 {
    /** The elements beyond the end of a row that a copy of whole vectors may read and write. */
    static final int SLACK = 16;

    /** The distance between rows of the panel. */
    final int step;
    /** The panel, [kernel elements, width] and some unused columns. */
    final float[] panel;
    /** Where each row of the panel begins. */
    final int[] rowStarts;

    private final ConvGeometry g;
    private final int channels;
    private final float[] image;
    /** The position in the image of each kernel element for output 0. */
    private final int[] offsets;

    /** Allocates some channels of an image, and a panel. */
    Im2col32(ConvGeometry g, int channels, int width) {
        this.g = g;
        this.channels = channels;
        step = width + SLACK;
        panel = new float[channels * g.window() * step];
        image = new float[channels * g.paddedD() * g.paddedH() * g.paddedW() + SLACK];
        offsets = new int[channels * g.window()];
        rowStarts = new int[offsets.length];
        for (int t = 0; t < offsets.length; t++) {
            rowStarts[t] = t * step;
            int v = t % g.kw * g.columns.dilation();
            int u = t / g.kw % g.kh * g.rows.dilation();
            int slice = t / (g.kw * g.kh) % g.kd * g.slices.dilation();
            offsets[t] = ((t / g.window() * g.paddedD() + slice) * g.paddedH() + u) * g.paddedW() + v;
        }
    }

    /** Returns the number of rows of the panel. */
    int rows() {
        return offsets.length;
    }

    /** Copies an image in, from a channel on that is counted over all images. */
    void read(float[] x, int from) {
        for (int row = 0; row < channels * g.d * g.h; row++) {
            System.arraycopy(x, (from * g.d * g.h + row) * g.w, image, at(row), g.w);
        }
    }

    /** Sets the image to zero. */
    void clear() {
        Arrays.fill(image, 0);
    }

    /** Copies the image out, without its padding, to a channel counted over all images. */
    void write(float[] x, int from) {
        for (int row = 0; row < channels * g.d * g.h; row++) {
            System.arraycopy(image, at(row), x, (from * g.d * g.h + row) * g.w, g.w);
        }
    }

    /** Returns where a row begins behind its padding. */
    private int at(int row) {
        int slice = row / g.h;
        int imageSlice = slice / g.d * g.paddedD() + slice % g.d + g.slices.before();
        int imageRow = imageSlice * g.paddedH() + row % g.h + g.rows.before();
        return imageRow * g.paddedW() + g.columns.before();
    }

    /** Fills the panel's first columns with those of these outputs, im2col, and the rest of a vector with zeros. */
    void gather(int from, int count) {
        int stride = g.columns.stride();
        for (int j = 0; j < count; ) {
            int n = run(from + j, count - j);
            int start = start(from + j);
            if (stride == 1) {
                Loops.CONV32.copy(offsets, n, image, start, panel, j, step);
            } else {
                for (int t = 0; t < offsets.length; t++) {
                    int a = start + offsets[t];
                    int b = t * step + j;
                    for (int i = 0; i < n; i++) {
                        panel[b + i] = image[a + i * stride];
                    }
                }
            }
            j += n;
        }
        for (int t = 0; t < offsets.length && count % SLACK != 0; t++) {
            Arrays.fill(panel, t * step + count, t * step + count + SLACK - count % SLACK, 0);
        }
    }

    /** Adds the panel's first columns to the image's elements of these outputs, col2im: the transpose of gather. */
    void add(int from, int count) {
        int stride = g.columns.stride();
        for (int j = 0; j < count; ) {
            int n = run(from + j, count - j);
            int start = start(from + j);
            if (stride == 1) {
                Loops.CONV32.addTo(offsets, n, panel, j, step, image, start);
            } else {
                for (int t = 0; t < offsets.length; t++) {
                    int a = start + offsets[t];
                    int b = t * step + j;
                    for (int i = 0; i < n; i++) {
                        image[a + i * stride] += panel[b + i];
                    }
                }
            }
            j += n;
        }
    }

    /** Returns how many of the next outputs are in one row. */
    private int run(int output, int limit) {
        return Math.min(limit, g.ow - output % g.ow);
    }

    /** Returns the position in the image of the window of output j. */
    private int start(int j) {
        int row = j / g.ow;
        int slice = row / g.oh * g.slices.stride();
        return (slice * g.paddedH() + row % g.oh * g.rows.stride()) * g.paddedW() + j % g.ow * g.columns.stride();
    }
}
