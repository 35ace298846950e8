package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.graph.OpCase.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.NullArguments;
import gradus.graph.OpCase;
import gradus.graph.OpTable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
                            Shape.of(2, 3, 4))
                    .smoothOn(0.1, 0.9),
            row("meanSquaredError", in -> Losses.meanSquaredError(in[0], in[1]), S34, S34),
            row("binaryCrossEntropyWithLogits", in -> Losses.binaryCrossEntropyWithLogits(in[0], in[1]), S34, S34)
                    .smoothOn(0.1, 0.9));

    static final List<OpCase> CASES = Stream.of(
                    ROWS, //
                    AttentionCases.ALL,
                    ConvolutionCases.ALL,
                    DistancesCases.ALL,
                    DistributionCases.ALL,
                    EinsumCases.ALL,
                    FourierCases.ALL,
                    LinearAlgebraCases.ALL,
                    LossesCases.ALL,
                    MarginLossesCases.ALL,
                    NormalizationCases.ALL,
                    PaddingCases.ALL,
                    PoolingCases.ALL,
                    PositionsCases.ALL,
                    RecurrentCases.ALL,
                    SequenceLossesCases.ALL,
                    TensorProductsCases.ALL,
                    UpsamplingCases.ALL)
            .flatMap(List::stream)
            .toList();

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
