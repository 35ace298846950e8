package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;

/**
 * The transposed convolution of images, {@code [n, in, h, w] -> [n, out, oh, ow]} for {@code oh = (h - 1) stride -
 * before - after + dilation (kh - 1) + outputPadding + 1}, and likewise along the other axes: the gradient of the input
 * of a convolution with these options, plus a bias. Parameters {@code weight [in, out / groups, kh, kw]} and {@code
 * bias [out]}. Both are drawn from U(±1/sqrt(out / groups kh kw)) by default, as in PyTorch, which takes the second
 * axis of the weight for its fan-in. PyTorch's {@code ConvTranspose2d}.
 */
public final class ConvTranspose2d extends TransposedConvolution<ConvTranspose2d> {
    /** Returns a layer with a square kernel, stride 1 and no padding. */
    public ConvTranspose2d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a square kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public ConvTranspose2d(int in, int out, int kernel, WindowOptions options) {
        super(in, out, options, kernel, kernel);
    }

    /** Returns a layer with a size of the kernel for each axis, and options. */
    public ConvTranspose2d(int in, int out, int kh, int kw, WindowOptions options) {
        super(in, out, options, kh, kw);
    }

    @Override
    Node convolve(Node x, Node w, Node b, WindowOptions windows, int... more) {
        return b == null
                ? Convolution.convTranspose2d(x, w, windows, more)
                : Convolution.convTranspose2d(x, w, b, windows, more);
    }
}
