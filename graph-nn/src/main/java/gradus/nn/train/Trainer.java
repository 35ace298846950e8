package gradus.nn.train;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Clip;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a model on mini-batches of shuffled examples. The same seed, data and initial weights give the same weights, bit
 * for bit. Inputs and targets are converted to the model's number type. Defaults: batches of 32, one epoch, seed 0, no
 * validation, no early stopping; an optimizer has to be set.
 *
 * <p>The last batch of an epoch may be smaller; if it would be a single example, it joins the batch before, as statistics
 * of one example mean nothing to batch normalisation.
 */
public final class Trainer {
    private static final int EVALUATION_BATCH = 1000;

    private final Model model;
    private final Loss loss;
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final List<Callback> callbacks = new ArrayList<>();
    private Forward forward;
    private Optimizer optimizer;
    private LearningRate schedule;
    private double maxNorm = Double.POSITIVE_INFINITY;
    private int batchSize = 32;
    private int epochs = 1;
    private long seed;
    private Dataset validation;
    private int patience = -1;
    private Path file;

    /** How many epochs and steps the calls of {@code fit} before have trained, so that the next draws other shuffles. */
    private int epochsBefore;

    private long stepsBefore;
    private int lastBatchSize;
    private double lastBatchLoss = Double.NaN;

    private Trainer(Model model, Loss loss) {
        requireNonNull("model", model);
        requireNonNull("loss", loss);
        this.model = model;
        this.loss = loss;
        this.forward = (batch, pass) -> model.forward(Node.constant(batch.x()), pass);
    }

    // ---- what is trained

    /** Returns a trainer of a model that minimises a loss. */
    public static Trainer of(Model model, Loss loss) {
        return new Trainer(model, loss);
    }

    /** Returns a trainer of a model with outputs {@code [n, c]}, logits of classes: cross entropy and accuracy. */
    public static Trainer classifier(Model model) {
        return of(model, Loss.crossEntropy()).metric("accuracy", Metric.accuracy());
    }

    /** Returns a trainer of a model whose outputs are to equal the targets: mean squared error. */
    public static Trainer regressor(Model model) {
        return of(model, Loss.meanSquaredError());
    }

    // ---- settings

    /** Sets the optimizer. */
    public Trainer optimizer(Optimizer o) {
        requireNonNull("optimizer", o);
        optimizer = o;
        return this;
    }

    /** Sets how the model computes its output for a batch, where that takes more than {@code batch.x()}. */
    public Trainer forward(Forward f) {
        requireNonNull("function", f);
        forward = f;
        return this;
    }

    /** Adds a metric, reported for training and validation under its name. */
    public Trainer metric(String name, Metric metric) {
        requireNonNull("name of a metric", name);
        requireNonNull("metric " + name, metric);
        metrics.put(name, metric);
        return this;
    }

    /** Sets a schedule: the optimizer's learning rate is set before each step. By default it stays. */
    public Trainer learningRate(LearningRate rates) {
        requireNonNull("schedule", rates);
        schedule = rates;
        return this;
    }

    /** Limits the global norm of the gradients; see {@link Clip#globalNorm}. */
    public Trainer clipNorm(double max) {
        if (!(max > 0)) {
            throw new IllegalArgumentException("Trainer: the limit of the norm " + max + " must be positive");
        }
        maxNorm = max;
        return this;
    }

    /** Sets the number of examples of a batch. */
    public Trainer batchSize(int n) {
        requirePositive("batch size", n);
        batchSize = n;
        return this;
    }

    /** Sets the number of passes over the training set, at most. */
    public Trainer epochs(int n) {
        requirePositive("number of epochs", n);
        epochs = n;
        return this;
    }

    /** Sets the examples on which loss and metrics are computed after every epoch. */
    public Trainer validation(Dataset examples) {
        requireNonNull("validation set", examples);
        validation = examples;
        return this;
    }

    /**
     * Ends the training when the validation loss has not fallen for so many epochs. However it ends, by divergence too,
     * the model then has the parameters and buffers of its best epoch.
     */
    public Trainer earlyStopping(int epochsWithoutProgress) {
        requirePositive("patience", epochsWithoutProgress);
        patience = epochsWithoutProgress;
        return this;
    }

    /** Sets the seed of shuffling and of the random draws of layers. */
    public Trainer seed(long s) {
        seed = s;
        return this;
    }

    /** Adds a callback. Its own state is not part of a checkpoint. */
    public Trainer callback(Callback c) {
        requireNonNull("callback", c);
        callbacks.add(c);
        return this;
    }

    /**
     * Writes the whole state of the training to a file after every epoch, and goes on from the file if it is there when
     * {@code fit} starts, up to the number of epochs in all: the result has the bytes of a training that was not stopped.
     * A crash at any moment leaves a whole file.
     */
    public Trainer checkpoint(Path f) {
        requireNonNull("file", f);
        file = f;
        return this;
    }

    // ---- training

