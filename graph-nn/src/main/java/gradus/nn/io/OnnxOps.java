package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.PoolWindows;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Activations;
import gradus.graph.Arithmetic;
import gradus.graph.Comparing;
import gradus.graph.Elementary;
import gradus.graph.Indexing;
import gradus.graph.Masking;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.Products;
import gradus.graph.Reductions;
import gradus.graph.Shaping;
import gradus.graph.Slicing;
import gradus.graph.Trigonometry;
import gradus.ops.Convolution;
import gradus.ops.Embeddings;
import gradus.ops.Normalization;
import gradus.ops.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The operators of ONNX that compute what an op computes. */
final class OnnxOps {
    /** The ops that are one operator without attributes. */
    private static final IdentityHashMap<Op, String> SAME = new IdentityHashMap<>();

    static {
        SAME.put(Arithmetic.ADD, "Add");
        SAME.put(Arithmetic.SUB, "Sub");
        SAME.put(Arithmetic.MUL, "Mul");
        SAME.put(Arithmetic.DIV, "Div");
        SAME.put(Arithmetic.POW, "Pow");
        SAME.put(Arithmetic.NEG, "Neg");
        SAME.put(Arithmetic.RECIPROCAL, "Reciprocal");
        SAME.put(Elementary.SQRT, "Sqrt");
        SAME.put(Elementary.EXP, "Exp");
        SAME.put(Elementary.LOG, "Log");
        SAME.put(Elementary.ABS, "Abs");
        SAME.put(Elementary.SIGN, "Sign");
        SAME.put(Elementary.ERF, "Erf");
        SAME.put(Elementary.FLOOR, "Floor");
        SAME.put(Elementary.CEIL, "Ceil");
        SAME.put(Elementary.ROUND, "Round");
        SAME.put(Trigonometry.SIN, "Sin");
        SAME.put(Trigonometry.COS, "Cos");
        SAME.put(Trigonometry.TAN, "Tan");
        SAME.put(Trigonometry.ASIN, "Asin");
        SAME.put(Trigonometry.ACOS, "Acos");
        SAME.put(Trigonometry.ATAN, "Atan");
        SAME.put(Trigonometry.SINH, "Sinh");
        SAME.put(Trigonometry.COSH, "Cosh");
        SAME.put(Activations.RELU, "Relu");
        SAME.put(Activations.SIGMOID, "Sigmoid");
        SAME.put(Activations.TANH, "Tanh");
        SAME.put(Activations.SOFTPLUS, "Softplus");
        SAME.put(Activations.SOFTSIGN, "Softsign");
        SAME.put(Comparing.MAXIMUM, "Max");
        SAME.put(Comparing.MINIMUM, "Min");
    }

    private static final IdentityHashMap<Op, String> COMPARISONS = new IdentityHashMap<>();

    static {
        COMPARISONS.put(Comparing.GT, "Greater");
        COMPARISONS.put(Comparing.LT, "Less");
        COMPARISONS.put(Comparing.GE, "GreaterOrEqual");
        COMPARISONS.put(Comparing.LE, "LessOrEqual");
        COMPARISONS.put(Comparing.EQ, "Equal");
    }

    private final OnnxExport export;
    private final Node input;

    OnnxOps(OnnxExport export, Node input) {
        this.export = export;
        this.input = input;
    }

    /** Returns the inputs of a node that are computed by its operator, too. */
    List<Node> fusedInto(Node n) {
        if (isGemm(n) || isMean(n)) {
            return List.of(n.inputs().get(0));
        }
        return isBatchNorm(n)
                ? List.of(n.inputs().get(0), n.inputs().get(0).inputs().get(0))
                : List.of();
    }

    /** {@code x W + b} of matrices. */
    private boolean isGemm(Node n) {
        if (n.op() != Arithmetic.ADD) {
            return false;
        }
        Node product = n.inputs().get(0);
        Node bias = n.inputs().get(1);
        return product.op() instanceof Products.Matmul m
                && !m.ta()
                && export.isUsedOnce(product)
                && product.shape().rank() == 2
                && product.inputs().get(1).shape().rank() == 2
                && export.isConstant(bias)
                && bias.shape().rank() == 1
                && bias.shape().dim(0) == n.shape().dim(1);
    }

