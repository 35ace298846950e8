package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each square window, {@code [.., h, w] -> [.., oh, ow]}, with zeros on the padding among them; by default
 * the stride is the size, so that windows do not overlap, as in PyTorch.
 */
public record AvgPool2d(int size, int stride, int padding) implements Layer {
    /** Returns a layer whose stride is the size. */
    public AvgPool2d(int size) {
        this(size, size, 0);
    }

    /** Checks size, stride and padding. */
    public AvgPool2d {
        MaxPool2d.requireWindow("AvgPool2d", size, stride, padding);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AvgPool2d", x);
        return Pooling.avgPool2d(x, size, stride, padding, true);
    }

    @Override
    public String toString() {
        return "AvgPool2d" + MaxPool2d.text(size, stride, padding);
    }
}
