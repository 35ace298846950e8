package gradus.array;

/**
 * A recurrent network of one layer over whole sequences, computed and kept for its gradients. Sequences are time-major, [t, n, in]:
 * step s of all n sequences is one matrix. With x the input of a step and h the state before it, the state after it is
 *
 * <pre>{@code
 * RNN   h' = tanh(x W + b + h U), or relu
 * GRU   r = sigmoid(x Wr + br + h Ur + dr)        h' = (1 - z) c + z h
 *       z = sigmoid(x Wz + bz + h Uz + dz)
 *       c = tanh(x Wc + bc + r (h Uc + dc))
 * LSTM  i = sigmoid(x Wi + bi + h Ui)             c' = f c + i g
 *       f = sigmoid(x Wf + bf + h Uf)             h' = o tanh(c')
 *       g = tanh(x Wg + bg + h Ug)
 *       o = sigmoid(x Wo + bo + h Uo)
 * }</pre>
 *
 * <p>The weights of the gates are side by side: W is [in, gates h], U [h, gates h], biases [gates h], in the order r, z, c and i, f,
 * g, o. The products of all steps with W are one product; a step multiplies with U alone. For that, and for the loops over
 * gates, the matrices of each gate are copied apart, so that the values of a gate are contiguous.
 *
 * <p>A sequence of length l has l steps; after them its state stays, and its outputs are 0.
 */
public final class Recurrence {
    /** The kinds of networks. */
    public enum Kind {
        /** A simple RNN with tanh. */
        TANH(1),
        /** A simple RNN with relu. */
        RELU(1),
        /** A gated recurrent unit. Cho et al. 2014, with the reset gate behind the product, as in cuDNN and PyTorch. */
        GRU(3),
        /** Long short-term memory. Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. */
        LSTM(4);

        private final int gates;

        Kind(int gates) {
            this.gates = gates;
        }

        /** Returns the number of gates, by which the weights of a state of size h are h wide each. */
        public int gates() {
            return gates;
        }

        /** Returns the number of inputs: x, W, U, the biases, of which a GRU has two, and the states, of which an LSTM has two. */
        public int inputs() {
            return this == TANH || this == RELU ? 5 : 6;
        }
    }

    private final Tensor y;
    private final Tensor[] states;
    private final Recurrence64 wide;
    private final Recurrence32 single;

    private Recurrence(Tensor y, Tensor[] states, Recurrence64 wide, Recurrence32 single) {
        this.y = y;
        this.states = states;
        this.wide = wide;
        this.single = single;
    }

    /**
     * Computes a network.
     *
     * @param op the name that errors show
     * @param lengths the number of steps of each sequence, or null if all have t
     * @param in x [t, n, in], W, U, b, for a GRU d, and the state h [n, h] before the first step, for an LSTM c, too
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Recurrence of(String op, Kind kind, Ints lengths, Tensor... in) {
        Arguments.nonNull(op, "of", "op");
        Arguments.nonNull(kind, op, "kind");
        Arguments.nonNull(in, op, "in");
        for (Tensor t : in) {
            Arguments.nonNull(t, op, "an input");
        }
        Sizes sizes = sizes(op, kind, lengths, in);
        Tensor x = in[0];
        Shape state = Shape.of(sizes.n, sizes.h);
        Tensor y = x.newZeros(Shape.of(sizes.steps, sizes.n, sizes.h));
        Tensor[] states = new Tensor[kind == Kind.LSTM ? 2 : 1];
        for (int i = 0; i < states.length; i++) {
            states[i] = x.newZeros(state);
        }
        if (x instanceof Tensor64) {
            Recurrence64 r = Recurrence64.of(kind, sizes, in);
            r.forward(Tensor64.data(y), states);
            return new Recurrence(y, states, r, null);
        }
        Recurrence32 r = Recurrence32.of(kind, sizes, in);
        r.forward(Tensor32.data(y), states);
        return new Recurrence(y, states, null, r);
    }

    /** Returns the states after each step, {@code [t, n, h]}, and 0 after the last step of a sequence. */
    public Tensor y() {
        return y;
    }

    /** Returns the states {@code [n, h]} after the last step of each sequence: h, and c for an LSTM. */
    public Tensor[] states() {
        return states.clone();
    }

    /**
     * Returns the gradients of all inputs.
     *
     * @param gy the gradient of {@link #y}, or null for zeros
     * @param states those of the states, or null for zeros
     */
    public Tensor[] gradients(Tensor gy, Tensor... states) {
        Arguments.nonNull(states, "gradients", "states");
        return wide != null ? wide.gradients(gy, states) : single.gradients(gy, states);
    }

    /**
     * The sizes of a network.
     *
     * @param lengths the number of steps of each sequence, or null
     */
    record Sizes(int steps, int n, int in, int h, Ints lengths) {
        /** Returns whether sequence i has a step. */
        boolean has(int i, int step) {
            return lengths == null || step < lengths.get(i);
        }
    }

    private static Sizes sizes(String op, Kind kind, Ints lengths, Tensor... in) {
        Object[] shapes = new Object[in.length];
        for (int i = 0; i < in.length; i++) {
            shapes[i] = in[i].shape();
            if (in[i].dtype() != in[0].dtype()) {
                throw new OperandMismatch(op, Indexing.mixed(in[0], in[i]), in[0].shape(), in[i].shape());
            }
        }
        if (in.length != kind.inputs()
                || in[0].shape().rank() != 3
                || in[2].shape().rank() != 2) {
            throw new OperandMismatch(op, kind + " takes " + kind.inputs() + " inputs, x [t, n, in] first", shapes);
        }
        Shape x = in[0].shape();
        int h = in[2].shape().dim(0);
        int width = kind.gates * h;
        Shape bias = Shape.of(width);
        Shape state = Shape.of(x.dim(1), h);
        Shape[] expected = {
            x, Shape.of(x.dim(2), width), Shape.of(h, width), bias, kind == Kind.GRU ? bias : state, state
        };
        for (int i = 0; i < in.length; i++) {
            if (!in[i].shape().equals(expected[i])) {
                throw new OperandMismatch(op, "input " + i + " must be " + expected[i], shapes);
            }
        }
        if (lengths != null && lengths.size() != x.dim(1)) {
            throw new OperandMismatch(op, lengths.size() + " lengths for " + x.dim(1) + " sequences", shapes);
        }
        return new Sizes(x.dim(0), x.dim(1), x.dim(2), h, lengths);
    }
}
