package gradus.nn;

import gradus.array.OperandMismatch;
import gradus.graph.Node;
import gradus.ops.Recurrent;
import gradus.ops.RecurrentOptions;
import java.util.List;

/**
 * The simple recurrent network over sequences, {@code [n, t, in] -> [n, t, hidden]}, the states h after each step: {@code h' = tanh(x W + h
 * U + b)} with x the input of a step, h the state before it and h' the state after it.
 *
 * <p>Parameters of layer 0: {@code inputWeight0 [in, hidden]}, W, {@code hiddenWeight0 [hidden, hidden]}, U, and {@code bias0 [hidden]}; of
 * its reverse direction {@code inputWeight0Reverse} and so on; layer 1 and those after it have as many inputs as the layer before has
 * outputs. All are drawn from U(±1/sqrt(hidden)).
 *
 * <p>Elman 1990. PyTorch's {@code RNN} with {@code batch_first=True}, whose weights are the transposes, and whose two biases are one here,
 * their sum.
 *
 * <p>With a {@link Cache} the state continues.
 */
public final class Rnn extends RecurrentLayer<Rnn> {
    /**
     * The result of {@link Rnn#run}.
     *
     * @param outputs the states of the last layer after each step, {@code [n, t, hidden]}; {@code [n, t, 2 hidden]} if bidirectional
     * @param h the states of each layer after the last step of each sequence, {@code [layers, n, hidden]}; if bidirectional, {@code [2
     *     layers, n, hidden]}, the two directions of a layer one after the other
     */
    public record Output(Node outputs, Node h) {}

    private Recurrent.Activation activation = Recurrent.Activation.TANH;

    /**
     * Returns one layer in one direction.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public Rnn(int in, int hidden) {
        super(in, hidden, 1, 1, "inputWeight", "hiddenWeight", "bias");
    }

    /** Takes relu in place of tanh. PyTorch's {@code nonlinearity='relu'}. Returns this layer. */
    public Rnn relu() {
        requireUnused("relu");
        activation = Recurrent.Activation.RELU;
        return this;
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
                ? Recurrent.rnn(x, p[0], p[1], p[2], activation, options)
                : Recurrent.rnn(x, p[0], p[1], p[2], initial[0], activation, options);
        return new Node[] {y.outputs(), y.h()};
    }

    @Override
    public String toString() {
        return super.toString() + (activation == Recurrent.Activation.RELU ? " with relu" : "");
    }
}
