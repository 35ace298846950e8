package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The largest element of each square window, {@code [.., h, w] -> [.., oh, ow]}; by default the
 * stride is the size, so that windows do not overlap, as in PyTorch.
 */
public record MaxPool2d(int size, int stride, int padding) implements Layer {
    /** Returns a layer whose stride is the size. */
    public MaxPool2d(int size) {
        this(size, size, 0);
    }

    /** Checks size, stride and padding. */
    public MaxPool2d {
        requireWindow("MaxPool2d", size, stride, padding);
    }

    static void requireWindow(String layer, int size, int stride, int padding) {
        if (size < 1 || stride < 1 || padding < 0 || padding > size / 2) {
            throw new IllegalArgumentException(layer + ": size " + size + " and stride " + stride
                    + " must be at least 1, padding " + padding + " from 0 to half the size");
        }
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("MaxPool2d", x);
        return Pooling.maxPool2d(x, size, stride, padding);
    }

    @Override
    public String toString() {
        return "MaxPool2d" + text(size, stride, padding);
    }

    static String text(int size, int stride, int padding) {
        return "[" + size + "]" + (stride == size ? "" : " stride " + stride)
                + (padding == 0 ? "" : " padding " + padding);
    }
}
