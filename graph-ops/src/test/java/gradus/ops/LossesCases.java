package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Losses}, besides those of its default forms in {@link OpsGradientTest}. */
final class LossesCases {
    private static final Shape S34 = Shape.of(3, 4);
    private static final Shape S213 = Shape.of(2, 1, 3);
    private static final Node CLASSES = Node.constant(3, 0, 1);
    private static final CrossEntropyOptions ENTROPY = CrossEntropyOptions.DEFAULT;
    private static final CrossEntropyOptions WEIGHTED = ENTROPY.weight(Tensor.of(0.5, 2, 1, 0));
    private static final BinaryCrossEntropyOptions BINARY =
            BinaryCrossEntropyOptions.DEFAULT.weight(Tensor.of(0.5, 2, 1, 0)).posWeight(Tensor.of(3.0));

    static final List<OpCase> ALL = List.of(
            row("softmaxCrossEntropy(.., 1)", in -> Losses.softmaxCrossEntropy(in[0], 1), Shape.of(4)),
            row(
                    "softmaxCrossEntropy without reduction",
                    in -> Losses.softmaxCrossEntropy(in[0], CLASSES, ENTROPY.reduction(Reduction.NONE)),
                    S34),
            row(
                    "softmaxCrossEntropy with weights, smoothed",
                    in -> Losses.softmaxCrossEntropy(in[0], CLASSES, WEIGHTED.labelSmoothing(0.1)),
                    S34),
            row(
                    "softmaxCrossEntropy with an ignored class",
                    in -> Losses.softmaxCrossEntropy(
                            in[0],
                            Node.constant(new double[][] {{-1}, {2}}),
                            ENTROPY.ignoreIndex(-1).reduction(Reduction.SUM)),
                    S213),
            row(
                            "softmaxCrossEntropy with probabilities, weights, smoothed",
                            in -> Losses.softmaxCrossEntropy(in[0], in[1], WEIGHTED.labelSmoothing(0.2)),
                            S34,
                            S34)
                    .smoothOn(0.1, 0.9),
            row(
                    "softmaxCrossEntropy of nothing",
                    in -> Losses.softmaxCrossEntropy(in[0], in[1], ENTROPY.reduction(Reduction.SUM)),
                    Shape.of(0, 3),
                    Shape.of(0, 3)),
            row("nll", in -> Losses.nll(in[0], 3, 0, 3), S34).smoothOn(-2, -0.1),
            row("nll with probabilities", in -> Losses.nll(in[0].neg(), in[1]), S213, S213)
                    .smoothOn(0.1, 0.9),
            row("nll with weights", in -> Losses.nll(in[0], CLASSES, WEIGHTED.reduction(Reduction.NONE)), S34)
                    .smoothOn(-2, -0.1),
            row(
                            "binaryCrossEntropyWithLogits with weights",
                            in -> Losses.binaryCrossEntropyWithLogits(
                                    in[0], in[1], BINARY.reduction(Reduction.BATCH_MEAN)),
                            S34,
                            S34)
                    .smoothOn(0.1, 0.9),
            row("binaryCrossEntropy", in -> Losses.binaryCrossEntropy(in[0], in[1]), S213, S213)
                    .smoothOn(0.1, 0.9),
            row(
                            "binaryCrossEntropy with weights",
                            in -> Losses.binaryCrossEntropy(in[0], in[1], BINARY.reduction(Reduction.NONE)),
                            S34,
                            S34)
                    .smoothOn(0.1, 0.9),
            row("sigmoidFocal", in -> Losses.sigmoidFocal(in[0], in[1]), S34, S34)
                    .smoothOn(0.1, 0.9),
            row(
                            "sigmoidFocal with gamma 1.5",
                            in -> Losses.sigmoidFocal(in[0], in[1], 0.6, 1.5, Reduction.NONE),
                            S213,
                            S213)
                    .smoothOn(0.1, 0.9),
            row("dice", in -> Losses.dice(in[0], in[1]), S34, S34).smoothOn(0.1, 0.9),
            row("dice of images", in -> Losses.dice(in[0], in[1], 0.5, Reduction.NONE), S213, S213)
                    .smoothOn(0.1, 0.9),
            row("infoNce", in -> Losses.infoNce(in[0], in[1]), S34, S34),
            row(
                    "infoNce(.., 0.5)",
                    in -> Losses.infoNce(in[0], in[1], 0.5, Reduction.NONE),
                    Shape.of(2, 3),
                    Shape.of(2, 3)),
            row("klDiv", in -> Losses.klDiv(in[0], in[1]), S34, S34).smoothOn(0.1, 2),
            row("klDiv of logarithms", in -> Losses.klDiv(in[0], in[1], true, Reduction.BATCH_MEAN), S213, S213),
            row(
                    "meanSquaredError without reduction",
                    in -> Losses.meanSquaredError(in[0], in[1], Reduction.NONE),
                    Shape.of(),
                    Shape.of()),
            row(
                    "meanSquaredError of nothing",
                    in -> Losses.meanSquaredError(in[0], in[1], Reduction.NONE),
                    Shape.of(0, 2),
                    Shape.of(0, 2)),
            row("l1", in -> Losses.l1(in[0], in[1]), S34, S34),
            row("l1 with the sum", in -> Losses.l1(in[0], in[1], Reduction.SUM), S213, S213),
            row("huber", in -> Losses.huber(in[0], in[1]), S34, S34),
            row("huber(.., 0.5)", in -> Losses.huber(in[0], in[1], 0.5, Reduction.NONE), S213, S213),
            row("smoothL1", in -> Losses.smoothL1(in[0], in[1]), S34, S34),
            row("smoothL1(.., 0.5)", in -> Losses.smoothL1(in[0], in[1], 0.5, Reduction.NONE), S213, S213),
            row("smoothL1(.., 0)", in -> Losses.smoothL1(in[0], in[1], 0, Reduction.SUM), S213, S213),
            row("poissonNll", in -> Losses.poissonNll(in[0], in[1]), S34, S34).smoothOn(0.1, 2),
            row(
                            "poissonNll of rates, full",
                            in -> Losses.poissonNll(in[0], in[1], false, true, Reduction.NONE),
                            S34,
                            S34)
                    .smoothOn(0.1, 0.9, 1.1, 3),
            row("gaussianNll", in -> Losses.gaussianNll(in[0], in[1], in[2]), S34, S34, S34)
                    .smoothOn(0.3, 2),
            row(
                            "gaussianNll with one variance, full",
                            in -> Losses.gaussianNll(in[0], in[1], in[2], true, Reduction.NONE),
                            Shape.of(2, 3),
                            Shape.of(2, 3),
                            Shape.of(2, 1))
                    .smoothOn(0.3, 2),
            row("sumSquaredError", in -> Losses.sumSquaredError(in[0], in[1]), S34, S34),
            row("sumSquaredError of nothing", in -> Losses.sumSquaredError(in[0], in[1]), Shape.of(0), Shape.of(0)),
            row("crossEntropyError", in -> Losses.crossEntropyError(in[0], 3, 0, 1), S34)
                    .smoothOn(0.1, 0.9),
            row("crossEntropyError of one row", in -> Losses.crossEntropyError(in[0], in[1]), Shape.of(4), Shape.of(4))
                    .smoothOn(0.1, 0.9));

    private LossesCases() {}
}
