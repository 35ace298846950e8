package gradus.nn;

import gradus.array.AttentionOptions;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.nn.init.Initializers;
import gradus.nn.init.Xavier;
import gradus.ops.Attention;
import gradus.ops.Positions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Attention of several heads, {@code [n, t, dim] -> [n, t, dim]}: each position is a mean of all positions of its sequence, weighted by how
 * well its query fits their keys,
 *
 * <pre>{@code
 * q = x Wq + bq   k = x Wk + bk   v = x Wv + bv      each split into heads of d = dim / heads elements
 * y = concat(softmax(q k^T / sqrt(d)) v) Wo + bo     softmax and products for each head
 * }</pre>
 *
 * <p>Parameters {@code inputWeight [dim, 3 dim]}, which is Wq, Wk and Wv side by side, {@code inputBias [3 dim]}, {@code outputWeight [dim,
 * dim]} and {@code outputBias [dim]}. As in PyTorch, {@code inputWeight} is drawn from U(±sqrt(6 / (4 dim))), {@code outputWeight} from
 * U(±1/sqrt(dim)), and the biases are 0.
 *
 * <p>A mask holds 1 where a query attends to a key, else 0: {@code [n, m]} says which of the m keys of each sequence are no padding, {@code
 * [n, t, m]} which keys each query attends to, {@code [n, heads, t, m]} that for each head; a size may be 1. PyTorch's {@code
 * key_padding_mask} and {@code attn_mask} say the opposite, 1 or true where a query does not attend. Where every key of a query is masked,
 * the heads give 0; PyTorch gives NaN.
 *
 * <p>Vaswani et al. 2017. PyTorch's {@code MultiheadAttention} with {@code batch_first=True}, whose weights are the transposes.
 *
 * <p>With a {@link Cache} causal self-attention keeps keys and values: those of the earlier calls come before those of the present one.
 */
public final class MultiHeadAttention extends Model {
    /** The heads of queries, keys and values side by side, {@code [n, t, 3 dim] -> [n, heads, t, dim / heads]} three times. */
    private record Heads(int heads) implements Op.Multi {
        @Override
        public String name() {
            return "heads";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Shape s = x[0].shape();
            int d = s.dim(2) / 3 / heads;
            Tensor all = x[0].reshape(s.dim(0), s.dim(1), 3, heads, d).permute(2, 0, 3, 1, 4);
            Tensor[] y = new Tensor[3];
            Arrays.setAll(y, i -> all.slice(0, i, i + 1).reshape(s.dim(0), heads, s.dim(1), d));
            return y;
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node[] g = gy.clone();
            for (int i = 0; i < 3; i++) {
                if (g[i] == null) {
                    g[i] = Node.constant(Tensor.zeros(c.y(i).shape(), c.y(i).dtype()));
                }
            }
            return new Node[] {Node.stack(0, g).permute(1, 3, 0, 2, 4).reshape(c.x(0).shape())};
        }
    }

    private final int dim;
    private final int heads;
    private final Node inputWeight;
    private final Node outputWeight;
    private Node inputBias;
    private Node outputBias;
    private boolean causal;
    private boolean rotary;
    private double dropout;

    /**
     * Returns a layer in which every position attends to all.
     *
     * @throws IllegalArgumentException if a size is below 1, or the heads do not divide dim
     */
    public MultiHeadAttention(int dim, int heads) {
        if (dim < 1 || heads < 1 || dim % heads != 0) {
            throw new IllegalArgumentException("MultiHeadAttention: dim " + dim + " and heads " + heads
                    + " must be at least 1, and dim a multiple of heads");
        }
        this.dim = dim;
        this.heads = heads;
        inputWeight = parameter("inputWeight", Shape.of(dim, 3 * dim), Xavier.uniform());
        inputBias = parameter("inputBias", Shape.of(3 * dim), Initializers.constant(0));
        outputWeight = parameter("outputWeight", Shape.of(dim, dim), Initializers.fanIn(dim));
        outputBias = parameter("outputBias", Shape.of(dim), Initializers.constant(0));
    }

    /** Lets query i attend to keys 0 to i only. Returns this layer. */
    public MultiHeadAttention causal() {
        requireUnused("causal");
        setCausal();
        return this;
    }

    /**
     * Rotates queries and keys by their positions, {@link Positions#rotary(Node)}, in each head. Returns this layer.
     *
     * @throws IllegalArgumentException if {@code dim / heads} is odd
     */
    public MultiHeadAttention rotary() {
        requireUnused("rotary");
        setRotary();
        return this;
    }

