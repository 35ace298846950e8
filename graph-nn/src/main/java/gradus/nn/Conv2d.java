package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.Convolution;

/**
 * The convolution {@code y = x * W + b}, {@code [n, in, h, w] -> [n, out, oh, ow]}, with parameters {@code weight [out, in /
 * groups, k, k]} and {@code bias [out]}. Both are drawn from U(±1/sqrt(in / groups k k)) by default, as in PyTorch.
 */
public final class Conv2d extends Model {
    private final Node weight;
    private final Node bias;
    private final WindowOptions options;
    private final int in;

    /** Returns a layer with a square kernel, stride 1 and no padding. */
    public Conv2d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a square kernel and options: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public Conv2d(int in, int out, int kernel, WindowOptions options) {
        this(in, out, kernel, options, null);
    }

    /** Returns a layer with a square kernel and options, whose weight is drawn by an initializer. */
    public Conv2d(int in, int out, int kernel, WindowOptions options, Initializer weight) {
        if (in < 1 || out < 1 || kernel < 1) {
            throw new IllegalArgumentException(
                    "Conv2d: channels " + in + " and " + out + " and kernel " + kernel + " must be at least 1");
        }
        if (options == null) {
            throw new IllegalArgumentException("Conv2d: the options are null");
        }
        if (in % options.groups() != 0 || out % options.groups() != 0) {
            throw new IllegalArgumentException(
                    "Conv2d: " + options.groups() + " groups do not divide channels " + in + " and " + out);
        }
        this.in = in;
        this.options = options;
        int perGroup = in / options.groups();
        Initializer standard = Initializers.fanIn(perGroup * kernel * kernel);
        this.weight = parameter("weight", Shape.of(out, perGroup, kernel, kernel), weight == null ? standard : weight);
        this.bias = parameter("bias", Shape.of(out), standard);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Conv2d", x, pass);
        Shape s = x.shape();
        if (s.rank() != 4 || s.dim(1) != in) {
            throw new OperandMismatch("Conv2d", "it takes images [n, " + in + ", h, w]", x.label(), weight.label());
        }
        return Convolution.conv2d(x, weight, bias, options);
    }

    @Override
    public String toString() {
        return "Conv2d"
                + (weight == null ? "" : weight.shape() + (options.equals(WindowOptions.DEFAULT) ? "" : " " + options));
    }
}
