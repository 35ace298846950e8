package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The convolution and its two gradients against seven nested loops, and pooling against its definition. */
class ConvolveTest {
    /** The sizes and the operands of one convolution. */
    record Case(Tensor x, Tensor w, Tensor bias, WindowOptions options) {
        Tensor gy() {
            return Tensor.uniform(forward(1).shape(), -1, 1, RandomStream.of(x.size(), "gy"));
        }

        Tensor forward(int threads) {
            return with(threads, () -> Convolve.forward("conv", x, w, bias, options));
        }

        /** Returns all three products. */
        List<Tensor> products(DType dtype, int threads) {
            Tensor gy = gy().to(dtype);
            Tensor a = x.to(dtype);
            Tensor b = w.to(dtype);
            return with(
                    threads,
                    () -> List.of(
                            Convolve.forward("conv", a, b, bias.to(dtype), options),
                            Convolve.inputGradient("conv", gy, b, a.shape(), options),
                            Convolve.weightGradient("conv", a, gy, b.shape(), options)));
        }

        /** Returns the same, from the definition; of absolute values if asked, which bounds the rounding. */
        List<Tensor> naive(boolean absolute) {
            Tensor gy = gy();
            double[] y = new double[gy.size()];
            double[] gx = new double[x.size()];
            double[] gw = new double[w.size()];
            Shape s = x.shape();
            Shape k = w.shape();
            int m = k.dim(0) / options.groups();
            int top = padding(options.rows(), s.dim(2), k.dim(2));
            int left = padding(options.columns(), s.dim(3), k.dim(3));
            int at = 0;
            for (int n = 0; n < s.dim(0); n++) {
                for (int o = 0; o < k.dim(0); o++) {
                    for (int i = 0; i < gy.shape().dim(2); i++) {
                        for (int j = 0; j < gy.shape().dim(3); j++, at++) {
                            y[at] = sized(bias.at(o), absolute);
                            for (int t = 0; t < k.dim(1) * k.dim(2) * k.dim(3); t++) {
                                int c = t / (k.dim(2) * k.dim(3));
                                int u = t / k.dim(3) % k.dim(2);
                                int v = t % k.dim(3);
                                int row = i * options.rows().stride()
                                        + u * options.rows().dilation()
                                        - top;
                                int column = j * options.columns().stride()
                                        + v * options.columns().dilation()
                                        - left;
                                if (row >= 0 && row < s.dim(2) && column >= 0 && column < s.dim(3)) {
                                    int channel = n * s.dim(1) + o / m * k.dim(1) + c;
                                    int p = (channel * s.dim(2) + row) * s.dim(3) + column;
                                    int q = o * k.dim(1) * k.dim(2) * k.dim(3) + t;
                                    y[at] += sized(x.at(p) * w.at(q), absolute);
                                    gx[p] += sized(gy.at(at) * w.at(q), absolute);
                                    gw[q] += sized(gy.at(at) * x.at(p), absolute);
                                }
                            }
                        }
                    }
                }
            }
            return List.of(Tensor.of(gy.shape(), y), Tensor.of(s, gx), Tensor.of(k, gw));
        }

        private static double sized(double v, boolean absolute) {
            return absolute ? Math.abs(v) : v;
        }
    }

    /** Returns the padding in front of n elements, from the definition. */
    private static int padding(WindowOptions.Axis axis, int n, int k) {
        if (!axis.same()) {
            return axis.before();
        }
        int windows = (int) Math.ceil((double) n / axis.stride());
        int covered = (windows - 1) * axis.stride() + axis.dilation() * (k - 1) + 1;
        return Math.max(0, covered - n) / 2;
    }

    private static <T> T with(int threads, java.util.function.Supplier<T> f) {
        int before = Workers.count();
        Workers.use(threads);
        try {
            return f.get();
        } finally {
            Workers.use(before);
        }
    }

    private static Case drawn(long seed, int[] x, int[] w, WindowOptions options) {
        return new Case(
                Tensor.uniform(Shape.of(x), -1, 1, RandomStream.of(seed, "x")),
                Tensor.uniform(Shape.of(w), -1, 1, RandomStream.of(seed, "w")),
                Tensor.uniform(Shape.of(w[0]), -1, 1, RandomStream.of(seed, "b")),
                options);
    }

