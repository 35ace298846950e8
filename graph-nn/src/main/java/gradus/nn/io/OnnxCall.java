package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A call of an operator with the values of its inputs, as {@link OnnxOperators} computes it. */
final class OnnxCall {
    private final OnnxGraph.Call call;
    private final Map<String, Object> attributes;
    private final List<Object> inputs;
    private final DType fileType;
    private final DType dtype;

    /**
     * @param attributes the values that missing attributes have
     * @param inputs nodes or integers, null for one that is missing
     * @param fileType the number type of the file
     * @param dtype the present number type of the model, which stands for that of the file
     */
    OnnxCall(OnnxGraph.Call call, Map<String, Object> attributes, List<Object> inputs, DType fileType, DType dtype) {
        this.call = call;
        this.attributes = attributes;
        this.inputs = inputs;
        this.fileType = fileType;
        this.dtype = dtype;
    }

    /** Returns the number type for an element type of the file. */
    DType dtype(int type) {
        DType wanted = type == OnnxGraph.FLOAT ? DType.FLOAT32 : DType.FLOAT64;
        return wanted == fileType ? dtype : wanted;
    }

    int inputs() {
        return inputs.size();
    }

    boolean has(int i) {
        return i < inputs.size() && inputs.get(i) != null;
    }

    boolean isIntegers(int i) {
        return inputs.get(i) instanceof OnnxGraph.Integers;
    }

    Node node(int i) {
        return (Node) inputs.get(i);
    }

    Object value(int i) {
        return inputs.get(i);
    }

    OnnxGraph.Integers integers(int i) {
        return (OnnxGraph.Integers) inputs.get(i);
    }

    /** Returns integers that are sizes, axes or positions. */
    int[] ints(int i) {
        return Arrays.stream(integers(i).values())
                .mapToInt(v -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, v)))
                .toArray();
    }

    /** Returns the number that is the value of an input. */
    double number(int i, double missing) {
        return has(i) ? node(i).value().item() : missing;
    }

    /** Returns an attribute, or null if it is missing and has no default. */
    private Object attribute(String name) {
        Object value = call.attributes().get(name);
        Object standard = value == null ? attributes.get(name) : value;
        return standard instanceof Class<?> ? null : standard;
    }

    boolean hasAttribute(String name) {
        return attribute(name) != null;
    }

    float real(String name) {
        return (Float) attribute(name);
    }

    int integer(String name) {
        return Math.toIntExact((Long) attribute(name));
    }

    String text(String name) {
        return (String) attribute(name);
    }

    List<?> texts(String name) {
        return (List<?>) attribute(name);
    }

    boolean flag(String name) {
        return integer(name) != 0;
    }

    /** Returns a list of n integers, filled with a number if it is missing. */
    int[] ints(String name, int n, int missing) {
        int[] all = ints(name);
        if (all == null) {
            all = new int[n];
            Arrays.fill(all, missing);
        }
        require(all.length == n, "attribute " + name + " has " + all.length + " numbers, not " + n);
        return all;
    }

    /** Returns a list of integers, null if it is missing. */
    int[] ints(String name) {
        long[] all = (long[]) attribute(name);
        return all == null
                ? null
                : Arrays.stream(all).mapToInt(Math::toIntExact).toArray();
    }

    /** Refuses an attribute with another value than the only one that is supported. */
    void requireAttribute(String name, Object only) {
        Object value = attribute(name);
        require(
                value == null || value.equals(only),
                "attribute " + name + " is " + value + "; " + only + " is supported");
    }

    void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Returns an axis from 0 to rank - 1; a negative one counts from the end. */
    int axis(int axis, int rank) {
        require(axis >= -rank && axis < rank, "axis " + axis + " is out of range for rank " + rank);
        return axis < 0 ? axis + rank : axis;
    }

    /** Returns the shape that two shapes broadcast to. */
    Shape broadcast(Shape a, int... b) {
        int rank = Math.max(a.rank(), b.length);
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            int left = i < rank - a.rank() ? 1 : a.dim(i - rank + a.rank());
            int right = i < rank - b.length ? 1 : b[i - rank + b.length];
            require(left == right || left == 1 || right == 1, a + " does not broadcast with " + Arrays.toString(b));
            dims[i] = left == 1 ? right : left;
        }
        return Shape.of(dims);
    }
}
