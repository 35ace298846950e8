package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The largest element of each of a given number of windows, whatever the size of the volumes, {@code [.., d, h, w] -> [.., od, oh,
 * ow]}: window i takes the elements from {@code i d / od}, rounded down, to {@code (i + 1) d / od}, rounded up, and
 * likewise along the other axes. PyTorch's {@code AdaptiveMaxPool3d}.
 *
 * @param od the number of windows along the depth
 * @param oh the number of windows along the height
 * @param ow the number of windows along the width
 */
public record AdaptiveMaxPool3d(int od, int oh, int ow) implements Layer {
    /** Returns a layer with the same output size along all axes. */
    public AdaptiveMaxPool3d(int size) {
        this(size, size, size);
    }

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public AdaptiveMaxPool3d {
        Windows.requireSizes("AdaptiveMaxPool3d", "an output", od, oh, ow);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AdaptiveMaxPool3d", x);
        return Pooling.adaptiveMaxPool3d(x, od, oh, ow);
    }

    @Override
    public String toString() {
        return "AdaptiveMaxPool3d" + Windows.sizes(od, oh, ow);
    }
}
