package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Padding;
import gradus.ops.PaddingMode;
import java.util.Locale;
import java.util.Objects;

/**
 * A convolution, whose weight is {@code [out, in / groups, k..]}, and whose padding may be other than zeros.
 *
 * @param <L> the class of the layer
 */
abstract class ForwardConvolution<L extends ForwardConvolution<L>> extends ConvolutionLayer<L> {
    private PaddingMode paddingMode = PaddingMode.ZEROS;

    ForwardConvolution(int in, int out, WindowOptions options, int... kernel) {
        super(in, out, options, kernel);
    }

    abstract Node convolve(Node x, Node w, Node b, WindowOptions windows);

    /**
     * Sets the padding with which the output has as many elements along an axis as the input, divided by the stride,
     * rounded up; if it is odd, the larger half comes behind. PyTorch's {@code padding='same'}, which takes stride 1
     * only. Returns this layer.
     */
    public final L same() {
        return with("same", options().same());
    }

    /**
     * Sets what the padding is filled with, zeros by default: PyTorch's {@code padding_mode}. A mode that mirrors or
     * repeats the input takes no more than there is of it. Returns this layer.
     */
    public final L paddingMode(PaddingMode mode) {
        Objects.requireNonNull(mode, () -> name() + ".paddingMode: mode is null");
        requireUnused("paddingMode");
        paddingMode = mode;
        return self();
    }

    @Override
    final int[] weightChannels(int in, int out, int groups) {
        return new int[] {out, in / groups};
    }

    @Override
    final Node apply(Node x, Node w, Node b, WindowOptions windows) {
        if (paddingMode == PaddingMode.ZEROS) {
            return convolve(x, w, b, windows);
        }
        int n = axes();
        int[] widths = new int[2 * n]; // the last axis first
        for (int i = 0; i < n; i++) {
            WindowOptions.Axis axis = windows.axis(i).resolve(x.shape().dim(i + 2), kernel(i));
            widths[2 * (n - 1 - i)] = axis.before();
            widths[2 * (n - 1 - i) + 1] = axis.after();
        }
        return convolve(Padding.pad(x, paddingMode, widths), w, b, windows.padding(0));
    }

    @Override
    final String moreOptions() {
        return paddingMode == PaddingMode.ZEROS
                ? ""
                : " padding mode " + paddingMode.name().toLowerCase(Locale.ROOT);
    }
}
