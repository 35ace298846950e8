package gradus.array;

/**
 * The options of a convolution or a pooling: stride s, padding p, dilation d along each of the last two axes, rows and
 * columns, and the number of groups of channels. Immutable, equal by value, and fluent:
 *
 * <pre>{@code
 * WindowOptions.DEFAULT.stride(2).padding(1).groups(4)
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
 * SAME_UPPER}.
 *
 * @param rows the options along rows, the last axis but one
 * @param columns the options along columns, the last axis
 * @param groups into how many groups a convolution divides the channels: each group of outputs depends on one group of
 *     inputs
 */
public record WindowOptions(Axis rows, Axis columns, int groups) {
    /** Stride 1, no padding, dilation 1, one group. */
    public static final WindowOptions DEFAULT = new WindowOptions(Axis.DEFAULT, Axis.DEFAULT, 1);

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

        Axis withStride(int s) {
            return new Axis(s, before, after, same, dilation);
        }

        private Axis withPadding(int b, int a) {
            return new Axis(stride, b, a, false, dilation);
        }

        private Axis withDilation(int d) {
            return new Axis(stride, before, after, same, d);
        }

        private String padding() {
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
     * @throws OperandMismatch if groups is less than 1
     */
    public WindowOptions {
        Arguments.nonNull(rows, "WindowOptions", "rows");
        Arguments.nonNull(columns, "WindowOptions", "columns");
        Axis.require(groups >= 1, "groups " + groups + " must be at least 1");
    }

    /** Returns these options with another stride along both axes. */
    public WindowOptions stride(int stride) {
        return stride(stride, stride);
    }

    /** Returns these options with another stride along rows, h, and along columns, w. */
    public WindowOptions stride(int h, int w) {
        return new WindowOptions(rows.withStride(h), columns.withStride(w), groups);
    }

    /** Returns these options with another padding, on all four sides. */
    public WindowOptions padding(int padding) {
        return padding(padding, padding);
    }

    /** Returns these options with another padding: h above and below, w to the left and to the right. */
    public WindowOptions padding(int h, int w) {
        return padding(h, h, w, w);
    }

    /** Returns these options with another padding, given for each side. */
    public WindowOptions padding(int top, int bottom, int left, int right) {
        return new WindowOptions(rows.withPadding(top, bottom), columns.withPadding(left, right), groups);
    }

    /** Returns these options with "same" padding along both axes: the output has n / stride elements, rounded up. */
    public WindowOptions same() {
        return new WindowOptions(
                new Axis(rows.stride, 0, 0, true, rows.dilation),
                new Axis(columns.stride, 0, 0, true, columns.dilation),
                groups);
    }

    /** Returns these options with another dilation along both axes. */
    public WindowOptions dilation(int dilation) {
        return dilation(dilation, dilation);
    }

    /** Returns these options with another dilation along rows, h, and along columns, w. */
    public WindowOptions dilation(int h, int w) {
        return new WindowOptions(rows.withDilation(h), columns.withDilation(w), groups);
    }

    /** Returns these options with another number of groups of channels; pooling takes 1 only. */
    public WindowOptions groups(int groups) {
        return new WindowOptions(rows, columns, groups);
    }

    /** Returns what differs from {@link #DEFAULT}: {@code stride 2, padding 1 x 0, groups 4}. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        append(s, "stride", pair(rows.stride, columns.stride), "1");
        append(s, "padding", pair(rows.padding(), columns.padding()), "0");
        append(s, "dilation", pair(rows.dilation, columns.dilation), "1");
        append(s, "groups", Integer.toString(groups), "1");
        return s.toString();
    }

    private static void append(StringBuilder s, String name, String value, String usual) {
        if (!value.equals(usual)) {
            s.append(s.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
        }
    }

    private static String pair(Object h, Object w) {
        return h.equals(w) ? h.toString() : h + " x " + w;
    }
}
