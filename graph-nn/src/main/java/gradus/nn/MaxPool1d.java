package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The largest element of each window of signals, {@code [.., l] -> [.., ol]}; the padding is never largest. PyTorch's
 * {@code MaxPool1d}.
 *
 * @param size the size of a window
 * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in
 *     PyTorch
 */
public record MaxPool1d(int size, WindowOptions options) implements Layer {
    /** Returns a layer with windows side by side: the stride is the size. */
    public MaxPool1d(int size) {
        this(size, size, 0);
    }

    /** Returns a layer with windows. */
    public MaxPool1d(int size, int stride, int padding) {
        this(size, Windows.options("MaxPool1d", size, stride, padding));
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a size is less than 1, a padding more than half a window, or the options are
     *     those of another number of axes, or have groups
     */
    public MaxPool1d {
        Windows.require("MaxPool1d", options, size);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("MaxPool1d", x);
        return Pooling.maxPool1d(x, size, options);
    }

    @Override
    public String toString() {
        return Windows.text("MaxPool1d", options, size);
    }
}
