package gradus.array;

import java.util.Arrays;

/**
 * {@link Recurrence} over double arrays: what all kinds have in common. An array of a gate is [t, n, h]; one of a state is [t + 1,
 * n, h], the state before the first step in front.
 *
 * <p>Threads divide the sequences, each takes all steps of some of them. The divisions do not depend on the number of threads.
 */
abstract class Recurrence64 {
    static final Loops64.Map SIGMOID = Loops.F64.map(UnaryFunction.SIGMOID);
    static final Loops64.Map TANH = Loops.F64.map(UnaryFunction.TANH);
    static final Loops64.Zip ADD = Loops.F64.zip(BinaryFunction.ADD);
    static final Loops64.Zip SUB = Loops.F64.zip(BinaryFunction.SUB);
    static final Loops64.Zip MUL = Loops.F64.zip(BinaryFunction.MUL);
    static final Loops64.Zip TANH_GRADIENT = Loops.F64.zip(BinaryFunction.TANH_GRADIENT);
    static final Loops64.Zip SIGMOID_GRADIENT = Loops.F64.zip(BinaryFunction.SIGMOID_GRADIENT);

    /** Sequences that a thread takes, at least. */
    private static final int SEQUENCES = 8;
    /** Multiply-adds from which sequences are divided among threads. */
    private static final long LARGE = 1 << 19;

    final Recurrence.Sizes sizes;
    final int n;
    final int h;
    /** The values of the gates: sums of products at first, then functions of these. */
    final double[][] gates;
    /** The states h. */
    final double[] hs;

    private final double[] x;
    private final double[] w;
    private final double[][] u;

    Recurrence64(int gateCount, Recurrence.Sizes sizes, Tensor... in) {
        this.sizes = sizes;
        n = sizes.n();
        h = sizes.h();
        x = withoutPadding(Tensor64.data(in[0]));
        w = Tensor64.data(in[1]);
        u = parts(gateCount, h, Tensor64.data(in[2]));
        gates = new double[gateCount][sizes.steps() * n * h];
        hs = states(in[in.length - (gateCount == 4 ? 2 : 1)]);
    }

    /** Returns x with zeros behind the end of each sequence, so that nothing there, such as NaN, has an effect. */
    private double[] withoutPadding(double[] all) {
        if (sizes.lengths() == null) {
            return all;
        }
        double[] y = new double[all.length];
        for (int row = 0; row < sizes.steps() * n; row++) {
            if (sizes.has(row % n, row / n)) {
                System.arraycopy(all, row * sizes.in(), y, row * sizes.in(), sizes.in());
            }
        }
        return y;
    }

    static Recurrence64 of(Recurrence.Kind kind, Recurrence.Sizes sizes, Tensor... in) {
        return switch (kind) {
            case TANH -> new Rnn64(false, sizes, in);
            case RELU -> new Rnn64(true, sizes, in);
            case GRU -> new Gru64(sizes, in);
            case LSTM -> new Lstm64(sizes, in);
        };
    }

    /** Computes a step of some sequences: elements from an offset on, of gates and of the states before it. */
    abstract void step(int at, int rows, double[] t);

    /** Returns the state that besides h is kept over steps, or null. */
    abstract double[] cells();

    /**
     * Computes the gradients of the gates at a step of some sequences.
     *
     * @param gh the gradient of h after the step; that of h before it is written, but for what comes from the gates
     * @param gc that of the other state, or null
     */
    abstract void stepBack(int at, int rows, double[][] gz, double[] gh, double[] gc, double[] t);

    /** Returns the gradients of the biases, given those of the gates. */
    abstract Tensor[] biases(double[][] gz);

    /** Returns the gradients of the products with U, given those of the sums: the same, but for a GRU. */
    double[][] recurrent(double[][] gz) {
        return gz;
    }

    /** Returns the array of a state, with the first one. */
    final double[] states(Tensor first) {
        return Arrays.copyOf(Tensor64.data(first), (sizes.steps() + 1) * n * h);
    }

    /** Adds a bias to all rows of a gate. */
    final void addBias(double[] bias, int g, double[] gate) {
        for (int r = 0; r < gate.length; r += h) {
            ADD.run(h, gate, r, 1, bias, g * h, 1, gate, r);
        }
    }

    /** Adds the product of states and a gate's part of U. */
    final void addProduct(int at, int rows, int g, double[] to) {
        Loops.MATMUL64.product(rows, h, h, hs, at, false, u[g], 0, false, to, at);
    }

    /** Writes the result and the last states. */
    final void forward(double[] y, Tensor... last) {
        double[][] parts = parts(gates.length, sizes.in(), w);
        for (int g = 0; g < gates.length; g++) {
            Loops.MATMUL64.product(sizes.steps() * n, h, sizes.in(), x, 0, false, parts[g], 0, false, gates[g], 0);
        }
        split((from, to) -> {
            int rows = to - from;
            double[] t = new double[rows * h];
            for (int s = 0; s < sizes.steps(); s++) {
                int at = (s * n + from) * h;
                step(at, rows, t);
                System.arraycopy(hs, at + n * h, y, at, rows * h);
                for (int i = from; i < to; i++) {
                    int row = (s * n + i) * h;
                    if (!sizes.has(i, s)) {
                        Arrays.fill(y, row, row + h, 0);
                        System.arraycopy(hs, row, hs, row + n * h, h);
                        if (cells() != null) {
                            System.arraycopy(cells(), row, cells(), row + n * h, h);
                        }
                    }
                }
            }
        });
        System.arraycopy(hs, sizes.steps() * n * h, Tensor64.data(last[0]), 0, n * h);
        if (last.length > 1) {
            System.arraycopy(cells(), sizes.steps() * n * h, Tensor64.data(last[1]), 0, n * h);
        }
    }

