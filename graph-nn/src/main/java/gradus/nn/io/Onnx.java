package gradus.nn.io;

import gradus.array.Shape;
import gradus.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Writes models as ONNX files (onnx.ai), opset 17, which other programs can run, and reads such files:
 *
 * <pre>{@code
 * Onnx.export(model, Shape.of(1, 28, 28), Path.of("model.onnx"));
 * OnnxModel copy = Onnx.load(Path.of("model.onnx"));
 * }</pre>
 *
 * <p>The model's evaluation is written, from input {@code x} to output {@code y}; the first axis of both, {@code N}, is the batch, of any size. The
 * weights are initializers by their paths, such as {@code 0.weight}, in the model's number type, FLOAT32 if it has none; a runtime has all
 * operators for FLOAT32, and fewer for FLOAT64. A tensor of indices, as an {@code Embedding} takes, has this number type, too. The weights of
 * recurrent networks are in the layout of ONNX's RNN, GRU and LSTM.
 */
public final class Onnx {
    /** The most that a message of protocol buffers has. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    private Onnx() {}

    /**
     * Writes a model; see {@link AtomicFile}. What cannot be expressed is refused before there is a file.
     *
     * @param example the shape of one example, without the batch axis: {@code [1, 28, 28]}
     * @throws IllegalArgumentException if the model has an op that ONNX has not, or computes otherwise for another size of the batch; it names the op
     * @throws IOException if the file cannot be written; the message names it
     */
    public static void export(Model model, Shape example, Path file) throws IOException {
        Objects.requireNonNull(model, "Onnx.export: model is null");
        Objects.requireNonNull(example, "Onnx.export: example is null");
        Objects.requireNonNull(file, "Onnx.export: file is null");
        AtomicFile.write(file, OnnxExport.of(model, example).toByteArray());
    }

    /**
     * Reads a model of one input and one output, of opset 13 to 17, with the operators that {@link #export} writes, and {@code Constant},
     * {@code Flatten} and {@code GlobalAveragePool}. All of it is checked before the model is built.
     *
     * @throws IOException if the file cannot be read, is damaged, or has an operator, an attribute or a type that is not supported; the message
     *     names the file and the node
     */
    public static OnnxModel load(Path file) throws IOException {
        Objects.requireNonNull(file, "Onnx.load: file is null");
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    file.toString(), null, Files.isDirectory(file) ? "a directory" : "no such file");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(
                    file + ": it has " + Files.size(file) + " bytes; an ONNX file has at most " + MAX_BYTES);
        }
        try {
            return OnnxModel.of(OnnxReader.read(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
