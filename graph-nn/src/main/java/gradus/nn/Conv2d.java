package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.Convolution;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The convolution {@code y = x * W + b}, {@code [n, in, h, w] -> [n, out, oh, ow]}, with {@code weight [out, in, k, k]}
 * and {@code bias [out]}. Both are drawn uniformly from ±1/sqrt(in k k) unless told otherwise, PyTorch's default.
 */
public final class Conv2d implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final WindowOptions how;
    private final int in;

    /** Returns a layer with a square kernel that moves by steps of one, without padding. */
    public Conv2d(int in, int out, int kernel) {
        this(in, out, kernel, WindowOptions.DEFAULT);
    }

    /** Returns a layer with a square kernel, and how it slides: {@code WindowOptions.DEFAULT.stride(2).padding(1)}. */
    public Conv2d(int in, int out, int kernel, WindowOptions how) {
        this(in, out, kernel, how, Initializers.fanIn(Math.max(1, in * kernel * kernel)));
    }

    /** Returns a layer with a square kernel, whose weight is drawn as told. */
    public Conv2d(int in, int out, int kernel, WindowOptions how, Initializer weight) {
        if (in < 1 || out < 1 || kernel < 1) {
            throw new IllegalArgumentException(
                    "Conv2d: channels " + in + " and " + out + " and kernel " + kernel + " must be at least 1");
        }
        this.in = in;
        this.how = how;
        this.weight = new Parameter("weight", Shape.of(out, in, kernel, kernel), weight);
        this.bias = new Parameter("bias", Shape.of(out), Initializers.fanIn(in * kernel * kernel));
    }

    @Override
    public Node forward(Node x) {
        Shape s = x.shape();
        if (s.rank() != 4 || s.dim(1) != in) {
            throw new OperandMismatch(
                    "Conv2d",
                    "it takes images [n, " + in + ", h, w]",
                    x.label(),
                    weight.node().label());
        }
        return Convolution.conv2d(x, weight.node(), bias.node(), how);
    }

    @Override
    public Map<String, Parameter> own() {
        Map<String, Parameter> own = new LinkedHashMap<>();
        own.put("weight", weight);
        own.put("bias", bias);
        return own;
    }

    @Override
    public String toString() {
        return "Conv2d" + weight.node().shape() + (how.equals(WindowOptions.DEFAULT) ? "" : " " + how);
    }
}
