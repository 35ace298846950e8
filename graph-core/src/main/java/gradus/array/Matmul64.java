package gradus.array;

/** The product of two matrices of doubles. Arguments were checked at the door. */
interface Matmul64 {
    /**
     * Writes the product {@code y = a b} of one matrix pair, y of shape [m, n], k the inner size.
     *
     * @param ta whether a is stored transposed, as [k, m]
     * @param tb whether b is stored transposed, as [n, k]
     */
    void product(
            int m, int n, int k, double[] a, int ao, boolean ta, double[] b, int bo, boolean tb, double[] y, int yo);
}