    final Tensor[] gradients(Tensor gy, Tensor... last) {
        int k = gates.length;
        double[][] gz = new double[k + (this instanceof Gru64 ? 1 : 0)][gates[0].length];
        double[][] transposed = new double[k][h * h];
        for (int g = 0; g < k; g++) {
            Transpose64.transpose(h, h, u[g], 0, h, transposed[g], 0, h);
        }
        double[] gh =
                last[0] == null ? new double[n * h] : Tensor64.data(last[0]).clone();
        double[] gc = cells() == null
                ? null
                : last[1] == null ? new double[n * h] : Tensor64.data(last[1]).clone();
        split((from, to) -> back(from, to, gz, transposed, gy == null ? null : Tensor64.data(gy), gh, gc));
        double[][] gu = recurrent(gz);
        int total = sizes.steps() * n;
        int in = sizes.in();
        double[] gx = new double[total * in];
        double[] gw = new double[in * k * h];
        double[] gr = new double[h * k * h];
        double[][] parts = parts(k, in, w);
        for (int g = 0; g < k; g++) {
            Loops.MATMUL64.product(total, in, h, gz[g], 0, false, parts[g], 0, true, gx, 0);
            double[] part = new double[in * h];
            Loops.MATMUL64.product(in, h, total, x, 0, true, gz[g], 0, false, part, 0);
            join(part, g, gw);
            part = new double[h * h];
            Loops.MATMUL64.product(h, h, total, hs, 0, true, gu[g], 0, false, part, 0);
            join(part, g, gr);
        }
        Tensor[] biases = biases(gz);
        Tensor[] all = new Tensor[3 + biases.length + (gc == null ? 1 : 2)];
        all[0] = new Tensor64(Shape.of(sizes.steps(), n, in), gx);
        all[1] = new Tensor64(Shape.of(in, k * h), gw);
        all[2] = new Tensor64(Shape.of(h, k * h), gr);
        System.arraycopy(biases, 0, all, 3, biases.length);
        all[3 + biases.length] = new Tensor64(Shape.of(n, h), gh);
        if (gc != null) {
            all[4 + biases.length] = new Tensor64(Shape.of(n, h), gc);
        }
        return all;
    }

    /** Goes back through all steps of some sequences; gh and gc are the gradients of the last states, and then of the first. */
    private void back(int from, int to, double[][] gz, double[][] transposed, double[] gy, double[] gh, double[] gc) {
        int rows = to - from;
        int first = from * h;
        double[] t = new double[rows * h];
        double[] dh = Arrays.copyOfRange(gh, first, first + rows * h);
        double[] dc = gc == null ? null : Arrays.copyOfRange(gc, first, first + rows * h);
        double[] keptH = sizes.lengths() == null ? null : new double[rows * h];
        double[] keptC = sizes.lengths() == null || dc == null ? null : new double[rows * h];
        double[][] gu = recurrent(gz);
        for (int s = sizes.steps() - 1; s >= 0; s--) {
            int at = (s * n + from) * h;
            if (keptH != null) {
                System.arraycopy(dh, 0, keptH, 0, rows * h);
            }
            if (keptC != null) {
                System.arraycopy(dc, 0, keptC, 0, rows * h);
            }
            if (gy != null) {
                ADD.run(rows * h, dh, 0, 1, gy, at, 1, dh, 0);
            }
            stepBack(at, rows, gz, dh, dc, t);
            for (int g = 0; g < gates.length; g++) {
                Loops.MATMUL64.product(rows, h, h, gu[g], at, false, transposed[g], 0, false, dh, 0);
            }
            for (int i = from; keptH != null && i < to; i++) {
                if (!sizes.has(i, s)) {
                    int row = (i - from) * h;
                    System.arraycopy(keptH, row, dh, row, h);
                    if (keptC != null) {
                        System.arraycopy(keptC, row, dc, row, h);
                    }
                    for (double[] g : gz) {
                        Arrays.fill(g, at + row, at + row + h, 0);
                    }
                }
            }
        }
        System.arraycopy(dh, 0, gh, first, rows * h);
        if (gc != null) {
            System.arraycopy(dc, 0, gc, first, rows * h);
        }
    }

    /** Returns the sums over all rows of gates, side by side. */
    final Tensor sums(double[]... gz) {
        double[] y = new double[gates.length * h];
        double[] sums = new double[h];
        for (int g = 0; n > 0 && g < gates.length; g++) {
            Reduce64.columns(Reduction.SUM, sizes.steps() * n, h, gz[g], sums);
            System.arraycopy(sums, 0, y, g * h, h);
        }
        return new Tensor64(Shape.of(y.length), y);
    }

    private void split(Workers.Body body) {
        int parts = Math.max(1, n / SEQUENCES);
        boolean large = (double) sizes.steps() * n * h * h * gates.length > LARGE;
        Workers.split(parts, large, (from, to) -> body.run(from * SEQUENCES, to == parts ? n : to * SEQUENCES));
    }

    /** Returns the columns of each gate of a matrix [m, gates h]. */
    private double[][] parts(int k, int m, double[] matrix) {
        double[][] parts = new double[k][m * h];
        for (int g = 0; g < k; g++) {
            for (int i = 0; i < m; i++) {
                System.arraycopy(matrix, (i * k + g) * h, parts[g], i * h, h);
            }
        }
        return parts;
    }

    /** Writes the columns of a gate into a matrix [m, gates h]. */
    private void join(double[] part, int g, double[] matrix) {
        for (int i = 0; i * h < part.length; i++) {
            System.arraycopy(part, i * h, matrix, (i * gates.length + g) * h, h);
        }
    }
}
