package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Padding of any number of axes. The widths are pairs, as in PyTorch: how many elements are added before and after the last axis, then
 * before and after the one before it, and so on. A negative width removes elements instead: what is reflected or replicated is the
 * whole axis, and what is circular is what is left of it.
 */
public final class Padding {
    private Padding() {}

    /**
     * Returns the tensor with a number added before and after its last axes: {@code [.., h, w] -> [.., h + top + bottom, w + left +
     * right]} for the widths left, right, top, bottom. PyTorch's {@code pad} with mode {@code constant}.
     *
     * @param value the number
     * @throws OperandMismatch if there are more pairs of widths than axes, the last one has no second, or a size would be negative
     */
    public static Node pad(Node x, double value, int... widths) {
        require(x, widths);
        Node y = x;
        for (int i = 0; i < widths.length; i += 2) {
            y = padded(y, x.shape().rank() - 1 - i / 2, PaddingMode.ZEROS, value, widths[i], widths[i + 1]);
        }
        return y;
    }

    /**
     * Returns the tensor with elements added before and after its last axes, in the way of the mode: {@code [.., h, w] -> [.., h + top +
     * bottom, w + left + right]} for the widths left, right, top, bottom. The gradient of an element is the sum of those of its copies.
     * PyTorch's {@code pad}, for any number of axes.
     *
     * @throws OperandMismatch as {@link #pad(Node, double, int...)}, or if a width is not less than the size of the axis to reflect it,
     *     or greater than the size for circular, of what negative widths leave, or the axis to replicate is empty
     */
    public static Node pad(Node x, PaddingMode mode, int... widths) {
        require(x, widths);
        Objects.requireNonNull(mode, "pad: mode is null");
        Node y = x;
        for (int i = 0; i < widths.length; i += 2) {
            int axis = x.shape().rank() - 1 - i / 2;
            requireFits(x, axis, mode, widths[i], widths[i + 1]);
            y = mode == PaddingMode.CIRCULAR
                    ? padded(
                            cropped(y, axis, widths[i], widths[i + 1]),
                            axis,
                            mode,
                            0,
                            Math.max(0, widths[i]),
                            Math.max(0, widths[i + 1]))
                    : padded(y, axis, mode, 0, widths[i], widths[i + 1]);
        }
        return y;
    }

    /**
     * Pads one axis of size d. Position p of the result, counted from the first element of x, runs from -before to d + after; what
     * lies before 0, between, and from d on is each a slice of x, or its mirror image.
     */
    private static Node padded(Node x, int axis, PaddingMode mode, double value, int before, int after) {
        int d = x.shape().dim(axis);
        int from = -before;
        int to = d + after;
        List<Node> parts = new ArrayList<>();
        if (from < 0) {
            int end = Math.min(0, to);
            parts.add(
                    switch (mode) {
                        case ZEROS -> constant(x, axis, end - from, value);
                        case REFLECT -> x.slice(axis, 1 - end, 1 - from).flip(axis);
                        case REPLICATE -> x.slice(axis, 0, 1).repeatInterleave(axis, end - from);
                        case CIRCULAR -> x.slice(axis, from + d, end + d);
                    });
        }
        int first = Math.max(0, from);
        int last = Math.min(d, to);
        if (first < last) {
            parts.add(x.slice(axis, first, last));
        }
        if (to > d) {
            int start = Math.max(d, from);
            parts.add(
                    switch (mode) {
                        case ZEROS -> constant(x, axis, to - start, value);
                        case REFLECT ->
                            x.slice(axis, 2 * d - 1 - to, 2 * d - 1 - start).flip(axis);
                        case REPLICATE -> x.slice(axis, d - 1, d).repeatInterleave(axis, to - start);
                        case CIRCULAR -> x.slice(axis, start - d, to - d);
                    });
        }
        return parts.isEmpty()
                ? x.slice(axis, 0, 0)
                : parts.size() == 1 ? parts.get(0) : Node.concat(axis, parts.toArray(new Node[0]));
    }

    /** Returns the part that negative widths leave. */
    private static Node cropped(Node x, int axis, int before, int after) {
        return x.slice(axis, Math.max(0, -before), x.shape().dim(axis) + Math.min(0, after));
    }

    private static Node constant(Node x, int axis, int n, double value) {
        return Node.constant(Tensor.full(x.shape().with(axis, n), value, x.dtype()));
    }

    private static void require(Node x, int... widths) {
        Objects.requireNonNull(x, "pad: x is null");
        Objects.requireNonNull(widths, "pad: widths is null");
        Shape s = x.shape();
        if (widths.length % 2 != 0 || widths.length / 2 > s.rank()) {
            String why = widths.length + " widths " + Arrays.toString(widths) + " are not a pair for each of at most "
                    + s.rank() + " axes";
            throw new OperandMismatch("pad", why, x.label());
        }
        for (int i = 0; i < widths.length; i += 2) {
            int axis = s.rank() - 1 - i / 2;
            long size = (long) s.dim(axis) + widths[i] + widths[i + 1];
            if (size < 0 || size > Integer.MAX_VALUE || widths[i] == Integer.MIN_VALUE) {
                throw new OperandMismatch(
                        "pad", widths(widths[i], widths[i + 1], axis, s) + " give size " + size, x.label());
            }
        }
    }

    private static void requireFits(Node x, int axis, PaddingMode mode, int before, int after) {
        int d = x.shape().dim(axis);
        int largest =
                switch (mode) {
                    case ZEROS -> Integer.MAX_VALUE;
                    case REFLECT -> d - 1;
                    case REPLICATE -> d == 0 ? 0 : Integer.MAX_VALUE;
                    case CIRCULAR -> d + Math.min(0, before) + Math.min(0, after);
                };
        if (Math.max(before, after) > Math.max(0, largest)) {
            String why = widths(before, after, axis, x.shape()) + ": in mode " + mode + " at most "
                    + Math.max(0, largest) + " can be added";
            throw new OperandMismatch("pad", why, x.label());
        }
    }

    private static String widths(int before, int after, int axis, Shape s) {
        return "widths " + before + " and " + after + " for axis " + axis + " of size " + s.dim(axis);
    }
}
