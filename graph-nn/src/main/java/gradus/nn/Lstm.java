package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import gradus.ops.Recurrent;
import gradus.ops.RecurrentOptions;
import java.util.List;

/**
 * Long short-term memory over sequences, {@code [n, t, in] -> [n, t, hidden]}, the states h after each step: with x the input of a step, h
 * and c the states before it and h' and c' those after it,
 *
 * <pre>{@code
 * i = sigmoid(x Wi + h Ui + bi)     c' = f c + i g
 * f = sigmoid(x Wf + h Uf + bf)     h' = o tanh(c')
 * g = tanh(x Wg + h Ug + bg)
 * o = sigmoid(x Wo + h Uo + bo)
 * }</pre>
 *
 * <p>Parameters of layer 0, with the gates side by side in the order i, f, g, o: {@code inputWeight0 [in, 4 hidden]}, W, {@code
 * hiddenWeight0 [hidden, 4 hidden]}, U, and {@code bias0 [4 hidden]}; of its reverse direction {@code inputWeight0Reverse} and so on; layer
 * 1 and those after it have as many inputs as the layer before has outputs. All are drawn from U(±1/sqrt(hidden)).
 *
 * <p>Hochreiter and Schmidhuber 1997. PyTorch's {@code LSTM} with {@code batch_first=True}, whose weights are the transposes, and whose two
 * biases are one here, their sum.
 *
 * <p>With a {@link Cache} the states continue.
 */
public final class Lstm extends RecurrentLayer<Lstm> {
    /**
     * The result of {@link Lstm#run}.
     *
     * @param outputs the states h of the last layer after each step, {@code [n, t, hidden]}; {@code [n, t, 2 hidden]} if bidirectional
     * @param h the states h of each layer after the last step of each sequence, {@code [layers, n, hidden]}; if bidirectional, {@code [2
     *     layers, n, hidden]}, the two directions of a layer one after the other
     * @param c the states c, likewise
     */
    public record Output(Node outputs, Node h, Node c) {}

    /**
     * Returns one layer in one direction.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Lstm(int in, int hidden) {
        super(in, hidden, 4, 2, "inputWeight", "hiddenWeight", "bias");
    }

    /**
     * Returns the outputs and last states, from states 0.
     *
     * @param options the lengths of the sequences, behind which outputs are 0: {@code RecurrentOptions.DEFAULT.lengths(5, 3)}
     * @throws OperandMismatch if x is not {@code [n, t, in]}, or a length is out of range
     */
    public Output run(Node x, RecurrentOptions options, Pass pass) {
        return output(outputs(required(x, "x"), List.of(), required(options, "options"), required(pass, "pass")));
    }

    /**
     * Returns the outputs and last states, from states h and c in the form of those of an {@link Output}.
     *
     * @throws OperandMismatch if x is not {@code [n, t, in]}, a state does not fit, or a length is out of range
     * @throws IllegalStateException if the pass has a cache, which holds the states
     */
    public Output run(Node x, Node h, Node c, RecurrentOptions options, Pass pass) {
        List<Node> initial = List.of(required(h, "h"), required(c, "c"));
        return output(outputs(required(x, "x"), initial, required(options, "options"), required(pass, "pass")));
    }

    private static Output output(Node... all) {
        return new Output(all[0], all[1], all[2]);
    }

    @Override
    Node[] network(Node x, Node[] p, Node[] initial, RecurrentOptions options) {
        Recurrent.LstmOutput y = initial.length == 0
                ? Recurrent.lstm(x, p[0], p[1], p[2], options)
                : Recurrent.lstm(x, p[0], p[1], p[2], initial[0], initial[1], options);
        return new Node[] {y.outputs(), y.h(), y.c()};
    }
}
