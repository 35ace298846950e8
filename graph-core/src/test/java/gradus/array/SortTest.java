package gradus.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorting and running sums against direct ones, for rows of all lengths that are treated in different ways. */
class SortTest {
    private static final double[] EDGES = {
        0,
        -0.0,
        1,
        -1,
        Double.NaN,
        -Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e-310,
        -1e-310,
        1e-40
    };

    /** Numbers of all magnitudes, many of them equal, and special ones. */
    private static double[] numbers(int n) {
        Random random = new Random(n);
        return random.ints(n, 0, 10)
                .mapToDouble(kind -> switch (kind) {
                    case 0 -> EDGES[random.nextInt(EDGES.length)];
                    case 1, 2 -> random.nextInt(7) - 3;
                    case 3 -> random.nextGaussian() * 1e30;
                    case 4 -> random.nextGaussian() * 1e-30;
                    default -> random.nextGaussian();
                })
                .toArray();
    }

    /** Returns the order of numbers, NaN the largest, -0 equal to 0, equal ones in the order of the row. */
    private static int[] order(boolean descending, double... x) {
        Comparator<Integer> order = Comparator.comparingDouble(i -> Double.isNaN(x[i]) ? Double.NaN : x[i] + 0.0);
        return IntStream.range(0, x.length)
                .boxed()
                .sorted(descending ? order.reversed() : order)
                .mapToInt(i -> i)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128, 129, 1000, 20_000, 70_001})
    void numbers_are_in_order_and_equal_ones_in_that_of_the_row(int n) {
        for (DType type : DType.values()) {
            Tensor x = Tensor.of(Shape.of(2, n), numbers(2 * n)).to(type);
            for (boolean descending : new boolean[] {false, true}) {
                Tensor sorted = x.argsort(1, descending);
                for (int i = 0; i < 2; i++) {
                    double[] row = x.slice(0, i, i + 1).toDoubleArray();
                    int[] positions = sorted.slice(0, i, i + 1).toIntArray();
                    assertArrayEquals(order(descending, row), positions, type + " " + descending + " " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void running_sums_of_any_number_of_rows_are_those_of_each(DType type) {
        for (int m = 0; m < 10; m++) {
            int n = 13;
            Tensor x = Tensor.uniform(Shape.of(m, n), -2, 2, RandomStream.of(m, "x"))
                    .to(type);
            double[] in = x.toDoubleArray();
            double[] forward = new double[m * n];
            double[] backward = new double[m * n];
            for (int i = 0; i < m; i++) {
                double s = 0;
                double r = 0;
                for (int j = 0; j < n; j++) {
                    s += in[i * n + j];
                    forward[i * n + j] = type == DType.FLOAT64 ? s : (float) s;
                    r += in[i * n + n - 1 - j];
                    backward[i * n + n - 1 - j] = type == DType.FLOAT64 ? r : (float) r;
                }
            }
            assertArrayEquals(forward, x.cumsum(1, false).toDoubleArray());
            assertArrayEquals(backward, x.cumsum(1, true).toDoubleArray());
            assertArrayEquals(
                    forward, x.transpose().cumsum(0, false).transpose().toDoubleArray());
            assertArrayEquals(
                    backward, x.transpose().cumsum(0, true).transpose().toDoubleArray());
            Tensor middle =
                    Tensor.concat(0, x.reshape(1, m, n), x.reshape(1, m, n)).transpose(1, 2);
            assertArrayEquals(
                    forward,
                    middle.cumsum(1, false).slice(0, 1, 2).transpose(1, 2).toDoubleArray());
        }
    }
}
