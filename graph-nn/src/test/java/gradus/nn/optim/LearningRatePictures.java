package gradus.nn.optim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The pictures of docs/learning-rates.md, as SVG: each schedule over 100 steps, a plateau over 100 epochs. Run it with the folder
 * of the pictures, {@code docs/learning-rates}, as argument to write them again; {@link LearningRateTest} compares them.
 */
final class LearningRatePictures {
    private static final int STEPS = 100;
    private static final int WIDTH = 300;
    private static final int HEIGHT = 90;
    private static final int LEFT = 34;
    private static final int TOP = 8;

    /** A loss that falls, and stays twice. */
    private static final List<Double> LOSSES = DoubleStream.iterate(0, i -> i + 1)
            .limit(STEPS)
            .map(i -> i < 20 ? 2 - 0.05 * i : i < 50 ? 1 : i < 60 ? 1.5 - 0.01 * i : 0.9)
            .boxed()
            .toList();

    private LearningRatePictures() {}

    /** Returns the schedules of the page by the names of their pictures. */
    static Map<String, LearningRate> schedules() {
        Map<String, LearningRate> all = new LinkedHashMap<>();
        all.put("constant", LearningRate.constant(0.1));
        all.put("step", LearningRate.step(0.1, 25, 0.5));
        all.put("multi-step", LearningRate.multiStep(0.1, 0.3, 40, 80));
        all.put("exponential", LearningRate.exponential(0.1, 0.97));
        all.put("polynomial", LearningRate.polynomial(0.1, 100, 2));
        all.put("cosine", LearningRate.cosine(0.1, 100));
        all.put("cosine-restarts", LearningRate.cosineRestarts(0.1, 15, 2));
        all.put("one-cycle", LearningRate.oneCycle(0.1, 100));
        all.put("warmup", LearningRate.cosine(0.1, 100).warmup(10));
        all.put("then", LearningRate.constant(0.1).then(40, LearningRate.exponential(0.05, 0.95)));
        all.put("plateau", LearningRate.plateau(0.1).factor(0.5));
        return all;
    }

    /** Returns a picture, whose vertical axis begins at 0 and ends at 0.1. */
    static String svg(LearningRate schedule) {
        StringBuilder points = new StringBuilder();
        for (int step = 0; step < STEPS; step++) {
            double rate = schedule.at(step, LOSSES.subList(0, step));
            double x = LEFT + (WIDTH - LEFT - 8.0) * step / (STEPS - 1);
            double y = TOP + HEIGHT * (1 - rate / 0.1);
            points.append(String.format(Locale.ROOT, step == 0 ? "%.1f,%.1f" : " %.1f,%.1f", x, y));
        }
        int bottom = TOP + HEIGHT;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" font-family="sans-serif" font-size="11">
                <rect width="100%%" height="100%%" fill="white"/>
                <line x1="%3$d" x2="%3$d" y1="%4$d" y2="%5$d" stroke="black"/>
                <line x1="%3$d" x2="%6$d" y1="%5$d" y2="%5$d" stroke="black"/>
                <text x="12" y="16">0.1</text>
                <text x="21" y="%7$d">0</text>
                <text x="%3$d" y="%8$d">0</text>
                <text x="%9$d" y="%8$d">99</text>
                <polyline points="%10$s" fill="none" stroke="#1f77b4" stroke-width="2"/>
                </svg>
                """
                .formatted(
                        WIDTH, bottom + 20, LEFT, TOP, bottom, WIDTH - 8, bottom + 4, bottom + 15, WIDTH - 20, points);
    }

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        for (Map.Entry<String, LearningRate> e : schedules().entrySet()) {
            Files.writeString(folder.resolve(e.getKey() + ".svg"), svg(e.getValue()));
        }
    }
}
