package gradus.ops;

import gradus.array.AttentionOptions;
import gradus.array.BlockAttention;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/**
 * Attention. The matrix of weights [n, m] is computed in blocks that are not kept: memory grows with n + m, in the forward pass and
 * in the gradient. Only a graph of the gradient, for second derivatives, holds the matrix.
 */
public final class Attention {
    private static final String NAME = "scaledDotProductAttention";

    private Attention() {}

    /** {@code y = softmax(scale q k^T) v}, with equal leading axes. */
    public record ScaledDotProduct(AttentionOptions options) implements Op.Saving {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Tensor forward(Op.Saved saved, Tensor... x) {
            BlockAttention.Result result = BlockAttention.forward(NAME, x[0], x[1], x[2], options);
            saved.set(result);
            return result.y();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node q = c.x(0);
            Node k = c.x(1);
            Node v = c.x(2);
            if (!c.y().isTracked()) { // the gradient is not to be differentiated
                BlockAttention.Gradients g = BlockAttention.gradients(
                        NAME,
                        q.value(),
                        k.value(),
                        v.value(),
                        options,
                        c.saved(BlockAttention.Result.class),
                        gy.value());
                return new Node[] {Node.constant(g.q()), Node.constant(g.k()), Node.constant(g.v())};
            }
            Shape s = q.shape().with(-1, k.shape().dim(-2));
            Tensor attended = BlockAttention.attended(s, options).to(q.dtype());
            return isFinite(q, k, v, gy)
                    ? gradients(q, k, v, gy, Node.constant(attended))
                    : gradientsOfFinite(q, k, v, gy, Node.constant(attended));
        }

        /** Returns the gradients, which hold the whole matrix of weights; attended is 1 where a query attends to a key, else 0. */
        private Node[] gradients(Node q, Node k, Node v, Node gy, Node attended) {
            Node scores = q.matmul(k, false, true).mul(scale(q));
            Node p = scores.where(attended, Double.NEGATIVE_INFINITY).softmax(-1);
            Node kept = Node.constant(BlockAttention.kept(p.shape(), options).to(p.dtype()));
            Node gp = gy.matmul(v, false, true).mul(kept);
            Node gs = p.mul(gp.sub(p.mul(gp).sumKeepDims(-1))).mul(scale(q));
            return new Node[] {
                gs.matmul(k), gs.matmul(q, true, false), p.mul(kept).matmul(gy, true, false)
            };
        }

        /**
         * Returns the gradients where not all is finite: those of the operands with 0 in place of NaN and infinity, and NaN where such a
         * number has an effect. Rows with a gradient of 0 have none.
         */
        private Node[] gradientsOfFinite(Node q, Node k, Node v, Node gy, Node attended) {
            Node live = attended.mul(gy.detach().ne(0).sumKeepDims(-1).gt(0));
            Node[] g = gradients(finite(q), finite(k), finite(v), finite(gy), live);
            Node reached =
                    live.matmul(odd(k)).add(odd(q)).add(odd(gy)); // the rows whose weights, or gradient, are not finite
            Node all = reached.add(live.matmul(odd(v)));
            Node rows = live.sumKeepDims(-1).mul(all);
            return new Node[] {
                g[0].where(rows.eq(0), Double.NaN),
                g[1].where(live.matmul(all, true, false).eq(0), Double.NaN),
                g[2].where(live.matmul(reached, true, false).eq(0), Double.NaN)
            };
        }

        private static boolean isFinite(Node... nodes) {
            boolean finite = true;
            for (Node x : nodes) {
                finite &= Double.isFinite(x.value().sum().item());
            }
            return finite;
        }

        private static Node finite(Node x) {
            return x.where(x.isFinite(), 0);
        }

        /** Returns how many numbers of each row are not finite: {@code [.., n, d] -> [.., n, 1]}. */
        private static Node odd(Node x) {
            return x.detach().isFinite().not().sumKeepDims(-1);
        }

        private double scale(Node q) {
            return Double.isNaN(options.scale()) ? 1 / Math.sqrt(q.shape().dim(-1)) : options.scale();
        }
    }

    /**
     * Returns the values, weighted by how well each query fits each key: {@code softmax(q k^T / sqrt(d)) v}, {@code [.., n, d], [..,
     * m, d], [.., m, e] -> [.., n, e]}; leading axes broadcast. PyTorch's {@code scaled_dot_product_attention}.
     *
     * @throws OperandMismatch if the shapes or number types do not fit
     */
    public static Node scaledDotProductAttention(Node q, Node k, Node v) {
        return scaledDotProductAttention(q, k, v, AttentionOptions.DEFAULT);
    }

    /**
     * Returns {@link #scaledDotProductAttention(Node, Node, Node)} with a mask, causal, with another scale, or with dropout of the
     * weights. A row in which every key is masked is 0, and its gradients are 0. NaN or infinity in a key or value has no effect on a
     * query that does not attend to it.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or the mask does not broadcast to {@code [.., n, m]}
     */
    public static Node scaledDotProductAttention(Node q, Node k, Node v, AttentionOptions options) {
        Objects.requireNonNull(q, "scaledDotProductAttention: q is null");
        Objects.requireNonNull(k, "scaledDotProductAttention: k is null");
        Objects.requireNonNull(v, "scaledDotProductAttention: v is null");
        Objects.requireNonNull(options, "scaledDotProductAttention: options is null");
        if (q.shape().rank() < 2 || k.shape().rank() < 2 || v.shape().rank() < 2) {
            throw new OperandMismatch(
                    NAME,
                    "it takes queries [.., n, d], keys [.., m, d] and values [.., m, e]",
                    q.label(),
                    k.label(),
                    v.label());
        }
        Shape batch;
        try {
            Shape keys = MatrixBatch.broadcast(NAME, k.shape(), v.shape());
            batch = MatrixBatch.broadcast(NAME, q.shape(), MatrixBatch.join(keys, Shape.of(1, 1)));
        } catch (OperandMismatch e) {
            throw e.naming(q.label(), k.label(), v.label());
        }
        return Node.of(new ScaledDotProduct(options), expanded(q, batch), expanded(k, batch), expanded(v, batch));
    }

    private static Node expanded(Node x, Shape batch) {
        Shape s = x.shape();
        return x.expandTo(MatrixBatch.join(batch, Shape.of(s.dim(-2), s.dim(-1))));
    }
}
