package gradus.nn.data;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Examples in a file, one record after the other, for data that is larger than memory: a stream of examples is written once, and the file is
 * then a data set that can be split and shuffled as any other. A batch reads its records only. Close it after use; {@link Prefetch} reads ahead.
 *
 * <p>The file has the 8 bytes {@code GRADUSR2}, the numbers of inputs and of targets as bytes, for each of these tensors a byte for its number type (4
 * or 8, the bytes of a number) and one for its number of axes, and the sizes of one example as ints; then the
 * records, each with its tensors in little-endian numbers; and the number of records as a long. Sizes are big-endian.
 */
public final class RecordFile implements Dataset, Closeable {
    private static final long MAGIC = 0x4752414455535232L; // "GRADUSR2"
    private static final int MAX_TENSORS = 64;
    private static final int MAX_RANK = 8;

    private final Path file;
    private final RandomAccessFile in;
    private final List<Field> fields;
    private final int inputs;
    private final int size;
    private final long start;
    private final int recordLength;

    /** One tensor of an example. */
    private record Field(DType dtype, Shape shape) {
        int length() {
            return Math.multiplyExact(shape.size(), dtype.bytes());
        }

        Shape batch(int n) {
            return Shape.of(IntStream.concat(IntStream.of(n), IntStream.of(shape.dims()))
                    .toArray());
        }
    }

