package gradus.array;

/** The product on the Vector API. */
final class SimdMatmul64 implements Matmul64 {
    private final PlainMatmul64 plain = new PlainMatmul64();

    @Override
    public void product(
            int m, int n, int k, double[] a, int ao, boolean ta, double[] b, int bo, boolean tb, double[] y, int yo) {
        plain.product(m, n, k, a, ao, ta, b, bo, tb, y, yo);
    }
}
