package gradus.nn.io;

import gradus.graph.Node;
import java.util.List;

/** The operators of ONNX that compute what an op computes. */
final class OnnxOps {
    /** In the order in which they are asked. */
    private final List<OnnxWriter> writers;

    private final OnnxFusion fusion;
    private final OnnxRecurrent recurrent;

    OnnxOps(OnnxExport export, Node input) {
        OnnxLayers layers = new OnnxLayers(export, input);
        fusion = new OnnxFusion(export, layers);
        recurrent = new OnnxRecurrent(export);
        writers = List.of(
                recurrent,
                fusion,
                new OnnxElementwise(export),
                new OnnxShapes(export),
                layers,
                new OnnxAttention(export));
    }

    /** Returns the inputs of a node that are computed by its operator, too. */
    List<Node> fusedInto(Node n) {
        List<Node> fused = recurrent.fusedInto(n);
        return fused.isEmpty() ? fusion.fusedInto(n) : fused;
    }

    /** Adds the operators of a node and returns the name of the output. */
    String write(Node n) {
        for (OnnxWriter writer : writers) {
            String y = writer.write(n, n.inputs().get(0));
            if (y != null) {
                return y;
            }
        }
        throw unknown(n.op().name());
    }

    static IllegalArgumentException unknown(String op) {
        return new IllegalArgumentException(
                "Onnx.export: " + op + " cannot be expressed in ONNX (opset " + OnnxGraph.OPSET + ")");
    }
}
