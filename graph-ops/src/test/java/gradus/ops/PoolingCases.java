package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Pooling}. */
final class PoolingCases {
    static final List<OpCase> ALL = List.of(
            row("maxPool2d(.., 2)", in -> Pooling.maxPool2d(in[0], 2), Shape.of(2, 1, 4, 5)),
            row("maxPool2d(.., 3, 2, 1)", in -> Pooling.maxPool2d(in[0], 3, 2, 1), Shape.of(2, 5, 4)),
            row(
                    "maxPool2d(.., 2, 1, dilated)",
                    in -> Pooling.maxPool2d(in[0], 2, 1, WindowOptions.DEFAULT.dilation(2, 1)),
                    Shape.of(1, 2, 4, 3)),
            row(
                    "maxPool2d(.., 3, 2) with same padding",
                    in -> Pooling.maxPool2d(
                            in[0], 3, 2, WindowOptions.DEFAULT.stride(2).same()),
                    Shape.of(1, 3, 5)),
            row(
                    "avgPool2d over 1, 0, 0, 1",
                    in -> Pooling.avgPool2d(in[0], 2, 2, WindowOptions.DEFAULT.padding(1, 0, 0, 1), false),
                    Shape.of(1, 3, 3)),
            row("avgPool2d(.., 2)", in -> Pooling.avgPool2d(in[0], 2), Shape.of(2, 1, 4, 5)),
            row("avgPool2d(.., 3, 2, 1, true)", in -> Pooling.avgPool2d(in[0], 3, 2, 1, true), Shape.of(2, 5, 4)),
            row("avgPool2d(.., 3, 1, 1, false)", in -> Pooling.avgPool2d(in[0], 3, 1, 1, false), Shape.of(1, 2, 3, 3)));

    private PoolingCases() {}
}
