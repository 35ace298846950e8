package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Reads the bytes of an ONNX model into an {@link OnnxGraph}. Every length is compared with the bytes that are there before memory is taken. A
 * {@code Constant} becomes an initializer.
 */
final class OnnxReader {
    /** The first opset in which the supported operators have the inputs and attributes of {@link OnnxGraph#OPSET}. */
    static final int FIRST_OPSET = 13;

    private static final String MAIN_DOMAIN = "ai.onnx";

    private final OnnxGraph graph = new OnnxGraph();
    /** The names of initializers by those of the constants that they replace. */
    private final Map<String, String> renamed = new HashMap<>();

    private OnnxReader() {}

    static OnnxGraph read(byte[] bytes) throws IOException {
        Protobuf.Reader model = new Protobuf.Reader(ByteBuffer.wrap(bytes));
        OnnxReader reader = null;
        boolean versioned = false;
        for (int field = model.next(); field != 0; field = model.next()) {
            if (field == 7) {
                if (reader != null) {
                    throw new IOException("it has two graphs");
                }
                reader = new OnnxReader();
                reader.graph(model.message());
            } else if (field == 8) {
                versioned |= opset(model.message());
            }
        }
        if (reader == null || !versioned) {
            throw new IOException("it is not an ONNX model: it has no " + (reader == null ? "graph" : "opset"));
        }
        return reader.graph;
    }

