package gradus.nn.train;

import gradus.nn.Model;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History.Epoch;
import java.util.List;

/** The progress of a training, as {@link Callback}s see it. */
public final class Progress {
    private final Trainer trainer;
    private final List<Epoch> epochs;
    private final long step;
    private final long lastEpoch;
    private final int examples;
    private final int done;
    private final int batchSize;
    private final double batchLoss;
    private boolean stop;

    Progress(Trainer trainer, long lastEpoch, int examples, int done, int batchSize, double batchLoss) {
        this.trainer = trainer;
        this.epochs = trainer.state.epochs;
        this.step = trainer.state.step;
        this.lastEpoch = lastEpoch;
        this.examples = examples;
        this.done = done;
        this.batchSize = batchSize;
        this.batchLoss = batchLoss;
    }

    /** Returns the model that is trained. */
    public Model model() {
        return trainer.model;
    }

    /** Returns the optimizer. */
    public Optimizer optimizer() {
        return trainer.optimizer;
    }

    /** Returns the epochs that are complete. */
    public List<Epoch> epochs() {
        return List.copyOf(epochs);
    }

    /**
     * Returns the epoch that was completed last.
     *
     * @throws IllegalStateException if none is complete yet
     */
    public Epoch epoch() {
        if (epochs.isEmpty()) {
            throw new IllegalStateException("Progress: no epoch is complete yet");
        }
        return epochs.get(epochs.size() - 1);
    }

    /** Returns the number of the last epoch, if the training does not end before; {@link Long#MAX_VALUE} if only steps or time end it. */
    public long lastEpoch() {
        return lastEpoch;
    }

    /** Returns the number of steps taken. */
    public long step() {
        return step;
    }

    /** Returns the number of training examples. */
    public int examples() {
        return examples;
    }

    /** Returns the number of examples of the epoch that were trained on; all of them after an epoch, unless a callback has ended it. */
    public int examplesDone() {
        return done;
    }

    /** Returns the number of examples of the last batch. */
    public int batchSize() {
        return batchSize;
    }

    /** Returns the loss of the last batch, before its step. */
    public double batchLoss() {
        return batchLoss;
    }

    /** Ends the training after this callback. */
    public void stop() {
        stop = true;
    }

    boolean isStopped() {
        return stop;
    }
}
