package gradus.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reading and copying parts of tensors: elements, slices, rows, concatenation and padding. */
final class Indexing {
    private Indexing() {}

    static int position(Shape s, int... index) {
        if (index.length != s.rank()) {
            throw new OperandMismatch("get", index.length + " indices for " + s.rank() + " axes", s);
        }
        int at = 0;
        for (int i = 0; i < index.length; i++) {
            int d = s.dim(i);
            if (index[i] < -d || index[i] >= d) {
                throw new OperandMismatch("get", "index " + index[i] + " is out of range along axis " + i, s);
            }
            at = at * d + (index[i] < 0 ? index[i] + d : index[i]);
        }
        return at;
    }

    static int[] integers(Tensor x) {
        int[] whole = new int[x.size()];
        for (int i = 0; i < whole.length; i++) {
            double v = x.at(i);
            whole[i] = (int) v;
            if (whole[i] != v) {
                throw new OperandMismatch("toIntArray", v + " at position " + i + " is not an int", x.shape());
            }
        }
        return whole;
    }

    static Tensor slice(Tensor x, int axis, int from, int to) {
        Shape s = x.shape();
        int a = s.axis("slice", axis);
        int d = s.dim(a);
        int f = from < 0 ? from + d : from;
        int t = to < 0 ? to + d : to;
        if (f < 0 || t > d || f > t) {
            throw new OperandMismatch(
                    "slice", "from " + from + " to " + to + " is out of range along axis " + axis + " of size " + d, s);
        }
        int inner = s.span(a + 1, s.rank());
        Tensor y = x.newZeros(s.with(a, t - f));
        int length = (t - f) * inner;
        x.copyBlocks(f * inner, d * inner, y, 0, length, s.span(0, a), length);
        return y;
    }

    static Tensor pad(Tensor x, int axis, int before, int after) {
        Shape s = x.shape();
        int a = s.axis("pad", axis);
        if (before < 0 || after < 0 || (long) before + s.dim(a) + after > Integer.MAX_VALUE) {
            throw new OperandMismatch("pad", "widths " + before + " and " + after + " are negative or too large", s);
        }
        int inner = s.span(a + 1, s.rank());
        int d = before + s.dim(a) + after;
        Tensor y = x.newZeros(s.with(a, d));
        int length = s.dim(a) * inner;
        x.copyBlocks(0, length, y, before * inner, d * inner, s.span(0, a), length);
        return y;
    }

    static Tensor concat(int axis, Tensor... parts) {
        if (parts.length == 0) {
            throw new OperandMismatch("concat", "there is nothing to concatenate");
        }
        for (int i = 0; i < parts.length; i++) {
            Arguments.nonNull(parts[i], "concat", "parts[" + i + "]");
        }
        Shape first = parts[0].shape();
        int a = first.axis("concat", axis);
        int total = 0;
        for (Tensor p : parts) {
            if (p.dtype() != parts[0].dtype()) {
                throw new OperandMismatch("concat", mixed(parts[0], p), shapes(parts));
            }
            if (p.shape().rank() != first.rank() || !p.shape().with(a, 0).equals(first.with(a, 0))) {
                throw new OperandMismatch("concat", "sizes differ along axes other than " + axis, shapes(parts));
            }
            total += p.shape().dim(a);
        }
        Tensor y = parts[0].newZeros(first.with(a, total));
        int inner = first.span(a + 1, first.rank());
        int at = 0;
        for (Tensor p : parts) {
            int length = p.shape().dim(a) * inner;
            p.copyBlocks(0, length, y, at, total * inner, first.span(0, a), length);
            at += length;
        }
        return y;
    }

    static Tensor rows(Tensor x, int... index) {
        Shape s = x.shape();
        int n = s.dim(s.axis("rows", 0));
        int length = s.span(1, s.rank());
        int[] starts = new int[index.length];
        for (int i = 0; i < starts.length; i++) {
            if (index[i] < -n || index[i] >= n) {
                throw new OperandMismatch("rows", "row " + index[i] + " is out of range of " + n, s);
            }
            starts[i] = (index[i] < 0 ? index[i] + n : index[i]) * length;
        }
        return x.takeBlocksUnchecked(s.with(0, index.length), length, starts);
    }

    static void requireBlocks(String op, Tensor x, Shape whole, Shape parts, int length, int... starts) {
        if ((long) starts.length * length != parts.size()) {
            throw new OperandMismatch(op, starts.length + " blocks of " + length + " do not fill " + parts, x.shape());
        }
        for (int start : starts) {
            if (start < 0 || start > whole.size() - length) {
                throw new OperandMismatch(op, "position " + start + " is out of range of " + whole, x.shape());
            }
        }
    }

    static Tensor where(Tensor x, Tensor mask, Tensor other) {
        if (x.dtype() != other.dtype() || x.dtype() != mask.dtype()) {
            throw new OperandMismatch(
                    "where", mixed(x, x.dtype() == mask.dtype() ? other : mask), shapes(x, mask, other));
        }
        requireMask(mask);
        Shape s = Shape.broadcast("where", Shape.broadcast("where", x.shape(), mask.shape()), other.shape());
        return fitted(x, s).select(s, fitted(mask, s), fitted(other, s));
    }

    /** Returns the error for operands of different number types, and its remedy. */
    static String mixed(Tensor a, Tensor b) {
        return mixed(a.dtype(), b.dtype());
    }

    static String mixed(DType a, DType b) {
        return "the first is " + a + ", the second " + b + "; convert one, as with .to(" + a + ")";
    }

    /** Values passed as a mask would select where they are not 0, and lose their gradient, silently. */
    private static void requireMask(Tensor mask) {
        int i = mask.notMask();
        if (i < mask.size()) {
            String why = "the mask holds " + mask.at(i) + ", not 0 or 1; values come first, as in a.where(mask, b)";
            throw new OperandMismatch("where", why, mask.shape());
        }
    }

    /** Returns x broadcast, or as it is if it is a single element: loops repeat that by themselves. */
    private static Tensor fitted(Tensor x, Shape s) {
        return x.size() == 1 ? x : x.expandTo(s);
    }

    static byte[] littleEndian(Tensor x) {
        ByteBuffer out = ByteBuffer.allocate(
                        Math.multiplyExact(x.size(), x.dtype().bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (x.dtype() == DType.FLOAT64) {
            out.asDoubleBuffer().put(ArrayViews.asDoubles(x));
        } else {
            out.asFloatBuffer().put(ArrayViews.asFloats(x));
        }
        return out.array();
    }

    private static Object[] shapes(Tensor... parts) {
        return Arrays.stream(parts).map(Tensor::shape).toArray();
    }
}
