package gradus.nn.view;

import gradus.array.Tensor;
import gradus.nn.train.LayerStatistics;
import gradus.nn.train.LearningRateFinder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of what {@code gradus.nn.train} measures. */
final class TrainingPictures {
    private TrainingPictures() {}

    static Plot learningRates(LearningRateFinder.Result result) {
        if (result.rates().isEmpty()) {
            throw new IllegalArgumentException("Pictures.learningRates: the result has no losses");
        }
        Plot plot = new Plot()
                .logX()
                .reference("batch", result.rates(), result.losses())
                .line("smoothed", result.rates(), result.smoothed());
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
}
