package gradus.nn;

import static gradus.nn.LayerCase.random;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.stream.Stream;

/** The table of all layers, by topic. */
final class LayerCases {
    private LayerCases() {}

    static Stream<LayerCase> all() {
        return Stream.of(
                        dense(),
                        ImageLayerCases.all(),
                        NormalizationLayerCases.all(),
                        SequenceLayerCases.all(),
                        composites())
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
                        "linear-transposed",
                        () -> {
                            Linear encoder = new Linear(3, 2);
                            return Sequential.of(encoder, Node::tanh, Linear.transposeOf(encoder));
                        },
                        random(2, 5, 3),
                        Shape.of(2, 5, 3),
                        "0.weight",
                        "0.bias",
                        "2.bias"),
                LayerCase.of("bilinear", () -> new Bilinear(3, 4, 2), random(5, 7), Shape.of(5, 2), "weight", "bias")
                        .calledBy(LayerCases::halves),
                LayerCase.of(
                                "bilinear-without-bias",
                                () -> new Bilinear(3, 4, 2).withoutBias(),
                                random(2, 5, 7),
                                Shape.of(2, 5, 2),
                                "weight")
                        .calledBy(LayerCases::halves),
                LayerCase.of("maxout", () -> new Maxout(3, 2, 4), random(2, 5, 3), Shape.of(2, 5, 2), "weight", "bias"),
                LayerCase.of("flatten", () -> new Flatten(), random(2, 2, 3), Shape.of(2, 6)),
                LayerCase.of("flatten-axes", () -> new Flatten(0, -2), random(2, 2, 3), Shape.of(4, 3)),
                LayerCase.of("unflatten", () -> new Unflatten(Shape.of(2, 3)), random(2, 6), Shape.of(2, 2, 3)),
                LayerCase.of(
                        "unflatten-axis",
                        () -> new Unflatten(-2, Shape.of(3, 2)),
                        random(2, 6, 2),
                        Shape.of(2, 3, 2, 2)),
                LayerCase.of(
                                "embedding",
                                () -> new Embedding(5, 2),
                                Tensor.of(new double[][] {{0, 4, 1}, {1, 1, 3}}),
                                Shape.of(2, 3, 2),
                                "weight")
                        .ofIndices());
    }

    private static Stream<LayerCase> composites() {
        return Stream.of(
                LayerCase.of(
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
                        "3.1.bias"),
                LayerCase.of(
                        "residual",
                        () -> new Residual(new Linear(3, 3)),
                        random(5, 3),
                        Shape.of(5, 3),
                        "layer.weight",
                        "layer.bias"),
                LayerCase.of(
                        "residual-shortcut",
                        () -> new Residual(
                                Sequential.of(new Conv2d(2, 3, 3).same(), new BatchNorm(3)),
                                new Conv2d(2, 3, 1).withoutBias()),
                        random(2, 2, 3, 3),
                        Shape.of(2, 3, 3, 3),
                        "layer.0.weight",
                        "layer.0.bias",
                        "layer.1.gamma",
                        "layer.1.beta",
                        "layer.1.runningMean",
                        "layer.1.runningVar",
                        "shortcut.weight"),
                LayerCase.of(
                        "parallel-sum",
                        () -> Parallel.sum(new Linear(3, 4), new Linear(3, 4).withoutBias()),
                        random(5, 3),
                        Shape.of(5, 4),
                        "0.weight",
                        "0.bias",
                        "1.weight"),
                LayerCase.of(
                        "parallel-mean",
                        () -> Parallel.mean(new Linear(3, 3), new Dropout(0.3), x -> x),
                        random(5, 3),
                        Shape.of(5, 3),
                        "0.weight",
                        "0.bias"),
                LayerCase.of(
                        "parallel-concat",
                        () -> Parallel.concat(1, new Conv1d(2, 3, 1), new MaxPool1d(3, 1, 1)),
                        random(2, 2, 4),
                        Shape.of(2, 5, 4),
                        "0.weight",
                        "0.bias"),
                LayerCase.of(
                        "ensemble-outputs",
                        () -> Ensemble.ofOutputs(new Linear(3, 4), new Linear(3, 4).withoutBias()),
                        random(5, 3),
                        Shape.of(5, 4),
                        "0.weight",
                        "0.bias",
                        "1.weight"),
                LayerCase.of(
                        "ensemble-probabilities",
                        () -> Ensemble.ofProbabilities(
                                new Linear(3, 4), Sequential.of(new Linear(3, 4), new Dropout(0.3))),
                        random(5, 3),
                        Shape.of(5, 4),
                        "0.weight",
                        "0.bias",
                        "1.0.weight",
                        "1.0.bias"));
    }

    /** Calls a layer of two inputs, 3 and 4 wide, with the parts of one. */
    private static Node halves(Layer layer, Node x, Pass pass) {
        return ((Bilinear) layer).forward(x.slice(-1, 0, 3), x.slice(-1, 3, 7));
    }
}
