package gradus.nn.io;

import static gradus.nn.io.OnnxOperator.ANY;
import static gradus.nn.io.OnnxOperator.CAST;
import static gradus.nn.io.OnnxOperator.INTEGERS;
import static gradus.nn.io.OnnxOperator.NUMBERS;
import static gradus.nn.io.OnnxOperator.TRUTH;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;
import gradus.ops.Embeddings;
import gradus.ops.Normalization;
import gradus.ops.Pooling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The operators of a file that is loaded, opset 13 to 17, computed by the ops of Gradus: those that {@link OnnxOps} writes, and a few more. */
final class OnnxOperators {
    /** By name. */
    static final Map<String, OnnxOperator> ALL = new TreeMap<>();

    private OnnxOperators() {}

    private static void add(
            String type,
            List<String> inputs,
            String output,
            Map<String, Object> attributes,
            Function<OnnxCall, Object> f) {
        ALL.put(type, new OnnxOperator(inputs, output, 1, attributes, f));
    }

    private static void unary(String type, UnaryOperator<Node> f) {
        add(type, List.of(NUMBERS), NUMBERS, Map.of(), c -> f.apply(c.node(0)));
    }

    private static void unary(String type, String attribute, float missing, BinaryFunction f) {
        add(type, List.of(NUMBERS), NUMBERS, Map.of(attribute, missing), c -> f.apply(c.node(0), c.real(attribute)));
    }

    private interface BinaryFunction {
        Node apply(Node x, double number);
    }

    private static void binary(String type, BinaryOperator<Node> f) {
        add(type, List.of(NUMBERS, NUMBERS), NUMBERS, Map.of(), c -> f.apply(c.node(0), c.node(1)));
    }

    private static void comparison(String type, BinaryOperator<Node> f) {
        add(type, List.of(NUMBERS, NUMBERS), TRUTH, Map.of(), c -> f.apply(c.node(0), c.node(1)));
    }

    static {
        elementwise();
        comparisons();
        shapes();
        products();
        windows();
        norms();
        OnnxRecurrentOperators.addTo(ALL);
    }

    private static void elementwise() {
        binary("Add", Node::add);
        binary("Sub", Node::sub);
        add("Mul", List.of(ANY, ANY), ANY, Map.of(), OnnxOperators::mul);
        binary("Div", Node::div);
        binary("Pow", Node::pow);
        unary("Neg", Node::neg);
        unary("Reciprocal", Node::reciprocal);
        unary("Sqrt", Node::sqrt);
        unary("Exp", Node::exp);
        unary("Log", Node::log);
        unary("Abs", Node::abs);
        unary("Sign", Node::sign);
        unary("Erf", Node::erf);
        unary("Floor", Node::floor);
        unary("Ceil", Node::ceil);
        unary("Round", Node::round);
        unary("Sin", Node::sin);
        unary("Cos", Node::cos);
        unary("Tan", Node::tan);
        unary("Asin", Node::asin);
        unary("Acos", Node::acos);
        unary("Atan", Node::atan);
        unary("Sinh", Node::sinh);
        unary("Cosh", Node::cosh);
        unary("Relu", Node::relu);
        unary("Sigmoid", Node::sigmoid);
        unary("Tanh", Node::tanh);
        unary("Softplus", Node::softplus);
        unary("Softsign", Node::softsign);
        unary("LeakyRelu", "alpha", 0.01f, Node::leakyRelu);
        unary("Elu", "alpha", 1, Node::elu);
        unary("Celu", "alpha", 1, Node::celu);
        add("Max", List.of(NUMBERS + "*"), NUMBERS, Map.of(), c -> reduced(c, Node::maximum));
        add("Min", List.of(NUMBERS + "*"), NUMBERS, Map.of(), c -> reduced(c, Node::minimum));
        add("Clip", List.of(NUMBERS, NUMBERS + "?", NUMBERS + "?"), NUMBERS, Map.of(), c -> c.node(0)
                .clamp(c.number(1, Double.NEGATIVE_INFINITY), c.number(2, Double.POSITIVE_INFINITY)));
        add("Softmax", List.of(NUMBERS), NUMBERS, Map.of("axis", -1L), c -> c.node(0)
                .softmax(c.integer("axis")));
        add("LogSoftmax", List.of(NUMBERS), NUMBERS, Map.of("axis", -1L), c -> c.node(0)
                .logSoftmax(c.integer("axis")));
    }

