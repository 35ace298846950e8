package gradus.array;

/**
 * The product of two matrices over float arrays. Arguments were checked at the public entry.
 *
 * <p>An element of a product of matrices is summed in an order that depends on the inner size k alone, so that all
 * implementations, on any number of threads, give the same bytes: up to {@link #BLOCKED_ABOVE}, in the order of k;
 * beyond, in blocks of {@link #BLOCK}, each from zero, which are added up in order; beyond {@link #PAIRWISE_ABOVE},
 * pairwise, the sums of two halves. The rounding error of a single chain would grow with k, that of blocks hardly does.
 * Products with a vector may be summed in smaller parts.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface Matmul32 {
    /** The inner size up to which a sum is one chain of multiply-adds. */
    int BLOCKED_ABOVE = 1024;
    /** The inner size of a block of a longer sum. */
    int BLOCK = 384;
    /** The inner size up to which a sum is one of blocks; above it, the two halves are summed first. */
    int PAIRWISE_ABOVE = 1 << 16;

    /**
     * Adds a product, {@code y[i, j] += sum over p of a[i, p] b[p, j]}, for m, n and k of i, j and p.
     *
     * @param ta whether a is stored transposed, [k, m]
     * @param tb whether b is stored transposed, [n, k]
     */
    default void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo) {
        product(m, n, k, k, a, ao, ta, b, bo, tb, y, yo);
    }

    private void product(
            int m,
            int n,
            int k,
            int inner,
            float[] a,
            int ao,
            boolean ta,
            float[] b,
            int bo,
            boolean tb,
            float[] y,
            int yo) {
        if (k <= PAIRWISE_ABOVE) {
            add(m, n, k, inner, a, ao, ta, b, bo, tb, y, yo);
            return;
        }
        int half = k / 2;
        product(m, n, half, inner, a, ao, ta, b, bo, tb, y, yo);
        float[] rest = new float[m * n];
        int a2 = ao + half * (ta ? m : 1);
        int b2 = bo + half * (tb ? 1 : n);
        product(m, n, k - half, inner, a, a2, ta, b, b2, tb, rest, 0);
        for (int i = 0; i < rest.length; i++) {
            y[yo + i] += rest[i];
        }
    }

    /**
     * Adds a product of at most {@link #PAIRWISE_ABOVE} inner elements.
     *
     * @param inner the inner size of the whole matrices, of which k elements are summed: the distance between rows of a, and
     *     between rows of a transposed b
     */
    void add(
            int m,
            int n,
            int k,
            int inner,
            float[] a,
            int ao,
            boolean ta,
            float[] b,
            int bo,
            boolean tb,
            float[] y,
            int yo);
}
