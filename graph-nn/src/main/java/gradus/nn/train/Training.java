package gradus.nn.train;

import gradus.array.RandomStream;
import gradus.array.RowSparse;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Accumulator;
import gradus.nn.optim.Clip;
import gradus.nn.train.History.Epoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** One call of {@link Trainer#fit}: the loop over epochs and batches. */
final class Training {
    private final Trainer trainer;
    private final TrainingState state;
    private final Dataset train;
    private final long lastEpoch;
    private final long lastStep;
    private final long deadline;
    private final StopSignal signal;
    private final UntrainedVariables others;
    private final Accumulator accumulator = new Accumulator();
    /** The number of batches since the last step. */
    private int pending;

    private List<Double> losses = List.of();

    /** Creates the loop up to an epoch or a step, from the state; the signal is null if the end of the process is not waited for. */
    Training(Trainer trainer, Dataset train, long lastEpoch, long lastStep, StopSignal signal) {
        this.trainer = trainer;
        this.state = trainer.state;
        this.train = train;
        this.lastEpoch = lastEpoch;
        this.lastStep = lastStep;
        this.deadline = trainer.maxNanos == Long.MAX_VALUE ? 0 : System.nanoTime() + trainer.maxNanos;
        this.signal = signal;
        this.others = new UntrainedVariables(trainer.optimizer.parameters().values(), trainer.untrained);
    }

    /** Trains until the training ends, or pauses after a step. */
    void run() {
        boolean goesOn = true;
        while (goesOn && state.epochs.size() < lastEpoch && state.step < lastStep && !state.stopped) {
            goesOn = epoch(state.epochs.size() + 1) && !mustPause();
        }
    }

    /** Returns whether the training is to be stopped after this step, and may be resumed. */
    private boolean mustPause() {
        return state.step >= lastStep
                || (trainer.maxNanos != Long.MAX_VALUE && System.nanoTime() - deadline >= 0)
                || Thread.currentThread().isInterrupted()
                || (signal != null && signal.isRequested());
    }

    /** Trains an epoch, or the rest of it; returns false if it was paused. */
    private boolean epoch(int number) {
        int[] order = RandomStream.of(trainer.seed, "epoch " + number).permutation(train.size());
        losses = losses();
        Score score =
                state.paused != null && state.pausedOf == order.length ? state.paused : new Score(trainer.metrics);
        state.paused = null;
        boolean stop = false;
        int size = 0;
        double cost = Double.NaN;
        Dataset examples = train.forEpoch(number, Arrays.copyOfRange(order, score.count(), order.length));
        for (int from = score.count(); from < order.length && !stop; from += size) {
            size = Trainer.nextBatch(order.length - from, trainer.batchSize);
            int[] indices = Arrays.copyOfRange(order, from, from + size);
            boolean last = from + size == order.length;
            cost = batch(examples, indices, score, " in epoch " + number + ", after " + from + " examples", last);
            stop = call(Callback::onBatch, score.count(), size, cost);
            if (!stop && !last && pending == 0 && mustPause()) {
                state.paused = score;
                state.pausedOf = order.length;
                save();
                return false;
            }
        }
        if (pending > 0) {
            takeStep(); // of a callback's stop
        }
        requireFiniteState(number);
        Score validated = new Score(Map.of());
        if (trainer.validation != null) {
            validated = validate();
            if (!Double.isFinite(validated.loss())) {
                throw diverged("the validation loss is " + validated.loss() + " after epoch " + number, "");
            }
        }
        add(new Epoch(number, score.loss(), validated.loss(), score.metrics(), validated.metrics()));
        boolean stopsHere = call(Callback::onEpoch, score.count(), size, cost);
        state.stopped = stop || stopsHere || (trainer.stopsEarly() && state.waited >= trainer.patience);
        save();
        return true;
    }

    /** Returns the loss of each epoch that a schedule may depend on. */
    private List<Double> losses() {
        return state.epochs.stream()
                .map(e -> trainer.validation == null ? e.trainLoss() : e.validationLoss())
                .toList();
    }

    // ---- a batch

    /** Trains on a batch, and returns its loss before the step, which is taken if there are enough batches or it is the last. */
    private double batch(Dataset examples, int[] indices, Score score, String when, boolean last) {
        if (trainer.schedule != null && pending == 0) {
            trainer.optimizer.learningRate(trainer.schedule.at(state.step, losses));
        }
        Batch batch = Evaluation.converted(examples.at(indices), trainer.model.dtype());
        if (batch.size() != indices.length) {
            throw new IllegalStateException(
                    "Trainer: the training set gave " + batch.size() + " examples for " + indices.length + " indices");
        }
        Runnable restoreBuffers = trainer.model.snapshot();
        try {
            List<Piece> pieces = Piece.of(trainer, batch, indices, Pass.training(trainer.seed, state.batches));
            Piece.compute(trainer, pieces);
            for (Piece p : pieces) {
                if (!Double.isFinite(p.loss)) {
                    restoreBuffers.run();
                    throw diverged("the loss is " + p.loss + when, p);
                }
            }
            double loss = Piece.loss(pieces);
            pieces.forEach(p -> score.add(p.output, p.batch));
            score.addLoss(loss, Piece.weight(trainer.loss, batch), batch.size());
            Gradients g = Piece.gradients(pieces);
            others.check(g);
            String wrong = notFinite(g);
            if (!wrong.isEmpty()) {
                restoreBuffers.run();
                Piece first = pieces.stream()
                        .filter(p ->
                                p.gradients != null && !notFinite(p.gradients).isEmpty())
                        .findFirst()
                        .orElse(pieces.get(0));
                throw diverged("the gradient of " + wrong + " is not finite" + when, first);
            }
            state.batches++;
            if (trainer.accumulate == 1) {
                step(g);
            } else {
                add(g, Piece.weight(trainer.loss, batch));
                if (last || pending == trainer.accumulate) {
                    takeStep();
                }
            }
            return loss;
        } catch (RuntimeException e) {
            restoreBuffers.run();
            throw e;
        }
    }

    /** Adds the gradients of a batch to those of the next step. */
    private void add(Gradients g, double weight) {
        if (weight > 0) {
            accumulator.add(g, weight);
        }
        pending++;
    }

    /** Takes the step of the batches since the last one; those whose losses weigh nothing have no gradients. */
    private void takeStep() {
        pending = 0;
        if (accumulator.count() > 0) {
            step(accumulator.takeMean());
        }
    }

    private void step(Gradients g) {
        trainer.optimizer.step(
                Double.isInfinite(trainer.maxNorm)
                        ? g
                        : Clip.globalNorm(g, trainer.optimizer.parameters(), trainer.maxNorm));
        state.step++;
        if (trainer.average != null && state.epochs.size() + 1 >= trainer.averageFrom) {
            trainer.average.update();
        }
    }

    // ---- divergence

    /** Returns the path of a parameter whose gradient is not finite; empty if there is none. */
    private String notFinite(Gradients g) {
        for (Map.Entry<String, Node> e : trainer.optimizer.parameters().entrySet()) {
            Node p = e.getValue();
            RowSparse rows = g.rowSparse(p);
            if (g.reached(p) && !Finite.isFinite(rows == null ? g.of(p).value() : rows.rows())) {
                return e.getKey();
            }
        }
        return "";
    }

    private void requireFiniteState(int epoch) {
        requireFinite("", trainer.model.state(), epoch);
        requireFinite("the optimizer's ", trainer.optimizer.state(), epoch);
    }

    private void requireFinite(String what, Map<String, Tensor> tensors, int epoch) {
        tensors.forEach((path, t) -> {
            if (!Finite.isFinite(t)) {
                throw diverged(what + path + " is no longer finite at the end of epoch " + epoch, "");
            }
        });
    }

    private IllegalStateException diverged(String what, Piece piece) {
        String in = piece.name.isEmpty() ? "" : ", in " + piece.name;
        return diverged(what + in, Divergence.of(trainer, piece.batch, piece.indices, piece.pass));
    }

    /** Returns the exception of what is not finite, with its origin, if that is known. */
    private IllegalStateException diverged(String what, String origin) {
        String advice = state.step == 0
                ? "no step was taken yet, so look for such numbers in the data or the weights"
                : "a smaller learning rate than " + trainer.optimizer.learningRate() + " may help";
        String weights = state.bestState.isEmpty()
                ? ""
                : "; the model has the state of its best epoch, " + state.best.number() + ", again";
        return new IllegalStateException("Trainer: " + what + "; " + advice + weights + origin);
    }

    // ---- the end of an epoch

    /** Returns loss and metrics over the validation set, of the averaged weights if there are some. */
    private Score validate() {
        boolean averaged = trainer.average != null && trainer.average.updates() > 0;
        return averaged ? trainer.average.use(this::score) : score();
    }

    /** The batches are of the size of those of training, which are known to fit in memory. */
    private Score score() {
        Score score = new Score(trainer.metrics);
        Evaluation.of(
                trainer.forward,
                trainer.model.dtype(),
                trainer.validation,
                trainer.batchSize,
                (output, batch, from) -> score.add(trainer.loss, output, batch));
        return score;
    }

    /** Adds an epoch, and keeps the model's state if it is the best and will be restored. */
    private void add(Epoch epoch) {
        state.epochs.add(epoch);
        if (state.best == null || isBetter(epoch, state.best)) {
            state.best = epoch;
            state.waited = 0;
            if (trainer.stopsEarly()) {
                state.keepBest(trainer.model, trainer.optimizer, trainer.average);
            }
        } else {
            state.waited++;
        }
    }

    /** Returns whether an epoch is better than the best: without validation the last is. */
    private boolean isBetter(Epoch epoch, Epoch best) {
        return trainer.validation == null || epoch.validationLoss() < best.validationLoss();
    }

    /** Calls the callbacks; returns whether one of them ends the training. */
    private boolean call(BiConsumer<Callback, Progress> event, int done, int batchSize, double batchLoss) {
        Progress p = new Progress(trainer, lastEpoch, train.size(), done, batchSize, batchLoss);
        trainer.callbacks.forEach(c -> event.accept(c, p));
        return p.isStopped();
    }

    /** Writes the checkpoint; an interruption of this thread does not keep it from being written. */
    private void save() {
        if (trainer.file == null) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // it would close the file
        try {
            write();
        } catch (ClosedByInterruptException e) {
            interrupted = Thread.interrupted();
            writeAgain();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeAgain() {
        try {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private void write() throws IOException {
        Map<String, String> settings = Settings.of(trainer, train.size(), state.step, state.initialRate);
        state.save(trainer.file, trainer.model, trainer.optimizer, trainer.average, settings);
    }
}
