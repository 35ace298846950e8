package gradus.nn.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The results of a training, epoch by epoch.
 *
 * @param epochs in order
 * @param best the epoch with the lowest validation loss, or the last where nothing was validated; null if none is complete
 * @param stoppedEarly whether early stopping or a callback ended the training
 */
public record History(List<Epoch> epochs, Epoch best, boolean stoppedEarly) {
    /**
     * One pass over the training set.
     *
     * @param number counted from 1
     * @param trainLoss the mean loss over the training examples, each as it was before the step of its batch
     * @param validationLoss the mean loss over the validation set after the epoch; NaN without one
     * @param trainMetrics by name, over the outputs that training computed
     * @param validationMetrics by name, over the validation set after the epoch; empty without one
     */
    public record Epoch(
            int number,
            double trainLoss,
            double validationLoss,
            Map<String, Double> trainMetrics,
            Map<String, Double> validationMetrics) {
        /** Copies the maps, keeping their order. */
        public Epoch {
            trainMetrics = Collections.unmodifiableMap(new LinkedHashMap<>(trainMetrics));
            validationMetrics = Collections.unmodifiableMap(new LinkedHashMap<>(validationMetrics));
        }

        /** Returns the share of training examples that were classified correctly, 0 to 1; NaN if that is not a metric. */
        public double trainAccuracy() {
            return trainMetrics.getOrDefault("accuracy", Double.NaN);
        }

        /** Returns the share of the validation set that is classified correctly, 0 to 1; NaN if that is not a metric. */
        public double validationAccuracy() {
            return validationMetrics.getOrDefault("accuracy", Double.NaN);
        }
    }

    /** Returns a summary in one line. */
    @Override
    public String toString() {
        return "History of " + epochs.size() + " epochs" + (stoppedEarly ? ", stopped early" : "") + "; best: " + best;
    }

    /** Returns one value of each epoch, as {@code history.curve(Epoch::trainLoss)}. */
    public List<Double> curve(ToDoubleFunction<Epoch> value) {
        Objects.requireNonNull(value, "History.curve: value is null");
        return epochs.stream().map(value::applyAsDouble).toList();
    }
}