    @Provide
    static Arbitrary<Case> convolutions() {
        return Arbitraries.longs().map(seed -> {
            RandomStream r = RandomStream.of(seed, "sizes");
            int groups = 1 + r.nextInt(3);
            boolean depthwise = r.nextInt(3) == 0;
            int c = depthwise ? 1 : 1 + r.nextInt(7);
            int kh = 1 + r.nextInt(4);
            int kw = 1 + r.nextInt(4);
            WindowOptions options = WindowOptions.DEFAULT
                    .stride(1 + r.nextInt(4), 1 + r.nextInt(4))
                    .dilation(1 + r.nextInt(2), 1 + r.nextInt(2))
                    .groups(groups);
            options = r.nextInt(4) == 0
                    ? options.same()
                    : options.padding(r.nextInt(3), r.nextInt(3), r.nextInt(3), r.nextInt(3));
            // from a kernel as large as the input to several panels with a remainder
            int h = least(options.rows(), kh) + r.nextInt(14);
            int w = least(options.columns(), kw) + r.nextInt(20);
            return drawn(
                    seed,
                    new int[] {r.nextInt(4), groups * c, h, w},
                    new int[] {groups * (1 + r.nextInt(depthwise ? 3 : 14)), c, kh, kw},
                    options);
        });
    }

    /** Returns the size of the shortest axis that a window of k fits. */
    private static int least(WindowOptions.Axis axis, int k) {
        return axis.same() ? 1 : Math.max(1, (int) axis.extent(k) - axis.before() - axis.after());
    }

    @Property(tries = 300)
    void a_convolution_and_its_gradients_agree_with_the_definition_in_both_types(@ForAll("convolutions") Case c) {
        List<Tensor> bounds = c.naive(true);
        for (DType dtype : DType.values()) {
            double ulp = dtype == DType.FLOAT64 ? 0x1p-53 : 0x1p-24;
            List<Tensor> products = c.products(dtype, 1);
            for (int i = 0; i < 3; i++) {
                Tensor gap = products.get(i)
                        .to(DType.FLOAT64)
                        .sub(c.naive(false).get(i))
                        .abs();
                // the operands are rounded, then each of the summands and the sums
                Tensor excess = gap.sub(bounds.get(i).add(1).mul(ulp * (6 + terms(c, i))));
                for (double e : excess.toDoubleArray()) {
                    assertTrue(e <= 0, () -> dtype + " " + c);
                }
            }
        }
    }

    /** Returns how many summands an element has at most. */
    private static int terms(Case c, int product) {
        Shape y = c.gy().shape();
        Shape w = c.w().shape();
        return switch (product) {
            case 0 -> w.size() / w.dim(0) + 1;
            case 1 -> w.size() / w.dim(1);
            default -> y.size() / w.dim(0);
        };
    }

    @Property(tries = 100)
    void padding_equals_explicit_zeros(@ForAll("convolutions") Case c) {
        Shape s = c.x().shape();
        WindowOptions.Axis rows =
                c.options().rows().resolve(s.dim(2), c.w().shape().dim(2));
        WindowOptions.Axis columns =
                c.options().columns().resolve(s.dim(3), c.w().shape().dim(3));
        Tensor padded = c.x().pad(2, rows.before(), rows.after()).pad(3, columns.before(), columns.after());
        Tensor valid =
                Convolve.forward("conv", padded, c.w(), c.bias(), c.options().padding(0));
        assertEquals(valid, c.forward(1));
    }

    @Test
    void same_padding_gives_the_size_over_the_stride_rounded_up() {
        for (int n = 1; n < 12; n++) {
            for (int stride = 1; stride < 5; stride++) {
                for (int k = 1; k < 6; k++) {
                    WindowOptions.Axis axis = WindowOptions.DEFAULT
                            .stride(stride)
                            .same()
                            .dilation(2)
                            .rows();
                    assertEquals((n + stride - 1) / stride, axis.outputSize(n, k));
                    WindowOptions.Axis found = axis.resolve(n, k);
                    assertEquals((n + stride - 1) / stride, found.outputSize(n, k));
                    assertTrue(found.after() - found.before() == 0 || found.after() - found.before() == 1);
                }
            }
        }
    }

