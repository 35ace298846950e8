package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Embedding;
import gradus.nn.Linear;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training of a table, whose gradient is row-sparse. */
class EmbeddingTrainingTest {
    @Test
    void training_with_lazy_rows_is_exact_for_plain_descent_and_another_for_adam() {
        assertEquals(trained(true, false), trained(false, false));
        assertNotEquals(trained(true, true), trained(false, true));
    }

    private static Map<String, Tensor> trained(boolean lazy, boolean adam) {
        Sequential model = Sequential.of(new Embedding(50, 4), new Linear(4, 1));
        model.initialize(1);
        Map<String, Node> p = model.parameters();
        Optimizer optimizer = adam ? new Adam(p, 0.01) : new Sgd(p, 0.1);
        Trainer.of(model, Loss.meanSquaredError())
                .optimizer(optimizer.lazyRows(lazy))
                .clipNorm(0.5)
                .batchSize(3)
                .epochs(2)
                .fit(words());
        return model.state();
    }

    private static Dataset words() {
        Tensor x = Tensor.of(new double[] {1, 7, 30, 7, 2, 49, 30, 0, 11});
        return Dataset.of(x, x.reshape(9, 1));
    }

    @Test
    void a_row_of_the_gradient_that_is_not_finite_ends_the_training() {
        Sequential model = Sequential.of(new Embedding(50, 1), (Node x) -> x.reshape(-1, 1));
        Tensor before = model.state().get("0.weight");
        Trainer trainer = Trainer.of(model, Loss.meanSquaredError())
                .forward((batch, pass) -> model.forward(Node.constant(batch.x()), Pass.training(1, 0))
                        .replaceGradient(g -> g.mul(Double.NaN)))
                .optimizer(new Sgd(model.parameters(), 0.1));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> trainer.fit(words()));
        assertTrue(e.getMessage().contains("the gradient of 0.weight is not finite"), e.getMessage());
        assertEquals(before, model.state().get("0.weight"));
    }
}
