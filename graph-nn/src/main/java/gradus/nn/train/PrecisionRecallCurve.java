package gradus.nn.train;

import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Precision and recall of class 1 for each threshold of scores of two classes, in descending order of the thresholds. scikit-learn's
 * {@code precision_recall_curve} has them in ascending order, and a last point of precision 1 and recall 0 without a threshold.
 *
 * @param thresholds the distinct scores, in descending order
 * @param precisions the share of examples of class 1 among those that reach each threshold
 * @param recalls the share of the examples of class 1 that reach it
 */
public record PrecisionRecallCurve(List<Double> thresholds, List<Double> precisions, List<Double> recalls) {
    /** Copies the lists. */
    public PrecisionRecallCurve {
        thresholds = List.copyOf(Objects.requireNonNull(thresholds, "PrecisionRecallCurve: thresholds is null"));
        precisions = List.copyOf(Objects.requireNonNull(precisions, "PrecisionRecallCurve: precisions is null"));
        recalls = List.copyOf(Objects.requireNonNull(recalls, "PrecisionRecallCurve: recalls is null"));
    }

    /**
     * Returns the curve of scores, of which larger ones mean class 1, and classes 0 and 1.
     *
     * @throws IllegalArgumentException if the arrays differ in length, a score is NaN, or class 1 has no examples
     */
    public static PrecisionRecallCurve of(double[] scores, int... classes) {
        BinaryRanking r = BinaryRanking.of("PrecisionRecallCurve", scores, classes);
        if (r.ones() == 0) {
            throw new IllegalArgumentException(
                    "PrecisionRecallCurve: none of " + scores.length + " examples has class 1");
        }
        int n = r.thresholds().length;
        Double[] precisions = new Double[n];
        Double[] recalls = new Double[n];
        for (int i = 0; i < n; i++) {
            long positives = r.truePositives()[i];
            precisions[i] = (double) positives / (positives + r.falsePositives()[i]);
            recalls[i] = (double) positives / r.ones();
        }
        return new PrecisionRecallCurve(
                Arrays.stream(r.thresholds()).boxed().toList(), Arrays.asList(precisions), Arrays.asList(recalls));
    }

    /**
     * Returns the curve of a model with outputs {@code [n]} or {@code [n, 1]}, logits of class 1, or {@code [n, 2]}, logits of both classes.
     *
     * @throws IllegalArgumentException if the model has other outputs, or class 1 has no examples
     */
    public static PrecisionRecallCurve of(Layer model, Dataset examples) {
        Objects.requireNonNull(model, "PrecisionRecallCurve: model is null");
        Objects.requireNonNull(examples, "PrecisionRecallCurve: examples is null");
        PrecisionRecallCurve[] curve = new PrecisionRecallCurve[1];
        ClassMetrics.evaluate(
                "PrecisionRecallCurve", model, examples, (scores, classes) -> curve[0] = of(scores, classes));
        return curve[0];
    }

    /** Returns the sum of {@code (R_k - R_(k-1)) P_k} over the thresholds, 0 to 1; scikit-learn's {@code average_precision_score}. */
    public double averagePrecision() {
        double sum = 0;
        double before = 0;
        for (int i = 0; i < thresholds.size(); i++) {
            sum += (recalls.get(i) - before) * precisions.get(i);
            before = recalls.get(i);
        }
        return sum;
    }
}
