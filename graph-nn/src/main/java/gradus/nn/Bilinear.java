package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import java.util.Objects;

/**
 * The bilinear map of two inputs, {@code y[o] = sum over i, j of a[i] W[o, i, j] b[j] + bias[o]}, {@code [.., in1],
 * [.., in2] -> [.., out]}, with equal leading axes, with parameters {@code weight [out, in1, in2]} and {@code bias
 * [out]}. Both are drawn from U(±1/sqrt(in1)) by default, as in PyTorch. It is called by {@link #forward(Node, Node)}.
 * PyTorch's {@code Bilinear}.
 */
public final class Bilinear extends Model {
    private final int in1;
    private final int in2;
    private Node weight;
    private Node bias;

    /**
     * Returns a layer from {@code in1} and {@code in2} features to {@code out}.
     *
     * @throws IllegalArgumentException if a size is less than 1
     */
    public Bilinear(int in1, int in2, int out) {
        if (in1 < 1 || in2 < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "Bilinear: sizes " + in1 + ", " + in2 + " and " + out + " must be at least 1");
        }
        this.in1 = in1;
        this.in2 = in2;
        this.weight = parameter("weight", Shape.of(out, in1, in2), Initializers.fanIn(in1));
        this.bias = parameter("bias", Shape.of(out), Initializers.fanIn(in1));
    }

    /** Removes the bias. Returns this layer. */
    public Bilinear withoutBias() {
        undeclare("withoutBias", "bias");
        bias = null;
        return this;
    }

    /** Draws the weight by an initializer. Returns this layer. */
    public Bilinear weightInitializer(Initializer initializer) {
        weight = redeclare("weightInitializer", "weight", initializer);
        return this;
    }

    /** Draws the bias by an initializer. Returns this layer. */
    public Bilinear biasInitializer(Initializer initializer) {
        bias = redeclare("biasInitializer", "bias", initializer);
        return this;
    }

    /**
     * Returns the output for two inputs; it makes no difference whether this is a pass of training.
     *
     * @throws OperandMismatch if the shapes do not fit
     */
    public Node forward(Node a, Node b) {
        Objects.requireNonNull(a, "Bilinear.forward: a is null");
        Objects.requireNonNull(b, "Bilinear.forward: b is null");
        Shape s = a.shape();
        Shape t = b.shape();
        int rank = s.rank();
        boolean fits = rank > 0 && rank == t.rank() && s.dim(-1) == in1 && t.dim(-1) == in2;
        if (!fits || !s.drop(rank - 1).equals(t.drop(rank - 1))) {
            throw new OperandMismatch(
                    "Bilinear",
                    "it takes [.., " + in1 + "] and [.., " + in2 + "] with equal leading axes",
                    a.label(),
                    b.label(),
                    weight.label());
        }
        int n = s.drop(rank - 1).size();
        Node y = a.reshape(n, in1).bilinear(weight, b.reshape(n, in2));
        Node rows = bias == null ? y : y.add(bias);
        return rows.reshape(s.with(rank - 1, weight.shape().dim(0)));
    }

    /**
     * Refuses to be called with one input.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Bilinear", x, pass);
        throw new UnsupportedOperationException("Bilinear: it takes two inputs; call forward(a, b)");
    }

    @Override
    public String toString() {
        return "Bilinear" + (weight == null ? "" : weight.shape() + (bias == null ? " without bias" : ""));
    }
}