    /** A sum, divided by the number of elements that it is over. */
    private boolean isMean(Node n) {
        if (n.op() != Arithmetic.DIV
                || !(n.inputs().get(0).op() instanceof Reductions.Sum)
                || !export.isUsedOnce(n.inputs().get(0))) {
            return false;
        }
        Node count = n.inputs().get(1);
        return export.isConstant(count) && isCount(n, count) && isCount(export.other(n), export.other(count));
    }

    private static boolean isCount(Node n, Node count) {
        Node sum = n.inputs().get(0);
        return count.shape().rank() == 0
                && count.value().item()
                        == (double) sum.inputs().get(0).shape().size()
                                / sum.shape().size();
    }

    /** {@code (x - mean) factor + shift} with a number for each channel. */
    private boolean isBatchNorm(Node n) {
        if (n.op() != Arithmetic.ADD || n.inputs().get(0).op() != Arithmetic.MUL) {
            return false;
        }
        Node product = n.inputs().get(0);
        Node difference = product.inputs().get(0);
        if (difference.op() != Arithmetic.SUB || n.shape().rank() < 2) {
            return false;
        }
        return export.isUsedOnce(product)
                && export.isUsedOnce(difference)
                && !export.isConstant(difference.inputs().get(0))
                && isColumn(n, difference.inputs().get(1))
                && isColumn(n, product.inputs().get(1))
                && isColumn(n, n.inputs().get(1));
    }

    private boolean isColumn(Node n, Node perChannel) {
        int[] dims = new int[n.shape().rank()];
        Arrays.fill(dims, 1);
        dims[1] = n.shape().dim(1);
        return export.isConstant(perChannel) && perChannel.shape().equals(Shape.of(dims));
    }

    /** Adds the operators of a node and returns the name of the output. */
    String write(Node n) {
        List<Node> in = n.inputs();
        if (isGemm(n)) {
            Node product = in.get(0);
            boolean transposed = ((Products.Matmul) product.op()).tb();
            return export.call(
                    "Gemm",
                    names(product.inputs().get(0), product.inputs().get(1), in.get(1)),
                    transposed ? Map.of("transB", 1L) : Map.of());
        }
        if (isMean(n)) {
            Reductions.Sum sum = (Reductions.Sum) in.get(0).op();
            return reduced("ReduceMean", in.get(0).inputs().get(0), sum.keepDims(), sum.axes());
        }
        if (isBatchNorm(n)) {
            return batchNorm(in.get(0).inputs().get(0).inputs().get(0), in.get(0), in.get(1));
        }
        if (SAME.containsKey(n.op())) {
            return export.call(SAME.get(n.op()), names(in.toArray(Node[]::new)), Map.of());
        }
        if (COMPARISONS.containsKey(n.op())) {
            return number(export.call(COMPARISONS.get(n.op()), names(in.toArray(Node[]::new)), Map.of()), n.dtype());
        }
        String written = elementwise(n, in.get(0));
        written = written == null ? rearranged(n, in.get(0)) : written;
        written = written == null ? layer(n, in.get(0)) : written;
        if (written == null) {
            throw unknown(n.op().name());
        }
        return written;
    }

    static IllegalArgumentException unknown(String op) {
        return new IllegalArgumentException(
                "Onnx.export: " + op + " cannot be expressed in ONNX (opset " + OnnxGraph.OPSET + ")");
    }

    private List<String> names(Node... nodes) {
        return Arrays.stream(nodes).map(export::name).toList();
    }

    private String constant(double value, DType dtype) {
        return export.constant(Tensor.scalar(value, dtype));
    }

    /** Returns 1 for true and 0 for false. */
    private String number(String condition, DType dtype) {
        return export.call("Cast", List.of(condition), Map.of("to", (long) OnnxGraph.type(dtype)));
    }

    private String condition(Node mask) {
        return export.call("Cast", List.of(export.name(mask)), Map.of("to", (long) OnnxGraph.BOOL));
    }

