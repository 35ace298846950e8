package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms of dropout; {@link PassTest} has how draws depend on the pass. */
class DropoutLayersTest {
    private static final Pass TRAINING = Pass.training(1, 0);

    private static Set<Double> distinct(Tensor t) {
        return Arrays.stream(t.toDoubleArray()).boxed().collect(Collectors.toSet());
    }

    @Test
    void the_dropout_of_the_book_scales_in_evaluation() {
        Dropout layer = Dropout.book(0.25);
        Node x = Node.constant(Tensor.full(Shape.of(1000), 8, DType.FLOAT64));
        assertEquals(Set.of(0.0, 8.0), distinct(layer.forward(x, TRAINING).value()));
        assertEquals(Set.of(6.0), distinct(layer.forward(x).value()));
        double mean = layer.forward(x, TRAINING).mean().item();
        assertEquals(6, mean, 4 * 8 * Math.sqrt(0.25 * 0.75 / 1000));
        assertEquals(Set.of(0.0), distinct(Dropout.book(1).forward(x).value()));
        assertSame(x, Dropout.book(0).forward(x));
    }

    /** The same mask in both forms, as it depends on the pass alone. */
    @Test
    void both_forms_drop_the_same_elements() {
        Node x = Node.constant(Tensor.ones(50));
        Tensor inverted = new Dropout(0.5).forward(x, TRAINING).value();
        assertEquals(inverted, Dropout.book(0.5).forward(x, TRAINING).value().mul(2));
    }

    @Test
    void a_mask_has_the_number_type_of_the_input_and_does_not_depend_on_it() {
        Tensor x = Tensor.uniform(Shape.of(40, 5), 1, 2, RandomStream.of(1, "x"));
        Tensor y = new Dropout(0.5).forward(Node.constant(x), TRAINING).value();
        Tensor single = new Dropout(0.5)
                .forward(Node.constant(x.to(DType.FLOAT32)), TRAINING)
                .value();
        assertEquals(y.to(DType.FLOAT32), single);
    }

    @Test
    void spatial_dropout_drops_whole_channels() {
        SpatialDropout layer = new SpatialDropout(0.5);
        Node x = Node.variable(Tensor.ones(40, 25, 2, 3));
        Node y = layer.forward(x, TRAINING);
        Tensor channels = y.value().reshape(1000, 6);
        for (int i = 0; i < 1000; i++) {
            assertEquals(1, distinct(channels.slice(0, i, i + 1)).size());
        }
        assertEquals(Set.of(0.0, 2.0), distinct(y.value()));
        assertEquals(1, y.value().mean().item(), 4 / Math.sqrt(1000));
        assertEquals(y.value(), y.sum().backward().of(x).value(), "the gradient has the same mask");
        assertSame(x, layer.forward(x));
        assertSame(x, new SpatialDropout(0).forward(x, TRAINING));
        assertEquals(
                Set.of(0.0), distinct(new SpatialDropout(1).forward(x, TRAINING).value()));
        assertNotEquals(y.value(), layer.forward(x, Pass.training(1, 1)).value());
        assertEquals(
                "SpatialDropout: [3]: it takes [n, c, ..]",
                assertThrows(IllegalArgumentException.class, () -> layer.forward(Node.constant(1, 2, 3)))
                        .getMessage());
    }

    @Test
    void alpha_dropout_keeps_mean_and_variance() {
        int n = 100_000;
        Tensor normal = Tensor.normal(Shape.of(n), 0, 1, RandomStream.of(1, "normal"));
        for (double p : new double[] {0.1, 0.5, 0.9}) {
            Tensor y =
                    new AlphaDropout(p).forward(Node.constant(normal), TRAINING).value();
            assertEquals(0, y.mean().item(), 5 / Math.sqrt(n), "p " + p);
            assertEquals(1, y.mul(y).mean().item(), 10 / Math.sqrt(n), "p " + p);
        }
    }

    /** a = 1 / sqrt(0.5 (1 + 0.5 alpha^2)) and b = -a 0.5 alpha, as in PyTorch's source. */
    @Test
    void alpha_dropout_is_its_formula() {
        double alpha = -1.7580993408473766;
        double a = 1 / Math.sqrt(0.5 * (1 + 0.5 * alpha * alpha));
        Node x = Node.constant(Tensor.full(Shape.of(100), 3, DType.FLOAT64));
        double[] y = new AlphaDropout(0.5).forward(x, TRAINING).value().toDoubleArray();
        Tensor mask = new Dropout(0.5).forward(x, TRAINING).value();
        for (int i = 0; i < y.length; i++) {
            double in = mask.get(i) == 0 ? alpha : 3;
            assertEquals(a * in - a * 0.5 * alpha, y[i], 1e-15);
        }
        assertSame(x, new AlphaDropout(0.5).forward(x));
        assertEquals(
                Set.of(0.0),
                distinct(new AlphaDropout(1).forward(x, TRAINING).value().abs()));
    }

    static Stream<Double> wrong() {
        return Stream.of(-0.1, 1.1, Double.NaN);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_probability_out_of_range_is_refused(double p) {
        String range = ": probability " + p + " must be from 0 to 1";
        assertEquals("Dropout" + range, message(() -> new Dropout(p)));
        assertEquals("Dropout" + range, message(() -> Dropout.book(p)));
        assertEquals("SpatialDropout" + range, message(() -> new SpatialDropout(p)));
        assertEquals("AlphaDropout" + range, message(() -> new AlphaDropout(p)));
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }

    @Test
    void layers_show_their_probability_and_depend_on_the_pass_unless_it_is_0() {
        assertEquals(
                "Sequential[Dropout[0.5], Dropout.book[0.5], SpatialDropout[0.1], AlphaDropout[0.2]]",
                Sequential.of(new Dropout(0.5), Dropout.book(0.5), new SpatialDropout(0.1), new AlphaDropout(0.2))
                        .toString());
        assertTrue(new SpatialDropout(0.1).dependsOnPass() && new AlphaDropout(0.1).dependsOnPass());
        assertTrue(!new SpatialDropout(0).dependsOnPass() && !new AlphaDropout(0).dependsOnPass());
    }
}
