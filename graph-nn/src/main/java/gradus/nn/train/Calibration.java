package gradus.nn.train;

import gradus.array.Tensor;
import gradus.nn.Layer;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.train.TemperatureScaling.Logits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Whether a classifier's confidence, the probability of the class that it predicts, is the share of examples that it classifies correctly: the
 * examples in bins of equal width by their confidence, as Guo et al., On Calibration of Modern Neural Networks, 2017, have them.
 *
 * @param bins in ascending order, from 0 to 1
 */
public record Calibration(List<Bin> bins) {
    private static final int BINS = 15;

    /**
     * The examples with a confidence above {@code low}, up to {@code high}.
     *
     * @param count their number
     * @param confidence the mean of their confidences; NaN if there are none
     * @param accuracy the share of them that is classified correctly; NaN if there are none
     */
    public record Bin(double low, double high, int count, double confidence, double accuracy) {}

    /** Copies the bins. */
    public Calibration {
        bins = List.copyOf(Objects.requireNonNull(bins, "Calibration: bins is null"));
    }

    /**
     * Returns the calibration of a model with outputs {@code [n, c]}, logits of classes, or {@code [n]} or {@code [n, 1]}, logits of class 1, in
     * 15 bins.
     *
     * @throws IllegalArgumentException if the outputs or the targets have other shapes, or an output is not finite
     */
    public static Calibration of(Layer model, Dataset examples) {
        return of(model, examples, BINS);
    }

    /**
     * Returns the calibration of a model in a number of bins.
     *
     * @throws IllegalArgumentException if that is below 1, the outputs or the targets have other shapes, or an output is not finite
     */
    public static Calibration of(Layer model, Dataset examples, int bins) {
        Objects.requireNonNull(model, "Calibration.of: model is null");
        Objects.requireNonNull(examples, "Calibration.of: examples is null");
        if (bins < 1) {
            throw new IllegalArgumentException("Calibration: the number of bins " + bins + " must be at least 1");
        }
        return of(Trainer.predict(model, examples), examples.all(), bins);
    }

    private static Calibration of(Tensor output, Batch batch, int bins) {
        Logits logits = Logits.of("Calibration", output, batch);
        int[] count = new int[bins];
        double[] confidence = new double[bins];
        double[] correct = new double[bins];
        for (int i = 0; i < logits.size(); i++) {
            double[] p = logits.probabilities(i, 1);
            int predicted = 0;
            for (int c = 1; c < p.length; c++) {
                predicted = logits.logit(i, c) > logits.logit(i, predicted) ? c : predicted;
            }
            int bin = Math.max(0, Math.min(bins, (int) Math.ceil(p[predicted] * bins)) - 1);
            count[bin]++;
            confidence[bin] += p[predicted];
            correct[bin] += predicted == logits.actual()[i] ? 1 : 0;
        }
        List<Bin> all = new ArrayList<>();
        for (int b = 0; b < bins; b++) {
            all.add(new Bin(
                    (double) b / bins,
                    (double) (b + 1) / bins,
                    count[b],
                    confidence[b] / count[b],
                    correct[b] / count[b]));
        }
        return new Calibration(all);
    }

    /** Returns the number of examples. */
    public int count() {
        return bins.stream().mapToInt(Bin::count).sum();
    }

    /** Returns the mean of {@code |accuracy - confidence|} of the bins, weighted by their number of examples; 0 is best. */
    public double expectedCalibrationError() {
        int n = count();
        return bins.stream()
                .filter(b -> b.count() > 0)
                .mapToDouble(b -> Math.abs(b.accuracy() - b.confidence()) * b.count() / n)
                .sum();
    }

    /** Returns the largest {@code |accuracy - confidence|} of a bin. */
    public double maximumCalibrationError() {
        return bins.stream()
                .filter(b -> b.count() > 0)
                .mapToDouble(b -> Math.abs(b.accuracy() - b.confidence()))
                .max()
                .orElse(0);
    }

    /** Returns a table with a row for each bin that has examples, and the expected calibration error. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("  confidence    examples  mean confidence  accuracy\n");
        for (Bin b : bins) {
            if (b.count() > 0) {
                out.append(String.format(
                        Locale.ROOT,
                        "%.3f - %.3f  %10d  %14.1f%%  %7.1f%%%n",
                        b.low(),
                        b.high(),
                        b.count(),
                        100 * b.confidence(),
                        100 * b.accuracy()));
            }
        }
        return out.append(String.format(Locale.ROOT, "expected calibration error %.4f%n", expectedCalibrationError()))
                .toString();
    }
}
