package experiments;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Mnist;
import gradus.nn.init.He;
import gradus.nn.optim.AdaGrad;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Momentum;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.RmsProp;
import gradus.nn.optim.Sgd;
import gradus.nn.view.LossLandscape;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** How do optimizers differ, on a valley of two dimensions and on digits? */
public final class OptimizerPaths {
    /** An optimizer, with its learning rates for the valley and for the digits. */
    public record Method(
            String name, BiFunction<Map<String, Node>, Double, Optimizer> optimizer, double valley, double digits) {}

    /** The optimizers in the order of the tables. */
    public static final List<Method> METHODS = List.of(
            new Method("SGD", Sgd::new, 0.95, 0.01),
            new Method("Momentum", Momentum::new, 0.1, 0.01),
            new Method("AdaGrad", AdaGrad::new, 1.5, 0.01),
            new Method("RMSProp", RmsProp::new, 0.1, 0.001),
            new Method("Adam", Adam::new, 0.3, 0.001));

    private OptimizerPaths() {}

    /** Returns {@code x²/20 + y²}. */
    public static double valley(double x, double y) {
        return x * x / 20 + y * y;
    }

    /** Returns the points (x, y) of 30 steps down the valley from (-7, 2). */
    public static List<double[]> path(Method method) {
        Node p = Node.variable(-7, 2);
        Optimizer optimizer = method.optimizer().apply(Map.of("p", p), method.valley());
        List<double[]> path = new ArrayList<>(List.of(p.value().toDoubleArray()));
        for (int step = 0; step < 30; step++) {
            Node f = p.square().mul(Node.constant(1 / 20.0, 1)).sum();
            optimizer.step(f.backward());
            path.add(p.value().toDoubleArray());
        }
        return path;
    }

    /** Returns how often y changes its sign on a path. */
    public static long crossings(List<double[]> path) {
        return IntStream.range(1, path.size())
                .filter(i -> path.get(i)[1] * path.get(i - 1)[1] < 0)
                .count();
    }

    /** Trains a network of four hidden layers of 100 units, and returns the loss of each step. */
    public static double[] losses(Method method, Dataset digits, int steps, long seed) {
        Sequential network = Sequential.of(
                new Linear(784, 100, He.normal()),
                Node::relu,
                new Linear(100, 100, He.normal()),
                Node::relu,
                new Linear(100, 100, He.normal()),
                Node::relu,
                new Linear(100, 100, He.normal()),
                Node::relu,
                new Linear(100, 10, He.normal()));
        network.initialize(seed);
        network.to(DType.FLOAT32);
        Optimizer optimizer = method.optimizer().apply(network.parameters(), method.digits());
        Dataset shuffled = digits.shuffled(seed);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++) {
            int from = step * 100 % (shuffled.size() - 99);
            Batch batch = shuffled.batch(from, from + 100);
            Node loss = Losses.softmaxCrossEntropy(network.forward(Node.constant(batch.x())), batch.classes());
            losses[step] = loss.item();
            optimizer.step(loss.backward());
        }
        return losses;
    }

    /** Returns the mean of the last ten losses. */
    public static double last(double[] losses) {
        return Arrays.stream(losses, losses.length - 10, losses.length)
                .average()
                .orElseThrow();
    }

    private static Plot drawn(Method method, List<double[]> path) {
        double[] x = IntStream.rangeClosed(-40, 40).mapToDouble(i -> i / 5.0).toArray();
        double[] y = IntStream.rangeClosed(-40, 40).mapToDouble(i -> i / 10.0).toArray();
        double[][] f = Arrays.stream(y)
                .mapToObj(b -> Arrays.stream(x).map(a -> valley(a, b)).toArray())
                .toArray(double[][]::new);
        double[] xs = path.stream().mapToDouble(p -> p[0]).toArray();
        double[] ys = path.stream().mapToDouble(p -> p[1]).toArray();
        return new LossLandscape.Grid(x, y, f)
                .contour()
                .line("", xs, ys)
                .title(method.name())
                .xLabel("x")
                .yLabel("y")
                .size(380, 320);
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        Dataset digits = options.contains("--data")
                ? Mnist.test(Path.of(options.get(options.indexOf("--data") + 1)), DType.FLOAT32)
                : DrawnDigits.make(full ? 10_000 : 1000, 1, DType.FLOAT32);
        List<Picture> pictures = new ArrayList<>();
        Map<String, Tensor> curves = new LinkedHashMap<>();
        System.out.println("              x²/20 + y² by 30 steps from (-7, 2)                digits");
        System.out.println("optimizer        x        y   changes of y's sign   x²/20 + y²   last loss");
        for (Method method : METHODS) {
            List<double[]> path = path(method);
            double[] end = path.get(path.size() - 1);
            double[] losses = losses(method, digits, full ? 2000 : 100, 1);
            System.out.printf(
                    Locale.ROOT,
                    "%-9s   %6.2f   %6.2f   %19d   %10.4f   %9.3f%n",
                    method.name(),
                    end[0],
                    end[1],
                    crossings(path),
                    valley(end[0], end[1]),
                    last(losses));
            pictures.add(drawn(method, path));
            curves.put(method.name(), Tensor.of(losses));
        }
        pictures.add(Pictures.plot(curves)
                .title("Digits")
                .xLabel("step")
                .yLabel("loss")
                .size(380, 320));
        Pictures.panels(3, pictures.toArray(Picture[]::new)).save(out.resolve("OptimizerPaths.png"));
    }
}
