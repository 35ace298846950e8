package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Tensor;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that is stopped and resumed gives the bytes of training that is not. */
class ResumeTest {
    private static final List<Dataset> PARTS = Synthetic.moons(205, 0.1, 5).split(1, 0.8, 0.2);
    private static final Map<String, Function<Sequential, Optimizer>> OPTIMIZERS = Map.of(
            "adam", m -> new Adam(m.parameters(), 1e-2).l2(1e-4),
            "adamW", m -> new AdamW(m.parameters(), 1e-2),
            "momentum", m -> new Sgd(m.parameters(), 1e-2, 0.9));

    @TempDir
    private Path folder;

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
            Path file = folder.resolve(optimizer + dtype);
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
        Path file = folder.resolve("early");
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

    @Test
    void a_file_of_other_settings_or_of_something_else_is_refused_and_changes_nothing() throws IOException {
        Path file = folder.resolve("run");
        trainer(fresh(DType.FLOAT64), "adam", 1).checkpoint(file).fit(PARTS.get(0));
        refused(trainer(fresh(DType.FLOAT64), "adam", 2).seed(10), file, "written with seed 9, not 10");
        refused(trainer(fresh(DType.FLOAT64), "adam", 2).batchSize(8), file, "written with batchSize 32, not 8");
        refused(trainer(fresh(DType.FLOAT64), "adam", 2).earlyStopping(3), file, "early stopping -1, not 3");
        refused(trainer(fresh(DType.FLOAT64), "momentum", 2), file, "written with optimizer Adam, not Sgd");
        refused(trainer(fresh(DType.FLOAT32), "adam", 2), file, "0.weight is FLOAT64 [2, 16], the model's is FLOAT32");
        Path model = folder.resolve("model");
        ModelFile.save(fresh(DType.FLOAT64), model);
        refused(trainer(fresh(DType.FLOAT64), "adam", 2), model, "is no checkpoint of a training");
        Files.write(model, new byte[] {1, 2, 3});
        refused(trainer(fresh(DType.FLOAT64), "adam", 2), model, "only 3 bytes");
        Sequential larger = Sequential.of(new Linear(2, 16), new Linear(16, 2));
        Map<String, Tensor> before = larger.state();
        refused(trainer(larger, "adam", 2), file, "is missing");
        assertEquals(before, larger.state());
    }

    private static void refused(Trainer trainer, Path file, String message) {
        String found = assertThrows(UncheckedIOException.class, () -> trainer.checkpoint(file)
                        .fit(PARTS.get(0)))
                .getMessage();
        assertTrue(found.contains(message) && found.contains(file.toString()), found);
    }

    @Test
    void a_stop_by_a_callback_is_kept_in_the_file() {
        Path file = folder.resolve("stopped");
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
        History h = trainer.checkpoint(folder.resolve("second")).fit(PARTS.get(0));
        assertEquals(
                List.of(3, 4), h.epochs().stream().map(History.Epoch::number).toList());
    }

    @Test
    void metric_names_of_any_characters_survive_the_file() {
        Path file = folder.resolve("names");
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

    /** Trains until it is killed; started by the test below. */
    static final class Endless {
        public static void main(String[] args) {
            trainer(fresh(DType.FLOAT64), "adam", 100_000)
                    .checkpoint(Path.of(args[0]))
                    .fit(PARTS.get(0));
        }
    }

    @Test
    void a_kill_at_any_moment_leaves_a_whole_file() throws Exception {
        Path file = folder.resolve("killed");
        RandomStream random = RandomStream.of(1, "kill");
        for (int i = 0; i < 4; i++) {
            Process p = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Endless.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            java.nio.file.attribute.FileTime before = Files.exists(file) ? Files.getLastModifiedTime(file) : null;
            for (int tries = 0; tries < 600 && p.isAlive(); tries++) { // until this process has written
                if (Files.exists(file) && !Files.getLastModifiedTime(file).equals(before)) {
                    break;
                }
                Thread.sleep(50);
            }
            Thread.sleep(random.nextInt(300));
            p.destroyForcibly();
            assertTrue(p.waitFor(20, TimeUnit.SECONDS));
            assertTrue(Files.exists(file), () -> read(folder.resolve("log")));
            SafeTensors.Contents contents = SafeTensors.read(file);
            assertNotNull(contents.metadata().get("epochs"));
            try (Stream<Path> all =
                    Files.list(folder)) { // what the kill left is named so that nobody takes it for the file
                assertTrue(all.allMatch(f -> f.equals(file)
                        || f.endsWith("log")
                        || f.getFileName().toString().matches("\\.killed\\..*\\.tmp")));
            }
        }
        int epochs =
                (int) SafeTensors.read(file).metadata().get("epochs").lines().count();
        Sequential resumed = fresh(DType.FLOAT64);
        trainer(resumed, "adam", epochs + 1).checkpoint(file).fit(PARTS.get(0));
        Sequential whole = fresh(DType.FLOAT64);
        trainer(whole, "adam", epochs + 1).fit(PARTS.get(0));
        assertEquals(whole.state(), resumed.state());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
