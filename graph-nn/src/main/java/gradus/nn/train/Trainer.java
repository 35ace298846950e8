package gradus.nn.train;

import gradus.array.RandomStream;
import gradus.array.RowSparse;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;

/**
 * Trains a model on mini-batches of shuffled examples. The same seed, data and initial weights give the same weights, bit
 * for bit. Inputs and targets are converted to the model's number type. Defaults: batches of 32, one epoch, seed 0, no
 * validation, no early stopping; an optimizer has to be set.
 *
 * <p>The last batch of an epoch may be smaller; if it would be a single example, it joins the batch before, as statistics
 * of one example mean nothing to batch normalisation.
 */
public final class Trainer {
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
    private int patience;
    private Path file;

    /** What the calls of {@code fit} have done so far. */
    private TrainingState state = new TrainingState();

    /** The variables that steps have reached and not trained. */
    private final Set<Node> untrained = Collections.newSetFromMap(new WeakHashMap<>());

    private Trainer(Model model, Loss loss) {
        this.model = Objects.requireNonNull(model, "Trainer: model is null");
        this.loss = Objects.requireNonNull(loss, "Trainer: loss is null");
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
    public Trainer optimizer(Optimizer optimizer) {
        Objects.requireNonNull(optimizer, "Trainer.optimizer: optimizer is null");
        if (optimizer != this.optimizer) {
            state.bestOptimizer = Map.of();
        }
        this.optimizer = optimizer;
        return this;
    }

    /** Sets how the model computes its output for a batch, where that takes more than {@code batch.x()}. */
    public Trainer forward(Forward forward) {
        this.forward = Objects.requireNonNull(forward, "Trainer.forward: forward is null");
        return this;
    }

    /** Adds a metric, reported for training and validation under its name. */
    public Trainer metric(String name, Metric metric) {
        Objects.requireNonNull(name, "Trainer.metric: name is null");
        metrics.put(name, Objects.requireNonNull(metric, "Trainer.metric: metric is null"));
        return this;
    }

    /**
     * Sets a schedule: the optimizer's learning rate is set before each step. By default it stays. Where the rate depends on
     * losses, they are those of the epochs so far on the validation set, or without one those of training.
     */
    public Trainer learningRate(LearningRate schedule) {
        this.schedule = Objects.requireNonNull(schedule, "Trainer.learningRate: schedule is null");
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

    /** Sets the number of examples of a batch, of the validation set too. */
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

    /** Sets the examples on which loss and metrics are computed after every epoch; the best epoch is then one of those that follow. */
    public Trainer validation(Dataset examples) {
        Objects.requireNonNull(examples, "Trainer.validation: examples is null");
        if (examples != validation) {
            state.forgetBest();
        }
        validation = examples;
        return this;
    }

    /**
     * Ends the training when the validation loss has not fallen for so many epochs. However it ends, by divergence too,
     * the model then has the parameters and buffers of its best epoch; after an exception the optimizer has its state too.
     */
    public Trainer earlyStopping(int patience) {
        requirePositive("patience", patience);
        if (!stopsEarly()) {
            state.forgetBest(); // its parameters and buffers were not kept
        }
        this.patience = patience;
        return this;
    }

    /** Sets the seed of shuffling and of the random draws of layers. */
    public Trainer seed(long s) {
        seed = s;
        return this;
    }

    /** Adds a callback. Its own state is not part of a checkpoint. */
    public Trainer callback(Callback callback) {
        callbacks.add(Objects.requireNonNull(callback, "Trainer.callback: callback is null"));
        return this;
    }

    /**
     * Writes the whole state of the training to a file after every epoch, and resumes from the file if it exists when
     * {@code fit} starts, up to the number of epochs in all: the result has the bytes of a training that was not stopped.
     * A crash at any moment leaves a whole file.
     *
     * <p>A file of other settings is refused, with the names of those that differ: the numbers of examples, the batch size, the
     * seed, patience, clipping, {@link Optimizer#settings}, and the learning rate, as it was at first, or the schedule, of which a
     * lambda is compared at the steps 0, 1, 2, 4, 8 and so on that were taken.
     */
    public Trainer checkpoint(Path file) {
        this.file = Objects.requireNonNull(file, "Trainer.checkpoint: file is null");
        return this;
    }

    // ---- training

    /**
     * Trains the model, from its present weights and the optimizer's present state.
     *
     * <p>A second call trains as many epochs more, on other shuffles, and returns the history of all of them: two calls of
     * two and three epochs are one of five, bit for bit, also where the best epoch's weights were restored in between. After a
     * training that was stopped, the patience starts again. If the model was changed since the first call, the second starts
     * from its present weights and forgets the best epoch.
     *
     * <p>With a {@link #checkpoint}, each call starts from the file if it exists, whatever the present weights are, and trains up to
     * the number of epochs in all: a second call with the same number trains no more.
     *
     * @throws IllegalStateException if there is no optimizer, early stopping has no validation set, a parameter is not the
     *     optimizer's, or the loss, the validation loss, a gradient, a parameter, a buffer or the optimizer's state is no longer
     *     finite
     * @throws UncheckedIOException if the checkpoint cannot be written or read
     */
    public History fit(Dataset train) {
        Objects.requireNonNull(train, "Trainer.fit: train is null");
        if (optimizer == null) {
            throw new IllegalStateException("Trainer: there is no optimizer; set one with optimizer(..)");
        }
        if (stopsEarly() && validation == null) {
            throw new IllegalStateException("Trainer: early stopping needs a validation set");
        }
        check(train);
        if (validation != null) {
            checkValidation();
        }
        requireAllTrained();
        int last = start(train);
        UntrainedVariables others =
                new UntrainedVariables(optimizer.parameters().values(), untrained);
        try {
            while (state.epochs.size() < last && !state.stopped) {
                epoch(state.epochs.size() + 1, train, others);
            }
            state.last = model.state();
        } finally {
            state.restoreBest(model, optimizer);
        }
        return new History(List.copyOf(state.epochs), state.best, state.stopped);
    }

    /** Refuses an optimizer that lacks a parameter of the model: it would never be trained. */
    private void requireAllTrained() {
        Map<String, Node> missing = new LinkedHashMap<>(model.parameters());
        missing.values().removeAll(optimizer.parameters().values());
        if (missing.size() == model.parameters().size()) {
            return; // all of them: the first step says so
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Trainer: the optimizer does not have " + missing.keySet()
                    + "; create it with model.parameters(), or freeze what is not to be trained");
        }
    }

    /** Goes on from the file or from the call before, and returns the number of the last epoch. */
    private int start(Dataset train) {
        if (state.epochs.isEmpty()) {
            state.initialRate = optimizer.learningRate();
        }
        if (file == null || !Files.exists(file)) {
            state.resume(model);
            return state.epochs.size() + epochs;
        }
        double initialRate = state.initialRate;
        try {
            state = TrainingState.load(file, model, optimizer, step -> settings(train, step, initialRate));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        state.initialRate = initialRate;
        return epochs;
    }

    /** Returns what a training has to have in common with one that resumes from its state after some steps. */
    private Map<String, String> settings(Dataset train, long steps, double initialRate) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("training examples", Integer.toString(train.size()));
        settings.put("validation examples", Integer.toString(validation == null ? 0 : validation.size()));
        settings.put("batch size", Integer.toString(batchSize));
        settings.put("seed", Long.toString(seed));
        if (stopsEarly()) {
            settings.put("patience", Integer.toString(patience));
        }
        if (Double.isFinite(maxNorm)) {
            settings.put("clip norm", Double.toString(maxNorm));
        }
        optimizer.settings().forEach((name, value) -> settings.put("optimizer's " + name, value));
        if (schedule == null || !schedule.settings().isEmpty()) {
            settings.put("learning rate", schedule == null ? Double.toString(initialRate) : schedule.settings());
            return settings;
        }
        for (long step = 0; step < steps; step = Math.max(1, 2 * step)) {
            settings.put("learning rate at step " + step, Double.toString(schedule.at(step)));
        }
        return settings;
    }

    /** Refuses targets that do not fit the model's output, before anything is changed. */
    private void check(Dataset examples) {
        Batch one = converted(examples.batch(0, 1));
        Tensor output = NoGradient.run(() -> forward.of(one, Pass.evaluation())).value();
        if (examples.isInMemory()) {
            loss.check(output, examples);
        }
    }

    private void checkValidation() {
        try {
            check(validation);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Trainer: validation set: " + e.getMessage(), e);
        }
    }

    private Batch converted(Batch batch) {
        return Evaluation.converted(batch, model.dtype());
    }

    private void epoch(int number, Dataset train, UntrainedVariables others) {
        int[] order = RandomStream.of(seed, "epoch " + number).permutation(train.size());
        List<Double> losses = losses();
        Score score = new Score(metrics);
        boolean stop = false;
        int size = 0;
        double cost = Double.NaN;
        for (int from = 0; from < order.length && !stop; from += size) {
            size = nextBatch(order.length - from);
            Batch batch = converted(train.at(Arrays.copyOfRange(order, from, from + size)));
            if (batch.size() != size) {
                throw new IllegalStateException(
                        "Trainer: the training set gave " + batch.size() + " examples for " + size + " indices");
            }
            cost = step(batch, score, " in epoch " + number + ", after " + from + " examples", others, losses);
            stop = call(Callback::onBatch, size, cost);
        }
        requireFiniteState(number);
        Score validated = new Score(Map.of());
        if (validation != null) {
            validated = score(validation);
            if (!Double.isFinite(validated.loss())) {
                throw diverged("the validation loss is " + validated.loss() + " after epoch " + number);
            }
        }
        add(new Epoch(number, score.loss(), validated.loss(), score.metrics(), validated.metrics()));
        boolean stopsHere = call(Callback::onEpoch, size, cost);
        state.stopped = stop || stopsHere || (stopsEarly() && state.waited >= patience);
        save(train);
    }

    private boolean stopsEarly() {
        return patience > 0;
    }

    /** Adds an epoch, and keeps the model's state if it is the best and will be restored. */
    private void add(Epoch epoch) {
        state.epochs.add(epoch);
        if (state.best == null || isBetter(epoch, state.best)) {
            state.best = epoch;
            state.waited = 0;
            if (stopsEarly()) {
                state.keepBest(model, optimizer);
            }
        } else {
            state.waited++;
        }
    }

    /** Returns the size of the next batch: never a single example after a larger batch. */
    private int nextBatch(int rest) {
        return rest == batchSize + 1 && batchSize > 1 ? rest : Math.min(batchSize, rest);
    }

    /** Returns the loss of each epoch that a schedule may depend on. */
    private List<Double> losses() {
        return state.epochs.stream()
                .map(e -> validation == null ? e.trainLoss() : e.validationLoss())
                .toList();
    }

    /** Trains on a batch, and returns its loss before the step. */
    private double step(Batch batch, Score score, String when, UntrainedVariables others, List<Double> losses) {
        if (schedule != null) {
            optimizer.learningRate(schedule.at(state.step, losses));
        }
        Runnable restoreBuffers = model.snapshot();
        Pass pass = Pass.training(seed, state.step);
        Node output = Pass.duringTraining(() -> forward.of(batch, pass));
        Node cost = loss.of(output, batch);
        double value = cost.item();
        if (!Double.isFinite(value)) {
            restoreBuffers.run();
            throw diverged("the loss is " + value + when);
        }
        score.add(value, output.value(), batch);
        Gradients g = cost.backward();
        others.check(g);
        optimizer.parameters().forEach((path, p) -> {
            RowSparse rows = g.rowSparse(p);
            if (g.reached(p) && !isFinite(rows == null ? g.of(p).value() : rows.rows())) {
                restoreBuffers.run();
                throw diverged("the gradient of " + path + " is not finite" + when);
            }
        });
        optimizer.step(Double.isInfinite(maxNorm) ? g : Clip.globalNorm(g, optimizer.parameters(), maxNorm));
        state.step++;
        return value;
    }

    private void requireFiniteState(int epoch) {
        requireFinite("", model.state(), epoch);
        requireFinite("the optimizer's ", optimizer.state(), epoch);
    }

    private void requireFinite(String what, Map<String, Tensor> tensors, int epoch) {
        tensors.forEach((path, t) -> {
            if (!isFinite(t)) {
                throw diverged(what + path + " is no longer finite at the end of epoch " + epoch);
            }
        });
    }

    /** Returns whether all elements are finite: if their sum is, without another pass. */
    private static boolean isFinite(Tensor t) {
        return t.size() == 0
                || Double.isFinite(t.sum().item())
                || (Double.isFinite(t.max().item()) && Double.isFinite(t.min().item()));
    }

    private IllegalStateException diverged(String what) {
        String advice = state.step == 0
                ? "no step was taken yet, so look for such numbers in the data or the weights"
                : "a smaller learning rate than " + optimizer.learningRate() + " may help";
        String weights = state.bestState.isEmpty()
                ? ""
                : "; the model has the state of its best epoch, " + state.best.number() + ", again";
        return new IllegalStateException("Trainer: " + what + "; " + advice + weights);
    }

    private void save(Dataset train) {
        if (file != null) {
            try {
                state.save(file, model, optimizer, settings(train, state.step, state.initialRate));
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }

    /** Calls the callbacks; returns whether one of them ends the training. */
    private boolean call(BiConsumer<Callback, Progress> event, int batchSize, double batchLoss) {
        Progress p = new Progress(model, optimizer, state.epochs, state.step, batchSize, batchLoss);
        callbacks.forEach(c -> event.accept(c, p));
        return p.isStopped();
    }

    /** Returns whether an epoch is better than the best: without validation the last is. */
    private boolean isBetter(Epoch epoch, Epoch best) {
        return validation == null || epoch.validationLoss() < best.validationLoss();
    }

    // ---- evaluation

    /** Returns loss and metrics over examples. The batches are those of training, which are known to fit in memory. */
    private Score score(Dataset examples) {
        Score score = new Score(metrics);
        Evaluation.of(
                forward,
                model.dtype(),
                examples,
                batchSize,
                (output, batch, from) -> score.add(loss.of(output, batch).item(), output.value(), batch));
        return score;
    }

    /** Returns the share of examples that a model classifies correctly, 0 to 1; of outputs {@code [n, c]}. */
    public static double accuracy(Layer model, Dataset examples) {
        Objects.requireNonNull(model, "Trainer.accuracy: model is null");
        Objects.requireNonNull(examples, "Trainer.accuracy: examples is null");
        Metric.Accumulator accuracy = Metric.accuracy().start();
        Evaluation.of(model, examples, (output, batch, from) -> accuracy.add(output.value(), batch));
        return accuracy.value();
    }

    /**
     * Returns the predicted class of each example: the index of the largest of its outputs {@code [n, c]}. The outputs
     * themselves are what {@link Model#predict} returns.
     */
    public static int[] predictedClasses(Layer model, Dataset examples) {
        Objects.requireNonNull(model, "Trainer.predictedClasses: model is null");
        Objects.requireNonNull(examples, "Trainer.predictedClasses: examples is null");
        int[] predicted = new int[examples.size()];
        Evaluation.of(model, examples, (output, batch, from) -> {
            int[] some = Evaluation.classes(output.value(), batch);
            System.arraycopy(some, 0, predicted, from, some.length);
        });
        return predicted;
    }

    private static void requirePositive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Trainer: the " + what + " " + n + " must be at least 1");
        }
    }
}
