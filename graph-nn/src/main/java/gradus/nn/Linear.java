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
    private final boolean transposed;

    /** Returns a layer from {@code in} features to {@code out}. */
    public Linear(int in, int out) {
        this(in, out, Initializers.fanIn(requireSizes(in, out)));
    }

    /** Returns a layer from {@code in} features to {@code out}, whose weight is drawn by an initializer. */
    public Linear(int in, int out, Initializer weight) {
        Objects.requireNonNull(weight, "Linear: weight is null");
        this.in = requireSizes(in, out);
        this.transposed = false;
        this.weight = parameter("weight", Shape.of(in, out), weight);
        this.bias = parameter("bias", Shape.of(out), Initializers.fanIn(in));
    }

    /** Declares the weight of another layer, of which this one uses the transpose. */
    private Linear(Linear other) {
        this.in = other.weight.shape().dim(other.transposed ? 0 : 1);
        this.transposed = !other.transposed;
        this.weight = share("weight", other, "weight");
        this.bias = parameter("bias", Shape.of(other.in), Initializers.fanIn(in));
    }

    /**
     * Returns a layer in the other direction with the same weight, {@code y = x W^T + b}, {@code [.., out] -> [..,
     * in]}, as the decoder of an autoencoder with tied weights. The weight is one parameter: a model around both has it
     * once, by its first path, and its gradient is the sum from both. The bias is the layer's own.
     *
     * @param linear the layer with the weight, whose settings are over then
     */
    public static Linear transposeOf(Linear linear) {
        Objects.requireNonNull(linear, "Linear.transposeOf: linear is null");
        return new Linear(linear);
    }

    /** Checks the sizes, and returns the fan-in. */
    private static int requireSizes(int in, int out) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException("Linear: sizes " + in + " and " + out + " must be at least 1");
        }
        return in;
    }

    /** Returns whether this layer multiplies by the transpose of its weight, as made by {@link #transposeOf}. */
    public boolean isTransposed() {
        return transposed;
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
        Node y = transposed ? timesTranspose(x) : x.matmul(weight);
        return bias == null ? y : y.add(bias);
    }

    /** Returns the rows of x times the transpose of the weight. */
    private Node timesTranspose(Node x) {
        Shape s = x.shape();
        Node rows = x.reshape(s.drop(s.rank() - 1).size(), in).matmul(weight, false, true);
        return rows.reshape(s.with(s.rank() - 1, weight.shape().dim(0)));
    }

    @Override
    public String toString() {
        if (weight == null) {
            return "Linear"; // an error of the constructor
        }
        return "Linear" + weight.shape() + (transposed ? " transposed" : "") + (bias == null ? " without bias" : "");
    }
}
