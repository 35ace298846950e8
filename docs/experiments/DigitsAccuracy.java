package experiments;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Conv2d;
import gradus.nn.Dropout;
import gradus.nn.Flatten;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Model;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.data.Transform;
import gradus.nn.data.Transforms;
import gradus.nn.optim.Adam;
import gradus.nn.optim.LearningRate;
import gradus.nn.train.Trainer;
import gradus.nn.view.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How many digits do a network of linear layers, a convolutional one, and one trained on changed images classify correctly? */
public final class DigitsAccuracy {
    /** A trained model, its accuracy on the validation and the test part, and the time of its training in seconds. */
    public record Result(String name, Model model, double validation, double test, double seconds) {}

    private DigitsAccuracy() {}

    /** Returns the training, validation and test part of digits [n, 784], as images [1, 28, 28]. */
    public static List<Dataset> parts(Dataset digits, long seed) {
        return digits.transformed(Transforms.reshape(1, 28, 28), 0).split(seed, 0.6, 0.2, 0.2);
    }

    /** Trains a network with two hidden layers. */
    public static Result mlp(List<Dataset> parts, int epochs, long seed) {
        Sequential model = Sequential.of(
                new Flatten(),
                new Linear(784, 200),
                Node::relu,
                new Dropout(0.2),
                new Linear(200, 100),
                Node::relu,
                new Dropout(0.2),
                new Linear(100, 10));
        return train("MLP", model, parts.get(0), parts, epochs, seed);
    }

    /** Trains a network with two convolutions. */
    public static Result cnn(List<Dataset> parts, int epochs, long seed) {
        return train("CNN", convolutional(), parts.get(0), parts, epochs, seed);
    }

    /** Trains the same network on images that are shifted and rotated at random, others in each epoch. */
    public static Result augmented(List<Dataset> parts, int epochs, long seed) {
        Transform changed = Transforms.rotate(10).then(Transforms.shift(2));
        return train("CNN, augmented", convolutional(), parts.get(0).transformed(changed, seed), parts, epochs, seed);
    }

    private static Sequential convolutional() {
        return Sequential.of(
                new Conv2d(1, 16, 5).padding(2),
                new BatchNorm(16),
                Node::relu,
                new MaxPool2d(2),
                new Conv2d(16, 32, 5).padding(2),
                new BatchNorm(32),
                Node::relu,
                new MaxPool2d(2),
                new Flatten(),
                new Dropout(0.3),
                new Linear(32 * 7 * 7, 10));
    }

    private static Result train(String name, Model model, Dataset train, List<Dataset> parts, int epochs, long seed) {
        model.to(DType.FLOAT32);
        model.initialize(seed);
        long start = System.nanoTime();
        Trainer.classifier(model)
                .optimizer(new Adam(model.parameters()))
                .learningRate(LearningRate.oneCycle(0.005, (long) epochs * ((train.size() + 49) / 50)))
                .batchSize(50)
                .epochs(epochs)
                .seed(seed)
                .fit(train);
        double seconds = (System.nanoTime() - start) / 1e9;
        double validation = Trainer.accuracy(model, parts.get(1));
        return new Result(name, model, validation, Trainer.accuracy(model, parts.get(2)), seconds);
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        boolean real = options.contains("--data");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = real
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : DrawnDigits.make(full ? 10_000 : 1000, 1, DType.FLOAT32);
        Result best = null;
        List<Dataset> parts = List.of();
        System.out.println("seed   model            validation     test");
        for (long seed = 1; seed <= (full ? 3 : 1); seed++) {
            parts = parts(digits, seed);
            List<Result> results = new ArrayList<>();
            results.add(mlp(parts, full ? 20 : 10, seed));
            results.add(cnn(parts, full ? 8 : 5, seed));
            results.add(augmented(parts, full ? 20 : 5, seed));
            for (Result r : results) {
                String time = real ? String.format(Locale.ROOT, "   %5.1f s", r.seconds()) : "";
                System.out.printf(
                        Locale.ROOT,
                        "%4d   %-14s   %9.2f%%  %6.2f%%%s%n",
                        seed,
                        r.name(),
                        100 * r.validation(),
                        100 * r.test(),
                        time);
            }
            best = results.get(2);
        }
        wrong(best.model(), parts.get(2), out.resolve("DigitsAccuracy.png"));
    }

    /** Draws the first test images that are classified incorrectly, each with its class and the predicted one. */
    private static void wrong(Model model, Dataset test, Path file) throws IOException {
        int[] predicted = Trainer.predictedClasses(model, test);
        int[] actual = test.classes();
        int[] wrong = IntStream.range(0, test.size())
                .filter(i -> predicted[i] != actual[i])
                .limit(24)
                .toArray();
        if (wrong.length > 0) {
            Tensor images = test.subset(wrong).x();
            List<String> captions = IntStream.of(wrong)
                    .mapToObj(i -> actual[i] + " as " + predicted[i])
                    .toList();
            Pictures.images(images, captions)
                    .title("Test digits classified incorrectly")
                    .save(file);
        }
    }
}
