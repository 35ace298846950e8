package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Conv2d;
import gradus.nn.Dropout;
import gradus.nn.Embedding;
import gradus.nn.Flatten;
import gradus.nn.Linear;
import gradus.nn.LocalBuffers;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import gradus.ops.CrossEntropyOptions;
import gradus.ops.Losses;
import gradus.ops.Reduction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on pieces of each batch at the same time. */
class DataParallelTest {
    private static final Dataset MOONS = Synthetic.moons(205, 0.1, 5);
    private static final Dataset IMAGES = Dataset.of(
            Tensor.uniform(Shape.of(70, 1, 8, 8), -1, 1, RandomStream.of(1, "images")),
            IntStream.range(0, 70).map(i -> i % 3).toArray());
    private static final Dataset WORDS = Dataset.of(
            Tensor.of(IntStream.of(RandomStream.of(1, "words").permutation(350))
                            .mapToDouble(i -> i % 50)
                            .toArray())
                    .reshape(70, 5),
            IntStream.range(0, 70).map(i -> i % 3).toArray());

    private final int threads = Workers.count();

    @TempDir
    private Path directory;

    /** A model with the examples it is trained on. */
    private record Case(Supplier<Sequential> model, Dataset examples) {}

    private static final Map<String, Case> CASES = new LinkedHashMap<>();

