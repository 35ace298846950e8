package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

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
     * Returns the area under the ROC curve of several classes, 0 to 1, as the unweighted mean over classes or pairs of classes; scikit-learn's
     * {@code roc_auc_score} with {@code average='macro'}. Equal probabilities count half.
     *
     * @param probabilities {@code [n, c]}, of each class
     * @param classes of the examples, 0 to c - 1
     * @throws IllegalArgumentException if the shape is another, a probability is NaN, or a class has no examples
     */
    public static double auc(Tensor probabilities, int[] classes, MultiClass multiClass) {
        Objects.requireNonNull(probabilities, "RocCurve.auc: probabilities is null");
        Objects.requireNonNull(classes, "RocCurve.auc: classes is null");
        Objects.requireNonNull(multiClass, "RocCurve.auc: multiClass is null");
        if (probabilities.shape().rank() != 2
                || probabilities.shape().dim(0) != classes.length
                || probabilities.shape().dim(1) < 2) {
            throw new IllegalArgumentException("RocCurve.auc: probabilities of " + classes.length
                    + " examples are [n, c] for two classes or more, not " + probabilities.shape());
        }
        int c = probabilities.shape().dim(1);
        long[] counts = new long[c];
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 0 || classes[i] >= c) {
                throw new IllegalArgumentException(
                        "RocCurve.auc: example " + i + " has class " + classes[i] + "; there are " + c + " classes");
            }
            counts[classes[i]]++;
        }
        for (int k = 0; k < c; k++) {
            if (counts[k] == 0) {
                throw new IllegalArgumentException(
                        "RocCurve.auc: class " + k + " has no examples; each class needs one");
            }
        }
        double[] p = probabilities.toDoubleArray();
        return multiClass == MultiClass.ONE_VS_REST ? oneVsRest(p, c, classes) : oneVsOne(p, c, classes);
    }

    private static double oneVsRest(double[] p, int c, int... classes) {
        return IntStream.range(0, c)
                .mapToDouble(k ->
                        auc(p, c, k, classes, IntStream.range(0, classes.length).toArray()))
                .average()
                .orElseThrow();
    }

    private static double oneVsOne(double[] p, int c, int... classes) {
        double sum = 0;
        for (int j = 0; j < c; j++) {
            for (int k = 0; k < c; k++) {
                if (j != k) {
                    int other = k;
                    int one = j;
                    int[] both = IntStream.range(0, classes.length)
                            .filter(i -> classes[i] == one || classes[i] == other)
                            .toArray();
                    sum += auc(p, c, j, classes, both);
                }
            }
        }
        return sum / (c * (c - 1));
    }

    /** Returns the area for one class against the others among some examples, by the probability of that class. */
    private static double auc(double[] p, int c, int one, int[] classes, int... examples) {
        double[] scores =
                Arrays.stream(examples).mapToDouble(i -> p[i * c + one]).toArray();
        int[] isOne =
                Arrays.stream(examples).map(i -> classes[i] == one ? 1 : 0).toArray();
        return of(scores, isOne).auc();
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
