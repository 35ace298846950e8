package gradus.nn.io;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Buffer;
import gradus.nn.Model;
import gradus.nn.Pass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model that was read from an ONNX file, {@code x [n, ..] -> y}. It computes the operators of the file in their order.
 *
 * <p>The initializers of numbers are parameters by their names, which in a file of {@link Onnx#export} are the paths of the model that was
 * exported, such as {@code 0.weight}; those whose names begin with {@code constant/}, the values of {@code Constant} nodes and the bounds of
 * {@code Clip} are constants, and the mean and variance of {@code BatchNormalization} are buffers. So it can be trained, saved and exported
 * again; {@link Model#initialize} puts back the values of the file. In training it computes as in evaluation: a file has no dropout, and
 * running statistics stay.
 */
public final class OnnxModel extends Model {
    /** Inner names of a path, {@code 0} of {@code 0.weight}. */
    private static final class Group extends Model {
        private Group group(String name) {
            return layers().get(name) instanceof Group g ? g : layer(name, new Group());
        }

        private Node declare(String name, Tensor value) {
            return parameter(name, value.shape(), (shape, random) -> value.to(DType.FLOAT64));
        }

        private Buffer declareBuffer(String name, Tensor value) {
            return buffer(name, value.to(DType.FLOAT64));
        }

        @Override
        public Node forward(Node x, Pass pass) {
            throw new UnsupportedOperationException("the parameters of an ONNX model compute nothing by themselves");
        }
    }

    private final OnnxGraph graph;
    /** By name: a variable, a buffer, a tensor that is a constant, or integers. */
    private final Map<String, Object> values = new LinkedHashMap<>();

    private OnnxModel(OnnxGraph graph) {
        this.graph = graph;
    }

    /** Checks a graph, and returns the model. */
    static OnnxModel of(OnnxGraph graph) throws IOException {
        Map<String, Role> roles = check(graph);
        OnnxModel model = new OnnxModel(graph);
        model.declare(roles);
        model.to(type(graph.input.type()));
        return model;
    }

    private static DType type(int type) {
        return type == OnnxGraph.FLOAT ? DType.FLOAT32 : DType.FLOAT64;
    }

    // ---- checks

    private enum Role {
        PARAMETER,
        BUFFER,
        CONSTANT
    }

    /** Refuses a graph that cannot be computed, and returns the roles of its initializers. */
    private static Map<String, Role> check(OnnxGraph graph) throws IOException {
        int type = graph.input.type();
        if (type != OnnxGraph.FLOAT && type != OnnxGraph.DOUBLE) {
            throw new IOException("input " + graph.input.name() + " has element type " + type
                    + "; float and double (1 and 11) are supported");
        }
        if (graph.input.dims().length == 0) {
            throw new IOException("input " + graph.input.name() + " has no axis; the first is the batch");
        }
        Map<String, String> kinds = new HashMap<>();
        kinds.put(graph.input.name(), OnnxOperator.NUMBERS);
        graph.initializers.forEach((name, value) ->
                kinds.put(name, value instanceof Tensor ? OnnxOperator.NUMBERS : OnnxOperator.INTEGERS));
        for (OnnxGraph.Call c : graph.calls) {
            OnnxOperator operator = OnnxOperators.ALL.get(c.type());
            if (operator == null) {
                throw new IOException(OnnxReader.label(c.name(), c.outputs()) + " is of the operator " + c.type()
                        + ", which is not supported; supported are " + String.join(", ", OnnxOperators.ALL.keySet()));
            }
            String kind = operator.check(c, kinds);
            for (String output : c.outputs()) {
                if (!output.isEmpty() && kinds.put(output, kind) != null) {
                    throw new IOException(OnnxReader.label(c.name(), c.outputs()) + " (" + c.type()
                            + "): there are two values " + output);
                }
            }
        }
        if (!OnnxOperator.NUMBERS.equals(kinds.get(graph.output.name()))) {
            throw new IOException("output " + graph.output.name() + " is not computed, or is no tensor of numbers");
        }
        Map<String, Role> roles = roles(graph);
        for (Map.Entry<String, Role> e : roles.entrySet()) {
            Tensor t = (Tensor) graph.initializers.get(e.getKey());
            if (e.getValue() != Role.CONSTANT && t.dtype() != type(type)) {
                throw new IOException("initializer " + e.getKey() + " is " + t.dtype() + ", input " + graph.input.name()
                        + " is " + type(type) + "; one number type is supported");
            }
        }
        return roles;
    }

    private static Map<String, Role> roles(OnnxGraph graph) {
        Map<String, Role> roles = new LinkedHashMap<>();
        graph.initializers.forEach((name, value) -> {
            if (value instanceof Tensor) {
                roles.put(name, name.startsWith("constant/") ? Role.CONSTANT : Role.PARAMETER);
            }
        });
        for (OnnxGraph.Call c : graph.calls) {
            boolean statistics = c.type().equals("BatchNormalization");
            if (statistics || c.type().equals("Clip") || c.type().equals("Pad")) {
                c.inputs().stream()
                        .skip(statistics ? 3 : 1)
                        .forEach(name -> roles.computeIfPresent(
                                name,
                                (n, role) -> statistics && role == Role.PARAMETER
                                        ? Role.BUFFER
                                        : statistics ? role : Role.CONSTANT));
            }
        }
        return roles;
    }

    // ---- parameters

    private void declare(Map<String, Role> roles) {
        Set<String> paths = new HashSet<>();
        roles.forEach((name, role) -> {
            if (role != Role.CONSTANT) {
                paths.add(name);
            }
        });
        graph.initializers.forEach((name, value) -> {
            Role role = roles.get(name);
            if (role == null || role == Role.CONSTANT) {
                values.put(name, value);
            } else {
                values.put(name, declare(path(name, paths), role, (Tensor) value));
            }
        });
    }

    /** Returns a name as the names of groups and of a part; those that make no path are one name. */
    private static String[] path(String name, Set<String> all) {
        String[] parts = name.split("\\.", -1);
        boolean valid = Arrays.stream(parts).noneMatch(String::isEmpty);
        for (int i = name.indexOf('.'); i >= 0 && valid; i = name.indexOf('.', i + 1)) {
            valid = !all.contains(name.substring(0, i));
        }
        if (valid) {
            return parts;
        }
        StringBuilder single = new StringBuilder(name.replace('.', '/'));
        while (all.contains(single.toString()) || single.isEmpty()) {
            single.append('/');
        }
        all.add(single.toString());
        return new String[] {single.toString()};
    }

    private Object declare(String[] path, Role role, Tensor value) {
        String name = path[path.length - 1];
        if (path.length == 1) {
            return role == Role.BUFFER
                    ? buffer(name, value.to(DType.FLOAT64))
                    : parameter(name, value.shape(), (shape, random) -> value.to(DType.FLOAT64));
        }
        Group group = layers().get(path[0]) instanceof Group g ? g : layer(path[0], new Group());
        for (int i = 1; i < path.length - 1; i++) {
            group = group.group(path[i]);
        }
        return role == Role.BUFFER ? group.declareBuffer(name, value) : group.declare(name, value);
    }

    // ---- computing

    /** Returns the shape of one example, without the batch axis, with 0 for each size that the file leaves open. */
    public Shape example() {
        int[] dims = graph.input.dims();
        return Shape.of(
                Arrays.stream(dims, 1, dims.length).map(d -> Math.max(d, 0)).toArray());
    }

    /**
     * Returns the output of the file's operators.
     *
     * @throws OperandMismatch if the input does not have the shape and number type of the file's
     * @throws IllegalArgumentException if an operator cannot compute its inputs; the message names the node
     */
    @Override
    public Node forward(Node x, Pass pass) {
        Objects.requireNonNull(x, "OnnxModel.forward: x is null");
        Objects.requireNonNull(pass, "OnnxModel.forward: pass is null");
        DType fileType = fileType();
        DType dtype = dtype() == null ? fileType : dtype();
        requireInput(x, dtype);
        Map<String, Object> known = new HashMap<>();
        values.forEach((name, value) -> known.put(name, present(value, fileType, dtype)));
        known.put(graph.input.name(), x);
        for (OnnxGraph.Call c : graph.calls) {
            OnnxOperator operator = OnnxOperators.ALL.get(c.type());
            List<Object> inputs = new ArrayList<>();
            c.inputs().forEach(name -> inputs.add(name.isEmpty() ? null : known.get(name)));
            try {
                Object y = operator.compute().apply(new OnnxCall(c, operator.attributes(), inputs, fileType, dtype));
                List<?> all = y instanceof List<?> several ? several : List.of(y);
                for (int i = 0; i < c.outputs().size() && i < all.size(); i++) {
                    known.put(c.outputs().get(i), all.get(i));
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new IllegalArgumentException(
                        "OnnxModel: " + OnnxReader.label(c.name(), c.outputs()) + " (" + c.type() + "): "
                                + e.getMessage(),
                        e);
            }
        }
        return (Node) known.get(graph.output.name());
    }

    /** Returns the number type of the file's input. */
    DType fileType() {
        return type(graph.input.type());
    }

    private void requireInput(Node x, DType dtype) {
        int[] wanted = graph.input.dims();
        int[] found = x.shape().dims();
        boolean fits = wanted.length == found.length && x.dtype() == dtype;
        for (int i = 0; i < wanted.length && fits; i++) {
            fits = wanted[i] < 0 || wanted[i] == found[i];
        }
        if (!fits) {
            String sizes = Arrays.toString(wanted).replace("-1", "n");
            throw new OperandMismatch("OnnxModel", "it takes " + dtype + " " + sizes, x.dtype() + " " + x.label());
        }
    }

    /** Returns a value for one pass: a node, or integers. */
    private static Object present(Object value, DType fileType, DType dtype) {
        if (value instanceof Buffer b) {
            return Node.constant(b.value());
        }
        if (value instanceof Tensor t) {
            return Node.constant(t.dtype() == fileType ? t.to(dtype) : t);
        }
        return value;
    }

    @Override
    protected boolean dependsOnPass() {
        return false; // its buffers stay as they are
    }

    // ---- writing

    /** Returns the number of rows of the smallest table for which the inputs are indices; 0 if there is none. */
    int smallestTable() {
        String x = graph.input.name();
        Set<String> indices = graph.calls.stream()
                .filter(c -> c.type().equals("Cast") && c.inputs().contains(x))
                .map(c -> c.outputs().get(0))
                .collect(Collectors.toSet());
        return graph.calls.stream()
                .filter(c ->
                        c.type().equals("Gather") && indices.contains(c.inputs().get(1)))
                .map(c -> graph.initializers.get(c.inputs().get(0)))
                .filter(table -> table instanceof Tensor t && t.shape().rank() > 0)
                .mapToInt(table -> ((Tensor) table).shape().dim(0))
                .min()
                .orElse(0);
    }

    /** Returns whether the graph of the file is that of this model for an example. */
    boolean isWrittenFor(Shape example) {
        DType dtype = dtype();
        return (dtype == null || dtype == type(graph.input.type()))
                && example().equals(example)
                && graph.input.dims()[0] < 0;
    }

    /** Returns the graph with the present values of parameters and buffers. */
    OnnxGraph graph() {
        OnnxGraph copy = new OnnxGraph();
        copy.input = graph.input;
        copy.output = graph.output;
        copy.calls.addAll(graph.calls);
        values.forEach((name, value) -> copy.initializers.put(
                name, value instanceof Node n ? n.value() : value instanceof Buffer b ? b.value() : value));
        return copy;
    }

    @Override
    public String toString() {
        return graph == null ? "OnnxModel" : "OnnxModel of " + graph.calls.size() + " operators";
    }
}
