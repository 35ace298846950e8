package gradus.nn.train;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.nn.Model;
import gradus.nn.data.Batch;
import gradus.nn.train.LayerStatistics.LayerRow;
import gradus.nn.train.LayerStatistics.ParameterRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds why a model does not learn, from the rows of its {@link LayerStatistics}, which has the definitions. */
final class LayerFindings {
    private static final double DEAD = 0.25;
    private static final double SATURATED = 0.5;
    private static final double FACTOR = 1000;

    private final List<LayerRow> rows = new ArrayList<>();
    private final List<String> notFinite = new ArrayList<>();
    private final List<String> units = new ArrayList<>();
    private final List<String> equal = new ArrayList<>();
    private String lastGradient = "";

    /** Takes in the next layer; the gradient is null if there is none. */
    void add(LayerRow row, ObservedLayers.Layer layer, Units output, Tensor gradient) {
        rows.add(row);
        if (notFinite.isEmpty() && !Finite.isFinite(layer.y().value())) {
            notFinite.add("the output of " + row.text() + " is not finite: "
                    + place(layer.y().value()) + "; what was computed before it is finite");
        }
        if (gradient != null && !Finite.isFinite(gradient)) {
            lastGradient = "the gradient of the output of " + row.text() + " is not finite: " + place(gradient)
                    + "; those of the layers after it are finite";
        }
        boolean elementwise = layer.x().shape().equals(layer.y().shape());
        int dead = output.dead();
        if (elementwise
                && dead >= DEAD * output.count()
                && dead > output.with(layer.x().value().toDoubleArray()).dead()) {
            units.add(row.text() + ": " + dead + " of " + output.count()
                    + " units are dead, zero for all examples of the batch");
        }
        if (row.saturated() >= SATURATED) {
            units.add(String.format(
                    Locale.ROOT, "%s: %.1f%% of the elements are saturated", row.text(), 100 * row.saturated()));
        }
        if (gradient != null
                && output.areEqual()
                && output.with(gradient.toDoubleArray()).areEqual()) {
            equal.add(row.path());
        }
    }

    /** Returns the findings. */
    List<String> of(Model model, Batch batch, double loss, List<ParameterRow> parameters) {
        List<String> all = notFinite(model, batch, loss);
        if (!all.isEmpty()) {
            return all; // the gradients then mean nothing
        }
        String unreached = paths(parameters.stream()
                .filter(p -> !p.isFrozen() && Double.isNaN(p.gradientNorm()))
                .toList());
        if (!unreached.isEmpty()) {
            all.add("no gradient reaches " + unreached + ": the loss does not depend on it");
        }
        String zero =
                paths(parameters.stream().filter(p -> p.gradientNorm() == 0).toList());
        if (!zero.isEmpty()) {
            all.add("the gradient of " + zero + " is zero");
        }
        all.addAll(units);
        if (!equal.isEmpty()) {
            all.add(
                    "all units of a layer have the same output and the same gradient, and stay equal, as after an initialisation by zeros: "
                            + String.join(", ", equal));
        }
        addNorms(all);
        return all;
    }

    private static String paths(List<ParameterRow> parameters) {
        return parameters.stream().map(ParameterRow::path).collect(Collectors.joining(", "));
    }

    /** Returns where numbers that are not finite arise first. */
    private List<String> notFinite(Model model, Batch batch, double loss) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < batch.inputs().size(); i++) {
            if (!Finite.isFinite(batch.inputs().get(i))) {
                all.add("input " + i + " of the batch is not finite: "
                        + place(batch.inputs().get(i)));
            }
        }
        model.allParameters().forEach((path, p) -> {
            if (!Finite.isFinite(p.value())) {
                all.add("the parameter " + path + " is not finite: " + place(p.value()));
            }
        });
        if (all.isEmpty()) {
            all.addAll(notFinite);
        }
        if (all.isEmpty() && !Double.isFinite(loss)) {
            all.add("the loss is " + loss + "; the outputs of all layers are finite");
        }
        if (all.isEmpty() && !lastGradient.isEmpty()) {
            all.add(lastGradient);
        }
        return all;
    }

    /** Returns the first element that is not finite, with its index, and how many there are. */
    private static String place(Tensor t) {
        double[] values = t.toDoubleArray();
        int first = 0;
        while (Double.isFinite(values[first])) {
            first++;
        }
        long count = Arrays.stream(values).filter(v -> !Double.isFinite(v)).count();
        return count + " of " + values.length + " elements, the first " + values[first] + " at "
                + Arrays.toString(index(first, t.shape()));
    }

    private static int[] index(int position, Shape shape) {
        int[] index = new int[shape.rank()];
        int rest = position;
        for (int i = index.length - 1; i >= 0; i--) {
            index[i] = rest % shape.dim(i);
            rest /= shape.dim(i);
        }
        return index;
    }

    /** Compares the norms of the gradients of the first layers with that of the last. */
    private void addNorms(List<String> all) {
        List<LayerRow> with =
                rows.stream().filter(r -> !Double.isNaN(r.gradientNorm())).toList();
        if (with.size() < 2) {
            return;
        }
        LayerRow last = with.get(with.size() - 1);
        List<LayerRow> low = new ArrayList<>();
        List<LayerRow> high = new ArrayList<>();
        for (LayerRow r : with) {
            if (low.size() + high.size() < with.indexOf(r)) {
                break;
            }
            if (r.gradientNorm() * FACTOR < last.gradientNorm()) {
                low.add(r);
            } else if (r.gradientNorm() > FACTOR * last.gradientNorm()) {
                high.add(r);
            }
        }
        add(all, "vanishing", low, last);
        add(all, "exploding", high, last);
    }

    private static void add(List<String> all, String what, List<LayerRow> first, LayerRow last) {
        if (!first.isEmpty()) {
            LayerRow r = first.get(0);
            String to = first.size() == 1
                    ? ""
                    : ", and so on up to " + first.get(first.size() - 1).text();
            all.add(what + " gradients: the norm of the gradient is " + LayerStatistics.number(last.gradientNorm())
                    + " at the last layer, " + last.text() + ", and " + LayerStatistics.number(r.gradientNorm())
                    + " at " + r.text() + to);
        }
    }
}
