package gradus.array;

import java.lang.invoke.MethodHandles;

/** The plain loop over two operands; see {@link ClassSpecializer}. */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainZip32 implements Loops32.Zip {
    private static final Loops32.Binary F = ClassSpecializer.function(MethodHandles.lookup(), Loops32.Binary.class);

    @Override
    public void run(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = F.of(a[ao + i], b[bo + i]);
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = F.of(a[ao + i], c);
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = F.of(c, b[bo + i * sb]);
            }
        }
    }
}
