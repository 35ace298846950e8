package gradus.array;

/**
 * The product of two matrices of floats. Arguments were checked at the door.
 *
 * <p>An element of a product is summed along k from the first to the last, one fused multiply-add after the other,
 * whatever the shape around it, the number of threads and the implementation. So the same row times the same column is
 * the same number, to the bit, alone or in a batch. Only a product of a vector and a matrix may sum in parts.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface Matmul32 {
    /**
     * Adds the product {@code a b} of one matrix pair to y of shape [m, n], k the inner size.
     *
     * @param ta whether a is stored transposed, as [k, m]
     * @param tb whether b is stored transposed, as [n, k]
     */
    void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo);
}
