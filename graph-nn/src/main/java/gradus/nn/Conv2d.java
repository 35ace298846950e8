package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.Convolution;
import java.util.Objects;

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
        this(in, out, kernel, options, Initializers.fanIn(fanIn(in, out, kernel, options)));
    }

    /** Returns a layer with a square kernel and options, whose weight is drawn by an initializer. */
    public Conv2d(int in, int out, int kernel, WindowOptions options, Initializer weight) {
        Objects.requireNonNull(weight, "Conv2d: weight is null");
        int fanIn = fanIn(in, out, kernel, options);
        this.in = in;
        this.options = options;
        this.weight = parameter("weight", Shape.of(out, in / options.groups(), kernel, kernel), weight);
        this.bias = parameter("bias", Shape.of(out), Initializers.fanIn(fanIn));
    }

    /** Checks the arguments, and returns the number of inputs of one output. */
    private static int fanIn(int in, int out, int kernel, WindowOptions options) {
        Objects.requireNonNull(options, "Conv2d: options is null");
        if (in < 1 || out < 1 || kernel < 1) {
            throw new IllegalArgumentException(
                    "Conv2d: channels " + in + " and " + out + " and kernel " + kernel + " must be at least 1");
        }
        if (in % options.groups() != 0 || out % options.groups() != 0) {
            throw new IllegalArgumentException(
                    "Conv2d: " + options.groups() + " groups do not divide channels " + in + " and " + out);
        }
        return in / options.groups() * kernel * kernel;
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
