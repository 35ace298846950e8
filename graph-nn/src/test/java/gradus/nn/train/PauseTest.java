package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Dropout;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.Adam;
import gradus.nn.optim.AveragedWeights;
import gradus.nn.optim.Ema;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Swa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training that pauses within an epoch, and goes on with the same bytes. */
class PauseTest {
    private static final List<Dataset> PARTS = Synthetic.moons(205, 0.1, 5).split(1, 0.8, 0.2); // 164: 6 batches of 32

    @TempDir
    private Path directory;

    private static Sequential fresh() {
        Sequential model =
                Sequential.of(new Linear(2, 16), new BatchNorm(16), Node::relu, new Dropout(0.2), new Linear(16, 2));
        model.to(DType.FLOAT32);
        model.initialize(4);
        return model;
    }

    private static Trainer trainer(Sequential model) {
        return Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 1e-2))
                .learningRate(LearningRate.plateau(1e-2).patience(0)) // depends on the losses of training
                .batchSize(32)
                .seed(9);
    }

    @ParameterizedTest
    @CsvSource({"1, none", "2, none", "4, ema", "1, ema", "1, swa", "3, swa"})
    void every_number_of_steps_at_a_time_gives_the_bytes_of_a_training_that_did_not_pause(
            int accumulate, String averaging) {
        Sequential whole = fresh();
        History unbroken =
                with(trainer(whole), whole, accumulate, averaging).epochs(4).fit(PARTS.get(0));
        for (int steps : new int[] {1, 4, 7}) {
            Path file = directory.resolve("run" + steps);
            Sequential resumed = null;
            History h = null;
            for (int upTo = steps;
                    h == null || h.epochs().size() < 4;
                    upTo += steps) { // all is made again for each part
                resumed = fresh();
                h = with(trainer(resumed), resumed, accumulate, averaging)
                        .epochs(4)
                        .maxSteps(upTo)
                        .checkpoint(file)
                        .fit(PARTS.get(0));
            }
            assertEquals(whole.state(), resumed.state());
            assertEquals(unbroken.curve(History.Epoch::trainLoss), h.curve(History.Epoch::trainLoss));
            Sequential inMemory = fresh();
            Trainer one =
                    with(trainer(inMemory), inMemory, accumulate, averaging).maxSteps(steps);
            History all = one.fit(PARTS.get(0));
            while (all.epochs().size() < 4) {
                all = one.fit(PARTS.get(0));
            }
            assertEquals(unbroken.epochs().subList(0, 4), all.epochs().subList(0, 4), "metrics too");
        }
    }

    private static Trainer with(Trainer trainer, Sequential model, int accumulate, String averaging) {
        AveragedWeights average =
                switch (averaging) {
                    case "ema" -> new Ema(model, 0.9);
                    case "swa" -> new Swa(model);
                    default -> null;
                };
        trainer.accumulate(accumulate);
        return average == null
                ? trainer
                : trainer.average(average, averaging.equals("swa") ? 2 : 1)
                        .validation(PARTS.get(1))
                        .earlyStopping(2);
    }

    @Test
    void a_limit_of_steps_or_time_replaces_the_default_of_one_epoch() {
        Sequential model = fresh();
        long[] last = new long[1];
        Trainer trainer = trainer(model).maxSteps(15).callback(p -> last[0] = p.step());
        History h = trainer.fit(PARTS.get(0));
        assertEquals(2, h.epochs().size());
        assertEquals(12, last[0]);
        assertFalse(h.stoppedEarly());
        assertEquals(5, trainer.fit(PARTS.get(0)).epochs().size(), "fifteen more");
        History none = trainer(fresh()).maxTime(Duration.ofNanos(1)).fit(PARTS.get(0));
        assertEquals(0, none.epochs().size());
        assertNull(none.best());
        assertEquals(
                3,
                trainer(fresh())
                        .maxTime(Duration.ofDays(1))
                        .epochs(3)
                        .fit(PARTS.get(0))
                        .epochs()
                        .size());
    }

    @Test
    void an_interruption_pauses_after_the_step_and_the_checkpoint_is_whole() throws IOException {
        Path file = directory.resolve("interrupted");
        Sequential model = fresh();
        try {
            trainer(model)
                    .epochs(3)
                    .checkpoint(file)
                    .callback(new Callback() {
                        @Override
                        public void onEpoch(Progress p) {}

                        @Override
                        public void onBatch(Progress p) {
                            if (p.step() == 8) {
                                Thread.currentThread().interrupt();
                            }
                        }
                    })
                    .fit(PARTS.get(0));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals("8", SafeTensors.read(file).metadata().get("step"));
        assertEquals("64", SafeTensors.read(file).metadata().get("examples"));
        Sequential resumed = fresh();
        trainer(resumed).epochs(3).checkpoint(file).fit(PARTS.get(0));
        Sequential whole = fresh();
        trainer(whole).epochs(3).fit(PARTS.get(0));
        assertEquals(whole.state(), resumed.state());
    }

    @Test
    void a_call_with_other_training_examples_begins_a_new_epoch() {
        Sequential model = fresh();
        Trainer trainer = trainer(model).maxSteps(2);
        trainer.fit(PARTS.get(0));
        assertEquals(1, trainer.fit(PARTS.get(1)).epochs().size());
    }

    @Test
    void limits_are_refused_by_name() {
        Trainer t = trainer(fresh());
        assertEquals(
                "Trainer: the number of steps 0 must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> t.maxSteps(0))
                        .getMessage());
        assertEquals(
                "Trainer: the time PT0S must be positive",
                assertThrows(IllegalArgumentException.class, () -> t.maxTime(Duration.ZERO))
                        .getMessage());
        t.stopOnSignal();
        assertEquals(
                "Trainer: stopOnSignal needs a checkpoint",
                assertThrows(IllegalStateException.class, () -> t.fit(PARTS.get(0)))
                        .getMessage());
    }

    @Test
    void the_shutdown_hook_is_removed_after_the_training() {
        Path file = directory.resolve("hook");
        Sequential model = fresh();
        trainer(model).checkpoint(file).stopOnSignal().fit(PARTS.get(0));
        assertTrue(Files.exists(file));
        StopSignal signal = StopSignal.register();
        assertFalse(signal.isRequested());
        signal.close();
    }
}
