package experiments;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Model;
import gradus.nn.data.Dataset;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import gradus.nn.zoo.Mlp;
import gradus.nn.zoo.Perceptron;
import gradus.ops.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which logic gates does a perceptron learn? */
public final class Gates {
    private static final Tensor INPUTS = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});

    /** A model trained on a gate: its name, the share of the four inputs it classifies correctly, its decision boundary. */
    public record Result(String name, double accuracy, Picture boundary) {}

    private Gates() {}

    /** Trains a perceptron on each gate, and a network of two layers on XOR. */
    public static List<Result> run(int epochs, long seed) {
        List<Result> results = new ArrayList<>();
        results.add(perceptron("AND", Dataset.of(INPUTS, 0, 0, 0, 1), epochs, seed));
        results.add(perceptron("NAND", Dataset.of(INPUTS, 1, 1, 1, 0), epochs, seed));
        results.add(perceptron("OR", Dataset.of(INPUTS, 0, 1, 1, 1), epochs, seed));
        Dataset xor = Dataset.of(INPUTS, 0, 1, 1, 0);
        results.add(perceptron("XOR", xor, epochs, seed));
        Mlp network = new Mlp(Node::tanh, 2, 8, 2);
        network.initialize(seed);
        Trainer.classifier(network)
                .optimizer(new Adam(network.parameters(), 0.05))
                .epochs(epochs)
                .fit(xor);
        results.add(result("XOR, two layers", network, xor, Trainer.accuracy(network, xor)));
        return results;
    }

    private static Result perceptron(String name, Dataset gate, int epochs, long seed) {
        Perceptron perceptron = new Perceptron(2);
        Tensor weight = Tensor.normal(Shape.of(2), 0, 1, RandomStream.of(seed, name));
        perceptron.parameters().get("weight").assign(weight);
        Node x = Node.constant(gate.x());
        Node t = Node.constant(gate.y());
        Sgd sgd = new Sgd(perceptron.parameters(), 1);
        for (int i = 0; i < epochs; i++) {
            sgd.step(Losses.binaryCrossEntropyWithLogits(perceptron.forward(x), t)
                    .backward());
        }
        double correct =
                Node.constant(perceptron.classes(gate.x())).eq(t).mean().item();
        return result(name, perceptron, gate, correct);
    }

    private static Result result(String name, Model model, Dataset gate, double accuracy) {
        Picture boundary = Pictures.boundary(model, gate).title(name).size(320, 280);
        return new Result(name, accuracy, boundary);
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        List<Result> results = run(options.contains("--full") ? 2000 : 200, 1);
        System.out.println("gate             correct");
        for (Result r : results) {
            System.out.printf(Locale.ROOT, "%-16s %6.0f%%%n", r.name(), 100 * r.accuracy());
        }
        Pictures.panels(3, results.stream().map(Result::boundary).toArray(Picture[]::new))
                .save(out.resolve("Gates.svg"));
    }
}
