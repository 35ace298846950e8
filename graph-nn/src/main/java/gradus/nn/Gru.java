package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import gradus.ops.Recurrent;
import gradus.ops.RecurrentOptions;
import java.util.List;

/**
 * Gated recurrent units over sequences, {@code [n, t, in] -> [n, t, hidden]}, the states h after each step: with x the input of a step, h
 * the state before it and h' the state after it,
 *
 * <pre>{@code
 * r = sigmoid(x Wr + br + h Ur + dr)     h' = (1 - z) c + z h
 * z = sigmoid(x Wz + bz + h Uz + dz)
 * c = tanh(x Wc + bc + r (h Uc + dc))
 * }</pre>
 *
 * <p>Parameters of layer 0, with the gates side by side in the order r, z, c: {@code inputWeight0 [in, 3 hidden]}, W, {@code hiddenWeight0
 * [hidden, 3 hidden]}, U, {@code inputBias0 [3 hidden]}, b, and {@code hiddenBias0 [3 hidden]}, d; of its reverse direction {@code
 * inputWeight0Reverse} and so on; layer 1 and those after it have as many inputs as the layer before has outputs. All are drawn
 * from U(±1/sqrt(hidden)).
 *
 * <p>Cho et al. 2014. PyTorch's {@code GRU} with {@code batch_first=True}, whose weights are the transposes.
 *
 * <p>With a {@link Cache} the state continues.
 */
public final class Gru extends RecurrentLayer<Gru> {
    /**
     * The result of {@link Gru#run}.
     *
     * @param outputs the states of the last layer after each step, {@code [n, t, hidden]}; {@code [n, t, 2 hidden]} if bidirectional
     * @param h the states of each layer after the last step of each sequence, {@code [layers, n, hidden]}; if bidirectional, {@code [2
     *     layers, n, hidden]}, the two directions of a layer one after the other
     */
    public record Output(Node outputs, Node h) {}

    /**
     * Returns one layer in one direction.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Gru(int in, int hidden) {
        super(in, hidden, 3, 1, "inputWeight", "hiddenWeight", "inputBias", "hiddenBias");
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
     * Returns the outputs and last states, from states h in the form of those of an {@link Output}.
     *
     * @throws OperandMismatch if x is not {@code [n, t, in]}, h does not fit, or a length is out of range
     * @throws IllegalStateException if the pass has a cache, which holds the states
     */
    public Output run(Node x, Node h, RecurrentOptions options, Pass pass) {
        List<Node> initial = List.of(required(h, "h"));
        return output(outputs(required(x, "x"), initial, required(options, "options"), required(pass, "pass")));
    }

    private static Output output(Node... all) {
        return new Output(all[0], all[1]);
    }

    @Override
    Node[] network(Node x, Node[] p, Node[] initial, RecurrentOptions options) {
        Recurrent.Output y = initial.length == 0
                ? Recurrent.gru(x, p[0], p[1], p[2], p[3], options)
                : Recurrent.gru(x, p[0], p[1], p[2], p[3], initial[0], options);
        return new Node[] {y.outputs(), y.h()};
    }
}
