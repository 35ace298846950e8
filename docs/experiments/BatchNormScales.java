package experiments;

import gradus.array.DType;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Pass;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Does batch normalisation make a network independent of the size of its initial weights? */
public final class BatchNormScales {
    /** Sixteen standard deviations, from 1 to 1e-4 in equal ratios. */
    public static final List<Double> SCALES =
            IntStream.range(0, 16).mapToObj(i -> Math.pow(10, -4 * i / 15.0)).toList();

    /** Accuracy on the training set after each epoch, for one standard deviation of the initial weights. */
    public record Result(double std, List<Double> plain, List<Double> normalised) {
        /** Returns the last accuracy without batch normalisation. */
        public double plainAtEnd() {
            return plain.get(plain.size() - 1);
        }

        /** Returns the last accuracy with batch normalisation. */
        public double normalisedAtEnd() {
            return normalised.get(normalised.size() - 1);
        }
    }

    private BatchNormScales() {}

    /** Trains two networks for each of the standard deviations. */
    public static List<Result> run(List<Double> scales, Dataset digits, int epochs, long seed) {
        List<Result> results = new ArrayList<>();
        for (double std : scales) {
            List<Double> plain = accuracies(network(std, false), digits, epochs, seed);
            List<Double> normalised = accuracies(network(std, true), digits, epochs, seed);
            results.add(new Result(std, plain, normalised));
        }
        return results;
    }

    private static Sequential network(double std, boolean normalised) {
        Initializer initializer = Initializers.normal(std);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            layers.add(new Linear(i == 0 ? 784 : 100, 100, initializer).biasInitializer(Initializers.constant(0)));
            if (normalised) {
                layers.add(new BatchNorm(100, 1e-7, 0.1));
            }
            layers.add(Node::relu);
        }
        layers.add(new Linear(100, 10, initializer).biasInitializer(Initializers.constant(0)));
        return Sequential.of(layers.toArray(Layer[]::new));
    }

    private static List<Double> accuracies(Sequential network, Dataset digits, int epochs, long seed) {
        network.initialize(seed);
        network.to(DType.FLOAT32);
        Sgd sgd = new Sgd(network.parameters(), 0.3);
        List<Double> accuracies = new ArrayList<>();
        int step = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            Dataset shuffled = digits.shuffled(seed + epoch);
            for (int from = 0; from + 100 <= digits.size(); from += 100) {
                Batch batch = shuffled.batch(from, from + 100);
                Node logits = network.forward(Node.constant(batch.x()), Pass.training(seed, step++));
                sgd.step(Losses.softmaxCrossEntropy(logits, batch.classes()).backward());
            }
            accuracies.add(Trainer.accuracy(network, digits));
        }
        return accuracies;
    }

    private static Picture drawn(Result r) {
        Map<String, List<Double>> curves = new LinkedHashMap<>();
        curves.put("batch norm", r.normalised());
        curves.put("none", r.plain());
        return Pictures.curves(curves)
                .title(String.format(Locale.ROOT, "std %.2g", r.std()))
                .yRange(0, 1)
                .size(250, 200);
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                        .subset(IntStream.range(0, 1000).toArray())
                : DrawnDigits.make(full ? 1000 : 500, 1, DType.FLOAT32);
        List<Result> results = run(SCALES, digits, full ? 20 : 10, 1);
        System.out.println("std of the weights   accuracy without   with batch norm");
        for (Result r : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%18.5f   %15.0f%%   %14.0f%%%n",
                    r.std(),
                    100 * r.plainAtEnd(),
                    100 * r.normalisedAtEnd());
        }
        Pictures.panels(4, results.stream().map(BatchNormScales::drawn).toArray(Picture[]::new))
                .save(out.resolve("BatchNormScales.svg"));
    }
}
