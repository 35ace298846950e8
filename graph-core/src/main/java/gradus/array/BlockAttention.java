package gradus.array;

/**
 * Scaled dot-product attention, {@code y = softmax(scale q k^T) v}, in blocks of queries and keys: the matrix of weights [n, m] is
 * never held as a whole, but for one block at a time. Dao et al. 2022, "FlashAttention", after Milakov and Gimelshein 2018,
 * "Online normalizer calculation for softmax".
 *
 * <p>The largest score of a row is known only after its last block. So the exponentials of a block are those of the distances
 * from the largest score so far, and when a larger one is found, what was summed before is multiplied by the exponential of the
 * distance between the two. For the gradients, only the largest score and the sum of each row are kept: the weights are
 * computed again, block by block.
 *
 * <p>A row in which every key is masked is 0, and so are its gradients. NaN or infinity in a key or value reaches only the rows that
 * attend to it; and nothing of a row whose gradient is 0 reaches the gradients of the operands.
 */
public final class BlockAttention {
    private BlockAttention() {}

    /**
     * What the gradients need besides the operands: the largest score of each row, and what its exponentials are multiplied by,
     * 1 divided by their sum, or 0 for a row without keys; each {@code [.., n]}.
     */
    public record Rows(Tensor max, Tensor factor) {}

    /** The result {@code [.., n, e]}, and what its gradients need. */
    public record Result(Tensor y, Rows rows) {}

    /** The gradients of the operands. */
    public record Gradients(Tensor q, Tensor k, Tensor v) {}

    /**
     * Returns the attention of queries [.., n, d] over keys [.., m, d] and values [.., m, e], of equal leading axes.
     *
     * @param op the name that errors show
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Result forward(String op, Tensor q, Tensor k, Tensor v, AttentionOptions options) {
        AttentionGeometry g = geometry(op, q, k, v, options);
        Shape rows = q.shape().drop(-1);
        Tensor y = q.newZeros(q.shape().with(q.shape().rank() - 1, g.e));
        Rows statistics = new Rows(q.newZeros(rows), q.newZeros(rows));
        if (q instanceof Tensor64 t) {
            BlockAttention64.forward(
                    g,
                    t.data,
                    Tensor64.data(k),
                    Tensor64.data(v),
                    Tensor64.data(y),
                    Tensor64.data(statistics.max),
                    Tensor64.data(statistics.factor));
        } else {
            BlockAttention32.forward(
                    g,
                    Tensor32.data(q),
                    Tensor32.data(k),
                    Tensor32.data(v),
                    Tensor32.data(y),
                    Tensor32.data(statistics.max),
                    Tensor32.data(statistics.factor));
        }
        return new Result(y, statistics);
    }

    /**
     * Returns the gradients of the operands, given that of the result.
     *
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Gradients gradients(
            String op, Tensor q, Tensor k, Tensor v, AttentionOptions options, Result result, Tensor gy) {
        AttentionGeometry g = geometry(op, q, k, v, options);
        Arguments.nonNull(result, op, "result");
        Arguments.nonNull(gy, op, "gy");
        if (!gy.shape().equals(result.y.shape()) || gy.dtype() != q.dtype()) {
            throw new OperandMismatch(op, "the output's gradient must be " + result.y.shape(), gy.shape());
        }
        Gradients x = new Gradients(q.newZeros(q.shape()), k.newZeros(k.shape()), v.newZeros(v.shape()));
        if (q instanceof Tensor64 t) {
            BlockAttention64.gradients(
                    g,
                    t.data,
                    Tensor64.data(k),
                    Tensor64.data(v),
                    Tensor64.data(result.y),
                    Tensor64.data(result.rows.max),
                    Tensor64.data(result.rows.factor),
                    Tensor64.data(gy),
                    Tensor64.data(x.q),
                    Tensor64.data(x.k),
                    Tensor64.data(x.v));
        } else {
            BlockAttention32.gradients(
                    g,
                    Tensor32.data(q),
                    Tensor32.data(k),
                    Tensor32.data(v),
                    Tensor32.data(result.y),
                    Tensor32.data(result.rows.max),
                    Tensor32.data(result.rows.factor),
                    Tensor32.data(gy),
                    Tensor32.data(x.q),
                    Tensor32.data(x.k),
                    Tensor32.data(x.v));
        }
        return x;
    }

    /** Returns 1 where a query attends to a key, else 0, of a shape that ends in [n, m]. It holds the whole matrix. */
    public static Tensor attended(Shape weights, AttentionOptions options) {
        Arguments.nonNull(weights, "attended", "weights");
        Arguments.nonNull(options, "attended", "options");
        AttentionGeometry g = AttentionGeometry.of(weights, options);
        double[] y = new double[weights.size()];
        for (int at = 0; at < y.length; at++) {
            int i = at / g.m % g.n;
            int j = at % g.m;
            boolean attends = j < g.end(i + 1, g.m) && (!g.isMasked() || g.attends(at / g.m / g.n, i, j));
            y[at] = attends ? 1 : 0;
        }
        return new Tensor64(weights, y);
    }

    /** Returns what dropout multiplies the weights by, 0 or {@code 1 / (1 - p)}. It holds the whole matrix. */
    public static Tensor kept(Shape weights, AttentionOptions options) {
        Arguments.nonNull(weights, "kept", "weights");
        Arguments.nonNull(options, "kept", "options");
        AttentionGeometry g = AttentionGeometry.of(weights, options);
        double[] y = new double[weights.size()];
        for (int at = 0; at < y.length; at++) {
            y[at] = g.isDropped() ? g.kept(at / g.m / g.n, at / g.m % g.n, at % g.m) : 1;
        }
        return new Tensor64(weights, y);
    }

    private static AttentionGeometry geometry(String op, Tensor q, Tensor k, Tensor v, AttentionOptions options) {
        Arguments.nonNull(op, "BlockAttention", "op");
        Arguments.nonNull(q, op, "q");
        Arguments.nonNull(k, op, "k");
        Arguments.nonNull(v, op, "v");
        Arguments.nonNull(options, op, "options");
        if (q.dtype() != k.dtype() || q.dtype() != v.dtype()) {
            Tensor other = q.dtype() != k.dtype() ? k : v;
            throw new OperandMismatch(op, Indexing.mixed(q, other), q.shape(), k.shape(), v.shape());
        }
        return AttentionGeometry.of(op, q.shape(), k.shape(), v.shape(), options);
    }
}
