package gradus.nn.train;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mean loss and the metrics of examples, accumulated batch by batch; losses are weighed by {@link Loss#weight}. */
final class Score {
    /** A metric of which some batches are not known. */
    private static final Metric.Accumulator UNKNOWN = new Metric.Accumulator() {
        @Override
        public void add(Tensor output, Batch batch) {}

        @Override
        public double value() {
            return Double.NaN;
        }
    };

    private final Map<String, Metric.Accumulator> accumulators = new LinkedHashMap<>();
    private double sum;
    private double weight;
    private int count;

    Score(Map<String, Metric> metrics) {
        metrics.forEach((name, m) -> accumulators.put(name, m.start()));
    }

    /** Goes on from the sums and the {@link #states} of some examples; a metric without a state is NaN from now on. */
    Score(Map<String, Metric> metrics, double sum, double weight, int count, Map<String, double[]> states) {
        this(metrics);
        this.sum = sum;
        this.weight = weight;
        this.count = count;
        accumulators.replaceAll((name, a) -> {
            if (!states.containsKey(name)) {
                return UNKNOWN;
            }
            a.restore(states.get(name));
            return a;
        });
    }

    /** Adds the mean loss of some examples, and what it counts in the mean of all. */
    void addLoss(double mean, double weightOfMean, int examples) {
        sum += weightOfMean == 0 ? 0 : mean * weightOfMean;
        weight += weightOfMean;
        count += examples;
    }

    /** Adds the loss and the metrics of a batch; a loss that weighs nothing is not computed. */
    void add(Loss loss, Node output, Batch batch) {
        double weightOfMean = Piece.weight(loss, batch);
        addLoss(weightOfMean == 0 ? 0 : loss.of(output, batch).item(), weightOfMean, batch.size());
        add(output.value(), batch);
    }

    /** Adds the outputs for a batch, or a piece of one, to the metrics. */
    void add(Tensor output, Batch batch) {
        accumulators.values().forEach(a -> a.add(output, batch));
    }

    /** Returns the mean loss; NaN if there were no examples. */
    double loss() {
        return sum / weight;
    }

    /** Returns the sum of the losses, each times its weight. */
    double sum() {
        return sum;
    }

    /** Returns the sum of the weights of the losses. */
    double weight() {
        return weight;
    }

    /** Returns the number of examples. */
    int count() {
        return count;
    }

    /** Returns the states of the metrics that have one. */
    Map<String, double[]> states() {
        Map<String, double[]> states = new LinkedHashMap<>();
        accumulators.forEach((name, a) -> {
            double[] state = a.state();
            if (state != null) {
                states.put(name, state);
            }
        });
        return states;
    }

    Map<String, Double> metrics() {
        Map<String, Double> values = new LinkedHashMap<>();
        accumulators.forEach((name, a) -> values.put(name, a.value()));
        return values;
    }
}
