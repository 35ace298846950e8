package gradus.nn.train;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What the layers of a model compute for a batch, and the gradients of the loss: why a model does not learn. {@code
 * System.out.print(LayerStatistics.of(model, Loss.crossEntropy(), batch))} prints a row for each layer and each parameter, and {@link #findings}:
 *
 * <ul>
 *   <li>numbers that are not finite, at the place where they arise;
 *   <li>parameters that no gradient reaches, or whose gradient is zero;
 *   <li>dead units, which are zero for every example of the batch: in an elementwise layer, a quarter of the units or more;
 *   <li>saturated units: a tanh above 0.97 or below -0.97, or a sigmoid as near to its bounds, {@code |2 y - 1| > 0.97}, for half of the
 *       layer's elements or more. The slope is then below 6% of the largest. The bound of tanh is that of A. Karpathy's lecture "Building
 *       makemore, part 3";
 *   <li>equal units: all units of a layer have the same outputs and the same gradients, as after an initialisation by zeros, and stay equal
 *       ("Deep Learning from Scratch", section 6.2.1);
 *   <li>vanishing and exploding gradients: from the first layer on, the norm of the gradient with respect to the layer's output is less than
 *       1/1000, or more than 1000 times, of that at the last layer. That gradients shrink or grow from layer to layer is described by Glorot and
 *       Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010.
 * </ul>
 *
 * <p>The shares of a quarter and a half and the factor of 1000 are conventions of this class. The batch is computed as the first step of a
 * training with seed 0: batch normalisation uses the batch's statistics, and dropout is active. Buffers are restored and no parameter is
 * changed.
 *
 * <p>Layers are those that are reported to a {@link Pass.Observer}. In a model of your own, the layers with parameters are added, each with
 * what it has computed last, and activation functions, which have the name of the layer before them: {@code hidden relu}.
 */
public final class LayerStatistics {
    private final List<LayerRow> layers;
    private final List<ParameterRow> parameters;
    private final Map<String, Tensor> activations;
    private final Map<String, Tensor> gradients;
    private final List<String> findings;

    /**
     * The output of a layer.
     *
     * @param path of the layer in the model; what is called again has {@code #2} and so on behind it
     * @param type the class of the layer; of a function, its last op
     * @param shape of the output
     * @param mean of all elements; NaN if one is
     * @param standardDeviation of all elements, the divisor being their number
     * @param zeros the share of elements that are 0
     * @param units the number of units: features [n, features] or [n, t, features], or channels [n, channels, ..] of images and 1d convolutions
     * @param deadUnits the number of units that are 0 for all examples
     * @param saturated the share of saturated elements; NaN if the layer's last op is neither tanh nor sigmoid
     * @param gradientNorm the Euclidean norm of the gradient of the loss with respect to the output; NaN if it has none
     */
    public record LayerRow(
            String path,
            String type,
            Shape shape,
            double mean,
            double standardDeviation,
            double zeros,
            int units,
            int deadUnits,
            double saturated,
            double gradientNorm) {
        /** Returns the path and the type, as in messages. */
        String text() {
            return path + " (" + type + ")";
        }
    }

    /**
     * A parameter and its gradient.
     *
     * @param path of the parameter in the model
     * @param norm its Euclidean norm
     * @param gradientNorm that of its gradient; NaN if no gradient reaches it
     * @param ratio {@code gradientNorm / norm}: a step of stochastic gradient descent changes the parameter by this share times the learning
     *     rate. It is not finite for a parameter of zeros
     * @param isFrozen whether it is not trained
     */
    public record ParameterRow(
            String path, Shape shape, double norm, double gradientNorm, double ratio, boolean isFrozen) {}

    private LayerStatistics(
            List<LayerRow> layers,
            List<ParameterRow> parameters,
            Map<String, Tensor> activations,
            Map<String, Tensor> gradients,
            List<String> findings) {
        this.layers = List.copyOf(layers);
        this.parameters = List.copyOf(parameters);
        this.activations = Collections.unmodifiableMap(activations);
        this.gradients = Collections.unmodifiableMap(gradients);
        this.findings = List.copyOf(findings);
    }

    /**
     * Returns the statistics of a model of one input.
     *
     * @throws IllegalArgumentException if the batch does not fit the model or the loss, or the loss is not one number
     */
    public static LayerStatistics of(Model model, Loss loss, Batch batch) {
        Objects.requireNonNull(model, "LayerStatistics.of: model is null");
        return of(model, (b, pass) -> model.forward(Node.constant(b.x()), pass), loss, batch);
    }

    /** Returns the statistics of a model that is called as by {@link Trainer#forward}, otherwise as {@link #of(Model, Loss, Batch)}. */
    public static LayerStatistics of(Model model, Forward forward, Loss loss, Batch batch) {
        Objects.requireNonNull(model, "LayerStatistics.of: model is null");
        Objects.requireNonNull(forward, "LayerStatistics.of: forward is null");
        Objects.requireNonNull(loss, "LayerStatistics.of: loss is null");
        Objects.requireNonNull(batch, "LayerStatistics.of: batch is null");
        Runnable restoreBuffers = model.snapshot();
        try {
            Batch converted = Evaluation.converted(batch, model.dtype());
            ObservedLayers observed = new ObservedLayers(model);
            Pass pass = Pass.training(0, 0).observedBy(observed);
            Node output = Pass.duringTraining(() -> forward.of(converted, pass));
            List<ObservedLayers.Layer> layers = observed.upTo(output);
            Node cost = loss.of(output, converted);
            if (cost.shape().size() != 1) {
                throw new IllegalArgumentException(
                        "LayerStatistics: the loss has the shape " + cost.shape() + "; one number is needed");
            }
            return of(model, converted, layers, cost, cost.isTracked() ? cost.backward() : null);
        } finally {
            restoreBuffers.run();
        }
    }

    /** Computes the statistics; the gradients are null if the loss depends on no trained parameter. */
    private static LayerStatistics of(
            Model model, Batch batch, List<ObservedLayers.Layer> observed, Node cost, Gradients g) {
        List<LayerRow> rows = new ArrayList<>();
        Map<String, Tensor> activations = new LinkedHashMap<>();
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        LayerFindings findings = new LayerFindings();
        for (ObservedLayers.Layer l : observed) {
            Tensor gradient = g != null && l.y().isTracked() && g.reached(l.y())
                    ? g.of(l.y()).value()
                    : null;
            Units output = Units.of(l.y());
            LayerRow row = new LayerRow(
                    l.path(),
                    l.type(),
                    l.y().shape(),
                    output.mean(),
                    output.standardDeviation(),
                    output.zeros(),
                    output.count(),
                    output.dead(),
                    output.saturated(l.y().op()),
                    gradient == null ? Double.NaN : norm(gradient));
            rows.add(row);
            activations.put(l.path(), l.y().value());
            if (gradient != null) {
                gradients.put(l.path(), gradient);
            }
            findings.add(row, l, output, gradient);
        }
        List<ParameterRow> parameters = new ArrayList<>();
        model.allParameters().forEach((path, p) -> {
            double norm = norm(p.value());
            double gradientNorm = g != null && g.reached(p) ? norm(g.of(p).value()) : Double.NaN;
            parameters.add(new ParameterRow(path, p.shape(), norm, gradientNorm, gradientNorm / norm, p.isFrozen()));
        });
        return new LayerStatistics(
                rows, parameters, activations, gradients, findings.of(model, batch, cost.item(), parameters));
    }

    private static double norm(Tensor t) {
        double sum = 0;
        double scale = 0;
        double[] values = t.toDoubleArray();
        for (double v : values) {
            scale = Math.max(scale, Math.abs(v)); // NaN stays
        }
        if (scale == 0 || !Double.isFinite(scale)) {
            return scale;
        }
        for (double v : values) {
            sum += v / scale * (v / scale);
        }
        return scale * Math.sqrt(sum);
    }

    /** Returns a row for each layer, in the order in which they are computed. */
    public List<LayerRow> layers() {
        return layers;
    }

    /** Returns a row for each parameter, in the order of the model. */
    public List<ParameterRow> parameters() {
        return parameters;
    }

    /** Returns the outputs by layer, in the order of {@link #layers}, as for {@code Pictures.histograms}. */
    public Map<String, Tensor> activations() {
        return activations;
    }

    /** Returns the gradients of the loss with respect to the outputs by layer; layers without one, as before the first parameter, are left out. */
    public Map<String, Tensor> gradients() {
        return gradients;
    }

    /** Returns what may keep the model from learning, a sentence each, which names the layer; empty if nothing was found. */
    public List<String> findings() {
        return findings;
    }

    /** Returns a table of the layers, one of the parameters, and the findings. */
    @Override
    public String toString() {
        List<String[]> table = new ArrayList<>();
        table.add(new String[] {"layer", "type", "output", "mean", "std", "zeros", "dead", "saturated", "gradient"});
        for (LayerRow r : layers) {
            table.add(new String[] {
                r.path(),
                r.type(),
                r.shape().toString(),
                number(r.mean()),
                number(r.standardDeviation()),
                percent(r.zeros()),
                r.deadUnits() + "/" + r.units(),
                percent(r.saturated()),
                number(r.gradientNorm())
            });
        }
        StringBuilder out = new StringBuilder(text(3, table)).append('\n');
        table.clear();
        table.add(new String[] {"parameter", "shape", "norm", "gradient", "gradient/norm"});
        for (ParameterRow p : parameters) {
            table.add(new String[] {
                p.path(),
                p.shape().toString(),
                number(p.norm()),
                p.isFrozen() ? "frozen" : number(p.gradientNorm()),
                number(p.ratio())
            });
        }
        out.append(text(2, table)).append('\n');
        findings.forEach(f -> out.append("- ").append(f).append('\n'));
        return out.append(findings.isEmpty() ? "nothing found\n" : "").toString();
    }

    static String number(double v) {
        return Double.isNaN(v) ? "-" : v == 0 ? "0" : String.format(Locale.ROOT, "%.3g", v);
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** Formats rows, of which the first columns are aligned left. */
    private static String text(int left, List<String[]> rows) {
        int[] width = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                width[i] = Math.max(width[i], row[i].length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String pad = " ".repeat(width[i] - row[i].length());
                line.append(i == 0 ? "" : "  ").append(i < left ? row[i] + pad : pad + row[i]);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
