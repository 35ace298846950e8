package gradus.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions that read the rows of the im2col matrix in the image against those that gather them. */
class ImplicitGemmTest {
    /** Draws whole numbers, so that sums are exact in any order. */
    private static ConvolutionOperands operands(long seed, Shape x, Shape w, WindowOptions options) {
        RandomStream r = RandomStream.of(seed, "numbers");
        Shape y = ConvGeometry.of("conv", x, w, options).out();
        return new ConvolutionOperands(whole(x, r), whole(w, r), whole(Shape.of(w.dim(0)), r), whole(y, r), options);
    }

    private static Tensor whole(Shape shape, RandomStream r) {
        return Naive.fill(shape, i -> r.nextInt(9) - 4);
    }

    private static List<Tensor> implicitly(ConvolutionOperands c) {
        ConvGeometry g = c.geometry();
        List<Tensor> all = c.zeros();
        if (c.x() instanceof Tensor64 t) {
            double[] v = Tensor64.data(c.w());
            double[] e = Tensor64.data(c.gy());
            ImplicitGemm64.forward(g, t.data, v, Tensor64.data(c.bias()), Tensor64.data(all.get(0)));
            assertTrue(ImplicitGemm64.inputGradient(g, e, v, Tensor64.data(all.get(1))));
            assertTrue(ImplicitGemm64.weightGradient(g, t.data, e, Tensor64.data(all.get(2))));
        } else {
            float[] u = Tensor32.data(c.x());
            float[] v = Tensor32.data(c.w());
            float[] e = Tensor32.data(c.gy());
            ImplicitGemm32.forward(g, u, v, Tensor32.data(c.bias()), Tensor32.data(all.get(0)));
            assertTrue(ImplicitGemm32.inputGradient(g, e, v, Tensor32.data(all.get(1))));
            assertTrue(ImplicitGemm32.weightGradient(g, u, e, Tensor32.data(all.get(2))));
        }
        return all;
    }

    /** Over one to three axes, with all options, and images of one tile to several blocks of columns. */
    @Provide
    static Arbitrary<ConvolutionOperands> convolutions() {
        return Arbitraries.longs().map(seed -> {
            RandomStream r = RandomStream.of(seed, "sizes");
            int axes = 1 + r.nextInt(3);
            int groups = 1 + r.nextInt(3);
            int[] x = new int[axes + 2];
            int[] w = new int[axes + 2];
            int[] strides = new int[axes];
            int[] dilations = new int[axes];
            int[] padding = new int[2 * axes];
            w[1] = 1 + r.nextInt(7);
            w[0] = groups * (1 + r.nextInt(20));
            x[0] = r.nextInt(4);
            x[1] = groups * w[1];
            for (int i = 0; i < axes; i++) {
                w[i + 2] = 1 + r.nextInt(4);
                strides[i] = 1 + r.nextInt(3);
                dilations[i] = 1 + r.nextInt(2);
                padding[2 * i] = r.nextInt(4);
                padding[2 * i + 1] = r.nextInt(4);
                int covered = dilations[i] * (w[i + 2] - 1) + 1 - padding[2 * i] - padding[2 * i + 1];
                x[i + 2] = Math.max(1, covered) + r.nextInt(axes == 1 ? 3000 : axes == 2 ? 50 : 9);
            }
            WindowOptions options = WindowOptions.DEFAULT
                    .stride(strides)
                    .dilation(dilations)
                    .padding(axes == 1 ? new int[] {padding[0], padding[0]} : padding)
                    .groups(groups);
            return operands(seed, Shape.of(x), Shape.of(w), options);
        });
    }

    @Property(tries = 200)
    void both_give_the_same_numbers(@ForAll("convolutions") ConvolutionOperands c) {
        for (DType dtype : DType.values()) {
            assertEquals(c.to(dtype).directly(), implicitly(c.to(dtype)), () -> dtype + " " + c.options());
        }
    }

    private static ConvolutionOperands fitting() {
        ConvolutionOperands c = operands(
                1,
                Shape.of(3, 10, 19, 23),
                Shape.of(12, 5, 3, 3),
                WindowOptions.DEFAULT.padding(1).groups(2));
        assertTrue(ImplicitGemm64.fitsForward(c.geometry()));
        assertTrue(ImplicitGemm64.fitsInputGradient(c.geometry()));
        assertTrue(ImplicitGemm64.fitsWeightGradient(c.geometry()));
        return c;
    }

    private static Tensor planted(Tensor t, int element, double v) {
        double[] all = t.toDoubleArray();
        all[element] = v;
        return Tensor.of(t.shape(), all);
    }

    /** Columns that are left out multiply such an element by zero, which is NaN. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void what_is_not_finite_stays_in_the_windows_that_it_is_in(double v) {
        ConvolutionOperands c = fitting();
        for (int element : new int[] {0, 22, 23, 3 * 19 * 23 - 1}) {
            Tensor x = planted(c.x(), element, v);
            Tensor w = planted(c.w(), element % 9, v);
            Tensor gy = planted(c.gy(), element, v);
            for (ConvolutionOperands planted : List.of(
                    new ConvolutionOperands(x, c.w(), c.bias(), c.gy(), c.options()),
                    new ConvolutionOperands(c.x(), w, c.bias(), c.gy(), c.options()),
                    new ConvolutionOperands(c.x(), c.w(), c.bias(), gy, c.options()))) {
                assertEquals(planted.directly(), planted.products());
            }
        }
    }

    @Test
    void any_number_of_threads_gives_the_same_bytes() {
        int before = Workers.count();
        RandomStream r = RandomStream.of(1, "threads");
        ConvolutionOperands c = fitting();
        Tensor x = Tensor.normal(Shape.of(17, 10, 19, 23), 0, 1, r);
        Tensor gy = Tensor.normal(Shape.of(17, 12, 19, 23), 0, 1, r);
        ConvolutionOperands drawn = new ConvolutionOperands(x, c.w(), c.bias(), gy, c.options());
        try {
            Workers.use(1);
            List<Tensor> one = drawn.products();
            assertEquals(implicitly(drawn), one);
            for (int threads = 2; threads <= 4; threads++) {
                Workers.use(threads);
                assertEquals(one, drawn.products());
            }
        } finally {
            Workers.use(before);
        }
    }
}
