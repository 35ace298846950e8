package gradus.nn.io;

import static gradus.nn.io.OnnxOperator.NUMBERS;

import gradus.array.Shape;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.ops.Convolution;
import gradus.ops.Pooling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Convolution and pooling of a file that is loaded. */
final class OnnxWindowOperators {
    private OnnxWindowOperators() {}

    static void addTo(Map<String, OnnxOperator> all) {
        add(
                all,
                "Conv",
                List.of(NUMBERS, NUMBERS, NUMBERS + "?"),
                windowAttributes("group", 1L),
                OnnxWindowOperators::conv);
        Map<String, Object> transposed = windowAttributes("group", 1L);
        transposed.put("output_padding", long[].class);
        add(
                all,
                "ConvTranspose",
                List.of(NUMBERS, NUMBERS, NUMBERS + "?"),
                transposed,
                OnnxWindowOperators::convTranspose);
        Map<String, Object> max = windowAttributes("storage_order", 0L);
        max.put("ceil_mode", 0L);
        add(all, "MaxPool", List.of(NUMBERS), max, c -> {
            c.requireAttribute("storage_order", 0L);
            return pooled(c, c.ints("dilations"));
        });
        Map<String, Object> mean = windowAttributes("count_include_pad", 0L);
        mean.remove("dilations");
        mean.put("ceil_mode", 0L);
        add(all, "AveragePool", List.of(NUMBERS), mean, c -> pooled(c, null));
        add(all, "GlobalAveragePool", List.of(NUMBERS), Map.of(), c -> c.node(0)
                .meanKeepDims(IntStream.range(2, c.node(0).shape().rank()).toArray()));
    }

    private static void add(
            Map<String, OnnxOperator> all,
            String type,
            List<String> inputs,
            Map<String, Object> attributes,
            Function<OnnxCall, Object> f) {
        all.put(type, new OnnxOperator(inputs, NUMBERS, 1, attributes, f));
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
}
