package gradus.nn;

import gradus.graph.Node;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Layers one after the other, {@code y = fn(.. f1(f0(x)))}, named 0, 1, 2 and so on. */
public final class Sequential extends Model {
    private final List<Layer> layers;

    private Sequential(List<Layer> layers) {
        this.layers = layers;
        for (int i = 0; i < layers.size(); i++) {
            layer(Integer.toString(i), layers.get(i));
        }
    }

    /** Returns the composition of the layers, the first applied first. */
    public static Sequential of(Layer... layers) {
        return new Sequential(checked("Sequential", layers));
    }

    /** Refuses layers that are null, and returns them as a list. */
    static List<Layer> checked(String what, Layer... layers) {
        Objects.requireNonNull(layers, () -> what + ": layers is null");
        for (int i = 0; i < layers.length; i++) {
            int at = i;
            Objects.requireNonNull(layers[i], () -> what + ": layers[" + at + "] is null");
        }
        return List.of(layers);
    }

    @Override
    public Node forward(Node x, Pass pass) {
        Inputs.require("Sequential", x, pass);
        return pass.isTraining() ? Pass.duringTraining(() -> apply(x, pass)) : apply(x, pass);
    }

    /**
     * Applies the layers; in training each has random draws of its own, and each its own place in a cache, also one
     * that is there twice.
     */
    private Node apply(Node x, Pass pass) {
        Node y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).forward(y, pass.in(Integer.toString(i)));
        }
        return y;
    }

    /** Returns the layers in order; a lambda is called function. */
    @Override
    public String toString() {
        return layers == null
                ? "Sequential"
                : layers.stream().map(Sequential::text).collect(Collectors.joining(", ", "Sequential[", "]"));
    }

    /** Returns what a layer is called inside another. */
    static String text(Layer layer) {
        boolean isFunction = layer.getClass().isSynthetic() || layer.getClass().isHidden();
        return isFunction ? "function" : layer.toString();
    }
}