    @Test
    void options_are_equal_by_value() {
        WindowOptions options = WindowOptions.DEFAULT.stride(2).padding(1).groups(4);
        assertEquals(options, WindowOptions.DEFAULT.groups(4).padding(1, 1).stride(2, 2));
        assertEquals("stride 2, padding 1, groups 4", options.toString());
        assertEquals(
                "padding (0, 1) x 2", WindowOptions.DEFAULT.padding(0, 1, 2, 2).toString());
        assertEquals(
                "stride 1 x 2, padding same",
                WindowOptions.DEFAULT.stride(1, 2).same().toString());
        assertEquals(options, options.same().padding(1));
        assertEquals(options.same(), options.padding(2).same());
        assertEquals("", WindowOptions.DEFAULT.toString());
    }

    @Property(tries = 50)
    void plain_and_simd_loops_agree(@ForAll("convolutions") Case c) {
        int m = c.w().shape().dim(0);
        int k = c.w().size() / m;
        int n = 1 + c.x().size() % 64;
        int step = n + 16; // room for whole vectors
        double[] b = Tensor.uniform(Shape.of(k * step + 32), -1, 1, RandomStream.of(n, "b"))
                .toDoubleArray();
        double[] a = c.w().toDoubleArray();
        double[][] y = new double[2][m * step];
        double[][] s = new double[2][m * m];
        double[][] shifted = new double[2][m * step];
        double[][] moved = new double[2][n + 40];
        int[] starts = IntStream.range(0, k).map(t -> t % 7 * 5).toArray();
        ConvLoops64[] loops = {new PlainConv64(), Loops.CONV64};
        for (int i = 0; i < 2; i++) {
            loops[i].add(m, n, k, a, 0, k, 1, b, 0, step, y[i], 0, step);
            loops[i].addTo(starts, n, b, 0, step, moved[i], 0);
            double[] lanes = new double[m * m * loops[i].lanes()];
            double[] rows = Tensor.zeros(m, 16).toDoubleArray();
            for (int r = 0; r < m; r++) {
                System.arraycopy(a, r * k, rows, r * 16, Math.min(k, 13));
            }
            int[] begins = IntStream.range(0, m).map(r -> r * 16).toArray();
            loops[i].dots(m, Math.min(k, 13), rows, 0, 16, rows, 0, begins, lanes);
            loops[i].addShifted(m, n, k, a, 0, k, 1, b, 0, starts, shifted[i], 0, step);
            loops[i].addShifted(m, n, Math.min(k, 13), rows, 0, 16, 1, b, 0, starts, shifted[i], 0, step);
            for (int j = 0; j < lanes.length; j++) {
                s[i][j / loops[i].lanes()] += lanes[j];
            }
        }
        for (int r = 0; r < m; r++) {
            for (int j = 0; j < n; j++) {
                assertEquals(y[0][r * step + j], y[1][r * step + j]);
                assertEquals(shifted[0][r * step + j], shifted[1][r * step + j]);
            }
        }
        assertTrue(Arrays.equals(moved[0], moved[1]));
        for (int j = 0; j < m * m; j++) {
            double size = 0; // each of 13 roundings, on either side, is at most half an ulp of the sum of sizes
            for (int p = 0; p < Math.min(k, 13); p++) {
                size += Math.abs(a[j / m * k + p] * a[j % m * k + p]);
            }
            assertEquals(s[0][j], s[1][j], 13 * size * 0x1p-52);
        }
    }

    @ParameterizedTest
    @MethodSource("large")
    void large_images_are_convolved_as_defined(Case c) {
        a_convolution_and_its_gradients_agree_with_the_definition_in_both_types(c);
    }

