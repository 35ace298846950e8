package gradus.nn.io;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Embedding;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.ops.Embeddings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a model into an ONNX graph. The model evaluates two batches, of 2 and of 3 random examples; both graphs must have the same ops. A size that
 * is 2 a in one and 3 a in the other is a times the size of the batch; what does not depend on the input, such as a reshaped weight, becomes a
 * constant, and must be the same in both. {@link OnnxOps} has the operators.
 */
final class OnnxExport {
    private static final int[] BATCHES = {2, 3};

    final OnnxGraph graph = new OnnxGraph();
    private final DType dtype;
    /** The nodes of the second graph by those of the first. */
    private final IdentityHashMap<Node, Node> second = new IdentityHashMap<>();
    /** The nodes that the input has an effect on, in the order of computation. */
    private final List<Node> order = new ArrayList<>();

    private final Set<Node> dependent = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdentityHashMap<Node, Integer> uses = new IdentityHashMap<>();
    private final IdentityHashMap<Node, String> names = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final IdentityHashMap<Node, BatchNorm> batchNorms = new IdentityHashMap<>();
    private int constants;

    private OnnxExport(DType dtype) {
        this.dtype = dtype;
    }

    /** Returns the graph. */
    static OnnxGraph of(Model model, Shape example) {
        if (model instanceof OnnxModel loaded && loaded.isWrittenFor(example)) {
            return loaded.graph();
        }
        DType dtype = dtype(model);
        OnnxExport export = new OnnxExport(dtype);
        export.findBatchNorms(model);
        int rows = smallestTable(model, Collections.newSetFromMap(new IdentityHashMap<>()));
        Node[] x = new Node[2];
        Node[] y = new Node[2];
        for (int i = 0; i < 2; i++) {
            x[i] = Node.variable(batch(BATCHES[i], example, dtype, rows));
            y[i] = model.forward(x[i], Pass.evaluation());
        }
        export.align(x, y);
        if (!export.dependent.contains(y[0])) {
            throw new IllegalArgumentException(
                    "Onnx.export: the input has no effect on the output, or no graph is recorded");
        }
        export.write(x[0], y[0]);
        return export.graph;
    }

    private void findBatchNorms(Model model) {
        if (model instanceof BatchNorm b && b.allParameters().containsKey("gamma")) {
            batchNorms.put(b.allParameters().get("gamma"), b);
        }
        for (Layer inner : model.layers().values()) {
            if (inner instanceof Model m) {
                findBatchNorms(m);
            }
        }
    }

    /** Returns the layer that has a node as its gamma, or null. */
    BatchNorm batchNorm(Node gamma) {
        return batchNorms.get(gamma);
    }

    /** Returns the number type of a model, that of the file of an imported model inside, or FLOAT32. */
    private static DType dtype(Model model) {
        if (model.dtype() != null) {
            return model.dtype();
        }
        if (model instanceof OnnxModel loaded) {
            return loaded.fileType();
        }
        for (Layer inner : model.layers().values()) {
            if (inner instanceof Model m && dtype(m) != DType.FLOAT32) {
                return dtype(m);
            }
        }
        return DType.FLOAT32;
    }

    /** Returns the number of rows of the smallest embedding table, for which inputs are indices; 0 if there is none. */
    private static int smallestTable(Model model, Set<Model> seen) {
        if (model instanceof Embedding e) {
            return e.state().get("weight").shape().dim(0);
        }
        int rows = model instanceof OnnxModel loaded ? loaded.smallestTable() : 0;
        if (seen.add(model)) {
            for (Layer inner : model.layers().values()) {
                int here = inner instanceof Model m ? smallestTable(m, seen) : 0;
                rows = rows == 0 || here == 0 ? rows + here : Math.min(rows, here);
            }
        }
        return rows;
    }

    private static Tensor batch(int n, Shape example, DType dtype, int rows) {
        int[] dims = new int[example.rank() + 1];
        dims[0] = n;
        System.arraycopy(example.dims(), 0, dims, 1, example.rank());
        RandomStream random = RandomStream.of(n, "onnx");
        Tensor x = Tensor.uniform(Shape.of(dims), rows == 0 ? -1 : 0, rows == 0 ? 1 : rows, random);
        return (rows == 0 ? x : x.map(Math::floor)).to(dtype);
    }

