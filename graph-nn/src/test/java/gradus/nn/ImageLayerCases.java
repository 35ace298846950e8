package gradus.nn;

import static gradus.nn.LayerCase.random;

import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.ops.PaddingMode;
import java.util.stream.Stream;

/** The rows of {@link LayerCases} whose layers take signals, images or volumes: convolutions and pooling. */
final class ImageLayerCases {
    private ImageLayerCases() {}

    static Stream<LayerCase> all() {
        return Stream.concat(convolutions(), pools());
    }

    private static Stream<LayerCase> convolutions() {
        return Stream.of(
                LayerCase.of("conv1d", () -> new Conv1d(2, 3, 2), random(2, 2, 5), Shape.of(2, 3, 4), "weight", "bias"),
                LayerCase.of(
                        "conv1d-reflect",
                        () -> new Conv1d(2, 1, 3).padding(2).stride(2).paddingMode(PaddingMode.REFLECT),
                        random(2, 2, 5),
                        Shape.of(2, 1, 4),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv2d",
                        () -> new Conv2d(2, 3, 2),
                        random(2, 2, 4, 4),
                        Shape.of(2, 3, 3, 3),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv2d-in-groups",
                        () -> new Conv2d(
                                4, 2, 2, WindowOptions.DEFAULT.groups(2).padding(1, 1)),
                        random(2, 4, 3, 3),
                        Shape.of(2, 2, 4, 4),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv2d-options",
                        () -> new Conv2d(2, 2, 3, 2, WindowOptions.DEFAULT)
                                .stride(2, 1)
                                .padding(1, 0)
                                .dilation(1, 2),
                        random(2, 2, 5, 6),
                        Shape.of(2, 2, 3, 4),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv2d-same",
                        () -> new Conv2d(1, 2, 4, 3, WindowOptions.DEFAULT)
                                .same()
                                .withoutBias(),
                        random(2, 1, 4, 3),
                        Shape.of(2, 2, 4, 3),
                        "weight"),
                LayerCase.of(
                        "conv2d-circular",
                        () -> new Conv2d(2, 1, 3).padding(1, 2).paddingMode(PaddingMode.CIRCULAR),
                        random(1, 2, 3, 4),
                        Shape.of(1, 1, 3, 6),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv2d-same-reflect",
                        () -> new Conv2d(1, 1, 2, 4, WindowOptions.DEFAULT)
                                .same()
                                .paddingMode(PaddingMode.REFLECT),
                        random(1, 1, 3, 4),
                        Shape.of(1, 1, 3, 4),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv3d",
                        () -> new Conv3d(2, 2, 2).groups(2).stride(1, 1, 2),
                        random(1, 2, 3, 2, 4),
                        Shape.of(1, 2, 2, 1, 2),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv3d-replicate",
                        () -> new Conv3d(1, 2, 1, 2, 2, WindowOptions.DEFAULT)
                                .padding(0, 1, 1)
                                .paddingMode(PaddingMode.REPLICATE),
                        random(1, 1, 2, 2, 3),
                        Shape.of(1, 2, 2, 3, 4),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv-transpose1d",
                        () -> new ConvTranspose1d(2, 3, 3).stride(2).dilation(2),
                        random(2, 2, 4),
                        Shape.of(2, 3, 11),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv-transpose2d",
                        () -> new ConvTranspose2d(4, 2, 3)
                                .groups(2)
                                .stride(2)
                                .padding(1)
                                .outputPadding(1),
                        random(2, 4, 3, 2),
                        Shape.of(2, 2, 6, 4),
                        "weight",
                        "bias"),
                LayerCase.of(
                        "conv-transpose2d-without-bias",
                        () -> new ConvTranspose2d(1, 2, 2, 3, WindowOptions.DEFAULT.stride(1, 2)).withoutBias(),
                        random(1, 1, 3, 3),
                        Shape.of(1, 2, 4, 7),
                        "weight"),
                LayerCase.of(
                        "conv-transpose3d",
                        () -> new ConvTranspose3d(2, 1, 2).stride(2, 1, 1).outputPadding(1, 0, 0),
                        random(1, 2, 2, 2, 2),
                        Shape.of(1, 1, 5, 3, 3),
                        "weight",
                        "bias"));
    }

    private static Stream<LayerCase> pools() {
        return Stream.of(
                LayerCase.of("max-pool1d", () -> new MaxPool1d(2), random(2, 3, 5), Shape.of(2, 3, 2)),
                LayerCase.of("max-pool2d", () -> new MaxPool2d(2), random(2, 2, 4, 4), Shape.of(2, 2, 2, 2)),
                LayerCase.of(
                        "max-pool2d-options",
                        () -> new MaxPool2d(
                                3,
                                2,
                                WindowOptions.DEFAULT
                                        .stride(2, 1)
                                        .padding(1, 0)
                                        .dilation(1, 2)
                                        .ceilMode(true)),
                        random(2, 2, 4, 5),
                        Shape.of(2, 2, 3, 3)),
                LayerCase.of("max-pool3d", () -> new MaxPool3d(2), random(1, 2, 2, 4, 4), Shape.of(1, 2, 1, 2, 2)),
                LayerCase.of("avg-pool1d", () -> new AvgPool1d(3, 2, 1), random(2, 3, 5), Shape.of(2, 3, 3)),
                LayerCase.of("avg-pool2d", () -> new AvgPool2d(2), random(2, 2, 4, 4), Shape.of(2, 2, 2, 2)),
                LayerCase.of(
                        "avg-pool2d-options",
                        () -> new AvgPool2d(
                                3, 2, WindowOptions.DEFAULT.stride(2).padding(1).ceilMode(true), false),
                        random(2, 2, 4, 5),
                        Shape.of(2, 2, 3, 3)),
                LayerCase.of(
                        "avg-pool3d",
                        () -> new AvgPool3d(2, 1, 2, WindowOptions.DEFAULT.stride(1, 1, 2)),
                        random(1, 2, 3, 2, 4),
                        Shape.of(1, 2, 2, 2, 2)),
                LayerCase.of("adaptive-avg-pool1d", () -> new AdaptiveAvgPool1d(3), random(2, 2, 5), Shape.of(2, 2, 3)),
                LayerCase.of(
                        "adaptive-avg-pool2d",
                        () -> new AdaptiveAvgPool2d(3, 2),
                        random(2, 2, 4, 5),
                        Shape.of(2, 2, 3, 2)),
                LayerCase.of(
                        "adaptive-avg-pool3d",
                        () -> new AdaptiveAvgPool3d(2, 1, 3),
                        random(1, 2, 3, 2, 4),
                        Shape.of(1, 2, 2, 1, 3)),
                LayerCase.of("adaptive-max-pool1d", () -> new AdaptiveMaxPool1d(3), random(2, 2, 5), Shape.of(2, 2, 3)),
                LayerCase.of(
                        "adaptive-max-pool2d",
                        () -> new AdaptiveMaxPool2d(3, 2),
                        random(2, 2, 4, 5),
                        Shape.of(2, 2, 3, 2)),
                LayerCase.of(
                        "adaptive-max-pool3d",
                        () -> new AdaptiveMaxPool3d(2, 1, 3),
                        random(1, 2, 3, 2, 4),
                        Shape.of(1, 2, 2, 1, 3)),
                LayerCase.of("global-avg-pool", () -> new GlobalAvgPool(), random(2, 3, 4, 2), Shape.of(2, 3)),
                LayerCase.of("global-max-pool", () -> new GlobalMaxPool(), random(2, 3, 4, 2), Shape.of(2, 3)));
    }
}
