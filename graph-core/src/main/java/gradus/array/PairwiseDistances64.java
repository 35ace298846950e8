package gradus.array;

/** Loops of {@link PairwiseDistances}. */
final class PairwiseDistances64 {
    private PairwiseDistances64() {}

    /**
     * Writes the distances of each of the rows of a, all batches together, to the m columns of its batch of b: [rows, d] and
     * [rows / n, d, m] -> [rows, m]. The squares are added up in y, which is zero; the inner loop runs over the columns.
     */
    static void euclidean(int rows, int n, int m, int d, double[] a, double[] b, double[] y) {
        boolean large = (long) rows * m * d >= Chunks.LARGE;
        Workers.split(rows, large, (from, to) -> {
            for (int i = from; i < to; i++) {
                int at = i * m;
                for (int k = 0; k < d; k++) {
                    addSquares(m, a[i * d + k], b, (i / n * d + k) * m, y, at);
                }
                for (int j = at; j < at + m; j++) {
                    y[j] = (double) Math.sqrt(y[j]);
                }
            }
        });
    }

    private static void addSquares(int m, double c, double[] b, int bo, double[] y, int yo) {
        for (int j = 0; j < m; j++) {
            double difference = c - b[bo + j];
            y[yo + j] += difference * difference;
        }
    }

    /** Writes {@code y[i] = sum over j of w[i, j] (a[i] - b[j])} for each of the rows of a, all batches together; y is zero. */
    static void weightedDifferences(int rows, int n, int m, int d, double[] w, double[] a, double[] b, double[] y) {
        boolean large = (long) rows * m * d >= Chunks.LARGE;
        Workers.split(rows, large, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int j = 0; j < m; j++) {
                    double c = w[i * m + j];
                    if (c != 0) { // a difference may be infinite
                        addDifference(d, c, a, i * d, b, (i / n * m + j) * d, y);
                    }
                }
            }
        });
    }

    private static void addDifference(int d, double c, double[] a, int ao, double[] b, int bo, double[] y) {
        for (int k = 0; k < d; k++) {
            y[ao + k] += c * (a[ao + k] - b[bo + k]);
        }
    }
}