    private String elementwise(Node n, Node x) {
        Op op = n.op();
        DType t = n.dtype();
        String a = export.name(x);
        if (op == Arithmetic.SQUARE) {
            return export.call("Mul", a, a);
        }
        if (op == Elementary.RSQRT) {
            return export.call("Reciprocal", export.call("Sqrt", a));
        }
        if (op == Activations.SILU) {
            return export.call("Mul", a, export.call("Sigmoid", a));
        }
        if (op == Activations.GELU) { // x (1 + erf(x / sqrt 2)) / 2
            String erf = export.call("Erf", export.call("Mul", a, constant(Math.sqrt(0.5), t)));
            String twice = export.call("Mul", a, export.call("Add", erf, constant(1, t)));
            return export.call("Mul", twice, constant(0.5, t));
        }
        if (op == Activations.GELU_TANH) { // x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
            String cube = export.call("Mul", export.call("Mul", a, a), a);
            String sum = export.call("Add", a, export.call("Mul", cube, constant(0.044715, t)));
            String twice = export.call("Mul", sum, constant(2 * Math.sqrt(2 / Math.PI), t));
            return export.call("Mul", a, export.call("Sigmoid", twice));
        }
        if (op instanceof Activations.LeakyRelu l) {
            return t == DType.FLOAT32
                    ? export.call("LeakyRelu", List.of(a), Map.of("alpha", (float) l.slope()))
                    : ofParts(a, export.call("Mul", a, constant(l.slope(), t)), t);
        }
        if (op instanceof Activations.Elu e) {
            return t == DType.FLOAT32
                    ? export.call("Elu", List.of(a), Map.of("alpha", (float) e.alpha()))
                    : ofParts(a, exponential(a, e.alpha(), t), t);
        }
        if (op instanceof Activations.Celu c) {
            return t == DType.FLOAT32
                    ? export.call("Celu", List.of(a), Map.of("alpha", (float) c.alpha()))
                    : ofParts(a, exponential(export.call("Div", a, constant(c.alpha(), t)), c.alpha(), t), t);
        }
        if (op instanceof Activations.Hardtanh h) {
            return export.call("Clip", a, constant(h.low(), t), constant(h.high(), t));
        }
        if (op instanceof Comparing.Clamp c) {
            return export.call("Clip", a, constant(c.low(), t), constant(c.high(), t));
        }
        if (op == Masking.MASKED_BY) {
            return export.call("Where", condition(n.inputs().get(1)), a, constant(0, t));
        }
        if (op instanceof Masking.Where) {
            return export.call(
                    "Where",
                    condition(n.inputs().get(1)),
                    a,
                    export.name(n.inputs().get(2)));
        }
        if (op == Comparing.NOT) {
            return number(export.call("Not", condition(x)), t);
        }
        if (op == Comparing.AND || op == Comparing.OR) {
            String both = export.call(
                    op == Comparing.AND ? "And" : "Or",
                    condition(x),
                    condition(n.inputs().get(1)));
            return number(both, t);
        }
        if (op == Comparing.NE) {
            return number(
                    export.call(
                            "Not",
                            export.call("Equal", a, export.name(n.inputs().get(1)))),
                    t);
        }
        if (op instanceof Shaping.To to) {
            return number(a, to.dtype());
        }
        if (op instanceof Activations.Softmax s) {
            return export.call("Softmax", List.of(a), Map.of("axis", (long) s.axis()));
        }
        if (op instanceof Activations.LogSoftmax s) {
            return export.call("LogSoftmax", List.of(a), Map.of("axis", (long) s.axis()));
        }
        return null;
    }

    /** Returns {@code max(x, 0) + min(y, 0)}. Attributes are floats, so this stands for operators that have one in FLOAT64. */
    private String ofParts(String x, String y, DType t) {
        return export.call("Add", export.call("Relu", x), export.call("Min", y, constant(0, t)));
    }

    /** Returns {@code alpha (exp(x) - 1)}. */
    private String exponential(String x, double alpha, DType t) {
        return export.call("Mul", export.call("Sub", export.call("Exp", x), constant(1, t)), constant(alpha, t));
    }

    // ---- order and shape

