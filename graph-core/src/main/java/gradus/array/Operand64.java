package gradus.array;

import java.util.Arrays;

/**
 * The right operand of a product, a matrix of doubles that is read in panels: pieces of some rows and some neighbouring
 * columns, however the matrix is stored.
 */
@FunctionalInterface
interface Operand64 {
    /**
     * Writes the panel of rows p0 to p1 and columns j0 to j1 (excluded), row by row: element (p, j) goes to
     * {@code to[at + (p - p0) * width + j - j0]}. In each row, what is left up to {@code width} is filled with zeros.
     * May be called on several threads at a time, each for other panels.
     */
    void pack(int p0, int p1, int j0, int j1, int width, double[] to, int at);

    /** An operand of shape [k, n] that lies in an array, transposed, as [n, k], if {@code tb} says so. */
    static Operand64 of(int n, int k, double[] b, int bo, boolean tb) {
        int row = tb ? 1 : n;
        int step = tb ? k : 1;
        return (p0, p1, j0, j1, width, to, at) -> {
            for (int p = p0; p < p1; p++) {
                int from = bo + p * row + j0 * step;
                int t = at + (p - p0) * width;
                int columns = j1 - j0;
                if (tb) {
                    for (int j = 0; j < columns; j++) {
                        to[t + j] = b[from + j * k];
                    }
                } else {
                    System.arraycopy(b, from, to, t, columns);
                }
                Arrays.fill(to, t + columns, t + width, 0);
            }
        };
    }
}
