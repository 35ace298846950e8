package gradus.array;

/** A tensor's elements as a Java array, without copying if the number type is the requested one; read only. */
final class ArrayViews {
    private ArrayViews() {}

    static double[] asDoubles(Tensor t) {
        return t instanceof Tensor64 d ? d.data : t.toDoubleArray();
    }

    static float[] asFloats(Tensor t) {
        return t instanceof Tensor32 f ? f.data : t.toFloatArray();
    }
}
