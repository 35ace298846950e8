package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticTest {
    static Stream<Arguments> generators() {
        return Stream.of(
                row("moons", seed -> Synthetic.moons(20, 0.1, seed)),
                row("spirals", seed -> Synthetic.spirals(20, 3, 0.1, seed)),
                row("blobs", seed -> Synthetic.blobs(20, 3, 1, seed)),
                row("rings", seed -> Synthetic.rings(20, 0.8, 0.1, seed)),
                row("xor", seed -> Synthetic.xor(20, 0.1, seed)),
                row("sine", seed -> Synthetic.sine(20, 0.1, seed)),
                row("sums", seed -> Synthetic.sums(20, seed)),
                row("passed", seed -> Synthetic.passed(20, seed)),
                row("grades", seed -> Synthetic.grades(20, seed)));
    }

    private static Arguments row(String name, LongFunction<Dataset> generator) {
        return Arguments.of(name, generator);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("generators")
    void the_seed_decides_all(String name, LongFunction<Dataset> generator) {
        Dataset a = generator.apply(1);
        assertEquals(20, a.size());
        assertEquals(a.all(), generator.apply(1).all());
        assertNotEquals(a.x(), generator.apply(2).x());
    }

    @Test
    void a_spiral_goes_from_the_origin_to_radius_one_and_turns_by_four_radians() {
        Dataset d = Synthetic.spirals(7, 3, 0, 1);
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 0}, d.classes());
        for (int i = 0; i < 7; i++) {
            int index = i / 3;
            double r = index / (i % 3 == 0 ? 3.0 : 2.0);
            assertEquals(r * Math.sin(4 * (i % 3 + r)), d.x().get(i, 0), 1e-15);
            assertEquals(r * Math.cos(4 * (i % 3 + r)), d.x().get(i, 1), 1e-15);
        }
    }

    @Test
    void blobs_have_the_standard_deviation_around_centers_within_ten() {
        Dataset d = Synthetic.blobs(3000, 3, 0.5, 4);
        Tensor centers = Synthetic.blobs(3, 3, 0, 4).x();
        assertTrue(centers.abs().max().item() <= 10);
        for (int c = 0; c < 3; c++) {
            Tensor own = d.subset(Splits.byClass("", d)[c]).x().sub(centers.slice(0, c, c + 1));
            assertEquals(0, own.mean().item(), 0.05);
            assertEquals(0.25, own.mul(own).mean().item(), 0.02);
        }
    }

    @Test
    void rings_are_circles_of_equal_angles() {
        Dataset d = Synthetic.rings(9, 0.5, 0, 1);
        for (int i = 0; i < 9; i++) {
            double r = i % 2 == 0 ? 1 : 0.5;
            int index = i / 2;
            double t = 2 * Math.PI * index / (i % 2 == 0 ? 5 : 4);
            assertEquals(i % 2, d.classes()[i]);
            assertEquals(r * Math.cos(t), d.x().get(i, 0), 1e-15);
            assertEquals(r * Math.sin(t), d.x().get(i, 1), 1e-15);
        }
    }

    @Test
    void four_points_of_xor_are_its_truth_table() {
        Dataset d = Synthetic.xor(4, 0, 1);
        assertEquals(Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 1}, {1, 0}}), d.x());
        assertArrayEquals(new int[] {0, 1, 0, 1}, d.classes());
        assertEquals(
                Tensor.of(new double[][] {{0, 0}}), Synthetic.xor(5, 0, 1).x().slice(0, 4, 5));
    }

    @Test
    void a_sine_has_one_period_and_noise_on_y_alone() {
        Dataset clean = Synthetic.sine(2000, 0, 3);
        Dataset noisy = Synthetic.sine(2000, 0.2, 3);
        assertEquals(Shape.of(2000, 1), clean.y().shape());
        assertEquals(
                clean.x().map(x -> Math.sin(2 * Math.PI * x)).get(7, 0),
                clean.y().get(7, 0),
                1e-15);
        assertEquals(0.5, clean.x().mean().item(), 0.02);
        Tensor noise = noisy.y().sub(clean.y());
        assertEquals(0.2, Math.sqrt(noise.mul(noise).mean().item()), 0.02);
        assertEquals(clean.x(), noisy.x());
    }

    @Test
    void a_sum_as_text_is_right() {
        Dataset d = Synthetic.sums(200, 1);
        for (int i = 0; i < 200; i++) {
            String[] terms = text(d.x(), i, 5).strip().split("\\+", -1);
            assertEquals(
                    Integer.parseInt(terms[0]) + Integer.parseInt(terms[1]),
                    Integer.parseInt(text(d.y(), i, 3).strip()));
        }
    }

    private static String text(Tensor tokens, int row, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(Synthetic.SUM_CHARACTERS.charAt((int) tokens.get(row, i)));
        }
        return text.toString();
    }

    @Test
    void who_has_fifty_percent_passed() {
        Dataset grades = Synthetic.grades(500, 2);
        Dataset passed = Synthetic.passed(500, 2);
        assertEquals(grades.x(), passed.x());
        assertEquals(Shape.of(500, 1), grades.y().shape());
        int[] classes = passed.classes();
        for (int i = 0; i < 500; i++) {
            assertEquals(grades.y().get(i, 0) >= 50 ? 1 : 0, classes[i]);
        }
        assertTrue(grades.y().min().item() >= 0 && grades.y().max().item() <= 100);
        double share = passed.y().mean().item();
        assertTrue(share > 0.2 && share < 0.8, "share of those who passed: " + share);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                bad(() -> Synthetic.spirals(2, 3, 0, 1), "spirals: n 2 must be at least 3"),
                bad(() -> Synthetic.spirals(5, 1, 0, 1), "spirals: classes 1 must be at least 2"),
                bad(() -> Synthetic.spirals(5, 2, -1, 1), "spirals: noise -1.0 must be a number from 0 up"),
                bad(() -> Synthetic.blobs(5, 0, 1, 1), "blobs: centers 0 must be at least 1"),
                bad(() -> Synthetic.blobs(1, 2, 1, 1), "blobs: n 1 must be at least 2"),
                bad(() -> Synthetic.blobs(5, 2, Double.NaN, 1), "blobs: std NaN must be a number from 0 up"),
                bad(() -> Synthetic.rings(1, 0.5, 0, 1), "rings: n 1 must be at least 2"),
                bad(() -> Synthetic.rings(5, 1, 0, 1), "rings: factor 1.0 must be from 0 to less than 1"),
                bad(
                        () -> Synthetic.rings(5, 0.5, Double.POSITIVE_INFINITY, 1),
                        "rings: noise Infinity must be a number from 0 up"),
                bad(() -> Synthetic.xor(3, 0, 1), "xor: n 3 must be at least 4"),
                bad(() -> Synthetic.xor(4, -0.5, 1), "xor: noise -0.5 must be a number from 0 up"),
                bad(() -> Synthetic.sine(0, 0, 1), "sine: n 0 must be at least 1"),
                bad(() -> Synthetic.sine(1, Double.NaN, 1), "sine: noise NaN must be a number from 0 up"),
                bad(() -> Synthetic.sums(0, 1), "sums: n 0 must be at least 1"),
                bad(() -> Synthetic.passed(-1, 1), "passed: n -1 must be at least 1"),
                bad(() -> Synthetic.grades(0, 1), "grades: n 0 must be at least 1"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void arguments_out_of_range_are_named(Executable what, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
    }
}