    private String rearranged(Node n, Node x) {
        Op op = n.op();
        if (op instanceof Shaping.Reshape) {
            return reshaped(export.name(x), n, export.sizes(n));
        }
        if (op instanceof Shaping.Permute p) {
            return transposed(export.name(x), p.order().toArray());
        }
        if (op instanceof Shaping.Transpose t) {
            int[] order = IntStream.range(0, n.shape().rank()).toArray();
            order[t.axis1()] = t.axis2();
            order[t.axis2()] = t.axis1();
            return transposed(export.name(x), order);
        }
        if (op instanceof Shaping.ExpandTo) {
            return expanded(n, x);
        }
        if (op instanceof Slicing.Slice s) {
            requireSame(n);
            return export.call(
                    "Slice",
                    export.name(x),
                    export.integers(s.from()),
                    export.integers(s.to()),
                    export.integers(s.axis()));
        }
        if (op instanceof Slicing.Pad p) {
            long[] pads = new long[2 * n.shape().rank()];
            pads[p.axis()] = p.before();
            pads[n.shape().rank() + p.axis()] = p.after();
            return export.call("Pad", export.name(x), export.integers(pads));
        }
        if (op instanceof Slicing.Concat c) {
            return export.call("Concat", names(n.inputs().toArray(Node[]::new)), Map.of("axis", (long) c.axis()));
        }
        if (op instanceof Indexing.Take t) {
            return taken(n, x, t, (Indexing.Take) export.other(n).op());
        }
        return null;
    }

    private void requireSame(Node n) {
        if (!n.op().equals(export.other(n).op())) {
            throw OnnxExport.refused(n, "its parameters depend on the size of the batch");
        }
    }

    private String reshaped(String x, Node n, int... sizes) {
        if (Arrays.stream(sizes).filter(s -> s < 0).count() > 1) {
            throw OnnxExport.refused(n, "two of its sizes depend on the batch");
        }
        return export.call(
                "Reshape",
                x,
                export.integers(Arrays.stream(sizes).asLongStream().toArray()));
    }

    private String transposed(String x, int... order) {
        return export.call(
                "Transpose",
                List.of(x),
                Map.of("perm", Arrays.stream(order).asLongStream().toArray()));
    }

    private String expanded(Node n, Node x) {
        int[] sizes = export.sizes(n);
        int[] from = export.sizes(x);
        for (int i = 0; i < from.length; i++) {
            int at = sizes.length - from.length + i;
            if (sizes[at] < 0 && from[i] < 0) {
                sizes[at] = 1; // that of x is kept
            }
        }
        return export.call("Expand", export.name(x), export.dynamicShape(n, sizes));
    }

    /** Takes elements of each example by itself: the positions of all examples must be those of the first, moved. */
    private String taken(Node n, Node x, Indexing.Take a, Indexing.Take b) {
        int[] sizes = export.sizes(n);
        int[] from = export.sizes(x);
        boolean ofExamples = sizes.length > 0 && from.length > 0 && sizes[0] < 0 && from[0] < 0;
        int[] positions = positions(a, n.shape().size());
        if (ofExamples) {
            int each = sizeOfExample(x);
            int count = n.shape().size() / n.shape().dim(0);
            int[] first = Arrays.copyOf(positions, count);
            if (n.shape().dim(0) != x.shape().dim(0)
                    || !repeats(positions, first, each)
                    || !repeats(positions(b, export.other(n).shape().size()), first, each)) {
                throw OnnxExport.refused(n, "it mixes examples");
            }
            String rows = from.length == 2 ? export.name(x) : reshaped(export.name(x), x, -1, each);
            String y = gathered(rows, 1, first);
            return sizes.length == 2 ? y : reshaped(y, n, sizes);
        }
        if (!a.equals(b)) {
            throw OnnxExport.refused(n, "the positions depend on the size of the batch");
        }
        String flat = from.length == 1 ? export.name(x) : reshaped(export.name(x), x, -1);
        String y = gathered(flat, 0, positions);
        return sizes.length == 1 ? y : reshaped(y, n, sizes);
    }

    private static int sizeOfExample(Node x) {
        return x.shape().size() / x.shape().dim(0);
    }

    private static int[] positions(Indexing.Take t, int n) {
        int[] all = new int[n];
        for (int i = 0; i < n; i++) {
            all[i] = t.starts().get(i / t.length()) + i % t.length();
        }
        return all;
    }

    private static boolean repeats(int[] positions, int[] first, int each) {
        return IntStream.range(0, positions.length)
                .allMatch(i -> positions[i] == first[i % first.length] + i / first.length * each);
    }

