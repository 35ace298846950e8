package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Dropout;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.io.ModelFile;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.Adam;
import gradus.nn.optim.AdamW;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that is stopped and resumed gives the bytes of training that is not. */
class ResumeTest {
    private static final List<Dataset> PARTS = Synthetic.moons(205, 0.1, 5).split(1, 0.8, 0.2);
    private static final Map<String, Function<Sequential, Optimizer>> OPTIMIZERS = Map.of(
            "adam", m -> new Adam(m.parameters(), 1e-2).l2(1e-4),
            "adamW", m -> new AdamW(m.parameters(), 1e-2),
            "momentum", m -> new Sgd(m.parameters(), 1e-2, 0.9));

    @TempDir
    private Path directory;

    private static Sequential fresh(DType dtype) {
        Sequential model =
                Sequential.of(new Linear(2, 16), new BatchNorm(16), Node::relu, new Dropout(0.2), new Linear(16, 2));
        model.to(dtype);
        model.initialize(4);
        return model;
    }

    private static Trainer trainer(Sequential model, String optimizer, int epochs) {
        return Trainer.classifier(model)
                .optimizer(OPTIMIZERS.get(optimizer).apply(model))
                .learningRate(LearningRate.cosine(1e-2, 40).warmup(5))
                .validation(PARTS.get(1))
                .batchSize(32)
                .epochs(epochs)
                .seed(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamW", "momentum"})
    void five_epochs_are_two_and_three_with_everything_rebuilt_from_the_file(String optimizer) {
        for (DType dtype : DType.values()) {
            Path file = directory.resolve(optimizer + dtype);
            Sequential whole = fresh(dtype);
            History unbroken = trainer(whole, optimizer, 5).fit(PARTS.get(0));
            trainer(fresh(dtype), optimizer, 2).checkpoint(file).fit(PARTS.get(0));
            Sequential resumed = fresh(dtype);
            resumed.initialize(99); // what it starts from does not matter
            History both = trainer(resumed, optimizer, 5).checkpoint(file).fit(PARTS.get(0));
            assertEquals(whole.state(), resumed.state());
            assertEquals(unbroken, both);
        }
    }

    @Test
    void early_stopping_goes_on_counting_and_restores_the_best_state_across_the_stop() {
        Sequential whole = fresh(DType.FLOAT64);
        History unbroken = trainer(whole, "adam", 30).earlyStopping(2).fit(PARTS.get(0));
        assertTrue(unbroken.stoppedEarly(), unbroken::toString);
        Path file = directory.resolve("early");
        Sequential resumed = null;
        History h = null;
        for (int epochs = 1;
                epochs <= unbroken.epochs().size() + 2;
                epochs++) { // a new start for every epoch, and two more
            resumed = fresh(DType.FLOAT64);
            h = trainer(resumed, "adam", Math.min(30, epochs))
                    .earlyStopping(2)
                    .checkpoint(file)
                    .fit(PARTS.get(0));
        }
        assertEquals(whole.state(), resumed.state());
        assertEquals(unbroken, h);
    }

    static Stream<Arguments> otherSettings() {
        Dataset train = PARTS.get(0);
        Dataset shorter = train.subset(IntStream.range(0, 100).toArray());
        return Stream.of(
                other(train, "seed was 9 and is 10", t -> t.seed(10)),
                other(train, "batch size was 32 and is 8", t -> t.batchSize(8)),
                other(train, "patience was not set and is 3", t -> t.earlyStopping(3)),
                other(train, "clip norm was not set and is 1.5", t -> t.clipNorm(1.5)),
                other(train, "validation examples was 41 and is 100", t -> t.validation(shorter)),
                other(shorter, "training examples was 164 and is 100", t -> {}),
                optimizer("optimizer was Adam and is Sgd", m -> new Sgd(m.parameters(), 1e-2, 0.9)),
                optimizer("momentum was not set and is 0.9", m -> new Sgd(m.parameters(), 1e-2, 0.9)),
                optimizer("optimizer was Adam and is AdamW", m -> new AdamW(m.parameters(), 1e-2)),
                optimizer(
                        "beta1 was 0.9 and is 0.8",
                        m -> new Adam(m.parameters(), 1e-2).betas(0.8, 0.999).l2(1e-4)),
                optimizer(
                        "beta2 was 0.999 and is 0.99",
                        m -> new Adam(m.parameters(), 1e-2).betas(0.9, 0.99).l2(1e-4)),
                optimizer("epsilon was 1.0E-8 and is 0.001", m -> new Adam(m.parameters(), 1e-2).epsilon(1e-3)),
                optimizer("0.weight.l2 was 1.0E-4 and is 0.001", m -> new Adam(m.parameters(), 1e-2).l2(1e-3)),
                optimizer("4.weight.l2 was 1.0E-4 and is not set", m -> new Adam(m.parameters(), 1e-2)),
                optimizer("0.weight.weightDecay was not set and is 0.1", m -> new Adam(m.parameters(), 1e-2)
                        .weightDecay(0.1)),
                optimizer("4.bias.learningRateFactor was not set and is 0.5", m -> new Adam(m.parameters(), 1e-2)
                        .l2(1e-4)
                        .group(path -> path.equals("4.bias"), g -> g.learningRateFactor(0.5))),
                other(
                        train,
                        "learning rate was Cosine[rate=0.01, steps=40, minimum=0.0].warmup(5) and is"
                                + " Cosine[rate=0.01, steps=41, minimum=0.0].warmup(5)",
                        t -> t.learningRate(LearningRate.cosine(1e-2, 41).warmup(5))),
                other(train, "learning rate at step 0 was not set and is 0.01", t -> t.learningRate(step -> 0.01)));
    }

    private static Arguments other(Dataset train, String message, Consumer<Trainer> change) {
        return Arguments.of(message, train, change);
    }

    private static Arguments optimizer(String message, Function<Sequential, Optimizer> make) {
        return Arguments.of(message, PARTS.get(0), make);
    }

    @ParameterizedTest
    @MethodSource("otherSettings")
    @SuppressWarnings("unchecked")
    void a_file_of_other_settings_is_refused_with_their_names_and_changes_nothing(
            String message, Dataset train, Object change) {
        Path file = directory.resolve("run");
        trainer(fresh(DType.FLOAT64), "adam", 1).checkpoint(file).fit(PARTS.get(0));
        Sequential model = fresh(DType.FLOAT64);
        Trainer trainer = trainer(model, "adam", 2);
        if (change instanceof Consumer<?> setting) {
            ((Consumer<Trainer>) setting).accept(trainer);
        } else {
            trainer.optimizer(((Function<Sequential, Optimizer>) change).apply(model));
        }
        Map<String, Tensor> before = model.state();
        refused(trainer, train, file, message);
        assertEquals(before, model.state());
    }

    @Test
    void all_settings_that_differ_are_named() {
        Path file = directory.resolve("run");
        Sequential model = fresh(DType.FLOAT64);
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .checkpoint(file)
                .fit(PARTS.get(0));
        refused(
                Trainer.classifier(model)
                        .optimizer(new Sgd(model.parameters(), 0.2))
                        .seed(1)
                        .epochs(2),
                PARTS.get(0),
                file,
                "seed was 0 and is 1; learning rate was 0.1 and is 0.2");
        refused(
                Trainer.classifier(model)
                        .optimizer(new Sgd(model.parameters(), 0.1))
                        .learningRate(LearningRate.constant(0.1))
                        .epochs(2),
                PARTS.get(0),
                file,
                "learning rate was 0.1 and is Constant[rate=0.1]");
    }

    @Test
    void a_lambda_is_compared_at_some_of_the_steps_that_were_taken() {
        Path file = directory.resolve("lambda");
        trainer(fresh(DType.FLOAT64), "adam", 1)
                .learningRate(step -> 0.01)
                .checkpoint(file)
                .fit(PARTS.get(0));
        refused(
                trainer(fresh(DType.FLOAT64), "adam", 2).learningRate(step -> step == 4 ? 0.02 : 0.01),
                PARTS.get(0),
                file,
                "learning rate at step 4 was 0.01 and is 0.02");
    }

    /** The rate depends on the losses of the epochs before, which the file has. */
    @Test
    void a_training_with_a_plateau_goes_on_with_the_same_bytes() {
        List<Double> rates = new ArrayList<>();
        Function<Sequential, Trainer> trainer = m -> trainer(m, "adam", 30)
                .learningRate(LearningRate.plateau(1).patience(0).factor(0.5).warmup(3))
                .callback(p -> rates.add(p.optimizer().learningRate()));
        Sequential whole = fresh(DType.FLOAT64);
        trainer.apply(whole).fit(PARTS.get(0));
        List<Double> unbroken = List.copyOf(rates);
        assertEquals(1, unbroken.get(0));
        assertTrue(unbroken.get(29) <= 1 / 32.0, unbroken::toString);
        rates.clear();
        Path file = directory.resolve("plateau");
        Sequential resumed = null;
        for (int epochs = 3; epochs <= 30; epochs += 9) {
            resumed = fresh(DType.FLOAT64);
            trainer.apply(resumed).epochs(epochs).checkpoint(file).fit(PARTS.get(0));
        }
        assertEquals(unbroken, rates);
        assertEquals(whole.state(), resumed.state());
    }

    @Test
    void a_schedule_is_asked_only_for_steps_that_were_taken() {
        Path file = directory.resolve("rates");
        for (int epochs = 1; epochs <= 2; epochs++) {
            double[] rates = new double[4 * epochs]; // 4 steps an epoch
            Arrays.fill(rates, 0.01);
            History h = trainer(fresh(DType.FLOAT64), "adam", epochs)
                    .learningRate(step -> rates[(int) step])
                    .batchSize(41)
                    .checkpoint(file)
                    .fit(PARTS.get(0));
            assertEquals(epochs, h.epochs().size());
        }
    }

    @Test
    void a_learning_rate_that_a_callback_has_set_goes_on_from_the_file() {
        Callback halving = p -> p.optimizer().learningRate(p.optimizer().learningRate() / 2);
        Function<Sequential, Trainer> trainer = m ->
                Trainer.classifier(m).optimizer(new Sgd(m.parameters(), 0.5)).callback(halving);
        Sequential whole = fresh(DType.FLOAT64);
        trainer.apply(whole).epochs(4).fit(PARTS.get(0));
        Sequential resumed = fresh(DType.FLOAT64);
        Path file = directory.resolve("halved");
        Trainer first = trainer.apply(resumed).checkpoint(file);
        first.fit(PARTS.get(0));
        first.epochs(2).fit(PARTS.get(0)); // its optimizer has another rate by now
        resumed = fresh(DType.FLOAT64);
        History h = trainer.apply(resumed).epochs(4).checkpoint(file).fit(PARTS.get(0));
        assertEquals(4, h.epochs().size());
        assertEquals(whole.state(), resumed.state());
    }

    @Test
    void a_file_of_something_else_is_refused_and_changes_nothing() throws IOException {
        Dataset train = PARTS.get(0);
        Path file = directory.resolve("run");
        trainer(fresh(DType.FLOAT64), "adam", 1).checkpoint(file).fit(train);
        refused(
                trainer(fresh(DType.FLOAT32), "adam", 2),
                train,
                file,
                "0.weight is FLOAT64 [2, 16], the model's is FLOAT32");
        Path model = directory.resolve("model");
        ModelFile.save(fresh(DType.FLOAT64), model);
        refused(trainer(fresh(DType.FLOAT64), "adam", 2), train, model, "is not a checkpoint of a training");
        Files.write(model, new byte[] {1, 2, 3});
        refused(trainer(fresh(DType.FLOAT64), "adam", 2), train, model, "only 3 bytes");
        Sequential larger = Sequential.of(new Linear(2, 16), new Linear(16, 2));
        Map<String, Tensor> before = larger.state();
        refused(trainer(larger, "adam", 2), train, file, "1.weight [16, 2] is not in the file");
        assertEquals(before, larger.state());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "epochs=",
                "epochs=1 a b",
                "epochs=1 1 1 train:x",
                "step=x",
                "best=7",
                "waited=",
                "model.0.weight",
                "optimizer.0.weight.step",
                "optimizer.learningRate"
            })
    void a_file_that_lacks_a_part_is_refused_and_changes_nothing(String damage) throws IOException {
        Path file = directory.resolve("run");
        trainer(fresh(DType.FLOAT64), "adam", 1).checkpoint(file).fit(PARTS.get(0));
        SafeTensors.Contents whole = SafeTensors.read(file);
        Map<String, Tensor> tensors = new LinkedHashMap<>(whole.tensors());
        Map<String, String> metadata = new LinkedHashMap<>(whole.metadata());
        int equals = damage.indexOf('=');
        if (equals < 0) {
            assertNotNull(tensors.remove(damage));
        } else if (equals == damage.length() - 1) {
            assertNotNull(metadata.remove(damage.substring(0, equals)));
        } else {
            assertNotNull(metadata.put(damage.substring(0, equals), damage.substring(equals + 1)));
        }
        SafeTensors.write(file, tensors, metadata);
        Sequential model = fresh(DType.FLOAT64);
        model.initialize(6);
        Map<String, Tensor> before = model.state();
        refused(trainer(model, "adam", 2), PARTS.get(0), file, "training cannot be resumed from it: ");
        assertEquals(before, model.state());
    }

    private static void refused(Trainer trainer, Dataset train, Path file, String message) {
        trainer.checkpoint(file);
        String found = assertThrows(UncheckedIOException.class, () -> trainer.fit(train))
                .getMessage();
        assertTrue(found.contains(message) && found.contains(file.toString()), found);
    }

    // ---- several calls of fit

    /** Examples of the other classes: the better a model learns, the worse it validates. */
    private static Dataset reversed() {
        Dataset d = PARTS.get(1);
        return Dataset.of(d.x(), d.y().neg().add(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void two_calls_of_fit_are_one_with_as_many_epochs(boolean early) {
        Sequential whole = fresh(DType.FLOAT64);
        Trainer one = trainer(whole, "adam", 5).validation(reversed());
        Sequential twice = fresh(DType.FLOAT64);
        Trainer two = trainer(twice, "adam", 2).validation(reversed());
        if (early) {
            one.earlyStopping(4);
            two.earlyStopping(4);
        }
        History unbroken = one.fit(PARTS.get(0));
        History first = two.fit(PARTS.get(0));
        if (early) {
            assertEquals(1, first.best().number(), "its state was restored after epoch 2");
        }
        History both = two.epochs(3).fit(PARTS.get(0));
        assertEquals(unbroken, both);
        assertEquals(whole.state(), twice.state());
        assertEquals(early, both.stoppedEarly());
    }

    @Test
    void patience_starts_again_after_a_stop_and_the_best_epoch_is_kept() {
        Sequential model = fresh(DType.FLOAT64);
        Trainer trainer = trainer(model, "adam", 30).validation(reversed()).earlyStopping(2);
        assertEquals(3, trainer.fit(PARTS.get(0)).epochs().size());
        Map<String, Tensor> best = model.state();
        History second = trainer.fit(PARTS.get(0));
        assertEquals(5, second.epochs().size());
        assertEquals(1, second.best().number());
        assertEquals(best, model.state());
        assertTrue(second.stoppedEarly());
    }

    @Test
    void a_model_that_was_changed_between_two_calls_starts_from_its_present_weights() {
        Sequential model = fresh(DType.FLOAT64);
        Trainer trainer = trainer(model, "adam", 2).validation(reversed()).earlyStopping(9);
        trainer.fit(PARTS.get(0));
        Node head = model.parameters().get("4.weight"); // surer of the wrong classes than in epoch 1
        head.assign(head.value().mul(50));
        Map<String, Tensor> began = model.state();
        Map<String, Tensor> seen = new LinkedHashMap<>();
        History h = trainer.forward((batch, pass) -> {
                    if (seen.isEmpty()) {
                        seen.putAll(model.state());
                    }
                    return model.forward(Node.constant(batch.x()), pass);
                })
                .fit(PARTS.get(0));
        assertEquals(began, seen);
        assertEquals(4, h.epochs().size());
        assertTrue(h.best().number() > 2, "it is of the epochs since");
        assertTrue(h.best().validationLoss() > h.epochs().get(0).validationLoss(), "though an earlier one was better");
    }

    @Test
    void other_validation_examples_or_a_first_patience_start_the_search_for_the_best_again() {
        for (boolean patience : new boolean[] {false, true}) {
            Sequential model = fresh(DType.FLOAT64);
            Trainer trainer = trainer(model, "adam", 2).validation(reversed());
            trainer = patience ? trainer : trainer.earlyStopping(9);
            trainer.fit(PARTS.get(0));
            trainer = patience ? trainer.earlyStopping(9) : trainer.validation(reversed());
            List<Map<String, Tensor>> after = new ArrayList<>();
            History h = trainer.callback(p -> after.add(model.state())).fit(PARTS.get(0));
            assertEquals(3, h.best().number());
            assertEquals(after.get(0), model.state());
        }
    }

    @Test
    void the_same_validation_examples_or_another_patience_forget_nothing() {
        Sequential model = fresh(DType.FLOAT64);
        Dataset validation = reversed();
        Trainer trainer = trainer(model, "adam", 2).validation(validation).earlyStopping(8);
        trainer.fit(PARTS.get(0));
        History h = trainer.validation(validation).earlyStopping(9).fit(PARTS.get(0));
        assertEquals(1, h.best().number());
    }

    @Test
    void training_goes_on_from_the_best_epoch_after_an_exception() {
        Sequential model = fresh(DType.FLOAT64);
        int[] calls = {0};
        List<Map<String, Tensor>> seen = new ArrayList<>();
        Trainer trainer = trainer(model, "adam", 4)
                .validation(reversed())
                .earlyStopping(9)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {
                        if (++calls[0] == 2) {
                            throw new IllegalStateException("of a callback");
                        }
                    }
                })
                .forward((batch, pass) -> {
                    seen.add(model.state());
                    return model.forward(Node.constant(batch.x()), pass);
                });
        assertThrows(IllegalStateException.class, () -> trainer.fit(PARTS.get(0)));
        Map<String, Tensor> best = model.state();
        seen.clear();
        History h = trainer.fit(PARTS.get(0));
        assertEquals(best, seen.get(0));
        assertEquals(6, h.epochs().size());
        assertEquals(1, h.best().number());
        assertEquals(best, model.state());
    }

    // ---- threads

    @ParameterizedTest
    @EnumSource(DType.class)
    void the_number_of_threads_changes_no_byte(DType dtype) {
        int before = Workers.count();
        List<Map<String, Tensor>> states = new ArrayList<>();
        try {
            for (int threads : new int[] {1, 2, 3}) {
                Workers.use(threads);
                states.add(wide(dtype, directory.resolve(dtype + " " + threads)));
            }
        } finally {
            Workers.use(before);
        }
        assertEquals(states.get(0), states.get(1));
        assertEquals(states.get(0), states.get(2));
    }

    /** Trains a network whose products, sums and functions are large enough to be shared by threads, and stops once. */
    private static Map<String, Tensor> wide(DType dtype, Path file) {
        Dataset data = Synthetic.moons(512, 0.1, 3);
        Sequential model = null;
        for (int epochs = 1; epochs <= 2; epochs++) {
            model = Sequential.of(
                    new Linear(2, 300),
                    new BatchNorm(300),
                    Node::tanh,
                    new Dropout(0.2),
                    new Linear(300, 300),
                    Node::relu,
                    new Linear(300, 2));
            model.to(dtype);
            model.initialize(1);
            Trainer.classifier(model)
                    .optimizer(new Adam(model.parameters(), 1e-2).l2(1e-3))
                    .clipNorm(0.01)
                    .batchSize(256)
                    .epochs(epochs)
                    .checkpoint(file)
                    .fit(data);
        }
        return model.state();
    }

    @Test
    void a_stop_by_a_callback_is_kept_in_the_file() {
        Path file = directory.resolve("stopped");
        for (int i = 0; i < 3; i++) {
            History h = trainer(fresh(DType.FLOAT64), "adam", 9)
                    .callback(p -> {
                        if (p.epoch().number() == 2) {
                            p.stop();
                        }
                    })
                    .checkpoint(file)
                    .fit(PARTS.get(0));
            assertEquals(2, h.epochs().size());
            assertTrue(h.stoppedEarly());
        }
    }

    @Test
    void a_checkpoint_after_another_fit_goes_on_from_it() {
        Sequential model = fresh(DType.FLOAT64);
        Trainer trainer = trainer(model, "adam", 2);
        trainer.fit(PARTS.get(0));
        History h = trainer.checkpoint(directory.resolve("second")).fit(PARTS.get(0));
        assertEquals(
                List.of(1, 2, 3, 4),
                h.epochs().stream().map(History.Epoch::number).toList());
    }

    @Test
    void metric_names_of_any_characters_survive_the_file() {
        Path file = directory.resolve("names");
        String name = "a b=c:d\n한";
        History one = trainer(fresh(DType.FLOAT64), "adam", 1)
                .metric(name, Metric.mean((y, b) -> 0.25))
                .checkpoint(file)
                .fit(PARTS.get(0));
        History two = trainer(fresh(DType.FLOAT64), "adam", 1)
                .metric(name, Metric.mean((y, b) -> 0.25))
                .checkpoint(file)
                .fit(PARTS.get(0));
        assertEquals(one, two);
        assertEquals(0.25, two.best().validationMetrics().get(name));
    }

    @Test
    void a_training_that_is_killed_at_random_moments_has_the_bytes_of_one_that_is_not() throws Exception {
        String summary = KillAndResume.run(3, 1, directory);
        assertTrue(summary.contains("stops within an epoch"), summary);
    }
}
