package gradus.ops;

import gradus.array.Tensor;
import java.util.Objects;

/**
 * The options of {@link Losses#binaryCrossEntropyWithLogits(gradus.graph.Node, gradus.graph.Node, BinaryCrossEntropyOptions)}
 * and {@link Losses#binaryCrossEntropy(gradus.graph.Node, gradus.graph.Node, BinaryCrossEntropyOptions)}. Immutable, equal by
 * value, and fluent. The weights are of either number type and are broadcast to the shape of the prediction.
 *
 * @param weight the factors of the terms; {@code null} if each is 1. The mean is over the number of terms, whatever they weigh
 * @param posWeight the factors of the target 1 against the target 0, usually one for each class, {@code [c]}: above 1 they
 *     favour recall; {@code null} if each is 1
 * @param reduction how the terms become the result
 */
public record BinaryCrossEntropyOptions(Tensor weight, Tensor posWeight, Reduction reduction) {
    /** No weights, the mean. */
    public static final BinaryCrossEntropyOptions DEFAULT = new BinaryCrossEntropyOptions(null, null, Reduction.MEAN);

    /** Checks the options. */
    public BinaryCrossEntropyOptions {
        Objects.requireNonNull(reduction, "BinaryCrossEntropyOptions: reduction is null");
    }

    /** Returns these options with factors of the terms. */
    public BinaryCrossEntropyOptions weight(Tensor newWeight) {
        Objects.requireNonNull(newWeight, "BinaryCrossEntropyOptions: weight is null");
        return new BinaryCrossEntropyOptions(newWeight, posWeight, reduction);
    }

    /** Returns these options with factors of the target 1. */
    public BinaryCrossEntropyOptions posWeight(Tensor newPosWeight) {
        Objects.requireNonNull(newPosWeight, "BinaryCrossEntropyOptions: posWeight is null");
        return new BinaryCrossEntropyOptions(weight, newPosWeight, reduction);
    }

    /** Returns these options with another reduction. */
    public BinaryCrossEntropyOptions reduction(Reduction newReduction) {
        return new BinaryCrossEntropyOptions(weight, posWeight, newReduction);
    }
}
