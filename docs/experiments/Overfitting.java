package experiments;

import gradus.array.DType;
import gradus.graph.Node;
import gradus.nn.Dropout;
import gradus.nn.Ensemble;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.data.Transforms;
import gradus.nn.init.He;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Optimizer;
import gradus.nn.train.History;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What reduces the over-fitting of a network of seven layers to 300 digits? */
public final class Overfitting {
    /** Accuracies on the training and the test set after training; the history of the last epochs is null for an ensemble. */
    public record Result(String name, double train, double test, History history) {
        /** Returns how much better the network is on examples it has seen. */
        public double gap() {
            return train - test;
        }
    }

    private Overfitting() {}

    /** Returns digits with noise, which are harder to learn from few examples. */
    public static Dataset digits(int n, long seed) {
        Batch noisy = DrawnDigits.make(n, seed, DType.FLOAT32)
                .transformed(Transforms.noise(0.4), seed)
                .all();
        return Dataset.of(noisy.x(), noisy.classes());
    }

    /** Trains the network without a remedy, with L2, with dropout, and five networks whose mean is taken. */
    public static List<Result> run(Dataset train, Dataset test, int epochs, long seed) {
        List<Result> results = new ArrayList<>();
        results.add(train("none", network(0), 0, train, test, epochs, seed));
        results.add(train("L2", network(0), 0.02, train, test, epochs, seed));
        results.add(train("dropout", network(0.2), 0, train, test, epochs, seed));
        Layer[] members = new Layer[5];
        for (int i = 0; i < members.length; i++) {
            Sequential member = network(0.2);
            train("member", member, 0, train, test, epochs, 5 * seed + i);
            members[i] = member;
        }
        Ensemble ensemble = Ensemble.ofProbabilities(members);
        results.add(new Result(
                "five networks with dropout",
                Trainer.accuracy(ensemble, train),
                Trainer.accuracy(ensemble, test),
                null));
        return results;
    }

    private static Sequential network(double dropout) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            layers.add(new Linear(i == 0 ? 784 : 100, 100, He.normal()));
            layers.add(Node::relu);
            if (dropout > 0) {
                layers.add(new Dropout(dropout));
            }
        }
        layers.add(new Linear(100, 10));
        return Sequential.of(layers.toArray(Layer[]::new));
    }

    private static Result train(
            String name, Sequential network, double l2, Dataset train, Dataset test, int epochs, long seed) {
        network.to(DType.FLOAT32);
        network.initialize(seed);
        Optimizer optimizer = new Adam(network.parameters(), 0.001).l2(l2);
        History history = Trainer.classifier(network)
                .optimizer(optimizer)
                .batchSize(50)
                .epochs(epochs)
                .validation(test)
                .seed(seed)
                .fit(train);
        return new Result(name, Trainer.accuracy(network, train), Trainer.accuracy(network, test), history);
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset all = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : digits(full ? 2300 : 800, 1);
        Dataset train = all.subset(IntStream.range(0, 300).toArray());
        Dataset test =
                all.subset(IntStream.range(300, Math.min(all.size(), 2300)).toArray());
        List<Picture> pictures = new ArrayList<>();
        System.out.println("remedy                       training     test      gap");
        for (Result r : run(train, test, full ? 200 : 30, 1)) {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s   %7.0f%%  %6.0f%%  %6.0f%%%n",
                    r.name(),
                    100 * r.train(),
                    100 * r.test(),
                    100 * r.gap());
            if (r.history() != null) {
                Map<String, List<Double>> curves = new LinkedHashMap<>();
                curves.put("training", r.history().curve(History.Epoch::trainAccuracy));
                curves.put("test", r.history().curve(History.Epoch::validationAccuracy));
                pictures.add(Pictures.curves(curves)
                        .title("Remedy: " + r.name())
                        .yLabel("accuracy")
                        .yRange(0, 1)
                        .size(360, 320));
            }
        }
        Pictures.panels(3, pictures.toArray(Picture[]::new)).save(out.resolve("Overfitting.svg"));
    }
}