    private static Object mul(OnnxCall c) {
        if (!c.isIntegers(0)) {
            return c.node(0).mul(c.node(1));
        }
        long[] a = c.integers(0).values();
        long[] b = c.integers(1).values();
        c.require(a.length == b.length || a.length == 1 || b.length == 1, a.length + " and " + b.length + " integers");
        long[] y = new long[a.length == 1 ? b.length : a.length];
        Arrays.setAll(y, i -> Math.multiplyExact(a[a.length == 1 ? 0 : i], b[b.length == 1 ? 0 : i]));
        return OnnxGraph.Integers.of(y);
    }

    private static Node reduced(OnnxCall c, BinaryOperator<Node> f) {
        return IntStream.range(0, c.inputs()).mapToObj(c::node).reduce(f).orElseThrow();
    }

    private static void comparisons() {
        comparison("Greater", Node::gt);
        comparison("Less", Node::lt);
        comparison("GreaterOrEqual", Node::ge);
        comparison("LessOrEqual", Node::le);
        comparison("Equal", Node::eq);
        add("Cast", List.of(NUMBERS), CAST, Map.of("to!", Long.class), OnnxOperators::cast);
        add("And", List.of(TRUTH, TRUTH), TRUTH, Map.of(), c -> c.node(0).and(c.node(1)));
        add("Or", List.of(TRUTH, TRUTH), TRUTH, Map.of(), c -> c.node(0).or(c.node(1)));
        add("Not", List.of(TRUTH), TRUTH, Map.of(), c -> c.node(0).not());
        add("Where", List.of(TRUTH, NUMBERS, NUMBERS), NUMBERS, Map.of(), c -> {
            Shape s = c.broadcast(
                    c.broadcast(c.node(0).shape(), c.node(1).shape().dims()),
                    c.node(2).shape().dims());
            return expanded(c.node(1), s).where(expanded(c.node(0), s), expanded(c.node(2), s));
        });
    }

    private static Object cast(OnnxCall c) {
        Node x = c.node(0);
        int to = c.integer("to");
        if (to == OnnxGraph.BOOL) {
            return x.ne(0);
        }
        if (to == OnnxGraph.FLOAT || to == OnnxGraph.DOUBLE) {
            return x.to(c.dtype(to));
        }
        double[] values = x.value().toDoubleArray();
        c.require(Arrays.stream(values).allMatch(Double::isFinite), "a number that is not finite is no integer");
        return new OnnxGraph.Integers(
                Arrays.stream(values).mapToLong(v -> (long) v).toArray(),
                x.shape().dims());
    }

    private static Node expanded(Node x, Shape s) {
        return x.shape().equals(s) ? x : x.expandTo(s);
    }

    // ---- order and shape

