package gradus.nn;

import gradus.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Layers one after the other, named 0, 1, 2 and so on.
 *
 * <p>Two new layers of one size would start from the same values, as neither knows its place. So a parameter that nobody
 * has written to yet is drawn again here, from seed 0 and its path; one that was trained, loaded or assigned is left
 * alone.
 */
public final class Sequential implements Layer {
    private final List<Layer> layers;

    private Sequential(List<Layer> layers) {
        this.layers = layers;
    }

    /** Returns the composition of the layers, the first applied first. */
    public static Sequential of(Layer... layers) {
        Sequential all = new Sequential(List.of(layers));
        Paths.of(all).forEach((path, p) -> p.place(path));
        return all;
    }

    @Override
    public Node forward(Node x) {
        Node y = x;
        for (Layer layer : layers) {
            y = layer.forward(y);
        }
        return y;
    }

    @Override
    public Map<String, Layer> layers() {
        Map<String, Layer> named = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            named.put(Integer.toString(i), layers.get(i));
        }
        return named;
    }

    /** Returns the layers in order; one that is a bare function is called so, as it has no name. */
    @Override
    public String toString() {
        return layers.stream()
                .map(layer ->
                        layer.getClass().isSynthetic() || layer.getClass().isHidden() ? "function" : layer.toString())
                .collect(Collectors.joining(", ", "Sequential[", "]"));
    }
}