    /**
     * Trains the model, from its present weights and the optimizer's present state. A second call trains as many epochs
     * more, on other shuffles.
     *
     * @throws IllegalStateException if there is no optimizer, early stopping has no validation set, or the loss, a
     *     parameter or a buffer is no longer finite
     * @throws UncheckedIOException if the checkpoint cannot be written or read
     */
    public History fit(Dataset train) {
        requireNonNull("training set", train);
        if (optimizer == null) {
            throw new IllegalStateException("Trainer: there is no optimizer; set one with optimizer(..)");
        }
        if (patience > 0 && validation == null) {
            throw new IllegalStateException("Trainer: early stopping needs a validation set");
        }
        check(train);
        if (validation != null) {
            check(validation);
        }
        requireAllTrained();
        boolean resumes = file != null && Files.exists(file);
        TrainingState state = start();
        int last = resumes ? epochs : epochsBefore + epochs;
        try {
            for (int e = firstEpoch(state); e <= last && !state.stopped; e++) {
                epoch(e, train, state);
            }
        } finally {
            if (!state.bestState.isEmpty()) {
                model.load(state.bestState);
            }
            epochsBefore = firstEpoch(state) - 1;
            stepsBefore = state.step;
        }
        return new History(List.copyOf(state.epochs), state.best, state.stopped);
    }

    /** Refuses an optimizer that lacks a parameter of the model: it would never be trained. */
    private void requireAllTrained() {
        Map<String, Node> untrained = new LinkedHashMap<>(model.parameters());
        untrained.values().removeAll(optimizer.parameters().values());
        if (untrained.size() == model.parameters().size()) {
            return; // all of them: the first step says so
        }
        if (!untrained.isEmpty()) {
            throw new IllegalStateException("Trainer: the optimizer does not have " + untrained.keySet()
                    + "; create it with model.parameters(), or freeze what is not to be trained");
        }
    }

