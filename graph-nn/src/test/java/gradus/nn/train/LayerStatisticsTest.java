package gradus.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.BatchNorm;
import gradus.nn.Conv1d;
import gradus.nn.Conv2d;
import gradus.nn.Dropout;
import gradus.nn.Embedding;
import gradus.nn.Flatten;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.MaxPool2d;
import gradus.nn.Model;
import gradus.nn.Pass;
import gradus.nn.PositionalEmbedding;
import gradus.nn.Residual;
import gradus.nn.Sequential;
import gradus.nn.TransformerLayer;
import gradus.nn.data.Batch;
import gradus.nn.data.Synthetic;
import gradus.nn.train.LayerStatistics.LayerRow;
import gradus.nn.train.LayerStatistics.ParameterRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statistics against formulas, and each finding against a model that has the fault, and one that has not. */
class LayerStatisticsTest {
    private static final Batch MOONS = Synthetic.moons(60, 0.1, 1).all();

    private static Sequential net(Layer activation) {
        Sequential net = Sequential.of(new Linear(2, 16), activation, new Linear(16, 2));
        net.initialize(1);
        return net;
    }

    private static LayerStatistics of(Model model) {
        return LayerStatistics.of(model, Loss.crossEntropy(), MOONS);
    }

    private static double sum(Tensor t, DoubleUnaryOperator f) {
        return Arrays.stream(t.toDoubleArray()).map(f).sum();
    }

    // ---- numbers

    @ParameterizedTest
    @EnumSource(DType.class)
    void numbers_are_those_of_the_formulas(DType dtype) {
        Sequential net = net(Node::relu);
        net.to(dtype);
        LayerStatistics s = of(net);
        assertEquals(
                List.of("0", "1", "2"), s.layers().stream().map(LayerRow::path).toList());
        assertEquals(
                List.of("Linear", "relu", "Linear"),
                s.layers().stream().map(LayerRow::type).toList());
        double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
        Tensor x = MOONS.x().to(dtype);
        Tensor w = net.state().get("0.weight");
        Tensor h = x.matmul(w).add(net.state().get("0.bias"));
        Tensor a = h.map(v -> Math.max(0, v));
        Tensor p = a.matmul(net.state().get("2.weight"))
                .add(net.state().get("2.bias"))
                .softmax(1);
        int[] classes = MOONS.classes();
        double[] g = p.toDoubleArray();
        IntStream.range(0, 60).forEach(i -> g[2 * i + classes[i]]--);
        Tensor gy = Tensor.of(Shape.of(60, 2), Arrays.stream(g).map(v -> v / 60).toArray())
                .to(dtype);
        Tensor ga = gy.matmul(net.state().get("2.weight"), false, true);
        Tensor gh = ga.zip("times", a, (u, v) -> v > 0 ? u : 0);
        Tensor gw = x.transpose().matmul(gh);

        LayerRow relu = s.layers().get(1);
        double mean = sum(a, v -> v) / 960;
        assertEquals(mean, relu.mean(), tolerance);
        assertEquals(Math.sqrt(sum(a, v -> (v - mean) * (v - mean)) / 960), relu.standardDeviation(), tolerance);
        assertEquals(sum(a, v -> v == 0 ? 1 : 0) / 960, relu.zeros(), 1e-15);
        assertEquals(16, relu.units());
        assertTrue(Double.isNaN(relu.saturated()));
        assertEquals(Math.sqrt(sum(gy, v -> v * v)), s.layers().get(2).gradientNorm(), tolerance);
        assertEquals(Math.sqrt(sum(ga, v -> v * v)), relu.gradientNorm(), tolerance);
        assertEquals(Math.sqrt(sum(gh, v -> v * v)), s.layers().get(0).gradientNorm(), tolerance);
        ParameterRow weight = s.parameters().get(0);
        assertEquals("0.weight", weight.path());
        assertEquals(Math.sqrt(sum(w, v -> v * v)), weight.norm(), tolerance);
        assertEquals(Math.sqrt(sum(gw, v -> v * v)), weight.gradientNorm(), tolerance);
        assertEquals(weight.gradientNorm() / weight.norm(), weight.ratio(), 1e-15);
        assertEquals(dtype, s.activations().get("1").dtype());
        assertEquals(Shape.of(60, 16), s.gradients().get("0").shape());
        assertEquals(List.of(), s.findings());
        assertTrue(s.toString().contains("0.weight") && s.toString().endsWith("nothing found\n"), s::toString);
    }