    @ParameterizedTest
    @MethodSource("large")
    void any_number_of_threads_gives_the_same_bytes(Case c) {
        for (DType dtype : DType.values()) {
            List<Tensor> one = c.products(dtype, 1);
            for (int threads = 2; threads <= 4; threads++) {
                assertEquals(one, c.products(dtype, threads));
            }
        }
        Tensor x = c.x();
        WindowOptions options = WindowOptions.DEFAULT.stride(2).padding(1);
        Tensor y = with(1, () -> Pool.max("pool", x, PoolWindows.of(options, 3, 3)))
                .values();
        assertEquals(
                y,
                with(4, () -> Pool.max("pool", x, PoolWindows.of(options, 3, 3)))
                        .values());
        assertEquals(
                with(1, () -> Pool.mean("pool", x, PoolWindows.of(options, 3, 3), true)),
                with(4, () -> Pool.mean("pool", x, PoolWindows.of(options, 3, 3), true)));
    }

    @Test
    void the_gradient_of_weights_over_many_large_images_has_a_relative_error_below_1e_6() {
        for (int out : new int[] {1, 16}) { // few outputs are computed as products of rows, many as products of columns
            Tensor x = Tensor.uniform(Shape.of(2, out, 256, 256), 0, 1, RandomStream.of(1, "x"));
            Tensor gy = Tensor.uniform(Shape.of(2, out, 254, 254), 0, 1, RandomStream.of(1, "gy"));
            Tensor a = x.to(DType.FLOAT32);
            Tensor b = gy.to(DType.FLOAT32);
            Shape w = Shape.of(out, out, 3, 3);
            Tensor gw = Convolve.weightGradient("conv", a, b, w, WindowOptions.DEFAULT);
            Tensor exact =
                    Convolve.weightGradient("conv", a.to(DType.FLOAT64), b.to(DType.FLOAT64), w, WindowOptions.DEFAULT);
            Tensor error = gw.to(DType.FLOAT64).sub(exact).div(exact).abs();
            assertTrue(error.max().item() < 1e-6, () -> out + ": " + error.max().item());
        }
    }

    /** One chain of roundings over 2e5 terms has a relative error above 1e-5. */
    @Test
    void convolutions_over_many_channels_have_a_relative_error_below_1e_6() {
        int many = 22_223;
        RandomStream r = RandomStream.of(1, "channels");
        Tensor x = Tensor.uniform(Shape.of(1, many, 4, 5), 0, 1, r).to(DType.FLOAT32);
        Tensor b = Tensor.uniform(Shape.of(2), 0, 1, r).to(DType.FLOAT32);
        Tensor gy = Tensor.uniform(Shape.of(1, many, 2, 4), 0, 1, r).to(DType.FLOAT32);
        Tensor w = Tensor.uniform(Shape.of(2, many, 3, 2), 0, 1, r).to(DType.FLOAT32);
        Tensor v = w.reshape(many, 2, 3, 2);
        Shape s = Shape.of(1, 2, 4, 5);
        WindowOptions options = WindowOptions.DEFAULT;
        requireClose(
                Convolve.forward("conv", x, w, b, options),
                Convolve.forward("conv", wide(x), wide(w), wide(b), options));
        requireClose(
                Convolve.inputGradient("conv", gy, v, s, options),
                Convolve.inputGradient("conv", wide(gy), wide(v), s, options));
    }

    private static Tensor wide(Tensor x) {
        return x.to(DType.FLOAT64);
    }

    private static void requireClose(Tensor y, Tensor exact) {
        double error = wide(y).sub(exact).div(exact).abs().max().item();
        assertTrue(error < 1e-6, () -> "relative error " + error);
    }

