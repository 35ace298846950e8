package gradus.nn;

import static gradus.nn.LayerCase.random;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import java.util.stream.Stream;

/** The table of all layers, by topic. */
final class LayerCases {
    private LayerCases() {}

    static Stream<LayerCase> all() {
        return Stream.of(dense(), convolutions(), SequenceLayerCases.all(), composites())
                .flatMap(s -> s);
    }

    private static Stream<LayerCase> dense() {
        return Stream.of(
                LayerCase.of("linear", () -> new Linear(3, 4), random(5, 3), Shape.of(5, 4), "weight", "bias"),
                LayerCase.of(
                        "linear-without-bias",
                        () -> new Linear(3, 4).withoutBias(),
                        random(2, 5, 3),
                        Shape.of(2, 5, 4),
                        "weight"),
                LayerCase.of(
                        "batch-norm",
                        () -> new BatchNorm(3),
                        random(5, 3),
                        Shape.of(5, 3),
                        "gamma",
                        "beta",
                        "runningMean",
                        "runningVar"),
                LayerCase.of(
                        "batch-norm-2d",
                        () -> new BatchNorm(2),
                        random(3, 2, 2, 2),
                        Shape.of(3, 2, 2, 2),
                        "gamma",
                        "beta",
                        "runningMean",
                        "runningVar"),
                LayerCase.of("dropout", () -> new Dropout(0.4), random(5, 3), Shape.of(5, 3)),
                LayerCase.of("flatten", Flatten::new, random(2, 2, 3), Shape.of(2, 6)),
                LayerCase.of(
                                "embedding",
                                () -> new Embedding(5, 2),
                                Tensor.of(new double[][] {{0, 4, 1}, {1, 1, 3}}),
                                Shape.of(2, 3, 2),
                                "weight")
                        .ofIndices());
    }

    private static Stream<LayerCase> convolutions() {
        return Stream.of(
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
                LayerCase.of("max-pool2d", () -> new MaxPool2d(2), random(2, 2, 4, 4), Shape.of(2, 2, 2, 2)),
                LayerCase.of("avg-pool2d", () -> new AvgPool2d(2), random(2, 2, 4, 4), Shape.of(2, 2, 2, 2)));
    }

    private static Stream<LayerCase> composites() {
        return Stream.of(LayerCase.of(
                "sequential",
                () -> Sequential.of(
                        new Linear(3, 4),
                        new BatchNorm(4),
                        Node::tanh,
                        Sequential.of(new Dropout(0.3), new Linear(4, 2))),
                random(5, 3),
                Shape.of(5, 2),
                "0.weight",
                "0.bias",
                "1.gamma",
                "1.beta",
                "1.runningMean",
                "1.runningVar",
                "3.1.weight",
                "3.1.bias"));
    }
}
