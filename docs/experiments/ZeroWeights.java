package experiments;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.nn.init.Xavier;
import gradus.nn.optim.Adam;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happens if all weights of a network begin at zero, or at another constant? */
public final class ZeroWeights {
    private static final int HIDDEN = 8;

    /**
     * A network of eight hidden units that was trained on the two moons.
     *
     * @param spread the largest difference between the weights of two hidden units for the same input
     * @param weights the weights of the first input to each hidden unit, by epoch: {@code weights[epoch][unit]}
     */
    public record Result(String name, double spread, double loss, double accuracy, double[][] weights) {}

    private ZeroWeights() {}

    /** Trains one network for each initialization: zero, 0.5, and random by Xavier. */
    public static List<Result> run(int epochs, long seed) {
        Dataset moons = Synthetic.moons(200, 0.1, seed);
        return List.of(
                train("zero", Initializers.constant(0), moons, epochs, seed),
                train("constant 0.5", Initializers.constant(0.5), moons, epochs, seed),
                train("random", Xavier.normal(), moons, epochs, seed));
    }

    private static Result train(String name, Initializer initializer, Dataset moons, int epochs, long seed) {
        Initializer zero = Initializers.constant(0);
        Sequential network = Sequential.of(
                new Linear(2, HIDDEN, initializer).biasInitializer(zero),
                Node::tanh,
                new Linear(HIDDEN, 2, initializer).biasInitializer(zero));
        network.initialize(seed);
        Node first = network.parameters().get("0.weight");
        List<double[]> weights = new ArrayList<>(List.of(row(first.value(), 0)));
        double loss = Trainer.classifier(network)
                .optimizer(new Adam(network.parameters(), 0.02))
                .batchSize(20)
                .epochs(epochs)
                .seed(seed)
                .callback(p -> weights.add(row(first.value(), 0)))
                .fit(moons)
                .best()
                .trainLoss();
        double spread = first.value().max(1).sub(first.value().min(1)).max().item();
        return new Result(name, spread, loss, Trainer.accuracy(network, moons), weights.toArray(double[][]::new));
    }

    private static double[] row(Tensor t, int index) {
        return t.rows(index).toDoubleArray();
    }

    private static Plot plot(Result r) {
        Plot plot = new Plot().title(r.name()).size(300, 260).xLabel("epoch").yLabel("weight");
        for (int unit = 0; unit < HIDDEN; unit++) {
            double[] epochs = new double[r.weights().length];
            double[] values = new double[r.weights().length];
            for (int e = 0; e < epochs.length; e++) {
                epochs[e] = e;
                values[e] = r.weights()[e][unit];
            }
            plot = plot.line("", epochs, values);
        }
        return plot.yRange(-4, 4);
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        List<Result> results = run(options.contains("--full") ? 200 : 40, 1);
        System.out.println("weights at first   largest difference of two hidden units     loss   accuracy");
        for (Result r : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-16s   %38.2f   %6.2f   %7.0f%%%n",
                    r.name(),
                    r.spread(),
                    r.loss(),
                    100 * r.accuracy());
        }
        Pictures.panels(3, results.stream().map(ZeroWeights::plot).toArray(Picture[]::new))
                .save(out.resolve("ZeroWeights.svg"));
    }
}
