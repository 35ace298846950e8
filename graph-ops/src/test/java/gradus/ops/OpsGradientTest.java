package gradus.ops;

import static gradus.graph.OpCase.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Shape;
import gradus.graph.Node;
import gradus.graph.OpCase;
import gradus.graph.OpTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of every op of this module, from the same factory as the core's. */
class OpsGradientTest {
    private static final String PACKAGE = "gradus.ops";
    private static final Shape S34 = Shape.of(3, 4);
    private static final int[] CLASSES = {3, 0, 3};

    private static final List<OpCase> ROWS = List.of(
            row(Indexing.Pick.class, "pick", in -> Indexing.pick(in[0], CLASSES), S34),
            row(Indexing.Place.class, "place", in -> Node.of(new Indexing.Place(4, CLASSES), in), Shape.of(3)),
            row(Indexing.Pick.class, "softmaxCrossEntropy", in -> Losses.softmaxCrossEntropy(in[0], CLASSES), S34),
            row(Indexing.Pick.class, "meanSquaredError", in -> Losses.meanSquaredError(in[0], in[1]), S34, S34),
            row(
                    Indexing.Pick.class,
                    "binaryCrossEntropyWithLogits",
                    in -> Losses.binaryCrossEntropyWithLogits(in[0], in[1]),
                    S34,
                    S34));

    @TestFactory
    Stream<DynamicTest> gradients_agree_with_numbers() {
        List<OpCase> cases = new ArrayList<>(ROWS);
        OpTable.formulas(PACKAGE).forEach((name, op) -> cases.addAll(OpTable.cases(name, op)));
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.toString(), c::verify));
    }

    @Test
    void every_op_with_parameters_has_a_row() {
        Set<String> rows = new TreeSet<>();
        ROWS.forEach(r -> rows.add(r.op().getName()));
        assertEquals(OpTable.records(PACKAGE), rows);
    }
}
