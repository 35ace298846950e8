package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mean loss and the metrics of examples, accumulated batch by batch; each example has the same weight. */
final class Score {
    private final Map<String, Metric.Accumulator> accumulators = new LinkedHashMap<>();
    private double sum;
    private long count;

    Score(Map<String, Metric> metrics) {
        metrics.forEach((name, m) -> accumulators.put(name, m.start()));
    }

    void add(double batchLoss, Tensor output, Batch batch) {
        sum += batchLoss * batch.size();
        count += batch.size();
        accumulators.values().forEach(a -> a.add(output, batch));
    }

    /** Returns the mean loss; NaN if there were no examples. */
    double loss() {
        return sum / count;
    }

    Map<String, Double> metrics() {
        Map<String, Double> values = new LinkedHashMap<>();
        accumulators.forEach((name, a) -> values.put(name, a.value()));
        return values;
    }
}
