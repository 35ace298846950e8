package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PositionsTest {
    private static final Positions.Pairing ADJACENT = Positions.Pairing.ADJACENT;

    private static Node random(String name, int... dims) {
        return constant(Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(1, name)));
    }

    @Test
    void the_sinusoidal_encoding_is_that_of_the_formula() {
        Tensor y = Positions.sinusoidal(50, 6).value();
        assertEquals(Tensor.of(0, 1, 0, 1, 0, 1), y.slice(0, 0, 1).reshape(6));
        assertEquals(Math.sin(7), y.get(7, 0));
        assertEquals(Math.cos(49 / Math.pow(10_000, 2.0 / 6)), y.get(49, 3));
        assertEquals(Math.sin(49 / Math.pow(10_000, 4.0 / 6)), y.get(49, 4));
        assertEquals(Shape.of(0, 2), Positions.sinusoidal(0, 2).shape());
        assertEquals(
                y.to(DType.FLOAT32), Positions.sinusoidal(50, 6, DType.FLOAT32).value());
    }

    @Property(tries = 100)
    void products_of_rotated_vectors_depend_on_the_distance_alone_and_lengths_stay(
            @ForAll Positions.Pairing pairing,
            @ForAll @IntRange(min = -100, max = 100) int p,
            @ForAll @IntRange(min = -100, max = 100) int q,
            @ForAll @IntRange(min = -100, max = 100) int shift) {
        Node a = random("query", 1, 8);
        Node b = random("key", 1, 8);
        double product =
                rotated(a, p, pairing).mul(rotated(b, q, pairing)).sum().item();
        double shifted = rotated(a, p + shift, pairing)
                .mul(rotated(b, q + shift, pairing))
                .sum()
                .item();
        assertEquals(product, shifted, 1e-12);
        assertEquals(
                a.square().sum().item(), rotated(a, p, pairing).square().sum().item(), 1e-14);
    }

    private static Node rotated(Node x, int position, Positions.Pairing pairing) {
        return Positions.rotary(x, position, 10_000, pairing);
    }

    @Test
    void position_0_stays_and_position_1_turns_the_first_pair_by_one_radian() {
        Node x = random("x", 2, 4);
        Tensor y = Positions.rotary(x).value();
        assertEquals(x.value().slice(0, 0, 1), y.slice(0, 0, 1));
        double a = x.value().get(1, 0);
        double b = x.value().get(1, 1);
        assertEquals(a * Math.cos(1) - b * Math.sin(1), y.get(1, 0), 1e-15);
        assertEquals(a * Math.sin(1) + b * Math.cos(1), y.get(1, 1), 1e-15);
    }

    @Test
    void the_pairings_are_the_same_rotation_of_elements_in_another_order() {
        Node x = random("x", 3, 6);
        Node halves = Positions.rotary(x, 2, 10_000, Positions.Pairing.HALVES);
        Node interleaved = x.reshape(3, 2, 3).permute(0, 2, 1).reshape(3, 6);
        Node adjacent = Positions.rotary(interleaved, 2, 10_000, ADJACENT);
        assertEquals(
                halves.value(),
                adjacent.reshape(3, 3, 2).permute(0, 2, 1).reshape(3, 6).value());
    }

    @Test
    void an_offset_counts_positions_from_there_and_leading_axes_repeat_them() {
        Node x = random("x", 2, 4, 2);
        Node later = Positions.rotary(x.slice(1, 2, 4), 2, 10_000, ADJACENT);
        assertEquals(Positions.rotary(x).slice(1, 2, 4).value(), later.value());
        assertEquals(
                Positions.rotary(x.select(0, 1)).value(),
                Positions.rotary(x).select(0, 1).value());
    }

    static Stream<Arguments> bad() {
        Node x = random("x", 3, 4);
        return Stream.of(
                bad(
                        "rotary: [3, 5]: it takes [.., n, d] with an even d from 2 up",
                        () -> Positions.rotary(random("x", 3, 5))),
                bad(
                        "rotary: [4]: it takes [.., n, d] with an even d from 2 up",
                        () -> Positions.rotary(random("x", 4))),
                bad(
                        "rotary: [3, 4]: 2 positions for 3 vectors",
                        () -> Positions.rotary(x, new int[] {1, 2}, 100, ADJACENT)));
    }

    private static Arguments bad(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void what_does_not_fit_is_named(String message, Executable call) {
        assertEquals(message, assertThrows(OperandMismatch.class, call).getMessage());
    }

    @Test
    void sizes_and_bases_out_of_range_are_named() {
        Executable odd = () -> Positions.sinusoidal(3, 5);
        assertEquals(
                "sinusoidal: n 3 must be at least 0, and d 5 a positive even number",
                assertThrows(IllegalArgumentException.class, odd).getMessage());
        Executable large = () -> Positions.sinusoidal(Integer.MAX_VALUE, 2);
        assertEquals(
                "sinusoidal: n 2147483647 x d 2 is more than 2^31 - 9 elements",
                assertThrows(IllegalArgumentException.class, large).getMessage());
        Executable base = () -> Positions.rotary(random("x", 3, 4), 0, 0, ADJACENT);
        assertEquals(
                "rotary: base 0.0 must be a positive number",
                assertThrows(IllegalArgumentException.class, base).getMessage());
    }
}
