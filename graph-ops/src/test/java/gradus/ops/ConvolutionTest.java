package gradus.ops;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
