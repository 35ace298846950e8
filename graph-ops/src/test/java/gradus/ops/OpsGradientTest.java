package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.OpCase.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.NullArguments;
import gradus.graph.OpCase;
import gradus.graph.OpTable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    static final List<OpCase> CASES = List.of(
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
                    in -> Convolution.conv2d(in[0], in[1], in[2]),
                    Shape.of(2, 1, 3, 3),
                    Shape.of(2, 1, 2, 2),
                    Shape.of(2)),
            row("conv2d by 2 over 1", in -> Convolution.conv2d(in[0], in[1], 2, 1), Shape.of(1, 2, 4, 3), KERNEL),
            row(
                    "conv2d(.., 1, 2, 2, 2)",
                    in -> Convolution.conv2d(in[0], in[1], 1, 2, 2, 2),
                    Shape.of(1, 4, 3, 2),
                    Shape.of(2, 2, 2, 2)),
            row(
                    "conv2d by 2 x 1",
                    in -> Convolution.conv2d(in[0], in[1], new WindowOptions(2, 1, 1, 0, 1, 2), 1),
                    Shape.of(2, 2, 3, 4),
                    KERNEL),
            row("conv2d of nothing", in -> Convolution.conv2d(in[0], in[1]), Shape.of(0, 2, 3, 3), KERNEL),
            row("conv1d", in -> Convolution.conv1d(in[0], in[1]), Shape.of(2, 2, 5), Shape.of(3, 2, 2)),
            row(
                    "conv1d(.., 2, 1, 2, 2)",
                    in -> Convolution.conv1d(in[0], in[1], 2, 1, 2, 2),
                    Shape.of(2, 4, 6),
                    Shape.of(2, 2, 3)),
            row("convTranspose2d", in -> Convolution.convTranspose2d(in[0], in[1]), Shape.of(2, 3, 2, 3), KERNEL),
            row(
                    "convTranspose2d(.., 2, 1, 1, 1, 1)",
                    in -> Convolution.convTranspose2d(in[0], in[1], 2, 1, 1, 1, 1),
                    Shape.of(1, 3, 2, 3),
                    KERNEL),
            row("maxPool2d(.., 2)", in -> Pooling.maxPool2d(in[0], 2), Shape.of(2, 1, 4, 5)),
            row("maxPool2d(.., 3, 2, 1)", in -> Pooling.maxPool2d(in[0], 3, 2, 1), Shape.of(2, 5, 4)),
            row(
                    "maxPool2d(.., 2, 1, dilated)",
                    in -> Pooling.maxPool2d(in[0], 2, 1, WindowOptions.DEFAULT.dilation(2, 1)),
                    Shape.of(1, 2, 4, 3)),
            row("avgPool2d(.., 2)", in -> Pooling.avgPool2d(in[0], 2), Shape.of(2, 1, 4, 5)),
            row("avgPool2d(.., 3, 2, 1, true)", in -> Pooling.avgPool2d(in[0], 3, 2, 1, true), Shape.of(2, 5, 4)),
            row("avgPool2d(.., 3, 1, 1, false)", in -> Pooling.avgPool2d(in[0], 3, 1, 1, false), Shape.of(1, 2, 3, 3)));

    @TestFactory
    Stream<DynamicTest> gradients_agree_with_finite_differences() {
        return CASES.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verify));
    }

    @TestFactory
    Stream<DynamicTest> a_case_that_is_built_twice_has_equal_ops() {
        return CASES.stream()
                .filter(c -> !c.op().equals("maxPool2d")) // its op still holds the positions that its forward found
                .map(c -> DynamicTest.dynamicTest(c.toString(), c::verifyOpsAreValues));
    }

    @Test
    void a_null_argument_is_named_with_its_op() {
        Map<String, List<Method>> checked = new TreeMap<>(OPS);
        checked.keySet().removeIf(name -> name.contains("Pool") || name.contains("conv"));
        assertEquals(Map.of(), NullArguments.unnamed(checked.values()));
    }

    @Test
    void every_op_has_a_case_and_a_broadcast_one_if_it_broadcasts() {
        assertEquals(Set.of(), OpTable.uncovered(OPS, CASES));
    }
}
