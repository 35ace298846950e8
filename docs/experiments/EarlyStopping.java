package experiments;

import gradus.array.DType;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.data.Transforms;
import gradus.nn.optim.Adam;
import gradus.nn.train.History;
import gradus.nn.train.Trainer;
import gradus.nn.view.Pictures;
import gradus.nn.zoo.Mlp;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** When should training stop? */
public final class EarlyStopping {
    /** A training on 60% of the digits, validated on 20%: its history, and the accuracy and loss on the other 20%. */
    public record Result(String name, History history, double accuracy, double loss) {}

    private EarlyStopping() {}

    /** Returns digits with noise, which a network learns by heart. */
    public static Dataset digits(int n, long seed) {
        Batch noisy = DrawnDigits.make(n, seed, DType.FLOAT32)
                .transformed(Transforms.noise(0.4), seed)
                .all();
        return Dataset.of(noisy.x(), noisy.classes());
    }

    /** Trains to the last epoch, and, from the same weights, until the validation loss has not fallen for five epochs. */
    public static List<Result> run(Dataset digits, int epochs, long seed) {
        List<Dataset> parts = digits.split(seed, 0.6, 0.2, 0.2);
        List<Result> results = new ArrayList<>();
        for (boolean early : new boolean[] {false, true}) {
            Mlp network = new Mlp(784, 100, 10);
            network.to(DType.FLOAT32);
            network.initialize(seed);
            Trainer trainer = Trainer.classifier(network)
                    .optimizer(new Adam(network.parameters(), 0.001))
                    .batchSize(20)
                    .epochs(epochs)
                    .validation(parts.get(1))
                    .seed(seed);
            History history = (early ? trainer.earlyStopping(5) : trainer).fit(parts.get(0));
            double loss = Losses.softmaxCrossEntropy(
                            Node.constant(Trainer.predict(network, parts.get(2))),
                            parts.get(2).classes())
                    .item();
            String name = early ? "best epoch" : "last epoch";
            results.add(new Result(name, history, Trainer.accuracy(network, parts.get(2)), loss));
        }
        return results;
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : digits(full ? 4000 : 600, 1);
        List<Result> results = run(digits, full ? 60 : 40, 1);
        System.out.println("weights of    number   epochs trained   test accuracy   test loss");
        for (Result r : results) {
            int trained = r.history().epochs().size();
            System.out.printf(
                    Locale.ROOT,
                    "%s    %6d   %14d   %12.0f%%   %9.2f%n",
                    r.name(),
                    r.name().startsWith("best") ? r.history().best().number() : trained,
                    trained,
                    100 * r.accuracy(),
                    r.loss());
        }
        Map<String, List<Double>> curves = new LinkedHashMap<>();
        History whole = results.get(0).history();
        curves.put("training", whole.curve(History.Epoch::trainLoss));
        curves.put("validation", whole.curve(History.Epoch::validationLoss));
        double best = results.get(1).history().best().number();
        Pictures.curves(curves)
                .title("Digits, 60% training and 20% validation")
                .yLabel("cross entropy")
                .reference("best epoch", List.of(best, best), List.of(0, 2.3))
                .size(560, 360)
                .save(out.resolve("EarlyStopping.svg"));
    }
}
