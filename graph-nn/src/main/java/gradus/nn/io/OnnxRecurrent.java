package gradus.nn.io;

import gradus.array.Recurrence;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Indexing;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.Shaping;
import gradus.ops.Recurrent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Recurrent networks, as RNN, GRU and LSTM of one direction. Their weights are initializers in the layout of ONNX, {@code [1, k h, in]}, with the
 * gates in the order of {@link #order}. The ops around a network that put the steps first and back, and reverse them, are part of its operator.
 */
final class OnnxRecurrent extends OnnxWriter {
    /** The names of the outputs, by op: several nodes are outputs of one. */
    private final IdentityHashMap<Op.Multi, List<String>> written = new IdentityHashMap<>();

    OnnxRecurrent(OnnxExport export) {
        super(export);
    }

    /** Returns the position of each gate of ONNX among those of Gradus: z, r, h in r, z, c of a GRU, and i, o, f, c in i, f, g, o of an LSTM. */
    static int[] order(int gates) {
        return gates == 4 ? new int[] {0, 3, 1, 2} : gates == 3 ? new int[] {1, 0, 2} : new int[] {0};
    }

    /** Returns the nodes around a network that its operator computes, too. */
    List<Node> fusedInto(Node n) {
        if (network(n) != null) {
            Node steps = n.inputs().get(0);
            return stepsOf(n) == null
                    ? List.of()
                    : List.of(
                            steps,
                            steps.inputs().get(0),
                            steps.inputs().get(0).inputs().get(0));
        }
        Node y = outputsOf(n);
        return y == null
                ? List.of()
                : List.of(n.inputs().get(0), n.inputs().get(0).inputs().get(0));
    }

    @Override
    String write(Node n, Node x) {
        Recurrent.Network network = network(n);
        if (network != null) {
            Op.Output o = (Op.Output) n.op();
            String y = outputs(n, network).get(o.index());
            Shape s = n.shape();
            return o.index() == 0
                    ? export.call("Reshape", y, export.integers(s.dim(0), -1, s.dim(2)))
                    : export.call("Reshape", y, export.integers(-1, s.dim(1)));
        }
        Node y = outputsOf(n);
        return y == null ? null : transposed(export.name(y), 1, 0, 2);
    }

    private static Recurrent.Network network(Node n) {
        return n.op() instanceof Op.Output o && o.op() instanceof Recurrent.Network network ? network : null;
    }

    // ---- the ops around a network

    /** Returns the sequences {@code [n, t, in]} whose steps an output of a network is computed from, or null. */
    private Node stepsOf(Node n) {
        Node x = rearranged(n.inputs().get(0));
        if (x == null || x.shape().rank() != 3) {
            return null;
        }
        boolean reverse = network(n).options().reverse();
        Node steps = n.inputs().get(0);
        return isRearranged(steps, reverse, true) && isRearranged(export.other(steps), reverse, true) ? x : null;
    }

    /** Returns the first output of a network that a node has in the order of its sequences, or null. */
    private Node outputsOf(Node n) {
        Node y = rearranged(n);
        if (y == null || network(y) == null || ((Op.Output) y.op()).index() != 0) {
            return null;
        }
        boolean reverse = network(y).options().reverse();
        return isRearranged(n, reverse, false) && isRearranged(export.other(n), reverse, false) ? y : null;
    }

    /** Returns what a node is that has rows of another, {@code reshape(take(reshape(x)))}, or null. */
    private static Node rearranged(Node n) {
        if (!(n.op() instanceof Shaping.Reshape)) {
            return null;
        }
        Node taken = n.inputs().get(0);
        if (!(taken.op() instanceof Indexing.Take)) {
            return null;
        }
        Node rows = taken.inputs().get(0);
        return rows.op() instanceof Shaping.Reshape ? rows.inputs().get(0) : null;
    }

    /** Returns whether the first two axes of {@code [n, t, k]} are exchanged, with the steps in order or reversed. */
    private static boolean isRearranged(Node n, boolean reverse, boolean toSteps) {
        Node taken = n.inputs().get(0);
        Shape from = taken.inputs().get(0).inputs().get(0).shape();
        Shape to = n.shape();
        if (to.rank() != 3 || from.dim(0) != to.dim(1) || from.dim(1) != to.dim(0) || from.dim(2) != to.dim(2)) {
            return false;
        }
        int steps = toSteps ? to.dim(0) : to.dim(1);
        int[] positions = OnnxShapes.positions((Indexing.Take) taken.op(), to.size());
        return IntStream.range(0, positions.length).allMatch(at -> {
            int column = at % to.dim(2);
            int second = at / to.dim(2) % to.dim(1);
            int first = at / to.dim(2) / to.dim(1);
            int step = toSteps ? first : second;
            int moved = reverse ? steps - 1 - step : step;
            int row = toSteps ? second * steps + moved : moved * to.dim(0) + first;
            return positions[at] == row * to.dim(2) + column;
        });
    }

    // ---- the operator

    private List<String> outputs(Node n, Recurrent.Network network) {
        Op.Multi op = ((Op.Output) n.op()).op();
        List<String> known = written.get(op);
        if (known == null) {
            known = call(n, network);
            written.put(op, known);
        }
        return known;
    }

    private List<String> call(Node n, Recurrent.Network network) {
        Node x = stepsOf(n);
        List<Node> in = n.inputs();
        boolean gru = network.kind() == Recurrence.Kind.GRU;
        int biases = gru ? 2 : 1;
        if (x == null || network.options().lengths() != null) {
            throw OnnxExport.refused(n, "its sequences have lengths");
        }
        for (Node weight : in.subList(1, 3 + biases)) {
            if (!export.isConstant(weight)) {
                throw OnnxExport.refused(n, "the input has an effect on its weights");
            }
        }
        int h = in.get(2).shape().dim(0);
        int gates = in.get(2).shape().dim(1) / h;
        Node second = gru ? in.get(4) : null;
        List<String> inputs = new ArrayList<>(List.of(
                transposed(export.name(x), 1, 0, 2),
                export.initializer(in.get(1), weight(in.get(1).value(), h, gates)),
                export.initializer(in.get(2), weight(in.get(2).value(), h, gates)),
                export.initializer(
                        in.get(3), bias(in.get(3).value(), second == null ? null : second.value(), h, gates)),
                "")); // no lengths
        for (Node state : in.subList(3 + biases, in.size())) {
            inputs.add(isZero(state) ? "" : export.call("Reshape", export.name(state), export.integers(1, -1, h)));
        }
        while (inputs.get(inputs.size() - 1).isEmpty()) {
            inputs.remove(inputs.size() - 1);
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (network.kind() == Recurrence.Kind.RELU) {
            attributes.put("activations", List.of("Relu"));
        }
        attributes.put("direction", network.options().reverse() ? "reverse" : "forward");
        attributes.put("hidden_size", (long) h);
        if (gru) {
            attributes.put("linear_before_reset", 1L);
        }
        return export.calls(gates == 4 ? "LSTM" : gru ? "GRU" : "RNN", inputs, attributes, gates == 4 ? 3 : 2);
    }

    private boolean isZero(Node state) {
        return export.isConstant(state)
                && Arrays.stream(state.value().toDoubleArray()).allMatch(v -> v == 0)
                && Arrays.stream(export.other(state).value().toDoubleArray()).allMatch(v -> v == 0);
    }

    /** {@code [in, k h] -> [1, k h, in]}, with the gates in ONNX's order. */
    private static Tensor weight(Tensor w, int h, int gates) {
        int[] order = order(gates);
        Tensor[] all = new Tensor[gates];
        Arrays.setAll(all, g -> w.slice(1, order[g] * h, (order[g] + 1) * h));
        return Tensor.concat(1, all).transpose().reshape(1, gates * h, w.shape().dim(0));
    }

    /** {@code [k h] -> [1, 2 k h]}: the bias of the input, then that of the state, or 0. */
    private static Tensor bias(Tensor b, Tensor d, int h, int gates) {
        int[] order = order(gates);
        Tensor second = d == null ? Tensor.zeros(b.shape(), b.dtype()) : d;
        Tensor[] all = new Tensor[2 * gates];
        Arrays.setAll(all, g -> (g < gates ? b : second).slice(0, order[g % gates] * h, (order[g % gates] + 1) * h));
        return Tensor.concat(0, all).reshape(1, 2 * gates * h);
    }
}
