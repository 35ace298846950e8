package gradus.nn.view;

import gradus.array.Tensor;
import gradus.nn.search.Search;
import gradus.nn.train.Calibration;
import gradus.nn.train.LayerStatistics;
import gradus.nn.train.LearningRateFinder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of what {@code gradus.nn.train} measures. */
final class TrainingPictures {
    private static final double HEADROOM = 1.5;
    private static final double PADDING = 0.05;

    private TrainingPictures() {}

    static Plot learningRates(LearningRateFinder.Result result) {
        if (result.rates().isEmpty()) {
            throw new IllegalArgumentException("Pictures.learningRates: the result has no losses");
        }
        double low = Collections.min(result.losses());
        double high = Math.min(Collections.max(result.losses()), HEADROOM * Collections.max(result.smoothed()));
        Plot plot = new Plot()
                .logX()
                .reference("batch", result.rates(), result.losses())
                .line("smoothed", result.rates(), result.smoothed());
        if (low < high) { // single batches may have a loss far above all others
            plot = plot.yRange(low - PADDING * (high - low), high + PADDING * (high - low));
        }
        try {
            double rate = result.suggestion();
            double loss = result.smoothed().get(result.rates().indexOf(rate));
            plot = plot.points("suggestion: " + Texts.number(rate), List.of(rate), List.of(loss));
        } catch (IllegalStateException e) {
            plot = plot.title("Loss by learning rate, no suggestion");
        }
        return (plot.title.isEmpty() ? plot.title("Loss by learning rate") : plot)
                .xLabel("learning rate")
                .yLabel("loss");
    }

    static Picture histograms(LayerStatistics statistics) {
        List<Picture> rows = new ArrayList<>();
        Map<String, Tensor> activations = finite(statistics.activations());
        if (activations.isEmpty()) {
            throw new IllegalArgumentException("Pictures.histograms: no layer has a finite output");
        }
        rows.add(Charts.histograms(activations).title("Activations"));
        Map<String, Tensor> gradients = finite(statistics.gradients());
        if (!gradients.isEmpty()) {
            rows.add(Charts.histograms(gradients).title("Gradients"));
        }
        return new Panels(1, rows);
    }

    private static Map<String, Tensor> finite(Map<String, Tensor> tensors) {
        Map<String, Tensor> finite = new LinkedHashMap<>(tensors);
        finite.values().removeIf(t -> Arrays.stream(t.toDoubleArray()).noneMatch(Double::isFinite));
        return finite;
    }

    static Plot reliability(Calibration calibration) {
        if (calibration.count() == 0) {
            throw new IllegalArgumentException("Pictures.reliability: there are no examples");
        }
        int n = calibration.bins().size();
        double[] edges = new double[n + 1];
        double[] heights = new double[n];
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Calibration.Bin b = calibration.bins().get(i);
            edges[i + 1] = b.high();
            heights[i] = b.count() == 0 ? 0 : b.accuracy();
            if (b.count() > 0) {
                x.add(b.confidence());
                y.add(b.accuracy());
            }
        }
        return new Plot()
                .with(new Series(Series.Kind.BARS, "accuracy", edges, heights))
                .reference("confidence", new double[] {0, 1}, new double[] {0, 1})
                .points("mean confidence of the bin", x, y)
                .xRange(0, 1)
                .yRange(0, 1)
                .title("Reliability: expected calibration error "
                        + Texts.number(calibration.expectedCalibrationError()))
                .xLabel("confidence")
                .yLabel("accuracy")
                .size(560, 560);
    }

    static Picture scatter(Search.Result result) {
        List<Search.TrialResult> trials = result.trials().stream()
                .filter(t -> !t.failed())
                .sorted(Comparator.comparingInt(Search.TrialResult::number))
                .toList();
        List<Picture> panels = new ArrayList<>();
        for (String name : result.names()) {
            List<Search.TrialResult> own =
                    trials.stream().filter(t -> t.values().containsKey(name)).toList();
            if (!own.isEmpty()) {
                panels.add(panel(result, name, own));
            }
        }
        if (panels.isEmpty()) {
            throw new IllegalArgumentException(
                    "Pictures.scatter: of " + result.trials().size() + " trials none has a score and a hyperparameter");
        }
        return new Panels(Math.min(3, panels.size()), panels).title("Score by hyperparameter");
    }

    private static Picture panel(Search.Result result, String name, List<Search.TrialResult> trials) {
        List<String> texts = new ArrayList<>();
        double[] values = new double[trials.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = trials.get(i).values().get(name);
            if (value instanceof Number n) {
                values[i] = n.doubleValue();
            } else {
                if (!texts.contains(value.toString())) {
                    texts.add(value.toString());
                }
                values[i] = texts.indexOf(value.toString()) + 1;
            }
        }
        double[] scores = trials.stream().mapToDouble(Search.TrialResult::score).toArray();
        StringBuilder label = new StringBuilder(name);
        for (int i = 0; i < texts.size(); i++) {
            label.append(i == 0 ? ": " : ", ").append(i + 1).append(' ').append(texts.get(i));
        }
        Plot plot =
                new Plot().points("", values, scores).xLabel(label.toString()).yLabel("score");
        return (result.isLogarithmic(name) ? plot.logX() : plot).size(400, 320);
    }
}
