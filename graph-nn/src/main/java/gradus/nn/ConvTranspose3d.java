package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;

/**
 * The transposed convolution of volumes, {@code [n, in, d, h, w] -> [n, out, od, oh, ow]} for {@code od = (d - 1)
 * stride - before - after + dilation (kd - 1) + outputPadding + 1}, and likewise along the other axes: the gradient of
 * the input of a convolution with these options, plus a bias. Parameters {@code weight [in, out / groups, kd, kh, kw]}
 * and {@code bias [out]}. Both are drawn from U(±1/sqrt(out / groups kd kh kw)) by default, as in PyTorch, which takes
 * the second axis of the weight for its fan-in. PyTorch's {@code ConvTranspose3d}.
 */
public final class ConvTranspose3d extends TransposedConvolution<ConvTranspose3d> {
    /** Returns a layer with a cubic kernel, stride 1 and no padding. */
    public ConvTranspose3d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a cubic kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public ConvTranspose3d(int in, int out, int kernel, WindowOptions options) {
        super(in, out, options, kernel, kernel, kernel);
    }

    /** Returns a layer with a size of the kernel for each axis, and options. */
    public ConvTranspose3d(int in, int out, int kd, int kh, int kw, WindowOptions options) {
        super(in, out, options, kd, kh, kw);
    }

    @Override
    Node convolve(Node x, Node w, Node b, WindowOptions windows, int... more) {
        return b == null
                ? Convolution.convTranspose3d(x, w, windows, more)
                : Convolution.convTranspose3d(x, w, b, windows, more);
    }
}
