package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Recurrence;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Recurrent networks of one layer over whole sequences {@code [n, t, in]}: n sequences of t steps. With x the input of a step, h the
 * state before it and h' the state after it:
 *
 * <pre>{@code
 * rnn    h' = tanh(x W + h U + b), or relu
 * gru    r = sigmoid(x Wr + br + h Ur + dr)        h' = (1 - z) c + z h
 *        z = sigmoid(x Wz + bz + h Uz + dz)
 *        c = tanh(x Wc + bc + r (h Uc + dc))
 * lstm   i = sigmoid(x Wi + h Ui + bi)             c' = f c + i g
 *        f = sigmoid(x Wf + h Uf + bf)             h' = o tanh(c')
 *        g = tanh(x Wg + h Ug + bg)
 *        o = sigmoid(x Wo + h Uo + bo)
 * }</pre>
 *
 * <p>The weights of the gates are side by side in one matrix, in the order above, which is PyTorch's: W is {@code [in, k h]}, U {@code
 * [h, k h]} and a bias {@code [k h]}, for k gates. PyTorch's weights are the transposes, and its rnn and lstm have two biases, whose sum is
 * b. The reset gate r of a GRU is applied behind the product with U, as in PyTorch; hence its second bias d.
 *
 * <p>The outputs {@code [n, t, h]} are the states after each step. A sequence of length l ends after l steps: its outputs behind
 * that are 0, what x holds there has no effect, and the last state is that after step l. In reverse, a sequence is
 * taken from step l - 1 to step 0, and its outputs are in the order of x. A bidirectional network is two of them, whose outputs are
 * concatenated along the last axis.
 *
 * <p>Each is one op, which keeps the values of its gates. Only a graph of the gradient, for second derivatives, is composed of
 * ops for each step.
 */
public final class Recurrent {
    private Recurrent() {}

    /** The activation function of {@link #rnn}. */
    public enum Activation {
        /** {@code tanh x}. */
        TANH,
        /** {@code max(x, 0)}. */
        RELU
    }

    /**
     * The result of {@link #rnn} and {@link #gru}.
     *
     * @param outputs the states after each step, {@code [n, t, h]}
     * @param h the state after the last step of each sequence, {@code [n, h]}
     */
    public record Output(Node outputs, Node h) {}

    /**
     * The result of {@link #lstm}.
     *
     * @param outputs the states h after each step, {@code [n, t, h]}
     * @param h the state h after the last step of each sequence, {@code [n, h]}
     * @param c the state c after the last step of each sequence, {@code [n, h]}
     */
    public record LstmOutput(Node outputs, Node h, Node c) {}

    /** A network over sequences [t, n, in], its inputs and outputs as those of {@link Recurrence}. */
    public record Network(Recurrence.Kind kind, RecurrentOptions options) implements Op.Multi {
        @Override
        public String name() {
            return kind == Recurrence.Kind.LSTM ? "lstm" : kind == Recurrence.Kind.GRU ? "gru" : "rnn";
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "outputs" : output == 1 ? "h" : "c";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Recurrence r = Recurrence.of(name(), kind, options.lengths(), x);
            saved.set(r);
            Tensor[] states = r.states();
            return states.length == 1 ? new Tensor[] {r.y(), states[0]} : new Tensor[] {r.y(), states[0], states[1]};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            if (c.y(0).isTracked()) { // the gradient is to be differentiated
                return differentiated(c, gy);
            }
            Tensor[] g =
                    Arrays.stream(gy).map(n -> n == null ? null : n.value()).toArray(Tensor[]::new);
            Tensor[] gx = c.saved(Recurrence.class).gradients(g[0], Arrays.copyOfRange(g, 1, g.length));
            return Arrays.stream(gx).map(Node::constant).toArray(Node[]::new);
        }

