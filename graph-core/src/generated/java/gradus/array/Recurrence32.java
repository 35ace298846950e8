package gradus.array;

import java.util.Arrays;

/**
 * {@link Recurrence} over float arrays: what all kinds have in common. An array of a gate is [t, n, h]; one of a state is [t + 1,
 * n, h], the state before the first step in front.
 *
 * <p>Threads divide the sequences, each takes all steps of some of them. The divisions do not depend on the number of threads.
 */
// Made from its twin ending in 64 by Twins; edit that one.
abstract class Recurrence32 {
    static final Loops32.Map SIGMOID = Loops.F32.map(UnaryFunction.SIGMOID);
    static final Loops32.Map TANH = Loops.F32.map(UnaryFunction.TANH);
    static final Loops32.Zip ADD = Loops.F32.zip(BinaryFunction.ADD);
    static final Loops32.Zip SUB = Loops.F32.zip(BinaryFunction.SUB);
    static final Loops32.Zip MUL = Loops.F32.zip(BinaryFunction.MUL);
    static final Loops32.Zip TANH_GRADIENT = Loops.F32.zip(BinaryFunction.TANH_GRADIENT);
    static final Loops32.Zip SIGMOID_GRADIENT = Loops.F32.zip(BinaryFunction.SIGMOID_GRADIENT);

    /** Sequences that a thread takes, at least. */
    private static final int SEQUENCES = 8;
    /** Multiply-adds from which sequences are divided among threads. */
    private static final long LARGE = 1 << 19;

    final Recurrence.Sizes sizes;
    final int n;
    final int h;
    /** The values of the gates: sums of products at first, then functions of these. */
    final float[][] gates;
    /** The states h. */
    final float[] hs;

    private final float[] x;
    private final float[] w;
    private final float[][] u;

    Recurrence32(int gateCount, Recurrence.Sizes sizes, Tensor... in) {
        this.sizes = sizes;
        n = sizes.n();
        h = sizes.h();
        x = withoutPadding(Tensor32.data(in[0]));
        w = Tensor32.data(in[1]);
        u = parts(gateCount, h, Tensor32.data(in[2]));
        gates = new float[gateCount][sizes.steps() * n * h];
        hs = states(in[in.length - (gateCount == 4 ? 2 : 1)]);
    }

    /** Returns x with zeros behind the end of each sequence, so that nothing there, such as NaN, has an effect. */
    private float[] withoutPadding(float[] all) {
        if (sizes.lengths() == null) {
            return all;
        }
        float[] y = new float[all.length];
        for (int row = 0; row < sizes.steps() * n; row++) {
            if (sizes.has(row % n, row / n)) {
                System.arraycopy(all, row * sizes.in(), y, row * sizes.in(), sizes.in());
            }
        }
        return y;
    }

    static Recurrence32 of(Recurrence.Kind kind, Recurrence.Sizes sizes, Tensor... in) {
        return switch (kind) {
            case TANH -> new Rnn32(false, sizes, in);
            case RELU -> new Rnn32(true, sizes, in);
            case GRU -> new Gru32(sizes, in);
            case LSTM -> new Lstm32(sizes, in);
        };
    }

    /** Computes a step of some sequences: elements from an offset on, of gates and of the states before it. */
    abstract void step(int at, int rows, float[] t);

    /** Returns the state that besides h is kept over steps, or null. */
    abstract float[] cells();

    /**
     * Computes the gradients of the gates at a step of some sequences.
     *
     * @param gh the gradient of h after the step; that of h before it is written, but for what comes from the gates
     * @param gc that of the other state, or null
     */
    abstract void stepBack(int at, int rows, float[][] gz, float[] gh, float[] gc, float[] t);

    /** Returns the gradients of the biases, given those of the gates. */
    abstract Tensor[] biases(float[][] gz);

    /** Returns the gradients of the products with U, given those of the sums: the same, but for a GRU. */
    float[][] recurrent(float[][] gz) {
        return gz;
    }

    /** Returns the array of a state, with the first one. */
    final float[] states(Tensor first) {
        return Arrays.copyOf(Tensor32.data(first), (sizes.steps() + 1) * n * h);
    }

    /** Adds a bias to all rows of a gate. */
    final void addBias(float[] bias, int g, float[] gate) {
        for (int r = 0; r < gate.length; r += h) {
            ADD.run(h, gate, r, 1, bias, g * h, 1, gate, r);
        }
    }

    /** Adds the product of states and a gate's part of U. */
    final void addProduct(int at, int rows, int g, float[] to) {
        Loops.MATMUL32.product(rows, h, h, hs, at, false, u[g], 0, false, to, at);
    }

