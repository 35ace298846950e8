package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.nn.BatchNorm;
import gradus.nn.Conv2d;
import gradus.nn.Embedding;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Loads the weights of a PyTorch model, a state dict with PyTorch's names and layouts, into the matching Gradus model:
 *
 * <pre>{@code
 * // Python: safetensors.torch.save_file(model.state_dict(), "model.safetensors")
 * PyTorchWeights.load(model, Path.of("model.safetensors"));
 * }</pre>
 *
 * <p>The models match if their layers have the same names: those of {@code nn.Sequential} and {@link Sequential} are numbered alike, functions
 * such as {@code nn.ReLU()} and {@code Node::relu} included, and a model of your own gives its parts the names that the attributes have in Python. Inside the
 * layers of this library names and layouts are converted by the table in this class: a {@code Linear} transposes its weight, a {@code
 * BatchNorm} calls its weight gamma. A parameter or buffer of your own is taken as it is. Values are converted to the model's number type.
 */
public final class PyTorchWeights {
    /** What each layer reads; a class that is not here reads its own parts by their names, and its inner layers. */
    private static final Map<Class<?>, Reader> READERS = Map.ofEntries(
            Map.entry(Linear.class, s -> {
                s.put("weight", "weight", Tensor::transpose);
                s.put("bias", "bias");
            }),
            Map.entry(Conv2d.class, PyTorchWeights::weightAndBias),
            Map.entry(Embedding.class, PyTorchWeights::weightAndBias),
            Map.entry(BatchNorm.class, PyTorchWeights::normalization));

    private PyTorchWeights() {}

    /** Reads the parts of one layer. */
    private interface Reader {
        void read(Source s);
    }

    private static void weightAndBias(Source s) {
        s.put("weight", "weight");
        s.put("bias", "bias");
    }

    private static void normalization(Source s) {
        s.put("gamma", "weight");
        s.put("beta", "bias");
        s.put("runningMean", "running_mean");
        s.put("runningVar", "running_var");
        s.ignore("num_batches_tracked");
    }

    /**
     * Reads a safetensors file of a state dict. Nothing is changed unless everything matches.
     *
     * @throws IOException if the file is damaged, or its tensors are not those of the matching model; the message names them
     */
    public static void load(Model model, Path file) throws IOException {
        Objects.requireNonNull(model, "PyTorchWeights.load: model is null");
        Objects.requireNonNull(file, "PyTorchWeights.load: file is null");
        try {
            model.load(convert(model, SafeTensors.read(file).tensors()));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns a state dict with the model's paths, layouts and number type, as {@link Model#load} takes it.
     *
     * @param stateDict by PyTorch's names
     * @throws IllegalArgumentException if a name is missing or unknown; it names them
     */
    public static Map<String, Tensor> convert(Model model, Map<String, Tensor> stateDict) {
        Objects.requireNonNull(model, "PyTorchWeights.convert: model is null");
        Objects.requireNonNull(stateDict, "PyTorchWeights.convert: stateDict is null");
        Conversion c = new Conversion(stateDict, model.dtype());
        c.read(model, "", "");
        Set<String> unknown = new TreeSet<>(stateDict.keySet());
        unknown.removeAll(c.used);
        if (!c.missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("PyTorchWeights: "
                    + (c.missing.isEmpty() ? "" : "the state dict has no " + String.join(", ", c.missing))
                    + (c.missing.isEmpty() || unknown.isEmpty() ? "" : "; ")
                    + (unknown.isEmpty() ? "" : "unknown to the model are " + String.join(", ", unknown)));
        }
        return c.converted;
    }

    /** One conversion of a whole model. */
    private static final class Conversion {
        private final Map<String, Tensor> stateDict;
        private final DType dtype;
        private final Map<String, Tensor> converted = new LinkedHashMap<>();
        private final Set<String> used = new TreeSet<>();
        private final List<String> missing = new ArrayList<>();

        private Conversion(Map<String, Tensor> stateDict, DType dtype) {
            this.stateDict = stateDict;
            this.dtype = dtype;
        }

        /** Reads a layer; the prefixes end with a dot unless they are empty. */
        private void read(Layer layer, String path, String torchPath) {
            if (layer instanceof Model model) {
                READERS.getOrDefault(model.getClass(), Source::all).read(new Source(this, model, path, torchPath));
            }
        }
    }

    /** One layer and its place in both models. */
    private record Source(Conversion c, Model model, String path, String torchPath) {
        /** Takes a tensor as it is, if the layer has this part. */
        void put(String part, String torchName) {
            put(part, torchName, t -> t);
        }

        /** Takes a tensor in another layout, if the layer has this part. */
        void put(String part, String torchName, UnaryOperator<Tensor> layout) {
            if (model.state().containsKey(part)) {
                Tensor t = take(torchName);
                if (t != null) {
                    c.converted.put(path + part, layout.apply(t).to(c.dtype));
                }
            }
        }

        /** Returns a tensor of the state dict, or null if it is missing, which is noted. */
        private Tensor take(String torchName) {
            Tensor t = c.stateDict.get(torchPath + torchName);
            if (t == null) {
                c.missing.add(torchPath + torchName);
            }
            c.used.add(torchPath + torchName);
            return t;
        }

        /** Skips a tensor that has no counterpart. */
        void ignore(String torchName) {
            c.used.add(torchPath + torchName);
        }

        /** Reads an inner layer that has another name in PyTorch. */
        void inner(String name, String torchName) {
            c.read(model.layers().get(name), path + name + ".", torchPath + torchName + ".");
        }

        /** Reads the layer's own parts and its inner layers by their names. */
        void all() {
            model.state().keySet().stream().filter(p -> !p.contains(".")).forEach(p -> put(p, p));
            model.layers().keySet().forEach(name -> inner(name, name));
        }
    }
}
