package gradus.array;

/** A GRU: the gates r, z, and the candidate c. */
final class Gru64 extends Recurrence64 {
    /** What r is multiplied by, {@code h Uc + dc}. */
    private final double[] reset;

    Gru64(Recurrence.Sizes sizes, Tensor... in) {
        super(3, sizes, in);
        double[] b = Tensor64.data(in[3]);
        double[] d = Tensor64.data(in[4]);
        reset = new double[gates[0].length];
        for (int g = 0; g < 3; g++) {
            addBias(b, g, gates[g]);
            addBias(d, g, g == 2 ? reset : gates[g]);
        }
    }

    @Override
    double[] cells() {
        return null;
    }

    @Override
    void step(int at, int rows, double[] t) {
        int count = rows * h;
        int next = at + n * h;
        for (int g = 0; g < 2; g++) {
            addProduct(at, rows, g, gates[g]);
            SIGMOID.run(count, gates[g], at, gates[g], at);
        }
        addProduct(at, rows, 2, reset);
        MUL.run(count, gates[0], at, 1, reset, at, 1, t, 0);
        ADD.run(count, gates[2], at, 1, t, 0, 1, gates[2], at);
        TANH.run(count, gates[2], at, gates[2], at);
        SUB.run(count, hs, at, 1, gates[2], at, 1, t, 0);
        MUL.run(count, t, 0, 1, gates[1], at, 1, t, 0);
        ADD.run(count, gates[2], at, 1, t, 0, 1, hs, next);
    }

    @Override
    void stepBack(int at, int rows, double[][] gz, double[] gh, double[] gc, double[] t) {
        int count = rows * h;
        SUB.run(count, hs, at, 1, gates[2], at, 1, t, 0);
        MUL.run(count, gh, 0, 1, t, 0, 1, t, 0);
        SIGMOID_GRADIENT.run(count, t, 0, 1, gates[1], at, 1, gz[1], at);
        MUL.run(count, gh, 0, 1, gates[1], at, 1, t, 0);
        SUB.run(count, gh, 0, 1, t, 0, 1, gh, 0);
        TANH_GRADIENT.run(count, gh, 0, 1, gates[2], at, 1, gz[2], at);
        System.arraycopy(t, 0, gh, 0, count);
        MUL.run(count, gz[2], at, 1, reset, at, 1, t, 0);
        SIGMOID_GRADIENT.run(count, t, 0, 1, gates[0], at, 1, gz[0], at);
        MUL.run(count, gz[2], at, 1, gates[0], at, 1, gz[3], at);
    }

    /** Returns the gradients with that of {@code h Uc + dc} in the place of that of c. */
    @Override
    double[][] recurrent(double[][] gz) {
        return new double[][] {gz[0], gz[1], gz[3]};
    }

    @Override
    Tensor[] biases(double[][] gz) {
        return new Tensor[] {sums(gz), sums(recurrent(gz))};
    }
}