        /** Returns the gradients as those of the composition. */
        private Node[] differentiated(Op.Call c, Node... gy) {
            Node[] x = new Node[c.inputs()];
            // nodes of their own: two inputs may be one node, whose gradient would be that of both
            Arrays.setAll(x, i -> c.x(i).reshape(c.x(i).shape().dims()));
            Node[] y = composed(x);
            List<Node> values = new ArrayList<>();
            List<Node> seeds = new ArrayList<>();
            for (int i = 0; i < y.length; i++) {
                if (gy[i] != null) {
                    values.add(y[i].flatten());
                    seeds.add(gy[i].flatten());
                }
            }
            Node all = Node.concat(0, values.toArray(Node[]::new));
            return Derivatives.gradients(all, Node.concat(0, seeds.toArray(Node[]::new)), true, x);
        }

        /** Returns the outputs, composed of ops for each step. */
        private Node[] composed(Node... x) {
            int steps = x[0].shape().dim(0);
            int n = x[0].shape().dim(1);
            int states = kind == Recurrence.Kind.LSTM ? 2 : 1;
            Node[] state = Arrays.copyOfRange(x, x.length - states, x.length);
            Node[] outputs = new Node[steps];
            for (int s = 0; s < steps; s++) {
                double[] runs = new double[n]; // 1 for a sequence that has this step
                for (int i = 0; i < n; i++) {
                    runs[i] = options.lengths() == null || s < options.lengths().get(i) ? 1 : 0;
                }
                Node mask = Node.constant(Tensor.of(Shape.of(n, 1), runs).to(x[0].dtype()));
                Node[] next = step(x, x[0].select(0, s).maskedBy(mask), state);
                outputs[s] = next[0].maskedBy(mask);
                for (int k = 0; k < states; k++) {
                    state[k] = next[k].where(mask, state[k]);
                }
            }
            Node y = Node.stack(0, outputs);
            return states == 1 ? new Node[] {y, state[0]} : new Node[] {y, state[0], state[1]};
        }

        private Node[] step(Node[] x, Node input, Node... state) {
            Node fromInput = input.matmul(x[1]).add(x[3]);
            Node fromState = state[0].matmul(x[2]);
            if (kind == Recurrence.Kind.LSTM) {
                Node sum = fromInput.add(fromState);
                Node kept = gate(sum, 1).sigmoid().mul(state[1]);
                Node c = kept.add(gate(sum, 0).sigmoid().mul(gate(sum, 2).tanh()));
                return new Node[] {gate(sum, 3).sigmoid().mul(c.tanh()), c};
            }
            if (kind == Recurrence.Kind.GRU) {
                fromState = fromState.add(x[4]);
                Node r = gate(fromInput, 0).add(gate(fromState, 0)).sigmoid();
                Node z = gate(fromInput, 1).add(gate(fromState, 1)).sigmoid();
                Node c = gate(fromInput, 2).add(r.mul(gate(fromState, 2))).tanh();
                return new Node[] {c.add(z.mul(state[0].sub(c)))};
            }
            Node sum = fromInput.add(fromState);
            return new Node[] {kind == Recurrence.Kind.RELU ? sum.relu() : sum.tanh()};
        }

        private Node gate(Node all, int g) {
            int h = all.shape().dim(-1) / kind.gates();
            return all.slice(-1, g * h, (g + 1) * h);
        }
    }

    /**
     * Returns a simple RNN with tanh from state 0: {@code [n, t, in], [in, h], [h, h], [h] -> [n, t, h], [n, h]}. PyTorch's {@code RNN}.
     *
     * @throws OperandMismatch if the shapes or number types do not fit
     */
    public static Output rnn(Node x, Node w, Node u, Node b) {
        return rnn(x, w, u, b, Activation.TANH, RecurrentOptions.DEFAULT);
    }

    /**
     * Returns a simple RNN with an activation function and options, from state 0.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or a length is out of range
     */
    public static Output rnn(Node x, Node w, Node u, Node b, Activation activation, RecurrentOptions options) {
        return rnn(activation, options, x, w, u, b);
    }