    @Test
    void the_pass_is_the_first_of_a_training_and_leaves_the_model_as_it_was() {
        Sequential net =
                Sequential.of(new Linear(2, 8), new BatchNorm(8), Node::tanh, new Dropout(0.5), new Linear(8, 2));
        net.initialize(3);
        Map<String, Tensor> before = net.state();
        LayerStatistics s = of(net);
        assertEquals(before, net.state());
        assertEquals(0, s.layers().get(1).mean(), 1e-12, "batch normalisation uses the batch");
        assertEquals(0.5, s.layers().get(3).zeros(), 0.1, "dropout is active");
        assertEquals(s.toString(), of(net).toString());
        assertEquals(
                net.forward(Node.constant(MOONS.x()), Pass.training(0, 0)).value(),
                s.activations().get("4"));
    }

    @Test
    void units_are_features_or_channels() {
        Sequential images =
                Sequential.of(new Conv2d(1, 3, 3), Node::relu, new MaxPool2d(2), new Flatten(), new Linear(12, 2));
        images.initialize(1);
        images.parameters().get("0.bias").assign(Tensor.of(0, -100, 0));
        Batch batch =
                Batch.of(Tensor.uniform(Shape.of(5, 1, 6, 6), 0, 1, RandomStream.of(1, "x")), Tensor.of(0, 1, 0, 1, 0));
        LayerStatistics s = LayerStatistics.of(images, Loss.crossEntropy(), batch);
        assertEquals(
                List.of(3, 3, 3, 12, 2),
                s.layers().stream().map(LayerRow::units).toList());
        assertEquals(
                List.of(0, 1, 1, 4, 0),
                s.layers().stream().map(LayerRow::deadUnits).toList());
        assertEquals(List.of("1 (relu): 1 of 3 units are dead, zero for all examples of the batch"), s.findings());
        Sequential series = Sequential.of(new Conv1d(2, 3, 3), Node::relu, new Flatten(), new Linear(12, 2));
        Batch one = Batch.of(Tensor.ones(5, 2, 6), Tensor.of(0, 1, 0, 1, 0));
        assertEquals(
                3,
                LayerStatistics.of(series, Loss.crossEntropy(), one)
                        .layers()
                        .get(1)
                        .units());
        Sequential sequence = Sequential.of(new Linear(6, 4), new Flatten(), new Linear(8, 2));
        assertEquals(
                4,
                LayerStatistics.of(sequence, Loss.crossEntropy(), one)
                        .layers()
                        .get(0)
                        .units());
    }

    // ---- models of one's own

    private static final class Own extends Model {
        private final Linear first = layer("first", new Linear(2, 6));
        private final Linear unused = layer("unused", new Linear(2, 6));
        private final Linear last = layer("last", new Linear(6, 2));

        @Override
        public Node forward(Node x, Pass pass) {
            return last.forward(
                    first.forward(x, pass)
                            .relu()
                            .add(unused.forward(x, pass).detach().mul(0)),
                    pass);
        }
    }

    @Test
    void layers_of_a_model_of_ones_own_have_rows_and_its_activation_functions_too() {
        Own own = new Own();
        own.initialize(1);
        own.parameters().get("first.bias").assign(Tensor.of(-9, -9, 0, 0, 0, 0));
        LayerStatistics s = of(own);
        assertEquals(
                List.of("first", "first relu", "last"),
                s.layers().stream().map(LayerRow::path).toList());
        assertEquals(
                List.of("Linear", "relu", "Linear"),
                s.layers().stream().map(LayerRow::type).toList());
        assertEquals(
                own.forward(Node.constant(MOONS.x())).value(), s.activations().get("last"));
        assertEquals(
                List.of(
                        "no gradient reaches unused.weight, unused.bias: the loss does not depend on it",
                        "first relu (relu): 2 of 6 units are dead, zero for all examples of the batch"),
                s.findings());
        Sequential around = Sequential.of(new Residual(new Linear(2, 2)), own);
        around.initialize(1);
        assertEquals(
                List.of("0.layer", "0", "1.first", "1.first relu", "1"),
                of(around).layers().stream().map(LayerRow::path).toList());
        assertEquals(
                List.of("first", "first relu", "last"),
                of(own).layers().stream().map(LayerRow::path).toList());
        Sequential inside = (Sequential) Sequential.of(net(Node::tanh)).layers().get("0");
        assertEquals(
                List.of("0", "1", "2"),
                of(inside).layers().stream().map(LayerRow::path).toList());
    }

