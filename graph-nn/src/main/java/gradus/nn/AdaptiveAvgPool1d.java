package gradus.nn;

import gradus.graph.Node;
import gradus.ops.Pooling;

/**
 * The mean of each of a given number of windows, whatever the size of the signals, {@code [.., l] -> [.., ol]}: window i
 * takes the elements from {@code i l / ol}, rounded down, to {@code (i + 1) l / ol}, rounded up. PyTorch's
 * {@code AdaptiveAvgPool1d}.
 *
 * @param ol the number of windows along the axis
 */
public record AdaptiveAvgPool1d(int ol) implements Layer {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public AdaptiveAvgPool1d {
        Windows.requireSizes("AdaptiveAvgPool1d", "an output", ol);
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("AdaptiveAvgPool1d", x);
        return Pooling.adaptiveAvgPool1d(x, ol);
    }

    @Override
    public String toString() {
        return "AdaptiveAvgPool1d" + Windows.sizes(ol);
    }
}
