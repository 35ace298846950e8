package experiments;

import gradus.array.Tensor;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.data.Dataset;
import gradus.nn.data.Synthetic;
import gradus.nn.view.Plot;
import gradus.nn.zoo.Mlp;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How exact is a numeric gradient, and what does it cost? */
public final class NumericGradients {
    /** The largest errors of forward differences {@code (f(x + h) - f(x)) / h} and central ones {@code (f(x + h) - f(x - h)) / 2h}. */
    public record Errors(double step, double forward, double central) {}

    /** What the gradient of a network costs: its parameters, and the evaluations of the loss by central differences. */
    public record Cost(int parameters, int evaluations) {}

    private final Mlp network;
    private final Node x;
    private final int[] classes;
    private int evaluations;

    /** Initializes a network of one hidden layer of tanh units for the two moons. */
    public NumericGradients(int hidden, long seed) {
        Dataset moons = Synthetic.moons(50, 0.1, seed);
        network = new Mlp(Node::tanh, 2, hidden, 2);
        network.initialize(seed);
        x = Node.constant(moons.x());
        classes = moons.classes();
    }

    private Node loss() {
        evaluations++;
        return Losses.softmaxCrossEntropy(network.forward(x), classes);
    }

    /** Returns the largest differences between the analytic gradient and numeric ones, over all parameters. */
    public Errors errors(double step) {
        Gradients analytic = loss().backward();
        double here = loss().item();
        double forward = 0;
        double central = 0;
        for (Node parameter : network.parameters().values()) {
            double[] exact = analytic.of(parameter).value().toDoubleArray();
            for (int i = 0; i < exact.length; i++) {
                double above = lossWith(parameter, i, step);
                double below = lossWith(parameter, i, -step);
                forward = Math.max(forward, Math.abs((above - here) / step - exact[i]));
                central = Math.max(central, Math.abs((above - below) / (2 * step) - exact[i]));
            }
        }
        return new Errors(step, forward, central);
    }

    /** Returns the loss with one element of a parameter changed. */
    private double lossWith(Node parameter, int element, double change) {
        Tensor value = parameter.value();
        double[] changed = value.toDoubleArray();
        changed[element] += change;
        parameter.assign(Tensor.of(value.shape(), changed));
        double result = loss().item();
        parameter.assign(value);
        return result;
    }

    /** Returns how often the loss is evaluated for a numeric gradient; an analytic one takes one evaluation and one backward pass. */
    public Cost cost() {
        int parameters = network.parameters().values().stream()
                .mapToInt(p -> p.shape().size())
                .sum();
        evaluations = 0;
        for (Node parameter : network.parameters().values()) {
            for (int i = 0; i < parameter.shape().size(); i++) {
                lossWith(parameter, i, 1e-5);
                lossWith(parameter, i, -1e-5);
            }
        }
        return new Cost(parameters, evaluations);
    }

    /** Returns the errors for the steps 1e-1, 1e-2, .. 1e-12. */
    public static List<Errors> run(int hidden, long seed) {
        NumericGradients gradients = new NumericGradients(hidden, seed);
        List<Errors> all = new ArrayList<>();
        for (int exponent = 1; exponent <= 12; exponent++) {
            all.add(gradients.errors(Math.pow(10, -exponent)));
        }
        return all;
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        List<Errors> errors = run(full ? 100 : 10, 1);
        System.out.println("step h   error of forward differences   of central differences");
        for (Errors e : errors) {
            System.out.printf(Locale.ROOT, "%6.0e   %28.0e   %22.0e%n", e.step(), e.forward(), e.central());
        }
        System.out.println();
        System.out.println("parameters   evaluations for central differences   for the analytic gradient");
        for (int hidden : full ? new int[] {10, 100, 1000} : new int[] {1, 10, 100}) {
            Cost cost = new NumericGradients(hidden, 1).cost();
            System.out.printf("%10d   %35d   1 and a backward pass%n", cost.parameters(), cost.evaluations());
        }
        List<Double> steps = errors.stream().map(Errors::step).toList();
        new Plot()
                .line(
                        "forward differences",
                        steps,
                        errors.stream().map(Errors::forward).toList())
                .line(
                        "central differences",
                        steps,
                        errors.stream().map(Errors::central).toList())
                .logX()
                .logY()
                .title("Error of a numeric gradient")
                .xLabel("step h")
                .yLabel("largest error")
                .size(640, 420)
                .save(out.resolve("NumericGradients.svg"));
    }
}
