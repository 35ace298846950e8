package gradus.nn.view;

import gradus.nn.view.Series.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The plots of {@link Pictures} that need some computing. */
final class Charts {
    private static final int BINS = 40;

    private Charts() {}

    /** Returns curves over 1, 2, 3 and so on; a curve without finite numbers is in the legend only. */
    static Plot curves(String where, Map<?, ?> curves) {
        Plot plot = new Plot();
        boolean any = false;
        for (Map.Entry<?, ?> e : curves.entrySet()) {
            String name = String.valueOf(e.getKey());
            String what = where + ": curve \"" + name + "\"";
            if (e.getValue() == null) {
                throw new NullPointerException(what + " is null");
            }
            double[] y = Numbers.vector(what, e.getValue());
            Series s = new Series(Kind.LINE, name, counted(y.length), y);
            any |= !s.hasNone();
            plot = plot.with(s);
        }
        if (!any) {
            throw new IllegalArgumentException(where + ": no finite number in the curves " + curves.keySet());
        }
        return plot;
    }

    static Plot curve(String where, Object values) {
        double[] y = Numbers.vector(where + ": the curve", values);
        Numbers.finite(where + ": the curve", y);
        return new Plot().with(new Series(Kind.LINE, "", counted(y.length), y));
    }

    private static double[] counted(int n) {
        return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
    }

    static Plot learningRates(Object rates, Object losses) {
        double[] x = Numbers.vector("Pictures.learningRates: rates", rates);
        double[] y = Numbers.vector("Pictures.learningRates: losses", losses);
        Plot plot = new Plot().logX().line("loss", x, y);
        int best = IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
                .boxed()
                .min(Comparator.comparingDouble(i -> y[i]))
                .orElseThrow(() -> new IllegalArgumentException("Pictures.learningRates: no rate has a finite loss"));
        String name = "lowest: " + Texts.number(y[best]) + " at " + Texts.number(x[best]);
        return plot.points(name, new double[] {x[best]}, new double[] {y[best]})
                .title("Loss by learning rate")
                .xLabel("learning rate")
                .yLabel("loss");
    }

    static Plot scatter(String parameter, Object values, Object scores) {
        return new Plot()
                .points("", values, scores)
                .title("Score by " + parameter)
                .xLabel(parameter)
                .yLabel("score");
    }

    static Plot histogram(String where, Object values) {
        double[] all = Numbers.all(where, values);
        double[] finite = Numbers.finite(where, all);
        double low = Arrays.stream(finite).min().orElseThrow();
        double high = Arrays.stream(finite).max().orElseThrow();
        return histogram(all, finite, low, high);
    }

    /** Returns one histogram by name, all of them over the same range. */
    static Picture histograms(Map<String, ?> values) {
        List<double[]> all = new ArrayList<>();
        List<double[]> finite = new ArrayList<>();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Pictures.histograms: values is empty");
        }
        for (Map.Entry<String, ?> e : values.entrySet()) {
            String what = "Pictures.histograms: \"" + e.getKey() + "\"";
            if (e.getValue() == null) {
                throw new NullPointerException(what + " is null");
            }
            all.add(Numbers.all(what, e.getValue()));
            finite.add(Numbers.finite(what, all.get(all.size() - 1)));
            for (double v : finite.get(finite.size() - 1)) {
                low = Math.min(low, v);
                high = Math.max(high, v);
            }
        }
        List<Picture> parts = new ArrayList<>();
        int i = 0;
        for (String name : values.keySet()) {
            parts.add(
                    histogram(all.get(i), finite.get(i), low, high).title(name).size(320, 260));
            i++;
        }
        return new Panels(Math.min(parts.size(), 5), parts);
    }

    private static Plot histogram(double[] all, double[] finite, double low, double high) {
        double from = low < high ? low : low - 0.5;
        double to = low < high ? high : high + 0.5;
        double[] edges = new double[BINS + 1];
        Arrays.setAll(edges, i -> from + (to - from) * i / BINS);
        double[] counts = new double[BINS];
        double mean = 0;
        for (double v : finite) {
            counts[(int) Math.max(0, Math.min(BINS - 1, Math.floor((v - from) / (to - from) * BINS)))]++;
            mean += v / finite.length;
        }
        double square = 0;
        for (double v : finite) {
            square += (v - mean) * (v - mean) / finite.length;
        }
        int lost = all.length - finite.length;
        String name = "mean " + Texts.number(mean) + ", std " + Texts.number(Math.sqrt(square))
                + (lost > 0 ? ", " + lost + " not finite" : "");
        return new Plot().with(new Series(Kind.BARS, name, edges, counts)).yLabel("count");
    }

    /** Returns the curve of a binary classifier; examples of equal score are taken in together. */
    static Plot roc(Object scores, Object labels) {
        String where = "Pictures.roc";
        double[] s = Numbers.vector(where + ": scores", scores);
        double[] t = Numbers.vector(where + ": labels", labels);
        if (s.length != t.length) {
            throw new IllegalArgumentException(where + ": " + s.length + " scores and " + t.length + " labels");
        }
        for (int i = 0; i < s.length; i++) {
            if (t[i] != 0 && t[i] != 1) {
                throw new IllegalArgumentException(where + ": label " + i + " is " + t[i] + "; labels are 0 and 1");
            }
            if (Double.isNaN(s[i])) {
                throw new IllegalArgumentException(where + ": score " + i + " is NaN");
            }
        }
        double positive = Arrays.stream(t).sum();
        double negative = t.length - positive;
        if (positive == 0 || negative == 0) {
            throw new IllegalArgumentException(
                    where + ": " + (int) positive + " labels are 1 and " + (int) negative + " are 0; both are needed");
        }
        int[] order = IntStream.range(0, s.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -s[i]))
                .mapToInt(i -> i)
                .toArray();
        List<Double> x = new ArrayList<>(List.of(0.0));
        List<Double> y = new ArrayList<>(List.of(0.0));
        double truePositives = 0;
        double falsePositives = 0;
        double area = 0;
        for (int k = 0; k < order.length; k++) {
            truePositives += t[order[k]];
            falsePositives += 1 - t[order[k]];
            if (k + 1 == order.length || s[order[k]] != s[order[k + 1]]) {
                double px = falsePositives / negative;
                double py = truePositives / positive;
                area += (px - x.get(x.size() - 1)) * (py + y.get(y.size() - 1)) / 2;
                x.add(px);
                y.add(py);
            }
        }
        return new Plot()
                .line("area under the curve " + Texts.number(area), x, y)
                .reference("chance", new double[] {0, 1}, new double[] {0, 1})
                .xRange(0, 1)
                .yRange(0, 1)
                .title("ROC curve")
                .xLabel("false positive rate")
                .yLabel("true positive rate")
                .size(560, 560);
    }
}
