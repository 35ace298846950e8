package experiments;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.init.He;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.nn.init.Xavier;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How does the size of the initial weights change the activations of deep layers? */
public final class ActivationHistograms {
    private static final int LAYERS = 5;

    /** The initializers, by the names of the tables. */
    public static final Map<String, Initializer> INITIALIZERS = initializers();

    private ActivationHistograms() {}

    private static Map<String, Initializer> initializers() {
        Map<String, Initializer> all = new LinkedHashMap<>();
        all.put("std 1", Initializers.normal(1));
        all.put("std 0.01", Initializers.normal(0.01));
        all.put("Xavier", Xavier.book()); // std sqrt(1 / 100)
        all.put("He", He.book()); // std sqrt(2 / 100)
        return all;
    }

    /** Returns the outputs {@code [n, 100]} of five layers of 100 units, for n normal inputs. */
    public static List<Tensor> run(Layer activation, Initializer initializer, int n, long seed) {
        Node x = Node.constant(Tensor.normal(Shape.of(n, 100), 0, 1, RandomStream.of(seed, "inputs")));
        List<Tensor> outputs = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            Linear linear = new Linear(100, 100, initializer).withoutBias();
            linear.initialize(seed + layer);
            x = activation.forward(linear.forward(x));
            outputs.add(x.value());
        }
        return outputs;
    }

    /** Returns the standard deviation of all numbers. */
    public static double std(Tensor t) {
        Tensor difference = t.sub(t.mean());
        return Math.sqrt(difference.mul(difference).mean().item());
    }

    private static void show(String name, Layer activation, int n, Path out) throws IOException {
        System.out.printf("%n%-8s   std of the activations of layer 1 .. 5%n", name);
        List<Picture> rows = new ArrayList<>();
        for (Map.Entry<String, Initializer> e : INITIALIZERS.entrySet()) {
            List<Tensor> outputs = run(activation, e.getValue(), n, 1);
            System.out.printf("%-8s", e.getKey());
            outputs.forEach(t -> System.out.printf(Locale.ROOT, "  %9.2g", std(t)));
            System.out.println();
            Map<String, Tensor> histograms = new LinkedHashMap<>();
            for (int layer = 0; layer < LAYERS; layer++) {
                histograms.put(e.getKey() + ", layer " + (layer + 1), outputs.get(layer));
            }
            rows.add(Pictures.histograms(histograms).size(1250, 200));
        }
        Pictures.panels(1, rows.toArray(Picture[]::new)).save(out.resolve("ActivationHistograms-" + name + ".png"));
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        int n = options.contains("--full") ? 10_000 : 1000;
        show("sigmoid", Node::sigmoid, n, out);
        show("tanh", Node::tanh, n, out);
        show("relu", Node::relu, n, out);
    }
}
