package experiments;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.optim.Adam;
import gradus.nn.train.Trainer;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.nn.zoo.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Why does softmax subtract the largest logit, and is it needed for a prediction? */
public final class SoftmaxOverflow {
    /** Classes that the logits and the probabilities of a network choose for the same images: images, equal choices. */
    public record Choices(int images, int equal) {}

    private SoftmaxOverflow() {}

    /** Returns {@code exp(z) / sum exp(z)} as it is written. */
    public static Node naive(Node logits) {
        Node e = logits.exp();
        return e.div(e.sum());
    }

    /** Returns {@code exp(z - max z) / sum exp(z - max z)}, the same number. */
    public static Node shifted(Node logits) {
        return naive(logits.sub(logits.max()));
    }

    /** Returns the probabilities of the logits c, c + 1 and c + 2, which do not depend on c. */
    public static double[] probabilities(UnaryOperator<Node> softmax, double c, DType dtype) {
        Tensor logits = Tensor.of(c, c + 1, c + 2).to(dtype);
        return softmax.apply(Node.constant(logits)).value().toDoubleArray();
    }

    /** Trains a network, and compares the class of the largest logit with that of the largest probability. */
    public static Choices choices(int images, long seed) {
        Dataset digits = DrawnDigits.make(images, seed, DType.FLOAT64);
        Mlp network = new Mlp(784, 20, 10);
        network.initialize(seed);
        Trainer.classifier(network)
                .optimizer(new Adam(network.parameters(), 0.01))
                .epochs(2)
                .fit(digits);
        Tensor logits = Trainer.predict(network, digits);
        int[] byLogit = logits.argmax(1).toIntArray();
        int[] byProbability = logits.softmax(1).argmax(1).toIntArray();
        int equal = (int) IntStream.range(0, images)
                .filter(i -> byLogit[i] == byProbability[i])
                .count();
        return new Choices(images, equal);
    }

    private static Plot plot(String title, UnaryOperator<Node> softmax, DType dtype) {
        double[] c = IntStream.rangeClosed(-100, 100).mapToDouble(i -> 10 * i).toArray();
        Plot plot = new Plot()
                .title(title)
                .size(300, 260)
                .xLabel("c")
                .yLabel("probability")
                .xRange(-1000, 1000)
                .yRange(0, 1);
        for (int k = 0; k < 3; k++) {
            int entry = k;
            double[] p = IntStream.range(0, c.length)
                    .mapToDouble(i -> probabilities(softmax, c[i], dtype)[entry])
                    .toArray();
            plot = plot.line(k == 0 ? "c" : "c + " + k, c, p);
        }
        return plot;
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        System.out.println("probability of the logit c + 2 among c, c + 1, c + 2");
        System.out.println("       c   naive, 32 bits   naive, 64 bits   shifted, 32 bits");
        for (double c : new double[] {-1000, -100, 0, 80, 100, 700, 800, 1000}) {
            System.out.printf(
                    Locale.ROOT,
                    "%8.0f   %14.4f   %14.4f   %16.4f%n",
                    c,
                    probabilities(SoftmaxOverflow::naive, c, DType.FLOAT32)[2],
                    probabilities(SoftmaxOverflow::naive, c, DType.FLOAT64)[2],
                    probabilities(SoftmaxOverflow::shifted, c, DType.FLOAT32)[2]);
        }
        Choices choices = choices(options.contains("--full") ? 10_000 : 500, 1);
        System.out.printf(
                "%nimages whose largest logit and largest probability are of one class: %d of %d%n",
                choices.equal(), choices.images());
        Pictures.panels(
                        3,
                        plot("naive, 32 bits", SoftmaxOverflow::naive, DType.FLOAT32),
                        plot("naive, 64 bits", SoftmaxOverflow::naive, DType.FLOAT64),
                        plot("shifted, 32 bits", SoftmaxOverflow::shifted, DType.FLOAT32))
                .save(out.resolve("SoftmaxOverflow.svg"));
    }
}