    static {
        CASES.put("dense", new Case(() -> Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2)), MOONS));
        CASES.put(
                "normalised, with dropout",
                new Case(
                        () -> Sequential.of(
                                new Linear(2, 16),
                                new BatchNorm(16).cumulativeAverage(),
                                Node::relu,
                                new Dropout(0.2),
                                new Linear(16, 8),
                                new BatchNorm(8),
                                new Linear(8, 2)),
                        MOONS));
        CASES.put(
                "convolutional",
                new Case(
                        () -> Sequential.of(
                                new Conv2d(1, 4, 3),
                                new BatchNorm(4),
                                Node::relu,
                                new Flatten(),
                                new Linear(4 * 36, 3)),
                        IMAGES));
        CASES.put(
                "embedding",
                new Case(() -> Sequential.of(new Embedding(50, 4), new Flatten(), new Linear(20, 3)), WORDS));
    }

    @AfterEach
    void restoreThreads() {
        Workers.use(threads);
    }

    private static Sequential fresh(Case c, DType dtype) {
        Sequential model = c.model().get();
        model.to(dtype);
        model.initialize(4);
        return model;
    }

    private static Trainer trainer(Sequential model) {
        return Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 1e-2))
                .batchSize(32)
                .epochs(2)
                .seed(9);
    }

    private static History fit(Case c, Sequential model, UnaryOperator<Trainer> settings) {
        return settings.apply(trainer(model)).fit(c.examples());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense", "normalised, with dropout", "convolutional", "embedding"})
    void any_number_of_threads_gives_the_bytes_of_one(String name) {
        Case c = CASES.get(name);
        for (DType dtype : DType.values()) {
            List<Map<String, Tensor>> states = new ArrayList<>();
            List<History> histories = new ArrayList<>();
            for (int n : new int[] {1, 2, 3, 8}) {
                Workers.use(n);
                Sequential model = fresh(c, dtype);
                histories.add(fit(c, model, t -> t.dataParallel(4)));
                states.add(model.state());
            }
            for (int i = 1; i < states.size(); i++) {
                assertEquals(states.get(0), states.get(i));
                assertEquals(histories.get(0), histories.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense", "embedding"})
    void pieces_of_different_sizes_give_the_weights_of_the_whole_batch_to_rounding(String name) {
        Case c = CASES.get(name);
        for (UnaryOperator<Trainer> also :
                List.<UnaryOperator<Trainer>>of(t -> t.accumulate(1), t -> t.accumulate(3), t -> t.clipNorm(0.1))) {
            Sequential whole = fresh(c, DType.FLOAT64);
            History expected = fit(c, whole, also);
            Sequential model = fresh(c, DType.FLOAT64);
            History history = fit(c, model, t -> also.apply(t.dataParallel(5)));
            assertClose(whole.state(), model.state(), 1e-9);
            assertEquals(expected.best().trainLoss(), history.best().trainLoss(), 1e-9);
            assertEquals(expected.best().trainMetrics(), history.best().trainMetrics());
        }
    }

    @Test
    void a_mean_over_the_targets_that_are_not_ignored_weighs_pieces_by_them() {
        int[] classes = IntStream.range(0, 70).map(i -> i % 3).toArray();
        java.util.Arrays.fill(classes, 0, 25, 7); // a batch has pieces of which all are ignored
        Dataset some = Dataset.of(IMAGES.x(), classes);
        CrossEntropyOptions options = CrossEntropyOptions.DEFAULT.ignoreIndex(7).weight(Tensor.of(1, 5, 0.5));
        Loss right = Loss.crossEntropy(options);
        Map<String, Tensor> whole = step(some, right, 1);
        assertClose(whole, step(some, right, 7), 1e-12);
        Loss unweighed = (output, batch) ->
                Losses.softmaxCrossEntropy(output, Node.constant(batch.y()), options.ignoreIndex(-1));
        assertClose(step(IMAGES, right, 1), step(IMAGES, right, 7), 1e-12);
        assertTrue(distance(step(IMAGES, unweighed, 1), step(IMAGES, unweighed, 7)) > 1e-6);
    }

    @Test
    void losses_of_an_epoch_are_means_over_the_targets_that_are_not_ignored() {
        Tensor x = Tensor.of(new double[][] {{-2}, {-1}, {0.5}, {1}, {3}, {4}});
        int[] trained = {0, 1, 0, 1, 1, 2};
        int[] validated = {0, 1, 0, 2, 2, 2}; // all targets of the last batch are ignored
        double[] weights = {1, 3};
        Linear model = new Linear(1, 2);
        model.initialize(1);
        Tensor logits = model.forward(Node.constant(x)).value();
        Loss loss = Loss.crossEntropy(CrossEntropyOptions.DEFAULT.ignoreIndex(2).weight(Tensor.of(weights)));
        Sequential whole = Sequential.of(model);
        History.Epoch epoch = Trainer.of(whole, loss)
                .optimizer(new Sgd(whole.parameters(), 1e-300)) // changes nothing
                .batchSize(2)
                .validation(Dataset.of(x, validated))
                .fit(Dataset.of(x, trained))
                .epochs()
                .get(0);
        assertEquals(mean(logits, trained, weights), epoch.trainLoss(), 1e-14);
        assertEquals(mean(logits, validated, weights), epoch.validationLoss(), 1e-14);
    }

    /** Returns {@code sum w[k] (ln(e^z0 + e^z1) - z[k]) / sum w[k]} over the targets k that are 0 or 1. */
    private static double mean(Tensor logits, int[] classes, double[] weights) {
        double[] z = logits.toDoubleArray();
        double sum = 0;
        double all = 0;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 2) {
                double nll = Math.log(Math.exp(z[2 * i]) + Math.exp(z[2 * i + 1])) - z[2 * i + classes[i]];
                sum += weights[classes[i]] * nll;
                all += weights[classes[i]];
            }
        }
        return sum / all;
    }

    private static Map<String, Tensor> step(Dataset examples, Loss loss, int pieces) {
        Sequential model = Sequential.of(new Flatten(), new Linear(64, 3));
        model.initialize(1);
        Trainer.of(model, loss)
                .optimizer(new Sgd(model.parameters(), 1))
                .batchSize(70)
                .dataParallel(pieces)
                .fit(examples);
        return model.state();
    }

    @Test
    void the_weight_of_a_cross_entropy_is_what_its_mean_is_divided_by() {
        Loss loss = Loss.crossEntropy(CrossEntropyOptions.DEFAULT.ignoreIndex(2).weight(Tensor.of(1, 5, 0.5)));
        assertEquals(
                1 + 5 + 5,
                loss.weight(Dataset.of(Tensor.zeros(5, 1), 0, 1, 2, 1, 2).all()));
        assertEquals(
                5,
                Loss.crossEntropy()
                        .weight(Dataset.of(Tensor.zeros(5, 1), 0, 1, 2, 1, 2).all()));
        assertThrows(
                IllegalArgumentException.class,
                () -> Loss.crossEntropy(CrossEntropyOptions.DEFAULT.reduction(Reduction.SUM)));
        assertThrows(
                IllegalArgumentException.class,
                () -> step(IMAGES, Loss.crossEntropy().weighedBy(b -> Double.NaN), 2));
    }

    @Test
    void running_statistics_move_once_towards_the_means_of_those_of_the_pieces() {
        Tensor x = Tensor.of(new double[][] {{1}, {3}, {10}, {20}, {30}});
        BatchNorm norm = new BatchNorm(1);
        Sequential model = Sequential.of(norm, new Linear(1, 1));
        Trainer.regressor(model)
                .optimizer(new Sgd(model.parameters(), 1e-9))
                .batchSize(5)
                .dataParallel(2)
                .seed(3)
                .fit(Dataset.of(x, x));
        int[] order = RandomStream.of(3, "epoch 1").permutation(5);
        double[] v = IntStream.of(order).mapToDouble(i -> x.get(i, 0)).toArray();
        double m1 = (v[0] + v[1]) / 2;
        double m2 = (v[2] + v[3] + v[4]) / 3;
        double v1 = (v[0] - m1) * (v[0] - m1) + (v[1] - m1) * (v[1] - m1);
        double v2 = ((v[2] - m2) * (v[2] - m2) + (v[3] - m2) * (v[3] - m2) + (v[4] - m2) * (v[4] - m2)) / 2;
        Map<String, Tensor> state = model.state();
        assertEquals(0.1 * (2 * m1 + 3 * m2) / 5, state.get("0.runningMean").get(0), 1e-12);
        assertEquals(
                0.9 + 0.1 * (2 * v1 + 3 * v2) / 5, state.get("0.runningVar").get(0), 1e-12);
    }

    @Test
    void each_piece_draws_other_numbers() {
        Tensor x = Tensor.ones(64, 1);
        List<Tensor> outputs = Collections.synchronizedList(new ArrayList<>());
        Sequential model = Sequential.of(new Linear(1, 1), new Dropout(0.5));
        Trainer.of(model, (y, batch) -> {
                    outputs.add(y.value());
                    return y.square().mean();
                })
                .optimizer(new Sgd(model.parameters(), 1e-9))
                .batchSize(64)
                .dataParallel(2)
                .fit(Dataset.of(x, Tensor.zeros(64, 1)));
        assertEquals(2, outputs.size());
        assertNotEquals(outputs.get(0), outputs.get(1));
    }

    @Test
    void the_exception_of_the_first_piece_that_has_one_is_thrown_and_names_it() {
        int[] targets = IntStream.range(0, 64).toArray();
        Dataset numbered = Dataset.of(Tensor.zeros(64, 2), targets);
        for (int n : new int[] {1, 4}) {
            Workers.use(n);
            List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
            Sequential model = Sequential.of(new BatchNorm(2), new Linear(2, 2));
            model.initialize(1);
            Map<String, Tensor> before = model.state();
            int[] order = RandomStream.of(0, "epoch 1").permutation(64);
            Trainer trainer = Trainer.of(model, (y, batch) -> {
                        int first = (int) batch.y().get(0);
                        begun.add(first);
                        if (first == order[16] || first == order[24]) {
                            throw new UnsupportedOperationException("example " + first);
                        }
                        return y.square().mean();
                    })
                    .optimizer(new Sgd(model.parameters(), 0.1))
                    .batchSize(64)
                    .dataParallel(8);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> trainer.fit(numbered));
            assertEquals("Trainer: piece 3 of 8: example " + order[16], e.getMessage());
            assertSame(UnsupportedOperationException.class, e.getCause().getClass());
            assertEquals(before, model.state());
            if (n == 1) {
                assertEquals(List.of(order[0], order[8], order[16]), begun);
            }
        }
    }

    @Test
    void an_infinite_loss_is_of_a_piece() {
        Sequential model = Sequential.of(new Linear(1, 1));
        model.parameters().get("0.weight").assign(Tensor.of(new double[][] {{1e200}}));
        double[][] x = new double[8][1];
        x[RandomStream.of(0, "epoch 1").permutation(8)[5]][0] = 1;
        Trainer trainer = Trainer.regressor(model)
                .optimizer(new Sgd(model.parameters(), 0.1))
                .dataParallel(4);
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> trainer.fit(Dataset.of(Tensor.of(x), Tensor.zeros(8, 1))));
        String start = "Trainer: the loss is Infinity in epoch 1, after 0 examples, in piece 3 of 4;";
        assertTrue(e.getMessage().startsWith(start), e::getMessage);
        assertTrue(e.getMessage().contains("its origin: "), e::getMessage);
    }

    @Test
    void a_batch_too_small_for_the_pieces_has_fewer_of_at_least_two_examples() {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        Sequential model = Sequential.of(new BatchNorm(2), new Linear(2, 2));
        Trainer.of(model, (y, batch) -> {
                    sizes.add(batch.size());
                    return y.square().mean();
                })
                .optimizer(new Sgd(model.parameters(), 0.1))
                .batchSize(8)
                .dataParallel(100)
                .fit(MOONS.subset(IntStream.range(0, 13).toArray()));
        Collections.sort(sizes);
        assertEquals(List.of(2, 2, 2, 2, 2, 3), sizes);
    }

    @Test
    void training_resumes_from_its_checkpoint_within_an_epoch_and_refuses_other_pieces() {
        Case c = CASES.get("normalised, with dropout");
        UnaryOperator<Trainer> settings = t -> t.dataParallel(3).accumulate(2);
        Sequential whole = fresh(c, DType.FLOAT32);
        History unbroken = fit(c, whole, settings);
        Path file = directory.resolve("run");
        Workers.use(1);
        fit(c, fresh(c, DType.FLOAT32), t -> settings.apply(t).checkpoint(file).maxSteps(2));
        Workers.use(4);
        Sequential resumed = fresh(c, DType.FLOAT32);
        History both = fit(c, resumed, t -> settings.apply(t).checkpoint(file));
        assertEquals(whole.state(), resumed.state());
        assertEquals(unbroken, both);
        Exception e = assertThrows(
                java.io.UncheckedIOException.class,
                () -> fit(c, resumed, t -> t.dataParallel(2).accumulate(2).checkpoint(file)));
        assertTrue(e.getMessage().contains("pieces of a batch was 3 and is 2"), e::getMessage);
    }

    @Test
    void a_number_of_pieces_below_1_is_refused() {
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> trainer(fresh(CASES.get("dense"), DType.FLOAT32))
                        .dataParallel(0));
        assertEquals("Trainer: the number of pieces of a batch 0 must be at least 1", e.getMessage());
    }

    @Test
    void weights_of_runs_are_checked() {
        assertThrows(IllegalArgumentException.class, () -> LocalBuffers.setMeans(List.of(new LocalBuffers()), 1, 2));
        assertThrows(IllegalArgumentException.class, () -> LocalBuffers.setMeans(List.of(new LocalBuffers()), 0));
    }

    private static void assertClose(Map<String, Tensor> expected, Map<String, Tensor> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((path, t) ->
                assertArrayEquals(t.toDoubleArray(), actual.get(path).toDoubleArray(), tolerance, path));
    }

    private static double distance(Map<String, Tensor> a, Map<String, Tensor> b) {
        return a.entrySet().stream()
                .mapToDouble(
                        e -> e.getValue().sub(b.get(e.getKey())).abs().max().item())
                .max()
                .orElseThrow();
    }
}
