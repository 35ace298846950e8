package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of an ONNX model that Gradus writes and reads, by the field numbers of onnx.proto; {@link OnnxReader} reads them. */
final class OnnxGraph {
    static final int IR_VERSION = 8;
    static final int OPSET = 17;

    // element types
    static final int FLOAT = 1;

    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int BOOL = 9;
    static final int DOUBLE = 11;

    // types of attributes
    static final int ATTRIBUTE_FLOAT = 1;

    static final int ATTRIBUTE_INT = 2;
    static final int ATTRIBUTE_STRING = 3;
    static final int ATTRIBUTE_TENSOR = 4;
    static final int ATTRIBUTE_INTS = 7;
    static final int ATTRIBUTE_STRINGS = 8;

    /** In the order of computation. */
    final List<Call> calls = new ArrayList<>();
    /** By name: a {@link Tensor}, or integers. */
    final Map<String, Object> initializers = new LinkedHashMap<>();
    /** The name, then a size for each axis, -1 for that of the batch. */
    Value input;

    Value output;

    /** An operator with its inputs and outputs; an attribute is a Long, a Float, a String, a long[] or a list of Strings. */
    record Call(String name, String type, List<String> inputs, List<String> outputs, Map<String, Object> attributes) {}

    /** A tensor of integers, as shapes and indices are; a scalar has no sizes. */
    record Integers(long[] values, int... dims) {
        static Integers of(long... values) {
            return new Integers(values, values.length);
        }
    }

    /** An input or output of the model. */
    record Value(String name, int type, int... dims) {}

    static int type(DType dtype) {
        return dtype == DType.FLOAT32 ? FLOAT : DOUBLE;
    }

    byte[] toByteArray() {
        Protobuf.Writer graph = new Protobuf.Writer();
        calls.forEach(c -> graph.message(1, call(c)));
        graph.text(2, "gradus");
        initializers.forEach((name, t) -> graph.message(5, tensor(name, t)));
        graph.message(11, value(input));
        graph.message(12, value(output));
        return new Protobuf.Writer()
                .number(1, IR_VERSION)
                .text(2, "gradus")
                .message(7, graph)
                .message(8, new Protobuf.Writer().text(1, "").number(2, OPSET))
                .toByteArray();
    }

    private static Protobuf.Writer call(Call c) {
        Protobuf.Writer w = new Protobuf.Writer();
        c.inputs().forEach(name -> w.text(1, name));
        c.outputs().forEach(name -> w.text(2, name));
        w.text(3, c.name()).text(4, c.type());
        c.attributes().forEach((name, value) -> w.message(5, attribute(name, value)));
        return w;
    }

    private static Protobuf.Writer attribute(String name, Object value) {
        Protobuf.Writer w = new Protobuf.Writer().text(1, name);
        if (value instanceof Float f) {
            return w.real(2, f).number(20, ATTRIBUTE_FLOAT);
        }
        if (value instanceof Long i) {
            return w.number(3, i).number(20, ATTRIBUTE_INT);
        }
        if (value instanceof String s) {
            return w.text(4, s).number(20, ATTRIBUTE_STRING);
        }
        if (value instanceof List<?> all) {
            all.forEach(s -> w.text(9, (String) s));
            return w.number(20, ATTRIBUTE_STRINGS);
        }
        for (long i : (long[]) value) {
            w.number(8, i);
        }
        return w.number(20, ATTRIBUTE_INTS);
    }

    private static Protobuf.Writer tensor(String name, Object value) {
        Protobuf.Writer w = new Protobuf.Writer();
        byte[] raw;
        if (value instanceof Tensor t) {
            Arrays.stream(t.shape().dims()).forEach(d -> w.number(1, d));
            w.number(2, type(t.dtype()));
            raw = t.toLittleEndian();
        } else {
            Integers all = (Integers) value;
            Arrays.stream(all.dims()).forEach(d -> w.number(1, d));
            w.number(2, INT64);
            ByteBuffer b = ByteBuffer.allocate(8 * all.values().length).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.stream(all.values()).forEach(b::putLong);
            raw = b.array();
        }
        return w.text(8, name).bytes(9, raw);
    }

    private static Protobuf.Writer value(Value v) {
        Protobuf.Writer shape = new Protobuf.Writer();
        for (int d : v.dims()) {
            Protobuf.Writer dim = new Protobuf.Writer();
            shape.message(1, d < 0 ? dim.text(2, "N") : dim.number(1, d));
        }
        Protobuf.Writer type = new Protobuf.Writer().number(1, v.type()).message(2, shape);
        return new Protobuf.Writer().text(1, v.name()).message(2, new Protobuf.Writer().message(1, type));
    }
}
