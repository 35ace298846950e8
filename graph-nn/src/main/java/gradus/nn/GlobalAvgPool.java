package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each channel, {@code [n, c, ..] -> [n, c]}, for signals, images and volumes. Lin, Chen and Yan 2013.
 * PyTorch's {@code AdaptiveAvgPool2d(1)} and {@code Flatten}.
 */
public record GlobalAvgPool() implements Layer {
    @Override
    public Node forward(Node x) {
        Inputs.require("GlobalAvgPool", x);
        return Pooling.globalAvgPool(x);
    }

    @Override
    public String toString() {
        return "GlobalAvgPool";
    }
}
