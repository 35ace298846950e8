package gradus.nn.train;

import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The receiver operating characteristic of scores of two classes: for each threshold, the share of examples of class 0 and of class 1 with a score
 * of at least that; scikit-learn's {@code roc_curve} with all thresholds. The first point is (0, 0) at an infinite threshold, the last (1, 1).
 *
 * @param thresholds in descending order
 * @param falsePositiveRates the share of examples of class 0 that reach each threshold
 * @param truePositiveRates the share of examples of class 1 that reach it, the recall
 */
public record RocCurve(List<Double> thresholds, List<Double> falsePositiveRates, List<Double> truePositiveRates) {
    /** Copies the lists. */
    public RocCurve {
        thresholds = List.copyOf(Objects.requireNonNull(thresholds, "RocCurve: thresholds is null"));
        falsePositiveRates =
                List.copyOf(Objects.requireNonNull(falsePositiveRates, "RocCurve: falsePositiveRates is null"));
        truePositiveRates =
                List.copyOf(Objects.requireNonNull(truePositiveRates, "RocCurve: truePositiveRates is null"));
    }

    /**
     * Returns the curve of scores, of which larger ones mean class 1, and classes 0 and 1.
     *
     * @throws IllegalArgumentException if the arrays differ in length, a score is NaN, or a class has no examples
     */
    public static RocCurve of(double[] scores, int... classes) {
        BinaryRanking r = BinaryRanking.of("RocCurve", scores, classes);
        if (r.ones() == 0 || r.zeros() == 0) {
            throw new IllegalArgumentException("RocCurve: all " + scores.length + " examples have class " + classes[0]
                    + "; both classes are needed");
        }
        int n = r.thresholds().length;
        Double[] t = new Double[n + 1];
        Double[] x = new Double[n + 1];
        Double[] y = new Double[n + 1];
        t[0] = Double.POSITIVE_INFINITY;
        x[0] = 0.0;
        y[0] = 0.0;
        for (int i = 0; i < n; i++) {
            t[i + 1] = r.thresholds()[i];
            x[i + 1] = (double) r.falsePositives()[i] / r.zeros();
            y[i + 1] = (double) r.truePositives()[i] / r.ones();
        }
        return new RocCurve(Arrays.asList(t), Arrays.asList(x), Arrays.asList(y));
    }

    /**
     * Returns the curve of a model with outputs {@code [n]} or {@code [n, 1]}, logits of class 1, or {@code [n, 2]}, logits of both classes.
     *
     * @throws IllegalArgumentException if the model has other outputs, or a class has no examples
     */
    public static RocCurve of(Layer model, Dataset examples) {
        Objects.requireNonNull(model, "RocCurve: model is null");
        Objects.requireNonNull(examples, "RocCurve: examples is null");
        RocCurve[] curve = new RocCurve[1];
        ClassMetrics.evaluate("RocCurve", model, examples, (scores, classes) -> curve[0] = of(scores, classes));
        return curve[0];
    }

    /**
     * Returns the area under the curve, 0 to 1: the probability that a random example of class 1 has a larger score than one of class 0, where
     * equal scores count half.
     */
    public double auc() {
        double area = 0;
        for (int i = 1; i < thresholds.size(); i++) {
            double width = falsePositiveRates.get(i) - falsePositiveRates.get(i - 1);
            area += width * (truePositiveRates.get(i) + truePositiveRates.get(i - 1)) / 2;
        }
        return area;
    }
}
