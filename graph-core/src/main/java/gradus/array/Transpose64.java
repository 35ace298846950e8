package gradus.array;

/** Copies of matrices that are stored the other way round. */
final class Transpose64 {
    private Transpose64() {}

    /**
     * Writes {@code y[yo + i sy + j] = x[xo + j sx + i]} for i below m and j below n. Four rows of x are read side by side,
     * so that what is written next to each other is written together.
     */
    static void transpose(int m, int n, double[] x, int xo, int sx, double[] y, int yo, int sy) {
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            int from = xo + j * sx;
            int to = yo + j;
            for (int i = 0; i < m; i++) {
                y[to] = x[from + i];
                y[to + 1] = x[from + sx + i];
                y[to + 2] = x[from + 2 * sx + i];
                y[to + 3] = x[from + 3 * sx + i];
                to += sy;
            }
        }
        for (; j < n; j++) {
            for (int i = 0; i < m; i++) {
                y[yo + i * sy + j] = x[xo + j * sx + i];
            }
        }
    }
}
