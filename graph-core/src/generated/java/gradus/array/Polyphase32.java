package gradus.array;

import java.util.Arrays;

/**
 * One channel of an image, padded, and divided into its phases: phase (a, b, c) holds the elements whose padded position
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
    /** The elements of all phases. */
    final float[] data;
    /** The position in the data of each kernel element for output 0. */
    final int[] offsets;
    /** The distance between phases in the data: that of the elements, and room for a vector. */
    final int pitch;

    private final ConvGeometry g;
    /** Where each row of the channel begins in the data, in the first phase along columns. */
    private final int[] starts;

    private final int qh;
    private final int qw;

    Polyphase32(ConvGeometry g) {
        this.g = g;
        qh = quotient(g.paddedH(), g.rows.stride());
        qw = quotient(g.paddedW(), g.columns.stride());
        pitch = quotient(g.paddedD(), g.slices.stride()) * qh * qw + Im2col32.SLACK;
        data = new float[g.slices.stride() * g.rows.stride() * g.columns.stride() * pitch];
        outputs = ((g.od - 1) * qh + g.oh - 1) * qw + g.ow;
        starts = new int[g.d * g.h];
        for (int row = 0; row < starts.length; row++) {
            starts[row] = at(row / g.h + g.slices.before(), row % g.h + g.rows.before());
        }
        offsets = new int[g.window()];
        for (int t = 0; t < offsets.length; t++) {
            int slice = t / (g.kw * g.kh) * g.slices.dilation();
            offsets[t] = at(slice, t / g.kw % g.kh * g.rows.dilation()) + column(t % g.kw * g.columns.dilation());
        }
    }

    private static int quotient(int n, int stride) {
        return (n + stride - 1) / stride;
    }

    /** Returns the number of phases. */
    int phases() {
        return data.length / pitch;
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

    /** Copies a channel in. */
    void read(float[] x, int xo) {
        int stride = g.rows.stride();
        for (int slice = 0; slice < g.d; slice++) {
            for (int row = 0; row < Math.min(stride, g.h); row++) {
                int from = xo + (slice * g.h + row) * g.w;
                readRows(quotient(g.h - row, stride), x, from, stride * g.w, starts[slice * g.h + row]);
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

    /** Copies the channel out, without its padding. */
    void write(float[] x, int xo) {
        int before = g.columns.before();
        int stride = g.columns.stride();
        int end = xo + g.plane();
        int even = column(before);
        int odd = column(before + 1);
        for (int slice = 0; slice < g.d && stride * g.rows.stride() == 1; slice++) {
            int row = slice * g.h;
            LOOPS.copyRows(g.h, g.w, data, starts[row] + before, qw, x, xo + row * g.w, g.w);
        }
        for (int row = 0; row < starts.length && stride * g.rows.stride() > 1; row++) {
            int from = starts[row];
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
    void writeOutputs(float[] grid, float[] y, int yo) {
        for (int slice = 0; slice < g.od; slice++) {
            LOOPS.copyRows(g.oh, g.ow, grid, slice * qh * qw, qw, y, yo + slice * g.oh * g.ow, g.ow);
        }
    }
}
