package gradus.array;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/** Reductions over axes, functions along an axis and permutations of axes, reduced to matrices of rows or columns. */
final class Axes {
    private Axes() {}

    static Tensor reduce(String op, Reduction kind, Tensor x, boolean keep, int... which) {
        Shape s = x.shape();
        int[] axes = s.axes(op, which);
        Shape out = keep ? s.collapse(axes) : s.drop(axes);
        int n = 1;
        for (int a : axes) {
            n *= s.dim(a);
        }
        if (n == 0 && kind != Reduction.SUM && out.size() > 0) {
            throw new OperandMismatch(op, "there is no element along axes " + Arrays.toString(axes), s);
        }
        if (axes.length == 0 || s.size() == 0) {
            return axes.length == 0 ? x.view(out) : x.newZeros(out);
        }
        int first = axes[0];
        boolean adjacent = axes[axes.length - 1] - first == axes.length - 1;
        if (adjacent && first == 0 && axes.length < s.rank()) {
            return x.reduce(kind, true, n, out.size(), out);
        }
        if (adjacent && axes[axes.length - 1] == s.rank() - 1) {
            return x.reduce(kind, false, out.size(), n, out);
        }
        return permute(x, keptFirst(s.rank(), axes)).reduce(kind, false, out.size(), n, out);
    }

    static boolean hasZeroRow(Tensor x, int... which) {
        Shape s = x.shape();
        int[] axes = s.axes("hasZeroRow", which);
        int rank = s.rank();
        if (axes.length == 0) {
            return x.hasZeroRow(s.size(), 1, 1);
        }
        int first = axes[0];
        int end = first + axes.length;
        if (axes[axes.length - 1] == end - 1) {
            return x.hasZeroRow(s.span(0, first), s.span(first, end), s.span(end, rank));
        }
        int kept = rank - axes.length;
        Tensor rows = permute(x, keptFirst(rank, axes));
        return rows.hasZeroRow(rows.shape().span(0, kept), rows.shape().span(kept, rank), 1);
    }

    static Tensor rowwise(String op, RowFunction kind, Tensor x, int axis) {
        Shape s = x.shape();
        int a = s.axis(op, axis);
        int n = s.dim(a);
        if (n == 0 && kind.keepsRow) {
            return x;
        }
        if (n == 0) {
            throw new OperandMismatch(op, "there is no element along axis " + axis, s);
        }
        if (kind.findsPositions && n > 1 << 24 && x.dtype() == DType.FLOAT32) {
            throw new OperandMismatch(op, "positions above 2^24 are not exact in FLOAT32; convert first", s);
        }
        if (a == s.rank() - 1) {
            Shape out = kind.keepsRow ? s : s.drop(a);
            return x.rowwise(kind, s.size() / n, n, out);
        }
        int[] order = keptFirst(s.rank(), a);
        Tensor y = rowwise(op, kind, permute(x, order), -1);
        return kind.keepsRow ? permute(y, inverse(order)) : y;
    }

    /** Returns the gradient of the input of softmax, or logSoftmax, given its output y and the gradient of that. */
    static Tensor softmaxGradient(String op, boolean log, Tensor y, Tensor gy, int axis) {
        Objects.requireNonNull(gy, () -> op + ": gy is null");
        Shape s = y.shape();
        int a = s.axis(op, axis);
        if (!gy.shape().equals(s) || gy.dtype() != y.dtype()) {
            throw new OperandMismatch(op, "the gradient must have the shape and number type", s, gy.shape());
        }
        if (s.size() == 0) {
            return gy;
        }
        int n = s.dim(a);
        if (a == s.rank() - 1) {
            return y.softmaxGradient(log, s.size() / n, n, gy);
        }
        int[] order = keptFirst(s.rank(), a);
        return permute(softmaxGradient(op, log, permute(y, order), permute(gy, order), -1), inverse(order));
    }

