package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.ValuesAndIndices;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingTest {
    private static Node random(int... dims) {
        return constant(Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(dims.length, "random")));
    }

    @Property(tries = 100)
    void adaptive_windows_are_from_the_quotient_rounded_down_to_the_next_rounded_up(
            @ForAll @IntRange(min = 1, max = 9) int n, @ForAll @IntRange(min = 1, max = 12) int outputs) {
        Node x = random(2, n);
        Node means = Pooling.adaptiveAvgPool1d(x, outputs);
        Node maxima = Pooling.adaptiveMaxPool1d(x, outputs);
        for (int i = 0; i < outputs; i++) {
            int from = (int) Math.floor((double) i * n / outputs);
            int to = (int) Math.ceil((i + 1.0) * n / outputs);
            Node window = x.slice(1, from, to);
            assertEquals(window.mean(1).value().get(1), means.value().get(1, i), 1e-15);
            assertEquals(window.max(1).value().get(1), maxima.value().get(1, i));
        }
    }

    @Test
    void unpooled_maxima_are_at_their_places_and_the_rest_is_zero() {
        Node x = random(2, 3, 4, 6).add(2);
        ValuesAndIndices maxima = Pooling.maxPool2dWithIndices(x, 2);
        Node y = Unpooling.maxUnpool2d(maxima.values(), maxima.indices(), 4, 6);
        assertEquals(maxima.values().value(), Pooling.maxPool2d(y, 2).value());
        assertEquals(maxima.values().sum().value().item(), y.sum().value().item(), 1e-13);
        assertEquals(x.where(y.gt(0), 0).value(), y.value());
    }

    @Test
    void signals_and_volumes_are_unpooled_as_planes_are() {
        Node x = random(2, 3, 4, 6).add(2);
        ValuesAndIndices volumes = Pooling.maxPool3dWithIndices(x, 1, 2, 2, WindowOptions.DEFAULT.stride(1, 2, 2));
        ValuesAndIndices planes = Pooling.maxPool2dWithIndices(x, 2);
        assertEquals(planes.values().value(), volumes.values().value());
        assertEquals(
                Unpooling.maxUnpool2d(planes.values(), planes.indices(), 4, 6).value(),
                Unpooling.maxUnpool3d(volumes.values(), volumes.indices(), 3, 4, 6)
                        .value());
        ValuesAndIndices signals = Pooling.maxPool1dWithIndices(x, 3);
        Node y = Unpooling.maxUnpool1d(signals.values(), signals.indices(), 6);
        assertEquals(x.where(y.gt(0), 0).value(), y.value());
        assertEquals(signals.values().value(), Pooling.maxPool1d(y, 3).value());
    }

    @Property(tries = 60)
    void a_power_average_is_the_norm_of_each_window(
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 4) int size,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 1, max = 5) int p) {
        Node x = random(2, n + size).abs();
        Node y = Pooling.lpPool1d(x, p, size, WindowOptions.DEFAULT.stride(stride));
        Node planes = Pooling.lpPool2d(
                x.unsqueeze(1).expandTo(Shape.of(2, 3, n + size)), p, 3, size, WindowOptions.DEFAULT.stride(1, stride));
        for (int j = 0; j < y.shape().dim(1); j++) {
            double norm = x.slice(1, j * stride, j * stride + size)
                    .pNorm(p, 1)
                    .value()
                    .get(1);
            assertEquals(norm, y.value().get(1, j), 1e-13);
            assertEquals(norm * Math.pow(3, 1.0 / p), planes.value().get(1, 0, j), 1e-13);
        }
    }

    @Test
    void the_gradient_of_a_window_of_zeros_is_zero() {
        Node x = Node.variable(Tensor.of(0, 0, 3, 4));
        for (double p : new double[] {2, 3}) {
            Tensor g = Pooling.lpPool1d(x, p, 2).sum().backward().of(x).value();
            assertEquals(Tensor.zeros(2), g.slice(0, 0, 2));
        }
        assertEquals(Tensor.of(0, 5), Pooling.lpPool1d(x, 2, 2).value());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void a_power_that_is_not_positive_and_finite_is_refused(double p) {
        Node x = random(3, 4, 5);
        assertEquals(
                "lpPool3d: p = " + p + " is not positive and finite",
                assertThrows(IllegalArgumentException.class, () -> Pooling.lpPool3d(x, p, 2))
                        .getMessage());
    }

    @Test
    void the_last_of_several_elements_with_one_index_is_unpooled() {
        Node x = Node.variable(Tensor.of(new double[][] {{1, 2, Double.POSITIVE_INFINITY, 4}}));
        Node y = Unpooling.maxUnpool2d(x, Tensor.of(new double[][] {{1, 0, 1, 1}}), 1, 3);
        assertEquals(Tensor.of(new double[][] {{2, 4, 0}}), y.value());
        assertEquals(
                Tensor.of(new double[][] {{0, 1, 0, 1}}),
                y.sum().backward().of(x).value());
    }

    @Test
    void a_window_over_the_whole_plane_is_a_global_pooling() {
        Node x = random(2, 3, 5, 4);
        Shape s = Shape.of(2, 3);
        assertEquals(
                Pooling.globalMaxPool(x).value(),
                Pooling.maxPool2d(x, 5, 4, WindowOptions.DEFAULT).reshape(s).value());
        Tensor gap = Pooling.globalAvgPool(x)
                .sub(Pooling.avgPool2d(x, 5, 4, WindowOptions.DEFAULT, true).reshape(s))
                .value();
        assertEquals(0, gap.abs().max().item(), 1e-15);
    }

    @Test
    void the_largest_dilation_leaves_windows_of_one_element_as_they_are() {
        WindowOptions s = WindowOptions.DEFAULT.dilation(Integer.MAX_VALUE);
        Node x = random(2, 3, 5, 4);
        assertEquals(x.value(), Pooling.maxPool1d(x, 1, s).value());
        assertEquals(x.value(), Pooling.avgPool1d(x, 1, s, true).value());
        assertEquals(x.value(), Pooling.maxPool2d(x, 1, 1, s).value());
        assertEquals(
                x.value(), Pooling.maxPool2dWithIndices(x, 1, 1, s).values().value());
        assertEquals(
                "maxPool1d: [2, 3, 5, 4]: a dilated window would lie on the padding alone",
                assertThrows(OperandMismatch.class, () -> Pooling.maxPool1d(x, 2, s.same()))
                        .getMessage());
    }

    static Stream<Arguments> mismatches() {
        WindowOptions s = WindowOptions.DEFAULT;
        Node x = random(2, 5, 6);
        Tensor indices = Tensor.zeros(2, 5, 6);
        return Stream.of(
                bad(() -> Pooling.maxPool3d(random(4, 4), 2), "maxPool3d: [4, 4]: it takes 3 axes or more"),
                bad(
                        () -> Pooling.maxPool2d(x, 7),
                        "maxPool2d: [2, 5, 6]: the window covers 7 x 7, more than the padded 5 x 6"),
                bad(() -> Pooling.maxPool1d(x, 0, s), "maxPool1d: [2, 5, 6]: a window of 0 is empty"),
                bad(() -> Pooling.maxPool2d(x, 0), "maxPool2d: [2, 5, 6]: the size of a window 0 must be at least 1"),
                bad(
                        () -> Pooling.maxPool2dWithIndices(x, -1),
                        "maxPool2dWithIndices: [2, 5, 6]: the size of a window -1 must be at least 1"),
                bad(() -> Pooling.maxPool1d(x, 2, 0, 0), "maxPool1d: [2, 5, 6]: stride 0 must be at least 1"),
                bad(() -> Pooling.avgPool2d(x, 2, 1, -1, true), "avgPool2d: [2, 5, 6]: padding -1 must be at least 0"),
                bad(
                        () -> Pooling.avgPool3d(x, 1, 2, 2, s.stride(1, 2), true),
                        "avgPool3d: [2, 5, 6]: the options are those of 2 axes, not of 3"),
                bad(
                        () -> Pooling.avgPool1d(x, 3, 1, 2, true),
                        "avgPool1d: [2, 5, 6]: padding 2 is more than half the window 3"),
                bad(
                        () -> Pooling.adaptiveAvgPool2d(x, 2, 0),
                        "adaptiveAvgPool2d: [2, 5, 6]: an output of 2 x 0 is empty"),
                bad(
                        () -> Pooling.adaptiveMaxPool1d(random(3, 0), 2),
                        "adaptiveMaxPool1d: [3, 0]: windows of no elements have no value"),
                bad(
                        () -> Pooling.adaptiveAvgPool1d(random(2, 3), Integer.MAX_VALUE),
                        "adaptiveAvgPool1d: [2, 3]: an output of 2147483647 has more than 2^31 - 9 elements"),
                bad(
                        () -> Pooling.adaptiveMaxPool2d(random(0, 3, 3), Integer.MAX_VALUE, 2),
                        "adaptiveMaxPool2d: [0, 3, 3]: an output of 2147483647 x 2 has more than 2^31 - 9 elements"),
                bad(
                        () -> Pooling.maxPool1d(x, 2, s.dilation(Integer.MAX_VALUE)),
                        "maxPool1d: [2, 5, 6]: the window covers 2147483648, more than the padded 6"),
                bad(
                        () -> Pooling.lpPool2d(x, 2, 7),
                        "lpPool2d: [2, 5, 6]: the window covers 7 x 7, more than the padded 5 x 6"),
                bad(() -> Pooling.lpPool1d(x, 2, 0), "lpPool1d: [2, 5, 6]: the size of a window 0 must be at least 1"),
                bad(
                        () -> Pooling.adaptiveMaxPool3d(x, 2, 0, 1),
                        "adaptiveMaxPool3d: [2, 5, 6]: an output of 2 x 0 x 1 is empty"),
                bad(
                        () -> Unpooling.maxUnpool1d(x, indices, 0),
                        "maxUnpool1d: [2, 5, 6] x [2, 5, 6]: it takes [.., ol], indices of that shape, and an output of 1 or more,"
                                + " not 0"),
                bad(
                        () -> Unpooling.maxUnpool3d(random(2, 3), Tensor.zeros(2, 3), 2, 2, 2),
                        "maxUnpool3d: [2, 3] x [2, 3]: it takes [.., od, oh, ow], indices of that shape, and an output of 1 x 1 x 1"
                                + " or more, not 2 x 2 x 2"),
                bad(
                        () -> Unpooling.maxUnpool1d(x, indices.add(4), 4),
                        "maxUnpool1d: [2, 5, 6]: index 4.0 must be a whole number from 0 to 3"),
                bad(
                        () -> Pooling.globalMaxPool(random(2, 3)),
                        "globalMaxPool: [2, 3]: it takes [n, c, ..] with elements in each channel"),
                bad(
                        () -> Unpooling.maxUnpool2d(x, Tensor.zeros(2, 5, 5), 9, 9),
                        "maxUnpool2d: [2, 5, 6] x [2, 5, 5]: it takes [.., oh, ow], indices of that shape, and an output of 1 x 1 or"
                                + " more, not 9 x 9"),
                bad(
                        () -> Unpooling.maxUnpool2d(x, indices.add(12), 3, 4),
                        "maxUnpool2d: [2, 5, 6]: index 12.0 must be a whole number from 0 to 11"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void a_mismatch_is_refused_with_sizes(Executable what, String message) {
        assertEquals(message, assertThrows(OperandMismatch.class, what).getMessage());
    }
}
