package gradus.array;

/** Distances between all vectors of one set and all of another. */
public final class PairwiseDistances {
    private PairwiseDistances() {}

    /**
     * Returns the Euclidean distances, {@code y[i, j] = sqrt(sum over k of (a[i, k] - b[j, k])^2)}: {@code [.., n, d], [.., m, d] ->
     * [.., n, m]}. No more than the result and a transpose of b is allocated.
     *
     * @throws OperandMismatch if the leading axes, the sizes of the vectors or the number types differ
     */
    public static Tensor euclidean(String op, Tensor a, Tensor b) {
        Arguments.nonNull(op, "euclidean", "op");
        Arguments.nonNull(a, op, "a");
        Arguments.nonNull(b, op, "b");
        requireVectors(op, a, b);
        Shape s = a.shape();
        int m = b.shape().dim(-2);
        int n = s.dim(-2);
        int d = s.dim(-1);
        Tensor y = a.newZeros(s.with(-1, m));
        int rows = m == 0 ? 0 : y.size() / m;
        Tensor columns = b.transpose();
        if (y instanceof Tensor64 result) {
            PairwiseDistances64.euclidean(rows, n, m, d, Tensor64.data(a), Tensor64.data(columns), result.data);
        } else {
            PairwiseDistances32.euclidean(rows, n, m, d, Tensor32.data(a), Tensor32.data(columns), Tensor32.data(y));
        }
        return y;
    }

    /**
     * Returns the weighted sums of differences, {@code y[i] = sum over j of w[i, j] (a[i] - b[j])}: {@code [.., n, m], [.., n, d], [.., m,
     * d] -> [.., n, d]}.
     *
     * @throws OperandMismatch if the leading axes, the sizes of the vectors or the number types differ
     */
    public static Tensor weightedDifferences(String op, Tensor w, Tensor a, Tensor b) {
        Arguments.nonNull(op, "weightedDifferences", "op");
        Arguments.nonNull(w, op, "w");
        Arguments.nonNull(a, op, "a");
        Arguments.nonNull(b, op, "b");
        requireVectors(op, a, b);
        Shape s = a.shape();
        int m = b.shape().dim(-2);
        if (!w.shape().equals(s.with(-1, m)) || w.dtype() != a.dtype()) {
            throw new OperandMismatch(op, "there must be a weight for each pair", w.shape(), s, b.shape());
        }
        int n = s.dim(-2);
        int d = s.dim(-1);
        Tensor y = a.newZeros(s);
        int rows = d == 0 ? 0 : y.size() / d;
        if (y instanceof Tensor64 result) {
            PairwiseDistances64.weightedDifferences(
                    rows, n, m, d, Tensor64.data(w), Tensor64.data(a), Tensor64.data(b), result.data);
        } else {
            PairwiseDistances32.weightedDifferences(
                    rows, n, m, d, Tensor32.data(w), Tensor32.data(a), Tensor32.data(b), Tensor32.data(y));
        }
        return y;
    }

    private static void requireVectors(String op, Tensor a, Tensor b) {
        Shape s = a.shape();
        Shape t = b.shape();
        if (a.dtype() != b.dtype()) {
            throw new OperandMismatch(op, Indexing.mixed(a, b), s, t);
        }
        if (s.rank() < 2 || s.rank() != t.rank() || !s.with(-2, 0).equals(t.with(-2, 0))) {
            throw new OperandMismatch(op, "it takes [.., n, d] and [.., m, d] with the same leading axes", s, t);
        }
    }
}
