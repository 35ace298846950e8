package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One array in NumPy's npy format: {@code \x93NUMPY}, two bytes of version, the length of the header, little-endian, in 2 bytes in version 1 and in
 * 4 in versions 2 and 3, the header, a dict literal of Python that is padded so that the elements start at a multiple of 64, and the elements
 * (numpy.lib.format).
 *
 * @param type the type of an element
 * @param bigEndian the order of its bytes
 * @param fortran whether the first axis varies fastest
 * @param headerBytes the number of bytes before the elements
 */
record NpyArray(StoredType type, boolean bigEndian, boolean fortran, Shape shape, int headerBytes) {
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int MAX_HEADER = 1 << 16;
    /** NumPy 2 has no array of more axes. */
    private static final int MAX_RANK = 64;

    private static final Pattern ENTRY = Pattern.compile(
            "\\G\\s*['\"](\\w+)['\"]\\s*:\\s*('[^']*'|\"[^\"]*\"|True|False|\\([\\d\\s,L]*\\))\\s*(,|(?=\\}))");
    private static final Pattern SIZE = Pattern.compile("\\d{1,10}L?");

    /** Returns the bytes before the elements of a tensor, in version 1. */
    static byte[] header(Tensor t) {
        int[] dims = t.shape().dims();
        String sizes = Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String text = "{'descr': '" + (t.dtype() == DType.FLOAT64 ? "<f8" : "<f4")
                + "', 'fortran_order': False, 'shape': (" + sizes + (dims.length == 1 ? "," : "") + "), }";
        int start = MAGIC.length + 4;
        int end = (start + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] header = new byte[end];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[6] = 1;
        header[7] = 0;
        header[8] = (byte) (end - start);
        header[9] = (byte) ((end - start) >> 8);
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, start, ascii.length);
        header[end - 1] = '\n';
        return header;
    }

    /**
     * Reads what is before the elements.
     *
     * @param what names the array in errors
     */
    static NpyArray read(InputStream in, String what) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(MAGIC, 0, 6, start, 0, 6)) {
            throw new IOException(what + " is not a npy array: it does not begin with \\x93NUMPY");
        }
        int version = start[6];
        if (version < 1 || version > 3 || start[7] != 0) {
            throw new IOException(what + " has npy version " + (start[6] & 0xff) + "." + (start[7] & 0xff)
                    + "; 1.0, 2.0 and 3.0 are supported");
        }
        byte[] size = exactly(in, version == 1 ? 2 : 4, what);
        long length = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            length = (length << 8) | (size[i] & 0xff);
        }
        if (length > MAX_HEADER) {
            throw new IOException(what + " is damaged: its header claims " + length + " bytes, at most " + MAX_HEADER
                    + " are allowed");
        }
        byte[] text = exactly(in, (int) length, what);
        return parse(
                new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
                8 + size.length + text.length,
                what);
    }

    private static NpyArray parse(String header, int headerBytes, String what) throws IOException {
        String text = header.strip();
        if (!text.startsWith("{") || !text.endsWith("}")) {
            throw new IOException(what + ": the header is not a dict");
        }
        String type = null;
        Boolean fortran = null;
        Shape shape = null;
        Set<String> seen = new LinkedHashSet<>();
        Matcher m = ENTRY.matcher(text);
        int at = 1;
        while (m.find(at)) {
            at = m.end();
            String value = m.group(2);
            boolean quoted = value.startsWith("'") || value.startsWith("\"");
            if (!seen.add(m.group(1))) {
                throw new IOException(what + ": the header has " + m.group(1) + " twice");
            }
            switch (m.group(1)) {
                case "descr" -> type = quoted ? value.substring(1, value.length() - 1) : null;
                case "fortran_order" -> fortran = (quoted || value.startsWith("(")) ? null : Boolean.valueOf(value);
                case "shape" -> shape = value.startsWith("(") ? shape(value, what) : null;
                default -> throw new IOException(what + ": the header has an unknown key " + m.group(1));
            }
        }
        if (!text.substring(at).strip().equals("}") || type == null || fortran == null || shape == null) {
            throw new IOException(
                    what + ": the header must be a dict of descr, a type such as '<f8', of fortran_order and of"
                            + " shape; it is " + (text.length() > 200 ? text.substring(0, 200) + ".." : text));
        }
        return new NpyArray(storedType(type, what), type.startsWith(">"), fortran, shape, headerBytes);
    }

    private static Shape shape(String sizes, String what) throws IOException {
        String inner = sizes.substring(1, sizes.length() - 1).strip();
        String[] parts = (inner.endsWith(",") ? inner.substring(0, inner.length() - 1) : inner).split(",", -1);
        try {
            if (parts.length > MAX_RANK) {
                throw new IllegalArgumentException(parts.length + " axes");
            }
            int[] dims = new int[inner.isEmpty() ? 0 : parts.length];
            for (int i = 0; i < dims.length; i++) {
                String size = parts[i].strip();
                if (!SIZE.matcher(size).matches()) {
                    throw new IllegalArgumentException(size);
                }
                dims[i] = Integer.parseInt(size.replace("L", ""));
            }
            return Shape.of(dims);
        } catch (IllegalArgumentException | ArithmeticException e) {
            String start = sizes.length() > 100 ? sizes.substring(0, 100) + ".." : sizes;
            throw new IOException(what + " has an impossible shape " + start, e);
        }
    }

    private static StoredType storedType(String type, String what) throws IOException {
        if (type.length() == 3) {
            StoredType t =
                    switch (type.substring(1)) {
                        case "f2" -> StoredType.F16;
                        case "f4" -> StoredType.F32;
                        case "f8" -> StoredType.F64;
                        case "i1" -> StoredType.I8;
                        case "i2" -> StoredType.I16;
                        case "i4" -> StoredType.I32;
                        case "i8" -> StoredType.I64;
                        case "u1" -> StoredType.U8;
                        case "u2" -> StoredType.U16;
                        case "u4" -> StoredType.U32;
                        case "u8" -> StoredType.U64;
                        case "b1" -> StoredType.BOOL;
                        default -> null;
                    };
            char order = type.charAt(0);
            if (t != null && (order == '<' || order == '>' || (order == '|' && t.bytes() == 1))) {
                return t;
            }
        }
        throw new IOException(what + " has type " + type
                + "; supported are f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 and b1," + " after < or >");
    }

    /** Returns the number of bytes of the elements. */
    long bytes() {
        return (long) shape.size() * type.bytes();
    }

    /**
     * Reads the elements, after which the stream must end.
     *
     * @throws IOException if there are more or fewer, or an integer has no exact double
     */
    Tensor elements(InputStream in, String what) throws IOException {
        byte[] bytes = exactly(in, (int) bytes(), what);
        if (in.read() >= 0) {
            throw new IOException(what + " is too long: " + shape + " takes " + bytes() + " bytes, more are there");
        }
        if (bigEndian) {
            reverse(bytes, type.bytes());
        }
        int[] dims = shape.dims();
        int[] reversed = IntStream.range(0, dims.length)
                .map(i -> dims[dims.length - 1 - i])
                .toArray();
        try {
            return fortran
                    ? type.read(Shape.of(reversed), bytes)
                            .permute(IntStream.range(0, dims.length)
                                    .map(i -> dims.length - 1 - i)
                                    .toArray())
                    : type.read(shape, bytes);
        } catch (ArithmeticException e) {
            throw new IOException(what + ": " + e.getMessage(), e);
        }
    }

    private static void reverse(byte[] bytes, int size) {
        for (int start = 0; start < bytes.length; start += size) {
            for (int i = start, j = start + size - 1; i < j; i++, j--) {
                byte b = bytes[i];
                bytes[i] = bytes[j];
                bytes[j] = b;
            }
        }
    }

    private static byte[] exactly(InputStream in, int n, String what) throws IOException {
        byte[] bytes = in.readNBytes(n);
        if (bytes.length < n) {
            throw new EOFException(
                    what + " is truncated: " + n + " bytes should follow, " + bytes.length + " are there");
        }
        return bytes;
    }
}
