package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Padding}. */
final class PaddingCases {
    private static final Shape S34 = Shape.of(3, 4);

    static final List<OpCase> ALL = List.of(
            row("pad(.., 2.5, 1, 2)", in -> Padding.pad(in[0], 2.5, 1, 2), S34),
            row("pad(.., -1, 1, 2, 0)", in -> Padding.pad(in[0], 0, -1, 1, 2, 0), S34),
            row("pad(..) by nothing", in -> Padding.pad(in[0], 7).square(), Shape.SCALAR),
            row("pad(.., ZEROS, ..)", in -> Padding.pad(in[0], PaddingMode.ZEROS, 0, 1, -1, 2), S34),
            row("pad(.., REFLECT, ..)", in -> Padding.pad(in[0], PaddingMode.REFLECT, 3, 1, 0, 2), S34),
            row("pad(.., REFLECT, ..) cropped", in -> Padding.pad(in[0], PaddingMode.REFLECT, -3, 3, 2, -2), S34),
            row(
                    "pad(.., REFLECT, ..) of rank 4",
                    in -> Padding.pad(in[0], PaddingMode.REFLECT, 1, 1, 1, 1, 1, 1),
                    Shape.of(1, 2, 2, 3)),
            row("pad(.., REPLICATE, ..)", in -> Padding.pad(in[0], PaddingMode.REPLICATE, 5, 1, 0, 2), S34),
            row("pad(.., REPLICATE, ..) cropped", in -> Padding.pad(in[0], PaddingMode.REPLICATE, -4, 2, 3, -4), S34),
            row("pad(.., CIRCULAR, ..)", in -> Padding.pad(in[0], PaddingMode.CIRCULAR, 4, 1, 0, 3), S34),
            row("pad(.., CIRCULAR, ..) cropped", in -> Padding.pad(in[0], PaddingMode.CIRCULAR, -2, 1, 2, -1), S34),
            row("pad(.., CIRCULAR, ..) to nothing", in -> Padding.pad(in[0], PaddingMode.CIRCULAR, -2, -2), S34));

    private PaddingCases() {}
}
