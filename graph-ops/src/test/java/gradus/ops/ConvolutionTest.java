package gradus.ops;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Node;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            1 | 0 |  0 | 0 groups do not divide 4 channels in
            1 | 0 |  3 | 3 groups do not divide 4 channels in
            1 | 0 | -2 | -2 groups do not divide 4 channels in
            0 | 0 |  1 | stride 0 must be at least 1
            1 | 1 |  1 | output padding 1 must be less than the stride or the dilation
            2 | 2 |  2 | output padding 2 must be less than the stride or the dilation
            """)
    void a_transposed_convolution_refuses_arguments_that_make_no_sense(
            int stride, int outputPadding, int groups, String message) {
        Node x = Node.constant(Tensor.zeros(2, 4, 5, 5));
        Node w = Node.constant(Tensor.zeros(4, 1, 3, 3));
        String found = assertThrows(
                        OperandMismatch.class,
                        () -> Convolution.convTranspose2d(x, w, stride, 0, outputPadding, groups, 1))
                .getMessage();
        assertTrue(found.contains(message), found);
    }
}
