package gradus.nn.io;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.nn.BatchNorm;
import gradus.nn.GroupNorm;
import gradus.nn.Gru;
import gradus.nn.InstanceNorm;
import gradus.nn.Layer;
import gradus.nn.LayerNorm;
import gradus.nn.Linear;
import gradus.nn.Lstm;
import gradus.nn.Model;
import gradus.nn.MultiHeadAttention;
import gradus.nn.RmsNorm;
import gradus.nn.Rnn;
import gradus.nn.Sequential;
import gradus.nn.TiedLinear;
import gradus.nn.TransformerLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
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
 * BatchNorm} calls its weight gamma. A parameter or buffer of your own is taken as it is. Values are converted to the model's number type. A layer
 * that the model shares, as with tied weights, is read by one or more of its names in the state dict.
 */
public final class PyTorchWeights {
    /** What each layer reads; a class that is not here reads its own parts by their names, and its inner layers. */
    private static final Map<Class<?>, Reader> READERS = Map.ofEntries(
            Map.entry(Linear.class, s -> {
                boolean asInPyTorch = ((Linear) s.model).isTransposed();
                s.put("weight", "weight", asInPyTorch ? t -> t : Tensor::transpose);
                s.put("bias", "bias");
            }),
            Map.entry(BatchNorm.class, PyTorchWeights::normalization),
            Map.entry(Gru.class, PyTorchWeights::recurrent),
            Map.entry(GroupNorm.class, PyTorchWeights::normalization),
            Map.entry(InstanceNorm.class, PyTorchWeights::normalization),
            Map.entry(LayerNorm.class, PyTorchWeights::normalization),
            Map.entry(Lstm.class, PyTorchWeights::recurrent),
            Map.entry(MultiHeadAttention.class, s -> {
                s.put("inputWeight", "in_proj_weight", Tensor::transpose);
                s.put("inputBias", "in_proj_bias");
                s.put("outputWeight", "out_proj.weight", Tensor::transpose);
                s.put("outputBias", "out_proj.bias");
            }),
            Map.entry(RmsNorm.class, PyTorchWeights::normalization),
            Map.entry(Rnn.class, PyTorchWeights::recurrent),
            Map.entry(TiedLinear.class, s -> s.inner("table")),
            Map.entry(TransformerLayer.class, s -> {
                s.inner("attention", "self_attn");
                s.inner("linear1", "linear1");
                s.inner("activation", "activation");
                s.inner("linear2", "linear2");
                s.inner("norm1", "norm1");
                s.inner("norm2", "norm2");
            }));

    private PyTorchWeights() {}

    /** Reads the parts of one layer. */
    private interface Reader {
        void read(Source s);
    }

    private static void normalization(Source s) {
        s.put("gamma", "weight");
        s.put("beta", "bias");
        s.put("runningMean", "running_mean");
        s.put("runningVar", "running_var");
        s.put("batches", "num_batches_tracked");
        s.ignore("num_batches_tracked");
    }

    /** Reads the networks of all layers and directions; {@code inputWeight1Reverse} is {@code weight_ih_l1_reverse}. */
    private static void recurrent(Source s) {
        for (String part : s.model.state().keySet()) {
            String network = part.replaceFirst("^\\D+", "");
            String end = "_l" + network.replace("Reverse", "_reverse");
            switch (part.substring(0, part.length() - network.length())) {
                case "inputWeight" -> s.put(part, "weight_ih" + end, Tensor::transpose);
                case "hiddenWeight" -> s.put(part, "weight_hh" + end, Tensor::transpose);
                case "inputBias" -> s.put(part, "bias_ih" + end);
                case "hiddenBias" -> s.put(part, "bias_hh" + end);
                default -> s.putSum(part, "bias_ih" + end, "bias_hh" + end);
            }
        }
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
     * @throws IllegalArgumentException if a name is missing or unknown, or a layer that the model shares has different weights; it names them
     */
    public static Map<String, Tensor> convert(Model model, Map<String, Tensor> stateDict) {
        Objects.requireNonNull(model, "PyTorchWeights.convert: model is null");
        Objects.requireNonNull(stateDict, "PyTorchWeights.convert: stateDict is null");
        Conversion c = new Conversion(stateDict, model.state().keySet(), model.dtype());
        c.read(model, "", "");
        Set<String> unknown = new TreeSet<>(stateDict.keySet());
        unknown.removeAll(c.used);
        c.missing.values().removeAll(c.converted.keySet()); // of a shared layer one name is enough
        List<String> wrong = new ArrayList<>();
        note(wrong, "the state dict has no ", c.missing.keySet());
        note(wrong, "unknown to the model are ", unknown);
        note(wrong, "the model shares a layer whose weights differ: ", c.different);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("PyTorchWeights: " + String.join("; ", wrong));
        }
        return c.converted;
    }

