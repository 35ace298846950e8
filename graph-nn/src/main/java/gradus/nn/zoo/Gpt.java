package gradus.nn.zoo;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Cache;
import gradus.nn.Embedding;
import gradus.nn.LayerNorm;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.PositionalEmbedding;
import gradus.nn.TiedLinear;
import gradus.nn.TransformerLayer;
import gradus.nn.init.Initializers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A generative pre-trained transformer, decoder-only: from tokens {@code [n, t]} to logits {@code [n, t, tokens]} of the token after each. A
 * small GPT-2 (Radford et al. 2019): learned positions, layers of causal attention and of a hidden layer four times as wide with gelu,
 * normalisation before each, weights from N(0, 0.02) in the embeddings, and an output layer that shares the weights of the token embedding.
 */
public final class Gpt extends Model {
    private static final double STD = 0.02;

    private final int tokens;
    private final int length;
    private final Embedding token;
    private final PositionalEmbedding position;
    private final List<TransformerLayer> layers = new ArrayList<>();
    private final LayerNorm norm;
    private final TiedLinear head;

    /**
     * Returns a model without dropout.
     *
     * @param tokens the number of different tokens
     * @param length the most tokens of a sequence
     * @param dim the size of the vector of a token
     * @param heads of attention; they divide dim
     * @param layers the number of transformer layers
     */
    public Gpt(int tokens, int length, int dim, int heads, int layers) {
        this(tokens, length, dim, heads, layers, 0);
    }

    /** Returns a model with dropout of this probability in its layers, 0.1 in GPT-2. */
    public Gpt(int tokens, int length, int dim, int heads, int layers, double dropout) {
        if (layers < 1) {
            throw new IllegalArgumentException("Gpt: layers " + layers + " must be at least 1");
        }
        this.tokens = tokens;
        this.length = length;
        this.token = layer("token", new Embedding(tokens, dim, Initializers.normal(STD)));
        this.position = layer("position", new PositionalEmbedding(length, dim, Initializers.normal(STD)));
        for (int i = 0; i < layers; i++) {
            TransformerLayer block = new TransformerLayer(dim, heads, 4 * dim)
                    .causal()
                    .preNorm()
                    .activation(Node::gelu)
                    .dropout(dropout);
            this.layers.add(layer(Integer.toString(i), block));
        }
        this.norm = layer("norm", new LayerNorm(dim));
        this.head = layer("head", new TiedLinear(token));
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Node y = position.forward(token.forward(x), pass);
        for (TransformerLayer block : layers) {
            y = block.forward(y, pass);
        }
        return head.forward(norm.forward(y));
    }

    /**
     * Returns a sequence continued by so many tokens.
     *
     * @throws IllegalArgumentException if the sequence would be longer than this model's, or a token is out of range
     */
    public int[] generate(int[] prompt, int count, Sampling sampling, RandomStream random) {
        Objects.requireNonNull(prompt, "Gpt.generate: prompt is null");
        double[] row = Arrays.stream(prompt).asDoubleStream().toArray();
        Tensor whole = generate(Tensor.of(Shape.of(1, row.length), row), count, sampling, random);
        return Arrays.stream(whole.toDoubleArray()).mapToInt(t -> (int) t).toArray();
    }

    /**
     * Returns sequences {@code [n, t]} continued by so many tokens, {@code [n, t + count]}. Keys and values of earlier tokens are kept in
     * a {@link Cache}, so that each step computes one position.
     *
     * @throws IllegalArgumentException if a sequence would be longer than this model's, or a token is out of range
     */
    public Tensor generate(Tensor prompts, int count, Sampling sampling, RandomStream random) {
        Objects.requireNonNull(prompts, "Gpt.generate: prompts is null");
        Objects.requireNonNull(sampling, "Gpt.generate: sampling is null");
        Objects.requireNonNull(random, "Gpt.generate: random is null");
        Shape s = prompts.shape();
        if (s.rank() != 2 || s.size() == 0) {
            throw new OperandMismatch("Gpt.generate", "it takes prompts [n, t] of at least one token", s);
        }
        if (count < 0 || s.dim(1) + (long) count > length) {
            throw new OperandMismatch(
                    "Gpt.generate",
                    count + " more tokens; the sequence may have 0 to " + length + " in all, the length of the model",
                    s);
        }
        int n = s.dim(0);
        int t = s.dim(1);
        double[][] y = new double[n][t + count];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < t; j++) {
                y[i][j] = prompts.get(i, j);
                if (!(y[i][j] >= 0 && y[i][j] < tokens) || y[i][j] != (int) y[i][j]) {
                    throw new IllegalArgumentException(
                            "Gpt.generate: token " + y[i][j] + " must be a whole number from 0 to " + (tokens - 1));
                }
            }
        }
        Cache cache = new Cache();
        Tensor next = prompts;
        for (int at = t; at < t + count; at++) {
            Tensor logits = cache.forward(this, next);
            double[] chosen = new double[n];
            for (int i = 0; i < n; i++) {
                Tensor last = logits.slice(0, i, i + 1)
                        .slice(1, next.shape().dim(1) - 1, next.shape().dim(1));
                chosen[i] = sampling.next(last.toDoubleArray(), random);
                y[i][at] = chosen[i];
            }
            next = Tensor.of(Shape.of(n, 1), chosen);
        }
        return Tensor.of(y);
    }

    @Override
    public String toString() {
        return "Gpt[" + tokens + " tokens, length " + length + ", " + layers.size() + " layers]";
    }
}
