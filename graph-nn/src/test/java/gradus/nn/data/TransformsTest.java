package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TransformsTest {
    private static final Tensor IMAGE = Tensor.range(1, 13).reshape(1, 3, 4);

    private static RandomStream random(long seed) {
        return RandomStream.of(seed, "test");
    }

    // ---- images

    @Property(tries = 40)
    void a_shift_moves_every_pixel_by_the_same_and_fills_with_zeros(
            @ForAll long seed, @ForAll @IntRange(max = 5) int most) {
        Tensor moved = Transforms.shift(most).apply(IMAGE, random(seed));
        RandomStream same = random(seed);
        int down = same.nextInt(2 * most + 1) - most;
        int right = same.nextInt(2 * most + 1) - most;
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                boolean inside = r - down >= 0 && r - down < 3 && c - right >= 0 && c - right < 4;
                assertEquals(inside ? IMAGE.get(0, r - down, c - right) : 0, moved.get(0, r, c));
            }
        }
    }

    @Test
    void a_rotation_by_a_right_angle_exchanges_rows_and_columns() {
        Tensor square = Tensor.range(1, 10).reshape(3, 3);
        Tensor expected = Tensor.of(new double[][] {{3, 6, 9}, {2, 5, 8}, {1, 4, 7}});
        assertClose(expected, Transforms.rotated(square, 90), 1e-12);
        assertClose(square, Transforms.rotated(square, 0), 0);
        assertClose(square.rows(2, 1, 0).transpose().rows(2, 1, 0).transpose(), Transforms.rotated(square, 180), 1e-12);
    }

    @Test
    void a_rotation_interpolates_between_four_pixels() {
        Tensor image = Tensor.zeros(5, 5).add(0);
        double[] pixels = image.toDoubleArray();
        pixels[2 * 5 + 4] = 1; // right of the center by 2
        Tensor turned = Transforms.rotated(Tensor.of(Shape.of(5, 5), pixels), 30);
        // the pixel at (row 1, column 4), (2, -1) from the center, comes from the point (2 cos 30° + sin 30°, 2 sin 30°
        // - cos 30°)
        double x = 2 * Math.sqrt(3) / 2 + 0.5;
        double y = 1 - Math.sqrt(3) / 2;
        assertEquals(Math.max(0, 1 - Math.abs(x - 2)) * (1 - Math.abs(y)), turned.get(1, 4), 1e-12);
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), tolerance);
    }

    @Test
    void a_flip_happens_half_of_the_time() {
        Tensor flipped = Tensor.of(Shape.of(1, 3, 4), 4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9);
        int times = 0;
        for (int seed = 0; seed < 400; seed++) {
            Tensor t = Transforms.horizontalFlip().apply(IMAGE, random(seed));
            assertTrue(t.equals(IMAGE) || t.equals(flipped), t::toString);
            times += t.equals(flipped) ? 1 : 0;
        }
        assertEquals(200, times, 40);
    }

    @Test
    void a_crop_is_any_part_of_the_padded_image() {
        Set<Tensor> found = new HashSet<>();
        Tensor padded = IMAGE.pad(1, 1, 1).pad(2, 1, 1);
        for (int seed = 0; seed < 500; seed++) {
            found.add(Transforms.crop(4, 5, 1).apply(IMAGE, random(seed)));
        }
        Set<Tensor> expected = new HashSet<>();
        for (int r = 0; r < 2; r++) {
            for (int c = 0; c < 2; c++) {
                expected.add(padded.slice(1, r, r + 4).slice(2, c, c + 5));
            }
        }
        assertEquals(expected, found);
    }

    @Test
    void noise_has_its_standard_deviation_and_keeps_the_number_type() {
        Tensor zeros = Tensor.zeros(Shape.of(100, 100), DType.FLOAT32);
        Tensor noise = Transforms.noise(0.3).apply(zeros, random(1));
        assertEquals(DType.FLOAT32, noise.dtype());
        assertEquals(0, noise.mean().item(), 0.02);
        assertEquals(0.09, noise.mul(noise).mean().item(), 0.005);
    }

    @Test
    void all_transforms_keep_the_number_type_and_the_channels_together() {
        Tensor two = Tensor.concat(0, IMAGE, IMAGE.add(20)).to(DType.FLOAT32);
        Tensor there = Tensor.ones(Shape.of(2, 3, 4), DType.FLOAT32);
        for (Transform t : List.of(
                Transforms.shift(2),
                Transforms.rotate(30),
                Transforms.horizontalFlip(),
                Transforms.crop(3, 3, 1),
                Transforms.shift(1).then(Transforms.rotate(5)))) {
            Tensor y = t.apply(two, random(3));
            assertEquals(DType.FLOAT32, y.dtype());
            Tensor mask = t.apply(there, random(3)); // 0 outside of the image
            Tensor second = y.slice(0, 0, 1).add(mask.slice(0, 0, 1).mul(20));
            assertClose(second, y.slice(0, 1, 2), 1e-4);
        }
    }

    // ---- views

    @Test
    void one_hot_targets_have_a_one_at_the_class() {
        Dataset d = Dataset.of(Tensor.zeros(3, 2), 2, 0, 1).transformedTargets(Transforms.oneHot(3));
        assertEquals(Tensor.of(new double[][] {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}), d.y());
        assertEquals(d.y(), d.all().y());
        assertEquals(d.y().rows(2, 0), d.subset(2, 0).y());
    }

    @Test
    void an_example_has_other_draws_in_another_epoch_and_the_same_in_the_same() {
        Dataset base = Dataset.of(Tensor.zeros(6, 3), 0, 1, 2, 3, 4, 5);
        Dataset noisy = base.transformed(Transforms.noise(1), 7);
        Dataset view = noisy.subset(5, 1, 3);
        assertEquals(noisy.all().x().rows(5, 1, 3), view.all().x());
        assertEquals(base.y(), noisy.y());
        Dataset first = view.forEpoch(1, 0, 1, 2);
        Dataset second = view.forEpoch(2, 2, 1, 0);
        assertNotEquals(first.at(1).x(), second.at(1).x());
        assertEquals(first.at(1).x(), view.forEpoch(1).at(2, 1).x().slice(0, 1, 2));
        assertEquals(first.at(1).x(), noisy.forEpoch(1).at(1).x());
        assertNotEquals(noisy.at(1).x(), noisy.at(2).x());
        assertNotEquals(
                noisy.at(1).x(), base.transformed(Transforms.noise(1), 8).at(1).x());
        assertEquals(3, view.size());
        assertEquals(true, view.isInMemory());
    }

    /** A transform that records the number of different draws it has seen. */
    // ---- normalisation

    @Test
    void features_have_mean_zero_and_deviation_one_on_the_training_set() {
        Dataset train = Dataset.of(Tensor.of(new double[][] {{1, 0.1, 5}, {3, 0.1, 7}, {5, 0.1, 9}}), 0, 1, 0);
        StandardScaler n = StandardScaler.of(train);
        assertClose(Tensor.of(3, 0.1, 7), n.mean(), 1e-15);
        assertClose(Tensor.of(Math.sqrt(8 / 3.0), 1, Math.sqrt(8 / 3.0)), n.std(), 1e-15);
        double z = Math.sqrt(1.5);
        assertClose(
                Tensor.of(new double[][] {{-z, 0, -z}, {0, 0, 0}, {z, 0, z}}),
                n.apply(train).x(),
                1e-12);
        assertArrayEquals(train.classes(), n.apply(train).classes());
        assertClose(train.x(), n.inverse(n.apply(train.x())), 1e-12);
        Dataset view = train.transformed(n, 0);
        assertEquals(n.apply(train).x(), view.x());
        assertEquals(DType.FLOAT32, n.apply(train.x().to(DType.FLOAT32)).dtype());
    }

    @Test
    void channels_have_statistics_over_all_positions_and_batches_of_them() {
        Tensor x = Tensor.uniform(Shape.of(600, 2, 3, 2), -1, 4, random(1));
        StandardScaler n = StandardScaler.perChannel(Dataset.of(x, x));
        assertEquals(Shape.of(2, 1, 1), n.mean().shape());
        assertClose(x.mean(0, 2, 3), n.mean().reshape(2), 1e-12);
        Tensor deviation = x.sub(x.mean(0, 2, 3).reshape(2, 1, 1));
        assertClose(deviation.mul(deviation).mean(0, 2, 3).sqrt(), n.std().reshape(2), 1e-12);
    }

    // ---- refusals

    static Stream<Arguments> refusals() {
        Dataset one = Dataset.of(Tensor.zeros(1, 784), 3);
        Dataset infinite = Dataset.of(Tensor.of(new double[][] {{1, Double.POSITIVE_INFINITY}, {1, 2}}), 0, 1);
        return Stream.of(
                bad(() -> Transforms.shift(-1), "shift: most -1 must be from 0 to 2^20"),
                bad(() -> Transforms.rotate(200), "rotate: most 200.0 must be from 0 to 180 degrees"),
                bad(() -> Transforms.crop(0, 3, 0), "crop: the size 0 x 3 must be at least 1 x 1"),
                bad(() -> Transforms.crop(3, 3, -1), "crop: padding -1 must be from 0 to 2^20"),
                bad(
                        () -> Transforms.crop(6, 3, 1).apply(IMAGE, random(1)),
                        "crop: the part 6 x 3 is larger than the image [1, 3, 4] with padding 1"),
                bad(() -> Transforms.noise(Double.NaN), "noise: std NaN must be a number from 0 up"),
                bad(() -> Transforms.oneHot(1), "oneHot: classes 1 must be at least 2"),
                bad(
                        () -> one.transformedTargets(Transforms.oneHot(3)).y(),
                        "oneHot: the target 3.0 is not a class from 0 to 2"),
                bad(
                        () -> one.transformed(Transforms.shift(1), 1).at(0),
                        "shift: an image is [.., h, w], not [784]; Transforms.reshape gives it axes"),
                bad(
                        () -> new StandardScaler(Tensor.of(1, 2), Tensor.of(1, 2, 3)),
                        "StandardScaler: the shapes of mean [2] and std [3] differ"),
                bad(
                        () -> new StandardScaler(Tensor.of(1, 2), Tensor.of(1, 0)),
                        "StandardScaler: a standard deviation is not a positive number"),
                bad(
                        () -> new StandardScaler(Tensor.of(1, Double.NaN), Tensor.of(1, 1)),
                        "StandardScaler: a mean is not finite"),
                bad(
                        () -> StandardScaler.of(infinite),
                        "StandardScaler: an input is NaN, infinite, or too large to be squared"),
                bad(
                        () -> StandardScaler.perChannel(one),
                        "StandardScaler.perChannel: inputs are [n, c, ..], not [1, 784]"),
                bad(
                        () -> StandardScaler.of(one).apply(Tensor.zeros(2, 3)),
                        "StandardScaler.apply: statistics [784] are not those of inputs [2, 3]"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_does_not_fit_is_named(Executable what, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
    }

    @Test
    void examples_that_get_different_shapes_are_named() {
        Dataset d = Dataset.of(Tensor.range(1, 3).reshape(2, 1), 0, 1);
        Dataset grown = d.transformed((x, random) -> Tensor.zeros((int) x.item()), 0);
        assertEquals(
                "transformed: the transform made [1] of example 0 and [2] of example 1",
                assertThrows(IllegalStateException.class, grown::all).getMessage());
        Dataset none = Dataset.of(List.of(d.x()), List.of()).transformedTargets(Transforms.oneHot(2));
        assertThrows(IllegalStateException.class, () -> none.at(0));
    }
}
