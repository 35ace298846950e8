package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;

/** All axes but the first as one, {@code [n, c, h, w] -> [n, c h w]}, from images to the input of {@link Linear}. */
public record Flatten() implements Layer {
    @Override
    public Node forward(Node x) {
        Inputs.require("Flatten", x);
        if (x.shape().rank() < 2) {
            throw new OperandMismatch("Flatten", "it takes [n, ..] with at least two axes", x.label());
        }
        return x.flatten(1, -1);
    }

    @Override
    public String toString() {
        return "Flatten";
    }
}
