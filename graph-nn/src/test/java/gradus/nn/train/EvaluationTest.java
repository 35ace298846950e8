package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import gradus.nn.optim.Sgd;
import gradus.nn.train.History.Epoch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers that training and evaluation report. */
class EvaluationTest {
    private static final Dataset XOR =
            Dataset.of(Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}), 0, 1, 1, 0);

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
}
