package experiments;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Conv2d;
import gradus.nn.Flatten;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.data.Transforms;
import gradus.nn.optim.Adam;
import gradus.nn.train.Trainer;
import gradus.nn.view.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What does a convolutional network learn from digits? */
public final class ConvolutionalDigits {
    /**
     * A trained network: its first convolution, the filters [8, 1, 5, 5] before and after training, and the accuracy on test digits as they
     * are, and with their pixels in another order, the same for all digits.
     */
    public record Result(Conv2d first, Tensor before, Tensor after, double accuracy, double scrambled) {}

    private ConvolutionalDigits() {}

    /** Trains on 80% of digits [n, 784]. */
    public static Result run(Dataset digits, int epochs, long seed) {
        Conv2d first = new Conv2d(1, 8, 5).padding(2);
        Sequential network = network(first, seed);
        Tensor before = first.state().get("weight").copy();
        double accuracy = train(network, digits.transformed(Transforms.reshape(1, 28, 28), seed), epochs, seed);
        int[] order = RandomStream.of(seed, "pixels").permutation(784);
        Dataset scrambled =
                digits.transformed((x, random) -> x.reshape(784, 1).rows(order).reshape(1, 28, 28), seed);
        double other = train(network(new Conv2d(1, 8, 5).padding(2), seed), scrambled, epochs, seed);
        return new Result(first, before, first.state().get("weight").copy(), accuracy, other);
    }

    private static Sequential network(Conv2d first, long seed) {
        Sequential network = Sequential.of(
                first,
                Node::relu,
                new MaxPool2d(2),
                new Conv2d(8, 16, 5).padding(2),
                Node::relu,
                new MaxPool2d(2),
                new Flatten(),
                new Linear(16 * 7 * 7, 10));
        network.to(DType.FLOAT32);
        network.initialize(seed);
        return network;
    }

    private static double train(Sequential network, Dataset images, int epochs, long seed) {
        List<Dataset> parts = images.split(seed, 0.8, 0.2);
        Trainer.classifier(network)
                .optimizer(new Adam(network.parameters(), 0.003))
                .batchSize(20)
                .epochs(epochs)
                .seed(seed)
                .fit(parts.get(0));
        return Trainer.accuracy(network, parts.get(1));
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : DrawnDigits.make(full ? 5000 : 800, 1, DType.FLOAT32);
        Result r = run(digits, full ? 6 : 3, 1);
        System.out.println("pixels            test accuracy");
        System.out.printf(Locale.ROOT, "as they are       %12.0f%%%n", 100 * r.accuracy());
        System.out.printf(Locale.ROOT, "in other places   %12.0f%%%n", 100 * r.scrambled());
        Tensor digit = digits.x().slice(0, 0, 1).reshape(1, 1, 28, 28);
        Pictures.panels(
                        2,
                        Pictures.filters(r.before()).title("Filters before training"),
                        Pictures.filters(r.after()).title("Filters after training"),
                        Pictures.images(digit).title("A digit"),
                        Pictures.featureMaps(Node.constant(r.first().predict(digit))
                                        .relu()
                                        .value())
                                .title("Its feature maps, after relu"))
                .save(out.resolve("ConvolutionalDigits.png"));
    }
}
