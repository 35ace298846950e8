package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mean loss and the metrics of examples, accumulated batch by batch; each example has the same weight. */
final class Score {
    private final Map<String, Metric.Accumulator> accumulators = new LinkedHashMap<>();
    private double sum;
    private int count;

    Score(Map<String, Metric> metrics) {
        this(metrics, 0, 0);
    }

    /** Creates the score of examples of which the losses are known, and the metrics are not. */
    Score(Map<String, Metric> metrics, double sum, int count) {
        metrics.forEach((name, m) -> accumulators.put(name, m.start()));
        this.sum = sum;
        this.count = count;
    }

    /** Adds the mean loss of some examples. */
    void addLoss(double mean, int examples) {
        sum += mean * examples;
        count += examples;
    }

    /** Adds the outputs for a batch, or a piece of one, to the metrics. */
    void add(Tensor output, Batch batch) {
        accumulators.values().forEach(a -> a.add(output, batch));
    }

    /** Returns the mean loss; NaN if there were no examples. */
    double loss() {
        return sum / count;
    }

    /** Returns the sum of the examples' losses. */
    double sum() {
        return sum;
    }

    /** Returns the number of examples. */
    int count() {
        return count;
    }

    Map<String, Double> metrics() {
        Map<String, Double> values = new LinkedHashMap<>();
        accumulators.forEach((name, a) -> values.put(name, a.value()));
        return values;
    }
}
