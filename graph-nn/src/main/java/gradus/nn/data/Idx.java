package gradus.nn.data;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files of unsigned bytes, gzipped or not: {@code 00 00 08 ndim}, then each size as a big-endian int, then the
 * bytes (the format of LeCun's MNIST pages).
 */
public final class Idx {
    private static final int UNSIGNED_BYTE = 8;
    private static final int MAX_RANK = 8;

    private Idx() {}

    /**
     * Returns the file's bytes, as numbers 0 to 255 divided by {@code unit}.
     *
     * @throws IllegalArgumentException if the unit is not a positive number
     * @throws IOException if the file is missing, truncated, longer than its header says, too large for the heap or not an IDX file; the message
     *     names it
     */
    public static Tensor read(Path file, double unit, DType dtype) throws IOException {
        Objects.requireNonNull(file, "Idx.read: file is null");
        Objects.requireNonNull(dtype, "Idx.read: dtype is null");
        if (!(unit > 0) || Double.isInfinite(unit)) {
            throw new IllegalArgumentException("Idx.read: unit " + unit + " must be a positive number");
        }
        try (InputStream in = open(file)) {
            byte[] magic = exactly(in, 4, file, "its magic number");
            if (magic[0] != 0 || magic[1] != 0 || magic[3] < 1 || magic[3] > MAX_RANK) {
                throw new IOException(
                        file + " is not an IDX file: it does not start with 00 00, a type and a number of axes");
            }
            if (magic[2] != UNSIGNED_BYTE) {
                throw new IOException(file + ": IDX type 0x" + Integer.toHexString(magic[2] & 0xff)
                        + " is not supported, only unsigned bytes, 0x8");
            }
            Shape shape = shape(ByteBuffer.wrap(exactly(in, 4 * magic[3], file, "its sizes")), file);
            requireMemory(shape, dtype, file);
            byte[] bytes = exactly(in, shape.size(), file, "its " + shape + " bytes");
            if (in.read() >= 0) {
                throw new IOException(file + ": there are more than the " + shape.size() + " bytes of " + shape);
            }
            if (in instanceof Gzip gzip && gzip.rest(Files.size(file)) != 0) {
                throw new IOException(
                        file + ": there are " + gzip.rest(Files.size(file)) + " bytes after its gzip data");
            }
            return Tensor.ofUnsignedBytes(shape, bytes, unit, dtype);
        } catch (EOFException | ZipException e) {
            throw new IOException(file + " is truncated or its gzip data is damaged: " + e, e);
        }
    }

    /** A few bytes of gzip data can hold more than fits the heap; reading takes the bytes twice, and then the numbers. */
    private static void requireMemory(Shape shape, DType dtype, Path file) throws IOException {
        long needed = shape.size() * (2L + dtype.bytes());
        if (needed > Runtime.getRuntime().maxMemory()) {
            throw new IOException(file + ": reading its " + shape + " bytes takes " + (needed >> 20)
                    + " MB; the heap has " + (Runtime.getRuntime().maxMemory() >> 20));
        }
    }

    /** Gzip data of one or more members; tells what follows them, which Java's class ignores. */
    private static final class Gzip extends GZIPInputStream {
        private static final int TRAILER = 8;
        private final Counting counting;
        /** The position in the file of the end of the inflater's input. */
        private long filled;

        Gzip(Counting in) throws IOException {
            super(in, 1 << 16);
            counting = in;
        }

        @Override
        protected void fill() throws IOException {
            super.fill();
            filled = counting.count;
        }

        /** Returns how many bytes of a file of this length follow, once all is read. */
        long rest(long length) {
            return length - (filled - inf.getRemaining()) - TRAILER;
        }
    }

    /** Counts the bytes that are read. */
    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int at, int length) throws IOException {
            int n = super.read(bytes, at, length);
            count += Math.max(n, 0);
            return n;
        }
    }

    private static Shape shape(ByteBuffer sizes, Path file) throws IOException {
        int[] dims = new int[sizes.remaining() / 4];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = sizes.getInt();
        }
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": impossible sizes: " + e.getMessage(), e);
        }
    }

    /** Reads in chunks, so that a header that claims more than the file holds allocates little. */
    private static byte[] exactly(InputStream in, int length, Path file, String what) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException(
                    file + " is truncated: " + what + " take " + length + " bytes, " + bytes.length + " are there");
        }
        return bytes;
    }

    private static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return zipped ? new Gzip(new Counting(raw)) : raw;
        } catch (IOException e) {
            raw.close();
            throw new IOException(file + " is truncated or its gzip data is damaged: " + e, e);
        }
    }
}
