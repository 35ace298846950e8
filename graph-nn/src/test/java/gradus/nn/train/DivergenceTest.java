package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Sgd;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A loss or gradient that is not finite is refused with its origin, and what cannot be trained before the first step. */
class DivergenceTest {
    private static final Tensor X = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    private static final Dataset VALUES = Dataset.of(X, Tensor.ones(4, 1));

    private static String message(Trainer trainer, Dataset train) {
        return assertThrows(RuntimeException.class, () -> trainer.fit(train)).getMessage();
    }

    @Test
    void the_op_its_operands_and_the_path_of_the_parameter_are_named() {
        Sequential model = Sequential.of(new BatchNorm(2), new Linear(2, 1));
        model.parameters().get("1.weight").assign(Tensor.of(new double[][] {{1e200}, {1e200}}));
        Map<String, Tensor> before = model.state();
        Trainer trainer = Trainer.of(model, (y, b) -> y.square().mean())
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(4);
        String found = message(trainer, VALUES);
        assertTrue(
                found.startsWith("Trainer: the loss is Infinity in epoch 1, after 0 examples; no step was taken yet"),
                found);
        assertTrue(found.contains("; its origin: square gave [4, 1]: "), found);
        assertEquals(before, model.state());
    }

    @Test
    void the_parameter_that_overflows_has_its_path() {
        Sequential model = Sequential.of(Node::exp, new Linear(2, 1));
        model.parameters().get("1.weight").assign(Tensor.of(new double[][] {{1e308}, {1e308}}));
        String found = message(Trainer.regressor(model).optimizer(new Sgd(model.parameters(), 0.1)), VALUES);
        assertTrue(found.contains("1.weight [2, 1]"), found);
    }

    @Test
    void the_rule_of_a_gradient_that_is_not_finite_is_named() {
        Sequential model = Sequential.of(new Linear(2, 1));
        String found = message(
                Trainer.of(model, (y, b) -> y.sub(y.detach()).sqrt().mean())
                        .optimizer(new Sgd(model.parameters(), 0.1)),
                VALUES);
        assertTrue(found.contains("its origin: backward: the rule of sqrt gave input 0 the gradient"), found);
    }

    /** Reads examples when they are asked for, so that they are not looked at before. */
    private record Read(Dataset base) implements Dataset {
        @Override
        public int size() {
            return base.size();
        }

        @Override
        public Batch at(int... indices) {
            return base.at(indices);
        }
    }

    @Test
    void an_example_that_is_not_finite_is_named_by_its_index_in_the_set() {
        Sequential model = Sequential.of(new Linear(2, 1));
        Tensor bad = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, Double.NEGATIVE_INFINITY}, {1, 1}});
        Trainer trainer = Trainer.regressor(model).optimizer(new Sgd(model.parameters(), 0.1));
        Dataset set = Dataset.of(bad, Tensor.ones(4, 1));
        assertEquals("Trainer: training set: example 2 has -Infinity at element 1 of its input", message(trainer, set));
        assertEquals(
                "Trainer: validation set: example 2 has -Infinity at element 1 of its input",
                message(trainer.validation(set), VALUES));
        trainer.validation(VALUES);
        String found = message(trainer.seed(3), new Read(set));
        assertTrue(found.endsWith("; example 2 has -Infinity at element 1 of its input"), found);
        Dataset target = Dataset.of(X, Tensor.of(1, 1, 1, Double.NaN).reshape(4, 1));
        assertEquals("Trainer: training set: example 3 has NaN at element 0 of its target", message(trainer, target));
    }

    @Test
    void a_validation_set_is_evaluated_with_its_loss_and_metrics_before_anything_is_trained() {
        Sequential model = Sequential.of(new Linear(2, 1));
        Map<String, Tensor> before = model.state();
        Trainer trainer = Trainer.of(
                        model, (y, b) -> y.sub(Node.constant(b.y())).square().mean())
                .metric("of two", Metric.mean((y, b) -> b.inputs().get(1).size()))
                .optimizer(new Sgd(model.parameters(), 0.1))
                .validation(new Read(VALUES));
        assertThrows(IndexOutOfBoundsException.class, () -> trainer.fit(VALUES));
        assertEquals(before, model.state());
        Trainer other = Trainer.of(
                        model, (y, b) -> y.sub(Node.constant(b.y())).square().mean())
                .optimizer(new Sgd(model.parameters(), 0.1))
                .validation(new Read(Dataset.of(X, Tensor.ones(4, 3, 5))));
        String found = message(other, VALUES);
        assertTrue(found.startsWith("Trainer: validation set: sub: "), found);
        assertEquals(before, model.state());
    }

    @Test
    void classes_and_values_that_are_mixed_up_are_refused() {
        Sequential one = Sequential.of(new Linear(2, 1));
        Sequential two = Sequential.of(new Linear(2, 2));
        assertEquals(
                "Trainer: training set: mean squared error: the model's output for one example is [1, 1], its target [1]",
                message(Trainer.regressor(one).optimizer(new Sgd(one.parameters(), 0.1)), Dataset.of(X, 0, 1, 1, 0)));
        assertEquals(
                "Trainer: training set: classes: one number for each example is needed, not [4, 1]",
                message(Trainer.classifier(two).optimizer(new Sgd(two.parameters(), 0.1)), VALUES));
        assertEquals(
                "Trainer: training set: classes: the target of example 1 is 0.5; a class is a whole number from 0 up",
                message(
                        Trainer.classifier(two).optimizer(new Sgd(two.parameters(), 0.1)),
                        Dataset.of(X, Tensor.of(0, 0.5, 1, 1))));
    }

    // ---- predict

    @Test
    void outputs_of_inputs_without_targets_are_joined() {
        Sequential model = Sequential.of(new Linear(2, 3));
        Tensor x = Tensor.range(0, 1400).reshape(700, 2).div(700);
        assertEquals(model.predict(x), Trainer.predict(model, x));
        assertEquals(model.predict(X), Trainer.predict(model, VALUES));
        assertEquals(
                "Trainer.predict: examples 256 to 511: the model's output [] has not one row for each of 256 examples",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Trainer.predict(v -> v.value().get(0, 0) == 0 ? v : v.sum(), x))
                        .getMessage());
        String width = assertThrows(IllegalArgumentException.class, () -> Trainer.predict(model, Tensor.ones(3, 4)))
                .getMessage();
        assertTrue(width.startsWith("Trainer.predict: examples 0 to 2: Linear"), width);
    }
}