    @Test
    void a_model_of_several_inputs_is_called_by_a_function() {
        Linear a = new Linear(2, 2);
        Batch batch = new Batch(List.of(MOONS.x(), MOONS.x().mul(2)), MOONS.targets());
        LayerStatistics s = LayerStatistics.of(
                a,
                (b, pass) ->
                        a.forward(Node.constant(b.inputs().get(0).add(b.inputs().get(1))), pass),
                Loss.crossEntropy(),
                batch);
        assertEquals(List.of("model"), s.layers().stream().map(LayerRow::path).toList());
        Sequential text = Sequential.of(new TransformerLayer(4, 2, 8), x -> x.mean(1), new Linear(4, 2));
        text.initialize(1);
        Batch words =
                Batch.of(Tensor.normal(Shape.of(6, 5, 4), 0, 1, RandomStream.of(1, "x")), Tensor.of(0, 1, 0, 1, 0, 1));
        LayerStatistics inner = LayerStatistics.of(text, Loss.crossEntropy(), words);
        assertEquals(List.of(), inner.findings());
        List<String> paths = inner.layers().stream().map(LayerRow::path).toList();
        assertTrue(paths.size() > 6 && paths.indexOf("0") == paths.size() - 3, paths::toString);
    }

    @Test
    void what_is_looked_up_in_a_table_depends_on_the_batch() {
        Model text = new Model() {
            private final Embedding table = layer("table", new Embedding(5, 4));
            private final PositionalEmbedding place = layer("place", new PositionalEmbedding(6, 4));
            private final TransformerLayer block = layer("block", new TransformerLayer(4, 2, 8));
            private final Linear head = layer("head", new Linear(4, 2));

            @Override
            public Node forward(Node x, Pass pass) {
                return head.forward(
                        block.forward(place.forward(table.forward(x, pass), pass), pass)
                                .mean(1),
                        pass);
            }
        };
        text.initialize(1);
        Batch words = Batch.of(Tensor.of(new double[][] {{0, 1, 2, 3, 4, 0}, {4, 4, 3, 2, 1, 1}}), Tensor.of(0, 1));
        List<String> paths = LayerStatistics.of(text, Loss.crossEntropy(), words).layers().stream()
                .map(LayerRow::path)
                .toList();
        assertEquals(
                List.of(
                        "table",
                        "place",
                        "block.attention",
                        "block.norm1",
                        "block.linear1",
                        "block.linear1 relu",
                        "block.linear2",
                        "block.norm2",
                        "head"),
                paths);
        Model inSequence = Sequential.of(
                new Embedding(5, 4),
                new PositionalEmbedding(6, 4),
                new TransformerLayer(4, 2, 8),
                x -> x.mean(1),
                new Linear(4, 2));
        assertEquals(
                List.of("0", "1", "2.attention", "2.norm1", "2.linear1", "2.linear1 relu", "2.linear2", "2", "3", "4"),
                LayerStatistics.of(inSequence, Loss.crossEntropy(), words).layers().stream()
                        .map(LayerRow::path)
                        .toList());
    }

    // ---- findings

    @Test
    void saturated_units_are_found() {
        for (Layer activation : List.<Layer>of(Node::tanh, Node::sigmoid)) {
            Sequential net = net(activation);
            net.parameters().get("0.weight").assign(net.state().get("0.weight").mul(100));
            String found = of(net).findings().toString();
            assertTrue(
                    found.matches("(?s)\\[1 \\((tanh|sigmoid)\\): \\d\\d\\.\\d% of the elements are saturated.*"),
                    found);
        }
    }

    private static Sequential deep(double std) {
        Layer[] layers = new Layer[13];
        for (int i = 0; i < 13; i++) {
            layers[i] = i % 2 == 1 ? Node::tanh : new Linear(i == 0 ? 2 : 100, i == 12 ? 2 : 100);
        }
        Sequential net = Sequential.of(layers);
        net.initialize(1);
        net.parameters().forEach((path, p) -> {
            if (path.endsWith("weight")) {
                p.assign(Tensor.normal(p.shape(), 0, std, RandomStream.of(1, path)));
            }
        });
        return net;
    }

    @Test
    void vanishing_and_exploding_gradients_are_found_and_xavier_has_neither() {
        LayerStatistics s = of(deep(0.01));
        double last = s.layers().get(12).gradientNorm();
        String below = s.layers().stream()
                .filter(r -> r.gradientNorm() < last / 1000)
                .reduce((a, b) -> b)
                .orElseThrow()
                .path();
        List<String> small = s.findings();
        assertEquals(1, small.size(), small::toString);
        assertTrue(
                small.get(0).startsWith("vanishing gradients: ")
                        && small.get(0).contains(" at 0 (Linear), and so on up to " + below + " ("),
                small::toString);
        Sequential linear = deep(1);
        List<String> large = of(Sequential.of(linear.layers().values().stream()
                        .filter(Linear.class::isInstance)
                        .toArray(Layer[]::new)))
                .findings();
        assertTrue(large.get(large.size() - 1).startsWith("exploding gradients: "), large::toString);
        assertEquals(List.of(), of(deep(0.1)).findings());
    }