    // ---- two graphs

    /** Walks through both graphs at once, inputs before outputs. */
    private void align(Node[] x, Node... y) {
        second.put(x[0], x[1]);
        Deque<Node> open = new ArrayDeque<>(List.of(y[0]));
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(x[0]);
        dependent.add(x[0]);
        if (y[0] != x[0]) {
            second.put(y[0], y[1]);
        }
        while (!open.isEmpty()) {
            Node n = open.peek();
            if (seen.contains(n)) {
                open.pop();
                continue;
            }
            List<Node> inputs = n.inputs();
            List<Node> others = second.get(n).inputs();
            if (inputs.size() != others.size() || (n.op() != null && !sameKind(n, second.get(n)))) {
                throw refused(n, "what it computes from depends on the size of the batch");
            }
            boolean ready = true;
            for (int i = inputs.size() - 1; i >= 0; i--) {
                Node in = inputs.get(i);
                second.putIfAbsent(in, others.get(i));
                if (!seen.contains(in)) {
                    open.push(in);
                    ready = false;
                }
            }
            if (ready) {
                open.pop();
                seen.add(n);
                if (inputs.stream().anyMatch(dependent::contains) || readsInput(n, x[0])) {
                    dependent.add(n);
                    order.add(n);
                    inputs.forEach(in -> uses.merge(in, 1, Integer::sum));
                }
            }
        }
    }

    private static boolean sameKind(Node a, Node b) {
        return b.op() != null
                && a.op().getClass() == b.op().getClass()
                && a.op().name().equals(b.op().name());
    }

    /** Returns whether an op has the values of the input as its indices. */
    private static boolean readsInput(Node n, Node x) {
        return n.op() instanceof Embeddings.Embedding e
                && Arrays.equals(
                        Arrays.stream(e.indices().toArray()).asDoubleStream().toArray(),
                        x.value().toDoubleArray());
    }

    // ---- writing

    private void write(Node x, Node y) {
        taken.add("x");
        taken.add("y");
        names.put(x, "x");
        int[] dims = x.shape().dims();
        dims[0] = -1;
        graph.input = new OnnxGraph.Value("x", OnnxGraph.type(dtype), dims);
        Set<Node> fused = Collections.newSetFromMap(new IdentityHashMap<>());
        OnnxOps ops = new OnnxOps(this, x);
        order.forEach(n -> fused.addAll(ops.fusedInto(n)));
        for (Node n : order) {
            if (!fused.contains(n)) {
                names.put(n, ops.write(n));
            }
        }
        output(y);
    }

    private void output(Node y) {
        String last = name(y);
        int n = graph.calls.size();
        if (n == 0 || !graph.calls.get(n - 1).outputs().contains(last)) {
            last = call("Identity", List.of(last), Map.of());
            n++;
        }
        OnnxGraph.Call c = graph.calls.get(n - 1);
        graph.calls.set(n - 1, new OnnxGraph.Call(c.name(), c.type(), c.inputs(), List.of("y"), c.attributes()));
        graph.output = new OnnxGraph.Value("y", OnnxGraph.type(y.dtype()), sizes(y));
    }

    /** Adds an operator and returns the name of its output. */
    String call(String type, List<String> inputs, Map<String, Object> attributes) {
        String callName = type + "_" + graph.calls.size();
        String output = unique(callName);
        graph.calls.add(new OnnxGraph.Call(callName, type, inputs, List.of(output), new LinkedHashMap<>(attributes)));
        return output;
    }