    private TrainingState start() {
        if (file != null && Files.exists(file)) {
            try {
                return TrainingState.load(file, model, optimizer, settings());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        TrainingState state = new TrainingState();
        state.step = stepsBefore;
        return state;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("seed", Long.toString(seed));
        settings.put("batchSize", Integer.toString(batchSize));
        settings.put("early stopping", Integer.toString(patience));
        settings.put("optimizer", optimizer.getClass().getSimpleName());
        return settings;
    }

    private int firstEpoch(TrainingState state) {
        int n = state.epochs.size();
        return n == 0 ? epochsBefore + 1 : state.epochs.get(n - 1).number() + 1;
    }

    /** Refuses targets that do not fit the model's output, before anything is changed. */
    private void check(Dataset examples) {
        Batch one = convert(model, examples.batch(0, 1));
        Tensor output = NoGradient.run(() -> forward.of(one, Pass.evaluation())).value();
        if (examples.isInMemory()) {
            loss.check(output, examples);
        }
    }

    private void epoch(int number, Dataset train, TrainingState state) {
        int[] order = RandomStream.of(seed, "epoch " + number).permutation(train.size());
        Score score = new Score();
        boolean stop = false;
        for (int from = 0; from < order.length && !stop; ) {
            int to = from + nextBatch(order.length - from);
            Batch batch = convert(model, train.at(Arrays.copyOfRange(order, from, to)));
            double cost = step(batch, score, number, from, state);
            lastBatchSize = batch.size();
            lastBatchLoss = cost;
            stop = call(false, state);
            from = to;
        }
        requireFiniteState(number, state);
        Score validated = validation == null ? null : score(validation);
        Epoch epoch = new Epoch(
                number,
                score.loss(),
                validated == null ? Double.NaN : validated.loss(),
                score.metrics(),
                validated == null ? Map.of() : validated.metrics());
        state.epochs.add(epoch);
        if (state.best == null || isBetter(epoch, state.best)) {
            state.best = epoch;
            if (patience > 0) {
                state.bestState = model.state();
            }
        }
        state.stopped = stop || (patience > 0 && number - state.best.number() >= patience);
        save(state);
        if (call(true, state) && !state.stopped) {
            state.stopped = true;
            save(state);
        }
    }

    /** Returns the size of the next batch: never a single example after a larger batch. */
    private int nextBatch(int rest) {
        return rest == batchSize + 1 && batchSize > 1 ? rest : Math.min(batchSize, rest);
    }

    private double step(Batch batch, Score score, int epoch, int examples, TrainingState state) {
        if (schedule != null) {
            optimizer.learningRate(schedule.at(state.step));
        }
        String when = " in epoch " + epoch + ", after " + examples + " examples";
        Runnable restoreBuffers = model.snapshot();
        Pass pass = Pass.training(seed, state.step);
        Node output = Pass.duringTraining(() -> forward.of(batch, pass));
        Node cost = loss.of(output, batch);
        double value = cost.item();
        if (!Double.isFinite(value)) {
            restoreBuffers.run();
            throw diverged("the loss is " + value + when, state);
        }
        score.add(value, output.value(), batch);
        Gradients g = cost.backward();
        if (Double.isInfinite(maxNorm)) {
            optimizer.step(g);
        } else {
            Map<String, Tensor> clipped;
            try {
                clipped = Clip.globalNorm(g.of(optimizer.parameters()), maxNorm);
            } catch (ArithmeticException e) {
                restoreBuffers.run();
                throw diverged(e.getMessage() + when, state);
            }
            optimizer.step(clipped);
        }
        state.step++;
        return value;
    }

    private void requireFiniteState(int epoch, TrainingState state) {
        model.state().forEach((path, t) -> {
            if (t.size() > 0 && !Double.isFinite(t.abs().max().item())) {
                throw diverged(path + " is no longer finite at the end of epoch " + epoch, state);
            }
        });
    }

    private IllegalStateException diverged(String what, TrainingState state) {
        String advice = state.step == 0
                ? "no step was taken yet, so look for such numbers in the data or the weights"
                : "a smaller learning rate than " + optimizer.learningRate() + " may help";
        String weights = state.bestState.isEmpty()
                ? ""
                : "; the model has the state of its best epoch, " + state.best.number() + ", again";
        return new IllegalStateException("Trainer: " + what + "; " + advice + weights);
    }

    private void save(TrainingState state) {
        if (file != null) {
            try {
                state.save(file, model, optimizer, settings());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Calls the callbacks; returns whether one of them ends the training. */
    private boolean call(boolean epochEnded, TrainingState state) {
        if (callbacks.isEmpty()) {
            return false;
        }
        Progress p = new Progress(model, optimizer, state.epochs, state.step, lastBatchSize, lastBatchLoss);
        for (Callback c : callbacks) {
            if (epochEnded) {
                c.onEpoch(p);
            } else {
                c.onBatch(p);
            }
        }
        return p.isStopped();
    }

    /** Returns whether an epoch is better than the best: without validation the last is; a NaN loss is never better. */
    private boolean isBetter(Epoch epoch, Epoch best) {
        double loss = epoch.validationLoss();
        boolean first = Double.isNaN(best.validationLoss()) && !Double.isNaN(loss);
        return validation == null || first || loss < best.validationLoss();
    }

    // ---- evaluation

    /** Loss and metrics over examples, each weighing the same. */
    private final class Score {
        private final Map<String, Metric.Accumulator> accumulators = new LinkedHashMap<>();
        private double sum;
        private long count;

        Score() {
            metrics.forEach((name, m) -> accumulators.put(name, m.start()));
        }

        void add(double batchLoss, Tensor output, Batch batch) {
            sum += batchLoss * batch.size();
            count += batch.size();
            accumulators.values().forEach(a -> a.add(output, batch));
        }

        double loss() {
            return sum / count;
        }

        Map<String, Double> metrics() {
            Map<String, Double> values = new LinkedHashMap<>();
            accumulators.forEach((name, a) -> values.put(name, a.value()));
            return values;
        }
    }

    private Score score(Dataset examples) {
        Score score = new Score();
        for (int from = 0; from < examples.size(); from += EVALUATION_BATCH) {
            Batch batch = convert(model, examples.batch(from, Math.min(from + EVALUATION_BATCH, examples.size())));
            NoGradient.run(() -> {
                Node output = forward.of(batch, Pass.evaluation());
                score.add(loss.of(output, batch).item(), output.value(), batch);
                return output;
            });
        }
        return score;
    }

    /** Returns the share of examples that a model classifies correctly, 0 to 1. */
    public static double accuracy(Layer model, Dataset examples) {
        int[] predicted = predict(model, examples);
        int[] actual = examples.classes();
        int correct = 0;
        for (int i = 0; i < actual.length; i++) {
            correct += predicted[i] == actual[i] ? 1 : 0;
        }
        return (double) correct / actual.length;
    }

    /** Returns the predicted class of each example: the index of the largest of its outputs, {@code [n, c]}. */
    public static int[] predict(Layer model, Dataset examples) {
        requireNonNull("model", model);
        requireNonNull("data set", examples);
        int[] predicted = new int[examples.size()];
        for (int from = 0; from < predicted.length; from += EVALUATION_BATCH) {
            Batch batch = convert(model, examples.batch(from, Math.min(from + EVALUATION_BATCH, predicted.length)));
            int[] some = classes(NoGradient.run(() -> model.forward(Node.constant(batch.x())))
                    .value());
            System.arraycopy(some, 0, predicted, from, some.length);
        }
        return predicted;
    }

    /** Returns the index of the largest of each row of outputs {@code [n, c]}. */
    static int[] classes(Tensor output) {
        if (output.shape().rank() != 2 || output.shape().dim(1) < 2) {
            throw new IllegalArgumentException(
                    "the model's output " + output.shape() + " is not [n, c], logits of two classes or more");
        }
        return output.argmax(1).toIntArray();
    }

    /** Returns a batch in the number type of a model; of a function, as it is. */
    private static Batch convert(Layer model, Batch batch) {
        DType dtype = model instanceof Model m ? m.dtype() : null;
        return dtype == null ? batch : batch.to(dtype);
    }

    private static void requireNonNull(String what, Object argument) {
        if (argument == null) {
            throw new IllegalArgumentException("Trainer: the " + what + " is null");
        }
    }

    private static void requirePositive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Trainer: the " + what + " " + n + " must be at least 1");
        }
    }
}