    /** Writes the result and the last states. */
    final void forward(float[] y, Tensor... last) {
        float[][] parts = parts(gates.length, sizes.in(), w);
        for (int g = 0; g < gates.length; g++) {
            Loops.MATMUL32.product(sizes.steps() * n, h, sizes.in(), x, 0, false, parts[g], 0, false, gates[g], 0);
        }
        split((from, to) -> {
            int rows = to - from;
            float[] t = new float[rows * h];
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
        System.arraycopy(hs, sizes.steps() * n * h, Tensor32.data(last[0]), 0, n * h);
        if (last.length > 1) {
            System.arraycopy(cells(), sizes.steps() * n * h, Tensor32.data(last[1]), 0, n * h);
        }
    }

    final Tensor[] gradients(Tensor gy, Tensor... last) {
        int k = gates.length;
        float[][] gz = new float[k + (this instanceof Gru32 ? 1 : 0)][gates[0].length];
        float[][] transposed = new float[k][h * h];
        for (int g = 0; g < k; g++) {
            Transpose32.transpose(h, h, u[g], 0, h, transposed[g], 0, h);
        }
        float[] gh =
                last[0] == null ? new float[n * h] : Tensor32.data(last[0]).clone();
        float[] gc = cells() == null
                ? null
                : last[1] == null ? new float[n * h] : Tensor32.data(last[1]).clone();
        split((from, to) -> back(from, to, gz, transposed, gy == null ? null : Tensor32.data(gy), gh, gc));
        float[][] gu = recurrent(gz);
        int total = sizes.steps() * n;
        int in = sizes.in();
        float[] gx = new float[total * in];
        float[] gw = new float[in * k * h];
        float[] gr = new float[h * k * h];
        float[][] parts = parts(k, in, w);
        for (int g = 0; g < k; g++) {
            Loops.MATMUL32.product(total, in, h, gz[g], 0, false, parts[g], 0, true, gx, 0);
            float[] part = new float[in * h];
            Loops.MATMUL32.product(in, h, total, x, 0, true, gz[g], 0, false, part, 0);
            join(part, g, gw);
            part = new float[h * h];
            Loops.MATMUL32.product(h, h, total, hs, 0, true, gu[g], 0, false, part, 0);
            join(part, g, gr);
        }
        Tensor[] biases = biases(gz);
        Tensor[] all = new Tensor[3 + biases.length + (gc == null ? 1 : 2)];
        all[0] = new Tensor32(Shape.of(sizes.steps(), n, in), gx);
        all[1] = new Tensor32(Shape.of(in, k * h), gw);
        all[2] = new Tensor32(Shape.of(h, k * h), gr);
        System.arraycopy(biases, 0, all, 3, biases.length);
        all[3 + biases.length] = new Tensor32(Shape.of(n, h), gh);
        if (gc != null) {
            all[4 + biases.length] = new Tensor32(Shape.of(n, h), gc);
        }
        return all;
    }

    /** Goes back through all steps of some sequences; gh and gc are the gradients of the last states, and then of the first. */
    private void back(int from, int to, float[][] gz, float[][] transposed, float[] gy, float[] gh, float[] gc) {
        int rows = to - from;
        int first = from * h;
        float[] t = new float[rows * h];
        float[] dh = Arrays.copyOfRange(gh, first, first + rows * h);
        float[] dc = gc == null ? null : Arrays.copyOfRange(gc, first, first + rows * h);
        float[] keptH = sizes.lengths() == null ? null : new float[rows * h];
        float[] keptC = sizes.lengths() == null || dc == null ? null : new float[rows * h];
        float[][] gu = recurrent(gz);
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
                Loops.MATMUL32.product(rows, h, h, gu[g], at, false, transposed[g], 0, false, dh, 0);
            }
            for (int i = from; keptH != null && i < to; i++) {
                if (!sizes.has(i, s)) {
                    int row = (i - from) * h;
                    System.arraycopy(keptH, row, dh, row, h);
                    if (keptC != null) {
                        System.arraycopy(keptC, row, dc, row, h);
                    }
                    for (float[] g : gz) {
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
    final Tensor sums(float[]... gz) {
        float[] y = new float[gates.length * h];
        float[] sums = new float[h];
        for (int g = 0; n > 0 && g < gates.length; g++) {
            Reduce32.columns(Reduction.SUM, sizes.steps() * n, h, gz[g], sums);
            System.arraycopy(sums, 0, y, g * h, h);
        }
        return new Tensor32(Shape.of(y.length), y);
    }

    private void split(Workers.Body body) {
        int parts = Math.max(1, n / SEQUENCES);
        boolean large = (float) sizes.steps() * n * h * h * gates.length > LARGE;
        Workers.split(parts, large, (from, to) -> body.run(from * SEQUENCES, to == parts ? n : to * SEQUENCES));
    }

    /** Returns the columns of each gate of a matrix [m, gates h]. */
    private float[][] parts(int k, int m, float[] matrix) {
        float[][] parts = new float[k][m * h];
        for (int g = 0; g < k; g++) {
            for (int i = 0; i < m; i++) {
                System.arraycopy(matrix, (i * k + g) * h, parts[g], i * h, h);
            }
        }
        return parts;
    }

    /** Writes the columns of a gate into a matrix [m, gates h]. */
    private void join(float[] part, int g, float[] matrix) {
        for (int i = 0; i * h < part.length; i++) {
            System.arraycopy(part, i * h, matrix, (i * gates.length + g) * h, h);
        }
    }
}
