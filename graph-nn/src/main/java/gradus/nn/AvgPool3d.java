package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each window of volumes, {@code [.., d, h, w] -> [.., od, oh, ow]}; zeros on the padding are among its
 * elements unless {@code countIncludePad(false)} leaves them out. PyTorch's {@code AvgPool3d}.
 *
 * @param d the depth of a window
 * @param h the height of a window
 * @param w the width of a window
 * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in
 *     PyTorch
 * @param countIncludePad whether zeros on the padding count
 */
public record AvgPool3d(int d, int h, int w, WindowOptions options, boolean countIncludePad) implements Layer {
    /** Returns a layer with cubic windows side by side: the stride is the size. */
    public AvgPool3d(int size) {
        this(size, size, 0);
    }

    /** Returns a layer with cubic windows. */
    public AvgPool3d(int size, int stride, int padding) {
        this(size, size, size, Windows.options("AvgPool3d", size, stride, padding), true);
    }

    /** Returns a layer with a window and options; zeros on the padding count. */
    public AvgPool3d(int d, int h, int w, WindowOptions options) {
        this(d, h, w, options, true);
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a size is less than 1, a padding more than half a window, or the options are
     *     those of another number of axes, or have groups
     */
    public AvgPool3d {
        Windows.require("AvgPool3d", options, d, h, w);
    }

    /** Returns this layer, with zeros on the padding among the elements of a window, PyTorch's default, or without. */
    public AvgPool3d countIncludePad(boolean count) {
        return new AvgPool3d(d, h, w, options, count);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AvgPool3d", x);
        return Pooling.avgPool3d(x, d, h, w, options, countIncludePad);
    }

    @Override
    public String toString() {
        return Windows.text("AvgPool3d", options, d, h, w) + (countIncludePad ? "" : " without padding in the mean");
    }
}
