package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;

/**
 * The convolution of images, {@code y = x * W + b}, {@code [n, in, h, w] -> [n, out, oh, ow]}, with parameters {@code
 * weight [out, in / groups, kh, kw]} and {@code bias [out]}: {@code new Conv2d(3, 8, 3).stride(2).padding(1)}. Output
 * sizes are those of {@link WindowOptions}. Both parameters are drawn from U(±1/sqrt(in / groups kh kw)) by default, as
 * in PyTorch. PyTorch's {@code Conv2d}.
 */
public final class Conv2d extends ForwardConvolution<Conv2d> {
    /** Returns a layer with a square kernel, stride 1 and no padding. */
    public Conv2d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a square kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public Conv2d(int in, int out, int kernel, WindowOptions options) {
        super(in, out, options, kernel, kernel);
    }

    /** Returns a layer with a size of the kernel for each axis, and options. */
    public Conv2d(int in, int out, int kh, int kw, WindowOptions options) {
        super(in, out, options, kh, kw);
    }

    @Override
    Node convolve(Node x, Node w, Node b, WindowOptions windows) {
        return b == null ? Convolution.conv2d(x, w, windows) : Convolution.conv2d(x, w, b, windows);
    }
}
