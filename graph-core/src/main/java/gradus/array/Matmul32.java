package gradus.array;

/** The product of two matrices of floats. Arguments were checked at the door. */
// Made from its twin ending in 64 by Twins; edit that one.
interface Matmul32 {
    /**
     * Writes the product {@code y = a b} of one matrix pair, y of shape [m, n], k the inner size.
     *
     * @param ta whether a is stored transposed, as [k, m]
     * @param tb whether b is stored transposed, as [n, k]
     */
    void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo);
}
