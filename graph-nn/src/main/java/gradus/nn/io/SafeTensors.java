package gradus.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import gradus.array.DType;
import gradus.array.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Reads and writes safetensors files: the length of a JSON header as a little-endian u64, the header, padded with spaces
 * to a multiple of 8, and the tensors' bytes, little-endian, one after the other without gaps (the format of
 * huggingface/safetensors). F64 and F32 are written. The smaller floating-point types F16 and BF16 are read as FLOAT32, whole numbers and BOOL as
 * FLOAT64, all of them exactly, but for I64 beyond 2^53, which is refused.
 */
public final class SafeTensors {
    static final long MAX_HEADER = 100_000_000;
    private static final JsonFactory JSON = new JsonFactory();

    private SafeTensors() {}

    /**
     * What a file holds.
     *
     * @param tensors by name, in the order of their bytes
     * @param metadata free strings by name
     */
    public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    /**
     * Writes a file as a whole or not at all; see {@link AtomicFile}.
     *
     * @throws IOException if it cannot be written; the message names it
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Objects.requireNonNull(file, "SafeTensors.write: file is null");
        Objects.requireNonNull(tensors, "SafeTensors.write: tensors is null");
        Objects.requireNonNull(metadata, "SafeTensors.write: metadata is null");
        if (tensors.containsKey("__metadata__")) {
            throw new IllegalArgumentException("safetensors: __metadata__ is not allowed as the name of a tensor");
        }
        Map<String, Tensor> written = new LinkedHashMap<>(tensors);
        written.forEach((name, t) -> {
            Objects.requireNonNull(name, "SafeTensors.write: a name is null");
            Objects.requireNonNull(t, () -> "SafeTensors.write: " + name + " is null");
        });
        metadata.forEach((name, value) -> {
            Objects.requireNonNull(name, "SafeTensors.write: a name of metadata is null");
            Objects.requireNonNull(value, () -> "SafeTensors.write: metadata " + name + " is null");
        });
        AtomicFile.write(file, out -> {
            byte[] header = header(written, metadata);
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, header.length)
                    .array());
            out.write(header);
            for (Tensor t : written.values()) {
                out.write(t.toLittleEndian());
            }
        });
    }

    /**
     * Reads a whole file, and checks that its header fits its size, has no duplicate name, no gap and no overlap.
     *
     * @throws IOException if it is missing, truncated, or not in the format; the message names it
     */
    public static Contents read(Path file) throws IOException {
        Objects.requireNonNull(file, "SafeTensors.read: file is null");
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    file.toString(), null, Files.isDirectory(file) ? "a directory" : "no such file");
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long rest = in.size() - 8;
            if (rest < 2) {
                throw new IOException(file + " is not a safetensors file: it has only " + in.size() + " bytes");
            }
            long length = read(in, 8, file).getLong(0);
            if (length < 2 || length > MAX_HEADER || length > rest) {
                throw new IOException(file + " is damaged or not a safetensors file: its header claims "
                        + Long.toUnsignedString(length)
                        + " bytes; after its length the file has " + rest + ", and at most " + MAX_HEADER
                        + " are allowed");
            }
            SafeHeader header = SafeHeader.parse(read(in, (int) length, file).array(), rest - length, file);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (SafeHeader.Entry e : header.entries()) {
                byte[] bytes = read(in, (int) (e.end() - e.begin()), file).array();
                try {
                    tensors.put(e.name(), e.type().read(e.shape(), bytes));
                } catch (ArithmeticException x) {
                    throw new IOException(file + ": " + e.name() + ": " + x.getMessage(), x);
                }
            }
            return new Contents(tensors, header.metadata());
        }
    }

    private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> e : metadata.entrySet()) {
                    json.writeStringField(e.getKey(), e.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
                Tensor t = e.getValue();
                long end = at + (long) t.size() * t.dtype().bytes();
                json.writeObjectFieldStart(e.getKey());
                json.writeStringField("dtype", t.dtype() == DType.FLOAT64 ? "F64" : "F32");
                int[] dims = t.shape().dims();
                json.writeFieldName("shape");
                json.writeArray(dims, 0, dims.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {at, end}, 0, 2);
                json.writeEndObject();
                at = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static ByteBuffer read(FileChannel in, int length, Path file) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining()) {
            if (in.read(b) < 0) {
                throw new EOFException(file + " was truncated while it was read");
            }
        }
        return b.flip();
    }
}
