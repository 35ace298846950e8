package gradus.array;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The options of a convolution or a pooling over 1, 2 or 3 axes, the last ones: stride s, padding p and dilation d along
 * each, the number of groups of channels, and how output sizes are rounded. Immutable, equal by value, and fluent:
 *
 * <pre>{@code
 * WindowOptions.DEFAULT.stride(2).padding(1).groups(4)     // along all axes, of any number
 * WindowOptions.DEFAULT.stride(2, 1).padding(1, 0)         // along rows, then along columns
 * WindowOptions.DEFAULT.axes(Axis.DEFAULT.padding(2, 0))   // one axis, on its front side only
 * }</pre>
 *
 * <p>Along an axis of size n, a kernel or window of size k has the output size
 *
 * <pre>{@code
 * (n + before + after - d (k - 1) - 1) / s + 1, rounded down; with "same" padding: n / s, rounded up
 * }</pre>
 *
 * as in PyTorch. "Same" padding is computed where the options are applied, as the least that gives this output size; if it
 * is odd, the larger half comes after the elements, as with PyTorch's {@code padding='same'} and ONNX's {@code
 * SAME_UPPER}. It is a value of the padding, not a second setting: of {@code padding(1)} and {@code same()} the last call counts.
 *
 * @param axes the options along each axis, in order; a single one holds for every axis, of any number, and so do
 *     several that are equal, which become a single one
 * @param groups into how many groups a convolution divides the channels: each group of outputs depends on one group of
 *     inputs
 * @param ceilMode whether a pooling rounds the quotient in its output size up, so that a last window may reach beyond the padding;
 *     it is left out where it would begin there. As PyTorch's {@code ceil_mode}; a convolution refuses it
 */
public record WindowOptions(List<Axis> axes, int groups, boolean ceilMode) {
    /** Stride 1, no padding, dilation 1, one group, sizes rounded down. */
    public static final WindowOptions DEFAULT = new WindowOptions(List.of(Axis.DEFAULT), 1, false);

    private static final int MAX_AXES = 3;

    /**
     * The options along one axis.
     *
     * @param stride the distance between neighbouring windows
     * @param before the zeros in front of the first element; 0 with "same" padding
     * @param after the zeros behind the last element; 0 with "same" padding
     * @param same whether padding is computed from the input size, so that the output has n / stride elements, rounded up
     * @param dilation the distance between neighbouring elements of a window
     */
    public record Axis(int stride, int before, int after, boolean same, int dilation) {
        /** Stride 1, no padding, dilation 1. */
        public static final Axis DEFAULT = new Axis(1, 0, 0, false, 1);

        /**
         * Checks the options.
         *
         * @throws OperandMismatch if the stride or the dilation is less than 1, or a padding negative
         */
        public Axis {
            require(stride >= 1, "stride " + stride + " must be at least 1");
            require(before >= 0 && after >= 0, "padding " + Math.min(before, after) + " must be at least 0");
            require(!same || before + after == 0, "padding is either given or computed, not both");
            require(dilation >= 1, "dilation " + dilation + " must be at least 1");
        }

        /** Returns the number of elements between the first and the last of a window of k, both included: d (k - 1) + 1. */
        public long extent(int k) {
            return (long) dilation * (k - 1) + 1;
        }

        /** Returns these options with the padding that they mean for n elements and a window of k: the same unless "same". */
        public Axis resolve(int n, int k) {
            if (!same) {
                return this;
            }
            long windows = (n + (long) stride - 1) / stride;
            long total = Math.max(0, (windows - 1) * stride + extent(k) - n);
            require(total <= Integer.MAX_VALUE, "\"same\" padding of " + total + " is too large");
            return new Axis(stride, (int) (total / 2), (int) (total - total / 2), false, dilation);
        }

        /** Returns the output size for n elements and a window of k; 0 if the window is larger than the padded axis. */
        public int outputSize(int n, int k) {
            if (same) {
                return resolve(n, k).outputSize(n, k);
            }
            long last = padded(n) - extent(k);
            return last < 0 ? 0 : Math.toIntExact(last / stride + 1);
        }

        /** Returns the size of an axis of n elements with its padding. */
        long padded(int n) {
            return (long) n + before + after;
        }

        /** Returns these options with another stride. */
        public Axis stride(int s) {
            return new Axis(s, before, after, same, dilation);
        }

        /** Returns these options with another padding, in front of the first element and behind the last. */
        public Axis padding(int b, int a) {
            return new Axis(stride, b, a, false, dilation);
        }

        /** Returns these options with "same" padding. */
        public Axis samePadding() {
            return new Axis(stride, 0, 0, true, dilation);
        }

        /** Returns these options with another dilation. */
        public Axis dilation(int d) {
            return new Axis(stride, before, after, same, d);
        }

