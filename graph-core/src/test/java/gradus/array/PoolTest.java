package gradus.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Max pooling against a direct search of each window, and its loops in this process against the plain ones. */
class PoolTest {
    private static final double[] SPECIAL = {
        0, -0.0, 1, 1, -1, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY
    };

    /** Returns numbers: all different, or many equal ones, or with infinities, or with NaN, too. */
    private static Tensor random(Random random, Shape shape) {
        int kinds = new int[] {0, 3, 5, SPECIAL.length}[random.nextInt(4)];
        boolean hasNaN = random.nextBoolean();
        double[] x = new double[shape.size()];
        for (int i = 0; i < x.length; i++) {
            double v = kinds == 0 ? random.nextGaussian() : SPECIAL[random.nextInt(kinds)];
            x[i] = Double.isNaN(v) && !hasNaN ? 2 : v;
        }
        return Tensor.of(shape, x);
    }

    private static void assertMaximaAreFirst(Tensor x, WindowOptions options, int... sizes) {
        PoolWindows windows = PoolWindows.of(options, sizes);
        PoolGeometry g = PoolGeometry.of("max", x.shape(), windows);
        Pool.Maxima maxima = Pool.max("max", x, windows);
        Tensor indices = maxima.positions().indices(DType.FLOAT64);
        int at = 0;
        for (int plane = 0; plane < g.planes(); plane++) {
            for (int s = 0; s < g.slices.windows(); s++) {
                for (int r = 0; r < g.rows.windows(); r++) {
                    for (int c = 0; c < g.columns.windows(); c++, at++) {
                        int best = first(g, x, plane * g.plane(), s, r, c);
                        String where = x.shape() + " " + windows + " output " + at;
                        assertEquals(best, (int) indices.at(at), where);
                        assertEquals(
                                x.at(plane * g.plane() + best), maxima.values().at(at), where);
                    }
                }
            }
        }
    }

    /** Returns the position of the largest element of a window in its plane, as PyTorch defines it. */
    private static int first(PoolGeometry g, Tensor x, int plane, int slice, int row, int column) {
        int best = -1;
        for (int s = g.slices.first[slice]; s < g.slices.end[slice]; s += g.slices.dilation) {
            for (int r = g.rows.first[row]; r < g.rows.end[row]; r += g.rows.dilation) {
                for (int c = g.columns.first[column]; c < g.columns.end[column]; c += g.columns.dilation) {
                    int p = (s * g.rows.n + r) * g.columns.n + c;
                    double v = x.at(plane + p);
                    if (best < 0 || v > x.at(plane + best) || Double.isNaN(v)) {
                        best = p;
                    }
                }
            }
        }
        return best;
    }

    @Property(tries = 400)
    void a_maximum_is_the_first_of_the_largest_or_the_last_nan(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int axes, @ForAll boolean ceilMode) {
        Random random = new Random(seed);
        int[] dims = {2, 3, 1, 1, 1};
        int[] sizes = new int[axes];
        int[] strides = new int[axes];
        int[] paddings = new int[axes];
        int[] dilations = new int[axes];
        for (int i = 0; i < axes; i++) {
            sizes[i] = 1 + random.nextInt(4);
            strides[i] = 1 + random.nextInt(4);
            paddings[i] = random.nextInt(sizes[i] / 2 + 1);
            dilations[i] = 1 + random.nextInt(3);
            int most = i == axes - 1 ? 40 : 6;
            dims[dims.length - axes + i] = (sizes[i] - 1) * dilations[i] + 1 + random.nextInt(most);
        }
        WindowOptions options = WindowOptions.DEFAULT
                .stride(strides)
                .padding(paddings)
                .dilation(dilations)
                .ceilMode(ceilMode);
        Tensor x = random(random, Shape.of(dims));
        assertMaximaAreFirst(x, options, sizes);
        assertMaximaAreFirst(x.to(DType.FLOAT32), options, sizes);
    }

    @Property(tries = 200)
    void windows_of_two_by_two_side_by_side_have_the_same_maxima(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int h, @ForAll @IntRange(min = 1, max = 50) int w) {
        Random random = new Random(seed);
        Tensor x = random(random, Shape.of(2, 1 + random.nextInt(3), 2 * h, 2 * w));
        WindowOptions options = WindowOptions.DEFAULT.stride(2);
        assertTrue(
                PoolGeometry.of("max", x.shape(), PoolWindows.of(options, 2, 2)).isHalving());
        assertMaximaAreFirst(x, options, 2, 2);
        assertMaximaAreFirst(x.to(DType.FLOAT32), options, 2, 2);
    }

    @Test
    void a_window_that_is_dilated_over_the_padding_has_the_elements_between() {
        WindowOptions options = WindowOptions.DEFAULT.padding(1).dilation(3);
        assertMaximaAreFirst(Tensor.of(1, 2, 3, 4, 5), options, 2);
        assertMaximaAreFirst(Tensor.of(new double[][] {{3, 1}, {2, 4}}), WindowOptions.DEFAULT.padding(1), 2, 2);
    }

    @Test
    void positions_of_large_planes_are_exact_in_floats() {
        int n = (1 << 24) + 64;
        float[] x = new float[n];
        x[n - 2] = 1;
        Pool.Maxima maxima =
                Pool.max("max", Tensor.of(Shape.of(n), x), PoolWindows.of(WindowOptions.DEFAULT.stride(2), 3));
        int last = maxima.values().size() - 1;
        assertEquals(1, maxima.values().at(last));
        assertEquals(n - 2, maxima.positions().indices(DType.FLOAT64).at(last));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void any_number_of_threads_gives_the_same_bytes(int threads) {
        int before = Workers.count();
        Tensor x = Tensor.normal(Shape.of(5, 7, 33, 35), 0, 1, RandomStream.of(1, "x"))
                .map(v -> Math.rint(v * 2));
        PoolWindows padded = PoolWindows.of(WindowOptions.DEFAULT.stride(2).padding(1), 3, 3);
        PoolWindows squares = PoolWindows.of(WindowOptions.DEFAULT.stride(2), 2, 2);
        try {
            for (PoolWindows windows : new PoolWindows[] {padded, squares}) {
                Workers.use(1);
                Pool.Maxima one = Pool.max("max", x, windows);
                Workers.use(threads);
                assertEquals(one, Pool.max("max", x, windows));
            }
        } finally {
            Workers.use(before);
        }
    }

    @Property(tries = 100)
    void loops_are_those_in_plain_java(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 5) int step) {
        Random random = new Random(seed);
        double[] x = random(random, Shape.of(rows * n + 5 + random.nextInt(20))).toDoubleArray();
        int[] starts = new int[rows];
        for (int r = 0; r < rows; r++) {
            starts[r] = 5 + r * n;
        }
        PoolLoops64[] loops = {new PlainPool64(), Loops.POOL64};
        double[][][] y = new double[2][4][(rows + 1) * n + 5 * rows * step + 64];
        for (int k = 0; k < 2; k++) {
            loops[k].ofRows(n, rows, starts, 3, x, y[k][0], y[k][1], 2);
            int columns = Math.max(1, n - (rows - 1) * step);
            loops[k].ofColumns(columns, rows, step, padded(y[0][0]), padded(y[0][1]), y[k][2], y[k][3]);
            for (int i = 0; i < 4; i++) {
                y[k][i] = Arrays.copyOf(y[k][i], i < 2 ? n + 2 : columns);
            }
        }
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(y[0][i], y[1][i]);
        }
    }

    private static double[] padded(double[] y) {
        return Arrays.copyOf(y, y.length + 64);
    }
}
