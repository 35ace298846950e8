package gradus.nn.train;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What happened in each epoch of a training.
 *
 * @param epochs in order, the first counted 1
 * @param best which of them had the least validation loss, or the last where nothing was validated
 * @param stoppedEarly whether early stopping ended the training
 */
public record History(List<Epoch> epochs, Epoch best, boolean stoppedEarly) {
    /**
     * One pass over the training set.
     *
     * @param number counted from 1
     * @param trainLoss the mean loss over its batches, as they were when trained on
     * @param trainAccuracy the share of examples read rightly then, 0 to 1; NaN for a regression
     * @param validationLoss the mean loss over the validation set after it; NaN without one
     * @param validationAccuracy the share of the validation set read rightly; NaN without one, or for a regression
     */
    public record Epoch(
            int number, double trainLoss, double trainAccuracy, double validationLoss, double validationAccuracy) {}

    /** Says how it went in one line. */
    @Override
    public String toString() {
        return "History of " + epochs.size() + " epochs" + (stoppedEarly ? ", stopped early" : "") + "; best: " + best;
    }

    /** Returns one figure of every epoch, as {@code history.curve(Epoch::trainLoss)}. */
    public List<Double> curve(ToDoubleFunction<Epoch> figure) {
        return epochs.stream().map(figure::applyAsDouble).toList();
    }
}
