package gradus.nn;

import gradus.array.Ints;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import java.util.Objects;

/**
 * A transposed convolution, whose weight is {@code [in, out / groups, k..]}.
 *
 * @param <L> the class of the layer
 */
abstract class TransposedConvolution<L extends TransposedConvolution<L>> extends ConvolutionLayer<L> {
    private Ints outputPadding = Ints.of(0);

    TransposedConvolution(int in, int out, WindowOptions options, int... kernel) {
        super(in, out, options, kernel);
    }

    abstract Node convolve(Node x, Node w, Node b, WindowOptions windows, int... more);

    /**
     * Adds elements at the end of each axis of the output, of which a convolution with the same stride would not see
     * the last: one number for all axes, or one for each; 0 by default. Returns this layer.
     *
     * @throws IllegalArgumentException if there are more or fewer numbers than axes, or one is negative; that it is
     *     less than the stride or the dilation is checked in each call
     */
    public final L outputPadding(int... more) {
        Objects.requireNonNull(more, () -> name() + ".outputPadding: more is null");
        requireUnused("outputPadding");
        if (more.length != 1 && more.length != axes()) {
            throw new IllegalArgumentException(name() + ".outputPadding: there are " + more.length + " numbers for "
                    + axes() + (axes() == 1 ? " axis" : " axes"));
        }
        for (int m : more) {
            if (m < 0) {
                throw new IllegalArgumentException(name() + ".outputPadding: " + m + " must be at least 0");
            }
        }
        outputPadding = Ints.of(more);
        return self();
    }

    @Override
    final int[] weightChannels(int in, int out, int groups) {
        return new int[] {in, out / groups};
    }

    @Override
    final Node apply(Node x, Node w, Node b, WindowOptions windows) {
        return convolve(x, w, b, windows, outputPadding.toArray());
    }

    @Override
    final String moreOptions() {
        return outputPadding.equals(Ints.of(0)) ? "" : " output padding " + Windows.by(outputPadding);
    }
}
