package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.data.Batch;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleBiFunction;

/** A metric of a set of examples, accumulated batch by batch; it is reported, not minimised. */
@FunctionalInterface
public interface Metric {
    /** Returns an accumulator for one pass over a set of examples. */
    Accumulator start();

    /** The metric of the examples seen so far. */
    interface Accumulator {
        /** Takes in the model's output for a batch. */
        void add(Tensor output, Batch batch);

        /** Returns the metric over all batches taken in. */
        double value();

        /**
         * Returns what was taken in so far as numbers, such as a sum and a count, which are saved where training pauses within an epoch; null, by
         * default, if it cannot be: the training metric of an epoch that is resumed from a file is then NaN.
         */
        default double[] state() {
            return null;
        }

        /**
         * Goes on from {@link #state}; called before the first batch, if at all.
         *
         * @throws IllegalArgumentException if it is not a state of this metric
         */
        default void restore(double... state) {
            throw new IllegalArgumentException("a metric without a state was given one");
        }
    }

    /** Returns the mean over all examples, given the mean over a batch. */
    static Metric mean(ToDoubleBiFunction<Tensor, Batch> ofBatch) {
        Objects.requireNonNull(ofBatch, "Metric.mean: ofBatch is null");
        return () -> new ClassMetrics.Mean("mean", DoubleUnaryOperator.identity()) {
            @Override
            public void add(Tensor output, Batch batch) {
                add(ofBatch.applyAsDouble(output, batch) * batch.size(), batch.size());
            }
        };
    }

    // ---- classes

    /** Returns the share of examples whose class is the index of the largest of their outputs {@code [n, c]}, 0 to 1. */
    static Metric accuracy() {
        return ClassMetrics.ofMean(
                "accuracy",
                (output, batch) -> ClassMetrics.isCorrect(Evaluation.classes(output, batch), batch.classes()),
                DoubleUnaryOperator.identity());
    }

    /**
     * Returns the share of examples whose class, 0 or 1, is 1 where their logit is positive and 0 otherwise, 0 to 1; of outputs and targets
     * {@code [n]} or {@code [n, 1]}.
     */
    static Metric binaryAccuracy() {
        return ClassMetrics.ofMean("binaryAccuracy", ClassMetrics::isBinaryCorrect, DoubleUnaryOperator.identity());
    }