    private RecordFile(Path file, RandomAccessFile in) throws IOException {
        this.file = file;
        this.in = in;
        DataInputStream header = new DataInputStream(Channels.newInputStream(in.getChannel()));
        if (header.readLong() != MAGIC) {
            throw new IOException(file + " is not a file of records: it does not start with GRADUSR2");
        }
        inputs = header.readUnsignedByte();
        int count = inputs + header.readUnsignedByte();
        if (inputs < 1 || count > MAX_TENSORS) {
            throw new IOException(file + ": " + inputs + " inputs of " + count + " tensors are impossible");
        }
        fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.add(field(header));
        }
        start = in.getFilePointer();
        in.seek(Math.max(start, in.length() - Long.BYTES));
        long n = in.readLong();
        long length = fields.stream().mapToLong(Field::length).sum();
        if (length < 1
                || length > Integer.MAX_VALUE
                || n < 1
                || n > Integer.MAX_VALUE
                || start + n * length + Long.BYTES != in.length()) {
            throw new IOException(file + ": " + n + " records of " + length + " bytes do not fill the " + in.length()
                    + " bytes of the file");
        }
        size = (int) n;
        recordLength = (int) length;
    }

    private Field field(DataInputStream header) throws IOException {
        int bytes = header.readUnsignedByte();
        int rank = header.readUnsignedByte();
        if ((bytes != 4 && bytes != 8) || rank > MAX_RANK) {
            throw new IOException(file + ": a number type of " + bytes + " bytes with " + rank + " axes is impossible");
        }
        int[] dims = new int[rank];
        for (int a = 0; a < rank; a++) {
            dims[a] = header.readInt();
        }
        try {
            Field field = new Field(bytes == 4 ? DType.FLOAT32 : DType.FLOAT64, Shape.of(dims));
            field.length();
            return field;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException(file + ": impossible sizes: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the examples of a file.
     *
     * @throws IOException if the file is missing, truncated or not a file of records; the message names it
     */
    public static RecordFile open(Path file) throws IOException {
        Objects.requireNonNull(file, "RecordFile.open: file is null");
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
        try {
            return new RecordFile(file, in);
        } catch (EOFException e) {
            in.close();
            throw new IOException(file + " is truncated in its header", e);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Writes the examples of a stream of batches, of any sizes, of which one at a time is in memory. An old file stays until the new one is whole, as
     * {@link AtomicFile} writes it.
     *
     * @return the number of examples
     * @throws IllegalArgumentException if there are no examples, or two batches differ in anything but their number of examples
     * @throws IOException if the file cannot be written; the message names it
     */
    public static int write(Path file, Stream<Batch> batches) throws IOException {
        Objects.requireNonNull(file, "RecordFile.write: file is null");
        Objects.requireNonNull(batches, "RecordFile.write: batches is null");
        int[] count = {0};
        AtomicFile.write(file, out -> count[0] = writeAll(out, batches.iterator()));
        return count[0];
    }

    private static int writeAll(OutputStream out, Iterator<Batch> batches) throws IOException {
        if (!batches.hasNext()) {
            throw new IllegalArgumentException("RecordFile.write: there are no examples");
        }
        Batch batch = batches.next();
        List<Field> fields = fields(batch);
        int inputs = batch.inputs().size();
        out.write(header(fields, inputs));
        writeRecords(out, batch);
        int count = batch.size();
        while (batches.hasNext()) {
            batch = batches.next();
            if (!fields(batch).equals(fields) || batch.inputs().size() != inputs) {
                throw new IllegalArgumentException(
                        "RecordFile.write: " + batch + " does not fit the examples before it: " + fields);
            }
            writeRecords(out, batch);
            count = Math.addExact(count, batch.size());
        }
        out.write(ByteBuffer.allocate(Long.BYTES).putLong(count).array());
        return count;
    }

    private static List<Field> fields(Batch batch) {
        return Stream.concat(batch.inputs().stream(), batch.targets().stream())
                .map(t -> new Field(
                        t.dtype(),
                        Shape.of(IntStream.of(t.shape().dims()).skip(1).toArray())))
                .toList();
    }

    private static byte[] header(List<Field> fields, int inputs) throws IOException {
        if (fields.size() > MAX_TENSORS) {
            throw new IllegalArgumentException(
                    "RecordFile.write: an example has " + fields.size() + " tensors, more than " + MAX_TENSORS);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        out.writeByte(inputs);
        out.writeByte(fields.size() - inputs);
        for (Field f : fields) {
            if (f.shape().rank() > MAX_RANK) {
                throw new IllegalArgumentException(
                        "RecordFile.write: an example " + f.shape() + " has more than " + MAX_RANK + " axes");
            }
            out.writeByte(f.dtype().bytes());
            out.writeByte(f.shape().rank());
            for (int d : f.shape().dims()) {
                out.writeInt(d);
            }
        }
        return bytes.toByteArray();
    }

    private static void writeRecords(OutputStream out, Batch batch) throws IOException {
        List<byte[]> tensors = Stream.concat(batch.inputs().stream(), batch.targets().stream())
                .map(Tensor::toLittleEndian)
                .toList();
        for (int i = 0; i < batch.size(); i++) {
            for (byte[] t : tensors) {
                int length = t.length / batch.size();
                out.write(t, i * length, length);
            }
        }
    }

    @Override
    public int size() {
        return size;
    }

    /**
     * Reads the examples at these indices.
     *
     * @throws UncheckedIOException if the file cannot be read or is closed; the message names it
     */
    @Override
    public Batch at(int... indices) {
        Objects.requireNonNull(indices, "at: indices is null");
        List<Tensor> tensors = read(0, fields.size(), indices);
        return new Batch(tensors.subList(0, inputs), tensors.subList(inputs, tensors.size()));
    }

    /** Returns the targets of all examples, without reading the inputs. */
    @Override
    public Tensor y() {
        if (inputs == fields.size()) {
            return Dataset.super.y(); // refuses it
        }
        return read(inputs, inputs + 1, IntStream.range(0, size).toArray()).get(0);
    }

    /** Returns tensors {@code first} (included) to {@code last} (excluded) of the records, which are next to each other. */
    private synchronized List<Tensor> read(int first, int last, int... indices) {
        int skipped = fields.subList(0, first).stream().mapToInt(Field::length).sum();
        List<byte[]> bytes = new ArrayList<>();
        for (Field f : fields.subList(first, last)) {
            bytes.add(new byte[Math.multiplyExact(f.length(), indices.length)]);
        }
        byte[] part = new byte
                [fields.subList(first, last).stream().mapToInt(Field::length).sum()];
        try {
            for (int i = 0; i < indices.length; i++) {
                if (indices[i] < 0 || indices[i] >= size) {
                    throw new IllegalArgumentException(
                            "at: index " + indices[i] + " is out of range 0 to " + (size - 1));
                }
                in.seek(start + (long) indices[i] * recordLength + skipped);
                in.readFully(part);
                int from = 0;
                for (byte[] all : bytes) {
                    int length = all.length / indices.length;
                    System.arraycopy(part, from, all, i * length, length);
                    from += length;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e, e);
        }
        return IntStream.range(first, last)
                .mapToObj(k -> Tensor.ofLittleEndian(
                        fields.get(k).batch(indices.length), fields.get(k).dtype(), bytes.get(k - first)))
                .toList();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    @Override
    public String toString() {
        return "RecordFile of " + size + " examples of " + recordLength + " bytes";
    }
}
