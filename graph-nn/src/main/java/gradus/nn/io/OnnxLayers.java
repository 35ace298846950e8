package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Ints;
import gradus.array.PoolWindows;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.Products;
import gradus.graph.Reductions;
import gradus.ops.Convolution;
import gradus.ops.Embeddings;
import gradus.ops.Normalization;
import gradus.ops.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Products, reductions, convolution, pooling, normalisation and embedding. */
final class OnnxLayers extends OnnxWriter {
    private final Node input;

    /** @param input that of the model, which are the indices of embeddings */
    OnnxLayers(OnnxExport export, Node input) {
        super(export);
        this.input = input;
    }

    @Override
    String write(Node n, Node x) {
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

    String reduced(String type, Node x, boolean keepDims, Ints axes) {
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
        y = n.inputs().size() < 2
                ? y
                : export.call("Mul", y, export.name(n.inputs().get(1)));
        return n.inputs().size() < 3
                ? y
                : export.call("Add", y, export.name(n.inputs().get(2)));
    }
}
