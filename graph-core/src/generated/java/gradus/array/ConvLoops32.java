package gradus.array;

/** The hot loops of convolutions over float arrays. Arguments were checked at the public entry. */
// Made from its twin ending in 64 by Twins; edit that one.
interface ConvLoops32 {
    /**
     * Adds a product: {@code y[i, j] += sum over p of a[i, p] b[p, j]}, for m, n and k of i, j and p.
     *
     * @param sa the distance between rows of a
     * @param sp the distance between columns of a
     * @param sb the distance between rows of b
     * @param sy the distance between rows of y
     */
    void add(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int sb,
            float[] y,
            int yo,
            int sy);

    /** Adds a product as {@link #add} does, where row p of b begins at {@code bo + starts[p]}. */
    void addShifted(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int sa,
            int sp,
            float[] b,
            int bo,
            int[] starts,
            float[] y,
            int yo,
            int sy);

    /** Returns the least number of columns for which {@link #add} is efficient. */
    int minColumns();

    /**
     * Adds the products of all rows of a with all of b to sums: {@code s[i, j, ..] += a[i, p] b[j, p]} for all p, where
     * every sum is spread over {@link #lanes} numbers. The elements after a row of b, up to a whole vector, must be finite.
     *
     * @param sa the distance between rows of a
     * @param starts where each row of b begins, from bo on
     */
    void dots(int m, int k, float[] a, int ao, int sa, float[] b, int bo, int[] starts, float[] s);

    /** Returns over how many numbers {@link #dots} distributes a sum. */
    int lanes();

    /** Copies runs of n: {@code y[yo + t sy + i] = x[xo + starts[t] + i]}. */
    void copy(int[] starts, int n, float[] x, int xo, float[] y, int yo, int sy);

    /** Adds runs of n, the transpose of {@link #copy}: {@code y[yo + starts[t] + i] += x[xo + t sx + i]}. */
    void addTo(int[] starts, int n, float[] x, int xo, int sx, float[] y, int yo);
}
