package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;

/**
 * The transposed convolution of signals, along one axis, {@code [n, in, l] -> [n, out, ol]} for {@code ol = (l - 1)
 * stride - before - after + dilation (k - 1) + outputPadding + 1}: the gradient of the input of a convolution with
 * these options, plus a bias. Parameters {@code weight [in, out / groups, k]} and {@code bias [out]}. Both are drawn
 * from U(±1/sqrt(out / groups k)) by default, as in PyTorch, which takes the second axis of the weight for its fan-in.
 * PyTorch's {@code ConvTranspose1d}.
 */
public final class ConvTranspose1d extends TransposedConvolution<ConvTranspose1d> {
    /** Returns a layer with a kernel, stride 1 and no padding. */
    public ConvTranspose1d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public ConvTranspose1d(int in, int out, int kernel, WindowOptions options) {
        super(in, out, options, kernel);
    }

    @Override
    Node convolve(Node x, Node w, Node b, WindowOptions windows, int... more) {
        return b == null
                ? Convolution.convTranspose1d(x, w, windows, more)
                : Convolution.convTranspose1d(x, w, b, windows, more);
    }
}
