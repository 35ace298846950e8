package gradus.nn.io;

import gradus.array.AttentionOptions;
import gradus.array.BlockAttention;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.ops.Attention;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Attention, composed of products and softmax; opset 17 has no operator for it. */
final class OnnxAttention extends OnnxWriter {
    OnnxAttention(OnnxExport export) {
        super(export);
    }

    @Override
    String write(Node n, Node x) {
        if (n.op() instanceof Op.Output o && o.op().name().equals("heads")) {
            return heads(n, x, o.index());
        }
        return n.op() instanceof Attention.ScaledDotProduct a ? attention(n, a.options()) : null;
    }

    /** Returns the queries, keys or values, which are side by side in {@code [n, t, 3 dim]}, as {@code [n, heads, t, d]}. */
    private String heads(Node n, Node x, int which) {
        Shape s = n.shape();
        int dim = s.dim(1) * s.dim(3);
        String part = export.call(
                "Slice",
                export.name(x),
                export.integers(which * (long) dim),
                export.integers((which + 1) * (long) dim),
                export.integers(2));
        return transposed(export.call("Reshape", part, export.integers(-1, s.dim(2), s.dim(1), s.dim(3))), 0, 2, 1, 3);
    }

    /** {@code softmax(scale q k^T) v}; the scores of keys that are not attended to are -infinity. */
    private String attention(Node n, AttentionOptions options) {
        Node q = n.inputs().get(0);
        Node k = n.inputs().get(1);
        if (options.dropout() > 0) {
            throw OnnxExport.refused(n, "it has dropout");
        }
        int[] order = new int[k.shape().rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i < order.length - 2 ? i : 2 * order.length - 3 - i;
        }
        double scale = Double.isNaN(options.scale()) ? 1 / Math.sqrt(q.shape().dim(-1)) : options.scale();
        String scores = export.call("MatMul", export.name(q), transposed(export.name(k), order));
        scores = export.call("Mul", scores, constant(scale, n.dtype()));
        if (options.causal() || options.mask() != null) {
            scores = export.call("Add", scores, export.constant(hidden(n, q, k, options)));
        }
        String weights = export.call("Softmax", List.of(scores), Map.of("axis", -1L));
        return export.call("MatMul", weights, export.name(n.inputs().get(2)));
    }

    /** Returns 0 where a query attends to a key, else -infinity. */
    private Tensor hidden(Node n, Node q, Node k, AttentionOptions options) {
        AttentionOptions others = ((Attention.ScaledDotProduct) export.other(n).op()).options();
        if (options.mask() != null && !options.mask().equals(others.mask())) {
            throw OnnxExport.refused(n, "its mask depends on the input or on the size of the batch");
        }
        int[] dims =
                options.mask() == null ? new int[2] : options.mask().shape().dims();
        dims[dims.length - 2] = q.shape().dim(-2);
        dims[dims.length - 1] = k.shape().dim(-2);
        Tensor attended = BlockAttention.attended(Shape.of(dims), options);
        if (Arrays.stream(attended.max(-1).toDoubleArray()).anyMatch(most -> most == 0)) {
            throw OnnxExport.refused(n, "a query attends to no key");
        }
        return attended.map(a -> a == 0 ? Double.NEGATIVE_INFINITY : 0).to(n.dtype());
    }
}
