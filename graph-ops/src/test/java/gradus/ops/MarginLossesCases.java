package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.Arrays;
import java.util.List;

/** The test cases of {@link MarginLosses}. */
final class MarginLossesCases {
    private static final Shape S34 = Shape.of(3, 4);
    private static final TripletMarginOptions TRIPLET = TripletMarginOptions.DEFAULT;
    private static final double[] SIGNS = {1, -1, -1, 1, 1, -1, 1, 1, -1, -1, -1, 1};

    static final List<OpCase> ALL = List.of(
            row("hingeEmbedding", in -> MarginLosses.hingeEmbedding(in[0], signs(in[0])), S34),
            row(
                    "hingeEmbedding(.., 0.5)",
                    in -> MarginLosses.hingeEmbedding(in[0], signs(in[0]), 0.5, Reduction.NONE),
                    Shape.of(2, 1, 3)),
            row("marginRanking", in -> MarginLosses.marginRanking(in[0], in[1], signs(in[0])), S34, S34),
            row(
                    "marginRanking(.., 0.5)",
                    in -> MarginLosses.marginRanking(in[0], in[1], signs(in[0]), 0.5, Reduction.NONE),
                    Shape.of(3),
                    Shape.of(3)),
            row("softMargin", in -> MarginLosses.softMargin(in[0], signs(in[0])), S34),
            row(
                    "softMargin with the sum",
                    in -> MarginLosses.softMargin(in[0], signs(in[0]), Reduction.SUM),
                    Shape.of()),
            row("multiMargin", in -> MarginLosses.multiMargin(in[0], 3, 0, 1), S34),
            row(
                    "multiMargin with p = 2",
                    in -> MarginLosses.multiMargin(
                            in[0], Node.constant(new double[][] {{2}, {0}}), 2, 0.5, Reduction.NONE),
                    Shape.of(2, 1, 3)),
            row("multilabelSoftMargin", in -> MarginLosses.multilabelSoftMargin(in[0], in[1]), S34, S34)
                    .smoothOn(0.1, 0.9),
            row(
                            "multilabelSoftMargin without reduction",
                            in -> MarginLosses.multilabelSoftMargin(in[0], in[1], Reduction.NONE),
                            Shape.of(2, 1, 3),
                            Shape.of(2, 1, 3))
                    .smoothOn(0.1, 0.9),
            row(
                    "cosineEmbedding",
                    in -> MarginLosses.cosineEmbedding(
                            in[0], in[1], Node.constant(1, -1, -1).to(in[0].dtype())),
                    S34,
                    S34),
            row(
                    "cosineEmbedding(.., 0.25)",
                    in -> MarginLosses.cosineEmbedding(
                            in[0], in[1], Node.constant(-1.0).to(in[0].dtype()), 0.25, Reduction.NONE),
                    Shape.of(2),
                    Shape.of(2)),
            row("tripletMargin", in -> MarginLosses.tripletMargin(in[0], in[1], in[2]), S34, S34, S34),
            row(
                    "tripletMargin with p = 3 and swap",
                    in -> MarginLosses.tripletMargin(
                            in[0],
                            in[1],
                            in[2],
                            TRIPLET.p(3).swap(true).margin(2).reduction(Reduction.NONE)),
                    Shape.of(2, 1, 3),
                    Shape.of(2, 1, 3),
                    Shape.of(2, 1, 3)),
            row(
                    "tripletMargin with p = 1",
                    in -> MarginLosses.tripletMargin(
                            in[0], in[1], in[2], TRIPLET.p(1).reduction(Reduction.SUM)),
                    S34,
                    S34,
                    S34));

    private MarginLossesCases() {}

    private static Node signs(Node like) {
        double[] first = Arrays.copyOf(SIGNS, like.shape().size());
        return Node.constant(Tensor.of(like.shape(), first).to(like.dtype()));
    }
}
