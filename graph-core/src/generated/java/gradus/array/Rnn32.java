package gradus.array;

import java.util.Arrays;

/** A simple RNN, whose only gate is its state. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Rnn32 extends Recurrence32 {
    private static final Loops32.Map RELU = Loops.F32.map(UnaryFunction.RELU);
    private static final Loops32.Zip MASKED_BY = Loops.F32.zip(BinaryFunction.MASKED_BY);

    private final boolean relu;

    Rnn32(boolean relu, Recurrence.Sizes sizes, Tensor... in) {
        super(1, sizes, in);
        this.relu = relu;
        addBias(Tensor32.data(in[3]), 0, gates[0]);
    }

    @Override
    float[] cells() {
        return null;
    }

    @Override
    void step(int at, int rows, float[] t) {
        addProduct(at, rows, 0, gates[0]);
        (relu ? RELU : TANH).run(rows * h, gates[0], at, gates[0], at);
        System.arraycopy(gates[0], at, hs, at + n * h, rows * h);
    }

    @Override
    void stepBack(int at, int rows, float[][] gz, float[] gh, float[] gc, float[] t) {
        (relu ? MASKED_BY : TANH_GRADIENT).run(rows * h, gh, 0, 1, gates[0], at, 1, gz[0], at);
        Arrays.fill(gh, 0, rows * h, 0);
    }

    @Override
    Tensor[] biases(float[][] gz) {
        return new Tensor[] {sums(gz)};
    }
}
