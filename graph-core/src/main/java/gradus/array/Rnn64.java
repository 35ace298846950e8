package gradus.array;

import java.util.Arrays;

/** A simple RNN, whose only gate is its state. */
final class Rnn64 extends Recurrence64 {
    private static final Loops64.Map RELU = Loops.F64.map(UnaryFunction.RELU);
    private static final Loops64.Zip MASKED_BY = Loops.F64.zip(BinaryFunction.MASKED_BY);

    private final boolean relu;

    Rnn64(boolean relu, Recurrence.Sizes sizes, Tensor... in) {
        super(1, sizes, in);
        this.relu = relu;
        addBias(Tensor64.data(in[3]), 0, gates[0]);
    }

    @Override
    double[] cells() {
        return null;
    }

    @Override
    void step(int at, int rows, double[] t) {
        addProduct(at, rows, 0, gates[0]);
        (relu ? RELU : TANH).run(rows * h, gates[0], at, gates[0], at);
        System.arraycopy(gates[0], at, hs, at + n * h, rows * h);
    }

    @Override
    void stepBack(int at, int rows, double[][] gz, double[] gh, double[] gc, double[] t) {
        (relu ? MASKED_BY : TANH_GRADIENT).run(rows * h, gh, 0, 1, gates[0], at, 1, gz[0], at);
        Arrays.fill(gh, 0, rows * h, 0);
    }

    @Override
    Tensor[] biases(double[][] gz) {
        return new Tensor[] {sums(gz)};
    }
}
