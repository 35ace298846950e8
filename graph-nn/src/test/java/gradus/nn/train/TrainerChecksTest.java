package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused before or while the model is trained. */
class TrainerChecksTest {
    private static final Dataset XOR =
            Dataset.of(Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}), 0, 1, 1, 0);

    private static Sequential model() {
        return Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
    }

    @Test
    void a_validation_set_that_does_not_fit_is_named_before_anything_is_trained() {
        Sequential model = model();
        Map<String, Tensor> before = model.state();
        Trainer trainer = Trainer.classifier(model).optimizer(new Adam(model.parameters()));
        trainer.validation(Dataset.of(Tensor.ones(4, 3), 0, 1, 1, 0));
        String width = assertThrows(IllegalArgumentException.class, () -> trainer.fit(XOR))
                .getMessage();
        assertTrue(width.startsWith("Trainer: validation set: Linear"), width);
        trainer.validation(Dataset.of(Tensor.ones(4, 2), 0, 1, 5, 0));
        String target = assertThrows(IllegalArgumentException.class, () -> trainer.fit(XOR))
                .getMessage();
        assertTrue(target.startsWith("Trainer: validation set: "), target);
        assertEquals(before, model.state());
    }

    @Test
    void a_training_set_that_gives_another_number_of_examples_than_asked_is_an_error() {
        Dataset wrong = new Dataset() {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public Batch at(int... indices) {
                return XOR.at(0, 1, 2);
            }
        };
        Sequential model = model();
        Trainer trainer = Trainer.classifier(model).optimizer(new Sgd(model.parameters(), 0.1));
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(wrong))
                .getMessage();
        assertEquals("Trainer: the training set gave 3 examples for 4 indices", found);
    }

    @Test
    void a_variable_that_every_second_step_reaches_and_the_optimizer_does_not_have_is_refused() {
        Sequential model = model();
        Node extra = Node.variable(1.0).named("extra");
        int[] calls = {0};
        Trainer trainer = Trainer.of(
                        model,
                        (y, b) -> calls[0]++ % 2 == 0 ? y.mean() : y.mul(extra).mean())
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(2)
                .epochs(3);
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(XOR))
                .getMessage();
        assertTrue(found.contains("extra [], which the optimizer does not have"), found);
    }

    @Test
    void a_pass_that_the_forward_function_loses_is_an_error() {
        Sequential model = Sequential.of(new Linear(2, 2), new gradus.nn.Dropout(0.5));
        Trainer trainer = Trainer.classifier(model)
                .forward((batch, pass) -> model.forward(Node.constant(batch.x())))
                .optimizer(new Sgd(model.parameters(), 0.1));
        String found = assertThrows(IllegalStateException.class, () -> trainer.fit(XOR))
                .getMessage();
        assertTrue(found.contains("without the pass"), found);
    }

    @Test
    void a_parameter_that_the_optimizer_lacks_is_an_error() {
        Sequential model = model();
        model.freeze("0");
        Sgd sgd = new Sgd(model.parameters(), 0.1);
        model.unfreeze("0");
        String found = assertThrows(
                        IllegalStateException.class,
                        () -> Trainer.classifier(model).optimizer(sgd).fit(XOR))
                .getMessage();
        assertTrue(found.contains("does not have [0.weight, 0.bias]"), found);
        model.freeze("0");
        Trainer.classifier(model).optimizer(sgd).fit(XOR);
    }

    @Test
    void a_bad_label_leaves_the_weights_as_they_are() {
        Sequential model = model();
        Map<String, Tensor> before = model.state();
        Trainer trainer = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(1);
        Dataset last = Dataset.of(XOR.x(), 0, 1, 1, 2);
        String message = assertThrows(IllegalArgumentException.class, () -> trainer.fit(last))
                .getMessage();
        assertTrue(message.contains("example 3 has class 2") && message.contains("[1, 2]"), message);
        assertThrows(
                IllegalArgumentException.class, () -> trainer.validation(last).fit(XOR));
        assertEquals(before, model.state());
    }

    static Stream<Arguments> refusals() {
        Sequential m = model();
        Sgd sgd = new Sgd(m.parameters(), 1e300);
        return Stream.of(
                bad(() -> Trainer.classifier(m).fit(XOR), "there is no optimizer"),
                bad(() -> Trainer.classifier(m).optimizer(sgd).earlyStopping(1).fit(XOR), "needs a validation set"),
                bad(() -> Trainer.classifier(m).batchSize(0), "batch size 0 must be at least 1"),
                bad(() -> Trainer.classifier(m).clipNorm(0), "limit of the norm 0.0 must be positive"),
                bad(() -> Trainer.predictedClasses(new Linear(2, 1), XOR), "not [n, c], logits of two classes"),
                bad(() -> ConfusionMatrix.of(m, XOR, 1), "there are only 1 classes"),
                bad(
                        () -> Trainer.classifier(model())
                                .optimizer(new Sgd(m.parameters(), 0.1))
                                .fit(XOR),
                        "the gradients reach none of"),
                bad(
                        () -> Trainer.classifier(m)
                                .optimizer(new Sgd(m.parameters(), 0.1))
                                .fit(Dataset.of(XOR.x().div(0), 0, 1, 1, 0)),
                        "Trainer: training set: example 0 has NaN at element 0 of its input"),
                bad(() -> ConfusionMatrix.of(m, XOR, 0), "0 classes; at least 1"),
                bad(() -> Trainer.accuracy(m, Dataset.of(XOR.x(), Tensor.ones(4, 2))), "not [4, 2]"),
                bad(
                        () -> Trainer.regressor(m).optimizer(sgd).fit(Dataset.of(XOR.x(), Tensor.ones(4, 1))),
                        "output for one example is [1, 2], its target [1, 1]"),
                bad(() -> Trainer.classifier(m).epochs(0), "number of epochs 0"),
                bad(() -> Trainer.classifier(m).earlyStopping(0), "patience 0"),
                bad(
                        () -> Trainer.classifier(m)
                                .optimizer(new Sgd(m.parameters(), 0.1))
                                .fit(Dataset.of(XOR.x(), 0, 1, 2, 0)),
                        "example 2 has class 2"),
                bad(
                        () -> {
                            Sequential line = Sequential.of(new Linear(2, 1));
                            Trainer.regressor(line)
                                    .optimizer(new Sgd(line.parameters(), 1e200))
                                    .batchSize(2)
                                    .epochs(9)
                                    .fit(Dataset.of(XOR.x(), Tensor.ones(4, 1)));
                        },
                        "the loss is Infinity in epoch 1, after 2 examples; a smaller learning rate"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_cannot_be_trained_is_refused(Executable what, String message) {
        String found = assertThrows(RuntimeException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }
}