    @Test
    void equal_units_are_found_after_initialisation_by_zeros_or_by_a_constant() {
        for (double c : new double[] {0, 0.3}) {
            Sequential net = net(Node::tanh);
            net.parameters().values().forEach(p -> p.assign(Tensor.full(p.shape(), c, DType.FLOAT64)));
            List<String> found = of(net).findings();
            assertTrue(
                    found.stream().anyMatch(f -> f.startsWith("all units") && f.endsWith("by zeros: 0, 1")),
                    found::toString);
        }
    }

    @Test
    void a_gradient_of_zero_is_found() {
        Sequential net = net(Node::relu);
        net.parameters().get("0.bias").assign(Tensor.full(Shape.of(16), -100, DType.FLOAT64));
        List<String> found = of(net).findings();
        assertEquals("the gradient of 0.weight, 0.bias, 2.weight is zero", found.get(0));
        assertEquals("1 (relu): 16 of 16 units are dead, zero for all examples of the batch", found.get(1));
    }

    @Test
    void numbers_that_are_not_finite_are_found_where_they_arise() {
        Linear identity = new Linear(2, 2).withoutBias();
        identity.parameters().get("weight").assign(Tensor.of(new double[][] {{2, 0}, {0, 2}}));
        assertEquals(
                List.of(
                        "the output of 1 (log) is not finite: 2 of 4 elements, the first NaN at [0, 1]; what was computed before it is finite"),
                LayerStatistics.of(
                                Sequential.of(identity, Node::log, new Linear(2, 2)),
                                Loss.crossEntropy(),
                                Batch.of(Tensor.of(new double[][] {{1, -1}, {2, 0}}), Tensor.of(0, 1)))
                        .findings());
        assertEquals(
                List.of("input 0 of the batch is not finite: 1 of 4 elements, the first Infinity at [1, 0]"),
                LayerStatistics.of(
                                net(Node::tanh),
                                Loss.crossEntropy(),
                                Batch.of(Tensor.of(new double[][] {{1, 2}, {1 / 0.0, 0}}), Tensor.of(0, 1)))
                        .findings());
        Sequential net = net(Node::tanh);
        net.parameters().get("2.bias").assign(Tensor.of(0, Double.NaN));
        assertEquals(
                List.of("the parameter 2.bias is not finite: 1 of 2 elements, the first NaN at [1]"),
                of(net).findings());
        Batch zero = Batch.of(Tensor.zeros(3, 2), Tensor.zeros(3, 2));
        Sequential root = Sequential.of(new Linear(2, 2), Node::square, Node::sqrt);
        root.parameters().values().forEach(p -> p.assign(p.value().mul(0)));
        assertEquals(
                List.of(),
                LayerStatistics.of(root, (y, b) -> y.sum().mul(0), zero).findings().stream()
                        .filter(f -> f.contains("not finite"))
                        .toList());
        assertEquals(
                List.of("the loss is Infinity; the outputs of all layers are finite"),
                LayerStatistics.of(
                                net(Node::tanh), (y, b) -> y.sum().mul(0).add(1).div(0.0), MOONS)
                        .findings());
    }

    @Test
    void frozen_layers_have_activations_and_no_gradient() {
        Sequential net = net(Node::tanh);
        net.freeze("0");
        LayerStatistics s = of(net);
        assertEquals(
                List.of("0", "1", "2"), s.layers().stream().map(LayerRow::path).toList());
        assertTrue(Double.isNaN(s.layers().get(1).gradientNorm()));
        assertTrue(s.parameters().get(0).isFrozen());
        assertEquals(List.of(), s.findings());
        assertEquals(List.of("2"), List.copyOf(s.gradients().keySet()));
        net.freeze();
        assertEquals(3, of(net).layers().size(), "nothing is trained");
    }

    @Test
    void a_loss_of_several_numbers_is_refused() {
        assertEquals(
                "LayerStatistics: the loss has the shape [60, 2]; one number is needed",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> LayerStatistics.of(net(Node::tanh), (y, b) -> y, MOONS))
                        .getMessage());
    }
}
