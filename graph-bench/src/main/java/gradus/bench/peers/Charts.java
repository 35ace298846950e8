package gradus.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Bar charts of the peers' times divided by that of Gradus, by workload, on one thread, on a logarithmic scale: a bar to the
 * right of the line at 1 is a peer slower than Gradus.
 */
final class Charts {
    private static final int LEFT = 110;
    private static final int RIGHT = 700;
    private static final int BAR = 12;
    private static final int GAP = 14;
    private static final int TOP = 60;
    private static final Map<String, String> COLOURS = new LinkedHashMap<>();

    static {
        COLOURS.put("PyTorch, DJL", "#d62728");
        COLOURS.put("PyTorch, Python", "#ff9f50");
        COLOURS.put("SameDiff", "#1f77b4");
        COLOURS.put("OpenBLAS", "#2ca02c");
        COLOURS.put("OpenBLAS, SkylakeX", "#98df8a");
        COLOURS.put("machine's limit", "#7f7f7f");
    }

    private Charts() {}

    /** Writes the charts and returns their titles by file name. */
    static Map<String, String> write(List<Measurement> measured, Path folder) throws IOException {
        Map<String, String> charts = new LinkedHashMap<>();
        Files.createDirectories(folder);
        draw(measured, folder, charts, "training.svg", "chains and training", w -> w.row()
                .matches("W[1-6]"));
        draw(measured, folder, charts, "products.svg", "products 1024^3", w -> w.row()
                .equals("W7"));
        draw(measured, folder, charts, "elements.svg", "functions of 1e6 elements", w -> w.row()
                .equals("W8"));
        draw(
                measured,
                folder,
                charts,
                "operations.svg",
                "ops, forward and backward",
                w -> w.task() instanceof Task.Operation);
        return charts;
    }

    private record Bar(String workload, String peer, double ratio) {}

    private static void draw(
            List<Measurement> measured,
            Path folder,
            Map<String, String> charts,
            String file,
            String what,
            Predicate<Workload> chosen)
            throws IOException {
        List<Bar> bars = new ArrayList<>();
        for (Workload w : Workload.all()) {
            Measurement ours = chosen.test(w) ? TargetResult.find(measured, w.id(), "Gradus", 1) : null;
            for (String peer : COLOURS.keySet()) {
                Measurement theirs = TargetResult.find(measured, w.id(), peer, 1);
                if (ours != null && theirs != null && ours.nanoseconds().length == theirs.nanoseconds().length) {
                    double ratio = Ratio.of(theirs.nanoseconds(), ours.nanoseconds(), 1)
                            .median();
                    bars.add(new Bar(w.id(), peer, ratio));
                }
            }
        }
        if (!bars.isEmpty()) {
            String title = "Time over that of Gradus, one thread: " + what;
            Files.writeString(folder.resolve(file), svg(title, bars));
            charts.put(file, title);
        }
    }

    /** Returns a picture with a group of bars for each workload. */
    static String svg(String title, List<Bar> bars) {
        double most = bars.stream().mapToDouble(Bar::ratio).max().orElse(1);
        double least = bars.stream().mapToDouble(Bar::ratio).min().orElse(1);
        int from = (int) Math.floor(Math.log10(Math.min(least, 0.99)));
        int to = (int) Math.ceil(Math.log10(Math.max(most, 1.01)));
        StringBuilder marks = new StringBuilder();
        String group = "";
        int y = TOP;
        for (Bar b : bars) {
            if (!b.workload.equals(group)) {
                group = b.workload;
                y += GAP;
                text(marks, 8, y + BAR - 2, group);
            }
            double x1 = x(1, from, to);
            double x2 = x(b.ratio, from, to);
            marks.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    Math.min(x1, x2),
                    y,
                    Math.abs(x2 - x1),
                    BAR - 2,
                    COLOURS.get(b.peer)));
            text(marks, Math.max(x1, x2) + 4, y + BAR - 3, Ratio.number(b.ratio));
            y += BAR;
        }
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">%n",
                RIGHT + 60, y + GAP));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text(svg, 8, 18, title);
        legend(svg, bars);
        for (int e = from; e <= to; e++) {
            double x = x(Math.pow(10, e), from, to);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>%n",
                    x,
                    x,
                    TOP,
                    y,
                    e == 0 ? "black" : "#dddddd"));
            text(svg, x - 4, TOP - 4, e < 0 ? String.valueOf(Math.pow(10, e)) : String.valueOf((int) Math.pow(10, e)));
        }
        return svg.append(marks).append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg, List<Bar> bars) {
        int x = 8;
        for (Map.Entry<String, String> c : COLOURS.entrySet()) {
            if (bars.stream().anyMatch(b -> b.peer.equals(c.getKey()))) {
                svg.append(String.format(
                        "<rect x=\"%d\" y=\"27\" width=\"10\" height=\"10\" fill=\"%s\"/>%n", x, c.getValue()));
                text(svg, x + 14, 36, c.getKey());
                x += 125;
            }
        }
    }

    private static double x(double ratio, int from, int to) {
        return LEFT + (Math.log10(ratio) - from) / (to - from) * (RIGHT - LEFT);
    }

    private static void text(StringBuilder svg, double x, double y, String words) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, words));
    }
}
