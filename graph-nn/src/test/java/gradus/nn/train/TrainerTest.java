package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
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

    // ---- the numbers that are reported

    /** A data set that notes the indices of each batch. */
    private record Noting(Dataset base, List<int[]> asked) implements Dataset {
        @Override
        public int size() {
            return base.size();
        }

        @Override
        public Batch at(int... indices) {
            asked.add(indices);
            return base.at(indices);
        }
    }

    /**
     * Trains y = w x by plain gradient descent beside the trainer, with numbers: before each step of a batch of m, the
     * loss is sum (w x - t)^2 / m, and its derivative by w is sum 2 (w x - t) x / m.
     */
    @Test
    void losses_and_weights_are_those_computed_by_hand() {
        double[] x = {1, 2, 3, -1, 0.5, 4, -2};
        double[] t = {2, 3, 7, -1, 2, 9, -3};
        Dataset data = Dataset.of(Tensor.of(x).reshape(7, 1), Tensor.of(t).reshape(7, 1));
        Noting train = new Noting(data, new ArrayList<>());
        Linear line = new Linear(1, 1);
        line.parameters().get("weight").assign(Tensor.of(new double[][] {{0.3}}));
        line.parameters().get("bias").assign(Tensor.of(new double[] {0}));
        line.freeze("bias");
        History h = Trainer.regressor(line)
                .optimizer(new Sgd(line.parameters(), 0.01))
                .batchSize(3)
                .epochs(2)
                .seed(5)
                .validation(data.subset(0, 1, 2, 3, 4))
                .fit(train);
        List<int[]> batches = train.asked().subList(1, train.asked().size()); // the first looks at one example
        assertEquals(List.of(3, 4, 3, 4), batches.stream().map(b -> b.length).toList());
        double w = 0.3;
        for (int e = 0; e < 2; e++) {
            double sum = 0;
            for (int[] batch : batches.subList(2 * e, 2 * e + 2)) {
                double slope = 0;
                for (int i : batch) {
                    sum += (w * x[i] - t[i]) * (w * x[i] - t[i]);
                    slope += 2 * (w * x[i] - t[i]) * x[i] / batch.length;
                }
                w -= 0.01 * slope;
            }
            double validation = 0;
            for (int i = 0; i < 5; i++) {
                validation += (w * x[i] - t[i]) * (w * x[i] - t[i]) / 5;
            }
            Epoch epoch = h.epochs().get(e);
            assertEquals(e + 1, epoch.number());
            assertEquals(sum / 7, epoch.trainLoss(), 1e-12);
            assertEquals(validation, epoch.validationLoss(), 1e-12);
            assertTrue(
                    Double.isNaN(epoch.trainAccuracy()) && epoch.trainMetrics().isEmpty());
        }
        assertEquals(w, line.state().get("weight").item(), 1e-14);
        assertEquals(h.epochs().get(1), h.best());
    }

    /** With a learning rate of 0 the outputs are known: the logits are the inputs themselves. */
    @Test
    void accuracy_and_cross_entropy_are_those_counted_by_hand() {
        Linear identity = new Linear(2, 2);
        identity.parameters().get("weight").assign(Tensor.eye(2, DType.FLOAT64));
        identity.parameters().get("bias").assign(Tensor.zeros(2));
        double[][] logits = {{1, 0}, {0, 2}, {3, 1}, {0, 0.5}, {2, 0}};
        Dataset train = Dataset.of(Tensor.of(logits), 0, 1, 1, 1, 1); // three of five are correct
        Dataset validation = Dataset.of(Tensor.of(logits), 1, 0, 0, 1, 1); // two of five
        History h = Trainer.classifier(identity)
                .optimizer(new Sgd(identity.parameters(), 0))
                .metric(
                        "first class",
                        Metric.mean((y, b) ->
                                Arrays.stream(b.classes()).filter(c -> c == 0).count() / (double) b.size()))
                .batchSize(3)
                .validation(validation)
                .fit(train);
        Epoch e = h.best();
        assertEquals(0.6, e.trainAccuracy(), 1e-15);
        assertEquals(0.4, e.validationAccuracy(), 1e-15);
        assertEquals(0.2, e.trainMetrics().get("first class"), 1e-15);
        assertEquals(0.4, e.validationMetrics().get("first class"), 1e-15);
        assertEquals(crossEntropy(logits, 0, 1, 1, 1, 1), e.trainLoss(), 1e-14);
        assertEquals(crossEntropy(logits, 1, 0, 0, 1, 1), e.validationLoss(), 1e-14);
        assertEquals(0.6, Trainer.accuracy(identity, train));
        ConfusionMatrix m = ConfusionMatrix.of(identity, train, 2);
        assertEquals(List.of(1, 0, 2, 2), List.of(m.count(0, 0), m.count(0, 1), m.count(1, 0), m.count(1, 1)));
        assertEquals(0.5, m.recall(1));
    }

    private static double crossEntropy(double[][] logits, int... classes) {
        double sum = 0;
        for (int i = 0; i < classes.length; i++) {
            double z = Math.exp(logits[i][0]) + Math.exp(logits[i][1]);
            sum += Math.log(z) - logits[i][classes[i]];
        }
        return sum / classes.length;
    }

    @Test
    void predictions_of_many_examples_are_in_their_order() {
        int n = 2500; // more than are evaluated at once
        double[] x = new double[n];
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            classes[i] = i % 7 % 2;
            x[i] = 2 * classes[i] - 1;
        }
        Sequential sign = Sequential.of(v -> Node.concat(1, v.neg(), v));
        Dataset data = Dataset.of(Tensor.of(x).reshape(n, 1), classes);
        org.junit.jupiter.api.Assertions.assertArrayEquals(classes, Trainer.predictedClasses(sign, data));
        assertEquals(1, Trainer.accuracy(sign, data));
    }

    /** Examples whose second input element decides the class; each is of the given size. */
    private record Large(int size, int elements) implements Dataset {
        @Override
        public Batch at(int... indices) {
            Tensor x = Tensor.zeros(indices.length, elements);
            return Batch.of(x, Tensor.zeros(indices.length));
        }
    }

    @Test
    void examples_are_evaluated_in_batches_of_a_size_that_fits_them() {
        assertEquals(List.of(1, 256, 256, 88), evaluated(new Large(600, 2)));
        assertEquals(List.of(1, 256, 256), evaluated(new Large(512, 1 << 12)));
        assertEquals(List.of(1, 2, 2, 1), evaluated(new Large(5, 1 << 19)));
        assertEquals(List.of(1, 1, 1), evaluated(new Large(2, (1 << 20) + 2)));
        assertEquals(List.of(1, 3), evaluated(new Large(3, 0)));
    }

    private static List<Integer> evaluated(Dataset examples) {
        Noting noting = new Noting(examples, new ArrayList<>());
        assertEquals(
                1, Trainer.accuracy(x -> Node.constant(Tensor.zeros(x.shape().dim(0), 2)), noting));
        return noting.asked().stream().map(i -> i.length).toList();
    }

    @Test
    void an_example_that_does_not_fit_a_confusion_matrix_is_named_by_its_index() {
        int[] classes = new int[600];
        classes[300] = 2;
        Dataset data = Dataset.of(Tensor.zeros(600, 2), classes);
        String found = assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(x -> x, data, 2))
                .getMessage();
        assertTrue(found.contains("example 300 is of class 2"), found);
    }

    @Test
    void validation_has_the_batch_size_of_training_and_weighs_every_example_the_same() {
        Dataset data = Dataset.of(Tensor.range(0, 14).div(7).reshape(7, 2), 0, 1, 1, 0, 1, 1, 1);
        List<Epoch> epochs = new ArrayList<>();
        for (int batchSize : new int[] {1, 2, 3, 7, 9}) {
            Noting validation = new Noting(data, new ArrayList<>());
            Linear model = new Linear(2, 2);
            model.initialize(1);
            epochs.add(Trainer.classifier(model)
                    .optimizer(new Sgd(model.parameters(), 0))
                    .batchSize(batchSize)
                    .validation(validation)
                    .fit(data)
                    .best());
            List<Integer> sizes =
                    validation.asked().stream().map(i -> i.length).skip(1).toList();
            assertEquals(7, sizes.stream().mapToInt(i -> i).sum());
            assertEquals((6 + batchSize) / batchSize, sizes.size(), sizes::toString);
        }
        for (Epoch e : epochs) {
            assertEquals(epochs.get(0).validationLoss(), e.validationLoss(), 1e-14);
            assertEquals(epochs.get(0).validationMetrics(), e.validationMetrics());
            assertEquals(e.trainLoss(), e.validationLoss(), 1e-14);
        }
    }

    @Test
    void what_is_evaluated_records_no_graph_and_is_no_training() {
        List<Boolean> recorded = new ArrayList<>();
        List<Boolean> training = new ArrayList<>();
        Linear inner = new Linear(2, 2);
        Model model = new Model() {
            private final Linear declared = layer("declared", inner);

            @Override
            public Node forward(Node x, Pass pass) {
                Node y = declared.forward(x, pass);
                recorded.add(y.isTracked());
                training.add(pass.isTraining());
                return y;
            }
        };
        Trainer.accuracy(model, XOR);
        Trainer.predictedClasses(model, XOR);
        ConfusionMatrix.of(model, XOR, 2);
        assertEquals(List.of(false, false, false), recorded);
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .validation(XOR)
                .fit(XOR);
        assertEquals(List.of(false, false, false, false, false, true, false), recorded);
        assertEquals(recorded, training);
    }

    // ---- batches, steps, shuffles

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

    // ---- early stopping, callbacks, divergence

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
    void a_batch_that_is_not_finite_leaves_the_running_statistics_as_they_were() {
        Sequential model = Sequential.of(new gradus.nn.BatchNorm(2), new Linear(2, 2));
        Map<String, Tensor> before = model.state();
        Dataset bad = new Noting(Dataset.of(XOR.x().div(0), 0, 1, 1, 0), new ArrayList<>()); // not looked at before
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
        assertEquals(8 + 3 * 8, draws.size()); // those of epoch 0 are for the checks before the first step
    }
}
