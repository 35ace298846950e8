package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Normalization}. */
final class NormalizationCases {
    private static final Shape S3 = Shape.of(3);

    static final List<OpCase> ALL = List.of(
            row("layerNorm", in -> Normalization.layerNorm(in[0], in[1], in[2]), Shape.of(4, 3), S3, S3),
            row(
                    "layerNorm over 2 axes",
                    in -> Normalization.layerNorm(in[0], in[1], in[2], 0.1),
                    Shape.of(2, 2, 3),
                    Shape.of(2, 3),
                    Shape.of(2, 3)),
            row("layerNorm of 5", in -> Normalization.layerNorm(in[0], Shape.of(5), 1e-3), Shape.of(5)),
            row("layerNorm of 1", in -> Normalization.layerNorm(in[0], Shape.of(1), 1), Shape.of(3, 1)),
            row("layerNorm of no row", in -> Normalization.layerNorm(in[0], in[1], in[1]), Shape.of(0, 3), S3),
            row("layerNorm of empty rows", in -> Normalization.layerNorm(in[0], Shape.of(0), 1), Shape.of(2, 0)),
            row("rmsNorm", in -> Normalization.rmsNorm(in[0], in[1], 0.1), Shape.of(4, 3), S3),
            row("rmsNorm over 2 axes", in -> Normalization.rmsNorm(in[0], Shape.of(2, 3), 0.1), Shape.of(2, 2, 3)),
            row("rmsNorm of 1", in -> Normalization.rmsNorm(in[0], in[1], 0.5), Shape.of(2, 1, 1), Shape.of(1)),
            row(
                    "batchNorm",
                    in -> Normalization.batchNorm(in[0], in[1], in[2], 1e-5).values(),
                    Shape.of(4, 3),
                    S3,
                    S3),
            row(
                    "batchNorm of [2, 3, 2, 2]",
                    in -> Normalization.batchNorm(in[0], in[1], in[2], 0.1).values(),
                    Shape.of(2, 3, 2, 2),
                    S3,
                    S3),
            row(
                    "batchNorm of [2, 1, 1, 2, 3]",
                    in -> Normalization.batchNorm(in[0], 0.1).values(),
                    Shape.of(2, 1, 1, 2, 3)),
            row("batchNorm's mean", in -> Normalization.batchNorm(in[0], 0.1).mean(), Shape.of(2, 3, 2)),
            row("batchNorm's var", in -> Normalization.batchNorm(in[0], 0.1).var(), Shape.of(4, 3)),
            row(
                    "batchNorm's outputs together",
                    in -> {
                        BatchNormalized y = Normalization.batchNorm(in[0], in[1], in[2], 0.1);
                        return y.values()
                                .mul(y.mean().reshape(3, 1))
                                .add(y.var().reshape(3, 1));
                    },
                    Shape.of(2, 3, 2),
                    S3,
                    S3),
            row(
                            "batchNorm by given statistics",
                            in -> Normalization.batchNorm(in[0], in[1], in[2], in[3], in[4], 0.1),
                            Shape.of(2, 3, 2),
                            S3,
                            S3,
                            S3,
                            S3)
                    .smoothOn(0.1, 2),
            row(
                    "groupNorm",
                    in -> Normalization.groupNorm(in[0], 2, in[1], in[2], 0.1),
                    Shape.of(2, 4, 3),
                    Shape.of(4),
                    Shape.of(4)),
            row("groupNorm of [3, 6]", in -> Normalization.groupNorm(in[0], 3, 0.1), Shape.of(3, 6)),
            row("groupNorm of nothing", in -> Normalization.groupNorm(in[0], 3, 0.1), Shape.of(0, 6, 2)),
            row(
                    "instanceNorm",
                    in -> Normalization.instanceNorm(in[0], in[1], in[2], 0.1),
                    Shape.of(2, 3, 2, 2),
                    S3,
                    S3),
            row("instanceNorm of [1, 2, 5]", in -> Normalization.instanceNorm(in[0], 0.1), Shape.of(1, 2, 5)),
            row("localResponseNorm", in -> Normalization.localResponseNorm(in[0], 3, 0.5, 0.75, 1), Shape.of(2, 4, 2)),
            row(
                    "localResponseNorm of 2",
                    in -> Normalization.localResponseNorm(in[0], 2, 0.5, 0.75, 2),
                    Shape.of(1, 3, 2, 1)),
            row(
                    "localResponseNorm over more than the channels",
                    in -> Normalization.localResponseNorm(in[0], 7, 1, 2, 1),
                    Shape.of(1, 2, 3)),
            row("weightNorm", in -> Normalization.weightNorm(in[0], in[1], 0), Shape.of(3, 2, 2), S3),
            row("weightNorm along -1", in -> Normalization.weightNorm(in[0], in[1], -1), Shape.of(2, 3), S3));

    private NormalizationCases() {}
}
