package gradus.array;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * The sizes of a tensor along its axes, outermost first; the empty shape {@code []} is a scalar's. Immutable.
 *
 * <p>Methods that can fail take the name of the calling operation, which the error names.
 */
public final class Shape {
    /** The shape of a scalar, {@code []}. */
    public static final Shape SCALAR = new Shape();

    private final int[] dims;
    private final int size;

    private Shape(int... dims) {
        long product = 1;
        boolean empty = false;
        for (int d : dims) {
            if (d < 0) {
                throw new OperandMismatch("shape", "size " + d + " is negative", print(dims));
            }
            empty |= d == 0;
        }
        for (int d : dims) {
            product = empty ? 0 : product * d;
            if (product > Integer.MAX_VALUE - 8) {
                throw new OperandMismatch("shape", "more than 2^31 - 9 elements do not fit one array", print(dims));
            }
        }
        this.dims = dims;
        this.size = (int) product;
    }

    /** Returns the shape with these sizes; none makes a scalar's. */
    public static Shape of(int... dims) {
        Arguments.nonNull(dims, "Shape.of", "dims");
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** Returns the number of axes. */
    public int rank() {
        return dims.length;
    }

    /** Returns whether this is the shape of one number without axes, for which there are short paths. */
    boolean isScalar() {
        return dims.length == 0;
    }

    /** Returns the number of elements. */
    public int size() {
        return size;
    }

    /** Returns the size along an axis; a negative axis counts from the end. */
    public int dim(int axis) {
        return dims[axis("dim", axis)];
    }

    /** Returns a copy of the sizes. */
    public int[] dims() {
        return dims.clone();
    }

    /** Returns how many elements one step along each axis passes over, in row-major order. */
    public int[] strides() {
        int[] strides = new int[dims.length];
        int step = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= dims[i];
        }
        return strides;
    }

    /** Returns the product of the sizes along axes {@code from} (included) to {@code to} (excluded). */
    int span(int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product *= dims[i];
        }
        return product;
    }

    /**
     * Returns the axis counted from 0.
     *
     * @throws OperandMismatch if there is no such axis
     */
    public int axis(String op, int axis) {
        Arguments.nonNull(op, "axis", "op");
        int n = dims.length;
        if (axis < -n || axis >= n) {
            String legal = n == 0 ? "a scalar has no axis" : "axes run from " + -n + " to " + (n - 1);
            throw new OperandMismatch(op, "axis " + axis + " is out of range: " + legal, this);
        }
        return axis < 0 ? axis + n : axis;
    }

    /**
     * Returns the axes counted from 0, ascending; none given means all of them.
     *
     * @throws OperandMismatch if one is out of range or given twice
     */
    public int[] axes(String op, int... axes) {
        Arguments.nonNull(op, "axes", "op");
        Arguments.nonNull(axes, op, "axes");
        int[] sorted = new int[axes.length == 0 ? dims.length : axes.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = axes.length == 0 ? i : axis(op, axes[i]);
        }
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                throw new OperandMismatch(op, "axis " + sorted[i] + " is given twice", this);
            }
        }
        return sorted;
    }

    /** Returns this shape with size 1 along the axes; none given means all of them. */
    public Shape collapse(int... axes) {
        int[] d = dims.clone();
        for (int a : axes("collapse", axes)) {
            d[a] = 1;
        }
        return new Shape(d);
    }

    /** Returns this shape without the axes; none given means all of them. */
    public Shape drop(int... axes) {
        int[] gone = axes("drop", axes);
        int[] d = new int[dims.length - gone.length];
        for (int i = 0, left = 0; left < d.length; i++) {
            if (Arrays.binarySearch(gone, i) < 0) {
                d[left++] = dims[i];
            }
        }
        return d.length == 0 ? SCALAR : new Shape(d);
    }

    /** Returns this shape with another size along one axis. */
    public Shape with(int axis, int dim) {
        int[] d = dims.clone();
        d[axis("with", axis)] = dim;
        return new Shape(d);
    }

    /**
     * Returns the shape both broadcast to: aligned at the last axis, sizes must agree or be 1 (NumPy's rule).
     *
     * @throws OperandMismatch if they do not
     */
    public static Shape broadcast(String op, Shape a, Shape b) {
        Arguments.nonNull(op, "broadcast", "op");
        Arguments.nonNull(a, op, "a");
        Arguments.nonNull(b, op, "b");
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] d = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int p = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int q = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (p != q && p != 1 && q != 1) {
                throw new OperandMismatch(
                        op, "sizes " + p + " and " + q + " (axis -" + i + ") differ and neither is 1", a, b);
            }
            d[rank - i] = p == 1 ? q : p;
        }
        return new Shape(d);
    }

    /** Returns whether a tensor of this shape broadcasts to the target without changing it. */
    public boolean expandsTo(Shape target) {
        Arguments.nonNull(target, "expandsTo", "target");
        if (rank() > target.rank()) {
            return false;
        }
        for (int i = 1; i <= rank(); i++) {
            int d = dims[rank() - i];
            if (d != 1 && d != target.dims[target.rank() - i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns these sizes with the one that is -1 replaced by what makes the count of elements fit.
     *
     * @throws OperandMismatch if nothing fits, or anything does: -1 beside a size of 0
     */
    public Shape reshaped(int... to) {
        Arguments.nonNull(to, "reshape", "to");
        int[] d = to.clone();
        int hole = -1;
        long known = 1;
        for (int i = 0; i < d.length; i++) {
            if (d[i] != -1) {
                known = known == 0 || d[i] == 0 ? 0 : Math.min(known, Integer.MAX_VALUE) * d[i];
            } else if (hole < 0) {
                hole = i;
            } else {
                throw new OperandMismatch("reshape", "only one size may be -1", this, print(to));
            }
        }
        if (hole >= 0) {
            if (known == 0) {
                throw new OperandMismatch("reshape", "-1 beside a size of 0 may be any size: " + print(to), this);
            }
            d[hole] = (int) (size / known);
        }
        Shape result = of(d);
        if (result.size != size) {
            throw new OperandMismatch("reshape", size + " elements do not fill " + print(to), this);
        }
        return result;
    }

    @Override
    public boolean equals(Object o) {
        return this == o || (o instanceof Shape s && Arrays.equals(dims, s.dims));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** Returns the sizes as {@code [2, 3]}. */
    @Override
    public String toString() {
        return print(dims);
    }

    private static String print(int... dims) {
        StringJoiner s = new StringJoiner(", ", "[", "]");
        for (int d : dims) {
            s.add(Integer.toString(d));
        }
        return s.toString();
    }
}
