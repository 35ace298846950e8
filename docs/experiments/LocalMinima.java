package experiments;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Momentum;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Trainer;
import gradus.nn.view.LossLandscape;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.nn.zoo.Mlp;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where does training end if the loss has several minima? */
public final class LocalMinima {
    /** The points from which the function is minimised. */
    public static final List<Double> STARTS = List.of(-7.5, -4.0, 1.0, 2.0, 8.0);

    /** Networks trained from two seeds, and the loss on the straight line from the weights of the first to those of the second. */
    public record Two(Mlp first, Mlp second, Dataset data, double[] losses) {}

    private LocalMinima() {}

    /** Returns {@code x²/10 - cos 2x}: its lowest minimum is at 0, others near -6, -3, 3 and 6. */
    public static double f(double x) {
        return x * x / 10 - Math.cos(2 * x);
    }

    /** Returns where 200 steps from a point end. */
    public static double minimise(double start, boolean momentum) {
        Node x = Node.variable(start);
        Map<String, Node> parameters = Map.of("x", x);
        Optimizer optimizer = momentum ? new Momentum(parameters, 0.02) : new Sgd(parameters, 0.02);
        for (int step = 0; step < 200; step++) {
            Node y = x.square().div(10).sub(x.mul(2).cos());
            optimizer.step(y.backward());
        }
        return x.item();
    }

    /** Trains two networks on the two moons. */
    public static Two two(int epochs, long seed) {
        Dataset moons = Synthetic.moons(200, 0.1, seed);
        Mlp first = trained(moons, epochs, 2 * seed);
        Mlp second = trained(moons, epochs, 2 * seed + 1);
        Mlp between = new Mlp(Node::tanh, 2, 16, 2);
        double[] losses = new double[41];
        for (int i = 0; i < losses.length; i++) {
            double share = i / (losses.length - 1.0);
            between.parameters().forEach((name, p) -> {
                Tensor a = first.state().get(name);
                Tensor b = second.state().get(name);
                p.assign(a.mul(1 - share).add(b.mul(share)));
            });
            losses[i] = loss(between, moons);
        }
        return new Two(first, second, moons, losses);
    }

    private static Mlp trained(Dataset moons, int epochs, long seed) {
        Mlp network = new Mlp(Node::tanh, 2, 16, 2);
        network.initialize(seed);
        Trainer.classifier(network)
                .optimizer(new Adam(network.parameters(), 0.02))
                .batchSize(20)
                .epochs(epochs)
                .fit(moons);
        return network;
    }

    /** Returns the cross entropy of all examples. */
    public static double loss(Mlp network, Dataset data) {
        return Losses.softmaxCrossEntropy(network.forward(Node.constant(data.x())), data.classes())
                .item();
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        System.out.println("x²/10 - cos 2x, from   SGD ends at   Momentum ends at");
        double[] ends = new double[STARTS.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = minimise(STARTS.get(i), false);
            System.out.printf(
                    Locale.ROOT, "%20.1f   %11.2f   %16.2f%n", STARTS.get(i), ends[i], minimise(STARTS.get(i), true));
        }
        Two two = two(full ? 200 : 30, 1);
        double[] share = new double[two.losses().length];
        double highest = 0;
        for (int i = 0; i < share.length; i++) {
            share[i] = i / (share.length - 1.0);
            highest = Math.max(highest, two.losses()[i]);
        }
        System.out.printf(
                Locale.ROOT,
                "%nloss of two trained networks: %.2f and %.2f; highest on the line between them: %.2f%n",
                loss(two.first(), two.data()),
                loss(two.second(), two.data()),
                highest);
        Plot function = Pictures.function(LocalMinima::f, -9, 9)
                .points("starts", STARTS, STARTS.stream().map(LocalMinima::f).toList())
                .points(
                        "ends of SGD",
                        ends,
                        Arrays.stream(ends).map(LocalMinima::f).toArray())
                .title("x²/10 - cos 2x")
                .size(400, 360);
        Plot line = new Plot()
                .line("", share, two.losses())
                .title("From one network to another")
                .xLabel("share of the second network's weights")
                .yLabel("loss")
                .size(400, 360);
        Plot landscape = LossLandscape.of(two.first().parameters(), () -> loss(two.first(), two.data()))
                .points(full ? 51 : 21)
                .grid()
                .contour()
                .size(400, 360);
        Pictures.panels(3, function, line, landscape).save(out.resolve("LocalMinima.svg"));
    }
}
