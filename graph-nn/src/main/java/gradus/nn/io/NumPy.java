package gradus.nn.io;

import gradus.array.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes NumPy's files: npy, one array, and npz, a zip archive of named arrays (numpy.lib.format).
 *
 * <pre>{@code
 * NumPy.save(Path.of("weights.npz"), model.state());      // numpy.load("weights.npz")["0.weight"]
 * model.load(NumPy.load(Path.of("weights.npz")));
 * }</pre>
 *
 * <p>FLOAT64 and FLOAT32 are written, as f8 and f4, in version 1.0, little-endian, the last axis varying fastest, uncompressed. Versions 1 to 3 are
 * read, in both orders of bytes and of axes, compressed or not: f8 as FLOAT64, f4 and f2 as FLOAT32, integers and bool as FLOAT64, all of them
 * exactly, but for integers beyond 2^53, which are refused. Arrays of objects, which would run code when they are read, are refused like all other
 * types.
 */
public final class NumPy {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
    private static final long MAX_EXPANSION = 100;
    private static final long SMALL = 1 << 26;
    private static final String NPY = ".npy";
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private NumPy() {}

    /**
     * Writes named arrays as a npz archive, as {@code numpy.savez} does; see {@link AtomicFile}. The same arrays give the same bytes.
     *
     * @throws IllegalArgumentException if a name is empty, has a part {@code ..} or is that of an absolute path; nothing is written then
     * @throws IOException if it cannot be written; the message names the file
     */
    public static void save(Path file, Map<String, Tensor> arrays) throws IOException {
        Objects.requireNonNull(file, "NumPy.save: file is null");
        Objects.requireNonNull(arrays, "NumPy.save: arrays is null");
        Map<String, Tensor> copy = new LinkedHashMap<>(arrays);
        copy.forEach((name, t) -> {
            Objects.requireNonNull(name, "NumPy.save: a name is null");
            Objects.requireNonNull(t, () -> "NumPy.save: " + name + " is null");
            if (!isPlain(name)) {
                throw new IllegalArgumentException("NumPy.save: '" + name + "' cannot be the name of an array");
            }
        });
        AtomicFile.write(file, out -> write(out, copy));
    }

    /**
     * Writes one array as a npy file, as {@code numpy.save} does; see {@link AtomicFile}.
     *
     * @throws IOException if it cannot be written; the message names the file
     */
    public static void save(Path file, Tensor array) throws IOException {
        Objects.requireNonNull(file, "NumPy.save: file is null");
        Objects.requireNonNull(array, "NumPy.save: array is null");
        AtomicFile.write(file, out -> {
            out.write(NpyArray.header(array));
            out.write(array.toLittleEndian());
        });
    }

    private static void write(OutputStream out, Map<String, Tensor> arrays) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Tensor> e : arrays.entrySet()) {
            byte[] header = NpyArray.header(e.getValue());
            byte[] elements = e.getValue().toLittleEndian();
            CRC32 crc = new CRC32();
            crc.update(header);
            crc.update(elements);
            ZipEntry entry = new ZipEntry(e.getKey() + NPY);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize((long) header.length + elements.length);
            entry.setCrc(crc.getValue());
            entry.setTimeLocal(NO_TIME);
            zip.putNextEntry(entry);
            zip.write(header);
            zip.write(elements);
            zip.closeEntry();
        }
        zip.finish();
    }

    /**
     * Reads all arrays of a npz archive, in its order, by their names without {@code .npy}.
     *
     * <p>Nothing is allocated for what a header claims and the file does not have: an archive that would expand to more than 64 MiB and 100 times its
     * size is refused.
     *
     * @throws IOException if the file is missing, damaged or not an archive of arrays, or a name is empty, given twice, absolute or has a part
     *     {@code ..}; the message names the file and the array
     */
    public static Map<String, Tensor> load(Path file) throws IOException {
        require("NumPy.load", file);
        if (startsWith(file, NpyArray.MAGIC)) {
            throw new IOException(file + " is one array, not an archive; read it with NumPy.loadArray");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = new ArrayList<>(Collections.list(zip.entries()));
            requireSmall(entries, file);
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            for (ZipEntry e : entries) {
                String what = file + ": " + e.getName();
                String name = e.getName().endsWith(NPY)
                        ? e.getName().substring(0, e.getName().length() - NPY.length())
                        : "";
                if (!isPlain(name)) {
                    throw new IOException(what + " cannot be the name of an array");
                }
                if (arrays.put(name, array(zip, e, what)) != null) {
                    throw new IOException(what + " is there twice");
                }
            }
            return arrays;
        } catch (ZipException e) {
            throw new IOException(file + " is not a npz archive, or is damaged: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the array of a npy file.
     *
     * @throws IOException if the file is missing, damaged or not of this format; the message names it
     */
    public static Tensor loadArray(Path file) throws IOException {
        require("NumPy.loadArray", file);
        if (startsWith(file, (byte) 'P', (byte) 'K')) {
            throw new IOException(file + " is an archive, not one array; read it with NumPy.load");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            NpyArray array = NpyArray.read(in, file.toString());
            requireBytes(array, Files.size(file), file.toString());
            return array.elements(in, file.toString());
        }
    }

    private static Tensor array(ZipFile zip, ZipEntry e, String what) throws IOException {
        CheckedInputStream in = new CheckedInputStream(new BufferedInputStream(zip.getInputStream(e)), new CRC32());
        try (in) {
            NpyArray array = NpyArray.read(in, what);
            requireBytes(array, e.getSize(), what);
            Tensor t = array.elements(in, what);
            if (in.getChecksum().getValue() != e.getCrc()) {
                throw new IOException(what + " is damaged: its checksum differs");
            }
            return t;
        }
    }

    private static void requireBytes(NpyArray array, long size, String what) throws IOException {
        long there = size - array.headerBytes();
        if (array.bytes() != there) {
            throw new IOException(what + " is truncated or too long: " + array.shape() + " takes " + array.bytes()
                    + " bytes, " + there + " are there");
        }
        if (array.bytes() > MAX_BYTES) {
            throw new IOException(what + " " + array.shape() + " takes more than 2 GiB");
        }
    }

    /** Refuses an archive of far more bytes than the file has, as entries that share compressed bytes have, too. */
    private static void requireSmall(List<? extends ZipEntry> entries, Path file) throws IOException {
        long total = 0;
        for (ZipEntry e : entries) {
            total += Math.max(0, Math.min(e.getSize(), Long.MAX_VALUE / 2 - total));
        }
        long size = Files.size(file);
        if (total > SMALL && total / MAX_EXPANSION > size) {
            throw new IOException(file + " has " + size + " bytes and would expand to " + total + ", more than "
                    + MAX_EXPANSION + " times as many");
        }
    }

    /** Returns whether a name is safe for programs that make files of it. */
    private static boolean isPlain(String name) {
        boolean absolute = name.startsWith("/") || name.startsWith("\\") || name.matches("[A-Za-z]:.*");
        return !name.isEmpty()
                && !absolute
                && name.indexOf('\0') < 0
                && !Arrays.asList(name.split("[/\\\\]", -1)).contains("..");
    }

    private static void require(String method, Path file) throws IOException {
        Objects.requireNonNull(file, () -> method + ": file is null");
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    file.toString(), null, Files.isDirectory(file) ? "a directory" : "no such file");
        }
    }

    private static boolean startsWith(Path file, byte... magic) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(magic.length), magic);
        }
    }
}