    /**
     * Returns a simple RNN from a state h, {@code [n, h]}.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or a length is out of range
     */
    public static Output rnn(Node x, Node w, Node u, Node b, Node h, Activation activation, RecurrentOptions options) {
        return rnn(activation, options, x, w, u, b, h);
    }

    private static Output rnn(Activation activation, RecurrentOptions options, Node... in) {
        Objects.requireNonNull(activation, "rnn: activation is null");
        Recurrence.Kind kind = activation == Activation.RELU ? Recurrence.Kind.RELU : Recurrence.Kind.TANH;
        Node[] y = network("rnn", kind, options, new String[] {"x", "w", "u", "b", "h"}, in);
        return new Output(y[0], y[1]);
    }

    /**
     * Returns a GRU from state 0: {@code [n, t, in], [in, 3 h], [h, 3 h], [3 h], [3 h] -> [n, t, h], [n, h]}. Cho et al. 2014. PyTorch's
     * {@code GRU}.
     *
     * @param b the bias of the products with W
     * @param d the bias of the products with U
     * @throws OperandMismatch if the shapes or number types do not fit
     */
    public static Output gru(Node x, Node w, Node u, Node b, Node d) {
        return gru(x, w, u, b, d, RecurrentOptions.DEFAULT);
    }

    /**
     * Returns a GRU with options, from state 0.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or a length is out of range
     */
    public static Output gru(Node x, Node w, Node u, Node b, Node d, RecurrentOptions options) {
        return gru(options, x, w, u, b, d);
    }

    /**
     * Returns a GRU from a state h, {@code [n, h]}.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or a length is out of range
     */
    public static Output gru(Node x, Node w, Node u, Node b, Node d, Node h, RecurrentOptions options) {
        return gru(options, x, w, u, b, d, h);
    }

    private static Output gru(RecurrentOptions options, Node... in) {
        String[] names = {"x", "w", "u", "b", "d", "h"};
        Node[] y = network("gru", Recurrence.Kind.GRU, options, names, in);
        return new Output(y[0], y[1]);
    }

    /**
     * Returns an LSTM from states 0: {@code [n, t, in], [in, 4 h], [h, 4 h], [4 h] -> [n, t, h], [n, h], [n, h]}. Hochreiter and
     * Schmidhuber 1997. PyTorch's {@code LSTM}.
     *
     * @throws OperandMismatch if the shapes or number types do not fit
     */
    public static LstmOutput lstm(Node x, Node w, Node u, Node b) {
        return lstm(x, w, u, b, RecurrentOptions.DEFAULT);
    }

    /**
     * Returns an LSTM with options, from states 0.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or a length is out of range
     */
    public static LstmOutput lstm(Node x, Node w, Node u, Node b, RecurrentOptions options) {
        return lstm(options, x, w, u, b);
    }

    /**
     * Returns an LSTM from states h and c, {@code [n, h]}.
     *
     * @throws OperandMismatch if the shapes or number types do not fit, or a length is out of range
     */
    public static LstmOutput lstm(Node x, Node w, Node u, Node b, Node h, Node c, RecurrentOptions options) {
        return lstm(options, x, w, u, b, h, c);
    }

    private static LstmOutput lstm(RecurrentOptions options, Node... in) {
        String[] names = {"x", "w", "u", "b", "h", "c"};
        Node[] y = network("lstm", Recurrence.Kind.LSTM, options, names, in);
        return new LstmOutput(y[0], y[1], y[2]);
    }