    static Stream<Case> large() {
        return Stream.of(
                drawn(1, new int[] {19, 2, 20, 21}, new int[] {7, 2, 3, 3}, WindowOptions.DEFAULT),
                drawn(
                        2,
                        new int[] {5, 6, 40, 33},
                        new int[] {6, 3, 5, 2},
                        WindowOptions.DEFAULT.stride(2).padding(1).groups(2)),
                // rows of outputs in two panels, the second with a remainder, and several groups of channels
                drawn(3, new int[] {2, 31, 33, 34}, new int[] {7, 31, 3, 3}, WindowOptions.DEFAULT.padding(1)),
                // the same, as columns of a product
                drawn(4, new int[] {2, 31, 33, 34}, new int[] {9, 31, 3, 3}, WindowOptions.DEFAULT.padding(1)),
                // depthwise, with strides that have and have not a loop of their own
                drawn(
                        8,
                        new int[] {3, 5, 60, 61},
                        new int[] {5, 1, 3, 3},
                        WindowOptions.DEFAULT.padding(1).groups(5)),
                drawn(
                        9,
                        new int[] {3, 5, 60, 61},
                        new int[] {10, 1, 5, 4},
                        WindowOptions.DEFAULT.stride(2).groups(5)),
                drawn(
                        10,
                        new int[] {2, 4, 55, 70},
                        new int[] {4, 1, 3, 3},
                        WindowOptions.DEFAULT.stride(3).padding(2).dilation(2).groups(4)),
                // kernels of one element, in groups and not
                drawn(11, new int[] {3, 22, 13, 12}, new int[] {9, 22, 1, 1}, WindowOptions.DEFAULT),
                drawn(12, new int[] {2, 8, 30, 31}, new int[] {6, 4, 1, 1}, WindowOptions.DEFAULT.groups(2)),
                // by minimal filtering, in several blocks of channels
                drawn(13, new int[] {2, 33, 15, 14}, new int[] {70, 33, 3, 3}, WindowOptions.DEFAULT.padding(1)),
                drawn(14, new int[] {6, 66, 7, 8}, new int[] {32, 66, 3, 3}, WindowOptions.DEFAULT.padding(0, 1, 2, 0)),
                // inner sizes above which products are summed in blocks
                drawn(6, new int[] {2, 400, 5, 6}, new int[] {6, 200, 3, 3}, WindowOptions.DEFAULT.groups(2)),
                drawn(7, new int[] {1, 2, 3, 4}, new int[] {1100, 2, 2, 2}, WindowOptions.DEFAULT.padding(1)),
                drawn(
                        5,
                        new int[] {3, 22, 19, 18},
                        new int[] {20, 11, 3, 3},
                        WindowOptions.DEFAULT.stride(2).groups(2)));
    }

    @Property(tries = 200)
    void pooling_agrees_with_the_definition(@ForAll long seed) {
        RandomStream r = RandomStream.of(seed, "pool");
        int kh = 1 + r.nextInt(3);
        int kw = 1 + r.nextInt(3);
        boolean halving = r.nextInt(3) == 0;
        WindowOptions options = WindowOptions.DEFAULT.stride(2);
        if (!halving) {
            options = WindowOptions.DEFAULT
                    .stride(1 + r.nextInt(3), 1 + r.nextInt(3))
                    .dilation(1 + r.nextInt(2), 1 + r.nextInt(2));
            options = r.nextInt(4) == 0
                    ? options.same()
                    : options.padding(
                            r.nextInt(kh / 2 + 1), r.nextInt(kh / 2 + 1), r.nextInt(kw / 2 + 1), r.nextInt(kw / 2 + 1));
        }
        int rows = halving ? 2 : kh;
        int columns = halving ? 2 : kw;
        Shape s = Shape.of(r.nextInt(3), 5 + r.nextInt(5), 5 + r.nextInt(5));
        int top = padding(options.rows(), s.dim(1), rows);
        int left = padding(options.columns(), s.dim(2), columns);
        // few different numbers, so that many are equal, and some NaN
        double[] numbers = {-1, -0.0, 0.0, 1, 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN};
        Tensor x = Naive.fill(s, i -> numbers[r.nextInt(r.nextInt(2) == 0 ? 5 : 8)]);
        Pool.Maxima maxima = Pool.max("pool", x, PoolWindows.of(options, rows, columns));
        Tensor at = Naive.fill(s, i -> (i[0] * s.dim(1) + i[1]) * s.dim(2) + i[2]);
        Tensor found = maxima.positions().gather(at);
        Tensor ones = Tensor.ones(found.shape().dims());
        Tensor marked = maxima.positions().scatterAdd(ones);
        assertEquals(found.size(), marked.sum().item());
        Tensor means = Pool.mean("pool", at, PoolWindows.of(options, rows, columns), false);
        for (int i = 0; i < found.size(); i++) {
            int best = -1;
            double sum = 0;
            int count = 0;
            int place = i % (found.shape().dim(1) * found.shape().dim(2));
            int plane = i / (found.shape().dim(1) * found.shape().dim(2));
            for (int u = 0; u < rows; u++) {
                for (int v = 0; v < columns; v++) {
                    int row = place / found.shape().dim(2) * options.rows().stride()
                            + u * options.rows().dilation()
                            - top;
                    int column =
                            place % found.shape().dim(2) * options.columns().stride()
                                    + v * options.columns().dilation()
                                    - left;
                    if (row >= 0 && row < s.dim(1) && column >= 0 && column < s.dim(2)) {
                        int p = (plane * s.dim(1) + row) * s.dim(2) + column;
                        best = best < 0 || x.at(p) > x.at(best) || Double.isNaN(x.at(p)) ? p : best;
                        sum += p;
                        count++;
                    }
                }
            }
            assertEquals(best, found.at(i), x::toString);
            assertEquals(x.at(best), maxima.values().at(i));
            assertEquals(sum / count, means.at(i), 1e-12 * sum);
            assertTrue(marked.at(best) >= 1);
        }
        Tensor y = Tensor.uniform(means.shape(), -1, 1, r);
        Tensor gradient = Pool.meanGradient("pool", y, s, PoolWindows.of(options, rows, columns), true);
        double there = Pool.mean("pool", at, PoolWindows.of(options, rows, columns), true)
                .mul(y)
                .sum()
                .item();
        assertEquals(there, gradient.mul(at).sum().item(), 1e-10 * (1 + Math.abs(there)));
    }

