package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Ema;
import gradus.nn.optim.Sgd;
import gradus.nn.optim.Swa;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several batches for a step, averages of weights, and the running statistics of averaged weights. */
class AveragingTest {
    private static final Dataset MOONS = Synthetic.moons(64, 0.1, 1);

    private static Sequential fresh() {
        Sequential model = Sequential.of(new Linear(2, 8), Node::tanh, new Linear(8, 2));
        model.initialize(2);
        return model;
    }

    private static Trainer trainer(Sequential model) {
        return Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.5, 0.9))
                .epochs(3)
                .seed(4);
    }

    private static void assertClose(Map<String, Tensor> a, Map<String, Tensor> b) {
        a.forEach((path, t) -> assertTrue(t.sub(b.get(path)).abs().max().item() < 1e-12, path));
    }

    @Test
    void several_batches_make_the_step_of_one_of_all_their_examples() {
        Sequential large = fresh();
        trainer(large).batchSize(24).fit(MOONS); // 24, 24, 16
        Sequential small = fresh();
        List<Long> steps = new ArrayList<>();
        trainer(small)
                .batchSize(8)
                .accumulate(3)
                .callback(p -> steps.add(p.step()))
                .fit(MOONS);
        assertEquals(List.of(3L, 6L, 9L), steps);
        assertClose(large.state(), small.state());
        Sequential uneven = fresh();
        trainer(uneven).batchSize(50).accumulate(2).fit(MOONS); // 50 and 14: each example has the same weight
        Sequential whole = fresh();
        trainer(whole).batchSize(64).fit(MOONS);
        assertClose(whole.state(), uneven.state());
    }

    @Test
    void a_stop_of_a_callback_takes_the_step_of_the_batches_so_far() {
        Sequential model = fresh();
        Map<String, Tensor> before = model.state();
        trainer(model)
                .batchSize(8)
                .accumulate(3)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {
                        assertEquals(1, p.step());
                    }

                    @Override
                    public void onBatch(Progress p) {
                        assertEquals(before, p.model().state());
                        p.stop();
                    }
                })
                .fit(MOONS);
        assertNotEquals(before, model.state());
    }

    @Test
    void the_average_is_that_of_all_steps_and_is_what_is_validated() {
        Sequential model = fresh();
        Swa swa = new Swa(model);
        Map<String, Tensor> sums = new LinkedHashMap<>();
        double[] validated = new double[1];
        History h = trainer(model)
                .batchSize(16)
                .average(swa, 2)
                .validation(MOONS)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {
                        validated[0] = swa.updates() == 0 ? Double.NaN : swa.use(() -> Trainer.accuracy(model, MOONS));
                    }

                    @Override
                    public void onBatch(Progress p) {
                        if (p.step() > 4) {
                            model.state().forEach((path, t) -> sums.merge(path, t, Tensor::add));
                        }
                    }
                })
                .fit(MOONS);
        assertEquals(8, swa.updates());
        assertEquals(validated[0], h.epochs().get(2).validationAccuracy());
        swa.assign();
        sums.replaceAll((path, t) -> t.div(8));
        assertClose(sums, model.state());
    }

    @Test
    void early_stopping_restores_the_average_of_the_best_epoch() {
        Sequential model = fresh();
        Ema ema = new Ema(model, 0.8);
        List<Map<String, Tensor>> averages = new ArrayList<>();
        Dataset reversed = Dataset.of(MOONS.x(), MOONS.y().neg().add(1));
        History h = trainer(model)
                .average(ema)
                .validation(reversed)
                .earlyStopping(2)
                .epochs(30)
                .callback(p -> averages.add(ema.use(model::state)))
                .fit(MOONS);
        assertTrue(h.stoppedEarly());
        assertEquals(averages.get(h.best().number() - 1), model.state());
    }

    @Test
    void an_average_of_another_model_is_refused() {
        String found = assertThrows(
                        IllegalArgumentException.class, () -> trainer(fresh()).average(new Swa(fresh())))
                .getMessage();
        assertTrue(found.startsWith("Trainer: the average is of another model, Sequential"), found);
    }

    @Test
    void an_update_of_an_average_leaves_the_parameters_their_arrays() {
        Sequential model = fresh();
        Ema ema = new Ema(model, 0.5);
        ema.update();
        Tensor before = model.parameters().get("0.weight").value();
        ema.update();
        assertEquals(before, model.parameters().get("0.weight").value());
        model.freeze("0");
        ema.update();
        assertEquals(before, ema.use(() -> model.state().get("0.weight")));
    }

    @Test
    void the_running_statistics_are_the_means_of_those_of_the_batches() {
        BatchNorm norm = new BatchNorm(2);
        BatchNorm cumulative = new BatchNorm(2).cumulativeAverage();
        Sequential model = Sequential.of(norm, cumulative);
        Trainer.accuracy(model, MOONS); // does not move them
        Dataset data = MOONS.subset(java.util.stream.IntStream.range(0, 33).toArray()); // 16 and 17
        for (int i = 0; i < 2; i++) { // the second computation does not depend on the first
            Trainer.updateBatchNorm(model, data, 16);
            Tensor a = data.batch(0, 16).x();
            Tensor b = data.batch(16, 33).x();
            Tensor mean = a.mean(0).add(b.mean(0)).div(2);
            Tensor gap = norm.state().get("runningMean").sub(mean).abs();
            assertTrue(gap.max().item() < 1e-14, gap::toString);
            Tensor centred = a.sub(a.mean(0));
            Tensor other = b.sub(b.mean(0));
            Tensor var = centred.mul(centred)
                    .sum(0)
                    .div(15)
                    .add(other.mul(other).sum(0).div(16))
                    .div(2);
            gap = norm.state().get("runningVar").sub(var).abs();
            assertTrue(gap.max().item() < 1e-14, gap::toString);
            assertEquals(2, cumulative.state().get("batches").item());
        }
    }

    @Test
    void statistics_are_as_before_after_an_exception_and_where_no_pass_arrives() {
        Sequential model = Sequential.of(new BatchNorm(2));
        Map<String, Tensor> before = model.state();
        assertThrows(
                ArithmeticException.class,
                () -> BatchNorm.recompute(model, () -> {
                    model.forward(Node.constant(MOONS.x()), gradus.nn.Pass.training(0, 0));
                    throw new ArithmeticException();
                }));
        assertEquals(before, model.state());
        BatchNorm.recompute((Model) model.layers().get("0"), () -> {});
        assertEquals(before, model.state());
    }
}
