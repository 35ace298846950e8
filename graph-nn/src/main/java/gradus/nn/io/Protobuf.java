package gradus.nn.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/**
 * The wire format of protocol buffers, as far as ONNX needs it: a field is a varint with its number and its kind, then a varint, 4 or 8 bytes, or a
 * length and as many bytes (protobuf.dev/programming-guides/encoding).
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;

    private Protobuf() {}

    /** A message that is being written. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer number(int field, long value) {
            varint(field << 3 | VARINT);
            varint(value);
            return this;
        }

        Writer real(int field, float value) {
            varint(field << 3 | FOUR_BYTES);
            int bits = Float.floatToIntBits(value);
            for (int i = 0; i < 4; i++) {
                out.write(bits >>> (8 * i));
            }
            return this;
        }

        Writer bytes(int field, byte[] value) {
            varint(field << 3 | BYTES);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Writer text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Writer message(int field, Writer value) {
            return bytes(field, value.toByteArray());
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }

    /** A message that is being read: {@link #next} moves from field to field. */
    static final class Reader {
        private final ByteBuffer in;
        private int field;
        private int kind;
        private long number;
        private ByteBuffer bytes;

        Reader(ByteBuffer message) {
            this.in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Moves to the next field and returns its number, or 0 at the end. */
        int next() throws IOException {
            if (!in.hasRemaining()) {
                return 0;
            }
            long key = varint(in);
            kind = (int) (key & 7);
            if (key >>> 3 < 1 || key >>> 3 >= 1 << 29) {
                throw new IOException("a field has number " + (key >>> 3));
            }
            field = (int) (key >>> 3);
            switch (kind) {
                case VARINT -> number = varint(in);
                case EIGHT_BYTES -> bytes = take(8);
                case FOUR_BYTES -> bytes = take(4);
                case BYTES -> bytes = take(varint(in));
                default -> throw new IOException("field " + field + " has wire type " + kind);
            }
            return field;
        }

        private ByteBuffer take(long length) throws IOException {
            if (length < 0 || length > in.remaining()) {
                throw new IOException("field " + field + " has length " + Long.toUnsignedString(length) + ", but only "
                        + in.remaining() + " bytes follow");
            }
            ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
            in.position(in.position() + (int) length);
            return part;
        }

        long number() throws IOException {
            require(VARINT);
            return number;
        }

        float real() throws IOException {
            require(FOUR_BYTES);
            return bytes.getFloat(0);
        }

        ByteBuffer bytes() throws IOException {
            require(BYTES);
            return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }

        String text() throws IOException {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
            } catch (CharacterCodingException e) {
                throw new IOException("field " + field + " is not a text in UTF-8", e);
            }
        }

        Reader message() throws IOException {
            return new Reader(bytes());
        }

        /** Adds the integers of a repeated field: one, or several that are packed. */
        void numbers(LongStream.Builder all) throws IOException {
            if (kind == VARINT) {
                all.add(number);
                return;
            }
            ByteBuffer packed = bytes();
            while (packed.hasRemaining()) {
                all.add(varint(packed));
            }
        }

        /** Returns the bytes of the numbers of a repeated field, each as long as given: one, or several that are packed. */
        ByteBuffer reals(int size) throws IOException {
            if (kind != BYTES) {
                require(size == 4 ? FOUR_BYTES : EIGHT_BYTES);
            }
            return bytes.duplicate();
        }

        private void require(int expected) throws IOException {
            if (kind != expected) {
                throw new IOException("field " + field + " has wire type " + kind + ", not " + expected);
            }
        }

        private static long varint(ByteBuffer in) throws IOException {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (!in.hasRemaining()) {
                    throw new IOException("it ends inside a number");
                }
                byte b = in.get();
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IOException("a number has more than 10 bytes");
        }
    }
}
