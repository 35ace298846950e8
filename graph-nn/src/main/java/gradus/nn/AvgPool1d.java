package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each window of signals, {@code [.., l] -> [.., ol]}; zeros on the padding are among its elements unless
 * {@code countIncludePad(false)} leaves them out. PyTorch's {@code AvgPool1d}.
 *
 * @param size the size of a window
 * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in
 *     PyTorch
 * @param countIncludePad whether zeros on the padding count
 */
public record AvgPool1d(int size, WindowOptions options, boolean countIncludePad) implements Layer {
    /** Returns a layer with windows side by side: the stride is the size. */
    public AvgPool1d(int size) {
        this(size, size, 0);
    }

    /** Returns a layer with windows. */
    public AvgPool1d(int size, int stride, int padding) {
        this(size, Windows.options("AvgPool1d", size, stride, padding), true);
    }

    /** Returns a layer with a window and options; zeros on the padding count. */
    public AvgPool1d(int size, WindowOptions options) {
        this(size, options, true);
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a size is less than 1, a padding more than half a window, or the options are
     *     those of another number of axes, or have groups
     */
    public AvgPool1d {
        Windows.require("AvgPool1d", options, size);
    }

    /** Returns this layer, with zeros on the padding among the elements of a window, PyTorch's default, or without. */
    public AvgPool1d countIncludePad(boolean count) {
        return new AvgPool1d(size, options, count);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AvgPool1d", x);
        return Pooling.avgPool1d(x, size, options, countIncludePad);
    }

    @Override
    public String toString() {
        return Windows.text("AvgPool1d", options, size) + (countIncludePad ? "" : " without padding in the mean");
    }
}
