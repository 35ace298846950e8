package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import java.util.Objects;

/**
 * The affine map {@code y = x W + b}, {@code [.., in] -> [.., out]}, with parameters {@code weight [in, out]} and {@code
 * bias [out]}. Both are drawn from U(±1/sqrt(in)) by default. PyTorch's {@code Linear}, whose weight is the transpose.
 */
public final class Linear extends Model {
    private final Node weight;
    private Node bias;
    private final int in;

    /** Returns a layer from {@code in} features to {@code out}. */
    public Linear(int in, int out) {
        this(in, out, Initializers.fanIn(requireSizes(in, out)));
    }

    /** Returns a layer from {@code in} features to {@code out}, whose weight is drawn by an initializer. */
    public Linear(int in, int out, Initializer weight) {
        Objects.requireNonNull(weight, "Linear: weight is null");
        this.in = requireSizes(in, out);
        this.weight = parameter("weight", Shape.of(in, out), weight);
        this.bias = parameter("bias", Shape.of(out), Initializers.fanIn(in));
    }

    /** Checks the sizes, and returns the fan-in. */
    private static int requireSizes(int in, int out) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("Linear: sizes " + in + " and " + out + " must be at least 1");
        }
        return in;
    }

    /** Removes the bias: {@code y = x W}. Returns this layer. */
    public Linear withoutBias() {
        undeclare("withoutBias", "bias");
        bias = null;
        return this;
    }

    /** Draws the bias by an initializer. Returns this layer. */
    public Linear biasInitializer(Initializer initializer) {
        bias = redeclare("biasInitializer", "bias", initializer);
        return this;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Linear", x, pass);
        Shape s = x.shape();
        if (s.rank() == 0 || s.dim(-1) != in) {
            throw new OperandMismatch("Linear", "the last axis must have size " + in, x.label(), weight.label());
        }
        Node y = x.matmul(weight);
        return bias == null ? y : y.add(bias);
    }

    @Override
    public String toString() {
        return "Linear" + (weight == null ? "" : weight.shape() + (bias == null ? " without bias" : ""));
    }
}
