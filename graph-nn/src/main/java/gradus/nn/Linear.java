package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The affine map {@code y = x W + b}, {@code [.., in] -> [.., out]}, with {@code weight [in, out]} and {@code bias
 * [out]}. Both are drawn uniformly from ±1/sqrt(in) unless told otherwise, PyTorch's default.
 */
public final class Linear implements Layer {
    private final Parameter weight;
    private final Parameter bias;
    private final int in;

    /** Returns a layer from {@code in} numbers to {@code out}. */
    public Linear(int in, int out) {
        this(in, out, Initializers.fanIn(in));
    }

    /** Returns a layer from {@code in} numbers to {@code out}, whose weight is drawn as told. */
    public Linear(int in, int out, Initializer weight) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("Linear: sizes " + in + " and " + out + " must be at least 1");
        }
        this.in = in;
        this.weight = new Parameter("weight", Shape.of(in, out), weight);
        this.bias = new Parameter("bias", Shape.of(out), Initializers.fanIn(in));
    }

    @Override
    public Node forward(Node x) {
        Shape s = x.shape();
        if (s.rank() == 0 || s.dim(-1) != in) {
            throw new OperandMismatch(
                    "Linear",
                    "the last axis must have size " + in,
                    x.label(),
                    weight.node().label());
        }
        return x.matmul(weight.node()).add(bias.node());
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
        return "Linear" + weight.node().shape();
    }
}
