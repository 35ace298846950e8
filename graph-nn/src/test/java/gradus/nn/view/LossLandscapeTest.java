package gradus.nn.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.ConvTranspose2d;
import gradus.nn.Embedding;
import gradus.nn.Linear;
import gradus.nn.Model;
import gradus.nn.Sequential;
import gradus.nn.view.LossLandscape.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class LossLandscapeTest {
    private final Linear model = new Linear(3, 2);
    private final Node weight = model.parameters().get("weight");
    private final Node bias = model.parameters().get("bias");
    private final DoubleSupplier square = this::squares;

    private double squares() {
        return weight.square().sum().item() + bias.sum().item();
    }

    LossLandscapeTest() {
        model.initialize(1);
    }

    @Test
    void a_direction_has_the_norm_of_the_weights_in_every_filter() {
        RandomStream random = RandomStream.of(1, "weights");
        Tensor matrix = Tensor.normal(Shape.of(5, 3), 0, 1, random);
        Tensor d = LossLandscape.filterNormalised(matrix, 1, RandomStream.of(2, "d"));
        assertArrayEquals(norms(matrix, 0), norms(d, 0), 1e-12);
        Tensor kernel = Tensor.normal(Shape.of(4, 2, 3, 3), 0, 1, random);
        d = LossLandscape.filterNormalised(kernel, 0, RandomStream.of(2, "d"));
        assertArrayEquals(norms(kernel, 1, 2, 3), norms(d, 1, 2, 3), 1e-12);
        assertEquals(
                0,
                LossLandscape.filterNormalised(Tensor.zeros(2, 2), 1, random)
                        .abs()
                        .max()
                        .item(),
                0);
    }

    private static double[] norms(Tensor t, int... axes) {
        return t.mul(t).sum(axes).sqrt().toDoubleArray();
    }

    @Test
    void the_loss_of_a_quadratic_is_the_parabola_that_the_directions_give() {
        Grid grid = LossLandscape.of(model.parameters(), square)
                .points(5)
                .radius(2)
                .seed(7)
                .grid();
        assertArrayEquals(new double[] {-2, -1, 0, 1, 2}, grid.a(), 0);
        Tensor w = weight.value();
        Tensor d1 = LossLandscape.filterNormalised(w, 1, RandomStream.of(7, "loss landscape 1"));
        Tensor d2 = LossLandscape.filterNormalised(w, 1, RandomStream.of(7, "loss landscape 2"));
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                Tensor at = w.add(d1.mul(grid.a()[j])).add(d2.mul(grid.b()[i]));
                double expected = at.mul(at).sum().item() + bias.value().sum().item(); // biases stay
                assertEquals(expected, grid.loss()[i][j], 1e-12);
            }
        }
        Plot line = LossLandscape.of(model.parameters(), square)
                .points(5)
                .radius(2)
                .seed(7)
                .line();
        assertArrayEquals(grid.loss()[2], line.series.get(0).y(), 1e-12);
    }

    @Test
    void filters_of_embeddings_are_rows_and_of_transposed_convolutions_parts_of_the_second_axis() {
        Embedding embedding = new Embedding(4, 3);
        ConvTranspose2d convolution = new ConvTranspose2d(2, 3, 2);
        Sequential both = Sequential.of(embedding, convolution);
        both.initialize(1);
        Map<String, Node> weights = both.parameters();
        assertFilterNorms(both, weights.get("0.weight"), 1);
        assertFilterNorms(both, weights.get("1.weight"), 0, 2, 3);
        assertFilterNorms(embedding, weights.get("0.weight"), 1);
    }

    /** At a = 1, b = 0 the step is the direction; each of its filters has the norm of the weights. */
    private static void assertFilterNorms(Model model, Node weight, int... axes) {
        Tensor before = weight.value();
        List<Tensor> seen = new ArrayList<>();
        LossLandscape.of(model, () -> {
                    seen.add(weight.value());
                    return 1;
                })
                .points(2)
                .line();
        assertArrayEquals(norms(before, axes), norms(seen.get(1).sub(before), axes), 1e-12);
    }

    @Test
    void a_grid_has_ascending_steps_and_whole_rows() {
        double[] steps = {0, 1};
        assertEquals(
                "LossLandscape.Grid: b[1] is NaN; steps are finite and ascend",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Grid(steps, new double[] {0, Double.NaN}, new double[2][2]))
                        .getMessage());
        assertEquals(
                "LossLandscape.Grid: a[1] is 0.0; steps are finite and ascend",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Grid(new double[] {0, 0}, steps, new double[2][2]))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Grid(steps, steps, new double[2][]));
    }

    @Test
    void the_weights_are_restored_also_after_an_exception() {
        Tensor before = weight.value();
        LossLandscape.of(model.parameters(), square).points(3).grid();
        assertSame(before, weight.value());
        int[] calls = {0};
        LossLandscape failing = LossLandscape.of(model.parameters(), () -> {
            if (++calls[0] == 4) {
                throw new IllegalStateException("the fourth");
            }
            return square.getAsDouble();
        });
        assertEquals(
                "the fourth",
                assertThrows(IllegalStateException.class, failing::grid).getMessage());
        assertEquals(4, calls[0]);
        assertSame(before, weight.value());
    }

    @Test
    void another_seed_gives_other_directions() {
        LossLandscape l = LossLandscape.of(model.parameters(), square).points(3);
        assertArrayEquals(l.grid().loss()[0], l.grid().loss()[0], 0);
        assertTrue(l.grid().loss()[0][0] != l.seed(1).grid().loss()[0][0]);
    }

    @Test
    void contour_lines_lie_where_the_loss_has_their_value() {
        Plot contour = PicturesTest.bowl().contour();
        long lines = contour.series.stream()
                .filter(s -> s.kind() == Series.Kind.CONTOUR)
                .count();
        assertEquals(13, lines);
        // on a logarithmic scale from 0.1 to 3.1; linear interpolation in cells of 0.2
        Series middle = contour.series.get(6);
        double level = 0.1 * Math.pow(31, 7 / 14.0);
        for (int i = 0; i < middle.size(); i++) {
            double a = middle.x()[i];
            double b = middle.y()[i];
            assertTrue(Double.isNaN(a) || Math.abs(0.1 + a * a + 2 * b * b - level) < 0.04, a + ", " + b);
        }
    }

    @Test
    void a_loss_that_is_not_finite_is_a_hole() {
        Grid grid = PicturesTest.bowl();
        grid.loss()[0][0] = Double.NaN;
        grid.loss()[1][1] = Double.POSITIVE_INFINITY;
        assertTrue(grid.contour().svg().length() > 1000);
        assertTrue(grid.surface().svg().length() > 1000);
        Arrays.stream(grid.loss()).forEach(row -> Arrays.fill(row, Double.NaN));
        assertEquals(
                "LossLandscape.Grid: loss: none of 121 numbers is finite",
                assertThrows(IllegalArgumentException.class, () -> new Grid(grid.a(), grid.b(), grid.loss()))
                        .getMessage());
    }

    @Test
    void bad_settings_are_refused() {
        LossLandscape l = LossLandscape.of(model.parameters(), square);
        assertEquals(
                "LossLandscape.points: 1 is not 2 to 201",
                assertThrows(IllegalArgumentException.class, () -> l.points(1)).getMessage());
        assertEquals(
                "LossLandscape.radius: 0.0 is not a positive number",
                assertThrows(IllegalArgumentException.class, () -> l.radius(0)).getMessage());
        assertEquals(
                "LossLandscape: none of the parameters [bias] is a matrix or a filter",
                assertThrows(IllegalArgumentException.class, () -> LossLandscape.of(Map.of("bias", bias), square))
                        .getMessage());
    }
}
