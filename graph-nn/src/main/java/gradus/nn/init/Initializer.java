package gradus.nn.init;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;

/**
 * Draws the first value of a parameter; the same stream gives the same value. One that depends on the number of inputs or outputs, as
 * {@link He}, overrides the method with {@link Fans}.
 */
@FunctionalInterface
public interface Initializer {
    /** Returns a FLOAT64 tensor of the given shape. */
    Tensor draw(Shape shape, RandomStream random);

    /**
     * Returns a FLOAT64 tensor of the given shape for a parameter with these fans, which a layer gives. By default they make no
     * difference.
     */
    default Tensor draw(Shape shape, Fans fans, RandomStream random) {
        return draw(shape, random);
    }
}
