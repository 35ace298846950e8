package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.ops.Positions;
import java.util.List;
import java.util.Objects;

/**
 * Tells a model the positions of a sequence, {@code [.., t, dim] -> [.., t, dim]}, for sequences of up to {@code length} positions:
 * {@code y[.., p, :] = x[.., p, :] + weight[p, :]}. The parameter {@code weight [length, dim]} is drawn from N(0, 1) by default. No
 * counterpart in PyTorch, where an {@code Embedding} of the positions is added.
 *
 * <p>{@link #sinusoidal} adds the sinusoidal encoding instead, and {@link #rotary} rotates; these have no parameters.
 *
 * <p>With a {@link Cache} positions continue: the first position of a call is the number of positions of the calls before it.
 */
public final class PositionalEmbedding extends Model {
    /** What is done with the positions. */
    private enum Kind {
        LEARNED,
        SINUSOIDAL,
        ROTARY
    }

    private final int length;
    private final int dim;
    private final Kind kind;
    /** What is added, {@code [length, dim]}; null if vectors are rotated. */
    private final Node weight;

    /** Returns a layer whose vectors are trained. */
    public PositionalEmbedding(int length, int dim) {
        this(length, dim, Initializers.normal(1));
    }

    /** Returns a layer whose vectors are trained, drawn by an initializer. */
    public PositionalEmbedding(int length, int dim, Initializer weight) {
        Objects.requireNonNull(weight, "PositionalEmbedding: weight is null");
        this.length = length;
        this.dim = dim;
        this.kind = Kind.LEARNED;
        requireSizes(length, dim);
        this.weight = parameter("weight", Shape.of(length, dim), weight);
    }

    private PositionalEmbedding(int length, int dim, Kind kind) {
        this.length = length;
        this.dim = dim;
        this.kind = kind;
        requireSizes(length, dim);
        if (dim % 2 != 0) {
            throw new IllegalArgumentException("PositionalEmbedding: dim " + dim + " must be even");
        }
        this.weight = kind == Kind.SINUSOIDAL ? Positions.sinusoidal(length, dim) : null;
    }

    private static void requireSizes(int length, int dim) {
        if (length < 1 || dim < 1) {
            throw new IllegalArgumentException(
                    "PositionalEmbedding: sizes " + length + " and " + dim + " must be at least 1");
        }
    }

    /**
     * Returns a layer that adds the sinusoidal encoding, {@link Positions#sinusoidal}: {@code weight[p, 2 i] = sin(p / 10000^(2 i / dim))},
     * {@code weight[p, 2 i + 1] = cos(p / 10000^(2 i / dim))}. Vaswani et al. 2017.
     *
     * @throws IllegalArgumentException if a size is below 1, or dim is odd
     */
    public static PositionalEmbedding sinusoidal(int length, int dim) {
        return new PositionalEmbedding(length, dim, Kind.SINUSOIDAL);
    }

    /**
     * Returns a layer that rotates each pair of adjacent elements by an angle that grows with the position, {@link Positions#rotary(Node)}.
     * It is meant for queries and keys; {@link MultiHeadAttention#rotary} rotates those of each head. Su et al. 2021.
     *
     * @throws IllegalArgumentException if a size is below 1, or dim is odd
     */
    public static PositionalEmbedding rotary(int length, int dim) {
        return new PositionalEmbedding(length, dim, Kind.ROTARY);
    }

    /**
     * Returns x with its positions.
     *
     * @throws OperandMismatch if x is not {@code [.., t, dim]}, or reaches beyond the last position
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("PositionalEmbedding", x, pass);
        Shape s = x.shape();
        if (s.rank() < 2 || s.dim(-1) != dim) {
            throw new OperandMismatch("PositionalEmbedding", "it takes [.., t, " + dim + "]", x.label());
        }
        List<Tensor> kept = pass.hasCache() ? pass.kept(path()) : List.of();
        int from = kept.isEmpty() ? 0 : (int) kept.get(0).item();
        int to = from + s.dim(-2);
        if (to > length) {
            throw new OperandMismatch(
                    "PositionalEmbedding",
                    from == 0
                            ? to + " positions are more than its " + length
                            : s.dim(-2) + " positions behind the " + from + " of the cache are more than its " + length,
                    x.label());
        }
        if (pass.hasCache()) {
            pass.keep(path(), Tensor.of(to));
        }
        if (kind == Kind.ROTARY) {
            return Positions.rotary(x, from, 10_000, Positions.Pairing.ADJACENT);
        }
        Node vectors = weight.slice(0, from, to);
        return x.add(kind == Kind.LEARNED ? vectors : vectors.to(x.dtype()));
    }

    @Override
    protected boolean usesCache() {
        return true;
    }

    @Override
    public String toString() {
        return "PositionalEmbedding[" + length + ", " + dim + "]"
                + (kind == Kind.LEARNED ? "" : kind == Kind.SINUSOIDAL ? " sinusoidal" : " rotary");
    }
}