    private String gathered(String x, int axis, int... indices) {
        return export.call(
                "Gather",
                List.of(x, export.integers(Arrays.stream(indices).asLongStream().toArray())),
                Map.of("axis", (long) axis));
    }

    // ---- products, reductions, layers

    private String layer(Node n, Node x) {
        Op op = n.op();
        if (op instanceof Products.Matmul m) {
            return export.call("MatMul", operand(x, m.ta()), operand(n.inputs().get(1), m.tb()));
        }
        if (op instanceof Reductions.Sum s) {
            return reduced("ReduceSum", x, s.keepDims(), s.axes());
        }
        if (op instanceof Reductions.Max m) {
            return reduced("ReduceMax", x, m.keepDims(), m.axes());
        }
        if (op instanceof Reductions.Min m) {
            return reduced("ReduceMin", x, m.keepDims(), m.axes());
        }
        if (op instanceof Convolution.Conv c) {
            return export.call(
                    "Conv",
                    names(n.inputs().toArray(Node[]::new)),
                    windows(c.options(), x.shape(), n.inputs().get(1).shape()));
        }
        if (op instanceof Convolution.InputGradient c) {
            return convTranspose(n, c.options(), x, n.inputs().get(1));
        }
        if (op instanceof Pooling.Max p) {
            return pooled("MaxPool", n, x, p.windows(), false);
        }
        if (op instanceof Pooling.Mean p) {
            return pooled("AveragePool", n, x, p.windows(), p.countIncludePad());
        }
        if (op instanceof Normalization.Rows r) {
            return r.centered() && x.dtype() == DType.FLOAT32 ? layerNorm(n, x, r) : normalized(n, x, r);
        }
        if (op instanceof Embeddings.Embedding) {
            String indices = export.call("Cast", List.of(export.name(input)), Map.of("to", (long) OnnxGraph.INT64));
            return export.call("Gather", List.of(export.name(x), indices), Map.of("axis", 0L));
        }
        return null;
    }

    private String operand(Node x, boolean transposed) {
        if (!transposed) {
            return export.name(x);
        }
        int rank = x.shape().rank();
        int[] order = IntStream.range(0, rank).toArray();
        order[rank - 1] = rank - 2;
        order[rank - 2] = rank - 1;
        return transposed(export.name(x), order);
    }

