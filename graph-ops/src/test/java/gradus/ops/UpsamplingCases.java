package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Unfolding} and {@link Upsampling}. */
final class UpsamplingCases {
    private static final Shape S2234 = Shape.of(2, 2, 3, 4);
    private static final WindowOptions OPTIONS =
            WindowOptions.DEFAULT.stride(2, 1).padding(1, 0).dilation(1, 2);

    static final List<OpCase> ALL = List.of(
            row("unfold", in -> Unfolding.unfold(in[0], 2, 3, WindowOptions.DEFAULT), S2234),
            row("unfold by 2 x 1 over 1 x 0, dilated", in -> Unfolding.unfold(in[0], 3, 2, OPTIONS), S2234),
            row("fold", in -> Unfolding.fold(in[0], 3, 4, 2, 3, WindowOptions.DEFAULT), Shape.of(2, 12, 4)),
            row(
                    "fold by 2 x 1 over 1 x 0, dilated",
                    in -> Unfolding.fold(in[0], 3, 4, 3, 2, OPTIONS),
                    Shape.of(1, 6, 4)),
            row("upsampleNearest(.., 2)", in -> Upsampling.upsampleNearest(in[0], 2), S2234),
            row("upsampleNearest(.., 3) of [1, 2, 2]", in -> Upsampling.upsampleNearest(in[0], 3), Shape.of(1, 2, 2)),
            row("upsampleNearest(.., [5, 2])", in -> Upsampling.upsampleNearest(in[0], Shape.of(5, 2)), S2234),
            row(
                    "upsampleNearest(.., [2, 4, 3])",
                    in -> Upsampling.upsampleNearest(in[0], Shape.of(2, 4, 3)),
                    Shape.of(1, 1, 1, 3, 2)),
            row(
                    "upsampleBilinear(.., [5, 7], false)",
                    in -> Upsampling.upsampleBilinear(in[0], Shape.of(5, 7), false),
                    S2234),
            row(
                    "upsampleBilinear(.., [2, 1], true)",
                    in -> Upsampling.upsampleBilinear(in[0], Shape.of(2, 1), true),
                    S2234),
            row("pixelShuffle", in -> Upsampling.pixelShuffle(in[0], 2), Shape.of(2, 4, 1, 3)),
            row("pixelShuffle of [9, 2, 1]", in -> Upsampling.pixelShuffle(in[0], 3), Shape.of(9, 2, 1)),
            row("pixelUnshuffle", in -> Upsampling.pixelUnshuffle(in[0], 2), Shape.of(1, 2, 2, 4)));

    private UpsamplingCases() {}
}
