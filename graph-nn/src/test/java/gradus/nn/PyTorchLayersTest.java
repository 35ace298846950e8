package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import gradus.nn.io.PyTorchWeights;
import gradus.nn.io.SafeTensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Outputs, gradients and updated buffers of each layer agree with PyTorch's given the same weights. The files are made by
 * layers.py next to them; each has the name of a row of {@link LayerCases}.
 */
class PyTorchLayersTest {
    private static final double TOLERANCE = 1e-12;

    /** Rows without a file: what PyTorch does not have, or draws in evaluation; other rows of these layers have one. */
    private static final Set<String> WITHOUT_FILE = Set.of("dropout-book", "transformer-layer-rotary");

    static Stream<LayerCase> cases() {
        return LayerCases.all().filter(c -> file(c) != null);
    }

    private static URL file(LayerCase c) {
        return PyTorchLayersTest.class.getResource("pytorch/" + c.name() + ".safetensors");
    }

    @Test
    void every_layer_is_compared_with_pytorch() {
        Set<String> layers = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        LayerCases.all().forEach(c -> {
            layers.add(className(c));
            names.add(c.name());
        });
        cases().forEach(c -> {
            layers.remove(className(c));
            names.remove(c.name());
        });
        assertEquals(Set.of(), layers);
        assertEquals(WITHOUT_FILE, names);
    }

    private static String className(LayerCase c) {
        return c.layer().get().getClass().getSimpleName();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_layer_computes_what_pytorch_computes(LayerCase c) throws IOException, URISyntaxException {
        Map<String, Tensor> torch = SafeTensors.read(Path.of(file(c).toURI())).tensors();
        Model m = c.model();
        String prefix = c.layer().get() instanceof Model ? "" : "0.";
        m.load(PyTorchWeights.convert(m, part(torch, "state.", prefix)));
        Node x = c.differentiable() ? Node.variable(torch.get("input")) : Node.constant(torch.get("input"));
        if (torch.containsKey("train.output")) { // a layer that draws is compared in evaluation only
            Node y = c.forward(m, x, Pass.training(1, 1));
            requireEqual("output in training", torch.get("train.output"), y.value());
            if (c.differentiable()) {
                Node gy = Node.constant(torch.get("cotangent"));
                requireEqual(
                        "gradient of the input",
                        torch.get("train.grad"),
                        Derivatives.gradients(y, gy, false, x)[0].value());
            }
            requireEqualGradients(m, y, torch, prefix);
            requireEqual(PyTorchWeights.convert(m, part(torch, "after.", prefix)), m.state());
        }
        requireEqual(
                "output in evaluation",
                torch.get("eval.output"),
                c.forward(m, x, Pass.evaluation()).value());
    }

    private static void requireEqualGradients(Model m, Node y, Map<String, Tensor> torch, String prefix) {
        Map<String, Tensor> all = new LinkedHashMap<>(part(torch, "state.", prefix));
        all.putAll(part(torch, "grad.", prefix)); // buffers have none, and are not looked at
        Map<String, Tensor> expected = PyTorchWeights.convert(m, all);
        Node gy = Node.constant(torch.get("cotangent"));
        m.parameters()
                .forEach((path, p) -> requireEqual(
                        "gradient of " + path, expected.get(path), Derivatives.gradients(y, gy, false, p)[0].value()));
    }

    private static Map<String, Tensor> part(Map<String, Tensor> torch, String kind, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        torch.forEach((name, t) -> {
            if (name.startsWith(kind)) {
                part.put(prefix + name.substring(kind.length()), t);
            }
        });
        return part;
    }

    private static void requireEqual(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((path, t) -> requireEqual(path, t, actual.get(path)));
    }

    private static void requireEqual(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), what);
        double scale = Math.max(1, expected.abs().max().item());
        double error = expected.sub(actual).abs().max().item();
        assertTrue(error <= TOLERANCE * scale, () -> what + ": error " + error + "\n" + expected + "\n" + actual);
    }
}
