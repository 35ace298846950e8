package gradus.array;

import java.lang.invoke.MethodHandles;

/** The plain loop over one operand; see {@link ClassSpecializer}. */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainMap32 implements Loops32.Map {
    private static final Loops32.Unary F = ClassSpecializer.function(MethodHandles.lookup(), Loops32.Unary.class);

    @Override
    public void run(int n, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = F.of(x[xo + i]);
        }
    }
}
