package experiments;

import gradus.array.DType;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.optim.Sgd;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.nn.zoo.Mlp;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What does a learning rate do that is too small, or too large? */
public final class LearningRates {
    /** The learning rates of the table. */
    public static final List<Double> RATES = List.of(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0);

    private LearningRates() {}

    /** Trains a network on digits by gradient descent, and returns the loss of each step. */
    public static double[] losses(double learningRate, Dataset digits, int steps, long seed) {
        Mlp network = new Mlp(784, 50, 10);
        network.initialize(seed);
        network.to(DType.FLOAT32);
        Sgd sgd = new Sgd(network.parameters(), learningRate);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            int from = step * 100 % (digits.size() - 99);
            Batch batch = digits.batch(from, from + 100);
            Node loss = Losses.softmaxCrossEntropy(network.forward(Node.constant(batch.x())), batch.classes());
            losses[step] = loss.item();
            sgd.step(loss.backward());
        }
        return losses;
    }

    /** Returns the mean of the last ten losses. */
    public static double last(double[] losses) {
        return Arrays.stream(losses, losses.length - 10, losses.length)
                .average()
                .orElseThrow();
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = DrawnDigits.make(full ? 10_000 : 1000, 1, DType.FLOAT32);
        Plot curves =
                new Plot().title("Loss by step").xLabel("step").yLabel("loss").size(480, 380);
        double[] ends = new double[RATES.size()];
        System.out.println("learning rate   loss of the last ten steps");
        for (int i = 0; i < ends.length; i++) {
            double rate = RATES.get(i);
            double[] losses = losses(rate, digits, full ? 1000 : 100, 1);
            ends[i] = last(losses);
            System.out.printf(Locale.ROOT, "%13s   %26.2f%n", rate, ends[i]);
            if (rate == 0.03 || rate == 0.3 || rate == 10.0) {
                double[] steps = new double[losses.length];
                Arrays.setAll(steps, s -> s + 1);
                curves = curves.line("learning rate " + rate, steps, losses);
            }
        }
        Plot byRate = Pictures.learningRates(RATES, ends).logY().size(480, 380);
        Pictures.panels(2, curves.logY(), byRate).save(out.resolve("LearningRates.svg"));
    }
}
