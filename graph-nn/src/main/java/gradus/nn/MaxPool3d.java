package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The largest element of each window of volumes, {@code [.., d, h, w] -> [.., od, oh, ow]}; the padding is never
 * largest. PyTorch's {@code MaxPool3d}.
 *
 * @param d the depth of a window
 * @param h the height of a window
 * @param w the width of a window
 * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in
 *     PyTorch
 */
public record MaxPool3d(int d, int h, int w, WindowOptions options) implements Layer {
    /** Returns a layer with cubic windows side by side: the stride is the size. */
    public MaxPool3d(int size) {
        this(size, size, 0);
    }

    /** Returns a layer with cubic windows. */
    public MaxPool3d(int size, int stride, int padding) {
        this(size, size, size, Windows.options("MaxPool3d", size, stride, padding));
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a size is less than 1, a padding more than half a window, or the options are
     *     those of another number of axes, or have groups
     */
    public MaxPool3d {
        Windows.require("MaxPool3d", options, d, h, w);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("MaxPool3d", x);
        return Pooling.maxPool3d(x, d, h, w, options);
    }

    @Override
    public String toString() {
        return Windows.text("MaxPool3d", options, d, h, w);
    }
}
