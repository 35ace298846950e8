package gradus.bench.peers;

/**
 * The inputs of tasks, the same numbers in every process and in Python: hashes of an index and a seed. The parameters of a
 * network have the seeds 1, 2, 3 and so on, in order.
 */
final class InputData {
    static final int INPUT = 100;
    static final int CLASSES = 101;

    private InputData() {}

    /** Returns the factor of a chain, close to 1, so that a long chain does not overflow. */
    static double factor(int length) {
        return 1 + 0.1 / length;
    }

    /** Returns number i of a seed, in [-1, 1). */
    static double at(long i, int seed) {
        long h = (i * 2654435761L + seed * 97003L) & 0xFFFFFFFFL;
        h ^= h >>> 16;
        h = (h * 0x45D9F3BL) & 0xFFFFFFFFL;
        h ^= h >>> 16;
        return h / 2147483648.0 - 1;
    }

    /** Returns the first n numbers of a seed, times a factor. */
    static double[] doubles(int n, int seed, double scale) {
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = at(i, seed) * scale;
        }
        return y;
    }

    static float[] floats(int n, int seed, double scale) {
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
            y[i] = (float) (at(i, seed) * scale);
        }
        return y;
    }

    /** Returns the target classes of a batch. */
    static int[] classes(int n, int classes) {
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = (int) ((at(i, CLASSES) + 1) / 2 * classes);
        }
        return y;
    }

    /** Returns the transpose of a matrix [rows, columns]. */
    static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[j * rows + i] = x[i * columns + j];
            }
        }
        return y;
    }
}
