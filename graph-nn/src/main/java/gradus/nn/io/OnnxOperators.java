package gradus.nn.io;

import static gradus.nn.io.OnnxOperator.ANY;
import static gradus.nn.io.OnnxOperator.CAST;
import static gradus.nn.io.OnnxOperator.INTEGERS;
import static gradus.nn.io.OnnxOperator.NUMBERS;
import static gradus.nn.io.OnnxOperator.TRUTH;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.Embeddings;
import gradus.ops.Normalization;
import java.util.Arrays;
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
        norms();
        OnnxWindowOperators.addTo(ALL);
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
