package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each of a given number of windows, whatever the size of the images, {@code [.., h, w] -> [.., oh, ow]}:
 * window i takes the elements from {@code i h / oh}, rounded down, to {@code (i + 1) h / oh}, rounded up, and likewise
 * along the other axes. PyTorch's {@code AdaptiveAvgPool2d}.
 *
 * @param oh the number of windows along the height
 * @param ow the number of windows along the width
 */
public record AdaptiveAvgPool2d(int oh, int ow) implements Layer {
    /** Returns a layer with the same output size along all axes. */
    public AdaptiveAvgPool2d(int size) {
        this(size, size);
    }

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public AdaptiveAvgPool2d {
        Windows.requireSizes("AdaptiveAvgPool2d", "an output", oh, ow);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AdaptiveAvgPool2d", x);
        return Pooling.adaptiveAvgPool2d(x, oh, ow);
    }

    @Override
    public String toString() {
        return "AdaptiveAvgPool2d" + Windows.sizes(oh, ow);
    }
}
