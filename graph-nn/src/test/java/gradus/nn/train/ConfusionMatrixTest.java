package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConfusionMatrixTest {
    /** Logits as inputs: the actual classes 0, 0, 0, 1 are predicted as 0, 0, 1, 1. */
    private static final Dataset LOGITS =
            Dataset.of(Tensor.of(new double[][] {{1, 0, 0}, {2, 1, 0}, {0, 1, 0}, {0, 3, 1}}), 0, 0, 0, 1);

    @Test
    void an_output_without_a_row_for_each_example_is_refused() {
        Layer repeated = x -> Node.concat(0, x, x);
        for (Executable call : List.<Executable>of(
                () -> ConfusionMatrix.of(repeated, LOGITS, 3),
                () -> Trainer.accuracy(repeated, LOGITS),
                () -> Trainer.predictedClasses(repeated, LOGITS))) {
            String found = assertThrows(IllegalArgumentException.class, call).getMessage();
            assertEquals("the model's output [8, 3] has not one row for each of 4 examples", found);
        }
    }

    @Test
    void the_table_has_a_row_for_each_actual_class_with_its_recall() {
        ConfusionMatrix m = ConfusionMatrix.of(x -> x, LOGITS, 3);
        assertEquals(2, m.count(0, 0));
        assertEquals(1, m.count(0, 1));
        assertEquals(2.0 / 3, m.recall(0), 1e-15);
        assertEquals(0, m.recall(2));
        assertEquals(0, m.support(2));
        assertEquals(
                """
                actual\\predicted     0     1     2   recall
                               0     2     1     .    66.7%
                               1     .     1     .   100.0%
                               2     .     .     .       -
                """,
                m.toString());
    }

    @Test
    void classes_that_do_not_fit_are_refused() {
        for (String[] c : new String[][] {
            {"3", "0", "ConfusionMatrix: example 0 is of class 3, predicted 0; there are only 2 classes"},
            {"0", "-1", "ConfusionMatrix: example 0 is of class 0, predicted -1; there are only 2 classes"}
        }) {
            int[] actual = {Integer.parseInt(c[0])};
            int[] predicted = {Integer.parseInt(c[1])};
            assertEquals(
                    c[2],
                    assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(actual, predicted, 2))
                            .getMessage());
        }
        assertEquals(
                "ConfusionMatrix: 1 actual and 2 predicted classes differ in number",
                assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(new int[1], new int[2], 2))
                        .getMessage());
        assertEquals(
                "ConfusionMatrix: there are no examples",
                assertThrows(IllegalStateException.class, () -> ConfusionMatrix.of(new int[0], new int[0], 2)
                                .accuracy())
                        .getMessage());
    }
}