    /**
     * Applies dropout to the weights of attention, after softmax. PyTorch's {@code dropout}. Returns this layer.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public MultiHeadAttention dropout(double p) {
        requireUnused("dropout");
        setDropout(p);
        return this;
    }

    /** Removes the biases of all four products. PyTorch's {@code bias=False}. Returns this layer. */
    public MultiHeadAttention withoutBias() {
        undeclare("withoutBias", "inputBias", "outputBias");
        inputBias = null;
        outputBias = null;
        return this;
    }

    void setCausal() {
        causal = true;
    }

    void setRotary() {
        if (dim / heads % 2 != 0) {
            throw new IllegalArgumentException("MultiHeadAttention.rotary: heads of " + dim / heads
                    + " elements cannot be rotated in pairs; dim / heads must be even");
        }
        rotary = true;
    }

    void setDropout(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("MultiHeadAttention: dropout probability " + p + " must be from 0 to 1");
        }
        dropout = p;
    }

    /**
     * Returns self-attention: queries, keys and values are those of x.
     *
     * @throws OperandMismatch if x is not {@code [n, t, dim]}
     * @throws IllegalStateException if the pass has a cache and attention is not causal
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("MultiHeadAttention", x, pass);
        return selfAttention(x, null, pass);
    }

    /**
     * Returns self-attention with a mask, in one of the forms above, where m is t, and with a cache also counts the positions
     * of the earlier calls.
     *
     * @throws OperandMismatch if x is not {@code [n, t, dim]}, or the mask does not fit
     * @throws IllegalArgumentException if the mask has an element that is neither 0 nor 1
     * @throws IllegalStateException if the pass has a cache and attention is not causal
     */
    public Node forward(Node x, Tensor mask, Pass pass) {
        Inputs.require("MultiHeadAttention", x, pass);
        Objects.requireNonNull(mask, "MultiHeadAttention.forward: mask is null");
        return selfAttention(x, mask, pass);
    }

    private Node selfAttention(Node x, Tensor mask, Pass pass) {
        requireSequences(x);
        List<Tensor> kept = pass.hasCache() ? kept(x, pass) : List.of();
        int past = kept.isEmpty() ? 0 : kept.get(0).shape().dim(2);
        Node[] projected = Node.outputs(new Heads(heads), affine(x, inputWeight, inputBias));
        Node q = rotated(projected[0], past);
        Node k = rotated(projected[1], past);
        Node v = projected[2];
        if (past > 0) {
            k = Node.concat(2, Node.constant(kept.get(0)), k);
            v = Node.concat(2, Node.constant(kept.get(1)), v);
        }
        Node y = attention(q, k, v, past, mask, pass, x);
        if (pass.hasCache()) {
            pass.keep(path(), k.value(), v.value());
        }
        return y;
    }

    /** Returns the keys and values of the earlier calls. */
    private List<Tensor> kept(Node x, Pass pass) {
        if (!causal) {
            throw new IllegalStateException(
                    (path() + " " + this).strip()
                            + ": attention that is not causal also depends on later positions, so it cannot continue sequences with a cache; see causal()");
        }
        List<Tensor> kept = pass.kept(path());
        if (!kept.isEmpty()) {
            Inputs.requireSequences("MultiHeadAttention", x, kept.get(0).shape().dim(0));
        }
        return kept;
    }

    /**
     * Returns attention of queries {@code [n, t, dim]} over keys and values {@code [n, m, dim]}, such as those of another sequence: {@code ->
     * [n, t, dim]}. The cache of a pass is not used.
     *
     * @throws OperandMismatch if the operands do not fit
     * @throws IllegalStateException if the pass has a cache and the keys are its pieces: attention is causal, or the keys are
     *     the queries
     */
    public Node attend(Node query, Node key, Node value, Pass pass) {
        requireOperands(query, key, value);
        Objects.requireNonNull(pass, "MultiHeadAttention.attend: pass is null");
        return crossAttention(query, key, value, null, pass);
    }

    /**
     * Returns attention of queries {@code [n, t, dim]} over keys and values {@code [n, m, dim]} with a mask, in one of the forms above.
     *
     * @throws OperandMismatch if the operands or the mask do not fit
     * @throws IllegalArgumentException if the mask has an element that is neither 0 nor 1
     * @throws IllegalStateException if the pass has a cache and the keys are its pieces: attention is causal, or the keys are
     *     the queries
     */
    public Node attend(Node query, Node key, Node value, Tensor mask, Pass pass) {
        requireOperands(query, key, value);
        Objects.requireNonNull(mask, "MultiHeadAttention.attend: mask is null");
        Objects.requireNonNull(pass, "MultiHeadAttention.attend: pass is null");
        return crossAttention(query, key, value, mask, pass);
    }

    private static void requireOperands(Node query, Node key, Node value) {
        Objects.requireNonNull(query, "MultiHeadAttention.attend: query is null");
        Objects.requireNonNull(key, "MultiHeadAttention.attend: key is null");
        Objects.requireNonNull(value, "MultiHeadAttention.attend: value is null");
    }

    private Node crossAttention(Node query, Node key, Node value, Tensor mask, Pass pass) {
        requireSequences(query, key, value);
        if (key.shape().dim(0) != query.shape().dim(0) || !key.shape().equals(value.shape())) {
            throw new OperandMismatch(
                    "MultiHeadAttention",
                    "it takes queries [n, t, " + dim + "], and keys and values [n, m, " + dim + "]",
                    query.label(),
                    key.label(),
                    value.label());
        }
        if (pass.hasCache() && (causal || key == query)) {
            throw new IllegalStateException(
                    (path() + " " + this).strip()
                            + ": attend takes all keys and values at once, and cannot continue them with a cache; call forward(x, pass)");
        }
        Node q = rotated(split(projection(query, 0)), 0);
        Node k = rotated(split(projection(key, 1)), 0);
        Node v = split(projection(value, 2));
        return attention(q, k, v, 0, mask, pass, query);
    }

    private void requireSequences(Node... operands) {
        for (Node x : operands) {
            if (x.shape().rank() != 3 || x.shape().dim(2) != dim) {
                throw new OperandMismatch("MultiHeadAttention", "it takes sequences [n, t, " + dim + "]", x.label());
            }
        }
    }

    /** Returns the queries, 0, keys, 1, or values, 2, of x. */
    private Node projection(Node x, int which) {
        int from = which * dim;
        Node bias = inputBias == null ? null : inputBias.slice(0, from, from + dim);
        return affine(x, inputWeight.slice(1, from, from + dim), bias);
    }

    private static Node affine(Node x, Node weight, Node bias) {
        Node y = x.matmul(weight);
        return bias == null ? y : y.add(bias);
    }

    /** Returns the heads, {@code [n, t, dim] -> [n, heads, t, dim / heads]}. */
    private Node split(Node x) {
        return x.reshape(x.shape().dim(0), x.shape().dim(1), heads, dim / heads).transpose(1, 2);
    }

    private Node rotated(Node x, int from) {
        return rotary ? Positions.rotary(x, from, 10_000, Positions.Pairing.ADJACENT) : x;
    }

    /** Returns the attention of heads, their concatenation, and its product with the output's weight. */
    private Node attention(Node q, Node k, Node v, int past, Tensor mask, Pass pass, Node x) {
        AttentionOptions options = AttentionOptions.DEFAULT.causal(causal).offset(past);
        if (mask != null) {
            options = options.mask(broadcast(mask, q.shape(), k.shape(), x));
        }
        if (dropout > 0 && pass.isTraining()) {
            options = options.dropout(dropout, pass.random(path()));
        }
        Node y = Attention.scaledDotProductAttention(q, k, v, options)
                .transpose(1, 2)
                .reshape(x.shape());
        return affine(y, outputWeight, outputBias);
    }

    /** Returns a mask that broadcasts to {@code [n, heads, t, m]}. */
    private Tensor broadcast(Tensor mask, Shape q, Shape k, Node x) {
        Shape s = mask.shape();
        Tensor y =
                switch (s.rank()) {
                    case 2 -> mask.reshape(s.dim(0), 1, 1, s.dim(1));
                    case 3 -> mask.reshape(s.dim(0), 1, s.dim(1), s.dim(2));
                    default -> mask;
                };
        Shape full = Shape.of(q.dim(0), heads, q.dim(2), k.dim(2));
        if (s.rank() < 2 || s.rank() > 4 || !y.shape().expandsTo(full)) {
            throw new OperandMismatch(
                    "MultiHeadAttention",
                    "the mask must be [n, m], " + Shape.of(full.dim(0), full.dim(3)) + ", or [n, t, m], "
                            + Shape.of(full.dim(0), full.dim(2), full.dim(3)) + ", or [n, heads, t, m], " + full,
                    x.label(),
                    "mask " + s);
        }
        return y;
    }

    @Override
    protected boolean dependsOnPass() {
        return dropout > 0;
    }

    @Override
    protected boolean usesCache() {
        return true;
    }

    @Override
    public String toString() {
        return "MultiHeadAttention[" + dim + ", " + heads + "]" + (causal ? " causal" : "") + (rotary ? " rotary" : "")
                + (dropout == 0 ? "" : " with dropout " + dropout)
                + (inputBias == null && outputWeight != null ? " without bias" : "");
    }
}
