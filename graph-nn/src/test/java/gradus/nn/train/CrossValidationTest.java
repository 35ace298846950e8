package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Splits;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import gradus.nn.train.CrossValidation.Fold;
import gradus.nn.train.CrossValidation.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fold is what Trainer and Splits give by hand. */
class CrossValidationTest {
    private static final Dataset MOONS = Synthetic.moons(101, 0.2, 1);

    private static Trainer trainer(long seed, DType dtype) {
        Sequential net = Sequential.of(new Linear(2, 8), Node::tanh, new Linear(8, 2));
        net.to(dtype);
        net.initialize(seed);
        return Trainer.classifier(net)
                .optimizer(new Adam(net.parameters(), 0.02))
                .epochs(4)
                .seed(seed);
    }

    private static String refused(Runnable action) {
        return assertThrows(RuntimeException.class, action::run).getMessage();
    }

    @Test
    void each_fold_is_a_training_by_hand() {
        for (DType dtype : DType.values()) {
            Result result = CrossValidation.of(seed -> trainer(seed, dtype))
                    .folds(4)
                    .seed(7)
                    .run(MOONS);
            List<Splits.Fold> folds = Splits.kFold(MOONS, 4, 7);
            double mean = 0;
            double square = 0;
            for (int i = 0; i < 4; i++) {
                Fold f = result.folds().get(i);
                Trainer byHand = trainer(f.seed(), dtype);
                byHand.fit(folds.get(i).train());
                assertEquals(byHand.model.state(), f.model().state());
                double accuracy = Trainer.accuracy(byHand.model, folds.get(i).test());
                assertEquals(accuracy, f.metrics().get("accuracy"));
                assertEquals(4, f.history().epochs().size());
                mean += accuracy / 4;
                square += accuracy * accuracy / 4;
            }
            assertEquals(mean, result.mean("accuracy"), 1e-15);
            assertEquals(Math.sqrt(square - mean * mean), result.standardDeviation("accuracy"), 1e-7);
            assertEquals(Shape.of(101, 2), result.predictions().shape());
            assertEquals(dtype, result.predictions().dtype());
            assertEquals(4, result.folds().stream().map(Fold::seed).distinct().count());
            assertEquals(
                    result.predictions(),
                    CrossValidation.of(seed -> trainer(seed, dtype))
                            .folds(4)
                            .seed(7)
                            .run(MOONS)
                            .predictions());
            assertNotEquals(
                    result.predictions(),
                    CrossValidation.of(seed -> trainer(seed, dtype))
                            .folds(4)
                            .seed(8)
                            .run(MOONS)
                            .predictions());
        }
    }

    @Test
    void predictions_are_those_of_the_model_that_has_not_seen_the_example() {
        Result result = CrossValidation.of(seed -> trainer(seed, DType.FLOAT64))
                .folds(3)
                .stratified()
                .run(MOONS);
        int seen = 0;
        for (int i = 0; i < MOONS.size(); i++) {
            Tensor x = MOONS.at(i).x();
            for (Fold f : result.folds()) {
                double apart = f.model()
                        .predict(x)
                        .sub(result.predictions().slice(0, i, i + 1))
                        .abs()
                        .max()
                        .item();
                seen += apart < 1e-12 ? 1 : 0;
            }
        }
        assertEquals(MOONS.size(), seen, "one model for each example");
        List<Splits.Fold> folds = Splits.stratifiedKFold(MOONS, 3, 0);
        double loss = 0;
        for (int i = 0; i < 3; i++) {
            Dataset test = folds.get(i).test();
            Tensor outputs = Trainer.predict(result.folds().get(i).model(), test);
            loss += Loss.crossEntropy().of(Node.constant(outputs), test.all()).item() / 3;
        }
        assertEquals(loss, result.mean("loss"), 1e-12);
        assertTrue(
                result.toString().contains("accuracy")
                        && result.toString().lines().count() == 5,
                result::toString);
    }

    @Test
    void what_is_no_cross_validation_is_refused(@TempDir Path dir) {
        Trainer same = trainer(1, DType.FLOAT64);
        assertEquals(
                "CrossValidation: fold 2: the trainer has the model of fold 1; each fold needs a fresh one",
                refused(() -> CrossValidation.of(seed -> same).run(MOONS)));
        assertEquals(
                "CrossValidation: fold 1: the trainer has trained before",
                refused(() -> CrossValidation.of(seed -> same).run(MOONS)));
        assertEquals("CrossValidation: fold 1: the trainer is null", refused(() -> CrossValidation.of(seed -> null)
                .run(MOONS)));
        Path file = dir.resolve("run.safetensors");
        assertEquals(
                "CrossValidation: fold 2: the trainer has the checkpoint of another fold, " + file,
                refused(() -> CrossValidation.of(
                                seed -> trainer(seed, DType.FLOAT64).checkpoint(file))
                        .run(MOONS)));
        assertEquals(
                "CrossValidation: the number of folds 1 must be at least 2",
                refused(() -> CrossValidation.of(seed -> null).folds(1)));
        assertEquals(
                "kFold: k 5 must be from 2 to the number of examples, 4",
                refused(() -> CrossValidation.of(seed -> null).run(Dataset.of(Tensor.ones(4, 2), 0, 1, 0, 1))));
        Result result = CrossValidation.of(seed -> trainer(seed, DType.FLOAT64))
                .folds(2)
                .run(MOONS);
        assertEquals(
                "CrossValidation: there is no metric \"f1\"; there are loss, accuracy",
                refused(() -> result.mean("f1")));
    }

    @Test
    void values_are_predicted_too() {
        Tensor x = Tensor.of(
                Shape.of(20, 1),
                IntStream.range(0, 20).mapToDouble(i -> i / 20.0).toArray());
        Dataset line = Dataset.of(x, x.mul(2));
        Result result = CrossValidation.of(seed -> {
                    Linear one = new Linear(1, 1);
                    one.initialize(seed);
                    return Trainer.regressor(one)
                            .optimizer(new Sgd(one.parameters(), 0.5))
                            .batchSize(4)
                            .epochs(60);
                })
                .run(line);
        assertEquals(0, result.predictions().sub(line.y()).abs().max().item(), 0.02);
        assertTrue(result.mean("loss") < 1e-3, result::toString);
    }
}
