package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The largest element of each window of images, {@code [.., h, w] -> [.., oh, ow]}; the padding is never largest. PyTorch's
 * {@code MaxPool2d}.
 *
 * @param h the height of a window
 * @param w the width of a window
 * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in
 *     PyTorch
 */
public record MaxPool2d(int h, int w, WindowOptions options) implements Layer {
    /** Returns a layer with square windows side by side: the stride is the size. */
    public MaxPool2d(int size) {
        this(size, size, 0);
    }

    /** Returns a layer with square windows. */
    public MaxPool2d(int size, int stride, int padding) {
        this(size, size, Windows.options("MaxPool2d", size, stride, padding));
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a size is less than 1, a padding more than half a window, or the options are
     *     those of another number of axes, or have groups
     */
    public MaxPool2d {
        Windows.require("MaxPool2d", options, h, w);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("MaxPool2d", x);
        return Pooling.maxPool2d(x, h, w, options);
    }

    @Override
    public String toString() {
        return Windows.text("MaxPool2d", options, h, w);
    }
}
