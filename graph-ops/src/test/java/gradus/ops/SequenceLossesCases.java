package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link SequenceLosses}. */
final class SequenceLossesCases {
    private static final CtcOptions OPTIONS = CtcOptions.DEFAULT;
    private static final Tensor TARGETS = Tensor.of(new double[][] {{1, 2, 2}, {2, 0, 0}, {1, 1, 2}});

    static final List<OpCase> ALL = List.of(
            row(
                            "ctc",
                            in -> SequenceLosses.ctc(in[0], TARGETS, new int[] {5, 2, 4}, new int[] {3, 1, 2}),
                            Shape.of(5, 3, 3))
                    .smoothOn(-2, -0.1),
            row(
                            "ctc without reduction, a target without labels",
                            in -> SequenceLosses.ctc(
                                    in[0],
                                    TARGETS,
                                    new int[] {3, 3, 3},
                                    new int[] {2, 0, 1},
                                    OPTIONS.reduction(Reduction.NONE)),
                            Shape.of(3, 3, 4))
                    .smoothOn(-2, -0.1),
            row(
                            "ctc with another blank and an impossible target",
                            in -> SequenceLosses.ctc(
                                    in[0],
                                    TARGETS,
                                    new int[] {1, 2, 2},
                                    new int[] {2, 1, 2},
                                    OPTIONS.blank(3).zeroInfinity(true).reduction(Reduction.SUM)),
                            Shape.of(2, 3, 4))
                    .smoothOn(-2, -0.1),
            row(
                            "ctc of one frame without labels",
                            in -> SequenceLosses.ctc(in[0], Tensor.zeros(1, 0), new int[] {1}, new int[] {0}),
                            Shape.of(1, 1, 2))
                    .smoothOn(-2, -0.1));

    private SequenceLossesCases() {}
}
