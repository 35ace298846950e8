package gradus.nn.io;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes the operators that compute a node, for one kind of ops. */
abstract class OnnxWriter {
    final OnnxExport export;

    OnnxWriter(OnnxExport export) {
        this.export = export;
    }

    /** Adds the operators of a node, whose first input is x, and returns the name of the output; null for a node of another kind. */
    abstract String write(Node n, Node x);

    final List<String> names(Node... nodes) {
        return Arrays.stream(nodes).map(export::name).toList();
    }

    final String constant(double value, DType dtype) {
        return export.constant(Tensor.scalar(value, dtype));
    }

    final String reshaped(String x, Node n, int... sizes) {
        if (Arrays.stream(sizes).filter(s -> s < 0).count() > 1) {
            throw OnnxExport.refused(n, "two of its sizes depend on the batch");
        }
        return export.call(
                "Reshape",
                x,
                export.integers(Arrays.stream(sizes).asLongStream().toArray()));
    }

    final String transposed(String x, int... order) {
        return export.call(
                "Transpose",
                List.of(x),
                Map.of("perm", Arrays.stream(order).asLongStream().toArray()));
    }
}
