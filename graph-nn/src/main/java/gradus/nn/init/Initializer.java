package gradus.nn.init;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;

/** Draws the first value of a parameter; the same stream gives the same value. */
@FunctionalInterface
public interface Initializer {
    /** Returns a FLOAT64 tensor of the given shape. */
    Tensor draw(Shape shape, RandomStream random);
}
