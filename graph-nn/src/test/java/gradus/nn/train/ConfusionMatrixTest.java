package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.array.Tensor;
import gradus.nn.data.Dataset;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    /** Logits as inputs: the actual classes 0, 0, 0, 1 are predicted as 0, 0, 1, 1. */
    private static final Dataset LOGITS =
            Dataset.of(Tensor.of(new double[][] {{1, 0, 0}, {2, 1, 0}, {0, 1, 0}, {0, 3, 1}}), 0, 0, 0, 1);

    @Test
    void the_table_has_a_row_for_each_actual_class_with_its_recall() {
        ConfusionMatrix m = ConfusionMatrix.of(x -> x, LOGITS, 3);
        assertEquals(2, m.count(0, 0));
        assertEquals(1, m.count(0, 1));
        assertEquals(2.0 / 3, m.recall(0), 1e-15);
        assertEquals(Double.NaN, m.recall(2));
        assertEquals(
                """
                actual\\predicted     0     1     2   recall
                               0     2     1     .    66.7%
                               1     .     1     .   100.0%
                               2     .     .     .       -
                """,
                m.toString());
    }
}
