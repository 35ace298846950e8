package gradus.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The loops of softmax of this process, SIMD ones if the module is present, against the plain ones, and softmax against its definition. */
class SoftmaxLoopsTest {
    private static final int[] SIZES = {0, 1, 2, 7, 8, 15, 16, 17, 33, 63, 64, 65, 100, 255, 256, 257, 1000};
    private static final int OFFSET = 3;

    private final double[] x = numbers(1, 1010);
    private final double[] g = numbers(2, 1010);

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

    /** Runs a loop that writes to an array that holds numbers, with either implementation, and compares all of it. */
    private static void assertSame(int n, BiConsumer<SoftmaxLoops64, double[]> loop) {
        double[] simd = numbers(5, 1010);
        double[] plain = simd.clone();
        loop.accept(Loops.SOFTMAX64, simd);
        loop.accept(new PlainSoftmax64(), plain);
        assertArrayEquals(plain, simd, "size " + n);
    }

    @Test
    void loops_are_the_plain_ones_and_nothing_else_is_written() {
        for (int n : SIZES) {
            assertSame(n, (f, y) -> f.exponentials(n, x, OFFSET, 2, y, 5, new double[f.lanes()]));
            assertSame(n, (f, y) -> f.multiply(n, y, OFFSET, 0.3));
            assertSame(n, (f, y) -> f.subtract(n, x, y, OFFSET, 0.3, 0.7));
            assertSame(n, (f, y) -> f.gradient(n, x, g, y, OFFSET, 0.3));
            assertSame(n, (f, y) -> f.logGradient(n, x, g, y, OFFSET, 0.3));
        }
    }

    @Test
    void loops_over_floats_are_the_plain_ones() {
        float[] in = floats(x);
        float[] slope = floats(g);
        PlainSoftmax32 plain = new PlainSoftmax32();
        SoftmaxLoops32 simd = Loops.SOFTMAX32;
        for (int n : SIZES) {
            float[] one = new float[1010];
            float[] two = new float[1010];
            simd.exponentials(n, in, OFFSET, 2, one, 5, new float[simd.lanes()]);
            plain.exponentials(n, in, OFFSET, 2, two, 5, new float[plain.lanes()]);
            assertArrayEquals(two, one, "size " + n);
            simd.logGradient(n, in, slope, one, OFFSET, 0.3f);
            plain.logGradient(n, in, slope, two, OFFSET, 0.3f);
            assertArrayEquals(two, one, "size " + n);
        }
    }

    @Test
    void sums_are_added_to_those_there_are() {
        for (SoftmaxLoops64 f : new SoftmaxLoops64[] {Loops.SOFTMAX64, new PlainSoftmax64()}) {
            for (int n : SIZES) {
                double[] s = new double[f.lanes()];
                s[0] = 1;
                f.products(n, x, g, OFFSET, s);
                double products = 1;
                for (int i = OFFSET; i < OFFSET + n; i++) {
                    products += x[i] * g[i];
                }
                assertEquals(products, Arrays.stream(s).sum(), 1e-11, "size " + n);
                double[] e = new double[n];
                double[] t = new double[f.lanes()];
                t[0] = 1;
                f.exponentials(n, x, OFFSET, 2, e, 0, t);
                assertEquals(1 + Arrays.stream(e).sum(), Arrays.stream(t).sum(), 1e-11, "size " + n);
            }
        }
    }

    @Test
    void softmax_of_floats_is_exact_to_a_few_ulp_for_rows_of_any_length() {
        for (int n : new int[] {1, 5, 31, 32, 47, 256, 1000, 100_000}) {
            for (double spread : new double[] {0.01, 3, 50}) {
                Tensor x = Tensor.normal(Shape.of(2, n), 1000, spread, RandomStream.of(n, "x"))
                        .to(DType.FLOAT32);
                Tensor exact = x.to(DType.FLOAT64);
                double[] y = exact.softmax(1).toDoubleArray();
                double[] single = x.softmax(1).toDoubleArray();
                double[] gradient = x.logSumExpGradient(Tensor.of(new float[][] {{3}, {-0.7f}}), 1)
                        .toDoubleArray();
                for (int i = 0; i < y.length; i++) {
                    double ulp = Math.max(Math.ulp((float) y[i]), Float.MIN_NORMAL);
                    String at = "row of " + n + ", " + spread + ", element " + i;
                    assertEquals(y[i], single[i], 8 * ulp, at);
                    assertEquals(y[i] * (i < n ? 3 : -0.7f), gradient[i], 8 * 4 * ulp, at);
                }
                double[] sums = exact.logSumExp(1).toDoubleArray();
                assertArrayEquals(sums, x.logSumExp(1).toDoubleArray(), 2 * Math.ulp(1000f));
            }
        }
    }
}
