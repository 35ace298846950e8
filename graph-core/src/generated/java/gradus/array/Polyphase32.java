package gradus.array;

import java.util.Arrays;

/**
 * Channels of an image, padded, each divided into its phases: phase (a, b, c) holds the elements whose padded position
 * along each axis is a, b, c modulo the stride, and each phase is one row of elements. In it the elements that a kernel element is
 * multiplied with for all outputs follow each other as the outputs do, whatever the stride: for output q, at {@code offsets[t] + q}.
 *
 * <p>Outputs are counted on the grid of a phase, [qd, qh, qw], which has more columns than there are outputs; the
 * elements in between are computed and left out.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Polyphase32 {
    private static final DepthwiseLoops32 LOOPS = Loops.DEPTHWISE32;

    /** The number of outputs, those that are left out included. */
    final int outputs;
    /** The elements of all phases of all channels. */
    final float[] data;
    /** The position in the data of each kernel element, counted over channels first, for output 0. */
    final int[] offsets;
    /** The distance between channels in the data. */
    final int channelPitch;
    /** The distance between phases in the data: that of the elements, and room for a vector. */
    final int pitch;

    private final ConvGeometry g;
    private final int channels;
    /** Where each row of the channel begins in the data, in the first phase along columns. */
    private final int[] starts;

    private final int qh;
    private final int qw;

    Polyphase32(ConvGeometry g, int channels) {
        this.g = g;
        this.channels = channels;
        qh = quotient(g.paddedH(), g.rows.stride());
        qw = quotient(g.paddedW(), g.columns.stride());
        pitch = quotient(g.paddedD(), g.slices.stride()) * qh * qw + Im2col32.SLACK;
        channelPitch = g.slices.stride() * g.rows.stride() * g.columns.stride() * pitch;
        data = new float[channels * channelPitch];
        outputs = ((g.od - 1) * qh + g.oh - 1) * qw + g.ow;
        starts = new int[g.d * g.h];
        for (int row = 0; row < starts.length; row++) {
            starts[row] = at(row / g.h + g.slices.before(), row % g.h + g.rows.before());
        }
        offsets = new int[channels * g.window()];
        for (int t = 0; t < offsets.length; t++) {
            int slice = t / (g.kw * g.kh) % g.kd * g.slices.dilation();
            int inChannel = at(slice, t / g.kw % g.kh * g.rows.dilation()) + column(t % g.kw * g.columns.dilation());
            offsets[t] = t / g.window() * channelPitch + inChannel;
        }
    }

    private static int quotient(int n, int stride) {
        return (n + stride - 1) / stride;
    }

    /** Returns the number of phases of a channel. */
    int phases() {
        return channelPitch / pitch;
    }

    /** Returns where a padded row begins, in the first phase along columns. */
    private int at(int slice, int row) {
        int phase = slice % g.slices.stride() * g.rows.stride() + row % g.rows.stride();
        return phase * g.columns.stride() * pitch + (slice / g.slices.stride() * qh + row / g.rows.stride()) * qw;
    }

    /** Returns the distance of a padded column from the beginning of its row. */
    private int column(int column) {
        return column % g.columns.stride() * pitch + column / g.columns.stride();
    }

    /** Returns the kernel elements of each phase. */
    int[][] elementsOfPhases() {
        int[][] elements = new int[phases()][0];
        for (int t = 0; t < g.window(); t++) {
            int phase = offsets[t] / pitch;
            int n = elements[phase].length;
            elements[phase] = Arrays.copyOf(elements[phase], n + 1);
            elements[phase][n] = t;
        }
        return elements;
    }

    /** Returns where the first element that is not padding is, if there is one phase. */
    int first() {
        return starts[0] + g.columns.before();
    }

    /** Returns the number of elements from the first to the last that is not padding, if there is one phase. */
    int span() {
        return starts[starts.length - 1] + g.columns.before() + g.w - first();
    }

    /** Returns the largest distance of a kernel element from the beginning of its phase. */
    int reach() {
        int reach = 0;
        for (int t = 0; t < g.window(); t++) {
            reach = Math.max(reach, offsets[t] % pitch);
        }
        return reach;
    }

    /** Copies the channels in. */
    void read(float[] x, int xo) {
        for (int channel = 0; channel < channels; channel++) {
            readChannel(x, xo + channel * g.plane(), channel * channelPitch);
        }
    }

    private void readChannel(float[] x, int xo, int offset) {
        int stride = g.rows.stride();
        for (int slice = 0; slice < g.d; slice++) {
            for (int row = 0; row < Math.min(stride, g.h); row++) {
                int from = xo + (slice * g.h + row) * g.w;
                readRows(quotient(g.h - row, stride), x, from, stride * g.w, offset + starts[slice * g.h + row]);
            }
        }
    }

    /** Copies rows in that are sx apart. */
    private void readRows(int rows, float[] x, int from, int sx, int to) {
        int before = g.columns.before();
        int stride = g.columns.stride();
        if (stride == 1) {
            LOOPS.copyRows(rows, g.w, x, from, sx, data, to + before, qw);
        } else if (stride == 2) {
            LOOPS.splitRows(rows, g.w, x, from, sx, data, to + column(before), to + column(before + 1), qw);
        } else {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < g.w; j++) {
                    data[to + r * qw + column(before + j)] = x[from + r * sx + j];
                }
            }
        }
    }

    /** Sets all elements to zero. */
    void clear() {
        Arrays.fill(data, 0);
    }

    /** Copies the channels out, without their padding. */
    void write(float[] x, int xo) {
        for (int channel = 0; channel < channels; channel++) {
            writeChannel(channel * channelPitch, x, xo + channel * g.plane());
        }
    }

    private void writeChannel(int offset, float[] x, int xo) {
        int before = g.columns.before();
        int stride = g.columns.stride();
        int end = xo + g.plane();
        int even = column(before);
        int odd = column(before + 1);
        for (int slice = 0; slice < g.d && stride * g.rows.stride() == 1; slice++) {
            int row = slice * g.h;
            LOOPS.copyRows(g.h, g.w, data, offset + starts[row] + before, qw, x, xo + row * g.w, g.w);
        }
        for (int row = 0; row < starts.length && stride * g.rows.stride() > 1; row++) {
            int from = offset + starts[row];
            int to = xo + row * g.w;
            if (stride == 1) {
                System.arraycopy(data, from + before, x, to, g.w);
            } else if (stride == 2) {
                LOOPS.join(g.w, data, from + even, from + odd, x, to, end);
            } else {
                for (int j = 0; j < g.w; j++) {
                    x[to + j] = data[from + column(before + j)];
                }
            }
        }
    }

    /** Copies the rows of a channel of outputs to the grid. */
    void readOutputs(float[] y, int yo, float[] grid, int go) {
        for (int slice = 0; slice < g.od; slice++) {
            LOOPS.copyRows(g.oh, g.ow, y, yo + slice * g.oh * g.ow, g.ow, grid, go + slice * qh * qw, qw);
        }
    }

    /** Copies the rows of a channel of outputs from the grid. */
    void writeOutputs(float[] grid, int go, float[] y, int yo) {
        for (int slice = 0; slice < g.od; slice++) {
            LOOPS.copyRows(g.oh, g.ow, grid, go + slice * qh * qw, qw, y, yo + slice * g.oh * g.ow, g.ow);
        }
    }
}
