package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;

/**
 * Axes from start to end, both included, as one: by default all but the first, {@code [n, c, h, w] -> [n, c h w]}, from
 * images to the input of {@link Linear}. Negative axes count from the end. PyTorch's {@code Flatten}.
 *
 * @param start the first axis, 1 by default
 * @param end the last axis, -1 by default
 */
public record Flatten(int start, int end) implements Layer {
    /** Returns a layer for all axes but the first. */
    public Flatten() {
        this(1, -1);
    }

    /**
     * Checks the axes.
     *
     * @throws IllegalArgumentException if end is before start, both counted from the same side
     */
    public Flatten {
        if (start < 0 == end < 0 && end < start) {
            throw new IllegalArgumentException("Flatten: axis " + end + " comes before axis " + start);
        }
    }

    @Override
    public Node forward(Node x) {
        Inputs.require("Flatten", x);
        int rank = x.shape().rank();
        int first = start < 0 ? start + rank : start;
        int last = end < 0 ? end + rank : end;
        if (first < 0 || last >= rank || last < first) {
            String axes = start == 1 && end == -1 ? "[n, ..] with at least two axes" : "axes " + start + " to " + end;
            throw new OperandMismatch("Flatten", "it takes " + axes, x.label());
        }
        return x.flatten(first, last);
    }

    @Override
    public String toString() {
        return start == 1 && end == -1 ? "Flatten" : "Flatten[" + start + ", " + end + "]";
    }
}
