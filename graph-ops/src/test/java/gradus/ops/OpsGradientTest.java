package gradus.ops;

import static gradus.graph.OpCase.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Shape;
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

/** First and second derivatives of every op of this module, and values in FLOAT32, from the same factory as the core's. */
class OpsGradientTest {
    static final Map<String, List<Method>> OPS = OpTable.ofPackage("gradus.ops", Ops.class);
    private static final Shape S34 = Shape.of(3, 4);
    private static final int[] CLASSES = {3, 0, 3};

    static final List<OpCase> CASES = List.of(
            row("pick(.., 3, 0, 3)", in -> Indexing.pick(in[0], CLASSES), S34),
            row(
                    "oneHot(4, 3, 0, 3)",
                    in -> Indexing.oneHot(4, CLASSES).to(in[0].dtype()).mul(in[0]),
                    S34),
            row("softmaxCrossEntropy", in -> Losses.softmaxCrossEntropy(in[0], CLASSES), S34),
            row("meanSquaredError", in -> Losses.meanSquaredError(in[0], in[1]), S34, S34),
            row("binaryCrossEntropyWithLogits", in -> Losses.binaryCrossEntropyWithLogits(in[0], in[1]), S34, S34));

    @TestFactory
    Stream<DynamicTest> gradients_agree_with_numbers() {
        return CASES.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verify));
    }

    @Test
    void every_op_is_checked_and_broadcast_where_it_broadcasts() {
        assertEquals(Set.of(), OpTable.uncovered(OPS, CASES));
    }
}
