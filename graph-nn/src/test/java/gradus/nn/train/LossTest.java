package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.ops.Losses;
import org.junit.jupiter.api.Test;

class LossTest {
    private static final Node OUTPUT = Node.constant(new double[][] {{0.5, -3}, {2, 0}});
    private static final Tensor TARGET = Tensor.of(new double[][] {{1, 0}, {0, 1}});

    @Test
    void losses_of_outputs_and_targets_of_one_shape() {
        Batch batch = Batch.of(Tensor.ones(2, 1), TARGET);
        Node t = Node.constant(TARGET);
        assertEquals(
                Losses.meanSquaredError(OUTPUT, t).item(),
                Loss.meanSquaredError().of(OUTPUT, batch).item());
        assertEquals(Losses.l1(OUTPUT, t).item(), Loss.l1().of(OUTPUT, batch).item());
        assertEquals(
                Losses.huber(OUTPUT, t).item(), Loss.huber().of(OUTPUT, batch).item());
        assertEquals(
                Losses.binaryCrossEntropyWithLogits(OUTPUT, t).item(),
                Loss.binaryCrossEntropyWithLogits().of(OUTPUT, batch).item());
    }

    @Test
    void targets_of_another_shape_are_refused_before_training() {
        Dataset examples = Dataset.of(Tensor.ones(2, 1), TARGET);
        Loss loss = Loss.huber();
        loss.check(Tensor.ones(1, 2), examples);
        assertEquals(
                "huber: the model's output for one example is [1, 3], its target [1, 2]",
                assertThrows(IllegalArgumentException.class, () -> loss.check(Tensor.ones(1, 3), examples))
                        .getMessage());
    }
}
