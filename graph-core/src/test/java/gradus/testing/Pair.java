package gradus.testing;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;

/** Two tensors that broadcast against each other. */
public record Pair(Tensor left, Tensor right) {
    /** Creates a pair. */
    public Pair {
        Objects.requireNonNull(left, "Pair: left is null");
        Objects.requireNonNull(right, "Pair: right is null");
    }

    /** Returns the shape that both broadcast to. */
    public Shape shape() {
        return Shape.broadcast("pair", left.shape(), right.shape());
    }
}
