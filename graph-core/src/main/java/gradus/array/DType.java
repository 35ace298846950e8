package gradus.array;

/** The number type of a tensor's elements. FLOAT64 is the default; FLOAT32 is chosen with {@code to(FLOAT32)}. */
public enum DType {
    /** IEEE 754 double precision, 8 bytes. */
    FLOAT64(8),
    /** IEEE 754 single precision, 4 bytes. */
    FLOAT32(4);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
