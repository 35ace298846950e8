package gradus.nn;

import static gradus.nn.LayerCase.random;

import gradus.array.Shape;
import java.util.stream.Stream;

/** The rows of {@link LayerCases} that normalise, and those that drop. */
final class NormalizationLayerCases {
    private NormalizationLayerCases() {}

    static Stream<LayerCase> all() {
        return Stream.concat(normalizations(), dropouts());
    }

    private static Stream<LayerCase> normalizations() {
        return Stream.of(
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
                        "batch-norm-1d",
                        () -> new BatchNorm(2),
                        random(3, 2, 4),
                        Shape.of(3, 2, 4),
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
                LayerCase.of(
                        "batch-norm-3d",
                        () -> new BatchNorm(2),
                        random(1, 2, 2, 1, 3),
                        Shape.of(1, 2, 2, 1, 3),
                        "gamma",
                        "beta",
                        "runningMean",
                        "runningVar"),
                LayerCase.of(
                        "batch-norm-cumulative",
                        () -> new BatchNorm(3).cumulativeAverage(),
                        random(5, 3),
                        Shape.of(5, 3),
                        "gamma",
                        "beta",
                        "runningMean",
                        "runningVar",
                        "batches"),
                LayerCase.of(
                        "batch-norm-without-affine",
                        () -> new BatchNorm(3, 0.01, 0.3).withoutAffine(),
                        random(5, 3),
                        Shape.of(5, 3),
                        "runningMean",
                        "runningVar"),
                LayerCase.of("layer-norm", () -> new LayerNorm(4), random(2, 3, 4), Shape.of(2, 3, 4), "gamma", "beta"),
                LayerCase.of(
                        "layer-norm-without-affine",
                        () -> new LayerNorm(4, 2).withoutAffine().epsilon(0.01),
                        random(3, 4, 2),
                        Shape.of(3, 4, 2)),
                LayerCase.of(
                        "layer-norm-without-bias",
                        () -> new LayerNorm(4).withoutBias(),
                        random(2, 3, 4),
                        Shape.of(2, 3, 4),
                        "gamma"),
                LayerCase.of("rms-norm", () -> new RmsNorm(4), random(2, 3, 4), Shape.of(2, 3, 4), "gamma"),
                LayerCase.of(
                        "rms-norm-without-affine",
                        () -> new RmsNorm(3, 2).withoutAffine().epsilon(0.01),
                        random(4, 3, 2),
                        Shape.of(4, 3, 2)),
                LayerCase.of(
                        "group-norm",
                        () -> new GroupNorm(2, 4),
                        random(3, 4, 2, 3),
                        Shape.of(3, 4, 2, 3),
                        "gamma",
                        "beta"),
                LayerCase.of(
                        "group-norm-without-affine",
                        () -> new GroupNorm(3, 6).withoutAffine().epsilon(0.01),
                        random(3, 6),
                        Shape.of(3, 6)),
                LayerCase.of("instance-norm", () -> new InstanceNorm(2), random(3, 2, 4), Shape.of(3, 2, 4)),
                LayerCase.of(
                        "instance-norm-affine",
                        () -> new InstanceNorm(2).affine().epsilon(0.01),
                        random(2, 2, 3, 2),
                        Shape.of(2, 2, 3, 2),
                        "gamma",
                        "beta"),
                LayerCase.of(
                        "instance-norm-running",
                        () -> new InstanceNorm(2).affine().runningStatistics(0.1),
                        random(3, 2, 4),
                        Shape.of(3, 2, 4),
                        "gamma",
                        "beta",
                        "runningMean",
                        "runningVar"),
                LayerCase.of(
                        "instance-norm-3d",
                        () -> new InstanceNorm(2).runningStatistics(0.3),
                        random(2, 2, 2, 1, 3),
                        Shape.of(2, 2, 2, 1, 3),
                        "runningMean",
                        "runningVar"),
                LayerCase.of(
                        "local-response-norm",
                        () -> new LocalResponseNorm(3, 0.5, 0.75, 2),
                        random(2, 5, 3),
                        Shape.of(2, 5, 3)),
                LayerCase.of(
                        "local-response-norm-2d",
                        () -> new LocalResponseNorm(2),
                        random(1, 3, 2, 2),
                        Shape.of(1, 3, 2, 2)));
    }

    private static Stream<LayerCase> dropouts() {
        return Stream.of(
                LayerCase.of("dropout", () -> new Dropout(0.4), random(5, 3), Shape.of(5, 3)),
                LayerCase.of("dropout-book", () -> Dropout.book(0.4), random(5, 3), Shape.of(5, 3)),
                LayerCase.of("spatial-dropout", () -> new SpatialDropout(0.4), random(3, 4, 2), Shape.of(3, 4, 2)),
                LayerCase.of("alpha-dropout", () -> new AlphaDropout(0.4), random(5, 3), Shape.of(5, 3)));
    }
}
