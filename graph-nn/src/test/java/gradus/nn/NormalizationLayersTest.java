package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Normalisation layers: results computed by hand, running statistics, refusals. */
class NormalizationLayersTest {
    private static final Pass TRAINING = Pass.training(1, 0);

    private static Tensor random(int... dims) {
        return Tensor.uniform(Shape.of(dims), -2, 5, RandomStream.of(3, "x"));
    }

    private static void assertClose(double[] expected, Tensor actual, double tolerance) {
        double[] y = actual.toDoubleArray();
        assertEquals(expected.length, y.length);
        for (int i = 0; i < y.length; i++) {
            assertEquals(expected[i], y[i], tolerance, actual::toString);
        }
    }

    static Stream<Arguments> rows() {
        double unit = 1 / Math.sqrt(1.25);
        return Stream.of(
                // mean 2.5, variance 1.25
                row(
                        new LayerNorm(4),
                        Shape.of(1, 4),
                        new double[] {1, 2, 3, 4},
                        -1.5 * unit,
                        -unit / 2,
                        unit / 2,
                        1.5 * unit),
                row(
                        new LayerNorm(2, 2),
                        Shape.of(1, 2, 2),
                        new double[] {1, 2, 3, 4},
                        -1.5 * unit,
                        -unit / 2,
                        unit / 2,
                        1.5 * unit),
                row(new LayerNorm(2).epsilon(3.75), Shape.of(2), new double[] {0, 1}, -0.25, 0.25),
                row(new LayerNorm(2).withoutAffine(), Shape.of(2, 2), new double[] {0, 2, 5, 1}, -1, 1, 1, -1),
                // mean square 12.5
                row(new RmsNorm(2), Shape.of(2), new double[] {3, 4}, 3 / Math.sqrt(12.5), 4 / Math.sqrt(12.5)),
                row(new RmsNorm(2).epsilon(3.5), Shape.of(2), new double[] {3, 4}, 0.75, 1),
                row(new RmsNorm(2).withoutAffine().epsilon(3.5), Shape.of(2), new double[] {3, 4}, 0.75, 1),
                row(
                        new GroupNorm(2, 4),
                        Shape.of(1, 4, 1),
                        new double[] {0, 2, 5, 9},
                        -1 / Math.sqrt(1 + 1e-5),
                        1 / Math.sqrt(1 + 1e-5),
                        -2 / Math.sqrt(4 + 1e-5),
                        2 / Math.sqrt(4 + 1e-5)),
                row(new GroupNorm(1, 2).withoutAffine().epsilon(0), Shape.of(1, 2), new double[] {0, 2}, -1, 1),
                row(new InstanceNorm(2).epsilon(0), Shape.of(1, 2, 2), new double[] {0, 2, 9, 5}, -1, 1, 1, -1),
                row(new InstanceNorm(1).affine().epsilon(8), Shape.of(1, 1, 2), new double[] {0, 2}, -1 / 3.0, 1 / 3.0),
                row(new BatchNorm(1, 8, 0.1), Shape.of(2, 1), new double[] {0, 2}, -1 / 3.0, 1 / 3.0),
                row(
                        Sequential.of(new LocalResponseNorm(2, 2, 1, 1)),
                        Shape.of(1, 3, 1),
                        new double[] {1, 2, 3},
                        1 / 2.0,
                        2 / 6.0,
                        3 / 14.0),
                row(
                        Sequential.of(new LocalResponseNorm(1)),
                        Shape.of(1, 1, 1),
                        new double[] {100},
                        100 / Math.pow(2, 0.75)));
    }

