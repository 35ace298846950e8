package gradus.array;

/** Loops over rows at indices: sums, sums that grow in place, and copies in both directions. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Rows32 {
    private Rows32() {}

    /** Writes the sums of the rows of x at positions; those of sum i end before {@code ends[i]}, and there is at least one. */
    static void sums(int length, int[] positions, int[] ends, float[] x, float[] y) {
        boolean large = (long) positions.length * length >= Chunks.LARGE;
        Workers.split(ends.length, large, (from, to) -> {
            int k = from == 0 ? 0 : ends[from - 1];
            for (int i = from; i < to; i++) {
                int at = i * length;
                System.arraycopy(x, positions[k++] * length, y, at, length);
                while (k < ends[i]) {
                    add(length, x, positions[k++] * length, y, at);
                }
            }
        });
    }

    static void increase(int length, int[] indices, float[] x, float[] y) {
        for (int i = 0; i < indices.length; i++) {
            add(length, x, i * length, y, indices[i] * length);
        }
    }

    /** Copies n rows of x, at the indices from {@code first} on, to the first rows of y. */
    static void copy(int length, int[] indices, int first, int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, indices[first + i] * length, y, i * length, length);
        }
    }

    /** Copies the first n rows of x to those of y at the indices from {@code first} on. */
    static void replace(int length, int[] indices, int first, int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, i * length, y, indices[first + i] * length, length);
        }
    }

    private static void add(int length, float[] x, int from, float[] y, int to) {
        for (int j = 0; j < length; j++) {
            y[to + j] += x[from + j];
        }
    }
}
