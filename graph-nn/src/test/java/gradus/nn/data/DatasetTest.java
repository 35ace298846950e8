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
    void a_batch_is_a_part_in_order() {
        assertArrayEquals(new int[] {2, 3}, numbered(5).batch(2, 4).classes());
        assertEquals(Shape.of(2, 2), numbered(5).batch(2, 4).x().shape());
    }

    static Stream<Arguments> refusals() {
        Dataset five = numbered(5);
        return Stream.of(
                bad(() -> Dataset.of(Tensor.zeros(0, 3), new int[0]), "Dataset: there are no examples: x [0, 3]"),
                bad(() -> Dataset.of(Tensor.zeros(2, 3), 1), "Dataset: 2 inputs, but 1 targets"),
                bad(() -> Dataset.of(Tensor.zeros(2, 3), 1, -1), "class -1 of example 1 is negative"),
                bad(() -> five.split(1, 0.6, 0.6), "fractions sum to 1.2"),
                bad(() -> five.split(1, 1, -0.1), "fraction -0.1 must be positive"),
                bad(() -> five.split(1, 0.9, 0.05), "a fraction 0.05 of 5 examples is none"),
                bad(() -> five.batch(3, 6), "batch: from 3 to 6 is no part of 5 examples"),
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
