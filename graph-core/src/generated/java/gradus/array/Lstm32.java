package gradus.array;

import java.util.Arrays;

/** An LSTM: the gates i, f, g, o, and the states h and c. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Lstm32 extends Recurrence32 {
    private final float[] cs;
    /** tanh of c after each step. */
    private final float[] tanh;

    Lstm32(Recurrence.Sizes sizes, Tensor... in) {
        super(4, sizes, in);
        cs = states(in[5]);
        tanh = new float[gates[0].length];
        for (int g = 0; g < 4; g++) {
            addBias(Tensor32.data(in[3]), g, gates[g]);
        }
    }

    @Override
    float[] cells() {
        return cs;
    }

    @Override
    void step(int at, int rows, float[] t) {
        int count = rows * h;
        int next = at + n * h;
        for (int g = 0; g < 4; g++) {
            addProduct(at, rows, g, gates[g]);
            (g == 2 ? TANH : SIGMOID).run(count, gates[g], at, gates[g], at);
        }
        MUL.run(count, gates[1], at, 1, cs, at, 1, cs, next);
        MUL.run(count, gates[0], at, 1, gates[2], at, 1, t, 0);
        ADD.run(count, cs, next, 1, t, 0, 1, cs, next);
        TANH.run(count, cs, next, tanh, at);
        MUL.run(count, gates[3], at, 1, tanh, at, 1, hs, next);
    }

    @Override
    void stepBack(int at, int rows, float[][] gz, float[] gh, float[] gc, float[] t) {
        int count = rows * h;
        MUL.run(count, gh, 0, 1, tanh, at, 1, t, 0);
        SIGMOID_GRADIENT.run(count, t, 0, 1, gates[3], at, 1, gz[3], at);
        MUL.run(count, gh, 0, 1, gates[3], at, 1, t, 0);
        TANH_GRADIENT.run(count, t, 0, 1, tanh, at, 1, t, 0);
        ADD.run(count, gc, 0, 1, t, 0, 1, gc, 0);
        MUL.run(count, gc, 0, 1, gates[2], at, 1, t, 0);
        SIGMOID_GRADIENT.run(count, t, 0, 1, gates[0], at, 1, gz[0], at);
        MUL.run(count, gc, 0, 1, cs, at, 1, t, 0);
        SIGMOID_GRADIENT.run(count, t, 0, 1, gates[1], at, 1, gz[1], at);
        MUL.run(count, gc, 0, 1, gates[0], at, 1, t, 0);
        TANH_GRADIENT.run(count, t, 0, 1, gates[2], at, 1, gz[2], at);
        MUL.run(count, gc, 0, 1, gates[1], at, 1, gc, 0);
        Arrays.fill(gh, 0, count, 0);
    }

    @Override
    Tensor[] biases(float[][] gz) {
        return new Tensor[] {sums(gz)};
    }
}
