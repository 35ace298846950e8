package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Objects;

/**
 * One axis as several, the inverse of {@link Flatten}: by default the second, {@code [n, c h w] -> [n, c, h, w]} for
 * the shape {@code [c, h, w]}. A negative axis counts from the end. PyTorch's {@code Unflatten}.
 *
 * @param axis the axis, 1 by default
 * @param shape the sizes that it is divided into, whose product is its size
 */
public record Unflatten(int axis, Shape shape) implements Layer {
    /** Returns a layer for the second axis. */
    public Unflatten(Shape shape) {
        this(1, shape);
    }

    /** Checks that there is a shape. */
    public Unflatten {
        Objects.requireNonNull(shape, "Unflatten: shape is null");
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("Unflatten", x);
        Shape s = x.shape();
        int at = axis < 0 ? axis + s.rank() : axis;
        if (at < 0 || at >= s.rank() || s.dim(at) != shape.size()) {
            throw new OperandMismatch(
                    "Unflatten", "axis " + axis + " must have size " + shape.size() + " to become " + shape, x.label());
        }
        int[] dims = new int[s.rank() - 1 + shape.rank()];
        System.arraycopy(s.dims(), 0, dims, 0, at);
        System.arraycopy(shape.dims(), 0, dims, at, shape.rank());
        System.arraycopy(s.dims(), at + 1, dims, at + shape.rank(), s.rank() - at - 1);
        return x.reshape(dims);
    }

    @Override
    public String toString() {
        return "Unflatten" + (axis == 1 ? "" : "[axis " + axis + "]") + shape;
    }
}
