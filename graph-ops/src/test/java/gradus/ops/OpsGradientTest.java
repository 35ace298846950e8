package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.OpCase.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.NullArguments;
import gradus.graph.OpCase;
import gradus.graph.OpTable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every op of this module, and values in FLOAT32. */
class OpsGradientTest {
    static final Map<String, List<Method>> OPS = OpTable.ofPackage("gradus.ops", Ops.class);
    private static final Shape S34 = Shape.of(3, 4);
    private static final int[] CLASSES = {3, 0, 3};
    private static final Tensor INDICES = Tensor.of(new double[][] {{2, 0}, {2, 1}});
    private static final Shape KERNEL = Shape.of(3, 2, 2, 2);

    private static final List<OpCase> ROWS = List.of(
            row(
                    "oneHot(4, 3, 0, 3)",
                    in -> Embeddings.oneHot(4, CLASSES).to(in[0].dtype()).mul(in[0]),
                    S34),
            row("embedding", in -> Embeddings.embedding(in[0], Tensor.of(2, 0, 2)), S34),
            row("embedding of [2, 2]", in -> Embeddings.embedding(in[0], constant(INDICES)), S34),
            row("embedding by a node", in -> Embeddings.embedding(in[0], in[1].gt(0)), S34, Shape.of(2, 2)),
            row("softmaxCrossEntropy", in -> Losses.softmaxCrossEntropy(in[0], CLASSES), S34),
            row(
                    "softmaxCrossEntropy with classes [2, 3]",
                    in -> Losses.softmaxCrossEntropy(in[0], Tensor.of(new double[][] {{3, 0, 1}, {2, 2, 0}})),
                    Shape.of(2, 3, 4)),
            row(
                    "softmaxCrossEntropy with probabilities",
                    in -> Losses.softmaxCrossEntropy(in[0], in[1]),
                    Shape.of(2, 3, 4),
                    Shape.of(2, 3, 4)),
            row("meanSquaredError", in -> Losses.meanSquaredError(in[0], in[1]), S34, S34),
            row("binaryCrossEntropyWithLogits", in -> Losses.binaryCrossEntropyWithLogits(in[0], in[1]), S34, S34),
            row("conv2d", in -> Convolution.conv2d(in[0], in[1]), Shape.of(2, 2, 3, 4), Shape.of(3, 2, 2, 3)),
            row(
                    "conv2d with a bias",
                    in -> Convolution.conv2d(in[0], in[1], in[2], WindowOptions.DEFAULT),
                    Shape.of(2, 1, 3, 3),
                    Shape.of(2, 1, 2, 2),
                    Shape.of(2)),
            row("conv2d by 2 over 1", conv2d(WindowOptions.DEFAULT.stride(2).padding(1)), Shape.of(1, 2, 4, 3), KERNEL),
            row(
                    "conv2d in 2 groups, dilated",
                    conv2d(WindowOptions.DEFAULT.padding(2).dilation(2).groups(2)),
                    Shape.of(1, 4, 3, 2),
                    Shape.of(2, 2, 2, 2)),
            row(
                    "conv2d by 2 x 1",
                    conv2d(WindowOptions.DEFAULT.stride(2, 1).padding(1, 0).dilation(1, 2)),
                    Shape.of(2, 2, 3, 4),
                    KERNEL),
            row(
                    "conv2d over 0, 2, 1, 0",
                    conv2d(WindowOptions.DEFAULT.padding(0, 2, 1, 0).stride(2)),
                    Shape.of(1, 2, 3, 3),
                    KERNEL),
            row("conv2d with same padding", conv2d(WindowOptions.DEFAULT.same()), Shape.of(1, 2, 3, 2), KERNEL),
            row(
                    "conv2d by 2 with same padding, dilated",
                    conv2d(WindowOptions.DEFAULT.stride(2).same().dilation(1, 2)),
                    Shape.of(1, 2, 3, 5),
                    KERNEL),
            row("conv2d of nothing", in -> Convolution.conv2d(in[0], in[1]), Shape.of(0, 2, 3, 3), KERNEL),
            row("conv1d", in -> Convolution.conv1d(in[0], in[1]), Shape.of(2, 2, 5), Shape.of(3, 2, 2)),
            row(
                    "conv1d by 2 over 1, dilated, in 2 groups",
                    in -> Convolution.conv1d(
                            in[0],
                            in[1],
                            WindowOptions.DEFAULT
                                    .stride(2)
                                    .padding(1)
                                    .dilation(2)
                                    .groups(2)),
                    Shape.of(2, 4, 6),
                    Shape.of(2, 2, 3)),
            row("convTranspose2d", in -> Convolution.convTranspose2d(in[0], in[1]), Shape.of(2, 3, 2, 3), KERNEL),
            row(
                    "convTranspose2d by 2 over 1 with output padding 1",
                    convTranspose2d(WindowOptions.DEFAULT.stride(2).padding(1), 1),
                    Shape.of(1, 3, 2, 3),
                    KERNEL),
            row(
                    "convTranspose2d with dilation 2 and output padding 1",
                    convTranspose2d(WindowOptions.DEFAULT.dilation(2), 1),
                    Shape.of(1, 3, 2, 1),
                    KERNEL),
            row(
                    "convTranspose2d by 2 with same padding",
                    convTranspose2d(WindowOptions.DEFAULT.stride(2).same(), 0),
                    Shape.of(1, 3, 2, 3),
                    Shape.of(3, 2, 3, 2)),
            row("maxPool2d(.., 2)", in -> Pooling.maxPool2d(in[0], 2), Shape.of(2, 1, 4, 5)),
            row("maxPool2d(.., 3, 2, 1)", in -> Pooling.maxPool2d(in[0], 3, 2, 1), Shape.of(2, 5, 4)),
            row(
                    "maxPool2d(.., 2, 1, dilated)",
                    in -> Pooling.maxPool2d(in[0], 2, 1, WindowOptions.DEFAULT.dilation(2, 1)),
                    Shape.of(1, 2, 4, 3)),
            row(
                    "maxPool2d(.., 3, 2) with same padding",
                    in -> Pooling.maxPool2d(
                            in[0], 3, 2, WindowOptions.DEFAULT.stride(2).same()),
                    Shape.of(1, 3, 5)),
            row(
                    "avgPool2d over 1, 0, 0, 1",
                    in -> Pooling.avgPool2d(in[0], 2, 2, WindowOptions.DEFAULT.padding(1, 0, 0, 1), false),
                    Shape.of(1, 3, 3)),
            row("avgPool2d(.., 2)", in -> Pooling.avgPool2d(in[0], 2), Shape.of(2, 1, 4, 5)),
            row("avgPool2d(.., 3, 2, 1, true)", in -> Pooling.avgPool2d(in[0], 3, 2, 1, true), Shape.of(2, 5, 4)),
            row("avgPool2d(.., 3, 1, 1, false)", in -> Pooling.avgPool2d(in[0], 3, 1, 1, false), Shape.of(1, 2, 3, 3)));