    /** Adds an operator of several outputs and returns their names. */
    List<String> calls(String type, List<String> inputs, Map<String, Object> attributes, int outputs) {
        String callName = type + "_" + graph.calls.size();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            all.add(unique(i == 0 ? callName : callName + "/" + i));
        }
        graph.calls.add(new OnnxGraph.Call(callName, type, inputs, all, new LinkedHashMap<>(attributes)));
        return all;
    }

    String call(String type, String... inputs) {
        return call(type, List.of(inputs), Map.of());
    }

    /** Returns the name of a value: that of the op's output, of a parameter, or of a constant. */
    String name(Node n) {
        String known = names.get(n);
        if (known == null) {
            Node other = second.get(n);
            known = other == null || n.value().equals(other.value()) ? initializer(n, n.value()) : expanded(n, other);
            names.put(n, known);
        }
        return known;
    }

    /** Returns the name of a constant that has one number everywhere, and as many as there are examples, as zeros to start from. */
    private String expanded(Node n, Node other) {
        double[] values = n.value().toDoubleArray();
        if (values.length == 0
                || Arrays.stream(values).anyMatch(v -> v != values[0])
                || Arrays.stream(other.value().toDoubleArray()).anyMatch(v -> v != values[0])) {
            throw refused(n, "a constant depends on the input or on the size of the batch");
        }
        int[] sizes = sizes(n);
        return call("Expand", constant(Tensor.scalar(values[0], n.dtype())), dynamicShape(n, sizes));
    }

    String constant(Tensor t) {
        return initializer((String) null, t);
    }

    String integers(long... values) {
        String name = unique("constant/" + constants++);
        graph.initializers.put(name, OnnxGraph.Integers.of(values));
        return name;
    }

    /** Returns the name of an initializer that stands for a node, by the node's name if it is a parameter. */
    String initializer(Node n, Tensor t) {
        return initializer(n.inputs().isEmpty() ? n.name() : null, t);
    }

    /** Adds an initializer, {@code constant/..} if no name is given, and returns its name. */
    String initializer(String given, Tensor t) {
        String name = unique(given == null ? "constant/" + constants++ : given);
        graph.initializers.put(name, t);
        return name;
    }

    private String unique(String wanted) {
        String name = wanted;
        for (int i = 1; !taken.add(name); i++) {
            name = wanted + "/" + i;
        }
        return name;
    }

    /** Returns the sizes of a node's axes, -1 for what is a multiple of the batch. */
    int[] sizes(Node n) {
        Node other = second.get(n);
        int[] a = n.shape().dims();
        int[] b = other == null ? a : other.shape().dims();
        if (a.length != b.length) {
            throw refused(n, "its rank depends on the size of the batch");
        }
        int[] sizes = a.clone();
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                if (a[i] * BATCHES[1] != b[i] * BATCHES[0]) {
                    throw refused(n, "size " + i + " is not proportional to the batch");
                }
                sizes[i] = -1;
            }
        }
        return sizes;
    }

    /** Returns the name of integers that are the sizes of a node, computed from the size of the batch where it has to be. */
    String dynamicShape(Node n, int... sizes) {
        if (Arrays.stream(sizes).noneMatch(s -> s < 0)) {
            return integers(Arrays.stream(sizes).asLongStream().toArray());
        }
        List<String> parts = new ArrayList<>();
        Map<String, Object> range = new LinkedHashMap<>();
        range.put("start", 0L);
        range.put("end", 1L);
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] >= 0) {
                parts.add(integers(sizes[i]));
            } else {
                String batch = call("Shape", List.of("x"), range);
                int times = n.shape().dim(i) / BATCHES[0];
                parts.add(times == 1 ? batch : call("Mul", batch, integers(times)));
            }
        }
        return call("Concat", parts, Map.of("axis", 0L));
    }

    /** Returns the node of the second graph. */
    Node other(Node n) {
        return second.get(n);
    }

    /** Returns whether the input has no effect on a node. */
    boolean isConstant(Node n) {
        return !dependent.contains(n);
    }

    /** Returns whether a node is used once. */
    boolean isUsedOnce(Node n) {
        return uses.getOrDefault(n, 0) == 1;
    }

    static IllegalArgumentException refused(Node n, String why) {
        String op = n.op() == null ? "a constant" : n.op().name();
        return new IllegalArgumentException(
                "Onnx.export: " + op + " " + n.shape() + " cannot be expressed in ONNX: " + why);
    }
}
