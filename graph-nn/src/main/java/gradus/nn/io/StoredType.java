package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The number types of elements in a file, named as safetensors does, and how each becomes a tensor. */
enum StoredType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U64(8),
    U32(4),
    U16(2),
    U8(1),
    BOOL(1);

    private static final long EXACT = 1L << 53;

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the type of this name, or null. */
    static StoredType of(String name) {
        for (StoredType t : values()) {
            if (t.name().equals(name)) {
                return t;
            }
        }
        return null;
    }

    /** Returns the size of an element. */
    int bytes() {
        return bytes;
    }

    /**
     * Returns the tensor of little-endian elements.
     *
     * @throws ArithmeticException if a whole number has no exact double
     */
    Tensor read(Shape shape, byte[] data) {
        if (this == F64 || this == F32) {
            return Tensor.ofLittleEndian(shape, this == F64 ? DType.FLOAT64 : DType.FLOAT32, data);
        }
        ByteBuffer b = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element(b);
        }
        Tensor t = Tensor.of(shape, values);
        return this == F16 || this == BF16 ? t.to(DType.FLOAT32) : t;
    }

    private double element(ByteBuffer b) {
        return switch (this) {
            case F16 -> half(b.getShort());
            case BF16 -> Float.intBitsToFloat(b.getShort() << 16);
            case I64 -> exact(b.getLong());
            case U64 -> exactUnsigned(b.getLong());
            case U32 -> b.getInt() & 0xffffffffL;
            case U16 -> b.getShort() & 0xffff;
            case I32 -> b.getInt();
            case I16 -> b.getShort();
            case I8 -> b.get();
            default -> b.get() & 0xff;
        };
    }

    private static double exact(long value) {
        if (value > EXACT || value < -EXACT) {
            throw new ArithmeticException("the I64 " + value + " is beyond 2^53 and has no exact double");
        }
        return (double) value;
    }

    private static double exactUnsigned(long value) {
        if (value > EXACT || value < 0) {
            throw new ArithmeticException(
                    "the U64 " + Long.toUnsignedString(value) + " is beyond 2^53 and has no exact double");
        }
        return (double) value;
    }

    /** Returns the value of an IEEE 754 binary16: a sign, 5 bits of exponent, 10 of significand. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int significand = bits & 0x3ff;
        double size;
        if (exponent == 0) {
            size = Math.scalb((double) significand, -24);
        } else if (exponent == 0x1f) {
            size = significand == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            size = Math.scalb((double) (significand | 0x400), exponent - 25);
        }
        return bits < 0 ? -size : size;
    }
}
