package experiments;

import gradus.array.DType;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.optim.Sgd;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.nn.zoo.Mlp;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How many examples should a step of gradient descent take: one, a mini-batch, or all? */
public final class BatchSizes {
    /** The loss over all examples before the first step, and after steps that are evenly spread. */
    public record Result(int batchSize, List<Integer> steps, List<Double> losses) {
        /** Returns the number of examples seen at each point. */
        public List<Integer> examples() {
            return steps.stream().map(step -> step * batchSize).toList();
        }

        /** Returns the share of the intervals in which the loss rises. */
        public double rising() {
            int n = 0;
            for (int i = 1; i < losses.size(); i++) {
                n += losses.get(i) > losses.get(i - 1) ? 1 : 0;
            }
            return (double) n / (losses.size() - 1);
        }

        /** Returns the loss after the last step. */
        public double last() {
            return losses.get(losses.size() - 1);
        }
    }

    private BatchSizes() {}

    /** Trains a network by SGD for a number of epochs, and measures the loss every so many steps. */
    public static Result run(Dataset digits, int batchSize, int epochs, int every, long seed) {
        Mlp network = new Mlp(784, 30, 10);
        network.to(DType.FLOAT32);
        network.initialize(seed);
        Sgd sgd = new Sgd(network.parameters(), 0.1);
        List<Integer> steps = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        int step = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            Dataset shuffled = digits.shuffled(seed + epoch);
            for (int i = 0; i + batchSize <= digits.size(); i += batchSize) {
                if (step % every == 0) {
                    steps.add(step);
                    losses.add(loss(network, digits.all()).item());
                }
                sgd.step(loss(network, shuffled.batch(i, i + batchSize)).backward());
                step++;
            }
        }
        steps.add(step);
        losses.add(loss(network, digits.all()).item());
        return new Result(batchSize, steps, losses);
    }

    private static Node loss(Mlp network, Batch batch) {
        return Losses.softmaxCrossEntropy(network.forward(Node.constant(batch.x())), batch.classes());
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : DrawnDigits.make(full ? 3200 : 640, 1, DType.FLOAT32);
        int epochs = full ? 20 : 5;
        int n = digits.size();
        Plot bySteps = new Plot().title("By step").xLabel("step").yLabel("loss").size(480, 340);
        Plot byExamples = new Plot()
                .title("By example")
                .xLabel("examples seen")
                .yLabel("loss")
                .size(480, 340);
        System.out.println("examples a step    steps   loss at the end   intervals in which it rises");
        for (int size : new int[] {1, 32, n}) {
            Result r = run(digits, size, epochs, Math.max(1, n / size / 8), 1);
            System.out.printf(
                    Locale.ROOT,
                    "%15d   %6d   %15.2f   %26.0f%%%n",
                    size,
                    r.steps().get(r.steps().size() - 1),
                    r.last(),
                    100 * r.rising());
            String name = size == 1 ? "one" : size == n ? "all" : "mini-batch of " + size;
            List<Integer> from1 = r.steps().stream().map(s -> s + 1).toList(); // a logarithmic axis has no 0
            bySteps = bySteps.line(name, from1, r.losses());
            byExamples = byExamples.line(name, r.examples(), r.losses());
        }
        Pictures.panels(2, bySteps.logX(), byExamples).save(out.resolve("BatchSizes.svg"));
    }
}
