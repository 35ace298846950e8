package gradus.nn.train;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.Model;
import gradus.nn.data.Dataset;
import gradus.nn.data.Splits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * Training by k-fold cross-validation: each fold is the test set of a fresh model, which is trained on the other folds.
 *
 * <pre>{@code
 * CrossValidation.Result result = CrossValidation.of(seed -> {
 *     Sequential model = Sequential.of(new Linear(2, 16), Node::tanh, new Linear(16, 2));
 *     model.initialize(seed);
 *     return Trainer.classifier(model).optimizer(new Adam(model.parameters())).epochs(10).seed(seed);
 * }).folds(5).stratified().run(examples);
 * result.mean("accuracy")
 * }</pre>
 *
 * <p>Defaults: 5 folds, not stratified, seed 0. Each method returns this object.
 */
public final class CrossValidation {
    private final LongFunction<Trainer> trainers;
    private int folds = 5;
    private boolean stratified;
    private long seed;

    /**
     * A fold, and the model that was not trained on it.
     *
     * @param number counted from 1
     * @param seed what the trainer was made with
     * @param model as it is at the end of its training
     * @param loss the mean loss of the fold's examples
     * @param metrics the trainer's metrics of the fold's examples, by name
     */
    public record Fold(int number, long seed, Model model, History history, double loss, Map<String, Double> metrics) {
        /** Copies the metrics, keeping their order. */
        public Fold {
            Objects.requireNonNull(model, "Fold: model is null");
            Objects.requireNonNull(history, "Fold: history is null");
            Objects.requireNonNull(metrics, "Fold: metrics is null");
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }

        private double value(String name) {
            if (!name.equals("loss") && !metrics.containsKey(name)) {
                throw new IllegalArgumentException("CrossValidation: there is no metric \"" + name
                        + "\"; there are loss, " + String.join(", ", metrics.keySet()));
            }
            return name.equals("loss") ? loss : metrics.get(name);
        }
    }

    /**
     * The folds, and what is predicted of all examples.
     *
     * @param predictions the out-of-fold outputs {@code [n, ..]} of the examples in their order, each by the model that was not trained on it
     */
    public record Result(List<Fold> folds, Tensor predictions) {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if there are no folds
         */
        public Result {
            folds = List.copyOf(Objects.requireNonNull(folds, "Result: folds is null"));
            Objects.requireNonNull(predictions, "Result: predictions is null");
            if (folds.isEmpty()) {
                throw new IllegalArgumentException("Result: there are no folds");
            }
        }

        /**
         * Returns the mean of a metric over the folds, each with the same weight.
         *
         * @param name of the metric, or {@code loss}
         * @throws IllegalArgumentException if there is no such metric
         */
        public double mean(String name) {
            Objects.requireNonNull(name, "mean: name is null");
            return folds.stream().mapToDouble(f -> f.value(name)).average().orElseThrow();
        }

        /**
         * Returns the standard deviation of a metric over the folds; the divisor is their number, as in NumPy's {@code std}, which scikit-learn's
         * examples print.
         *
         * @param name of the metric, or {@code loss}
         * @throws IllegalArgumentException if there is no such metric
         */
        public double standardDeviation(String name) {
            Objects.requireNonNull(name, "standardDeviation: name is null");
            double mean = mean(name);
            return Math.sqrt(folds.stream()
                    .mapToDouble(f -> (f.value(name) - mean) * (f.value(name) - mean))
                    .average()
                    .orElseThrow());
        }

        /** Returns a table with a row for each fold, and one for the means and standard deviations. */
        @Override
        public String toString() {
            List<String> names = new ArrayList<>(List.of("loss"));
            names.addAll(folds.get(0).metrics().keySet());
            StringBuilder out = new StringBuilder("fold");
            names.forEach(n -> out.append(String.format("  %21s", n)));
            for (Fold f : folds) {
                out.append(String.format(Locale.ROOT, "%n%4d", f.number()));
                names.forEach(n -> out.append(String.format(Locale.ROOT, "  %21.5g", f.value(n))));
            }
            out.append(String.format("%nmean"));
            names.forEach(n -> out.append(String.format(
                    Locale.ROOT, "  %21s", String.format(Locale.ROOT, "%.5g +- %.2g", mean(n), standardDeviation(n)))));
            return out.append(System.lineSeparator()).toString();
        }
    }

    private CrossValidation(LongFunction<Trainer> trainers) {
        this.trainers = Objects.requireNonNull(trainers, "CrossValidation.of: trainers is null");
    }

