package gradus.ops;

import static gradus.graph.Node.constant;
import static gradus.ops.DistancesTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import gradus.array.DType;
import gradus.array.Tensor;
import gradus.graph.Node;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PaddingTest {
    /** Element p of an axis that continues beyond its ends; p may be any number. */
    private static double element(PaddingMode mode, int p, int d) {
        return switch (mode) {
            case ZEROS -> p < 0 || p >= d ? 0 : p + 1;
            case REFLECT -> 1 + (p < 0 ? -p : p < d ? p : 2 * (d - 1) - p);
            case REPLICATE -> 1 + Math.max(0, Math.min(d - 1, p));
            case CIRCULAR -> 1 + Math.floorMod(p, d);
        };
    }

    @Property(tries = 2000)
    void each_mode_continues_an_axis_by_its_formula(
            @ForAll PaddingMode mode,
            @ForAll @IntRange(min = 1, max = 6) int d,
            @ForAll @IntRange(min = -7, max = 7) int before,
            @ForAll @IntRange(min = -7, max = 7) int after) {
        Node x = constant(Tensor.range(1, d + 1));
        int n = d + before + after;
        int left = d + Math.min(0, before) + Math.min(0, after); // of what is circular
        int largest =
                switch (mode) {
                    case ZEROS, REPLICATE -> 7;
                    case REFLECT -> d - 1;
                    case CIRCULAR -> Math.max(0, left);
                };
        if (n < 0) {
            assertMessage(
                    "pad: [" + d + "]: widths " + before + " and " + after + " for axis 0 of size " + d + " give size "
                            + n,
                    () -> Padding.pad(x, mode, before, after));
        } else if (Math.max(before, after) > largest) {
            assertMessage(
                    "pad: [" + d + "]: widths " + before + " and " + after + " for axis 0 of size " + d + ": in mode "
                            + mode + " at most " + largest + " can be added",
                    () -> Padding.pad(x, mode, before, after));
        } else {
            double[] expected = new double[n];
            for (int i = 0; i < n; i++) {
                expected[i] = mode == PaddingMode.CIRCULAR
                        ? element(mode, i - Math.max(0, before), left) + Math.max(0, -before)
                        : element(mode, i - before, d);
            }
            assertEquals(
                    Tensor.of(expected), Padding.pad(x, mode, before, after).value());
        }
    }

    @Test
    void axes_are_padded_from_the_last_one_on() {
        Node x = constant(new double[][] {{1, 2}, {3, 4}});
        Tensor corners = Tensor.of(new double[][] {{4, 3, 4, 3}, {2, 1, 2, 1}, {4, 3, 4, 3}, {2, 1, 2, 1}});
        assertEquals(corners, Padding.pad(x, PaddingMode.REFLECT, 1, 1, 1, 1).value());
        assertEquals(corners, Padding.pad(x, PaddingMode.CIRCULAR, 1, 1, 1, 1).value());
        assertEquals(
                Tensor.of(new double[][] {{9, 9, 9, 9}, {9, 9, 1, 2}, {9, 9, 3, 4}}),
                Padding.pad(x, 9, 2, 0, 1, 0).value());
        assertEquals(
                Tensor.of(new double[][] {{-0.5, 1}}),
                Padding.pad(x, -0.5, 1, -1, 0, -1).value());
        Node single = x.to(DType.FLOAT32);
        assertEquals(DType.FLOAT32, Padding.pad(single, 0.1, 1, 1).dtype());
        assertSame(x, Padding.pad(x, 0));
    }

    @Test
    void bad_widths_are_refused_with_sizes() {
        Node x = constant(Tensor.ones(2, 3)).named("x");
        assertMessage(
                "pad: x [2, 3]: 3 widths [1, 1, 1] are not a pair for each of at most 2 axes",
                () -> Padding.pad(x, 0, 1, 1, 1));
        assertMessage(
                "pad: x [2, 3]: 6 widths [0, 0, 0, 0, 1, 1] are not a pair for each of at most 2 axes",
                () -> Padding.pad(x, PaddingMode.ZEROS, 0, 0, 0, 0, 1, 1));
        assertMessage(
                "pad: x [2, 3]: widths 2147483647 and 1 for axis 1 of size 3 give size 2147483651",
                () -> Padding.pad(x, 0, Integer.MAX_VALUE, 1));
        assertMessage(
                "pad: [2, 0]: widths 1 and 0 for axis 1 of size 0: in mode REPLICATE at most 0 can be added",
                () -> Padding.pad(constant(Tensor.ones(2, 0)), PaddingMode.REPLICATE, 1, 0));
    }
}
