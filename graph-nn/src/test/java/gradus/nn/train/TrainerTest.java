package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import gradus.nn.train.History.Epoch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
    private static final Dataset XOR =
            Dataset.of(Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}), 0, 1, 1, 0);

    private static Sequential model() {
        return Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
    }

    private static Map<String, Tensor> trained(long seed) {
        List<Dataset> parts = DrawnDigits.make(400, 1, DType.FLOAT32).split(1, 0.75, 0.25);
        Sequential model = Sequential.of(new Linear(784, 20), Node::relu, new Linear(20, 10));
        model.to(DType.FLOAT32);
        model.seed(seed);
        Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 1e-3))
                .l2(1e-4)
                .batchSize(32)
                .epochs(3)
                .validation(parts.get(1))
                .seed(seed)
                .fit(parts.get(0));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        model.parameters().forEach((path, p) -> weights.put(path, p.value()));
        return weights;
    }

    @Test
    void the_same_seed_trains_the_same_bytes() {
        assertEquals(trained(3), trained(3));
        assertNotEquals(trained(3), trained(4));
    }

    @Test
    void a_classifier_learns_what_one_perceptron_cannot() {
        Sequential model = model();
        History h = Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 0.05))
                .batchSize(4)
                .epochs(100)
                .fit(XOR);
        assertEquals(1, Trainer.accuracy(model, XOR));
        assertEquals(100, h.epochs().size());
        assertTrue(h.curve(Epoch::trainLoss).get(99)
                < 0.1 * h.curve(Epoch::trainLoss).get(0));
        assertEquals(2, ConfusionMatrix.of(model, XOR, 2).count(1, 1));
        assertEquals(1, ConfusionMatrix.of(model, XOR, 2).recall(0));
    }

    @Test
    void a_regressor_finds_the_line() {
        Tensor x = Tensor.range(0, 20).div(10).reshape(20, 1);
        Sequential line = Sequential.of(new Linear(1, 1));
        Trainer.regressor(line)
                .optimizer(new Sgd(line.parameters(), 0.1, 0.9))
                .batchSize(20)
                .epochs(300)
                .fit(Dataset.of(x, x.mul(3).sub(1)));
        assertEquals(3, line.parameters().get("0.weight").item(), 1e-6);
        assertEquals(-1, line.parameters().get("0.bias").item(), 1e-6);
    }

    @Test
    void early_stopping_gives_back_the_best_weights() {
        Sequential model = model();
        Dataset upsideDown = Dataset.of(XOR.x(), 1, 0, 0, 1); // the better it learns, the worse it validates
        List<Map<String, Tensor>> after = new ArrayList<>();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.5))
                .batchSize(4)
                .epochs(500)
                .validation(upsideDown)
                .earlyStopping(5)
                .onEpoch(e -> {
                    Map<String, Tensor> w = new LinkedHashMap<>();
                    model.parameters().forEach((path, p) -> w.put(path, p.value()));
                    after.add(w);
                })
                .fit(XOR);
        assertTrue(h.stoppedEarly());
        assertEquals(h.best().number() + 5, h.epochs().size());
        Map<String, Tensor> best = after.get(h.best().number() - 1);
        model.parameters().forEach((path, p) -> assertEquals(best.get(path), p.value(), path));
        assertNotEquals(best, after.get(after.size() - 1));
        double least = h.curve(Epoch::validationLoss).stream()
                .mapToDouble(v -> v)
                .min()
                .orElseThrow();
        assertEquals(least, h.best().validationLoss());
    }

    @Test
    void a_bad_label_leaves_the_weights_as_they_are() {
        Sequential model = model();
        Tensor before = model.parameters().get("0.weight").value();
        Trainer trainer = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(1);
        Dataset last = Dataset.of(XOR.x(), 0, 1, 1, 2);
        String message = assertThrows(IllegalArgumentException.class, () -> trainer.fit(last))
                .getMessage();
        assertTrue(message.contains("example 3 is of class 2") && message.contains("[1, 2]"), message);
        assertThrows(
                IllegalArgumentException.class, () -> trainer.validation(last).fit(XOR));
        assertEquals(before, model.parameters().get("0.weight").value());
    }

    @Test
    void a_validation_loss_that_is_not_a_number_is_never_the_best() {
        Linear line = new Linear(2, 2);
        int[] judged = {0};
        Layer model = new Layer() {
            @Override
            public Node forward(Node x) {
                boolean validating = x.shape().dim(0) == 3;
                judged[0] += validating ? 1 : 0;
                return validating && judged[0] != 2 ? line.forward(x).mul(Double.NaN) : line.forward(x);
            }

            @Override
            public Map<String, Layer> layers() {
                return Map.of("line", line);
            }
        };
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .epochs(3)
                .validation(XOR.batch(0, 3))
                .fit(XOR);
        assertEquals(2, h.best().number(), h::toString);
    }

    @Test
    void listeners_hear_of_every_batch_and_epoch() {
        List<Integer> batches = new ArrayList<>();
        List<Epoch> epochs = new ArrayList<>();
        Sequential model = model();
        History h = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(3)
                .epochs(2)
                .onBatch(batches::add)
                .onEpoch(epochs::add)
                .fit(XOR);
        assertEquals(List.of(3, 1, 3, 1), batches);
        assertEquals(h.epochs(), epochs);
        assertFalse(h.stoppedEarly());
        assertTrue(Double.isNaN(h.best().validationLoss()));
    }

    static Stream<Arguments> refusals() {
        Sequential m = model();
        Sgd sgd = new Sgd(m.parameters(), 1e300);
        return Stream.of(
                bad(() -> Trainer.classifier(m).fit(XOR), "set an optimizer first"),
                bad(() -> Trainer.classifier(m).optimizer(sgd).earlyStopping(1).fit(XOR), "needs a validation set"),
                bad(() -> Trainer.classifier(m).batchSize(0), "batch size 0 must be at least 1"),
                bad(() -> Trainer.classifier(m).l2(-1), "L2 penalty -1.0"),
                bad(() -> Trainer.predict(new Linear(2, 1), XOR), "no scores [n, c] of two classes"),
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
                        "no step was taken yet"),
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
                        "example 2 is of class 2"),
                bad(
                        () -> {
                            Sequential line = Sequential.of(new Linear(2, 1));
                            Trainer.regressor(line)
                                    .optimizer(new Sgd(line.parameters(), 1e200))
                                    .epochs(9)
                                    .fit(Dataset.of(XOR.x(), Tensor.ones(4, 1)));
                        },
                        "the loss is Infinity in epoch 2"));
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
