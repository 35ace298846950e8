package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each window of images, {@code [.., h, w] -> [.., oh, ow]}; zeros on the padding are among its elements
 * unless {@code countIncludePad(false)} leaves them out. PyTorch's {@code AvgPool2d}.
 *
 * @param h the height of a window
 * @param w the width of a window
 * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in
 *     PyTorch
 * @param countIncludePad whether zeros on the padding count
 */
public record AvgPool2d(int h, int w, WindowOptions options, boolean countIncludePad) implements Layer {
    /** Returns a layer with square windows side by side: the stride is the size. */
    public AvgPool2d(int size) {
        this(size, size, 0);
    }

    /** Returns a layer with square windows. */
    public AvgPool2d(int size, int stride, int padding) {
        this(size, size, Windows.options("AvgPool2d", size, stride, padding), true);
    }

    /** Returns a layer with a window and options; zeros on the padding count. */
    public AvgPool2d(int h, int w, WindowOptions options) {
        this(h, w, options, true);
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a size is less than 1, a padding more than half a window, or the options are
     *     those of another number of axes, or have groups
     */
    public AvgPool2d {
        Windows.require("AvgPool2d", options, h, w);
    }

    /** Returns this layer, with zeros on the padding among the elements of a window, PyTorch's default, or without. */
    public AvgPool2d countIncludePad(boolean count) {
        return new AvgPool2d(h, w, options, count);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AvgPool2d", x);
        return Pooling.avgPool2d(x, h, w, options, countIncludePad);
    }

    @Override
    public String toString() {
        return Windows.text("AvgPool2d", options, h, w) + (countIncludePad ? "" : " without padding in the mean");
    }
}
