package gradus.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetTest {
    private static Dataset numbered(int n) {
        return Dataset.of(
                Tensor.range(0, 2 * n).reshape(n, 2), IntStream.range(0, n).toArray());
    }

    @Property
    void parts_are_disjoint_complete_seeded_and_keep_inputs_with_their_targets(
            @ForAll @IntRange(min = 10, max = 500) int n, @ForAll long seed) {
        List<Dataset> parts = numbered(n).split(seed, 0.6, 0.2, 0.2);
        int[] all = parts.stream()
                .flatMapToInt(p -> Arrays.stream(p.classes()))
                .sorted()
                .toArray();
        assertArrayEquals(IntStream.range(0, n).toArray(), all);
        assertEquals(0.6 * n, parts.get(0).size(), 1);
        for (Dataset p : parts) {
            assertEquals(p.y().mul(2), p.x().slice(1, 0, 1).reshape(-1));
        }
        assertArrayEquals(
                parts.get(1).classes(),
                numbered(n).split(seed, 0.6, 0.2, 0.2).get(1).classes());
    }

    @Test
    void shuffling_moves_examples_whole() {
        Dataset s = numbered(50).shuffled(3);
        assertNotEquals(numbered(50).y(), s.y());
        assertEquals(s.y().mul(2).add(1), s.x().slice(1, 1, 2).reshape(-1));
        assertEquals(s.y(), numbered(50).shuffled(3).y());
    }

    @Test
    void an_index_that_float32_would_round_stays_in_float64() {
        Tensor large = Tensor.of((1 << 24) + 1.0, 3, -(1 << 25) - 1.0);
        assertEquals(large, Batch.of(large, large).to(DType.FLOAT32).x());
        assertEquals(large, Batch.of(large, large).to(DType.FLOAT32).y());
        for (Tensor other : List.of(
                Tensor.of((double) (1 << 24), 3),
                Tensor.of((1 << 24) + 1.0, 0.5),
                Tensor.of(1e10, 1),
                Tensor.of(Double.POSITIVE_INFINITY, 1),
                Tensor.of(Double.NaN, (1 << 24) + 1.0),
                Tensor.zeros(2, 0))) {
            assertEquals(
                    other.to(DType.FLOAT32),
                    Batch.of(other, other).to(DType.FLOAT32).x());
        }
    }

    @Test
    void a_batch_is_a_part_in_order() {
        assertArrayEquals(new int[] {2, 3}, numbered(5).batch(2, 4).classes());
        assertEquals(Shape.of(2, 2), numbered(5).batch(2, 4).x().shape());
    }

    @Test
    void a_subset_is_a_view_of_any_data_set() {
        List<Integer> asked = new java.util.ArrayList<>();
        Dataset squares = new Dataset() {
            @Override
            public int size() {
                return 10;
            }

            @Override
            public Batch at(int... indices) {
                Arrays.stream(indices).forEach(asked::add);
                double[] x = Arrays.stream(indices).asDoubleStream().toArray();
                return Batch.of(Tensor.of(x).reshape(x.length, 1), Tensor.of(x).mul(Tensor.of(x)));
            }
        };
        Dataset some = squares.subset(9, 3, 5).subset(2, 0);
        assertEquals(List.of(), asked, "nothing is computed before it is asked for");
        assertEquals(Tensor.of(25.0, 81.0), some.y());
        assertEquals(List.of(5, 9), asked);
        assertEquals(false, some.isInMemory());
        assertEquals(true, numbered(3).subset(1).isInMemory());
        assertThrows(IllegalArgumentException.class, () -> some.at(2));
        assertThrows(IllegalArgumentException.class, () -> squares.subset(10));
        assertThrows(IllegalArgumentException.class, () -> squares.subset());
    }

    /** Examples in memory that tell when inputs or targets are read. */
    private record Watched(Tensor x, Tensor y, List<String> read) implements Dataset {
        @Override
        public int size() {
            return x.shape().dim(0);
        }

        @Override
        public boolean isInMemory() {
            return true;
        }

        @Override
        public Batch at(int... indices) {
            read.add("both");
            return Batch.of(x.rows(indices), y.rows(indices));
        }

        @Override
        public Tensor x() {
            read.add("x");
            return x;
        }

        @Override
        public Tensor y() {
            read.add("y");
            return y;
        }
    }

    @Test
    void the_classes_of_a_subset_are_read_without_the_inputs() {
        Watched base =
                new Watched(Tensor.range(0, 4).reshape(4, 1), Tensor.of(5.0, 6, 7, 8), new java.util.ArrayList<>());
        Dataset some = base.subset(3, 1, 0).subset(0, 2);
        assertArrayEquals(new int[] {8, 5}, some.classes());
        assertEquals(Tensor.of(8.0, 5), some.y());
        assertEquals(List.of("y", "y"), base.read());
        assertEquals(Tensor.of(3.0, 0).reshape(2, 1), some.x());
        assertEquals(List.of("y", "y", "x"), base.read());
        assertEquals(some.all().x(), some.x());
        assertEquals(some.all().y(), some.y());
    }

    @Test
    void several_inputs_and_targets_stay_together() {
        Tensor a = Tensor.range(0, 4).reshape(4, 1);
        Dataset d = Dataset.of(List.of(a, a.mul(10)), List.of(a.mul(2), a.mul(3)));
        Batch b = d.shuffled(1).batch(1, 3);
        assertEquals(b.x().mul(10), b.inputs().get(1));
        assertEquals(b.x().mul(3), b.targets().get(1));
        Batch unlabelled = Dataset.of(List.of(a), List.of()).all();
        assertThrows(IllegalStateException.class, unlabelled::y);
        assertThrows(IllegalArgumentException.class, () -> new Batch(List.of(), List.of()));
    }

    @Test
    void moons_are_two_half_circles() {
        Dataset d = Synthetic.moons(7, 0, 1);
        assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1, 0}, d.classes());
        for (int i = 0; i < 7; i++) {
            double x = d.x().get(i, 0);
            double y = d.x().get(i, 1);
            double fromCenter = i % 2 == 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5);
            assertEquals(1, fromCenter, 1e-15);
            assertTrue(i % 2 == 0 ? y > -1e-15 : y < 0.5 + 1e-15, d::toString);
        }
        assertEquals(-1, d.x().get(6, 0), 1e-15);
        assertEquals(2, d.x().get(5, 0), 1e-15);
        Tensor noise = Synthetic.moons(2000, 0.1, 3)
                .x()
                .sub(Synthetic.moons(2000, 0, 3).x());
        assertEquals(0.1, Math.sqrt(noise.mul(noise).mean().item()), 0.005);
        assertEquals(Synthetic.moons(5, 0.1, 3).x(), Synthetic.moons(5, 0.1, 3).x());
        assertThrows(IllegalArgumentException.class, () -> Synthetic.moons(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Synthetic.moons(5, -1, 1));
    }

    static Stream<Arguments> refusals() {
        Dataset five = numbered(5);
        return Stream.of(
                bad(() -> Dataset.of(Tensor.zeros(0, 3), new int[0]), "Batch: there are no examples"),
                bad(() -> Dataset.of(Tensor.zeros(2, 3), 1), "Batch: [2, 3] and [1] differ in their number"),
                bad(
                        () -> Dataset.of(Tensor.zeros(2, 3), 1, -1),
                        "the target of example 1 is -1.0; a class is a whole number from 0 up"),
                bad(
                        () -> Dataset.of(Tensor.zeros(2, 3), Tensor.of(0, 1.5)).classes(),
                        "the target of example 1 is 1.5; a class is a whole number from 0 up"),
                bad(() -> five.split(1, 0.6, 0.6), "fractions [0.6, 0.6] sum to more than 1"),
                bad(() -> five.split(1, 1, -0.1), "fraction -0.1 must be positive"),
                bad(() -> five.split(1, 0.9, 0.05), "a fraction 0.05 of 5 examples is none"),
                bad(() -> five.batch(3, 6), "batch: from 3 to 6 is not a range of 5 examples"),
                bad(() -> five.batch(2, 2), "batch: from 2 to 2"),
                bad(
                        () -> Dataset.of(Tensor.zeros(1, 1), Tensor.of(new double[] {0.5}))
                                .classes(),
                        "0.5"),
                bad(() -> DrawnDigits.make(0, 1, DType.FLOAT64), "0 images; at least 1"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_is_no_data_is_refused_with_sizes(Executable what, String message) {
        String found = assertThrows(IllegalArgumentException.class, what).getMessage();
        assertTrue(found.contains(message), found);
    }

    @Test
    void drawn_digits_are_seeded_balanced_and_within_bounds() {
        Dataset a = DrawnDigits.make(100, 5, DType.FLOAT32);
        assertEquals(a.x(), DrawnDigits.make(100, 5, DType.FLOAT32).x());
        assertNotEquals(a.x(), DrawnDigits.make(100, 6, DType.FLOAT32).x());
        for (int digit = 0; digit < 10; digit++) {
            int d = digit;
            assertEquals(10, Arrays.stream(a.classes()).filter(c -> c == d).count());
        }
        assertTrue(a.x().min().item() >= 0 && a.x().max().item() <= 1);
        Tensor ink = a.x().sum(1);
        assertTrue(ink.min().item() > 10, "every image shows something: " + ink.min());
    }
}
