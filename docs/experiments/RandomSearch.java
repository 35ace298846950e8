package experiments;

import gradus.array.DType;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.optim.Sgd;
import gradus.nn.search.Search;
import gradus.nn.search.Search.Point;
import gradus.nn.search.Search.Range;
import gradus.nn.train.History;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.nn.zoo.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which learning rate and weight decay are best, on validation data, of values drawn at random? */
public final class RandomSearch {
    /** A search over the whole range, one within the ranges of its best fifth, and the validation accuracies by seed of the trial. */
    public record Result(
            Search.Result wide, Range rate, Range decay, Search.Result close, Map<Long, List<Double>> curves) {}

    private RandomSearch() {}

    /** Searches with 20% of the digits as validation data. */
    public static Result run(Dataset digits, int trials, int epochs, long seed) {
        List<Dataset> parts = digits.split(seed, 0.8, 0.2);
        Map<Long, List<Double>> curves = new ConcurrentHashMap<>();
        Search search = Search.maximize(trial -> {
            double rate = trial.logUniform("learning rate", 1e-6, 1e-2);
            double decay = trial.logUniform("weight decay", 1e-8, 1e-4);
            Mlp network = new Mlp(784, 50, 10);
            network.to(DType.FLOAT32);
            network.initialize(trial.seed());
            History history = Trainer.classifier(network)
                    .optimizer(new Sgd(network.parameters(), rate).momentum(0.9).l2(decay))
                    .batchSize(10)
                    .epochs(epochs)
                    .validation(parts.get(1))
                    .seed(trial.seed())
                    .fit(parts.get(0));
            List<Double> curve = history.curve(History.Epoch::validationAccuracy);
            curves.put(trial.seed(), curve);
            return curve.get(epochs - 1);
        });
        Search.Result wide = search.random(trials).seed(seed).run();
        Range rate = wide.narrowed("learning rate");
        Range decay = wide.narrowed("weight decay");
        Search.Result close = search.random(trials / 2)
                .seed(seed + 1)
                .within(rate)
                .within(decay)
                .run();
        return new Result(wide, rate, decay, close, curves);
    }

    /** Returns the mean score of all trials. */
    public static double mean(Search.Result result) {
        return result.trials().stream()
                .mapToDouble(Search.TrialResult::score)
                .average()
                .orElseThrow();
    }

    private static Plot scatter(Search.Result result, String name) {
        List<Point> points = result.points(name);
        return Pictures.scatter(
                        name,
                        points.stream().map(Point::value).toList(),
                        points.stream().map(Point::score).toList())
                .logX()
                .yLabel("validation accuracy")
                .yRange(0, 1)
                .size(480, 320);
    }

    private static void print(String name, Search.Result result, double rateLow, double rateHigh) {
        System.out.printf(
                Locale.ROOT,
                "%-13s   %6d   %7.0e to %5.0e   %12.0f%%   %4.0f%%%n",
                name,
                result.trials().size(),
                rateLow,
                rateHigh,
                100 * mean(result),
                100 * result.best().score());
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset all = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : DrawnDigits.make(full ? 2000 : 400, 1, DType.FLOAT32);
        Result r = run(all, 100, full ? 20 : 4, 1);
        System.out.println("search          trials   learning rates     mean accuracy    best");
        print("whole range", r.wide(), 1e-6, 1e-2);
        print("narrowed", r.close(), r.rate().low(), r.rate().high());
        System.out.printf(
                Locale.ROOT,
                "narrowed weight decay: %.0e to %.0e%n",
                r.decay().low(),
                r.decay().high());
        Plot curves = new Plot()
                .title("The 10 best trials and the worst")
                .xLabel("epoch")
                .yLabel("validation accuracy")
                .yRange(0, 1)
                .size(480, 320);
        List<Search.TrialResult> trials = r.wide().trials();
        for (int i = 0; i < 11; i++) {
            Search.TrialResult trial = trials.get(i < 10 ? i : trials.size() - 1);
            List<Double> curve = r.curves().get(trial.seed());
            double[] epochs = new double[curve.size()];
            Arrays.setAll(epochs, e -> e + 1);
            curves = curves.line("", epochs, curve);
        }
        Picture narrowed = scatter(r.close(), "learning rate").title("Narrowed");
        Pictures.panels(
                        2,
                        scatter(r.wide(), "learning rate").title("Whole range"),
                        scatter(r.wide(), "weight decay").title("Whole range"),
                        narrowed,
                        curves)
                .save(out.resolve("RandomSearch.svg"));
    }
}
