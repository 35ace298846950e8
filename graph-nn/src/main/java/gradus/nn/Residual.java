package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import java.util.Objects;

/**
 * The input added to the output of a layer, {@code y = layer(x) + x}, or the output of a second layer added where
 * shapes differ, {@code y = layer(x) + shortcut(x)} (He et al. 2016). The parts are called {@code layer} and {@code
 * shortcut}. No counterpart in PyTorch, where it is written in {@code forward}.
 */
public final class Residual extends Composite {
    private final Layer layer;
    private final Layer shortcut;

    /** Returns {@code y = layer(x) + x}. */
    public Residual(Layer layer) {
        this.layer = named(layer, "layer");
        this.shortcut = null;
    }

    /** Returns {@code y = layer(x) + shortcut(x)}. */
    public Residual(Layer layer, Layer shortcut) {
        this.layer = named(layer, "layer");
        this.shortcut = named(shortcut, "shortcut");
    }

    private Layer named(Layer part, String partName) {
        Objects.requireNonNull(part, () -> "Residual: " + partName + " is null");
        return layer(partName, part);
    }

    @Override
    Node combine(Node x, Inner inner) {
        Node y = inner.apply("layer", layer, x);
        Node added = shortcut == null ? x : inner.apply("shortcut", shortcut, x);
        if (!y.shape().equals(added.shape())) {
            String which = shortcut == null ? "the input" : "the output of the shortcut";
            throw new OperandMismatch(
                    "Residual",
                    "the output of the layer and " + which + " must have one shape",
                    y.label(),
                    added.label());
        }
        return y.add(added);
    }

    @Override
    public String toString() {
        return "Residual[" + Sequential.text(layer) + (shortcut == null ? "" : ", " + Sequential.text(shortcut)) + "]";
    }
}
