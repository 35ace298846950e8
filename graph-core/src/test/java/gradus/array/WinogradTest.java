package gradus.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions by minimal filtering against direct ones. */
class WinogradTest {
    private static final WindowOptions PADDED = WindowOptions.DEFAULT.padding(1);

    /** Draws whole numbers; kernels and output's gradients are multiples of 4, of which transforms take quarters. */
    private static ConvolutionOperands exact(long seed, Shape x, int out, WindowOptions options) {
        RandomStream r = RandomStream.of(seed, "numbers");
        Shape w = Shape.of(out, x.dim(1), 3, 3);
        Shape y = ConvGeometry.of("conv", x, w, options).out();
        return new ConvolutionOperands(
                Naive.fill(x, i -> r.nextInt(9) - 4),
                Naive.fill(w, i -> 4 * (r.nextInt(9) - 4)),
                Naive.fill(Shape.of(out), i -> r.nextInt(9) - 4),
                Naive.fill(y, i -> 4 * (r.nextInt(9) - 4)),
                options);
    }

    private static ConvolutionOperands drawn(long seed, Shape x, int out, WindowOptions options) {
        RandomStream r = RandomStream.of(seed, "numbers");
        Shape w = Shape.of(out, x.dim(1), 3, 3);
        Shape y = ConvGeometry.of("conv", x, w, options).out();
        return new ConvolutionOperands(
                Tensor.normal(x, 0, 1, r),
                Tensor.normal(w, 0, 1, r),
                Tensor.normal(Shape.of(out), 0, 1, r),
                Tensor.normal(y, 0, 1, r),
                options);
    }

    private static List<Tensor> byFiltering(ConvolutionOperands c) {
        ConvGeometry g = c.geometry();
        List<Tensor> all = c.zeros();
        if (c.x() instanceof Tensor64 t) {
            double[] v = Tensor64.data(c.w());
            double[] e = Tensor64.data(c.gy());
            assertTrue(Winograd64.forward(g, t.data, v, Tensor64.data(c.bias()), Tensor64.data(all.get(0))));
            assertTrue(Winograd64.inputGradient(g, e, v, Tensor64.data(all.get(1))));
            assertTrue(Winograd64.weightGradient(g, t.data, e, Tensor64.data(all.get(2))));
        } else {
            float[] u = Tensor32.data(c.x());
            float[] v = Tensor32.data(c.w());
            float[] e = Tensor32.data(c.gy());
            assertTrue(Winograd32.forward(g, u, v, Tensor32.data(c.bias()), Tensor32.data(all.get(0))));
            assertTrue(Winograd32.inputGradient(g, e, v, Tensor32.data(all.get(1))));
            assertTrue(Winograd32.weightGradient(g, u, e, Tensor32.data(all.get(2))));
        }
        return all;
    }

    @Provide
    static Arbitrary<ConvolutionOperands> convolutions() {
        return Arbitraries.longs().map(seed -> {
            RandomStream r = RandomStream.of(seed, "sizes");
            WindowOptions options =
                    WindowOptions.DEFAULT.padding(r.nextInt(3), r.nextInt(3), r.nextInt(3), r.nextInt(3));
            int h = least(options.rows()) + r.nextInt(r.nextInt(4) == 0 ? 60 : 14);
            int w = least(options.columns()) + r.nextInt(r.nextInt(4) == 0 ? 60 : 14);
            int c = 1 + r.nextInt(r.nextInt(3) == 0 ? 140 : 40);
            int m = 1 + r.nextInt(r.nextInt(3) == 0 ? 140 : 40);
            return exact(seed, Shape.of(1 + r.nextInt(4), c, h, w), m, options);
        });
    }

    private static int least(WindowOptions.Axis axis) {
        return Math.max(1, 3 - axis.before() - axis.after());
    }

