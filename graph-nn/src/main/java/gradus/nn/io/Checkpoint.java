package gradus.nn.io;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Saves and loads the parameters of a model, by path, as a safetensors file. */
public final class Checkpoint {
    private Checkpoint() {}

    /** Writes all parameters. A crash leaves an old file of this name whole. */
    public static void save(Layer model, Path file) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.parameters().forEach((path, p) -> tensors.put(path, p.value()));
        SafeTensors.write(file, tensors, Map.of("format", "gradus"));
    }

    /**
     * Reads all parameters, bit for bit as they were written. Nothing is changed unless everything fits.
     *
     * @throws IOException if the file is damaged, or its tensors are not this model's by path, shape and number type
     */
    public static void load(Layer model, Path file) throws IOException {
        Map<String, Tensor> tensors = SafeTensors.read(file).tensors();
        Map<String, Node> parameters = model.parameters();
        requireNone(file, "lacks", parameters.keySet(), tensors.keySet());
        requireNone(file, "has, unlike the model,", tensors.keySet(), parameters.keySet());
        for (Map.Entry<String, Node> e : parameters.entrySet()) {
            Tensor t = tensors.get(e.getKey());
            Node p = e.getValue();
            if (!t.shape().equals(p.shape()) || t.dtype() != p.dtype()) {
                throw new IOException(file + ": " + e.getKey() + " is " + t.dtype() + " " + t.shape()
                        + ", the model's is " + p.dtype() + " " + p.shape());
            }
        }
        parameters.forEach((path, p) -> p.assign(tensors.get(path)));
    }

    private static void requireNone(Path file, String has, Set<String> those, Set<String> without) throws IOException {
        Set<String> rest = new TreeSet<>(those);
        rest.removeAll(without);
        if (!rest.isEmpty()) {
            throw new IOException(file + " " + has + " " + String.join(", ", rest));
        }
    }
}
