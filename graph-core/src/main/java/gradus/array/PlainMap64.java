package gradus.array;

import java.lang.invoke.MethodHandles;

/** The plain loop over one operand; see {@link ClassSpecializer}. */
final class PlainMap64 implements Loops64.Map {
    private static final Loops64.Unary F = ClassSpecializer.function(MethodHandles.lookup(), Loops64.Unary.class);

    @Override
    public void run(int n, double[] x, int xo, double[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = F.of(x[xo + i]);
        }
    }
}