    @Test
    void positions_of_maxima_are_values_that_hold_no_tensor() {
        Tensor x = Tensor.uniform(Shape.of(2, 6, 6), -1, 1, RandomStream.of(1, "x"));
        WindowOptions s = WindowOptions.DEFAULT.stride(2);
        Pool.Positions positions = Pool.max("pool", x, PoolWindows.of(s, 2, 2)).positions();
        Pool.Positions again =
                Pool.max("pool", x.mul(2), PoolWindows.of(s, 2, 2)).positions();
        assertEquals(positions, again);
        assertEquals(positions.hashCode(), again.hashCode());
        assertEquals(
                positions.gather(x),
                Pool.max("pool", x, PoolWindows.of(s, 2, 2)).values());
        assertNotEquals(
                positions, Pool.max("pool", x.neg(), PoolWindows.of(s, 2, 2)).positions());
        Tensor sorted = Tensor.range(0, 36).reshape(1, 6, 6);
        Tensor tall = sorted.reshape(1, 9, 4);
        assertNotEquals(
                Pool.max("pool", sorted, PoolWindows.of(WindowOptions.DEFAULT, 1, 1))
                        .positions(),
                Pool.max("pool", tall, PoolWindows.of(WindowOptions.DEFAULT, 1, 1))
                        .positions());
        for (Field f : Pool.Positions.class.getDeclaredFields()) {
            assertFalse(Tensor.class.isAssignableFrom(f.getType()), f::toString);
        }
    }

    @Test
    void pooling_in_float_agrees_with_pooling_in_double() {
        Tensor x = Tensor.uniform(Shape.of(2, 7, 6), -1, 1, RandomStream.of(1, "x"))
                .to(DType.FLOAT32);
        Tensor exact = x.to(DType.FLOAT64);
        for (WindowOptions options : List.of(WindowOptions.DEFAULT, WindowOptions.DEFAULT.stride(2))) {
            Tensor y = Pool.max("pool", x, PoolWindows.of(options, 2, 2)).values();
            assertEquals(Pool.max("pool", exact, PoolWindows.of(options, 2, 2)).values(), y.to(DType.FLOAT64));
        }
    }

