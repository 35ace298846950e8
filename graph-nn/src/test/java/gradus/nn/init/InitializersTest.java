package gradus.nn.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InitializersTest {
    /** The standard deviation of a normal distribution of standard deviation 1, truncated at 2. */
    private static final double TRUNCATED = 0.8796256610342398;

    static Stream<Arguments> initializers() {
        return Stream.of(
                // fan-in 400, fan-out 600
                row("fan-in", Initializers.fanIn(400), 1 / Math.sqrt(3 * 400.0), Math.sqrt(3)),
                row("Xavier.uniform", Xavier.uniform(), Math.sqrt(2 / 1000.0), Math.sqrt(3)),
                row("Xavier.normal", Xavier.normal(), Math.sqrt(2 / 1000.0), 6),
                row("Xavier.normal, tanh", Xavier.normal(Gain.TANH), 5 / 3.0 * Math.sqrt(2 / 1000.0), 6),
                row("Xavier.uniform, tanh", Xavier.uniform(Gain.TANH), 5 / 3.0 * Math.sqrt(2 / 1000.0), Math.sqrt(3)),
                row("He.uniform", He.uniform(), Math.sqrt(2 / 400.0), Math.sqrt(3)),
                row("He.normal", He.normal(), Math.sqrt(2 / 400.0), 6),
                row("He.normal, leaky relu", He.normal(Gain.leakyRelu(0.5)), Math.sqrt(2 / 1.25 / 400), 6),
                row("He.uniform, linear", He.uniform(Gain.LINEAR), Math.sqrt(1 / 400.0), Math.sqrt(3)),
                row("LeCun.normal", LeCun.normal(), Math.sqrt(1 / 400.0), 6),
                row("LeCun.uniform", LeCun.uniform(), Math.sqrt(1 / 400.0), Math.sqrt(3)),
                row("the book's He", He.book(), Math.sqrt(2 / 400.0), 6),
                row("the book's Xavier", Xavier.book(), Math.sqrt(1 / 400.0), 6),
                row("normal", Initializers.normal(0.01), 0.01, 6),
                row("uniform", Initializers.uniform(0.3), 0.3 / Math.sqrt(3), Math.sqrt(3)),
                row("truncatedNormal", Initializers.truncatedNormal(0.02), 0.02 * TRUNCATED, 2 / TRUNCATED),
                row("orthogonal", Initializers.orthogonal(), Math.sqrt(1 / 600.0), 6),
                row("constant", Initializers.constant(0), 0, 0));
    }

    private static Arguments row(String name, Initializer init, double std, double bound) {
        return Arguments.of(name, init, std, bound);
    }

    /** The bound is that of the values, in standard deviations. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("initializers")
    void initial_values_have_the_spread_that_the_papers_give(String name, Initializer init, double std, double bound) {
        Tensor w = init.draw(Shape.of(400, 600), RandomStream.of(1, name));
        assertEquals(DType.FLOAT64, w.dtype());
        double n = w.size();
        assertEquals(0, w.mean().item(), 5 * std / Math.sqrt(n));
        assertEquals(std, Math.sqrt(w.mul(w).mean().item()), 0.01 * std);
        double largest = w.abs().max().item();
        assertTrue(largest <= bound * std * (1 + 1e-12), () -> largest / std + " standard deviations");
        assertTrue(largest >= 0.95 * Math.min(bound, 4) * std, () -> largest / std + " standard deviations");
        assertEquals(w, init.draw(Shape.of(400, 600), RandomStream.of(1, name)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("initializers")
    void fans_are_those_of_the_layer_where_it_gives_them(String name, Initializer init, double std, double bound) {
        if (name.equals("orthogonal")) {
            return; // it has no fans
        }
        Tensor w = init.draw(Shape.of(240_000), new Fans(400, 600), RandomStream.of(1, name));
        assertEquals(std, Math.sqrt(w.mul(w).mean().item()), 0.01 * std);
    }

    @Test
    void fans_of_kernels_count_the_elements_of_the_window() {
        assertEquals(new Fans(3, 5), Fans.of(Shape.of(3, 5)));
        assertEquals(new Fans(3 * 2, 5 * 2), Fans.of(Shape.of(5, 3, 2)));
        assertEquals(new Fans(3 * 8, 5 * 8), Fans.of(Shape.of(5, 3, 2, 4)));
        assertEquals(new Fans(3 * 48, 5 * 48), Fans.of(Shape.of(5, 3, 2, 4, 6)));
        String message = assertThrows(IllegalArgumentException.class, () -> Fans.of(Shape.of(3)))
                .getMessage();
        assertEquals(
                "Fans: they are known of a weight [in, out] or [out, in, k..], not of [3]; declare the parameter with its"
                        + " Fans",
                message);
        assertThrows(IllegalArgumentException.class, () -> Fans.of(Shape.of(0, 2)));
        assertThrows(IllegalArgumentException.class, () -> new Fans(0, 1));
    }

    /** The values of PyTorch's calculate_gain. */
    @Test
    void gains_are_those_of_the_activation_functions() {
        assertEquals(1, Gain.LINEAR.value());
        assertEquals(1, Gain.SIGMOID.value());
        assertEquals(1.6666666666666667, Gain.TANH.value());
        assertEquals(1.4142135623730951, Gain.RELU.value());
        assertEquals(0.75, Gain.SELU.value());
        assertEquals(1.4141428569978354, Gain.leakyRelu(0.01).value(), 1e-15);
        assertEquals(Gain.RELU, Gain.leakyRelu(0));
    }

    /** The variance of relu's output's square, half of the sum, is what He's weights restore. */
    @Test
    void a_deep_relu_network_keeps_the_size_of_its_signal() {
        RandomStream random = RandomStream.of(3, "signal");
        Node x = Node.constant(Tensor.normal(Shape.of(200, 256), 0, 1, random));
        double before = x.square().mean().item();
        for (int layer = 0; layer < 20; layer++) {
            x = x.matmul(Node.constant(He.normal().draw(Shape.of(256, 256), random)))
                    .relu();
        }
        double ratio = x.square().mean().item() / (before / 2) / 2;
        assertTrue(ratio > 0.3 && ratio < 3, () -> "ratio " + ratio);
    }

    @ParameterizedTest
    @CsvSource({"6, 4", "4, 6", "5, 5", "1, 3", "3, 1"})
    void orthogonal_matrices_have_orthonormal_rows_or_columns(int rows, int columns) {
        Node w = Node.constant(
                Initializers.orthogonal(Gain.TANH).draw(Shape.of(rows, columns), RandomStream.of(1, "orthogonal")));
        Node product = rows < columns ? w.matmul(w.transpose()) : w.transpose().matmul(w);
        double gain = Gain.TANH.value() * Gain.TANH.value();
        Tensor error = product.value()
                .sub(Tensor.eye(Math.min(rows, columns), DType.FLOAT64).mul(gain));
        assertTrue(error.abs().max().item() < 1e-14);
    }

    @Test
    void orthogonal_kernels_are_taken_as_matrices_of_output_channels() {
        Initializer orthogonal = Initializers.orthogonal();
        Tensor kernel = orthogonal.draw(Shape.of(4, 2, 3, 3), RandomStream.of(1, "k"));
        assertEquals(orthogonal.draw(Shape.of(4, 18), RandomStream.of(1, "k")), kernel.reshape(4, 18));
        assertEquals(
                Shape.of(0, 3),
                orthogonal.draw(Shape.of(0, 3), RandomStream.of(1, "k")).shape());
        assertThrows(IllegalArgumentException.class, () -> orthogonal.draw(Shape.of(3), RandomStream.of(1, "k")));
    }

    /** Without the signs of R the first column would point to one side only. */
    @Test
    void orthogonal_matrices_are_uniformly_distributed() {
        int positive = 0;
        for (int i = 0; i < 400; i++) {
            Tensor q = Initializers.orthogonal().draw(Shape.of(3, 3), RandomStream.of(i, "q"));
            positive += q.get(0, 0) > 0 ? 1 : 0;
        }
        int count = positive;
        assertTrue(count > 150 && count < 250, () -> count + " of 400 are positive");
    }

    @Test
    void parameters_out_of_range_are_refused() {
        for (double bad : List.of(0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY)) {
            assertThrows(IllegalArgumentException.class, () -> Initializers.normal(bad));
            assertThrows(IllegalArgumentException.class, () -> Initializers.uniform(bad));
            assertThrows(IllegalArgumentException.class, () -> Initializers.truncatedNormal(bad));
            assertThrows(IllegalArgumentException.class, () -> Initializers.truncatedNormal(1, bad));
            assertThrows(IllegalArgumentException.class, () -> new Gain(bad));
        }
        assertThrows(IllegalArgumentException.class, () -> Gain.leakyRelu(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Initializers.fanIn(0));
    }
}
