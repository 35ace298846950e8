package gradus.bench.peers;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.ops.Attention;
import gradus.ops.Convolution;
import gradus.ops.Embeddings;
import gradus.ops.Normalization;
import gradus.ops.Pooling;
import gradus.ops.Recurrent;
import java.util.Map;
import java.util.function.BiFunction;

/** An op, forward and backward. */
final class GradusOperation implements Step {
    /** The seed of the gradient of the output, and that of the indices of an embedding. */
    private static final int COTANGENT = 50;

    /** The ops by name: of the inputs and the settings. */
    private static final Map<String, BiFunction<Node[], int[], Node>> OPS = Map.ofEntries(
            Map.entry("layerNorm", (x, s) -> Normalization.layerNorm(x[0], x[1], x[2])),
            Map.entry("batchNorm", (x, s) -> Normalization.batchNorm(x[0], x[1], x[2], 1e-5)
                    .values()),
            Map.entry("lstm", (x, s) -> Recurrent.lstm(x[0], x[1], x[2], x[3]).outputs()),
            Map.entry(
                    "gru", (x, s) -> Recurrent.gru(x[0], x[1], x[2], x[3], x[4]).outputs()),
            Map.entry("attention", (x, s) -> Attention.scaledDotProductAttention(x[0], x[1], x[2])),
            Map.entry(
                    "conv2d",
                    (x, s) -> Convolution.conv2d(x[0], x[1], window(s[0], s[1]).groups(s[2]))),
            Map.entry("maxPool2d", (x, s) -> Pooling.maxPool2d(x[0], s[0], s[1], s[2])),
            Map.entry("avgPool2d", (x, s) -> Pooling.avgPool2d(x[0], s[0], s[1], s[2], true)),
            Map.entry(
                    "embedding",
                    (x, s) -> Embeddings.embedding(
                            x[0], indices(s[0], x[0].shape().dim(0)))),
            Map.entry("sort", (x, s) -> x[0].sort(0).values()),
            Map.entry("cumsum", (x, s) -> x[0].cumsum(-1)),
            Map.entry("softmax", (x, s) -> x[0].softmax(-1)),
            Map.entry("logSumExp", (x, s) -> x[0].logSumExp(-1)));

    private final BiFunction<Node[], int[], Node> op;
    private final int[] settings;
    private final Node[] inputs;
    private final boolean sparse;
    private Node cotangent;
    private Node y;
    private Node[] gradients;

    GradusOperation(Task.Operation task) {
        op = OPS.get(task.name());
        settings = task.settings().stream().mapToInt(i -> i).toArray();
        inputs = new Node[task.shapes().size()];
        for (int i = 0; i < inputs.length; i++) {
            Shape shape =
                    Shape.of(task.shapes().get(i).stream().mapToInt(n -> n).toArray());
            boolean recurrent = task.settings().equals(Task.Operation.RECURRENT) && i > 0;
            double scale = recurrent ? 1 / Math.sqrt(shape.dim(0)) : 1;
            inputs[i] = Node.variable(GradusPeer.tensor(true, i + 1, scale, shape));
        }
        sparse = task.name().equals("embedding");
    }

    private static WindowOptions window(int stride, int padding) {
        return WindowOptions.DEFAULT.stride(stride).padding(padding);
    }

    private static Tensor indices(int n, int rows) {
        int[] classes = InputData.classes(n, rows);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = classes[i];
        }
        return Tensor.of(values);
    }

    @Override
    public Object run() {
        y = op.apply(inputs, settings);
        if (cotangent == null) {
            cotangent = Node.constant(GradusPeer.tensor(true, COTANGENT, 1, y.shape()));
        }
        gradients = Derivatives.gradients(y, cotangent, false, inputs);
        return gradients;
    }

    /** Returns samples of the output and, unless it is sparse, of the first gradient. */
    @Override
    public double[] result() {
        double[] all = new double[sparse ? 5 : 10];
        System.arraycopy(Results.of(y.value().toDoubleArray()), 0, all, 0, 5);
        if (!sparse) {
            System.arraycopy(Results.of(gradients[0].value().toDoubleArray()), 0, all, 5, 5);
        }
        return all;
    }
}
