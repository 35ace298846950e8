package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import gradus.nn.init.Fans;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import java.util.Arrays;

/**
 * The largest of several affine maps for each output, {@code [.., in] -> [.., out]}: {@code y[o] = max over k of (x W +
 * b)[o, k]}, an activation function that is learned (Goodfellow et al. 2013). Parameters {@code weight [in, out
 * pieces]}, whose columns are those of all pieces of the first output, then of the second, and {@code bias [out
 * pieces]}. Both are drawn from U(±1/sqrt(in)) by default, as those of {@link Linear}. No counterpart in PyTorch.
 */
public final class Maxout extends Model {
    private final int in;
    private final int out;
    private final int pieces;
    private Node weight;
    private Node bias;

    /**
     * Returns a layer from {@code in} features to {@code out}, each the largest of so many pieces.
     *
     * @throws IllegalArgumentException if a number is less than 1
     */
    public Maxout(int in, int out, int pieces) {
        if (in < 1 || out < 1 || pieces < 1) {
            throw new IllegalArgumentException(
                    "Maxout: sizes " + in + " and " + out + " and pieces " + pieces + " must be at least 1");
        }
        this.in = in;
        this.out = out;
        this.pieces = pieces;
        this.weight = parameter("weight", Shape.of(in, out * pieces), new Fans(in, out), Initializers.fanIn(in));
        this.bias = parameter("bias", Shape.of(out * pieces), Initializers.fanIn(in));
    }

    /** Draws the weight by an initializer. Returns this layer. */
    public Maxout weightInitializer(Initializer initializer) {
        weight = redeclare("weightInitializer", "weight", initializer);
        return this;
    }

    /** Draws the bias by an initializer. Returns this layer. */
    public Maxout biasInitializer(Initializer initializer) {
        bias = redeclare("biasInitializer", "bias", initializer);
        return this;
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Maxout", x, pass);
        Shape s = x.shape();
        if (s.rank() == 0 || s.dim(-1) != in) {
            throw new OperandMismatch("Maxout", "the last axis must have size " + in, x.label(), weight.label());
        }
        int[] dims = Arrays.copyOf(s.dims(), s.rank() + 1);
        dims[s.rank() - 1] = out;
        dims[s.rank()] = pieces;
        return x.matmul(weight).add(bias).reshape(dims).max(-1);
    }

    @Override
    public String toString() {
        return "Maxout[" + in + ", " + out + ", pieces " + pieces + "]";
    }
}
