package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Distances}. */
final class DistancesCases {
    private static final Shape S23 = Shape.of(2, 3);
    private static final Shape S43 = Shape.of(4, 3);
    private static final double[] AWAY_FROM_0 = {-2, -0.1, 0.1, 2};

    static final List<OpCase> ALL = List.of(
            row("cdist", in -> Distances.cdist(in[0], in[1]), S23, S43),
            row("cdist of a batch", in -> Distances.cdist(in[0], in[1]), Shape.of(2, 1, 2), Shape.of(3, 2)),
            row("cdist of one vector", in -> Distances.cdist(in[0], in[1]), Shape.of(1, 3), S43),
            row("cdist to nothing", in -> Distances.cdist(in[0], in[1]), S23, Shape.of(0, 3)),
            row("cdist(.., 1)", in -> Distances.cdist(in[0], in[1], 1), S23, S43),
            row("cdist(.., 3)", in -> Distances.cdist(in[0], in[1], 3), S23, S43),
            row("cdist(.., inf)", in -> Distances.cdist(in[0], in[1], Double.POSITIVE_INFINITY), S23, S43),
            row("cdist(.., 0)", in -> Distances.cdist(in[0], in[1], 0), S23, S43),
            row("cdist of nothing", in -> Distances.cdist(in[0], in[1]), Shape.of(0, 3), S23),
            row("cosineSimilarity", in -> Distances.cosineSimilarity(in[0], in[1], 1), S23, S23),
            row(
                    "cosineSimilarity of [4, 3] and [3]",
                    in -> Distances.cosineSimilarity(in[0], in[1], -1),
                    S43,
                    Shape.of(3)),
            row("cosineSimilarity along 0", in -> Distances.cosineSimilarity(in[0], in[1], 0), S43, Shape.of(4, 1)),
            row("normalize(.., 1)", in -> Distances.normalize(in[0], 1), S23),
            row("normalize(.., 1.0, 0)", in -> Distances.normalize(in[0], 1.0, 0), S23)
                    .smoothOn(AWAY_FROM_0),
            row("normalize(.., 3.0, -2)", in -> Distances.normalize(in[0], 3.0, -2), Shape.of(2, 3, 2))
                    .smoothOn(AWAY_FROM_0),
            row("normalize of nothing", in -> Distances.normalize(in[0], 0), Shape.of(0, 3)));

    private DistancesCases() {}
}