    private static void shapes() {
        add("Identity", List.of(ANY), ANY, Map.of(), c -> c.value(0));
        add("Shape", List.of(NUMBERS), INTEGERS, Map.of("start", 0L, "end", Long.class), OnnxOperators::shape);
        add("Reshape", List.of(NUMBERS, INTEGERS), NUMBERS, Map.of("allowzero", 0L), OnnxOperators::reshape);
        add("Flatten", List.of(NUMBERS), NUMBERS, Map.of("axis", 1L), c -> {
            Shape s = c.node(0).shape();
            int axis = c.integer("axis") == s.rank() ? s.rank() : c.axis(c.integer("axis"), s.rank());
            int rows = Arrays.stream(s.dims(), 0, axis).reduce(1, Math::multiplyExact);
            return c.node(0).reshape(rows, rows == 0 ? 0 : s.size() / rows);
        });
        add("Transpose", List.of(NUMBERS), NUMBERS, Map.of("perm", long[].class), c -> {
            int[] perm = c.ints("perm");
            int rank = c.node(0).shape().rank();
            return c.node(0)
                    .permute(
                            perm == null
                                    ? IntStream.range(0, rank)
                                            .map(i -> rank - 1 - i)
                                            .toArray()
                                    : perm);
        });
        add(
                "Expand",
                List.of(NUMBERS, INTEGERS),
                NUMBERS,
                Map.of(),
                c -> expanded(c.node(0), c.broadcast(c.node(0).shape(), c.ints(1))));
        add(
                "Slice",
                List.of(NUMBERS, INTEGERS, INTEGERS, INTEGERS + "?", INTEGERS + "?"),
                NUMBERS,
                Map.of(),
                OnnxOperators::slice);
        add("Pad", List.of(NUMBERS, INTEGERS, NUMBERS + "?"), NUMBERS, Map.of("mode", "constant"), OnnxOperators::pad);
        add("Concat", List.of(ANY + "*"), ANY, Map.of("axis!", Long.class), OnnxOperators::concat);
        add("Gather", List.of(NUMBERS, INTEGERS), NUMBERS, Map.of("axis", 0L), OnnxOperators::gather);
    }

    private static Object shape(OnnxCall c) {
        int[] dims = c.node(0).shape().dims();
        int start = position(c.integer("start"), dims.length);
        int end = c.hasAttribute("end") ? position(c.integer("end"), dims.length) : dims.length;
        return OnnxGraph.Integers.of(
                Arrays.stream(dims, start, Math.max(start, end)).asLongStream().toArray());
    }

    /** Returns a position from 0 to n; a negative one counts from the end. */
    private static int position(int at, int n) {
        return Math.max(0, Math.min(n, at < 0 ? at + n : at));
    }

