package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;

/**
 * The convolution of volumes, {@code y = x * W + b}, {@code [n, in, d, h, w] -> [n, out, od, oh, ow]}, with parameters
 * {@code weight [out, in / groups, kd, kh, kw]} and {@code bias [out]}: {@code new Conv3d(1, 8, 3).stride(2, 2,
 * 1).padding(1)}. Output sizes are those of {@link WindowOptions}. Both parameters are drawn from U(±1/sqrt(in / groups
 * kd kh kw)) by default, as in PyTorch. PyTorch's {@code Conv3d}.
 */
public final class Conv3d extends ForwardConvolution<Conv3d> {
    /** Returns a layer with a cubic kernel, stride 1 and no padding. */
    public Conv3d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a cubic kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public Conv3d(int in, int out, int kernel, WindowOptions options) {
        super(in, out, options, kernel, kernel, kernel);
    }

    /** Returns a layer with a size of the kernel for each axis, and options. */
    public Conv3d(int in, int out, int kd, int kh, int kw, WindowOptions options) {
        super(in, out, options, kd, kh, kw);
    }

    @Override
    Node convolve(Node x, Node w, Node b, WindowOptions windows) {
        return b == null ? Convolution.conv3d(x, w, windows) : Convolution.conv3d(x, w, b, windows);
    }
}
