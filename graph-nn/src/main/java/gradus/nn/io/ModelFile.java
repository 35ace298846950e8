package gradus.nn.io;

import gradus.nn.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Saves and loads the state of a model, its parameters and buffers by path, as a safetensors file. */
public final class ModelFile {
    private ModelFile() {}

    /**
     * Writes all parameters and buffers, as a whole or not at all; see {@link AtomicFile}.
     *
     * @throws IOException if it cannot be written; the message names the file
     */
    public static void save(Model model, Path file) throws IOException {
        Objects.requireNonNull(model, "ModelFile.save: model is null");
        Objects.requireNonNull(file, "ModelFile.save: file is null");
        SafeTensors.write(file, model.state(), Map.of("format", "gradus"));
    }

    /**
     * Reads all parameters and buffers, bit for bit as they were written. Nothing is changed unless everything matches.
     *
     * @throws IOException if the file is damaged, or its tensors are not this model's by path, shape and number type
     */
    public static void load(Model model, Path file) throws IOException {
        Objects.requireNonNull(model, "ModelFile.load: model is null");
        Objects.requireNonNull(file, "ModelFile.load: file is null");
        try {
            model.load(SafeTensors.read(file).tensors());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
