package gradus.nn.data;

import gradus.array.RandomStream;
import gradus.array.Tensor;
import java.util.Objects;

/**
 * A function of one example, which may draw random numbers; {@link Dataset#transformed} applies it. {@link Transforms} and {@link StandardScaler}
 * are some.
 */
@FunctionalInterface
public interface Transform {
    /**
     * Returns the transformed example. All examples of a data set have to get one shape.
     *
     * @param example an input or target without the axis that counts examples: [c, h, w] of an image for one
     * @param random the random draws of this example in this epoch
     */
    Tensor apply(Tensor example, RandomStream random);

    /** Returns this transform followed by another. */
    default Transform then(Transform next) {
        Objects.requireNonNull(next, "then: next is null");
        return (example, random) -> next.apply(apply(example, random), random);
    }
}