    /**
     * Returns a cross-validation with a trainer of a fresh model for each fold.
     *
     * @param trainers returns the trainer for a seed, which differs from fold to fold: for initial weights and shuffling
     */
    public static CrossValidation of(LongFunction<Trainer> trainers) {
        return new CrossValidation(trainers);
    }

    /**
     * Sets the number of folds.
     *
     * @throws IllegalArgumentException if it is below 2
     */
    public CrossValidation folds(int k) {
        if (k < 2) {
            throw new IllegalArgumentException("CrossValidation: the number of folds " + k + " must be at least 2");
        }
        folds = k;
        return this;
    }

    /** Divides each class among the folds, so that all have the classes in proportion; see {@link Splits#stratifiedKFold}. */
    public CrossValidation stratified() {
        stratified = true;
        return this;
    }

    /** Sets the seed of the folds and of the trainers' seeds. */
    public CrossValidation seed(long s) {
        seed = s;
        return this;
    }

    /**
     * Trains and evaluates a model for each fold, one after the other.
     *
     * @throws IllegalArgumentException if there are fewer examples than folds, of a class too if they are stratified, or the examples do not fit
     *     the model
     * @throws IllegalStateException if the trainer of a fold is null, has the model or the checkpoint of another, or has trained before
     */
    public Result run(Dataset examples) {
        Objects.requireNonNull(examples, "CrossValidation.run: examples is null");
        Tensor numbers =
                Tensor.of(IntStream.range(0, examples.size()).asDoubleStream().toArray());
        List<Splits.Fold> indices = stratified
                ? Splits.stratifiedKFold(Dataset.of(numbers, examples.classes()), folds, seed)
                : Splits.kFold(Dataset.of(List.of(numbers), List.of()), folds, seed);
        List<Fold> results = new ArrayList<>();
        List<Path> checkpoints = new ArrayList<>();
        Outputs outputs = new Outputs(examples.size());
        for (int i = 0; i < folds; i++) {
            long own = RandomStream.of(seed, "fold " + (i + 1)).nextLong();
            Trainer trainer = fresh(i + 1, trainers.apply(own), results, checkpoints);
            int[] test = indices.get(i).test().x().toIntArray();
            History history =
                    trainer.fit(examples.subset(indices.get(i).train().x().toIntArray()));
            Score score = new Score(trainer.metrics);
            Evaluation.of(
                    trainer.forward,
                    trainer.model.dtype(),
                    examples.subset(test),
                    trainer.batchSize,
                    (output, batch, from) -> {
                        score.add(trainer.loss, output, batch);
                        outputs.put(output.value(), Arrays.copyOfRange(test, from, from + batch.size()));
                    });
            results.add(new Fold(i + 1, own, trainer.model, history, score.loss(), score.metrics()));
        }
        return new Result(results, outputs.all());
    }

    /** Refuses a trainer that has seen other folds. */
    private static Trainer fresh(int number, Trainer trainer, List<Fold> before, List<Path> checkpoints) {
        String fold = "CrossValidation: fold " + number + ": ";
        if (trainer == null) {
            throw new IllegalStateException(fold + "the trainer is null");
        }
        for (Fold f : before) {
            if (f.model() == trainer.model) {
                throw new IllegalStateException(
                        fold + "the trainer has the model of fold " + f.number() + "; each fold needs a fresh one");
            }
        }
        if (trainer.state.step > 0) {
            throw new IllegalStateException(fold + "the trainer has trained before");
        }
        if (trainer.file != null && checkpoints.contains(trainer.file)) {
            throw new IllegalStateException(fold + "the trainer has the checkpoint of another fold, " + trainer.file);
        }
        checkpoints.add(trainer.file);
        return trainer;
    }

    /** The outputs of all examples, put together by their indices. */
    private static final class Outputs {
        private final int n;
        private Tensor first;
        private double[] values;

        Outputs(int n) {
            this.n = n;
        }

        void put(Tensor output, int... indices) {
            if (output.shape().rank() == 0 || output.shape().dim(0) != indices.length) {
                throw new IllegalArgumentException("CrossValidation: the model's output " + output.shape()
                        + " has not one row for each of " + indices.length + " examples");
            }
            int size = output.size() / indices.length;
            if (first == null) {
                first = output;
                values = new double[n * size];
            }
            if (values.length != n * size) {
                throw new IllegalArgumentException("CrossValidation: models have outputs of different shapes, "
                        + first.shape() + " and " + output.shape());
            }
            double[] some = output.toDoubleArray();
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(some, i * size, values, indices[i] * size, size);
            }
        }

        Tensor all() {
            int[] dims = first.shape().dims().clone();
            dims[0] = n;
            return Tensor.of(Shape.of(dims), values).to(first.dtype());
        }
    }
}