    private static void note(List<String> wrong, String what, Collection<String> names) {
        if (!names.isEmpty()) {
            wrong.add(what + String.join(", ", names));
        }
    }

    /** One conversion of a whole model. */
    private static final class Conversion {
        private final Map<String, Tensor> stateDict;
        private final Set<String> wanted;
        private final DType dtype;
        private final Map<String, Tensor> converted = new LinkedHashMap<>();
        private final Set<String> used = new TreeSet<>();
        /** The names that the state dict does not have, and the paths of the parts that are read from them. */
        private final Map<String, String> missing = new LinkedHashMap<>();
        /** The names of tensors that differ from those of another name, though the model shares the layer. */
        private final List<String> different = new ArrayList<>();
        /** The first path of each layer; a shared layer has one in this library, and several in PyTorch. */
        private final IdentityHashMap<Model, String> paths = new IdentityHashMap<>();

        private Conversion(Map<String, Tensor> stateDict, Set<String> wanted, DType dtype) {
            this.stateDict = stateDict;
            this.wanted = wanted;
            this.dtype = dtype;
        }

        /** Reads a layer; the prefixes end with a dot unless they are empty. */
        private void read(Layer layer, String path, String torchPath) {
            if (layer instanceof Model model) {
                paths.putIfAbsent(model, path);
                READERS.getOrDefault(model.getClass(), Source::all)
                        .read(new Source(this, model, paths.get(model), torchPath));
            }
        }

        /** Takes a tensor; that of a shared layer may be there by several names. */
        private void put(String path, String torchName, Tensor t) {
            Tensor converted = t.to(dtype);
            Tensor before = this.converted.putIfAbsent(path, converted);
            if (before != null && !before.equals(converted)) {
                different.add(torchName);
            }
        }
    }

    /** One layer and its place in both models. */
    private record Source(Conversion c, Model model, String path, String torchPath) {
        /** Takes a tensor as it is, if the layer has this part. */
        void put(String part, String torchName) {
            put(part, torchName, t -> t);
        }

        /** Takes a tensor in another layout, if the layer has this part, and not as one that it shares with a layer before. */
        void put(String part, String torchName, UnaryOperator<Tensor> layout) {
            if (c.wanted.contains(path + part)) {
                Tensor t = take(part, torchName);
                if (t != null) {
                    try {
                        c.put(path + part, torchPath + torchName, layout.apply(t));
                    } catch (OperandMismatch e) {
                        throw new IllegalArgumentException(
                                "PyTorchWeights: " + torchPath + torchName + ": " + e.getMessage(), e);
                    }
                }
            }
        }

        /** Takes the sum of two tensors. */
        void putSum(String part, String torchName, String otherName) {
            Tensor a = take(part, torchName);
            Tensor b = take(part, otherName);
            if (a != null && b != null) {
                if (!a.shape().equals(b.shape())) {
                    throw new IllegalArgumentException("PyTorchWeights: " + torchPath + torchName + " " + a.shape()
                            + " and " + torchPath + otherName + " " + b.shape() + " must have the same shape");
                }
                c.put(path + part, torchPath + torchName, a.add(b));
            }
        }

        /** Returns a tensor of the state dict, or null if it is missing, which is noted. */
        private Tensor take(String part, String torchName) {
            Tensor t = c.stateDict.get(torchPath + torchName);
            if (t == null) {
                c.missing.putIfAbsent(torchPath + torchName, path + part);
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

        /** Reads an inner layer whose tensors are those of this layer in PyTorch. */
        void inner(String name) {
            c.read(model.layers().get(name), path + name + ".", torchPath);
        }

        /** Reads the layer's own parts and its inner layers by their names. */
        void all() {
            model.state().keySet().stream().filter(p -> !p.contains(".")).forEach(p -> put(p, p));
            model.layers().keySet().forEach(name -> inner(name, name));
        }
    }
}
