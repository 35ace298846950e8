package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pooling layers: results computed by hand, names, refusals. */
class PoolingLayersTest {
    private static final WindowOptions PADDED = WindowOptions.DEFAULT.stride(2).padding(1);
    private static final Tensor SIGNAL = Tensor.of(Shape.of(1, 1, 5), 3, 1, 4, 1, 5);
    private static final Tensor IMAGE = Tensor.range(0, 12).reshape(1, 1, 3, 4);
    private static final Tensor VOLUME = Tensor.range(0, 16).reshape(1, 1, 2, 2, 4);

    static Stream<Arguments> pools() {
        return Stream.of(
                row(new MaxPool1d(2), SIGNAL, 3, 4),
                row(new MaxPool1d(3, 2, 1), SIGNAL, 3, 4, 5),
                row(new MaxPool1d(2, WindowOptions.DEFAULT), SIGNAL, 3, 4, 4, 5),
                row(new MaxPool1d(2, WindowOptions.DEFAULT.stride(2).ceilMode(true)), SIGNAL, 3, 4, 5),
                row(new AvgPool1d(2), SIGNAL, 2, 2.5),
                row(new AvgPool1d(3, 2, 1), SIGNAL, 4 / 3.0, 2, 2),
                row(new AvgPool1d(3, 2, 1).countIncludePad(false), SIGNAL, 2, 2, 3),
                row(new AvgPool1d(3, PADDED, false), SIGNAL, 2, 2, 3),
                row(new MaxPool2d(2), IMAGE, 5, 7),
                row(new MaxPool2d(3, 2, WindowOptions.DEFAULT.stride(1, 2)), IMAGE, 9, 11),
                row(new AvgPool2d(2, 1, 0), IMAGE, 2.5, 3.5, 4.5, 6.5, 7.5, 8.5),
                row(new AvgPool2d(3, 1, WindowOptions.DEFAULT), IMAGE, 4, 5, 6, 7),
                row(new MaxPool3d(2), VOLUME, 13, 15),
                row(new MaxPool3d(1, 2, 4, WindowOptions.DEFAULT), VOLUME, 7, 15),
                row(new AvgPool3d(2), VOLUME, 6.5, 8.5),
                row(new AvgPool3d(2, 1, 2, WindowOptions.DEFAULT.stride(1, 1, 2)), VOLUME, 4.5, 6.5, 8.5, 10.5),
                row(new AdaptiveMaxPool1d(2), SIGNAL, 4, 5),
                row(new AdaptiveAvgPool1d(2), SIGNAL, 8 / 3.0, 10 / 3.0),
                row(new AdaptiveMaxPool2d(1, 2), IMAGE, 9, 11),
                row(new AdaptiveAvgPool2d(1), IMAGE, 5.5),
                row(new AdaptiveMaxPool3d(1, 1, 2), VOLUME, 13, 15),
                row(new AdaptiveMaxPool3d(1), VOLUME, 15),
                row(new AdaptiveAvgPool3d(1, 1, 2), VOLUME, 6.5, 8.5),
                row(new AdaptiveAvgPool3d(1), VOLUME, 7.5),
                row(new GlobalAvgPool(), VOLUME, 7.5),
                row(new GlobalMaxPool(), IMAGE, 11));
    }

    private static Arguments row(Layer layer, Tensor x, double... expected) {
        return Arguments.of(layer, x, expected);
    }

    @ParameterizedTest
    @MethodSource("pools")
    void results_are_those_computed_by_hand(Layer layer, Tensor x, double[] expected) {
        double[] y = layer.forward(Node.constant(x)).value().toDoubleArray();
        assertEquals(expected.length, y.length, () -> Arrays.toString(y));
        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], y[i], 1e-15, () -> Arrays.toString(y));
        }
    }

    @Test
    void channels_are_what_global_pools_leave() {
        assertEquals(
                Shape.of(2, 3),
                new GlobalAvgPool()
                        .forward(Node.constant(Tensor.ones(2, 3, 4, 5)))
                        .shape());
    }

    @Test
    void layers_are_equal_by_value_and_show_what_differs_from_windows_side_by_side() {
        assertEquals(new MaxPool2d(2), new MaxPool2d(2, 2, WindowOptions.DEFAULT.stride(2)));
        assertEquals(
                List.of(
                        "MaxPool2d[2]",
                        "MaxPool2d[3] stride 2, padding 1",
                        "MaxPool1d[3] stride 1",
                        "MaxPool3d[1, 2, 3] stride 1, dilation 2",
                        "AvgPool2d[2, 3]",
                        "AvgPool1d[3] stride 2, padding 1, ceilMode true without padding in the mean",
                        "AdaptiveAvgPool2d[2, 1]",
                        "AdaptiveMaxPool1d[4]",
                        "GlobalMaxPool"),
                Stream.of(
                                new MaxPool2d(2),
                                new MaxPool2d(3, 2, 1),
                                new MaxPool1d(3, 1, 0),
                                new MaxPool3d(1, 2, 3, WindowOptions.DEFAULT.dilation(2)),
                                new AvgPool2d(2, 3, WindowOptions.DEFAULT.stride(2, 3)),
                                new AvgPool1d(3, PADDED.ceilMode(true), false),
                                new AdaptiveAvgPool2d(2, 1),
                                new AdaptiveMaxPool1d(4),
                                new GlobalMaxPool())
                        .map(Object::toString)
                        .toList());
    }

    static Stream<Arguments> refused() {
        WindowOptions plain = WindowOptions.DEFAULT;
        return Stream.of(
                refused(
                        "MaxPool2d: size 2 and stride 0 must be at least 1, padding 0 from 0 to half the size",
                        () -> new MaxPool2d(2, 0, 0)),
                refused(
                        "AvgPool3d: size 2 and stride 2 must be at least 1, padding 2 from 0 to half the size",
                        () -> new AvgPool3d(2, 2, 2)),
                refused(
                        "MaxPool1d: size 0 and stride 0 must be at least 1, padding 0 from 0 to half the size",
                        () -> new MaxPool1d(0)),
                refused(
                        "AvgPool2d: a window of 2 x 0 must have at least 1 element along each axis",
                        () -> new AvgPool2d(2, 0, plain)),
                refused(
                        "MaxPool2d: padding 1 is more than half the window of 1",
                        () -> new MaxPool2d(2, 1, plain.padding(1))),
                refused(
                        "MaxPool3d: the options are those of 2 axes, the layer has 3",
                        () -> new MaxPool3d(2, 2, 2, plain.stride(1, 2))),
                refused(
                        "AvgPool1d: pooling has no groups, the options have 2",
                        () -> new AvgPool1d(2, plain.groups(2))),
                refused(
                        "AdaptiveAvgPool3d: an output of 1 x 0 x 1 must have at least 1 element along each axis",
                        () -> new AdaptiveAvgPool3d(1, 0, 1)),
                refused(
                        "globalAvgPool: [1, 2]: it takes [n, c, ..] with elements in each channel",
                        () -> new GlobalAvgPool().forward(Node.constant(Tensor.ones(1, 2)))));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void bad_input_is_refused_by_name(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
