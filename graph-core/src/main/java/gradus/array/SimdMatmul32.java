package gradus.array;

/** The product on the Vector API. */
// Made from its twin ending in 64 by Twins; edit that one.
final class SimdMatmul32 implements Matmul32 {
    private final PlainMatmul32 plain = new PlainMatmul32();

    @Override
    public void product(
            int m, int n, int k, float[] a, int ao, boolean ta, float[] b, int bo, boolean tb, float[] y, int yo) {
        plain.product(m, n, k, a, ao, ta, b, bo, tb, y, yo);
    }
}
