package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import gradus.nn.train.History.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a training ends: early stopping, callbacks, divergence. */
class EarlyStoppingTest {
    private static final Dataset XOR =
            Dataset.of(Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}), 0, 1, 1, 0);

    private static Sequential model() {
        return Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
    }

    @Test
    void early_stopping_restores_the_state_of_the_best_epoch() {
        Sequential model = Sequential.of(new Linear(2, 16), new gradus.nn.BatchNorm(16), Node::tanh, new Linear(16, 2));
        Dataset reversed = Dataset.of(XOR.x(), 1, 0, 0, 1); // the better it learns, the worse it validates
        List<Map<String, Tensor>> after = new ArrayList<>();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.5))
                .batchSize(4)
                .epochs(500)
                .validation(reversed)
                .earlyStopping(5)
                .callback(p -> after.add(model.state()))
                .fit(XOR);
        assertTrue(h.stoppedEarly());
        assertEquals(h.best().number() + 5, h.epochs().size());
        Map<String, Tensor> best = after.get(h.best().number() - 1);
        assertEquals(best, model.state());
        assertNotEquals(best.get("1.runningMean"), after.get(after.size() - 1).get("1.runningMean"));
        double least = h.curve(Epoch::validationLoss).stream()
                .mapToDouble(v -> v)
                .min()
                .orElseThrow();
        assertEquals(least, h.best().validationLoss());
    }

    @Test
    void without_early_stopping_the_model_keeps_its_last_state() {
        Sequential model = model();
        List<Map<String, Tensor>> after = new ArrayList<>();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.5))
                .epochs(4)
                .validation(Dataset.of(XOR.x(), 1, 0, 0, 1))
                .callback(p -> after.add(model.state()))
                .fit(XOR);
        assertEquals(after.get(3), model.state());
        assertFalse(h.stoppedEarly());
    }

    @Test
    void a_callback_can_end_the_training() {
        Sequential model = model();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .epochs(50)
                .callback(p -> {
                    if (p.epoch().number() == 3) {
                        p.stop();
                    }
                })
                .fit(XOR);
        assertEquals(3, h.epochs().size());
        assertTrue(h.stoppedEarly());
    }

    /** Multiplies by NaN in the given evaluations of three examples. */
    private static final class Spoiled extends Model {
        private final Linear line = layer("line", new Linear(2, 2));
        private final int fine;
        private int validated;

        /** Creates a model that is right in one of the validations only. */
        Spoiled(int fine) {
            this.fine = fine;
        }

        @Override
        public Node forward(Node x, Pass pass) {
            boolean validating = x.shape().dim(0) == 3;
            validated += validating ? 1 : 0;
            Node y = line.forward(x, pass);
            return validating && validated != fine ? y.mul(Double.NaN) : y;
        }
    }

    @Test
    void a_validation_loss_that_is_not_a_number_is_an_error_and_leaves_the_best_state() {
        for (int fine = 0; fine <= 1; fine++) {
            Spoiled model = new Spoiled(fine + 1); // the first evaluation is the check before training
            Adam adam = new Adam(model.parameters());
            List<Map<String, Tensor>> after = new ArrayList<>();
            Trainer trainer = Trainer.classifier(model)
                    .optimizer(adam)
                    .epochs(3)
                    .validation(XOR.subset(0, 1, 2))
                    .earlyStopping(2)
                    .callback(p -> after.addAll(List.of(model.state(), adam.state())));
            String found = assertThrows(IllegalStateException.class, () -> trainer.fit(XOR))
                    .getMessage();
            assertTrue(found.contains("validation loss is NaN after epoch " + (fine + 1)), found);
            if (fine == 1) {
                assertEquals(after, List.of(model.state(), adam.state()));
            }
        }
    }

    @Test
    void a_batch_that_is_not_finite_leaves_the_running_statistics_as_they_were() {
        Sequential model = Sequential.of(new gradus.nn.BatchNorm(2), new Linear(2, 2));
        Map<String, Tensor> before = model.state();
        Dataset bad = new Noting(
                Dataset.of(Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {Double.NaN, 1}}), 0, 1, 1, 0),
                new ArrayList<>()); // its first example alone is looked at before
        Trainer trainer = Trainer.classifier(model).optimizer(new Sgd(model.parameters(), 0.1));
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(bad))
                .getMessage();
        assertTrue(found.contains("; example ") && found.endsWith(" of its input"), found);
        assertEquals(before, model.state());
    }

    @Test
    void a_gradient_that_is_not_finite_leaves_parameters_and_statistics_as_they_were() {
        for (double max : new double[] {1, Double.POSITIVE_INFINITY}) {
            requireRefused(max);
        }
    }

    private static void requireRefused(double max) {
        Sequential model = Sequential.of(new gradus.nn.BatchNorm(2), new Linear(2, 1));
        Map<String, Tensor> before = model.state();
        Trainer trainer = Trainer.of(model, (y, b) -> y.sub(y.detach()).sqrt().mean()) // 0, of infinite slope
                .optimizer(new Sgd(model.parameters(), 0.1))
                .clipNorm(max);
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(XOR))
                .getMessage();
        assertTrue(found.contains("the gradient of ") && found.contains("is not finite in epoch 1, after 0"), found);
        assertEquals(before, model.state());
    }

    @Test
    void of_epochs_with_the_same_validation_loss_the_first_is_the_best() {
        Sequential model = model();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0))
                .validation(XOR)
                .earlyStopping(3)
                .epochs(9)
                .fit(XOR);
        assertEquals(1, h.best().number());
        assertEquals(4, h.epochs().size());
        History notValidated = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0))
                .epochs(3)
                .fit(XOR);
        assertEquals(3, notValidated.best().number());
    }

    @Test
    void callbacks_see_model_optimizer_epochs_steps_and_the_last_batch() {
        Sequential model = model();
        Sgd sgd = new Sgd(model.parameters(), 0);
        List<String> seen = new ArrayList<>();
        History h = Trainer.classifier(model)
                .optimizer(sgd)
                .batchSize(3)
                .epochs(2)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {
                        seen.add("epoch " + p.epoch().number() + " of "
                                + p.epochs().size() + ", step " + p.step());
                        assertEquals(4, p.batchSize());
                        assertEquals(p.epoch().trainLoss(), p.batchLoss(), 1e-15, "of the only batch");
                        assertEquals(List.of(model, sgd), List.of(p.model(), p.optimizer()));
                    }

                    @Override
                    public void onBatch(Progress p) {
                        seen.add("batch, step " + p.step() + ", loss " + (p.batchLoss() > 0));
                        if (p.step() == 1) {
                            assertEquals(List.of(), p.epochs());
                            assertThrows(IllegalStateException.class, p::epoch);
                        }
                    }
                })
                .fit(XOR);
        assertEquals(
                List.of(
                        "batch, step 1, loss true",
                        "epoch 1 of 1, step 1",
                        "batch, step 2, loss true",
                        "epoch 2 of 2, step 2"),
                seen);
        assertEquals("History of 2 epochs; best: " + h.best(), h.toString());
    }

    @Test
    void a_stop_after_a_batch_ends_the_epoch() {
        Sequential model = model();
        List<Long> steps = new ArrayList<>();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(1)
                .epochs(5)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {
                        steps.add(p.step());
                    }

                    @Override
                    public void onBatch(Progress p) {
                        if (p.step() == 2) {
                            p.stop();
                        }
                    }
                })
                .fit(XOR);
        assertEquals(List.of(2L), steps);
        assertTrue(h.stoppedEarly());
        assertTrue(h.toString().startsWith("History of 1 epochs, stopped early; best: "), h::toString);
    }

    @Test
    void weights_that_are_not_finite_after_the_last_step_are_an_error() {
        Sequential line = Sequential.of(new Linear(2, 1));
        Trainer trainer = Trainer.regressor(line)
                .optimizer(new Sgd(line.parameters(), 1e300))
                .batchSize(4);
        Dataset data = Dataset.of(XOR.x().add(1e10), Tensor.ones(4, 1));
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(data))
                .getMessage();
        assertTrue(found.contains("0.weight is no longer finite at the end of epoch 1"), found);
    }

    @Test
    void divergence_under_early_stopping_leaves_the_best_state() {
        Sequential model = model();
        List<Map<String, Tensor>> after = new ArrayList<>();
        Trainer trainer = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(4)
                .epochs(10)
                .validation(XOR)
                .earlyStopping(10)
                .callback(p -> {
                    after.add(model.state());
                    if (p.epoch().number() == 3) {
                        model.parameters().get("2.bias").assign(Tensor.of(Double.POSITIVE_INFINITY, 0));
                    }
                });
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(XOR))
                .getMessage();
        assertTrue(found.contains("the model has the state of its best epoch, 3"), found);
        assertEquals(after.get(2), model.state());
    }
}
