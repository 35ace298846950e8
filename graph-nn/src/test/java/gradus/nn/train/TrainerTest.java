package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Synthetic;
import gradus.nn.data.Transform;
import gradus.nn.optim.Adam;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Sgd;
import gradus.nn.train.History.Epoch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
        model.initialize(seed);
        Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 1e-3).l2(1e-4))
                .batchSize(32)
                .epochs(3)
                .validation(parts.get(1))
                .seed(seed)
                .fit(parts.get(0));
        return model.state();
    }

    @Test
    void the_same_seed_trains_the_same_bytes() {
        assertEquals(trained(3), trained(3));
        assertNotEquals(trained(3), trained(4));
    }

    @Test
    void a_classifier_learns_what_one_perceptron_cannot() {
        Sequential model = model();
        model.initialize(0);
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
    void the_last_batch_is_never_a_single_example_unless_all_are() {
        assertEquals(List.of(4, 4), sizes(4, 2));
        assertEquals(List.of(2, 2, 2, 2), sizes(2, 2));
        assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1), sizes(1, 2));
        assertEquals(List.of(4, 4), sizes(3, 2));
        assertEquals(List.of(4, 4), sizes(100, 2));
    }

    private static List<Integer> sizes(int batchSize, int epochs) {
        List<Integer> batches = new ArrayList<>();
        Sequential model = model();
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(batchSize)
                .epochs(epochs)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {}

                    @Override
                    public void onBatch(Progress p) {
                        batches.add(p.batchSize());
                    }
                })
                .fit(XOR);
        return batches;
    }

    @Test
    void a_second_fit_goes_on_with_other_shuffles_and_steps() {
        Noting train = new Noting(XOR, new ArrayList<>());
        List<Long> steps = new ArrayList<>();
        Sequential model = model();
        Trainer trainer = Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(4)
                .epochs(3)
                .callback(p -> steps.add(p.step()));
        trainer.fit(train);
        List<Integer> numbers =
                trainer.fit(train).epochs().stream().map(Epoch::number).toList();
        assertEquals(List.of(1, 2, 3, 4, 5, 6), numbers);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), steps);
        List<String> orders = train.asked().stream()
                .filter(i -> i.length == 4)
                .map(Arrays::toString)
                .toList();
        assertEquals(6, orders.size());
        assertNotEquals(orders.subList(0, 3), orders.subList(3, 6));
    }

    @Test
    void a_schedule_sets_the_rate_of_each_step_and_the_norm_is_limited() {
        List<Double> rates = new ArrayList<>();
        Sequential model = Sequential.of(new Linear(2, 2));
        Map<String, Tensor> before = model.state();
        double[] moved = new double[1];
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 7))
                .learningRate(LearningRate.step(0.5, 2, 0.1))
                .clipNorm(1e-3)
                .batchSize(2)
                .epochs(2)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(Progress p) {}

                    @Override
                    public void onBatch(Progress p) {
                        rates.add(p.optimizer().learningRate());
                        if (p.step() == 1) {
                            double squares = 0;
                            for (Map.Entry<String, Tensor> e : model.state().entrySet()) {
                                Tensor d = e.getValue().sub(before.get(e.getKey()));
                                squares += d.mul(d).sum().item();
                            }
                            moved[0] = Math.sqrt(squares);
                        }
                    }
                })
                .fit(XOR);
        assertEquals(List.of(0.5, 0.5, 0.05, 0.05), rates);
        assertEquals(0.5e-3, moved[0], 1e-6);
    }

    @Test
    void a_model_of_two_inputs_is_given_the_whole_batch() {
        Tensor a = Tensor.range(0, 8).reshape(8, 1).div(8);
        Tensor b = Tensor.of(1, -1, -1, 1, 1, -1, -1, 1).reshape(8, 1);
        Model model = Sequential.of(new Linear(2, 1));
        model.initialize(1);
        History h = Trainer.regressor(model)
                .forward((batch, pass) -> model.forward(
                        Node.concat(
                                1,
                                Node.constant(batch.inputs().get(0)),
                                Node.constant(batch.inputs().get(1))),
                        pass))
                .optimizer(new Adam(model.parameters(), 0.05))
                .epochs(300)
                .batchSize(8)
                .fit(Dataset.of(List.of(a, b), List.of(a.mul(2).sub(b))));
        assertTrue(h.best().trainLoss() < 1e-3, h::toString);
    }

    @Test
    void inputs_are_converted_to_the_number_type_of_the_model() {
        Sequential model = model();
        model.to(DType.FLOAT32);
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .validation(XOR)
                .fit(XOR);
        assertEquals(4, Trainer.predictedClasses(model, XOR).length);
    }

    /** Adds a parameter without elements. */
    private static final class Empty extends Model {
        private final Node none = parameter("none", gradus.array.Shape.of(0), gradus.nn.init.Initializers.constant(0));

        @Override
        public Node forward(Node x, Pass pass) {
            return x.add(none.sum());
        }
    }

    @Test
    void a_parameter_without_elements_is_trained() {
        Sequential model = Sequential.of(new Empty(), new Linear(2, 2));
        for (double maxNorm : new double[] {1, Double.POSITIVE_INFINITY}) {
            History h = Trainer.classifier(model)
                    .optimizer(new Adam(model.parameters()))
                    .clipNorm(maxNorm)
                    .epochs(2)
                    .fit(XOR);
            assertEquals(2, h.epochs().size());
        }
    }

    @Test
    void training_sees_other_draws_in_every_epoch() {
        Set<Long> draws = new HashSet<>();
        Transform watch = (x, random) -> {
            draws.add(random.nextLong());
            return x;
        };
        Dataset d = Synthetic.moons(8, 0, 1).transformed(watch, 1);
        Sequential model = Sequential.of(new Linear(2, 2));
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .epochs(3)
                .fit(d);
        assertEquals(1 + 3 * 8, draws.size()); // the one of epoch 0 is for the checks before the first step
    }
}
