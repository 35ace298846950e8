package gradus.ops;

import gradus.array.Tensor;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * The options of {@link Losses#softmaxCrossEntropy(gradus.graph.Node, gradus.graph.Node, CrossEntropyOptions)} and
 * {@link Losses#nll(gradus.graph.Node, gradus.graph.Node, CrossEntropyOptions)}. Immutable, equal by value, and fluent:
 *
 * <pre>{@code
 * CrossEntropyOptions.DEFAULT.ignoreIndex(-100).labelSmoothing(0.1)
 * }</pre>
 *
 * @param weight the weights of the c classes, {@code [c]}; {@code null} if each weighs 1
 * @param ignoreIndex the class index of rows that add 0 and do not count in the mean; none by default
 * @param labelSmoothing the share e of the target that is spread evenly over the c classes: a target probability t becomes
 *     {@code (1 - e) t + e / c}
 * @param reduction how the terms of the rows become the result
 */
public record CrossEntropyOptions(Tensor weight, OptionalInt ignoreIndex, double labelSmoothing, Reduction reduction) {
    /** No weights, no ignored class, no smoothing, the mean. */
    public static final CrossEntropyOptions DEFAULT =
            new CrossEntropyOptions(null, OptionalInt.empty(), 0, Reduction.MEAN);

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a weight is negative or not finite, or the smoothing is not from 0 to 1
     */
    public CrossEntropyOptions {
        Objects.requireNonNull(ignoreIndex, "CrossEntropyOptions: ignoreIndex is null");
        Objects.requireNonNull(reduction, "CrossEntropyOptions: reduction is null");
        if (weight != null && DoubleStream.of(weight.toDoubleArray()).anyMatch(w -> !(w >= 0 && w < 1 / 0.0))) {
            throw new IllegalArgumentException(
                    "CrossEntropyOptions: the weights " + weight + " must be finite and at least 0");
        }
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new IllegalArgumentException(
                    "CrossEntropyOptions: labelSmoothing " + labelSmoothing + " must be from 0 to 1");
        }
    }

    /** Returns these options with weights of the classes, {@code [c]}, of either number type. */
    public CrossEntropyOptions weight(Tensor newWeight) {
        Objects.requireNonNull(newWeight, "CrossEntropyOptions: weight is null");
        return new CrossEntropyOptions(newWeight, ignoreIndex, labelSmoothing, reduction);
    }

    /** Returns these options with a class index whose rows are ignored; it may be out of the range of the classes. */
    public CrossEntropyOptions ignoreIndex(int index) {
        return new CrossEntropyOptions(weight, OptionalInt.of(index), labelSmoothing, reduction);
    }

    /** Returns these options with another label smoothing. */
    public CrossEntropyOptions labelSmoothing(double share) {
        return new CrossEntropyOptions(weight, ignoreIndex, share, reduction);
    }

    /** Returns these options with another reduction. */
    public CrossEntropyOptions reduction(Reduction newReduction) {
        return new CrossEntropyOptions(weight, ignoreIndex, labelSmoothing, newReduction);
    }
}