        private String paddingText() {
            return same ? "same" : before == after ? Integer.toString(before) : "(" + before + ", " + after + ")";
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw new OperandMismatch("WindowOptions", message);
            }
        }
    }

    /**
     * Checks the options.
     *
     * @throws OperandMismatch if there are not 1 to 3 axes, or groups is less than 1
     */
    public WindowOptions {
        Arguments.nonNull(axes, "WindowOptions", "axes");
        axes.forEach(a -> Arguments.nonNull(a, "WindowOptions", "an axis"));
        Axis.require(
                !axes.isEmpty() && axes.size() <= MAX_AXES, "there are 1 to " + MAX_AXES + " axes, not " + axes.size());
        Axis.require(groups >= 1, "groups " + groups + " must be at least 1");
        axes = axes.stream().distinct().count() == 1 ? List.of(axes.get(0)) : List.copyOf(axes);
    }

    /** Returns the options along an axis; those of the single one, if they hold for every axis. */
    public Axis axis(int i) {
        return axes.size() == 1 ? axes.get(0) : axes.get(i);
    }

    /** Returns the options along rows, the last axis but one. */
    public Axis rows() {
        return axes.get(Math.max(0, axes.size() - 2));
    }

    /** Returns the options along columns, the last axis. */
    public Axis columns() {
        return axes.get(axes.size() - 1);
    }

    /** Returns why these options cannot be those of so many axes, or null if they can. */
    String wrongAxes(int n) {
        return axes.size() == 1 || axes.size() == n
                ? null
                : "the options are those of " + axes.size() + " axes, not of " + n;
    }

    /** Returns these options with those of each axis replaced. */
    public WindowOptions axes(Axis... all) {
        Arguments.nonNull(all, "WindowOptions", "all");
        for (Axis a : all) {
            Arguments.nonNull(a, "WindowOptions", "an axis");
        }
        return new WindowOptions(List.of(all), groups, ceilMode);
    }

    /**
     * Returns these options with another stride: one number for all axes, or one for each.
     *
     * @throws OperandMismatch if there are more or fewer numbers than axes
     */
    public WindowOptions stride(int... stride) {
        return with("stride", stride, 1, (axis, i) -> axis.stride(stride[i]));
    }

    /**
     * Returns these options with another padding: one number for all sides; or one for each axis, in front and behind; or, for
     * two axes or three, two for each axis, as in {@code padding(top, bottom, left, right)}. It replaces "same" padding.
     *
     * @throws OperandMismatch if there are more or fewer numbers than axes or sides
     */
    public WindowOptions padding(int... padding) {
        Arguments.nonNull(padding, "WindowOptions", "padding");
        int sides = padding.length > MAX_AXES ? 2 : 1;
        return with("padding", padding, sides, (axis, i) -> axis.padding(padding[i], padding[i + sides - 1]));
    }

    /**
     * Returns these options with "same" padding along all axes: the output has n / stride elements, rounded up. It replaces any other
     * padding.
     */
    public WindowOptions same() {
        return map(Axis::samePadding);
    }

    /**
     * Returns these options with another dilation: one number for all axes, or one for each.
     *
     * @throws OperandMismatch if there are more or fewer numbers than axes
     */
    public WindowOptions dilation(int... dilation) {
        return with("dilation", dilation, 1, (axis, i) -> axis.dilation(dilation[i]));
    }

    /** Returns these options with another number of groups of channels; pooling takes 1 only. */
    public WindowOptions groups(int groups) {
        return new WindowOptions(axes, groups, ceilMode);
    }

    /** Returns these options with output sizes of a pooling rounded up, or down. */
    public WindowOptions ceilMode(boolean up) {
        return new WindowOptions(axes, groups, up);
    }

    private WindowOptions map(UnaryOperator<Axis> change) {
        return new WindowOptions(axes.stream().map(change).toList(), groups, ceilMode);
    }

    /** One axis with a setting, given the position of its first number. */
    private interface Setting {
        Axis set(Axis axis, int i);
    }

    private WindowOptions with(String name, int[] numbers, int each, Setting setting) {
        Arguments.nonNull(numbers, "WindowOptions", name);
        if (numbers.length == 1) {
            return map(axis -> setting.set(axis, 0));
        }
        int n = numbers.length / each;
        Axis.require(
                n * each == numbers.length && n >= 1 && n <= MAX_AXES && (axes.size() == 1 || axes.size() == n),
                name + " has " + numbers.length + " numbers, which do not fit "
                        + (axes.size() == 1 ? "1 to " + MAX_AXES : "the other options' " + axes.size()) + " axes");
        return new WindowOptions(
                IntStream.range(0, n)
                        .mapToObj(i -> setting.set(axis(i), i * each))
                        .toList(),
                groups,
                ceilMode);
    }

    /** Returns what differs from {@link #DEFAULT}: {@code stride 2, padding 1 x 0, groups 4}. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        append(s, "stride", each(Axis::stride), "1");
        append(s, "padding", each(Axis::paddingText), "0");
        append(s, "dilation", each(Axis::dilation), "1");
        append(s, "groups", Integer.toString(groups), "1");
        append(s, "ceilMode", Boolean.toString(ceilMode), "false");
        return s.toString();
    }

    private static void append(StringBuilder s, String name, String value, String usual) {
        if (!value.equals(usual)) {
            s.append(s.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
        }
    }

    private String each(Function<Axis, Object> setting) {
        List<String> all = axes.stream().map(a -> setting.apply(a).toString()).toList();
        return all.stream().distinct().count() == 1 ? all.get(0) : String.join(" x ", all);
    }
}