    static Stream<Arguments> mismatches() {
        Tensor x = Tensor.zeros(2, 3, 5, 6);
        WindowOptions s = WindowOptions.DEFAULT;
        return Stream.of(
                bad(
                        () -> conv(x, s, 4, 2, 2, 2),
                        "[2, 3, 5, 6] x [4, 2, 2, 2]: weights [.., 2, ..] in 1 groups take 2 channels, not 3"),
                bad(() -> conv(x, s.groups(2), 4, 1, 2, 2), "2 groups do not divide 3 channels in and 4 out"),
                bad(() -> conv(x, s.groups(3), 4, 1, 2, 2), "3 groups do not divide 3 channels in and 4 out"),
                bad(() -> s.groups(0), "groups 0 must be at least 1"),
                bad(() -> conv(x, s, 4, 3, 6, 2), "the kernel covers 6 x 2, more than the padded 5 x 6"),
                bad(
                        () -> conv(x, s.dilation(3).padding(1), 4, 3, 4, 2),
                        "the kernel, dilated, covers 10 x 4, more than the padded 7 x 8"),
                bad(() -> conv(x, s, 4, 3, 0, 2), "a kernel has one element or more along each axis"),
                bad(() -> conv(x.reshape(6, 5, 6), s, 4, 3, 2, 2), "it takes images [n, c, h, w]"),
                bad(
                        () -> Convolve.forward("c", x, Tensor.zeros(2, 3, 1, 1), Tensor.zeros(3), s),
                        "the bias must be [2]"),
                bad(() -> Convolve.forward("c", x, Tensor.zeros(2, 3, 1, 1).to(DType.FLOAT32), null, s), "convert one"),
                bad(() -> Convolve.weightGradient("c", x, x, Shape.of(2, 3, 2, 2), s), "must be [2, 2, 4, 5]"),
                bad(() -> s.stride(0), "stride 0 must be at least 1"),
                bad(() -> s.padding(0, -1), "padding -1 must be at least 0"),
                bad(() -> s.dilation(0), "dilation 0 must be at least 1"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s, 6, 1)),
                        "p: [2, 3, 5, 6]: the window covers 6 x 1, more than the padded 5 x 6"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s.padding(2), 2, 2)),
                        "padding 2 x 2 is more than half the window 2 x 2"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s.padding(0, 2, 0, 0), 2, 2)),
                        "padding 2 x 0 is more than half the window 2 x 2"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s.groups(3), 2, 2)),
                        "pooling has no groups of channels, the options have 3"),
                bad(() -> new WindowOptions.Axis(1, 1, 0, true, 1), "padding is either given or computed, not both"),
                bad(() -> Pool.mean("p", x, PoolWindows.of(s, 0, 2), true), "a window of 0 x 2 is empty"),
                bad(() -> Pool.mean("p", Tensor.zeros(3), PoolWindows.of(s, 1, 1), true), "it takes 2 axes or more"),
                bad(() -> Pool.meanGradient("p", x, x.shape(), PoolWindows.of(s, 2, 2), true), "must be [2, 3, 4, 5]"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s, 2, 2))
                                .positions()
                                .scatterAdd(x),
                        "there are [2, 3, 4, 5] positions"),
                bad(
                        () -> Pool.max(
                                "p",
                                Tensor.zeros(2, 1, 3),
                                PoolWindows.of(s.dilation(2).padding(1), 2, 2)),
                        "a dilated window would lie on the padding alone"),
                bad(
                        () -> conv(Tensor.zeros(1, 1, 1, 1), s.padding(32768).stride(65536), 1, 1, 2, 2),
                        "a padded image of 65537 x 65537 is too large"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s, 2, 2))
                                .positions()
                                .gather(x.reshape(6, 1, 5, 6)),
                        "positions are those in [2, 3, 5, 6]"),
                bad(
                        () -> Pool.max("p", x, PoolWindows.of(s, 2, 2))
                                .positions()
                                .gather(Tensor.zeros(1)),
                        "positions are those in [2, 3, 5, 6]"));
    }

    private static Tensor conv(Tensor x, WindowOptions options, int... w) {
        return Convolve.forward("conv", x, Tensor.zeros(w), null, options);
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void a_mismatch_is_refused_with_sizes(Executable what, String message) {
        String found = assertThrows(OperandMismatch.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }
}