    /** Returns whether an opset is that of the operators of ONNX itself, and refuses another version of it. */
    private static boolean opset(Protobuf.Reader in) throws IOException {
        String domain = "";
        long version = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                domain = in.text();
            } else if (field == 2) {
                version = in.number();
            }
        }
        boolean main = domain.isEmpty() || domain.equals(MAIN_DOMAIN);
        if (main && (version < FIRST_OPSET || version > OnnxGraph.OPSET)) {
            throw new IOException("it has opset " + version + "; opsets " + FIRST_OPSET + " to " + OnnxGraph.OPSET
                    + " are supported");
        }
        return main;
    }

    private void graph(Protobuf.Reader in) throws IOException {
        List<OnnxGraph.Value> inputs = new ArrayList<>();
        List<OnnxGraph.Value> outputs = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> call(in.message());
                case 5 -> initializer(in.message());
                case 11 -> inputs.add(value(in.message()));
                case 12 -> outputs.add(value(in.message()));
                case 15 -> throw new IOException("it has a sparse initializer, which is not supported");
                default -> {} // the name, documentation, and the types of values inside
            }
        }
        inputs.removeIf(v -> graph.initializers.containsKey(v.name()));
        if (inputs.size() != 1 || outputs.size() != 1) {
            throw new IOException(
                    "it has " + inputs.size() + " inputs and " + outputs.size() + " outputs; one of each is supported");
        }
        graph.input = inputs.get(0);
        graph.output = outputs.get(0);
        graph.calls.forEach(c -> c.inputs().replaceAll(name -> renamed.getOrDefault(name, name)));
    }

    private void call(Protobuf.Reader in) throws IOException {
        String name = "";
        String type = "";
        String domain = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<Protobuf.Reader> attributes = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> type = in.text();
                case 5 -> attributes.add(in.message());
                case 7 -> domain = in.text();
                default -> {} // documentation
            }
        }
        String label = label(name, outputs);
        if (!domain.isEmpty() && !domain.equals(MAIN_DOMAIN)) {
            throw new IOException(label + " is " + type + " of " + domain + ", which is not supported");
        }
        if (type.equals("Constant")) {
            constant(label, outputs, attributes);
            return;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        for (Protobuf.Reader attribute : attributes) {
            attribute(label + " (" + type + ")", attribute, all);
        }
        graph.calls.add(new OnnxGraph.Call(name, type, inputs, outputs, all));
    }

    /** Returns what a node is called in errors: its name, or its output if it has none. */
    static String label(String name, List<String> outputs) {
        return "node " + (name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name);
    }

    private void constant(String label, List<String> outputs, List<Protobuf.Reader> attributes) throws IOException {
        if (outputs.size() != 1 || attributes.size() != 1) {
            throw new IOException(label + " (Constant) has " + outputs.size() + " outputs and " + attributes.size()
                    + " attributes; one of each is supported");
        }
        Map<String, Object> all = new LinkedHashMap<>();
        attribute(label + " (Constant)", attributes.get(0), all);
        Object value = all.values().iterator().next();
        if (!(value instanceof Tensor || value instanceof OnnxGraph.Integers)) {
            throw new IOException(
                    label + " (Constant) has attribute " + all.keySet() + "; a tensor, value, is supported");
        }
        String initializer = "constant/" + outputs.get(0);
        renamed.put(outputs.get(0), initializer);
        put(initializer, value);
    }

    private static void attribute(String label, Protobuf.Reader in, Map<String, Object> all) throws IOException {
        String name = "";
        Object value = null;
        LongStream.Builder integers = LongStream.builder();
        List<String> texts = new ArrayList<>();
        long type = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> name = in.text();
                case 2 -> value = in.real();
                case 3 -> value = in.number();
                case 4 -> value = in.text();
                case 5 -> value = tensor(in.message()).value();
                case 8 -> in.numbers(integers);
                case 9 -> texts.add(in.text());
                case 20 -> type = in.number();
                default -> {} // a type that is refused below
            }
        }
        if (type == OnnxGraph.ATTRIBUTE_INTS) {
            value = integers.build().toArray();
        } else if (type == OnnxGraph.ATTRIBUTE_STRINGS) {
            value = List.copyOf(texts);
        } else if (value == null) { // a number that is 0 may have been left out
            value = type == OnnxGraph.ATTRIBUTE_INT
                    ? (Object) 0L
                    : type == OnnxGraph.ATTRIBUTE_FLOAT ? (Object) 0f : type == OnnxGraph.ATTRIBUTE_STRING ? "" : null;
        }
        boolean fits = type == OnnxGraph.ATTRIBUTE_INTS
                || type == OnnxGraph.ATTRIBUTE_STRINGS
                || (type == OnnxGraph.ATTRIBUTE_INT && value instanceof Long)
                || (type == OnnxGraph.ATTRIBUTE_FLOAT && value instanceof Float)
                || (type == OnnxGraph.ATTRIBUTE_STRING && value instanceof String)
                || (type == OnnxGraph.ATTRIBUTE_TENSOR && value != null);
        if (!fits) {
            throw new IOException(label + ": attribute " + name + " has type " + type
                    + "; float, int, string, tensor, ints and strings (1, 2, 3, 4, 7 and 8) are supported");
        }
        if (all.put(name, value) != null) {
            throw new IOException(label + " has two attributes " + name);
        }
    }

    // ---- tensors

    private record Named(String name, Object value) {}

    private void initializer(Protobuf.Reader in) throws IOException {
        Named t = tensor(in);
        put(t.name(), t.value());
    }

    private void put(String name, Object value) throws IOException {
        if (graph.initializers.put(name, value) != null) {
            throw new IOException("there are two initializers " + name);
        }
    }

    private static Named tensor(Protobuf.Reader in) throws IOException {
        String name = "";
        long type = 0;
        LongStream.Builder dims = LongStream.builder();
        LongStream.Builder integers = LongStream.builder();
        ByteBuffer raw = null;
        ByteArrayOutputStream reals = new ByteArrayOutputStream();
        boolean external = false;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> in.numbers(dims);
                case 2 -> type = in.number();
                case 4 -> append(reals, in.reals(4));
                case 5, 7 -> in.numbers(integers);
                case 8 -> name = in.text();
                case 9 -> raw = in.bytes();
                case 10 -> append(reals, in.reals(8));
                case 13 -> external = true;
                case 14 -> external |= in.number() != 0;
                default -> {} // documentation, and data of types that are refused below
            }
        }
        if (external) {
            throw new IOException("tensor " + name + " is stored in another file, which is not supported");
        }
        boolean real = type == OnnxGraph.FLOAT || type == OnnxGraph.DOUBLE;
        if (!real && type != OnnxGraph.INT64 && type != OnnxGraph.INT32) {
            throw new IOException("tensor " + name + " has element type " + type
                    + "; float, int32, int64 and double (1, 6, 7 and 11) are supported");
        }
        Shape shape = shape(name, dims.build().toArray());
        int size = type == OnnxGraph.FLOAT || type == OnnxGraph.INT32 ? 4 : 8;
        if (real) {
            byte[] bytes = raw == null ? reals.toByteArray() : bytes(raw);
            require(name, shape, size, bytes.length);
            DType dtype = type == OnnxGraph.FLOAT ? DType.FLOAT32 : DType.FLOAT64;
            return new Named(name, Tensor.ofLittleEndian(shape, dtype, bytes));
        }
        long[] values = integers.build().toArray();
        require(name, shape, size, raw == null ? (long) values.length * size : raw.remaining());
        if (raw != null) {
            values = new long[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = size == 4 ? raw.getInt() : raw.getLong();
            }
        }
        return new Named(name, new OnnxGraph.Integers(values, shape.dims()));
    }

    private static void append(ByteArrayOutputStream all, ByteBuffer more) {
        all.writeBytes(bytes(more));
    }

    private static byte[] bytes(ByteBuffer b) {
        byte[] all = new byte[b.remaining()];
        b.get(all);
        return all;
    }

    private static void require(String name, Shape shape, int size, long there) throws IOException {
        long needed = (long) shape.size() * size;
        if (there != needed) {
            throw new IOException(
                    "tensor " + name + " " + shape + " needs " + needed + " bytes of values, but has " + there);
        }
    }

    private static Shape shape(String name, long... dims) throws IOException {
        try {
            return Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException("tensor " + name + " has an impossible shape " + Arrays.toString(dims), e);
        }
    }

    // ---- inputs and outputs

    private static OnnxGraph.Value value(Protobuf.Reader in) throws IOException {
        String name = "";
        OnnxGraph.Value type = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                name = in.text();
            } else if (field == 2) {
                type = type(in.message());
            }
        }
        if (type == null) {
            throw new IOException("input or output " + name + " is not a tensor with a shape");
        }
        return new OnnxGraph.Value(name, type.type(), type.dims());
    }

    private static OnnxGraph.Value type(Protobuf.Reader in) throws IOException {
        int type = 0;
        int[] dims = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field != 1) {
                continue; // a sequence or a map
            }
            Protobuf.Reader tensor = in.message();
            for (int part = tensor.next(); part != 0; part = tensor.next()) {
                if (part == 1) {
                    type = (int) tensor.number();
                } else if (part == 2) {
                    dims = dims(tensor.message());
                }
            }
        }
        return dims == null ? null : new OnnxGraph.Value("", type, dims);
    }

    /** Returns sizes, -1 for one that is not fixed. */
    private static int[] dims(Protobuf.Reader shape) throws IOException {
        List<Integer> dims = new ArrayList<>();
        for (int field = shape.next(); field != 0; field = shape.next()) {
            if (field != 1) {
                continue;
            }
            Protobuf.Reader dim = shape.message();
            long size = -1;
            for (int part = dim.next(); part != 0; part = dim.next()) {
                size = part == 1 ? dim.number() : size;
            }
            if (size < -1 || size > Integer.MAX_VALUE) {
                throw new IOException("an input or output has size " + size);
            }
            dims.add((int) size);
        }
        return dims.stream().mapToInt(d -> d).toArray();
    }
}
