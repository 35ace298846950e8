package gradus.array;

import java.lang.invoke.MethodHandles;

/** The plain loop over two operands; see {@link ClassSpecializer}. */
final class PlainZip64 implements Loops64.Zip {
    private static final Loops64.Binary F = ClassSpecializer.function(MethodHandles.lookup(), Loops64.Binary.class);

    @Override
    public void run(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = F.of(a[ao + i], b[bo + i]);
            }
        } else if (sa == 1) {
            double c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = F.of(a[ao + i], c);
            }
        } else {
            double c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = F.of(c, b[bo + i * sb]);
            }
        }
    }
}
