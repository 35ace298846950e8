package gradus.array;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Reads nested Java arrays, as {@code double[][][]}, into one tensor; ragged arrays are refused. */
final class NestedArrays {
    private NestedArrays() {}

    static Tensor read(Object nested) {
        List<Integer> dims = new ArrayList<>();
        Object level = nested;
        while (level != null && level.getClass().isArray()) {
            int length = Array.getLength(level);
            dims.add(length);
            level = level.getClass().getComponentType().isPrimitive() || length == 0 ? null : Array.get(level, 0);
        }
        Class<?> type = nested.getClass();
        int rank = 0;
        while (type.isArray()) {
            type = type.getComponentType();
            rank++;
        }
        if (rank == 0 || (type != double.class && type != float.class)) {
            throw new OperandMismatch(
                    "of",
                    "nested arrays of double or float are read, not "
                            + nested.getClass().getSimpleName());
        }
        while (dims.size() < rank) {
            dims.add(0); // the sizes inside an empty array are unknown
        }
        Shape shape = Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
        if (type == double.class) {
            double[] flat = new double[shape.size()];
            copy(nested, shape, "", flat, 0);
            return new Tensor64(shape, flat);
        }
        float[] flat = new float[shape.size()];
        copy(nested, shape, "", flat, 0);
        return new Tensor32(shape, flat);
    }

    private static int copy(Object from, Shape shape, String where, Object flat, int at) {
        int axis = (int) where.chars().filter(c -> c == '[').count();
        int length = from == null ? -1 : Array.getLength(from);
        if (length != shape.dim(axis)) {
            String found = from == null ? "is null" : "has length " + length;
            throw new OperandMismatch("of", "the array at " + where + " " + found + ", not " + shape.dim(axis), shape);
        }
        if (axis == shape.rank() - 1) {
            System.arraycopy(from, 0, flat, at, length);
            return at + length;
        }
        int next = at;
        for (int i = 0; i < length; i++) {
            next = copy(Array.get(from, i), shape, where + "[" + i + "]", flat, next);
        }
        return next;
    }
}
