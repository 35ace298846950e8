package gradus.nn.train;

import gradus.nn.Model;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History.Epoch;
import java.util.List;

/** The progress of a training, as {@link Callback}s see it. */
public final class Progress {
    private final Model model;
    private final Optimizer optimizer;
    private final List<Epoch> epochs;
    private final long step;
    private final int batchSize;
    private final double batchLoss;
    private boolean stop;

    Progress(Model model, Optimizer optimizer, List<Epoch> epochs, long step, int batchSize, double batchLoss) {
        this.model = model;
        this.optimizer = optimizer;
        this.epochs = epochs;
        this.step = step;
        this.batchSize = batchSize;
        this.batchLoss = batchLoss;
    }

    /** Returns the model that is trained. */
    public Model model() {
        return model;
    }

    /** Returns the optimizer. */
    public Optimizer optimizer() {
        return optimizer;
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

    /** Returns the number of steps taken. */
    public long step() {
        return step;
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
