package gradus.array;

/**
 * The options of scaled dot-product attention of n queries over m keys. Immutable, equal by value, and fluent:
 *
 * <pre>{@code
 * AttentionOptions.DEFAULT.causal(true).dropout(0.1, random)
 * }</pre>
 *
 * @param causal whether query i attends to keys 0 to {@code i + offset} only
 * @param offset the number of keys before the key of query 0, such as those of a cache; without effect unless causal
 * @param mask 1 where a query attends to a key, else 0: a tensor that broadcasts to {@code [.., n, m]}; or null for all
 * @param scale the factor of the scores; NaN for {@code 1 / sqrt(d)}
 * @param dropout the probability with which a weight is 0
 * @param seed what the dropped weights are drawn from; 0 without dropout
 */
public record AttentionOptions(boolean causal, int offset, Tensor mask, double scale, double dropout, long seed) {
    /** All keys, the scale {@code 1 / sqrt(d)}, no dropout. */
    public static final AttentionOptions DEFAULT = new AttentionOptions(false, 0, null, Double.NaN, 0, 0);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the offset is negative, the mask has an element that is neither 0 nor 1, the scale is
     *     infinite, or the probability is not from 0 to 1
     */
    public AttentionOptions {
        require(offset >= 0, "offset " + offset + " must be at least 0");
        require(!Double.isInfinite(scale), "scale " + scale + " must be finite");
        require(dropout >= 0 && dropout <= 1, "dropout probability " + dropout + " must be from 0 to 1");
        if (mask != null) {
            int wrong = mask.notMask();
            require(
                    wrong == mask.size(),
                    "the mask " + mask.shape() + " must hold 1, attended, and 0, not attended"
                            + (wrong == mask.size() ? "" : ", not " + mask.at(wrong)));
        }
    }

    /** Returns these options with or without the restriction of query i to keys 0 to {@code i + offset}. */
    public AttentionOptions causal(boolean newCausal) {
        return new AttentionOptions(newCausal, offset, mask, scale, dropout, seed);
    }

    /** Returns these options with another number of keys before the key of query 0, for causal attention. */
    public AttentionOptions offset(int keys) {
        return new AttentionOptions(causal, keys, mask, scale, dropout, seed);
    }

    /**
     * Returns these options with a mask: 1 where a query attends to a key, else 0, broadcast to {@code [.., n, m]}. Padding is
     * a mask {@code [batch, 1, m]}, or {@code [batch, 1, 1, m]} where there are heads. This is neither PyTorch's additive mask, where
     * 0 attends and {@code -inf} hides, nor its {@code key_padding_mask}, where 1 hides.
     */
    public AttentionOptions mask(Tensor newMask) {
        Arguments.nonNull(newMask, "AttentionOptions", "mask");
        return new AttentionOptions(causal, offset, newMask, scale, dropout, seed);
    }

    /** Returns these options with another factor of the scores. */
    public AttentionOptions scale(double newScale) {
        require(!Double.isNaN(newScale), "scale is NaN");
        return new AttentionOptions(causal, offset, mask, newScale, dropout, seed);
    }

    /**
     * Returns these options with dropout: each weight is 0 with probability p, and is divided by {@code 1 - p} otherwise. One
     * number is drawn from the stream now; which weights are 0 follows from it, the same in every use of these options.
     */
    public AttentionOptions dropout(double p, RandomStream random) {
        Arguments.nonNull(random, "AttentionOptions", "random");
        return new AttentionOptions(causal, offset, mask, scale, p, p == 0 ? 0 : random.nextLong());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("AttentionOptions: " + message);
        }
    }
}
