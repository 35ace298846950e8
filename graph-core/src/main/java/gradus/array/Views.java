package gradus.array;

/** A tensor's elements as a plain array, without copying where the number type is the one asked for: read only. */
final class Views {
    private Views() {}

    static double[] asDoubles(Tensor t) {
        return t instanceof Tensor64 d ? d.data : t.toDoubleArray();
    }

    static float[] asFloats(Tensor t) {
        return t instanceof Tensor32 f ? f.data : t.toFloatArray();
    }
}