    static final List<OpCase> CASES = Stream.of(
                    ROWS, //
                    DistancesCases.ALL,
                    EinsumCases.ALL,
                    FourierCases.ALL,
                    LossesCases.ALL,
                    MarginLossesCases.ALL,
                    PaddingCases.ALL,
                    TensorProductsCases.ALL,
                    SequenceLossesCases.ALL,
                    NormalizationCases.ALL,
                    LinearAlgebraCases.ALL)
            .flatMap(List::stream)
            .toList();

    private static Function<Node[], Node> conv2d(WindowOptions options) {
        return in -> Convolution.conv2d(in[0], in[1], options);
    }

    private static Function<Node[], Node> convTranspose2d(WindowOptions options, int outputPadding) {
        return in -> Convolution.convTranspose2d(in[0], in[1], options, outputPadding);
    }

    @TestFactory
    Stream<DynamicTest> gradients_agree_with_finite_differences() {
        return CASES.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verify));
    }

    @TestFactory
    Stream<DynamicTest> a_case_that_is_built_twice_has_equal_ops() {
        return CASES.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verifyOpsAreValues));
    }

    @Test
    void a_null_argument_is_named_with_its_op() {
        assertEquals(Map.of(), NullArguments.unnamed(OPS.values()));
    }

    @Test
    void every_op_has_a_case_and_a_broadcast_one_if_it_broadcasts() {
        assertEquals(Set.of(), OpTable.uncovered(OPS, CASES));
    }
}