    private String reduced(String type, Node x, boolean keepDims, Ints axes) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        long[] over = axes.size() == 0
                ? IntStream.range(0, x.shape().rank()).asLongStream().toArray()
                : Arrays.stream(axes.toArray()).asLongStream().toArray();
        List<String> in = new ArrayList<>(names(x));
        if (type.equals("ReduceSum")) {
            in.add(export.integers(over)); // an input since opset 13, of the others since 18
        } else {
            attributes.put("axes", over);
        }
        attributes.put("keepdims", keepDims ? 1L : 0L);
        return export.call(type, in, attributes);
    }

    private static Map<String, Object> windows(WindowOptions options, Shape x, Shape w) {
        int n = w.rank() - 2;
        Map<String, Object> attributes = new LinkedHashMap<>();
        long[] strides = new long[n];
        long[] dilations = new long[n];
        long[] kernel = new long[n];
        long[] pads = new long[2 * n];
        for (int i = 0; i < n; i++) {
            kernel[i] = w.dim(i + 2);
            WindowOptions.Axis axis = options.axis(i).resolve(x.dim(i + 2), w.dim(i + 2));
            strides[i] = axis.stride();
            dilations[i] = axis.dilation();
            pads[i] = axis.before();
            pads[n + i] = axis.after();
        }
        attributes.put("dilations", dilations);
        attributes.put("group", (long) options.groups());
        attributes.put("kernel_shape", kernel);
        attributes.put("pads", pads);
        attributes.put("strides", strides);
        return attributes;
    }

    private String convTranspose(Node n, WindowOptions options, Node x, Node w) {
        Map<String, Object> attributes = windows(options, n.shape(), w.shape());
        long[] pads = (long[]) attributes.get("pads");
        int axes = w.shape().rank() - 2;
        long[] more = new long[axes];
        for (int i = 0; i < axes; i++) {
            WindowOptions.Axis axis = options.axis(i);
            long plain = (x.shape().dim(i + 2) - 1L) * axis.stride()
                    - pads[i]
                    - pads[axes + i]
                    + axis.extent(w.shape().dim(i + 2));
            more[i] = n.shape().dim(i + 2) - plain;
        }
        attributes.put("output_padding", more);
        return export.call("ConvTranspose", names(x, w), attributes);
    }

    private String pooled(String type, Node n, Node x, PoolWindows windows, boolean countIncludePad) {
        int axes = windows.sizes().size();
        int first = x.shape().rank() - axes;
        if (first != 2) {
            throw OnnxExport.refused(n, "ONNX pools [n, c, ..], not " + x.shape());
        }
        long[] kernel = new long[axes];
        long[] strides = new long[axes];
        long[] dilations = new long[axes];
        long[] pads = new long[2 * axes];
        for (int i = 0; i < axes; i++) {
            int d = x.shape().dim(first + i);
            int size = windows.sizes().get(i);
            if (windows.adaptive() && d % size != 0) {
                throw OnnxExport.refused(n, size + " windows of " + d + " elements differ in size");
            }
            int k = windows.adaptive() ? d / size : size;
            WindowOptions.Axis axis = windows.adaptive()
                    ? WindowOptions.Axis.DEFAULT.stride(k)
                    : windows.options().axis(i).resolve(d, k);
            kernel[i] = k;
            strides[i] = axis.stride();
            dilations[i] = axis.dilation();
            long reach = (n.shape().dim(first + i) - 1L) * axis.stride() + axis.extent(k);
            long over = Math.max(0, reach - d - axis.before() - axis.after()); // of ceilMode
            if ((over > 0 && countIncludePad) || (type.equals("AveragePool") && axis.dilation() > 1)) {
                throw OnnxExport.refused(n, "a mean of windows with dilation, or of ceilMode that counts the padding");
            }
            pads[i] = axis.before();
            pads[axes + i] = axis.after() + over;
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (type.equals("AveragePool")) {
            attributes.put("count_include_pad", countIncludePad ? 1L : 0L);
        } else {
            attributes.put("dilations", dilations);
        }
        attributes.put("kernel_shape", kernel);
        attributes.put("pads", pads);
        attributes.put("strides", strides);
        return export.call(type, names(x), attributes);
    }

    private String batchNorm(Node x, Node product, Node shift) {
        Node difference = product.inputs().get(0);
        int c = x.shape().dim(1);
        return export.call(
                "BatchNormalization",
                List.of(
                        export.name(x),
                        export.constant(product.inputs().get(1).value().reshape(c)),
                        export.constant(shift.value().reshape(c)),
                        export.constant(difference.inputs().get(1).value().reshape(c)),
                        export.constant(Tensor.ones(Shape.of(c), x.dtype()))),
                Map.of("epsilon", 0f));
    }

    private String layerNorm(Node n, Node x, Normalization.Rows r) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("axis", (long) -r.row().rank());
        attributes.put("epsilon", (float) r.epsilon());
        List<String> in = new ArrayList<>(names(n.inputs().toArray(Node[]::new)));
        if (in.size() == 1) {
            in.add(export.constant(Tensor.ones(r.row(), x.dtype())));
        }
        return export.call("LayerNormalization", in, attributes);
    }

    /** {@code (x - mean(x)) / sqrt(var(x) + epsilon) gamma + beta}, or without the mean {@code x / sqrt(mean(x^2) + epsilon) gamma}. */
    private String normalized(Node n, Node x, Normalization.Rows r) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        int rank = x.shape().rank();
        attributes.put(
                "axes",
                IntStream.range(rank - r.row().rank(), rank).asLongStream().toArray());
        attributes.put("keepdims", 1L);
        String a = export.name(x);
        if (r.centered()) {
            a = export.call("Sub", a, export.call("ReduceMean", List.of(a), attributes));
        }
        String mean = export.call("ReduceMean", List.of(export.call("Mul", a, a)), attributes);
        String root = export.call("Sqrt", export.call("Add", mean, constant(r.epsilon(), x.dtype())));
        String y = export.call("Div", a, root);
        y = n.inputs().size() < 2 ? y : export.call("Mul", y, export.name(n.inputs().get(1)));
        return n.inputs().size() < 3 ? y : export.call("Add", y, export.name(n.inputs().get(2)));
    }
}