    /** Sums of whole numbers are exact, whatever their order. */
    @Property(tries = 150)
    void filtering_equals_the_direct_computation_of_whole_numbers(@ForAll("convolutions") ConvolutionOperands c) {
        for (DType dtype : DType.values()) {
            assertEquals(
                    c.to(dtype).directly(),
                    byFiltering(c.to(dtype)),
                    () -> dtype + " " + c.geometry().out());
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void any_number_of_threads_gives_the_same_bytes(DType dtype) {
        int before = Workers.count();
        ConvolutionOperands c = drawn(1, Shape.of(5, 70, 13, 18), 37, PADDED).to(dtype);
        assertTrue(Winograd64.fits(c.geometry()));
        try {
            Workers.use(1);
            List<Tensor> one = c.products();
            assertEquals(byFiltering(c), one);
            for (int threads = 2; threads <= 3; threads++) {
                Workers.use(threads);
                assertEquals(one, c.products());
            }
        } finally {
            Workers.use(before);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void an_element_that_is_not_finite_stays_inside_the_windows_that_contain_it(double element) {
        ConvolutionOperands c = exact(1, Shape.of(3, 32, 9, 10), 33, PADDED);
        assertTrue(Winograd64.fits(c.geometry()));
        for (DType dtype : DType.values()) {
            RandomStream r = RandomStream.of(1, "places");
            for (int i = 0; i < 5; i++) {
                Tensor x = with(c.x(), r, element);
                Tensor w = with(c.w(), r, element);
                Tensor gy = with(c.gy(), r, element);
                for (ConvolutionOperands wrong : List.of(
                        new ConvolutionOperands(x, c.w(), c.bias(), c.gy(), PADDED),
                        new ConvolutionOperands(c.x(), w, c.bias(), c.gy(), PADDED),
                        new ConvolutionOperands(c.x(), c.w(), c.bias(), gy, PADDED))) {
                    assertEquals(wrong.to(dtype).directly(), wrong.to(dtype).products());
                }
                Tensor y = Convolve.forward("conv", x.to(dtype), c.w().to(dtype), null, PADDED);
                int finite = 0;
                for (double v : y.toDoubleArray()) {
                    finite += Double.isFinite(v) ? 1 : 0;
                }
                assertTrue(finite >= y.size() - 9 * 33, "outputs with the element in their window");
            }
        }
    }

    private static Tensor with(Tensor x, RandomStream r, double element) {
        double[] all = x.toDoubleArray();
        all[r.nextInt(all.length)] = element;
        return Tensor.of(x.shape(), all);
    }

    /** The sum of two of the largest numbers, in the transform of a tile, is infinite; their products with small ones are not. */
    @Test
    void what_is_finite_stays_finite() {
        ConvolutionOperands c = exact(1, Shape.of(4, 32, 8, 8), 32, PADDED);
        assertTrue(Winograd64.fits(c.geometry()));
        Tensor x = Naive.fill(c.x().shape(), i -> 0x1p127).to(DType.FLOAT32);
        Tensor w = c.w().mul(0x1p-20).to(DType.FLOAT32);
        ConvolutionOperands large = new ConvolutionOperands(
                x, w, c.bias().to(DType.FLOAT32), c.gy().mul(0x1p-20).to(DType.FLOAT32), PADDED);
        for (Tensor y : large.products()) {
            assertTrue(Double.isFinite(y.abs().max().item()));
        }
        assertEquals(large.directly(), large.products());
    }

    /** Transforms add elements before they are multiplied, so the error is larger than that of direct products, by a small factor. */
    @ParameterizedTest
    @ValueSource(ints = {32, 256})
    void the_error_is_at_most_three_times_that_of_direct_products(int channels) {
        ConvolutionOperands c =
                drawn(1, Shape.of(2, channels, 13, 14), channels, PADDED).to(DType.FLOAT32);
        List<Tensor> exact = c.to(DType.FLOAT64).directly();
        List<Tensor> direct = c.directly();
        List<Tensor> filtered = byFiltering(c);
        for (int i = 0; i < 3; i++) {
            double expected = error(direct.get(i), exact.get(i));
            double found = error(filtered.get(i), exact.get(i));
            assertTrue(found < 3 * expected, found + " and " + expected);
        }
    }

    /** Returns the root mean square of an error, relative to that of the result. */
    private static double error(Tensor y, Tensor exact) {
        Tensor gap = y.to(DType.FLOAT64).sub(exact);
        return Math.sqrt(gap.mul(gap).sum().item() / exact.mul(exact).sum().item());
    }

    @Test
    void other_strides_kernels_groups_and_paddings_are_computed_directly() {
        assertTrue(fits(32, 32, PADDED, 3, 3));
        assertTrue(fits(32, 40, WindowOptions.DEFAULT.padding(0, 1, 2, 0), 3, 3));
        assertFalse(fits(31, 32, PADDED, 3, 3));
        assertFalse(fits(32, 31, PADDED, 3, 3));
        assertFalse(fits(32, 32, PADDED, 3, 5));
        assertFalse(fits(32, 32, PADDED.stride(2, 1), 3, 3));
        assertFalse(fits(32, 32, PADDED.dilation(1, 2), 3, 3));
        assertFalse(fits(32, 32, PADDED.padding(3), 3, 3));
        assertFalse(fits(64, 64, PADDED.groups(2), 3, 3));
        assertFalse(fits(2000, 32, PADDED, 3, 3));
        assertFalse(Winograd64.fits(ConvGeometry.of(
                "conv",
                Shape.of(2, 32, 4, 12, 12),
                Shape.of(32, 32, 1, 3, 3),
                WindowOptions.DEFAULT.padding(0, 1, 1))));
    }

    private static boolean fits(int channels, int out, WindowOptions options, int kh, int kw) {
        Shape w = Shape.of(out, channels / options.groups(), kh, kw);
        return Winograd64.fits(ConvGeometry.of("conv", Shape.of(2, channels, 12, 12), w, options));
    }

    @Property(tries = 60)
    void plain_and_simd_loops_agree(@ForAll long seed) {
        RandomStream r = RandomStream.of(seed, "sizes");
        int channels = 16 * (1 + r.nextInt(3));
        int count = 1 + r.nextInt(4);
        int rows = 1 + r.nextInt(40);
        int columns = 1 + r.nextInt(40);
        double[] x = Tensor.normal(Shape.of(10_000), 0, 1, r).toDoubleArray();
        int[] tiles = new int[count];
        for (int i = 0; i < count; i++) {
            tiles[i] = r.nextInt(500);
        }
        int[] from = new int[rows];
        int[] to = new int[columns];
        for (int i = 0; i < rows; i++) {
            from[i] = r.nextInt(9000);
        }
        for (int i = 0; i < columns; i++) {
            to[i] = 60 * i;
        }
        WinogradLoops64[] loops = {new PlainWinograd64(), Loops.WINOGRAD64};
        double[][][] y = new double[2][6][60_000];
        for (int i = 0; i < 2; i++) {
            loops[i].input(count, tiles, channels, x, 3, 200, 48, y[i][0], 5, 1000, 50);
            loops[i].outputGradient(count, tiles, channels, x, 3, 200, 48, y[i][1], 5, 1000, 50);
            int[] apart = {0, 2000, 4000, 6000};
            assertTrue(loops[i].output(count, apart, channels, x, 900, 50, x, 7, y[i][2], 200, 48));
            loops[i].kernels(count, channels, x, 500, 50, y[i][3], 3, 1000, 50);
            loops[i].kernelGradient(channels, x, 11, 50, y[i][4], 48);
            loops[i].transpose(rows, columns, x, 3, from, 0, y[i][5], 9, to, 0);
        }
        for (int i = 0; i < 6; i++) {
            assertArrayEquals(y[0][i], y[1][i]);
        }
    }
}
