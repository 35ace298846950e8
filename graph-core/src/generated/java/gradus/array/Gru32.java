package gradus.array;

/** A GRU: the gates r, z, and the candidate c. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Gru32 extends Recurrence32 {
    /** What r is multiplied by, {@code h Uc + dc}. */
    private final float[] reset;

    Gru32(Recurrence.Sizes sizes, Tensor... in) {
        super(3, sizes, in);
        float[] b = Tensor32.data(in[3]);
        float[] d = Tensor32.data(in[4]);
        reset = new float[gates[0].length];
        for (int g = 0; g < 3; g++) {
            addBias(b, g, gates[g]);
            addBias(d, g, g == 2 ? reset : gates[g]);
        }
    }

    @Override
    float[] cells() {
        return null;
    }

    @Override
    void step(int at, int rows, float[] t) {
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
    void stepBack(int at, int rows, float[][] gz, float[] gh, float[] gc, float[] t) {
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
    float[][] recurrent(float[][] gz) {
        return new float[][] {gz[0], gz[1], gz[3]};
    }

    @Override
    Tensor[] biases(float[][] gz) {
        return new Tensor[] {sums(gz), sums(recurrent(gz))};
    }
}
