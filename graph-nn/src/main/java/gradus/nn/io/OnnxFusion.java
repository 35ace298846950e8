package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Arithmetic;
import gradus.graph.Node;
import gradus.graph.Products;
import gradus.graph.Reductions;
import gradus.graph.Shaping;
import gradus.nn.BatchNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operators that compute several nodes: products with bias, means and batch normalisation. */
final class OnnxFusion extends OnnxWriter {
    private final OnnxLayers layers;
    /** The names of the parts of layers, which may be used several times. */
    private final IdentityHashMap<BatchNorm, List<String>> parts = new IdentityHashMap<>();

    OnnxFusion(OnnxExport export, OnnxLayers layers) {
        super(export);
        this.layers = layers;
    }

    @Override
    String write(Node n, Node x) {
        if (isGemm(n)) {
            boolean transposed = ((Products.Matmul) x.op()).tb();
            return export.call(
                    "Gemm",
                    names(x.inputs().get(0), x.inputs().get(1), n.inputs().get(1)),
                    transposed ? Map.of("transB", 1L) : Map.of());
        }
        if (isMean(n)) {
            Reductions.Sum sum = (Reductions.Sum) x.op();
            return layers.reduced("ReduceMean", x.inputs().get(0), sum.keepDims(), sum.axes());
        }
        return isBatchNorm(n)
                ? batchNorm(x.inputs().get(0).inputs().get(0), x, n.inputs().get(1))
                : null;
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

    /** {@code gamma (x - mean) / sqrt(var + epsilon) + beta} of a layer, or with what stands for these where there is none. */
    private String batchNorm(Node x, Node product, Node shift) {
        int c = x.shape().dim(1);
        Tensor mean = product.inputs().get(0).inputs().get(1).value().reshape(c);
        Tensor factor = product.inputs().get(1).value().reshape(c);
        BatchNorm layer =
                layer(product.inputs().get(1), mean, factor, shift.value().reshape(c));
        if (layer == null) {
            return export.call(
                    "BatchNormalization",
                    List.of(
                            export.name(x),
                            export.constant(factor),
                            export.constant(shift.value().reshape(c)),
                            export.constant(mean),
                            export.constant(Tensor.ones(Shape.of(c), x.dtype()))),
                    Map.of("epsilon", 0f));
        }
        List<String> inputs = new ArrayList<>(List.of(export.name(x)));
        inputs.addAll(parts.computeIfAbsent(layer, this::parts));
        return export.call("BatchNormalization", inputs, Map.of("epsilon", attribute(layer, x.dtype())));
    }

    /** Returns the layer whose factors a node is computed from, {@code reshape(1 / sqrt(var + epsilon) gamma)}, or null. */
    private BatchNorm layer(Node column, Tensor mean, Tensor factor, Tensor shift) {
        if (!(column.op() instanceof Shaping.Reshape) || column.inputs().get(0).op() != Arithmetic.MUL) {
            return null;
        }
        Node gamma = column.inputs().get(0).inputs().get(1);
        BatchNorm layer = export.batchNorm(gamma);
        if (layer == null) {
            return null;
        }
        double[] var = layer.buffers().get("runningVar").toDoubleArray();
        double[] scale = gamma.value().toDoubleArray();
        double[] found = factor.toDoubleArray();
        boolean same = IntStream.range(0, found.length).allMatch(i -> {
            double expected = scale[i] / Math.sqrt(var[i] + layer.epsilon());
            return Math.abs(found[i] - expected) <= 1e-5 * Math.abs(expected);
        });
        return same
                        && mean.equals(layer.buffers().get("runningMean"))
                        && shift.equals(layer.allParameters().get("beta").value())
                ? layer
                : null;
    }

    /** Returns the names of gamma, beta, mean and variance, that of FLOAT64 with epsilon, as attributes are floats. */
    private List<String> parts(BatchNorm layer) {
        Node gamma = layer.allParameters().get("gamma");
        String path = gamma.name().substring(0, gamma.name().length() - "gamma".length());
        Tensor var = layer.buffers().get("runningVar");
        return List.of(
                export.name(gamma),
                export.name(layer.allParameters().get("beta")),
                export.initializer(path + "runningMean", layer.buffers().get("runningMean")),
                attribute(layer, var.dtype()) == 0
                        ? export.constant(var.add(layer.epsilon()))
                        : export.initializer(path + "runningVar", var));
    }

    private static float attribute(BatchNorm layer, DType dtype) {
        return dtype == DType.FLOAT64 ? 0 : (float) layer.epsilon();
    }
}
