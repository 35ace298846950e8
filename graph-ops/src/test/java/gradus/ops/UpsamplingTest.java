package gradus.ops;

import static gradus.graph.Node.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.array.OperandMismatch;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
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

class UpsamplingTest {
    private static Node random(int... dims) {
        return constant(Tensor.uniform(Shape.of(dims), -1, 1, RandomStream.of(dims.length, "random")));
    }

    private static void assertNear(Node expected, Node actual) {
        assertEquals(expected.shape(), actual.shape());
        assertEquals(0, expected.sub(actual).abs().max().value().item(), 1e-13);
    }

    @Property(tries = 100)
    void a_convolution_is_the_product_of_weights_and_columns(
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 0, max = 2) int padding,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll @IntRange(min = 5, max = 12) int h,
            @ForAll @IntRange(min = 3, max = 12) int w) {
        WindowOptions options =
                WindowOptions.DEFAULT.stride(stride).padding(padding).dilation(dilation);
        Node x = random(2, 3, h, w);
        Node weights = random(4, 3, 3, 2);
        Node y = Convolution.conv2d(x, weights, options);
        Node columns = Unfolding.unfold(x, 3, 2, options);
        assertNear(y, weights.flatten(1, -1).matmul(columns).reshape(y.shape()));
        Node gx = Convolution.convTranspose2d(y, weights, options);
        Node g = weights.flatten(1, -1).transpose().matmul(y.flatten(2, -1));
        assertNear(gx, Unfolding.fold(g, gx.shape().dim(2), gx.shape().dim(3), 3, 2, options));
    }

    @Test
    void windows_side_by_side_fold_to_the_image() {
        Node x = random(2, 3, 4, 6);
        WindowOptions options = WindowOptions.DEFAULT.stride(2, 3);
        assertEquals(
                x.value(),
                Unfolding.fold(Unfolding.unfold(x, 2, 3, options), 4, 6, 2, 3, options)
                        .value());
    }

    @Test
    void nearest_elements_repeat_and_are_those_of_the_quotient() {
        Node x = random(1, 2, 3, 2);
        Node y = Upsampling.upsampleNearest(x, 2);
        assertEquals(y.value(), Upsampling.upsampleNearest(x, Shape.of(6, 4)).value());
        assertEquals(x.value(), Upsampling.upsampleNearest(y, Shape.of(3, 2)).value());
        Node z = Upsampling.upsampleNearest(x, Shape.of(5, 3));
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(
                        x.value().get(0, 1, i * 3 / 5, j * 2 / 3), z.value().get(0, 1, i, j));
            }
        }
    }

    @Test
    void a_plane_is_interpolated_exactly_between_its_corners() {
        double[] v = new double[12];
        for (int i = 0; i < 12; i++) {
            v[i] = 2 * (i / 4) - i % 4;
        }
        Node x = constant(Tensor.of(Shape.of(1, 1, 3, 4), v));
        Tensor y = Upsampling.upsampleBilinear(x, Shape.of(5, 10), true).value();
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 10; j++) {
                assertEquals(2 * (i / 2.0) - j / 3.0, y.get(0, 0, i, j), 1e-14);
            }
        }
    }

    @Test
    void pixels_that_are_shuffled_and_back_are_the_same() {
        Node x = random(2, 18, 2, 3);
        Node y = Upsampling.pixelShuffle(x, 3);
        assertEquals(Shape.of(2, 2, 6, 9), y.shape());
        assertEquals(x.value().get(1, 9 + 5, 1, 2), y.value().get(1, 1, 4, 8));
        assertEquals(x.value(), Upsampling.pixelUnshuffle(y, 3).value());
    }

    static Stream<Arguments> mismatches() {
        WindowOptions s = WindowOptions.DEFAULT;
        Node x = random(2, 3, 4, 5);
        return Stream.of(
                bad(
                        () -> Unfolding.unfold(random(3, 4), 2, 2, s),
                        "unfold: [3, 4]: a kernel of 2 x 2 takes 4 axes, [n, c, ..]"),
                bad(
                        () -> Unfolding.unfold(x, 5, 2, s),
                        "unfold: [2, 3, 4, 5] x [1, 3, 5, 2]: the kernel covers 5 x 2, more than the padded 4 x 5"),
                bad(() -> Unfolding.unfold(x, 0, 2, s), "unfold: [2, 3, 4, 5]: a kernel of 0 x 2 is empty"),
                bad(
                        () -> Unfolding.unfold(x, 1, 2, s.groups(3)),
                        "unfold: [2, 3, 4, 5]: columns have no groups of channels, the options have 3"),
                bad(
                        () -> Unfolding.fold(random(2, 8, 5), 3, 3, 2, 2, s),
                        "fold: [2, 8, 5]: the columns of images [2, 2, 3, 3] are [2, 8, 4]"),
                bad(
                        () -> Unfolding.fold(random(2, 7, 4), 3, 3, 2, 2, s),
                        "fold: [2, 7, 4]: it takes [n, c 2 2, l] and an image of 1 x 1 or more, not 3 x 3"),
                bad(
                        () -> Upsampling.upsampleNearest(random(2, 3), 2),
                        "upsampleNearest: [2, 3]: it takes [n, c, ..] with 1 to 3 more axes, not empty"),
                bad(
                        () -> Upsampling.upsampleNearest(x, 0),
                        "upsampleNearest: [2, 3, 4, 5]: scale 0 must be at least 1"),
                bad(
                        () -> Upsampling.upsampleNearest(x, Integer.MAX_VALUE),
                        "upsampleNearest: [2, 3, 4, 5]: scale 2147483647 makes more than 2^31 - 9 elements"),
                bad(
                        () -> Upsampling.upsampleBilinear(x, Shape.of(1 << 15, 1 << 15), true),
                        "upsampleBilinear: [2, 3, 4, 5]: size [32768, 32768] makes more than 2^31 - 9 elements"),
                bad(
                        () -> Upsampling.upsampleNearest(x, Shape.of(3)),
                        "upsampleNearest: [2, 3, 4, 5]: a size of 2 numbers from 1 up fits, not [3]"),
                bad(
                        () -> Upsampling.upsampleBilinear(random(2, 3, 4), Shape.of(3), true),
                        "upsampleBilinear: [2, 3, 4]: it takes [n, c, h, w]"),
                bad(
                        () -> Upsampling.upsampleBilinear(random(1, 1, 3), Shape.of(3, 3), false),
                        "upsampleBilinear: [1, 1, 3]: it takes [n, c, h, w]"),
                bad(() -> Upsampling.pixelShuffle(x, 0), "pixelShuffle: [2, 3, 4, 5]: r 0 must be at least 1"),
                bad(() -> Upsampling.pixelUnshuffle(x, -1), "pixelUnshuffle: [2, 3, 4, 5]: r -1 must be at least 1"),
                bad(
                        () -> Upsampling.pixelShuffle(x, 2),
                        "pixelShuffle: [2, 3, 4, 5]: it takes [.., c, h, w] with c a multiple of 4"),
                bad(
                        () -> Upsampling.pixelUnshuffle(x, 2),
                        "pixelUnshuffle: [2, 3, 4, 5]: it takes [.., c, h, w] with h and w multiples of 2"));
    }

    private static Arguments bad(Executable what, String message) {
        return Arguments.of(what, message);
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void a_mismatch_is_refused_with_sizes(Executable what, String message) {
        assertEquals(message, assertThrows(OperandMismatch.class, what).getMessage());
    }
}