    /**
     * Returns the share of examples whose class is among those with the k largest outputs {@code [n, c]}, 0 to 1; of equal outputs the one with
     * the smaller index counts as the larger.
     *
     * @throws IllegalArgumentException if k is below 1
     */
    static Metric topK(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("topK: k " + k + " must be at least 1");
        }
        return ClassMetrics.ofMean(
                "topK", (output, batch) -> ClassMetrics.isInTop(k, output, batch), DoubleUnaryOperator.identity());
    }

    /**
     * Returns {@link ConfusionMatrix#precision(int)} of a class: 1 for two classes. The outputs are logits {@code [n, c]} of classes, or
     * {@code [n]} or {@code [n, 1]} of class 1 against class 0, for this metric and those that follow.
     *
     * @throws IllegalArgumentException if the class is negative
     */
    static Metric precision(int c) {
        return ClassMetrics.ofClass("precision", c, ConfusionMatrix::precision);
    }

    /** Returns {@link ConfusionMatrix#precision(Averaging)}. */
    static Metric precision(Averaging averaging) {
        Objects.requireNonNull(averaging, "precision: averaging is null");
        return ClassMetrics.ofMatrix("precision", m -> m.precision(averaging));
    }

    /**
     * Returns {@link ConfusionMatrix#recall(int)} of a class.
     *
     * @throws IllegalArgumentException if the class is negative
     */
    static Metric recall(int c) {
        return ClassMetrics.ofClass("recall", c, ConfusionMatrix::recall);
    }

    /** Returns {@link ConfusionMatrix#recall(Averaging)}. */
    static Metric recall(Averaging averaging) {
        Objects.requireNonNull(averaging, "recall: averaging is null");
        return ClassMetrics.ofMatrix("recall", m -> m.recall(averaging));
    }

    /**
     * Returns {@link ConfusionMatrix#f1(int)} of a class.
     *
     * @throws IllegalArgumentException if the class is negative
     */
    static Metric f1(int c) {
        return ClassMetrics.ofClass("f1", c, ConfusionMatrix::f1);
    }

    /** Returns {@link ConfusionMatrix#f1(Averaging)}. */
    static Metric f1(Averaging averaging) {
        Objects.requireNonNull(averaging, "f1: averaging is null");
        return ClassMetrics.ofMatrix("f1", m -> m.f1(averaging));
    }

    /**
     * Returns {@link RocCurve#auc} of outputs {@code [n]}, {@code [n, 1]} or {@code [n, 2]} and targets 0 and 1. It keeps a number for each example;
     * its value is an {@code IllegalArgumentException} where a class has no examples.
     */
    static Metric auc() {
        return ClassMetrics.ofScores(
                "auc", (scores, classes) -> RocCurve.of(scores, classes).auc());
    }

    /**
     * Returns {@link RocCurve#auc(Tensor, int[], MultiClass)} of the softmax of outputs {@code [n, c]}, logits of classes. It keeps c numbers for each
     * example; its value is an {@code IllegalArgumentException} where a class has no examples.
     */
    static Metric auc(MultiClass multiClass) {
        Objects.requireNonNull(multiClass, "auc: multiClass is null");
        return ClassMetrics.ofProbabilities("auc", (p, classes) -> RocCurve.auc(p, classes, multiClass));
    }

    /** Returns {@link PrecisionRecallCurve#averagePrecision}, otherwise as {@link #auc}. */
    static Metric averagePrecision() {
        return ClassMetrics.ofScores("averagePrecision", (scores, classes) -> PrecisionRecallCurve.of(scores, classes)
                .averagePrecision());
    }

    /**
     * Returns the mean of {@code -log p} over all targets, where p is the probability of the target's class by the softmax of logits
     * {@code [n, .., c]}, for classes {@code [n, ..]}, or by the sigmoid of logits {@code [n]} or {@code [n, 1]}, for targets 0 and 1.
     */
    static Metric logLoss() {
        return ClassMetrics.ofMean(
                "logLoss", (output, batch) -> Likelihood.of("logLoss", output, batch), DoubleUnaryOperator.identity());
    }

    /** Returns {@code exp(logLoss)} over all targets, from 1 up: among how many equally likely classes the model is as unsure. */
    static Metric perplexity() {
        return ClassMetrics.ofMean(
                "perplexity", (output, batch) -> Likelihood.of("perplexity", output, batch), StrictMath::exp);
    }

    // ---- values

    /** Returns the mean of {@code |output - target|} over all elements; outputs and targets have one shape. */
    static Metric meanAbsoluteError() {
        return ClassMetrics.ofMean("meanAbsoluteError", RegressionMetrics::absolute, DoubleUnaryOperator.identity());
    }

    /** Returns the root of the mean of {@code (output - target)^2} over all elements; outputs and targets have one shape. */
    static Metric rootMeanSquaredError() {
        return ClassMetrics.ofMean("rootMeanSquaredError", RegressionMetrics::square, Math::sqrt);
    }

    /**
     * Returns the coefficient of determination, {@code R^2 = 1 - sum (output - target)^2 / sum (target - mean)^2}: 1 for exact outputs, 0 for
     * the mean of the targets. Of several values for an example it is the mean of their R^2. Where all targets are equal, it is 1 if the outputs are
     * exact and 0 otherwise; scikit-learn's {@code r2_score}.
     */
    static Metric r2() {
        return RegressionMetrics.R2::new;
    }
}
