package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link Pooling}. */
final class PoolingCases {
    private static final WindowOptions CEIL = WindowOptions.DEFAULT.stride(2).ceilMode(true);

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
            row("avgPool2d(.., 3, 1, 1, false)", in -> Pooling.avgPool2d(in[0], 3, 1, 1, false), Shape.of(1, 2, 3, 3)),
            row("maxPool1d(.., 2)", in -> Pooling.maxPool1d(in[0], 2), Shape.of(2, 5)),
            row("maxPool1d(.., 3, 2, 1)", in -> Pooling.maxPool1d(in[0], 3, 2, 1), Shape.of(6)),
            row("maxPool1d, rounded up", in -> Pooling.maxPool1d(in[0], 2, CEIL), Shape.of(2, 5)),
            row("maxPool2d, rounded up", in -> Pooling.maxPool2d(in[0], 3, 2, CEIL.padding(1)), Shape.of(2, 4, 4)),
            row("maxPool3d(.., 2)", in -> Pooling.maxPool3d(in[0], 2), Shape.of(2, 2, 4, 3)),
            row("maxPool3d(.., 3, 2, 1)", in -> Pooling.maxPool3d(in[0], 3, 2, 1), Shape.of(3, 2, 3)),
            row("maxPool3d, rounded up", in -> Pooling.maxPool3d(in[0], 2, 1, 2, CEIL), Shape.of(1, 3, 2, 3)),
            row("avgPool1d(.., 2)", in -> Pooling.avgPool1d(in[0], 2), Shape.of(2, 5)),
            row("avgPool1d(.., 3, 2, 1, true)", in -> Pooling.avgPool1d(in[0], 3, 2, 1, true), Shape.of(6)),
            row("avgPool1d, rounded up", in -> Pooling.avgPool1d(in[0], 2, CEIL, false), Shape.of(2, 5)),
            row("avgPool2d, rounded up", in -> Pooling.avgPool2d(in[0], 3, 2, CEIL.padding(1), true), Shape.of(4, 4)),
            row("avgPool3d(.., 2)", in -> Pooling.avgPool3d(in[0], 2), Shape.of(2, 2, 4, 3)),
            row("avgPool3d(.., 3, 2, 1, true)", in -> Pooling.avgPool3d(in[0], 3, 2, 1, true), Shape.of(3, 2, 3)),
            row(
                    "avgPool3d, rounded up",
                    in -> Pooling.avgPool3d(in[0], 2, 1, 2, CEIL.padding(1, 0, 0), false),
                    Shape.of(1, 3, 2, 3)),
            row(
                    "maxPool2dWithIndices(.., 2)",
                    in -> Pooling.maxPool2dWithIndices(in[0], 2).values(),
                    Shape.of(2, 4, 5)),
            row(
                    "maxPool2dWithIndices over 1",
                    in -> Pooling.maxPool2dWithIndices(in[0], 3, 2, CEIL.padding(1))
                            .values(),
                    Shape.of(1, 2, 4, 3)),
            row(
                    "maxUnpool2d",
                    in -> Unpooling.maxUnpool2d(in[0], Tensor.of(new double[][] {{7, 0}, {1, 7}}), 2, 4),
                    Shape.of(2, 2)),
            row(
                    "maxUnpool1d",
                    in -> Unpooling.maxUnpool1d(in[0], Tensor.of(new double[][] {{4, 0, 2}, {1, 3, 3}}), 5),
                    Shape.of(2, 3)),
            row(
                    "maxUnpool3d",
                    in -> Unpooling.maxUnpool3d(in[0], Tensor.of(Shape.of(1, 1, 2, 2), 11, 0, 5, 5), 2, 3, 2),
                    Shape.of(1, 1, 2, 2)),
            row(
                    "maxPool1dWithIndices(.., 2)",
                    in -> Pooling.maxPool1dWithIndices(in[0], 2).values(),
                    Shape.of(2, 5)),
            row(
                    "maxPool1dWithIndices, rounded up",
                    in -> Pooling.maxPool1dWithIndices(in[0], 3, CEIL.padding(1))
                            .values(),
                    Shape.of(6)),
            row(
                    "maxPool3dWithIndices(.., 2)",
                    in -> Pooling.maxPool3dWithIndices(in[0], 2).values(),
                    Shape.of(2, 2, 4, 3)),
            row(
                    "maxPool3dWithIndices, rounded up",
                    in -> Pooling.maxPool3dWithIndices(in[0], 2, 1, 2, CEIL).values(),
                    Shape.of(1, 3, 2, 3)),
            row("lpPool1d(.., 2, 2)", in -> Pooling.lpPool1d(in[0], 2, 2), Shape.of(2, 5)),
            row("lpPool1d of no signals", in -> Pooling.lpPool1d(in[0], 2, 2), Shape.of(0, 5)),
            row("lpPool1d(.., 3, 2), rounded up", in -> Pooling.lpPool1d(in[0], 3, 2, CEIL), Shape.of(7))
                    .smoothOn(0.3, 2),
            row("lpPool1d(.., 1, 3)", in -> Pooling.lpPool1d(in[0], 1, 3), Shape.of(2, 6)),
            row("lpPool2d(.., 2, 2)", in -> Pooling.lpPool2d(in[0], 2, 2), Shape.of(2, 1, 4, 5)),
            row("lpPool2d(.., 1.5, 3, 2)", in -> Pooling.lpPool2d(in[0], 1.5, 3, 2, CEIL.padding(1)), Shape.of(2, 4, 4))
                    .smoothOn(0.3, 2),
            row(
                    "lpPool2d, dilated",
                    in -> Pooling.lpPool2d(in[0], 4, 2, 1, WindowOptions.DEFAULT.dilation(2, 1)),
                    Shape.of(1, 2, 4, 3)),
            row("lpPool3d(.., 2, 2)", in -> Pooling.lpPool3d(in[0], 2, 2), Shape.of(2, 2, 4, 3)),
            row("lpPool3d, rounded up", in -> Pooling.lpPool3d(in[0], 3, 2, 1, 2, CEIL), Shape.of(1, 3, 2, 3))
                    .smoothOn(0.3, 2),
            row("adaptiveAvgPool1d", in -> Pooling.adaptiveAvgPool1d(in[0], 3), Shape.of(2, 5)),
            row("adaptiveAvgPool2d", in -> Pooling.adaptiveAvgPool2d(in[0], 2, 4), Shape.of(2, 5, 3)),
            row("adaptiveAvgPool3d", in -> Pooling.adaptiveAvgPool3d(in[0], 2, 1, 2), Shape.of(2, 3, 2, 3)),
            row("adaptiveMaxPool1d", in -> Pooling.adaptiveMaxPool1d(in[0], 3), Shape.of(2, 5)),
            row("adaptiveMaxPool2d", in -> Pooling.adaptiveMaxPool2d(in[0], 2, 4), Shape.of(2, 5, 3)),
            row("adaptiveMaxPool3d", in -> Pooling.adaptiveMaxPool3d(in[0], 2, 1, 2), Shape.of(2, 3, 2, 3)),
            row("globalAvgPool", in -> Pooling.globalAvgPool(in[0]), Shape.of(2, 3, 2, 2)),
            row("globalAvgPool of [2, 1, 3]", in -> Pooling.globalAvgPool(in[0]), Shape.of(2, 1, 3)),
            row("globalMaxPool", in -> Pooling.globalMaxPool(in[0]), Shape.of(1, 2, 2, 1, 3)));

    private PoolingCases() {}
}
