package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Gradients;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            1 | 0 |  3 | 3 groups do not divide 4 channels in
            1 | 1 |  1 | output padding 1 must be at least 0 and less than the stride or the dilation
            3 | -1 | 1 | output padding -1 must be at least 0 and less than the stride or the dilation
            2 | 2 |  2 | output padding 2 must be at least 0 and less than the stride or the dilation
            """)
    void a_transposed_convolution_refuses_invalid_arguments(int stride, int outputPadding, int groups, String message) {
        Node x = Node.constant(Tensor.zeros(2, 4, 5, 5));
        Node w = Node.constant(Tensor.zeros(4, 1, 3, 3));
        WindowOptions options = WindowOptions.DEFAULT.stride(stride).groups(groups);
        String found = assertThrows(
                        OperandMismatch.class, () -> Convolution.convTranspose2d(x, w, options, outputPadding))
                .getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void a_transposed_convolution_agrees_with_the_definition_for_every_stride_padding_and_dilation() {
        for (int stride = 1; stride <= 3; stride++) {
            for (int dilation = 1; dilation <= 4; dilation++) {
                for (int outputPadding = 0; outputPadding < Math.max(stride, dilation); outputPadding++) {
                    WindowOptions options = WindowOptions.DEFAULT.stride(stride).dilation(dilation);
                    verify(options, outputPadding);
                    verify(options.padding(1), outputPadding);
                    verify(options.padding(0, 2, 1, 0), outputPadding);
                }
            }
        }
    }

    @Test
    void padding_may_be_larger_than_the_windows_of_a_transposed_convolution() {
        for (int stride = 1; stride <= 3; stride++) {
            for (int padding = 1; padding <= 3; padding++) {
                for (int outputPadding = 0; outputPadding < 7; outputPadding++) {
                    WindowOptions options =
                            WindowOptions.DEFAULT.stride(stride).dilation(7).padding(padding);
                    for (int k = 1; k <= 2; k++) {
                        if (size(options.rows(), 1, k) + outputPadding > 0) {
                            verify(options, outputPadding, Shape.of(1, 2, 1, 1), Shape.of(2, 3, k, k));
                            verify(
                                    options.padding(padding, 0, 0, 0),
                                    outputPadding,
                                    Shape.of(1, 2, 1, 2),
                                    Shape.of(2, 3, k, 1));
                        }
                    }
                }
            }
        }
        Node x = Node.variable(Tensor.ones(1, 1, 1, 1));
        Node w = Node.variable(Tensor.ones(1, 1, 1, 1));
        Gradients g = Convolution.convTranspose2d(
                        x, w, WindowOptions.DEFAULT.padding(2).dilation(5), 4)
                .sum()
                .backward();
        assertEquals(0, g.of(x).item());
        assertEquals(0, g.of(w).item());
    }

    private static Node random(int... dims) {
        return Node.constant(Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(dims.length, "random")));
    }

    @Test
    void a_convolution_over_three_axes_with_a_flat_kernel_is_one_over_two_axes_of_every_slice() {
        Node x = random(2, 4, 3, 6, 5);
        Node w = random(6, 2, 1, 3, 2);
        WindowOptions options = WindowOptions.DEFAULT.groups(2);
        Node y = Convolution.conv3d(x, w, options.stride(1, 2, 1).padding(0, 1, 2));
        Node slices = x.transpose(1, 2).flatten(0, 1);
        Node z = Convolution.conv2d(slices, w.squeeze(2), options.stride(2, 1).padding(1, 2));
        assertEquals(z.value(), y.transpose(1, 2).flatten(0, 1).value());
    }

    @Test
    void a_convolution_over_one_axis_is_one_over_two_axes_of_a_single_row() {
        Node x = random(2, 3, 9);
        Node w = random(4, 3, 3);
        Node y = Convolution.conv1d(x, w, WindowOptions.DEFAULT.stride(2).padding(1));
        Node z = Convolution.conv2d(
                x.unsqueeze(2), w.unsqueeze(2), WindowOptions.DEFAULT.stride(2).padding(0, 1));
        assertEquals(z.squeeze(2).value(), y.value());
    }

    @Test
    void padding_in_front_alone_makes_a_convolution_causal() {
        WindowOptions causal = WindowOptions.DEFAULT.axes(WindowOptions.Axis.DEFAULT.padding(2, 0));
        Node x = random(1, 1, 6);
        Node w = random(1, 1, 3);
        double[] y = Convolution.conv1d(x, w, causal).value().toDoubleArray();
        double[] cut = Convolution.conv1d(x.slice(2, 0, 4), w, causal).value().toDoubleArray();
        assertEquals(6, y.length);
        assertArrayEquals(cut, Arrays.copyOf(y, 4));
    }

    static Stream<Arguments> mismatches() {
        WindowOptions s = WindowOptions.DEFAULT;
        Node x = random(1, 2, 4, 5);
        return Stream.of(
                bad(
                        () -> Convolution.conv1d(x, random(1, 2, 3)),
                        "conv1d: [1, 2, 4, 5] x [1, 2, 3]: it takes [n, c, l] and weights [out, c / groups, k]"),
                bad(
                        () -> Convolution.conv2d(x, random(1, 2, 1, 1), s.stride(1, 2, 3)),
                        "conv2d: [1, 2, 4, 5] x [1, 2, 1, 1]: the options are those of 3 axes, not of 2"),
                bad(
                        () -> Convolution.conv2d(x, random(1, 2, 1, 1), s.ceilMode(true)),
                        "conv2d: [1, 2, 4, 5] x [1, 2, 1, 1]: a convolution has no ceilMode"),
                bad(
                        () -> Convolution.conv3d(random(1, 2, 1, 4, 5), random(1, 2, 2, 1, 1)),
                        "conv3d: [1, 2, 1, 4, 5] x [1, 2, 2, 1, 1]: the kernel covers 2 x 1 x 1, more than the padded 1 x 4 x 5"),
                bad(
                        () -> Convolution.convTranspose2d(x, random(3, 2, 1, 1)),
                        "convTranspose2d: [1, 2, 4, 5] x [3, 2, 1, 1]: there are 2 channels, and weights for 3"),
                bad(
                        () -> Convolution.convTranspose2d(x, random(2, 1, 1, 1), s, 1, 1, 1),
                        "convTranspose2d: [1, 2, 4, 5] x [2, 1, 1, 1]: output padding has 3 numbers for 2 axes"),
                bad(
                        () -> Convolution.convTranspose2d(x, random(2, 1, 1, 1), s.padding(2, 0)),
                        "convTranspose2d: [1, 2, 4, 5] x [2, 1, 1, 1]: the result would be 0 x 5"),
                bad(
                        () -> Convolution.convTranspose2d(x, random(2, 3, 1, 1), random(2), s),
                        "convTranspose2d: [1, 2, 4, 5] x [2, 3, 1, 1] x [2]: the bias must be [3]"),
                bad(
                        () -> s.stride(2, 1).padding(1, 1, 1),
                        "WindowOptions: padding has 3 numbers, which do not fit the other options' 2 axes"),
                bad(() -> s.stride(1, 2, 3, 4), "WindowOptions: stride has 4 numbers, which do not fit 1 to 3 axes"),
                bad(
                        () -> s.padding(1, 2, 3, 4, 5),
                        "WindowOptions: padding has 5 numbers, which do not fit 1 to 3 axes"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void a_mismatch_is_refused_with_sizes(Executable what, String message) {
        assertEquals(message, assertThrows(OperandMismatch.class, what).getMessage());
    }

    private static void verify(WindowOptions options, int outputPadding) {
        verify(options, outputPadding, Shape.of(1, 2, 2, 6), Shape.of(2, 3, 3, 2));
    }

    private static void verify(WindowOptions options, int outputPadding, Shape s, Shape k) {
        Tensor x = Tensor.uniform(s, -1, 1, RandomStream.of(1, "x"));
        Tensor w = Tensor.uniform(k, -1, 1, RandomStream.of(2, "w"));
        int h = s.dim(2);
        int n = s.dim(3);
        int kh = k.dim(2);
        int kw = k.dim(3);
        Tensor y = Convolution.convTranspose2d(Node.constant(x), Node.constant(w), options, outputPadding)
                .value();
        int rows = size(options.rows(), h, kh) + outputPadding;
        int columns = size(options.columns(), n, kw) + outputPadding;
        double[] expected = new double[3 * rows * columns];
        for (int i = 0; i < x.size() * w.size() / 2; i++) {
            int v = i % kw;
            int u = i / kw % kh;
            int out = i / (kw * kh) % 3;
            int column = i / (kw * kh * 3) % n;
            int row = i / (kw * kh * 3 * n) % h;
            int in = i / (kw * kh * 3 * n * h);
            int r = row * options.rows().stride()
                    + u * options.rows().dilation()
                    - options.rows().before();
            int c = column * options.columns().stride()
                    + v * options.columns().dilation()
                    - options.columns().before();
            if (r >= 0 && r < rows && c >= 0 && c < columns) {
                expected[(out * rows + r) * columns + c] += x.get(0, in, row, column) * w.get(in, out, u, v);
            }
        }
        assertEquals(Shape.of(1, 3, rows, columns), y.shape());
        double gap = y.sub(Tensor.of(y.shape(), expected)).abs().max().item();
        assertTrue(gap < 1e-14, () -> options + " output padding " + outputPadding + ": " + gap);
    }

    private static int size(WindowOptions.Axis axis, int n, int k) {
        return (n - 1) * axis.stride() - axis.before() - axis.after() + axis.dilation() * (k - 1) + 1;
    }
}
