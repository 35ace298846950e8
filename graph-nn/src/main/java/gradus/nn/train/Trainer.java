package gradus.nn.train;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.data.Dataset;
import gradus.nn.optim.AveragedWeights;
import gradus.nn.optim.Clip;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Trains a model on mini-batches of shuffled examples. The same seed, data and initial weights give the same weights, bit
 * for bit. Inputs and targets are converted to the model's number type. Defaults: batches of 32, one epoch, seed 0, no
 * validation, no early stopping; an optimizer has to be set.
 *
 * <p>The last batch of an epoch may be smaller; if it would be a single example, it joins the batch before, as statistics
 * of one example mean nothing to batch normalisation.
 */
public final class Trainer {
    final Model model;
    final Loss loss;
    final Map<String, Metric> metrics = new LinkedHashMap<>();
    final List<Callback> callbacks = new ArrayList<>();
    Forward forward;
    Optimizer optimizer;
    LearningRate schedule;
    double maxNorm = Double.POSITIVE_INFINITY;
    int accumulate = 1;
    int pieces = 1;
    AveragedWeights average;
    int averageFrom = 1;
    int batchSize = 32;
    long seed;
    Dataset validation;
    int patience;
    Path file;
    boolean stopOnSignal;
    long maxNanos = Long.MAX_VALUE;
    private long maxSteps = Long.MAX_VALUE;
    /** The number of epochs; 0 if it is not set. */
    private int epochs;

    /** What the calls of {@code fit} have done so far. */
    TrainingState state = new TrainingState();

    /** The variables that steps have reached and not trained. */
    final Set<Node> untrained = Collections.newSetFromMap(new WeakHashMap<>());

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

    /**
     * Takes one step for so many batches, with the mean of their gradients: the step of one batch of all their examples, in the
     * memory of one, but for layers that depend on the batch, as batch normalisation. An epoch's last step may have fewer batches.
     */
    public Trainer accumulate(int batches) {
        requirePositive("number of batches of a step", batches);
        accumulate = batches;
        return this;
    }

    /**
     * Cuts each batch into so many pieces, which are computed forward and backward at the same time, by as many threads as {@code
     * gradus.threads} says. The step is that of the mean of their losses, weighed by {@link Loss#weight}; gradients are summed in the order of the
     * pieces. The number of pieces changes the rounding, and the number of threads changes no byte. Pieces have at least two examples, so a small batch has
     * fewer of them.
     *
     * <p>Each piece has random draws of its own. Layers that depend on the batch see the piece: batch normalisation uses its mean and
     * variance, and the running statistics move once, towards the means of those of the pieces ({@link gradus.nn.LocalBuffers}). In PyTorch's {@code
     * DataParallel} they move by the first piece alone. A model that keeps other state than parameters and buffers, and a loss, metric or hook that
     * does, must allow calls from several threads.
     */
    public Trainer dataParallel(int pieces) {
        requirePositive("number of pieces of a batch", pieces);
        this.pieces = pieces;
        return this;
    }

    /**
     * Updates an average of the model's weights after each step. Validation, and with it early stopping and the best epoch,
     * then use the averaged weights. The model is trained with its own, which it has at the end too, unless early stopping restores
     * those of the best epoch, which are averaged; {@link AveragedWeights#assign} gives it the average. The average is part of a
     * checkpoint.
     */
    public Trainer average(AveragedWeights average) {
        return average(average, 1);
    }

    /**
     * Updates an average of the model's weights after each step from an epoch on, as stochastic weight averaging does.
     *
     * @param fromEpoch the first epoch, counted from 1
     * @throws IllegalArgumentException if the average is of another model
     */
    public Trainer average(AveragedWeights average, int fromEpoch) {
        Objects.requireNonNull(average, "Trainer.average: average is null");
        requirePositive("epoch from which weights are averaged", fromEpoch);
        if (average.model() != model) {
            throw new IllegalArgumentException("Trainer: the average is of another model, " + average.model());
        }
        if (average != this.average) {
            state.forgetBest();
        }
        this.average = average;
        averageFrom = fromEpoch;
        return this;
    }

    /** Sets the number of examples of a batch, of the validation set too; a set of fewer examples is one batch. */
    public Trainer batchSize(int n) {
        requirePositive("batch size", n);
        batchSize = n;
        return this;
    }

    /** Sets the number of passes over the training set, at most; one by default, and no limit if steps or time have one. */
    public Trainer epochs(int n) {
        requirePositive("number of epochs", n);
        epochs = n;
        return this;
    }

    /**
     * Sets the number of steps, at most. A limit that is reached within an epoch pauses the training there: the epoch is not
     * validated and not part of the history, and the next call of {@link #fit} goes on with its other batches.
     */
    public Trainer maxSteps(long n) {
        if (n < 1) {
            throw new IllegalArgumentException("Trainer: the number of steps " + n + " must be at least 1");
        }
        maxSteps = n;
        return this;
    }

