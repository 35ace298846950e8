package gradus.testing;

import gradus.array.Shape;
import gradus.array.Tensor;

/** Two tensors that broadcast against each other. */
public record Pair(Tensor left, Tensor right) {
    /** Returns the shape that both broadcast to. */
    public Shape shape() {
        return Shape.broadcast("pair", left.shape(), right.shape());
    }
}