    /** Returns {@code gy softmax(x)} along an axis, along which gy has size 1. */
    static Tensor logSumExpGradient(Tensor x, Tensor gy, int axis) {
        Objects.requireNonNull(gy, "logSumExpGradient: gy is null");
        Shape s = x.shape();
        int a = s.axis("logSumExpGradient", axis);
        if (!gy.shape().equals(s.collapse(a)) || gy.dtype() != x.dtype()) {
            throw new OperandMismatch(
                    "logSumExpGradient",
                    "the gradient must have the number type, and the shape but for size 1 along axis " + axis,
                    s,
                    gy.shape());
        }
        if (s.size() == 0) {
            return x;
        }
        int n = s.dim(a);
        if (a == s.rank() - 1) {
            return x.logSumExpGradient(s.size() / n, n, gy);
        }
        int[] order = keptFirst(s.rank(), a);
        return permute(logSumExpGradient(permute(x, order), permute(gy, order), -1), inverse(order));
    }

    static Tensor linearRecurrence(Tensor x, Tensor factors, int axis, boolean reverse) {
        Shape s = x.shape();
        int a = s.axis("linearRecurrence", axis);
        if (!factors.shape().equals(s) || factors.dtype() != x.dtype()) {
            throw new OperandMismatch(
                    "linearRecurrence", "the factors must have the shape and number type", s, factors.shape());
        }
        if (s.size() == 0) {
            return x;
        }
        int n = s.dim(a);
        if (a == s.rank() - 1) {
            return x.recurrence(reverse, s.size() / n, n, factors);
        }
        int[] order = keptFirst(s.rank(), a);
        return permute(linearRecurrence(permute(x, order), permute(factors, order), -1, reverse), inverse(order));
    }

    static Tensor sumTo(Tensor x, Shape target) {
        Shape s = x.shape();
        if (s.equals(target)) {
            return x;
        }
        if (!target.expandsTo(s)) {
            throw new OperandMismatch("sumTo", "it was not broadcast from " + target, s);
        }
        int extra = s.rank() - target.rank();
        int[] axes = new int[s.rank()];
        int n = 0;
        for (int i = 0; i < axes.length; i++) {
            if (i < extra || (target.dim(i - extra) == 1 && s.dim(i) != 1)) {
                axes[n++] = i;
            }
        }
        return x.sum(Arrays.copyOf(axes, n)).view(target);
    }

    static Tensor permute(Tensor x, int... order) {
        Shape s = x.shape();
        int[] from = order.length == 0 ? new int[0] : orderOf(s, order);
        if (from.length != s.rank()) {
            throw new OperandMismatch(
                    "permute", Arrays.toString(order) + " does not name each of " + s.rank() + " axes", s);
        }
        int[] strides = s.strides();
        int[] dims = new int[from.length];
        int[] moved = new int[from.length];
        boolean same = true;
        for (int i = 0; i < from.length; i++) {
            dims[i] = s.dim(from[i]);
            moved[i] = strides[from[i]];
            same &= from[i] == i;
        }
        return same ? x : x.gather(Shape.of(dims), moved);
    }

    static int[] exchange(Shape s, int axis1, int axis2) {
        int[] order = IntStream.range(0, s.rank()).toArray();
        int a = s.axis("transpose", axis1);
        int b = s.axis("transpose", axis2);
        order[a] = b;
        order[b] = a;
        return order;
    }

    private static int[] orderOf(Shape s, int... order) {
        s.axes("permute", order); // refuses an axis out of range or given twice
        return IntStream.of(order).map(a -> s.axis("permute", a)).toArray();
    }

    private static int[] keptFirst(int rank, int... axes) {
        return IntStream.concat(
                        IntStream.range(0, rank).filter(i -> Arrays.binarySearch(axes, i) < 0), IntStream.of(axes))
                .toArray();
    }

    private static int[] inverse(int... order) {
        int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        return back;
    }
}
