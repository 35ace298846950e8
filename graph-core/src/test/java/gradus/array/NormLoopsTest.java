package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The loops of normalisation of this process, SIMD ones if the module is present, against the plain ones. */
class NormLoopsTest {
    private static final int[] SIZES = {0, 1, 7, 15, 16, 17, 33, 63, 64, 65, 100, 1000};
    private static final int OFFSET = 3;

    private final double[] x = numbers(1, 40_000);
    private final double[] g = numbers(2, 40_000);
    private final double[] gamma = numbers(3, 1010);
    private final double[] beta = numbers(4, 1010);

    private static double[] numbers(long seed, int n) {
        return new Random(seed).doubles(n, -2, 2).toArray();
    }

    private static float[] floats(double... x) {
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    /** Runs a loop with arrays of results that hold numbers, and compares them; lanes are added up. */
    private static void assertSame(int lanes, int results, int size, BiConsumer<NormLoops64, double[][]> loop) {
        double[][][] y = new double[2][results][];
        NormLoops64[] loops = {Loops.NORM64, new PlainNorm64()};
        for (int k = 0; k < 2; k++) {
            for (int r = 0; r < results; r++) {
                y[k][r] = r < lanes ? new double[2 * loops[k].lanes()] : numbers(r, size);
            }
            loop.accept(loops[k], y[k]);
            for (int r = 0; r < lanes; r++) {
                double[] sums = y[k][r];
                int half = sums.length / 2;
                y[k][r] = new double[] {
                    Arrays.stream(sums, 0, half).sum(),
                    Arrays.stream(sums, half, sums.length).sum()
                };
            }
        }
        for (int r = 0; r < results; r++) {
            for (int i = 0; i < y[0][r].length; i++) {
                assertEquals(y[1][r][i], y[0][r][i], r < lanes ? 1e-11 : 0, "result " + r + ", element " + i);
            }
        }
    }

    @Test
    void sums_are_those_of_the_plain_loops() {
        for (int n : SIZES) {
            assertSame(1, 1, 0, (f, y) -> f.sum(n, x, OFFSET, y[0]));
            assertSame(1, 1, 0, (f, y) -> f.squares(n, x, OFFSET, 0.3, y[0]));
            assertSame(1, 1, 0, (f, y) -> f.products(n, g, OFFSET, x, 5, 0.3, y[0]));
            assertSame(1, 3, 1010, (f, y) -> f.products(n, g, OFFSET, x, 5, 0.3, 0.7, 0.1, gamma, y[1], y[2], 2, y[0]));
        }
    }

    @Test
    void rows_are_those_of_the_plain_loops_and_nothing_else_is_written() {
        for (int n : SIZES) {
            assertSame(0, 1, 1010, (f, y) -> f.scale(n, x, OFFSET, 0.3, 0.7, 0.1, y[0], 5));
            assertSame(0, 1, 1010, (f, y) -> f.scale(n, x, OFFSET, 0.3, 0.7, 0.1, gamma, beta, 2, y[0], 5));
            assertSame(0, 1, 1010, (f, y) -> f.combine(n, g, OFFSET, x, 1, 0.3, 0.7, 0.1, 0.2, y[0], 5));
            assertSame(0, 1, 1010, (f, y) -> f.combine(n, g, OFFSET, x, 1, 0.3, 0.7, 0.1, 0.2, gamma, 2, y[0], 5));
        }
    }

    @Test
    void columns_are_those_of_the_plain_loops_and_nothing_else_is_written() {
        int m = 5;
        for (int n : SIZES) {
            int row = n + 2;
            int size = OFFSET + m * row;
            double[] a = Arrays.copyOf(gamma, n);
            double[] b = Arrays.copyOf(beta, n);
            assertSame(0, 2, n, (f, y) -> f.columnSquares(m, n, row, x, OFFSET, a, y[0], y[1]));
            assertSame(0, 2, n, (f, y) -> f.columnProducts(m, n, row, g, x, OFFSET, a, y[0], y[1]));
            assertSame(0, 1, size, (f, y) -> f.columnScale(m, n, row, x, OFFSET, a, b, a, y[0]));
            assertSame(0, 1, size, (f, y) -> f.columnCombine(m, n, row, g, x, OFFSET, a, b, a, b, y[0]));
        }
    }

    @Test
    void rows_of_floats_are_those_of_the_plain_loops() {
        NormLoops32 simd = Loops.NORM32;
        NormLoops32 plain = new PlainNorm32();
        float[] in = floats(x);
        for (int n : SIZES) {
            float[] one = new float[n];
            float[] two = new float[n];
            simd.scale(n, in, OFFSET, 0.3f, 0.7f, 0.1f, one, 0);
            plain.scale(n, in, OFFSET, 0.3f, 0.7f, 0.1f, two, 0);
            for (int i = 0; i < n; i++) {
                assertEquals(two[i], one[i]);
            }
        }
    }
}
