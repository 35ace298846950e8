package gradus.nn.io;

import static gradus.nn.io.OnnxOperator.INTEGERS;
import static gradus.nn.io.OnnxOperator.NUMBERS;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.ops.Recurrent;
import gradus.ops.RecurrentOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** RNN, GRU and LSTM of a file that is loaded, in one direction or two. */
final class OnnxRecurrentOperators {
    private OnnxRecurrentOperators() {}

    static void addTo(Map<String, OnnxOperator> all) {
        all.put("RNN", operator(1, "Tanh"));
        all.put("GRU", operator(3, "Sigmoid", "Tanh"));
        all.put("LSTM", operator(4, "Sigmoid", "Tanh", "Tanh"));
    }

    private static OnnxOperator operator(int gates, String... activations) {
        List<String> inputs =
                new ArrayList<>(List.of(NUMBERS, NUMBERS, NUMBERS, NUMBERS + "?", INTEGERS + "?", NUMBERS + "?"));
        Map<String, Object> attributes = new TreeMap<>();
        attributes.put("activations", List.class);
        attributes.put("direction", "forward");
        attributes.put("hidden_size", Long.class);
        attributes.put("layout", 0L);
        if (gates == 3) {
            attributes.put("linear_before_reset", 0L);
        } else if (gates == 4) {
            attributes.put("input_forget", 0L);
            inputs.add(NUMBERS + "?");
        }
        return new OnnxOperator(
                inputs, NUMBERS, gates == 4 ? 3 : 2, attributes, c -> compute(c, gates, List.of(activations)));
    }

    private static Object compute(OnnxCall c, int gates, List<String> activations) {
        Node x = c.node(0); // [t, n, in]
        Shape w = c.node(1).shape();
        Shape r = c.node(2).shape();
        String direction = c.text("direction");
        int directions = direction.equals("bidirectional") ? 2 : 1;
        int h = r.rank() == 3 ? r.dim(2) : 0;
        c.require(x.shape().rank() == 3, "the input is " + x.shape() + ", not [steps, n, in]");
        c.require(
                w.equals(Shape.of(directions, gates * h, x.shape().dim(2)))
                        && r.equals(Shape.of(directions, gates * h, h)),
                "the weights are " + w + " and " + r + " for the input " + x.shape());
        c.require(
                !c.has(3) || c.node(3).shape().equals(Shape.of(directions, 2 * gates * h)),
                "the bias is not " + Shape.of(directions, 2 * gates * h));
        c.require(!c.has(4), "sequence_lens is not supported");
        c.require(!c.hasAttribute("hidden_size") || c.integer("hidden_size") == h, "hidden_size is not " + h);
        c.requireAttribute("layout", 0L);
        c.requireAttribute("input_forget", 0L);
        c.require(gates != 3 || c.flag("linear_before_reset"), "attribute linear_before_reset is 0; 1 is supported");
        boolean relu = isRelu(c, gates, directions, activations);
        Node sequences = x.permute(1, 0, 2);
        Node[] y = new Node[directions];
        Node[][] last = new Node[gates == 4 ? 2 : 1][directions];
        for (int d = 0; d < directions; d++) {
            boolean reverse = d == 1 || direction.equals("reverse");
            Node[] result = network(c, sequences, gates, h, d, relu, RecurrentOptions.DEFAULT.reverse(reverse));
            y[d] = result[0].permute(1, 0, 2);
            for (int k = 0; k < last.length; k++) {
                last[k][d] = result[k + 1];
            }
        }
        List<Object> all = new ArrayList<>(List.of(Node.stack(1, y)));
        for (Node[] state : last) {
            all.add(Node.stack(0, state));
        }
        return all;
    }

    private static boolean isRelu(OnnxCall c, int gates, int directions, List<String> activations) {
        List<String> expected = new ArrayList<>();
        List<String> relu = new ArrayList<>();
        for (int d = 0; d < directions; d++) {
            expected.addAll(activations);
            relu.add("Relu");
        }
        List<?> given = c.hasAttribute("activations") ? c.texts("activations") : expected;
        boolean isRelu = gates == 1 && given.equals(relu);
        c.require(
                isRelu || given.equals(expected),
                "attribute activations is " + given + "; " + expected + (gates == 1 ? " and " + relu + " are" : " is")
                        + " supported");
        return isRelu;
    }

    private static Node[] network(OnnxCall c, Node x, int gates, int h, int d, boolean relu, RecurrentOptions options) {
        Node w = weight(c.node(1), gates, h, d);
        Node u = weight(c.node(2), gates, h, d);
        Node both = c.has(3) ? c.node(3).select(0, d) : Node.constant(Tensor.zeros(Shape.of(2 * gates * h), x.dtype()));
        Node b = inOrder(both, gates, h, 0);
        Node second = inOrder(both, gates, h, gates * h);
        Node zeros = Node.constant(Tensor.zeros(Shape.of(x.shape().dim(0), h), x.dtype()));
        Node initial = c.has(5) ? c.node(5).select(0, d) : zeros;
        if (gates == 4) {
            Node cell = c.has(6) ? c.node(6).select(0, d) : zeros;
            Recurrent.LstmOutput y = Recurrent.lstm(x, w, u, b.add(second), initial, cell, options);
            return new Node[] {y.outputs(), y.h(), y.c()};
        }
        Recurrent.Output y = gates == 3
                ? Recurrent.gru(x, w, u, b, second, initial, options)
                : Recurrent.rnn(
                        x,
                        w,
                        u,
                        b.add(second),
                        initial,
                        relu ? Recurrent.Activation.RELU : Recurrent.Activation.TANH,
                        options);
        return new Node[] {y.outputs(), y.h()};
    }

    /** {@code [directions, k h, in] -> [in, k h]}, with the gates in the order of Gradus. */
    private static Node weight(Node all, int gates, int h, int d) {
        return inOrder(all.select(0, d), gates, h, 0).transpose();
    }

    private static Node inOrder(Node x, int gates, int h, int from) {
        int[] order = OnnxRecurrent.order(gates);
        Node[] parts = new Node[gates];
        for (int g = 0; g < gates; g++) {
            parts[order[g]] = x.slice(0, from + g * h, from + (g + 1) * h);
        }
        return Node.concat(0, parts);
    }
}
