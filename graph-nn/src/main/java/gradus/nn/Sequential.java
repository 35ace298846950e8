package gradus.nn;

import gradus.graph.Node;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Layers one after the other, {@code y = fn(.. f1(f0(x)))}, named 0, 1, 2 and so on. */
public final class Sequential extends Composite {
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
    Node combine(Node x, Inner inner) {
        Node y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = inner.apply(Integer.toString(i), layers.get(i), y);
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