    /**
     * Returns the outputs [n, t, h] and the last states; the inputs are those of {@link Recurrence}, but for x [n, t, in], and for the
     * states, which are 0 if they are missing.
     */
    private static Node[] network(
            String op, Recurrence.Kind kind, RecurrentOptions options, String[] names, Node... in) {
        Objects.requireNonNull(options, () -> op + ": options is null");
        for (int i = 0; i < in.length; i++) {
            int at = i;
            Objects.requireNonNull(in[i], () -> op + ": " + names[at] + " is null");
        }
        requireShapes(op, kind, options, names, in);
        Shape x = in[0].shape();
        int n = x.dim(0);
        int t = x.dim(1);
        int[] inputs = new int[n * t];
        int[] outputs = new int[n * t];
        for (int i = 0; i < n; i++) {
            int length = options.lengths() == null ? t : options.lengths().get(i);
            for (int s = 0; s < t; s++) {
                int position = options.reverse() && s < length ? length - 1 - s : s;
                inputs[s * n + i] = i * t + position;
                outputs[i * t + position] = s * n + i;
            }
        }
        Node[] all = Arrays.copyOf(in, names.length);
        Node zeros = Node.constant(Tensor.zeros(Shape.of(n, in[2].shape().dim(0)), in[0].dtype()));
        Arrays.fill(all, in.length, all.length, zeros);
        all[0] = in[0].reshape(n * t, x.dim(2)).indexSelect(0, inputs).reshape(t, n, x.dim(2));
        Node[] y = Node.outputs(new Network(kind, options), all);
        int h = y[0].shape().dim(2);
        y[0] = y[0].reshape(n * t, h).indexSelect(0, outputs).reshape(n, t, h);
        return y;
    }

    private static void requireShapes(
            String op, Recurrence.Kind kind, RecurrentOptions options, String[] names, Node... in) {
        Object[] labels = new Object[in.length];
        Arrays.setAll(labels, i -> names[i] + " " + in[i].shape());
        Shape x = in[0].shape();
        Shape u = in[2].shape();
        if (x.rank() != 3 || x.dim(1) == 0) {
            throw new OperandMismatch(op, "x must be [n, t, in] with t from 1 up", labels);
        }
        int gates = kind.gates();
        if (u.rank() != 2 || u.dim(0) == 0 || u.dim(1) != (long) gates * u.dim(0)) {
            String form = gates == 1 ? "[h, h]" : "[h, " + gates + " h]";
            boolean transposed = u.rank() == 2 && u.dim(1) > 0 && u.dim(0) == (long) gates * u.dim(1);
            throw new OperandMismatch(op, "u must be " + form + ", not " + u + advice(transposed), labels);
        }
        int k = u.dim(1);
        for (int i = 1; i < in.length; i++) {
            Shape expected =
                    switch (names[i]) {
                        case "w" -> Shape.of(x.dim(2), k);
                        case "u" -> u;
                        case "b", "d" -> Shape.of(k);
                        default -> Shape.of(x.dim(0), u.dim(0));
                    };
            Shape s = in[i].shape();
            if (!s.equals(expected)) {
                boolean transposed = i == 1 && s.equals(Shape.of(k, x.dim(2)));
                throw new OperandMismatch(
                        op, names[i] + " must be " + expected + ", not " + s + advice(transposed), labels);
            }
            if (in[i].dtype() != in[0].dtype()) {
                String why = "x is " + in[0].dtype() + ", " + names[i] + " " + in[i].dtype()
                        + "; convert one, as with .to(" + in[0].dtype() + ")";
                throw new OperandMismatch(op, why, labels);
            }
        }
        if (options.lengths() == null) {
            return;
        }
        if (options.lengths().size() != x.dim(0)) {
            throw new OperandMismatch(op, options.lengths().size() + " lengths for " + x.dim(0) + " sequences", labels);
        }
        for (int i = 0; i < x.dim(0); i++) {
            int length = options.lengths().get(i);
            if (length > x.dim(1)) {
                throw new OperandMismatch(
                        op, "length " + length + " of sequence " + i + " must be from 0 to " + x.dim(1), labels);
            }
        }
    }

    private static String advice(boolean transposed) {
        return transposed ? "; PyTorch's weights are the transposes" : "";
    }
}
