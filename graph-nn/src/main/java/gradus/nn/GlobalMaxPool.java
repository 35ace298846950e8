package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The largest element of each channel, {@code [n, c, ..] -> [n, c]}, for signals, images and volumes. Lin, Chen and Yan
 * 2013. PyTorch's {@code AdaptiveMaxPool2d(1)} and {@code Flatten}.
 */
public record GlobalMaxPool() implements Layer {
    @Override
    public Node forward(Node x) {
        Inputs.require("GlobalMaxPool", x);
        return Pooling.globalMaxPool(x);
    }

    @Override
    public String toString() {
        return "GlobalMaxPool";
    }
}
