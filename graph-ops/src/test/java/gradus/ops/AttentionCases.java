package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.AttentionOptions;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.List;
import java.util.function.Function;

/** The test cases of {@link Attention}. */
final class AttentionCases {
    private static final Tensor MASK = Tensor.of(new double[][] {{1, 0, 1}, {0, 0, 0}});
    private static final Tensor PADDING = Tensor.of(Shape.of(2, 1, 3), 1, 1, 0, 1, 0, 0);

    static final List<OpCase> ALL = List.of(
            row(
                    "scaledDotProductAttention",
                    in -> Attention.scaledDotProductAttention(in[0], in[1], in[2]),
                    Shape.of(2, 3, 2),
                    Shape.of(2, 4, 2),
                    Shape.of(2, 4, 3)),
            row(
                    "scaledDotProductAttention of one operand",
                    in -> Attention.scaledDotProductAttention(in[0], in[0], in[0]),
                    Shape.of(2, 3, 2)),
            row(
                    "scaledDotProductAttention, broadcast",
                    in -> Attention.scaledDotProductAttention(in[0], in[1], in[2]),
                    Shape.of(2, 2, 1, 2),
                    Shape.of(2, 1, 3, 2),
                    Shape.of(3, 1)),
            row(
                    "scaledDotProductAttention of no keys",
                    in -> Attention.scaledDotProductAttention(in[0], in[1], in[2]),
                    Shape.of(2, 2),
                    Shape.of(0, 2),
                    Shape.of(0, 3)),
            attention("causal", AttentionOptions.DEFAULT.causal(true), 3, 3),
            attention("causal from 2 on", AttentionOptions.DEFAULT.causal(true).offset(2), 2, 4),
            attention("with a mask", AttentionOptions.DEFAULT.mask(MASK), 2, 3),
            attention(
                    "with padding, causal",
                    AttentionOptions.DEFAULT.mask(PADDING).causal(true).scale(0.3),
                    3,
                    3),
            attention("with dropout", AttentionOptions.DEFAULT.dropout(0.4, RandomStream.of(1, "dropout")), 3, 5));

    private AttentionCases() {}

    private static OpCase attention(String how, AttentionOptions options, int n, int m) {
        Function<Node[], Node> f = in -> Attention.scaledDotProductAttention(in[0], in[1], in[2], options);
        return row("scaledDotProductAttention " + how, f, Shape.of(2, n, 2), Shape.of(2, m, 2), Shape.of(2, m, 3));
    }
}
