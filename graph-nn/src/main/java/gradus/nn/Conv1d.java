package gradus.nn;

import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;

/**
 * The convolution of signals, along one axis, {@code y = x * W + b}, {@code [n, in, l] -> [n, out, ol]}, with
 * parameters {@code weight [out, in / groups, k]} and {@code bias [out]}: {@code new Conv1d(1, 8,
 * 3).stride(2).padding(1)}. Output sizes are those of {@link WindowOptions}. Both parameters are drawn from
 * U(±1/sqrt(in / groups k)) by default, as in PyTorch. PyTorch's {@code Conv1d}.
 */
public final class Conv1d extends ForwardConvolution<Conv1d> {
    /** Returns a layer with a kernel, stride 1 and no padding. */
    public Conv1d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public Conv1d(int in, int out, int kernel, WindowOptions options) {
        super(in, out, options, kernel);
    }

    @Override
    Node convolve(Node x, Node w, Node b, WindowOptions windows) {
        return b == null ? Convolution.conv1d(x, w, windows) : Convolution.conv1d(x, w, b, windows);
    }
}
