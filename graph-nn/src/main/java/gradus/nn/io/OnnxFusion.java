package gradus.nn.io;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Arithmetic;
import gradus.graph.Node;
import gradus.graph.Products;
import gradus.graph.Reductions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that compute several nodes: products with bias, means and batch normalisation. */
final class OnnxFusion extends OnnxWriter {
    private final OnnxLayers layers;

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
        return isBatchNorm(n) ? batchNorm(x.inputs().get(0).inputs().get(0), x, n.inputs().get(1)) : null;
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
}