    private static Arguments row(Model layer, Shape s, double[] x, double... expected) {
        return Arguments.of(layer, Tensor.of(s, x), expected);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void results_are_those_computed_by_hand(Model layer, Tensor x, double[] expected) {
        assertClose(expected, layer.forward(Node.constant(x), TRAINING).value(), 1e-5);
    }

    @Test
    void scale_and_shift_follow_the_normalisation() {
        for (Model m : List.of(
                new LayerNorm(2).epsilon(0),
                new GroupNorm(1, 2).epsilon(0),
                new InstanceNorm(2).affine().epsilon(0).runningStatistics(0.1),
                new BatchNorm(2, 0, 0.1))) {
            m.parameters().get("gamma").assign(Tensor.of(2.0, 3.0));
            m.parameters().get("beta").assign(Tensor.of(10.0, 20.0));
            boolean rows = m instanceof LayerNorm;
            Tensor x = rows ? Tensor.of(Shape.of(1, 2), 0, 2) : Tensor.of(Shape.of(1, 2, 2), 0, 2, 0, 2);
            double[] expected = rows ? new double[] {8, 23} : new double[] {8, 12, 17, 23};
            assertClose(expected, m.forward(Node.constant(x), TRAINING).value(), 1e-12);
        }
        LayerNorm scaled = new LayerNorm(2).withoutBias().epsilon(0);
        scaled.parameters().get("gamma").assign(Tensor.of(2.0, 3.0));
        assertClose(new double[] {-2, 3}, scaled.forward(Node.constant(0, 2)).value(), 1e-12);
    }

    @Test
    void a_layer_has_the_parameters_of_its_settings() {
        assertEquals(Set.of("gamma", "beta"), new LayerNorm(3).state().keySet());
        assertEquals(
                Shape.of(3, 2), new LayerNorm(3, 2).parameters().get("gamma").shape());
        assertEquals(Set.of("gamma"), new LayerNorm(3).withoutBias().state().keySet());
        assertEquals(Set.of("gamma"), new RmsNorm(3).state().keySet());
        assertEquals(Set.of(), new InstanceNorm(3).state().keySet());
        assertEquals(
                Set.of("gamma", "beta"), new InstanceNorm(3).affine().state().keySet());
        assertEquals(
                Set.of("runningMean", "runningVar"),
                new BatchNorm(3).withoutAffine().state().keySet());
        assertEquals(
                Set.of("gamma", "beta", "runningMean", "runningVar", "batches"),
                new BatchNorm(3).cumulativeAverage().state().keySet());
    }

    @ParameterizedTest
    @MethodSource("images")
    void batch_norm_takes_any_number_of_later_axes(Shape s) {
        Tensor x = random(s.dims());
        BatchNorm layer = new BatchNorm(3);
        Tensor y = layer.forward(Node.constant(x), TRAINING).value();
        int[] rest = java.util.stream.IntStream.range(0, s.rank())
                .filter(i -> i != 1)
                .toArray();
        Tensor mean = x.mean(rest);
        long count = s.size() / 3;
        for (int c = 0; c < 3; c++) {
            Tensor of = x.slice(1, c, c + 1);
            double m = mean.get(c);
            double var = of.sub(m).mul(of.sub(m)).mean().item();
            Tensor expected = of.sub(m).div(Math.sqrt(var + 1e-5));
            assertTrue(expected.sub(y.slice(1, c, c + 1)).abs().max().item() < 1e-12);
            assertEquals(0.1 * m, layer.state().get("runningMean").get(c), 1e-13);
            assertEquals(
                    0.9 + 0.1 * var * count / (count - 1),
                    layer.state().get("runningVar").get(c),
                    1e-13);
        }
        assertEquals(
                y,
                new BatchNorm(3)
                        .withoutAffine()
                        .forward(Node.constant(x), TRAINING)
                        .value());
    }

    static Stream<Shape> images() {
        return Stream.of(Shape.of(5, 3), Shape.of(4, 3, 2), Shape.of(2, 3, 4, 5), Shape.of(2, 3, 2, 3, 2));
    }

    @Test
    void a_cumulative_average_is_the_mean_of_all_batches() {
        BatchNorm layer = new BatchNorm(1).cumulativeAverage();
        double[][][] batches = {{{1}, {3}}, {{4}, {8}}, {{0}, {10}}};
        for (double[][] batch : batches) {
            layer.forward(Node.constant(batch), TRAINING);
        }
        assertEquals((2 + 6 + 5) / 3.0, layer.state().get("runningMean").get(0), 1e-14);
        assertEquals((2 + 8 + 50) / 3.0, layer.state().get("runningVar").get(0), 1e-14);
        assertEquals(3, layer.state().get("batches").item());
        layer.to(DType.FLOAT32);
        layer.forward(Node.constant(Tensor.of(batches[0]).to(DType.FLOAT32)), TRAINING);
        assertEquals(Tensor.scalar(4, DType.FLOAT32), layer.state().get("batches"));
        layer.initialize(1);
        assertEquals(0, layer.state().get("batches").item());
    }

    @Test
    void instance_norm_tracks_the_mean_over_the_samples() {
        InstanceNorm layer = new InstanceNorm(1).runningStatistics(0.5);
        Node x = Node.constant(Tensor.of(Shape.of(2, 1, 2), 0, 2, 4, 8)); // means 1, 6; unbiased variances 2, 8
        Tensor y = layer.forward(x, TRAINING).value();
        assertTrue(y.sub(new InstanceNorm(1).forward(x).value()).abs().max().item() < 1e-15);
        assertEquals(0.5 * 3.5, layer.state().get("runningMean").get(0), 1e-15);
        assertEquals(0.5 + 0.5 * 5, layer.state().get("runningVar").get(0), 1e-15);
        double scale = 1 / Math.sqrt(3 + 1e-5);
        assertClose(
                new double[] {-1.75 * scale, 0.25 * scale, 2.25 * scale, 6.25 * scale},
                layer.forward(x).value(),
                1e-12);
        Map<String, Tensor> before = layer.state();
        Derivatives.checkpoint(v -> layer.forward(v, TRAINING))
                .apply(Node.variable(x.value()))
                .sum()
                .backward();
        assertEquals(
                0.5 * before.get("runningMean").get(0) + 0.5 * 3.5,
                layer.state().get("runningMean").get(0),
                1e-15,
                "once, though it is computed twice");
    }

    @Test
    void only_layers_with_running_statistics_depend_on_the_pass() {
        assertFalse(new LayerNorm(2).dependsOnPass());
        assertFalse(new GroupNorm(1, 2).dependsOnPass());
        assertFalse(new InstanceNorm(2).affine().dependsOnPass());
        assertTrue(new InstanceNorm(2).runningStatistics(0.1).dependsOnPass());
    }

    @Test
    void the_default_epsilon_of_rms_norm_is_that_of_the_number_type() {
        RmsNorm layer = new RmsNorm(1);
        double x = 0x1p-26; // its square is 2^-52
        assertEquals(
                Math.sqrt(0.5), layer.forward(Node.constant(new double[] {x})).item(), 1e-15);
        layer.to(DType.FLOAT32);
        Node y = layer.forward(Node.constant(Tensor.of(new double[] {x}).to(DType.FLOAT32)));
        assertEquals(x / Math.sqrt(0x1p-52 + 0x1p-23), y.item(), 1e-9);
    }

    static Stream<Arguments> refused() {
        Node rows = Node.constant(Tensor.ones(4, 3));
        return Stream.of(
                refused("LayerNorm: features [] must be one size or more, each at least 1", LayerNorm::new),
                refused(
                        "LayerNorm: features [2, 0] must be one size or more, each at least 1",
                        () -> new LayerNorm(2, 0)),
                refused("RmsNorm: features [-1] must be one size or more, each at least 1", () -> new RmsNorm(-1)),
                refused("LayerNorm: epsilon -1.0 must be at least 0", () -> new LayerNorm(2).epsilon(-1)),
                refused("RmsNorm: epsilon NaN must be at least 0", () -> new RmsNorm(2).epsilon(Double.NaN)),
                refused(
                        "GroupNorm: groups 2 must be at least 1 and divide channels 3, at least 1",
                        () -> new GroupNorm(2, 3)),
                refused(
                        "GroupNorm: groups 0 must be at least 1 and divide channels 3, at least 1",
                        () -> new GroupNorm(0, 3)),
                refused("InstanceNorm: channels 0 must be at least 1", () -> new InstanceNorm(0)),
                refused("InstanceNorm: momentum 1.5 must be from 0 to 1", () -> new InstanceNorm(1)
                        .runningStatistics(1.5)),
                refused(
                        "LocalResponseNorm: size 0 must be at least 1, alpha 1.0E-4, beta 0.75 and k 1.0 at least 0",
                        () -> new LocalResponseNorm(0)),
                refused(
                        "LocalResponseNorm: size 1 must be at least 1, alpha -1.0, beta 1.0 and k 1.0 at least 0",
                        () -> new LocalResponseNorm(1, -1, 1, 1)),
                refused(
                        "layerNorm: [4, 3] x gamma [2] x beta [2]: the last sizes of x must be those of gamma, [2]",
                        () -> new LayerNorm(2).forward(rows)),
                refused("GroupNorm: [4, 3]: it takes [n, 4, ..]", () -> new GroupNorm(2, 4).forward(rows)),
                refused("InstanceNorm: [4, 3]: it takes [n, 3, s, ..]", () -> new InstanceNorm(3).forward(rows)),
                refused(
                        "InstanceNorm: [4, 3, 1]: training needs at least 2 values of each channel to have a variance",
                        () -> new InstanceNorm(3).runningStatistics(0.1).forward(rows.unsqueeze(-1), TRAINING)));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void bad_input_is_refused_by_name(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void settings_come_first() {
        LayerNorm used = new LayerNorm(2);
        used.parameters();
        InstanceNorm inside = new InstanceNorm(2);
        Sequential.of(inside);
        for (Executable late : List.<Executable>of(
                () -> used.epsilon(1),
                used::withoutAffine,
                used::withoutBias,
                inside::affine,
                () -> inside.runningStatistics(0.1))) {
            assertTrue(
                    assertThrows(IllegalStateException.class, late).getMessage().contains("settings come first"));
        }
        assertEquals(
                List.of(
                        "LayerNorm[2, 3] without affine",
                        "LayerNorm[2] without bias",
                        "RmsNorm[2]",
                        "GroupNorm[2, 4]",
                        "InstanceNorm[3] affine with running statistics",
                        "BatchNorm[2] without affine",
                        "LocalResponseNorm[5]"),
                Stream.of(
                                new LayerNorm(2, 3).withoutAffine(),
                                new LayerNorm(2).withoutBias(),
                                new RmsNorm(2),
                                new GroupNorm(2, 4),
                                new InstanceNorm(3).affine().runningStatistics(0.1),
                                new BatchNorm(2).withoutAffine(),
                                new LocalResponseNorm(5))
                        .map(Object::toString)
                        .toList());
    }
}
