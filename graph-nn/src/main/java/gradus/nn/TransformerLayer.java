package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Objects;

/**
 * A layer of a transformer, {@code [n, t, dim] -> [n, t, dim]}: self-attention, then two linear layers at each position, each added to its
 * input and normalised,
 *
 * <pre>{@code
 * y = norm1(x + attention(x))
 * z = norm2(y + linear2(activation(linear1(y))))
 * }</pre>
 *
 * <p>with dropout behind attention, activation and {@code linear2}, and of the weights of attention. By default the activation function is
 * relu, and the probability of dropout 0.1. Parts: {@code attention}, a {@link MultiHeadAttention}, {@code linear1 [dim, hidden]}, {@code
 * linear2 [hidden, dim]}, and the {@link LayerNorm}s {@code norm1} and {@code norm2}.
 *
 * <p>Vaswani et al. 2017. PyTorch's {@code TransformerEncoderLayer} with {@code batch_first=True}; {@link #causal} makes it the layer of a
 * decoder without cross-attention, as in a GPT.
 *
 * <p>With a {@link Cache} causal layers keep the keys and values of earlier calls.
 */
public final class TransformerLayer extends Model {
    private final int dim;
    private final int heads;
    private final int hidden;
    private final MultiHeadAttention attention;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private Layer activation;
    private Dropout dropout;
    private boolean preNorm;

    /**
     * Returns a layer with {@code hidden} elements between its linear layers.
     *
     * @throws IllegalArgumentException if a size is below 1, or the heads do not divide dim
     */
    public TransformerLayer(int dim, int heads, int hidden) {
        if (hidden < 1) {
            throw new IllegalArgumentException("TransformerLayer: hidden " + hidden + " must be at least 1");
        }
        this.dim = dim;
        this.heads = heads;
        this.hidden = hidden;
        attention = layer("attention", new MultiHeadAttention(dim, heads));
        linear1 = layer("linear1", new Linear(dim, hidden));
        activation = layer("activation", (Layer) Node::relu);
        linear2 = layer("linear2", new Linear(hidden, dim));
        norm1 = layer("norm1", new LayerNorm(dim));
        norm2 = layer("norm2", new LayerNorm(dim));
        declareDropout(0.1);
    }

    /** Lets a position attend to itself and those before it only. Returns this layer. */
    public TransformerLayer causal() {
        requireUnused("causal");
        attention.setCausal();
        return this;
    }

    /**
     * Rotates queries and keys by their positions, as {@link MultiHeadAttention#rotary}. Returns this layer.
     *
     * @throws IllegalArgumentException if {@code dim / heads} is odd
     */
    public TransformerLayer rotary() {
        requireUnused("rotary");
        attention.setRotary();
        return this;
    }

    /**
     * Normalises the inputs of attention and of the linear layers, and not the sums: {@code y = x + attention(norm1(x))}, {@code z = y +
     * linear2(activation(linear1(norm2(y))))}. PyTorch's {@code norm_first}. Returns this layer.
     */
    public TransformerLayer preNorm() {
        requireUnused("preNorm");
        preNorm = true;
        return this;
    }

    /** Replaces the activation function: {@code activation(Node::gelu)}. Returns this layer. */
    public TransformerLayer activation(Layer function) {
        Objects.requireNonNull(function, "TransformerLayer.activation: function is null");
        undeclare("activation", "activation");
        activation = layer("activation", function);
        return this;
    }

    /**
     * Replaces the probability of dropout. Returns this layer.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public TransformerLayer dropout(double p) {
        requireUnused("dropout");
        declareDropout(p);
        return this;
    }

    private void declareDropout(double p) {
        Dropout replacement = new Dropout(p);
        undeclare("dropout", "dropout");
        dropout = layer("dropout", replacement);
        attention.setDropout(p);
    }

    /**
     * Returns the output for sequences without padding.
     *
     * @throws OperandMismatch if x is not {@code [n, t, dim]}
     * @throws IllegalStateException if the pass has a cache and the layer is not causal
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("TransformerLayer", x, pass);
        return compute(x, null, pass);
    }

    /**
     * Returns the output for sequences of which a position attends to those where the mask is 1, as {@link
     * MultiHeadAttention#forward(Node, Tensor, Pass)}: {@code [n, t]} holds 0 at padding. PyTorch's {@code src_key_padding_mask} and {@code
     * src_mask} hold 1 or true there.
     *
     * @throws OperandMismatch if x is not {@code [n, t, dim]}, or the mask does not fit
     * @throws IllegalArgumentException if the mask has an element that is neither 0 nor 1
     * @throws IllegalStateException if the pass has a cache and the layer is not causal
     */
    public Node forward(Node x, Tensor mask, Pass pass) {
        Inputs.require("TransformerLayer", x, pass);
        Objects.requireNonNull(mask, "TransformerLayer.forward: mask is null");
        return compute(x, mask, pass);
    }

    private Node compute(Node x, Tensor mask, Pass pass) {
        if (preNorm) {
            Node y = x.add(attended(norm1.forward(x, pass), mask, pass));
            return y.add(fed(norm2.forward(y, pass), pass));
        }
        Node y = norm1.forward(x.add(attended(x, mask, pass)), pass);
        return norm2.forward(y.add(fed(y, pass)), pass);
    }

    private Node attended(Node x, Tensor mask, Pass pass) {
        Node y = mask == null ? attention.forward(x, pass) : attention.forward(x, mask, pass);
        return dropout.forward(y, pass.in("attention"));
    }

    /** Returns the output of the linear layers. */
    private Node fed(Node x, Pass pass) {
        Node y = dropout.forward(activation.forward(linear1.forward(x, pass), pass), pass.in("activation"));
        return dropout.forward(linear2.forward(y, pass), pass.in("linear2"));
    }

    @Override
    public String toString() {
        return "TransformerLayer[" + dim + ", " + heads + ", " + hidden + "]" + (preNorm ? " with norms first" : "");
    }
}
