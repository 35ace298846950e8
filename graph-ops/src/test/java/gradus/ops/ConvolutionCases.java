package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.List;
import java.util.function.Function;

/** The test cases of {@link Convolution}. */
final class ConvolutionCases {
    private static final Shape KERNEL = Shape.of(3, 2, 2, 2);

    static final List<OpCase> ALL = List.of(
            row("conv2d", in -> Convolution.conv2d(in[0], in[1]), Shape.of(2, 2, 3, 4), Shape.of(3, 2, 2, 3)),
            row(
                    "conv2d with a bias",
                    in -> Convolution.conv2d(in[0], in[1], in[2], WindowOptions.DEFAULT),
                    Shape.of(2, 1, 3, 3),
                    Shape.of(2, 1, 2, 2),
                    Shape.of(2)),
            row("conv2d by 2 over 1", conv2d(WindowOptions.DEFAULT.stride(2).padding(1)), Shape.of(1, 2, 4, 3), KERNEL),
            row(
                    "conv2d in 2 groups, dilated",
                    conv2d(WindowOptions.DEFAULT.padding(2).dilation(2).groups(2)),
                    Shape.of(1, 4, 3, 2),
                    Shape.of(2, 2, 2, 2)),
            row(
                    "conv2d by 2 x 1",
                    conv2d(WindowOptions.DEFAULT.stride(2, 1).padding(1, 0).dilation(1, 2)),
                    Shape.of(2, 2, 3, 4),
                    KERNEL),
            row(
                    "conv2d over 0, 2, 1, 0",
                    conv2d(WindowOptions.DEFAULT.padding(0, 2, 1, 0).stride(2)),
                    Shape.of(1, 2, 3, 3),
                    KERNEL),
            row("conv2d with same padding", conv2d(WindowOptions.DEFAULT.same()), Shape.of(1, 2, 3, 2), KERNEL),
            row(
                    "conv2d by 2 with same padding, dilated",
                    conv2d(WindowOptions.DEFAULT.stride(2).same().dilation(1, 2)),
                    Shape.of(1, 2, 3, 5),
                    KERNEL),
            row(
                    "conv2d of 1 x 1 in 2 groups",
                    conv2d(WindowOptions.DEFAULT.groups(2)),
                    Shape.of(2, 4, 2, 3),
                    Shape.of(6, 2, 1, 1)),
            row("conv2d of nothing", in -> Convolution.conv2d(in[0], in[1]), Shape.of(0, 2, 3, 3), KERNEL),
            row("conv1d", in -> Convolution.conv1d(in[0], in[1]), Shape.of(2, 2, 5), Shape.of(3, 2, 2)),
            row(
                    "conv1d by 2 over 1, dilated, in 2 groups",
                    in -> Convolution.conv1d(
                            in[0],
                            in[1],
                            WindowOptions.DEFAULT
                                    .stride(2)
                                    .padding(1)
                                    .dilation(2)
                                    .groups(2)),
                    Shape.of(2, 4, 6),
                    Shape.of(2, 2, 3)),
            row("convTranspose2d", in -> Convolution.convTranspose2d(in[0], in[1]), Shape.of(2, 3, 2, 3), KERNEL),
            row(
                    "convTranspose2d by 2 over 1 with output padding 1",
                    convTranspose2d(WindowOptions.DEFAULT.stride(2).padding(1), 1),
                    Shape.of(1, 3, 2, 3),
                    KERNEL),
            row(
                    "convTranspose2d with dilation 2 and output padding 1",
                    convTranspose2d(WindowOptions.DEFAULT.dilation(2), 1),
                    Shape.of(1, 3, 2, 1),
                    KERNEL),
            row(
                    "convTranspose2d by 2 with same padding",
                    convTranspose2d(WindowOptions.DEFAULT.stride(2).same(), 0),
                    Shape.of(1, 3, 2, 3),
                    Shape.of(3, 2, 3, 2)),
            row(
                    "conv2d, depthwise",
                    conv2d(WindowOptions.DEFAULT.padding(1).groups(3)),
                    Shape.of(2, 3, 4, 5),
                    Shape.of(3, 1, 3, 3)),
            row(
                    "conv2d by 2, depthwise with 2 filters",
                    conv2d(WindowOptions.DEFAULT.stride(2).padding(1).groups(2)),
                    Shape.of(1, 2, 5, 4),
                    Shape.of(4, 1, 2, 3)),
            row(
                    "conv1d with a bias",
                    in -> Convolution.conv1d(
                            in[0], in[1], in[2], WindowOptions.DEFAULT.axes(WindowOptions.Axis.DEFAULT.padding(2, 0))),
                    Shape.of(2, 2, 4),
                    Shape.of(3, 2, 3),
                    Shape.of(3)),
            row("conv3d", in -> Convolution.conv3d(in[0], in[1]), Shape.of(2, 1, 2, 3, 2), Shape.of(2, 1, 2, 2, 1)),
            row(
                    "conv3d by 2 x 1 x 1 in 2 groups",
                    in -> Convolution.conv3d(
                            in[0],
                            in[1],
                            WindowOptions.DEFAULT
                                    .stride(2, 1, 1)
                                    .padding(1, 0, 1)
                                    .dilation(1, 2, 1)
                                    .groups(2)),
                    Shape.of(1, 2, 3, 3, 2),
                    Shape.of(4, 1, 2, 2, 2)),
            row(
                    "conv3d with a bias",
                    in -> Convolution.conv3d(in[0], in[1], in[2], WindowOptions.DEFAULT.same()),
                    Shape.of(1, 2, 2, 2, 2),
                    Shape.of(2, 2, 2, 1, 2),
                    Shape.of(2)),
            row(
                    "convTranspose1d",
                    in -> Convolution.convTranspose1d(in[0], in[1]),
                    Shape.of(2, 3, 4),
                    Shape.of(3, 2, 2)),
            row(
                    "convTranspose1d by 2",
                    in -> Convolution.convTranspose1d(
                            in[0], in[1], in[2], WindowOptions.DEFAULT.stride(2).groups(2), 1),
                    Shape.of(1, 4, 3),
                    Shape.of(4, 2, 3),
                    Shape.of(4)),
            row(
                    "convTranspose2d with a bias",
                    in -> Convolution.convTranspose2d(
                            in[0],
                            in[1],
                            in[2],
                            WindowOptions.DEFAULT.stride(2, 3).padding(1),
                            0,
                            2),
                    Shape.of(1, 2, 2, 3),
                    Shape.of(2, 3, 3, 2),
                    Shape.of(3)),
            row(
                    "convTranspose3d",
                    in -> Convolution.convTranspose3d(in[0], in[1]),
                    Shape.of(1, 2, 2, 1, 2),
                    Shape.of(2, 2, 1, 2, 2)),
            row(
                    "convTranspose3d by 2",
                    in -> Convolution.convTranspose3d(
                            in[0], in[1], in[2], WindowOptions.DEFAULT.stride(2).padding(1, 0, 0), 1),
                    Shape.of(1, 2, 2, 1, 2),
                    Shape.of(2, 1, 2, 2, 2),
                    Shape.of(1)));

    private ConvolutionCases() {}

    private static Function<Node[], Node> conv2d(WindowOptions options) {
        return in -> Convolution.conv2d(in[0], in[1], options);
    }

    private static Function<Node[], Node> convTranspose2d(WindowOptions options, int outputPadding) {
        return in -> Convolution.convTranspose2d(in[0], in[1], options, outputPadding);
    }
}
