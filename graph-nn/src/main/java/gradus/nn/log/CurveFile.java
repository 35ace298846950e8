package gradus.nn.log;

import gradus.nn.train.Callback;
import gradus.nn.train.History.Epoch;
import gradus.nn.train.Progress;
import gradus.nn.view.Curves;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Draws the learning curves of training and validation into a file after each epoch, a PNG or an SVG by its name. The file is replaced
 * at once, so that a viewer never sees a part of a picture.
 */
public final class CurveFile implements Callback {
    private final Path file;
    private final String what;
    private final boolean svg;

    /**
     * Returns the curves of the loss in a file.
     *
     * @throws IllegalArgumentException if the file's name ends neither with .png nor with .svg
     */
    public CurveFile(Path file) {
        this(file, "loss");
    }

    /**
     * Returns the curves of a metric in a file.
     *
     * @param metric its name in the trainer, or {@code loss}
     * @throws IllegalArgumentException if the file's name ends neither with .png nor with .svg
     */
    public CurveFile(Path file, String metric) {
        this.file = Objects.requireNonNull(file, "CurveFile: file is null");
        this.what = Objects.requireNonNull(metric, "CurveFile: metric is null");
        String name = file.toString().toLowerCase(Locale.ROOT);
        this.svg = name.endsWith(".svg");
        if (!svg && !name.endsWith(".png")) {
            throw new IllegalArgumentException("CurveFile: " + file + " ends neither with .png nor with .svg");
        }
    }

    /**
     * Draws the curves of the epochs so far.
     *
     * @throws IllegalArgumentException if the trainer has no such metric
     * @throws UncheckedIOException if the file cannot be written; it names it
     */
    @Override
    public void onEpoch(Progress p) {
        boolean isLoss = what.equals("loss");
        if (!isLoss && !p.epoch().trainMetrics().containsKey(what)) {
            throw new IllegalArgumentException("CurveFile: there is no metric " + what + "; there are loss and "
                    + p.epoch().trainMetrics().keySet());
        }
        Map<String, List<Double>> curves = new LinkedHashMap<>();
        curves.put("training", curve(p, isLoss ? Epoch::trainLoss : e -> of(e.trainMetrics())));
        curves.put("validation", curve(p, isLoss ? Epoch::validationLoss : e -> of(e.validationMetrics())));
        if (curves.values().stream().flatMap(List::stream).noneMatch(Double::isFinite)) {
            return; // nothing can be drawn yet
        }
        try {
            if (svg) {
                Curves.svg(file, what, what, curves);
            } else {
                Curves.png(file, what, what, curves);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("CurveFile: " + e.getMessage(), e);
        }
    }

    private double of(Map<String, Double> metrics) {
        return metrics.getOrDefault(what, Double.NaN);
    }

    private static List<Double> curve(Progress p, ToDoubleFunction<Epoch> value) {
        return p.epochs().stream().map(value::applyAsDouble).toList();
    }
}