    private static Node reshape(OnnxCall c) {
        Node x = c.node(0);
        int[] sizes = c.ints(1);
        long known = 1;
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0 && !c.flag("allowzero")) {
                c.require(i < x.shape().rank(), "size " + i + " is that of the input, which is " + x.shape());
                sizes[i] = x.shape().dim(i);
            }
            c.require(sizes[i] >= -1 && (sizes[i] >= 0 || open < 0), "the shape is " + Arrays.toString(c.ints(1)));
            open = sizes[i] < 0 ? i : open;
            known = sizes[i] < 0 ? known : Math.multiplyExact(known, (long) sizes[i]);
        }
        if (open >= 0) {
            c.require(known > 0 && x.shape().size() % known == 0, x.shape() + " cannot be " + Arrays.toString(sizes));
            sizes[open] = (int) (x.shape().size() / known);
        }
        return x.reshape(sizes);
    }

    private static Node slice(OnnxCall c) {
        Node y = c.node(0);
        int rank = y.shape().rank();
        int[] starts = c.ints(1);
        int[] ends = c.ints(2);
        int[] axes = c.has(3) ? c.ints(3) : IntStream.range(0, starts.length).toArray();
        int[] steps = c.has(4)
                ? c.ints(4)
                : IntStream.generate(() -> 1).limit(starts.length).toArray();
        c.require(
                ends.length == starts.length && axes.length == starts.length && steps.length == starts.length,
                "starts, ends, axes and steps are not equally many");
        for (int i = 0; i < starts.length; i++) {
            c.require(steps[i] > 0, "step " + steps[i] + "; steps of at least 1 are supported");
            int axis = c.axis(axes[i], rank);
            int n = y.shape().dim(axis);
            int from = position(starts[i], n);
            int to = Math.max(from, position(ends[i], n));
            y = steps[i] == 1 ? y.slice(axis, from, to) : y.slice(axis, from, to, steps[i]);
        }
        return y;
    }

    private static Node pad(OnnxCall c) {
        c.requireAttribute("mode", "constant");
        double value = c.number(2, 0);
        c.require(value == 0, "padding with " + value + "; padding with 0 is supported");
        Node y = c.node(0);
        int[] pads = c.ints(1);
        int rank = y.shape().rank();
        c.require(pads.length == 2 * rank, pads.length + " pads for rank " + rank);
        for (int axis = 0; axis < rank; axis++) {
            if (pads[axis] != 0 || pads[rank + axis] != 0) {
                y = y.pad(axis, pads[axis], pads[rank + axis]);
            }
        }
        return y;
    }

    private static Object concat(OnnxCall c) {
        if (!c.isIntegers(0)) {
            Node[] parts = IntStream.range(0, c.inputs()).mapToObj(c::node).toArray(Node[]::new);
            return Node.concat(c.integer("axis"), parts);
        }
        return OnnxGraph.Integers.of(IntStream.range(0, c.inputs())
                .mapToObj(c::integers)
                .flatMapToLong(i -> LongStream.of(i.values()))
                .toArray());
    }

    private static Node gather(OnnxCall c) {
        Node x = c.node(0);
        int axis = c.axis(c.integer("axis"), x.shape().rank());
        int n = x.shape().dim(axis);
        OnnxGraph.Integers at = c.integers(1);
        int[] indices = new int[at.values().length];
        for (int i = 0; i < indices.length; i++) {
            long index = at.values()[i];
            c.require(index >= -n && index < n, "index " + index + " is out of range for size " + n);
            indices[i] = (int) (index < 0 ? index + n : index);
        }
        if (axis == 0 && x.shape().rank() == 2) {
            return Embeddings.embedding(
                    x,
                    Tensor.of(
                            Shape.of(at.dims()),
                            Arrays.stream(indices).asDoubleStream().toArray()));
        }
        Node y = x.indexSelect(axis, indices);
        if (at.dims().length == 1) {
            return y;
        }
        int[] from = x.shape().dims();
        int[] dims = IntStream.concat(
                        IntStream.concat(Arrays.stream(from, 0, axis), Arrays.stream(at.dims())),
                        Arrays.stream(from, axis + 1, from.length))
                .toArray();
        return y.reshape(dims);
    }

    // ---- products and reductions

    private static void products() {
        add("MatMul", List.of(NUMBERS, NUMBERS), NUMBERS, Map.of(), c -> c.node(0)
                .matmul(c.node(1)));
        add(
                "Gemm",
                List.of(NUMBERS, NUMBERS, NUMBERS + "?"),
                NUMBERS,
                Map.of("alpha", 1f, "beta", 1f, "transA", 0L, "transB", 0L),
                OnnxOperators::gemm);
        Map<String, Object> axes = Map.of("axes", long[].class, "keepdims", 1L);
        add("ReduceMean", List.of(NUMBERS), NUMBERS, axes, c -> reduction(c, Node::mean, Node::meanKeepDims));
        add("ReduceMax", List.of(NUMBERS), NUMBERS, axes, c -> reduction(c, Node::max, Node::maxKeepDims));
        add("ReduceMin", List.of(NUMBERS), NUMBERS, axes, c -> reduction(c, Node::min, Node::minKeepDims));
        add(
                "ReduceSum",
                List.of(NUMBERS, INTEGERS + "?"),
                NUMBERS,
                Map.of("keepdims", 1L, "noop_with_empty_axes", 0L),
                c -> reduction(c, Node::sum, Node::sumKeepDims));
    }

    private static Node gemm(OnnxCall c) {
        c.require(c.node(0).shape().rank() == 2 && c.node(1).shape().rank() == 2, "it multiplies matrices");
        Node y = c.node(0).matmul(c.node(1), c.flag("transA"), c.flag("transB"));
        y = c.real("alpha") == 1 ? y : y.mul(c.real("alpha"));
        if (!c.has(2)) {
            return y;
        }
        return y.add(c.real("beta") == 1 ? c.node(2) : c.node(2).mul(c.real("beta")));
    }

    private interface Reduction {
        Node apply(Node x, int... axes);
    }

    private static Node reduction(OnnxCall c, Reduction without, Reduction keepingDims) {
        Node x = c.node(0);
        int[] axes = c.has(1) ? c.ints(1) : c.hasAttribute("axes") ? c.ints("axes") : new int[0];
        if (axes.length == 0 && c.hasAttribute("noop_with_empty_axes") && c.flag("noop_with_empty_axes")) {
            return x;
        }
        return c.flag("keepdims") ? keepingDims.apply(x, axes) : without.apply(x, axes);
    }

    // ---- convolution and pooling

    private static void windows() {
        add(
                "Conv",
                List.of(NUMBERS, NUMBERS, NUMBERS + "?"),
                NUMBERS,
                windowAttributes("group", 1L),
                OnnxOperators::conv);
        Map<String, Object> transposed = windowAttributes("group", 1L);
        transposed.put("output_padding", long[].class);
        add(
                "ConvTranspose",
                List.of(NUMBERS, NUMBERS, NUMBERS + "?"),
                NUMBERS,
                transposed,
                OnnxOperators::convTranspose);
        Map<String, Object> max = windowAttributes("storage_order", 0L);
        max.put("ceil_mode", 0L);
        add("MaxPool", List.of(NUMBERS), NUMBERS, max, c -> {
            c.requireAttribute("storage_order", 0L);
            return pooled(c, c.ints("dilations"));
        });
        Map<String, Object> mean = windowAttributes("count_include_pad", 0L);
        mean.remove("dilations");
        mean.put("ceil_mode", 0L);
        add("AveragePool", List.of(NUMBERS), NUMBERS, mean, c -> pooled(c, null));
        add("GlobalAveragePool", List.of(NUMBERS), NUMBERS, Map.of(), c -> c.node(0)
                .meanKeepDims(IntStream.range(2, c.node(0).shape().rank()).toArray()));
    }

    private static Map<String, Object> windowAttributes(String name, Object value) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("auto_pad", "NOTSET");
        all.put("dilations", long[].class);
        all.put("kernel_shape", long[].class);
        all.put("pads", long[].class);
        all.put("strides", long[].class);
        all.put(name, value);
        return all;
    }

    private static WindowOptions options(OnnxCall c, int n, int... dilations) {
        c.requireAttribute("auto_pad", "NOTSET");
        int[] strides = c.ints("strides", n, 1);
        int[] pads = c.ints("pads", 2 * n, 0);
        WindowOptions.Axis[] axes = new WindowOptions.Axis[n];
        for (int i = 0; i < n; i++) {
            axes[i] = WindowOptions.Axis.DEFAULT
                    .stride(strides[i])
                    .padding(pads[i], pads[n + i])
                    .dilation(dilations == null ? 1 : dilations[i]);
        }
        return WindowOptions.DEFAULT.axes(axes);
    }

    private static int windowAxes(OnnxCall c) {
        Shape w = c.node(1).shape();
        int n = w.rank() - 2;
        c.require(n >= 1 && n <= 3, "the weight is " + w + "; 1 to 3 axes of windows are supported");
        int[] kernel = c.ints("kernel_shape");
        c.require(
                kernel == null || Arrays.equals(kernel, Arrays.copyOfRange(w.dims(), 2, n + 2)),
                "kernel_shape is " + Arrays.toString(kernel) + ", the weight is " + w);
        return n;
    }

    private static Node conv(OnnxCall c) {
        int n = windowAxes(c);
        WindowOptions o = options(c, n, c.ints("dilations", n, 1)).groups(c.integer("group"));
        Node x = c.node(0);
        Node w = c.node(1);
        if (c.has(2)) {
            Node b = c.node(2);
            return n == 1
                    ? Convolution.conv1d(x, w, b, o)
                    : n == 2 ? Convolution.conv2d(x, w, b, o) : Convolution.conv3d(x, w, b, o);
        }
        return n == 1
                ? Convolution.conv1d(x, w, o)
                : n == 2 ? Convolution.conv2d(x, w, o) : Convolution.conv3d(x, w, o);
    }

    private static Node convTranspose(OnnxCall c) {
        int n = windowAxes(c);
        WindowOptions o = options(c, n, c.ints("dilations", n, 1)).groups(c.integer("group"));
        int[] more = c.ints("output_padding", n, 0);
        Node x = c.node(0);
        Node w = c.node(1);
        if (c.has(2)) {
            Node b = c.node(2);
            return n == 1
                    ? Convolution.convTranspose1d(x, w, b, o, more)
                    : n == 2
                            ? Convolution.convTranspose2d(x, w, b, o, more)
                            : Convolution.convTranspose3d(x, w, b, o, more);
        }
        return n == 1
                ? Convolution.convTranspose1d(x, w, o, more)
                : n == 2 ? Convolution.convTranspose2d(x, w, o, more) : Convolution.convTranspose3d(x, w, o, more);
    }

    private static Node pooled(OnnxCall c, int... dilations) {
        int[] k = c.ints("kernel_shape");
        c.require(k != null && k.length >= 1 && k.length <= 3, "kernel_shape must have 1 to 3 sizes");
        c.require(dilations == null || dilations.length == k.length, "dilations and kernel_shape differ in length");
        Node x = c.node(0);
        c.require(x.shape().rank() == k.length + 2, "it pools " + (k.length + 2) + " axes, not " + x.shape());
        boolean counted = c.hasAttribute("count_include_pad") && c.flag("count_include_pad");
        WindowOptions o = options(c, k.length, dilations).ceilMode(c.flag("ceil_mode"));
        boolean far = false;
        int[] sizes = new int[k.length];
        WindowOptions.Axis[] axes = new WindowOptions.Axis[k.length];
        for (int i = 0; i < k.length; i++) {
            axes[i] = o.axis(i);
            sizes[i] = axes[i].outputSize(x.shape().dim(i + 2), k[i]);
            if (axes[i].after() > k[i] / 2) {
                far = true;
                axes[i] = axes[i].padding(axes[i].before(), k[i] / 2);
            }
        }
        if (!far) {
            return pooled(c, x, o, counted, k);
        }
        c.require(!counted && !o.ceilMode(), "padding of more than half a window that counts, or with ceil_mode");
        Node y = pooled(c, x, o.axes(axes).ceilMode(true), false, k); // the windows that begin before the end, or more
        for (int i = 0; i < k.length; i++) {
            c.require(y.shape().dim(i + 2) >= sizes[i], "a window begins behind the input");
            y = y.slice(i + 2, 0, sizes[i]);
        }
        return y;
    }

    private static Node pooled(OnnxCall c, Node x, WindowOptions o, boolean counted, int... k) {
        if (!c.hasAttribute("count_include_pad")) {
            return k.length == 1
                    ? Pooling.maxPool1d(x, k[0], o)
                    : k.length == 2 ? Pooling.maxPool2d(x, k[0], k[1], o) : Pooling.maxPool3d(x, k[0], k[1], k[2], o);
        }
        return k.length == 1
                ? Pooling.avgPool1d(x, k[0], o, counted)
                : k.length == 2
                        ? Pooling.avgPool2d(x, k[0], k[1], o, counted)
                        : Pooling.avgPool3d(x, k[0], k[1], k[2], o, counted);
    }

    // ---- normalisation

    private static void norms() {
        add(
                "BatchNormalization",
                List.of(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
                NUMBERS,
                Map.of("epsilon", 1e-5f, "momentum", 0.9f, "training_mode", 0L),
                c -> {
                    c.requireAttribute("training_mode", 0L);
                    return Normalization.batchNorm(
                            c.node(0), c.node(1), c.node(2), c.node(3), c.node(4), c.real("epsilon"));
                });
        add(
                "LayerNormalization",
                List.of(NUMBERS, NUMBERS, NUMBERS + "?"),
                NUMBERS,
                Map.of("axis", -1L, "epsilon", 1e-5f, "stash_type", 1L),
                c -> {
                    Node gamma = c.node(1);
                    int rank = c.node(0).shape().rank();
                    c.require(
                            rank - c.axis(c.integer("axis"), rank)
                                    == gamma.shape().rank(),
                            "the scale is " + gamma.shape() + "; it must have all axes from axis on");
                    Node beta = c.has(2) ? c.node(2) : Node.constant(Tensor.zeros(gamma.shape(), gamma.dtype()));
                    return Normalization.layerNorm(c.node(0), gamma, beta, c.real("epsilon"));
                });
    }
}