    /** Sets the time of a call of {@link #fit}: the training pauses after the first step that ends later, as with {@link #maxSteps}. */
    public Trainer maxTime(Duration time) {
        Objects.requireNonNull(time, "Trainer.maxTime: time is null");
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("Trainer: the time " + time + " must be positive");
        }
        maxNanos = time.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE : time.toNanos();
        return this;
    }

    /**
     * Lets Ctrl-C, SIGTERM and {@code System.exit} pause the training after the present step and write the {@link #checkpoint}, from
     * which it resumes, before the process ends. It is a shutdown hook during {@link #fit}, which waits for the step and the file.
     */
    public Trainer stopOnSignal() {
        stopOnSignal = true;
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
     * the model then has the parameters and buffers of its best epoch, averaged where {@link #average} is set; after an exception the
     * optimizer has its state too.
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
     * Writes the whole state of the training to a file after every epoch, and where it pauses, and resumes from the file if it
     * exists when {@code fit} starts, up to the number of epochs and steps in all: the result has the bytes of a training that was
     * not stopped, also within an epoch. Of that epoch, a training metric whose {@link Metric.Accumulator#state} is null is NaN. A crash at
     * any moment leaves a whole file.
     *
     * <p>A file of other settings is refused, with the names of those that differ: the numbers of examples, the batch size, the
     * seed, patience, clipping, accumulation, pieces of a batch, the average, {@link Optimizer#settings}, and the learning rate, as it was at first, or the schedule, of which a
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
     * <p>A second call trains as many epochs or steps more, on other shuffles, and returns the history of all of them: two calls of
     * two and three epochs are one of five, bit for bit, also where the best epoch's weights were restored in between. After a
     * training that was stopped, the patience starts again. If the model was changed since the first call, the second starts
     * from its present weights and forgets the best epoch.
     *
     * <p>With a {@link #checkpoint}, each call starts from the file if it exists, whatever the present weights are, and trains up to
     * the number of epochs or steps in all: a second call with the same number trains no more.
     *
     * <p>An interruption of the thread pauses the training after the present step, as {@link #maxSteps} does; the thread stays
     * interrupted. The history has the epochs that are complete; if there is none, its best epoch is null.
     *
     * <p>Settings and data are checked before the first step; where the data are not in memory, their first batch is. If a
     * loss or gradient is not finite, the batch is computed again to name the op that gave such a value, its operands and the line
     * that called it; no parameter and no buffer is changed by that batch.
     *
     * @throws IllegalArgumentException if a set's shapes or targets do not fit the model, loss or metrics, or an example is not
     *     finite
     * @throws IllegalStateException if there is no optimizer, early stopping has no validation set, a parameter is not the
     *     optimizer's, or the loss, the validation loss, a gradient, a parameter, a buffer or the optimizer's state is no longer
     *     finite
     * @throws UncheckedIOException if the checkpoint cannot be written or read
     */
    public History fit(Dataset train) {
        Objects.requireNonNull(train, "Trainer.fit: train is null");
        new Checks(this).before(train);
        boolean inAll = start(train);
        long lastEpoch = sum(inAll ? 0 : state.epochs.size(), maxEpochs());
        long lastStep = sum(inAll ? 0 : state.step, maxSteps);
        StopSignal signal = stopOnSignal ? StopSignal.register() : null;
        try {
            new Training(this, train, lastEpoch, lastStep, signal).run();
            state.last = model.state();
        } finally {
            state.restoreBest(model, optimizer, average);
            if (signal != null) {
                signal.close();
            }
        }
        return new History(List.copyOf(state.epochs), state.best, state.stopped);
    }

    private long maxEpochs() {
        boolean otherLimit = maxSteps < Long.MAX_VALUE || maxNanos < Long.MAX_VALUE;
        return epochs > 0 ? epochs : otherLimit ? Long.MAX_VALUE : 1;
    }

    /** Returns a + b, where the largest number stands for no limit. */
    private static long sum(long a, long b) {
        return b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b;
    }

    /** Goes on from the file or from the call before; returns whether the file's epochs and steps count. */
    private boolean start(Dataset train) {
        if (state.step == 0) {
            state.initialRate = optimizer.learningRate();
        }
        if (file == null || !Files.exists(file)) {
            state.resume(model);
            return false;
        }
        double initialRate = state.initialRate;
        try {
            state = TrainingState.load(this, train.size(), step -> Settings.of(this, train.size(), step, initialRate));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        state.initialRate = initialRate;
        return true;
    }

    boolean stopsEarly() {
        return patience > 0;
    }

    // ---- evaluation

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

    /**
     * Returns the outputs of a model for all examples, computed in batches and joined along the first axis. Targets are not
     * needed: {@code Dataset.of(List.of(x), List.of())} has none.
     *
     * @throws IllegalArgumentException if an input does not fit the model, or outputs have not one row for each example; the
     *     message has the indices of the batch's examples
     */
    public static Tensor predict(Layer model, Dataset examples) {
        Objects.requireNonNull(model, "Trainer.predict: model is null");
        Objects.requireNonNull(examples, "Trainer.predict: examples is null");
        return Evaluation.outputs(model, examples);
    }

    /** Returns the outputs of a model for inputs {@code x [n, ..]}, otherwise as {@link #predict(Layer, Dataset)}. */
    public static Tensor predict(Layer model, Tensor x) {
        Objects.requireNonNull(x, "Trainer.predict: x is null");
        return predict(model, Dataset.of(List.of(x), List.of()));
    }

    /**
     * Replaces the running statistics of all batch normalisation layers of a model by the means of those of the batches of a data
     * set, as is needed for weights that were averaged. Nothing else is changed; dropout is active. PyTorch's {@code update_bn}.
     *
     * @param batchSize the number of examples of a batch; a last one of a single example joins the batch before
     */
    public static void updateBatchNorm(Model model, Dataset examples, int batchSize) {
        Objects.requireNonNull(model, "Trainer.updateBatchNorm: model is null");
        Objects.requireNonNull(examples, "Trainer.updateBatchNorm: examples is null");
        requirePositive("batch size", batchSize);
        BatchNorm.recompute(model, () -> Evaluation.train(model, examples, batchSize));
    }

    /** Returns the size of the next batch of so many examples: never a single one after a larger batch. */
    static int nextBatch(int rest, int size) {
        return rest == size + 1 && size > 1 ? rest : Math.min(size, rest);
    }

    private static void requirePositive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Trainer: the " + what + " " + n + " must be at least 1");
        }
    }
}
