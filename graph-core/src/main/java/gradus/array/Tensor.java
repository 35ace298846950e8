package gradus.array;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/**
 * An array of numbers of any rank: row-major, contiguous, immutable to its users. Every method that computes returns a
 * new tensor; {@code reshape} shares the array. Names and axis rules are NumPy's; axes count from the end when negative.
 *
 * <p>Tensors of different number types never mix silently: {@link #to} converts. Single numbers cross this API as
 * {@code double}. Operands that do not fit throw {@link OperandMismatch}, which names the operation and the shapes.
 */
public abstract sealed class Tensor extends TensorFactories permits Tensor64, Tensor32 {
    private final Shape shape;

    Tensor(Shape shape) {
        this.shape = shape;
    }

    // ---- what each number type provides

    /** Returns the number type. */
    public abstract DType dtype();

    /** Returns the element at a position in row-major order. */
    abstract double at(int i);

    /** Returns whether writing into the one would show in the other. */
    public abstract boolean sharesArrayWith(Tensor t);

    /** Returns a tensor on the same array. */
    abstract Tensor view(Shape s);

    /** Returns a new tensor of this type, filled with zeros. */
    abstract Tensor newZeros(Shape s);

    /** Returns the elements of this array picked by strides, as a new tensor. */
    abstract Tensor gather(Shape out, int[] strides);

    /** Copies blocks of one length between arrays of this type, each side moving by its own stride. */
    abstract void copyBlocks(int from, int stride, Tensor to, int at, int strideTo, int count, int length);

    /** Returns the blocks of one length that start at these positions, one after the other. */
    abstract Tensor takeBlocksUnchecked(Shape out, int length, int... starts);

    /** Returns zeros to which this array's blocks are added at these positions: the transpose of takeBlocksUnchecked. */
    abstract Tensor addBlocksUnchecked(Shape out, int length, int... starts);

    /** Returns sums of these rows: row i is the sum of those at the positions from {@code ends[i - 1]} to {@code ends[i]}. */
    abstract Tensor sumsOfRows(int[] positions, int[] ends);

    /** Adds row i of x in place to the row at each index i, which may repeat. */
    abstract void increaseRows(Tensor x, int... indices);

    /** Copies the rows at indices, of which those from {@code first} on, to the first rows of y, as many as it has. */
    abstract void copyRows(int[] indices, int first, Tensor y);

    /** Replaces the rows at indices in place, those from {@code first} on, by the rows of x. */
    abstract void replaceRows(int[] indices, int first, Tensor x);

    /** Returns this where the mask is not 0 and the other where it is; all of the result's shape, or of one element. */
    abstract Tensor select(Shape out, Tensor mask, Tensor other);

    /** Returns the position of the first element that is neither 0 nor 1, or the size. */
    abstract int notMask();

    abstract Tensor reduce(Reduction kind, boolean columns, int m, int n, Shape out);

    abstract boolean hasZeroRow(int outer, int n, int inner);

    abstract Tensor rowwise(RowFunction kind, int m, int n, Shape out);

    abstract Tensor softmaxGradient(boolean log, int m, int n, Tensor gy);

    abstract Tensor logSumExpGradient(int m, int n, Tensor gy);

    abstract Tensor recurrence(boolean reverse, int m, int n, Tensor factors);

    /** Returns the running sums along the middle axis of this array as [outer, n, inner]. */
    abstract Tensor cumsumUnchecked(boolean reverse, int outer, int n, int inner);

    abstract void product(int m, int n, int k, int ao, boolean ta, Tensor b, int bo, boolean tb, Tensor y, int yo);

    /** Returns a function of every element, in the same shape: one that has a loop of its own. */
    public abstract Tensor map(UnaryFunction f);

    /** Returns f of every element, in the same shape. */
    public abstract Tensor map(DoubleUnaryOperator f);

    /** Returns a function of every pair of elements, broadcast: one that has a loop of its own. */
    public abstract Tensor zip(String op, Tensor b, BinaryFunction f);

    /** Returns f of every pair of elements, broadcast. */
    public abstract Tensor zip(String op, Tensor b, DoubleBinaryOperator f);

    /** Returns a + b, broadcast. */
    public abstract Tensor add(Tensor b);

    /** Returns a - b, broadcast. */
    public abstract Tensor sub(Tensor b);

    /** Returns a * b elementwise, broadcast. */
    public abstract Tensor mul(Tensor b);

    /** Returns a / b elementwise, broadcast. */
    public abstract Tensor div(Tensor b);

    /** Returns whether an element is NaN. */
    public abstract boolean hasNaN();

    /**
     * Returns whether all elements along the axes are 0 at some position of the other axes; over no axes given, whether all
     * elements are. It reads little of a tensor with few zeros.
     */
    public final boolean hasZeroRow(int... axes) {
        return Axes.hasZeroRow(this, axes);
    }

    /** Returns a copy of the elements in row-major order. */
    public abstract double[] toDoubleArray();

    /** Returns a copy of the elements in row-major order, rounded to single precision. */
    public abstract float[] toFloatArray();

    /** Returns a tensor with the same elements and an array of its own. */
    public abstract Tensor copy();

    /** Returns the matrix [m, n] for EJML. A FLOAT64 tensor shares its array with the result: do not write to it. */
    public abstract DMatrixRMaj toDMatrix();

    /** Returns the matrix [m, n] for EJML. A FLOAT32 tensor shares its array with the result: do not write to it. */
    public abstract FMatrixRMaj toFMatrix();

    // ---- reading

    /** Returns the sizes along the axes. */
    public final Shape shape() {
        return shape;
    }

    /** Returns the number of elements. */
    public final int size() {
        return shape.size();
    }

    /**
     * Returns one element; negative indices count from the end.
     *
     * @throws OperandMismatch if there are more or fewer indices than axes, or one is out of range
     */
    public final double get(int... index) {
        Arguments.nonNull(index, "get", "index");
        return at(Indexing.position(shape, index));
    }

    /**
     * Returns the only element.
     *
     * @throws OperandMismatch if there is not exactly one
     */
    public final double item() {
        if (size() != 1) {
            throw new OperandMismatch("item", "there are " + size() + " elements, not one", shape);
        }
        return at(0);
    }

    /**
     * Returns the elements as whole numbers in row-major order.
     *
     * @throws OperandMismatch if one is not an int
     */
    public final int[] toIntArray() {
        return Indexing.integers(this);
    }

    /** Returns the elements in row-major order as little-endian IEEE 754 numbers of this type's size. */
    public final byte[] toLittleEndian() {
        return Indexing.littleEndian(this);
    }

    /** Returns a rank 2 tensor as EJML's SimpleMatrix of the same precision, under the sharing rule of its matrix. */
    public final SimpleMatrix toSimpleMatrix() {
        return dtype() == DType.FLOAT64 ? SimpleMatrix.wrap(toDMatrix()) : SimpleMatrix.wrap(toFMatrix());
    }

    /** Returns this tensor with elements of the given type, rounded where they must be; itself if it has it already. */
    public final Tensor to(DType dtype) {
        Arguments.nonNull(dtype, "to", "dtype");
        if (dtype == dtype()) {
            return this;
        }
        return dtype == DType.FLOAT64 ? new Tensor64(shape, toDoubleArray()) : new Tensor32(shape, toFloatArray());
    }

    // ---- arithmetic with numbers, and a few functions that own ops are made of

    /** Returns a + c. */
    public final Tensor add(double c) {
        return add(scalar(c, dtype()));
    }

    /** Returns a - c. */
    public final Tensor sub(double c) {
        return sub(scalar(c, dtype()));
    }

    /** Returns a * c. */
    public final Tensor mul(double c) {
        return mul(scalar(c, dtype()));
    }

    /** Returns a / c. */
    public final Tensor div(double c) {
        return div(scalar(c, dtype()));
    }

    /** Returns -a. */
    public final Tensor neg() {
        return map(UnaryFunction.NEG);
    }

    /** Returns the absolute values. */
    public final Tensor abs() {
        return map(UnaryFunction.ABS);
    }

    /** Returns e to the power of each element. */
    public final Tensor exp() {
        return map(UnaryFunction.EXP);
    }

    /** Returns the natural logarithms. */
    public final Tensor log() {
        return map(UnaryFunction.LOG);
    }

    /** Returns the square roots. */
    public final Tensor sqrt() {
        return map(UnaryFunction.SQRT);
    }

    /** Returns these elements where the mask is 1, and the other's where it is 0, broadcast; of one number type. */
    public final Tensor where(Tensor mask, Tensor other) {
        Arguments.nonNull(mask, "where", "mask");
        Arguments.nonNull(other, "where", "other");
        return Indexing.where(this, mask, other);
    }

    // ---- reductions: no axes means all of them

    /** Returns the sums over the axes, which disappear. */
    public final Tensor sum(int... axes) {
        return Axes.reduce("sum", Reduction.SUM, this, false, axes);
    }

    /** Returns the sums over the axes, which stay with size 1. */
    public final Tensor sumKeepDims(int... axes) {
        return Axes.reduce("sum", Reduction.SUM, this, true, axes);
    }

    /** Returns the means over the axes, which disappear. */
    public final Tensor mean(int... axes) {
        Tensor sums = sum(axes);
        return sums.div((double) size() / sums.size());
    }

    /** Returns the largest elements over the axes, which disappear; NaN if there is one. */
    public final Tensor max(int... axes) {
        return Axes.reduce("max", Reduction.MAX, this, false, axes);
    }

    /** Returns the largest elements over the axes, which stay with size 1; NaN if there is one. */
    public final Tensor maxKeepDims(int... axes) {
        return Axes.reduce("max", Reduction.MAX, this, true, axes);
    }

    /** Returns the smallest elements over the axes, which disappear; NaN if there is one. */
    public final Tensor min(int... axes) {
        return Axes.reduce("min", Reduction.MIN, this, false, axes);
    }

    /** Returns the smallest elements over the axes, which stay with size 1; NaN if there is one. */
    public final Tensor minKeepDims(int... axes) {
        return Axes.reduce("min", Reduction.MIN, this, true, axes);
    }

    /** Returns the positions of the largest elements along an axis, which disappears; the first of equals. */
    public final Tensor argmax(int axis) {
        return Axes.rowwise("argmax", RowFunction.ARGMAX, this, axis);
    }

    /** Returns the positions of the smallest elements along an axis, which disappears; the first of equals. */
    public final Tensor argmin(int axis) {
        return Axes.rowwise("argmin", RowFunction.ARGMIN, this, axis);
    }

    /** Returns the positions that sort an axis, equals in their order; NaN counts as the largest. */
    public final Tensor argsort(int axis, boolean descending) {
        return Axes.rowwise("argsort", descending ? RowFunction.ARGSORT_DESCENDING : RowFunction.ARGSORT, this, axis);
    }

    /** Returns the running sums along an axis, from its start or from its end. */
    public final Tensor cumsum(int axis, boolean reverse) {
        int a = shape.axis("cumsum", axis);
        int inner = shape.span(a + 1, shape.rank());
        return inner > 1
                ? cumsumUnchecked(reverse, shape.span(0, a), shape.dim(a), inner)
                : Axes.rowwise("cumsum", reverse ? RowFunction.CUMSUM_REVERSE : RowFunction.CUMSUM, this, axis);
    }

    /** Returns the positions of the largest elements up to each along an axis; the last of equals, and NaN is the largest. */
    public final Tensor cumargmax(int axis) {
        return Axes.rowwise("cumargmax", RowFunction.CUMARGMAX, this, axis);
    }

    /** Returns the positions of the smallest elements up to each along an axis; the last of equals, and NaN is the smallest. */
    public final Tensor cumargmin(int axis) {
        return Axes.rowwise("cumargmin", RowFunction.CUMARGMIN, this, axis);
    }

    /** Returns log(sum(exp(x))) of the elements up to each along an axis, without overflow. */
    public final Tensor logCumSumExp(int axis) {
        return Axes.rowwise("logCumSumExp", RowFunction.LOG_CUM_SUM_EXP, this, axis);
    }

    /**
     * Returns {@code y[i] = a[i] y[i - 1] + x[i]} along an axis, with 0 before the first element, or from its end {@code y[i] =
     * a[i] y[i + 1] + x[i]}.
     *
     * @throws OperandMismatch if the factors a have another shape or number type
     */
    public final Tensor linearRecurrence(Tensor factors, int axis, boolean reverse) {
        Arguments.nonNull(factors, "linearRecurrence", "factors");
        return Axes.linearRecurrence(this, factors, axis, reverse);
    }

    /** Returns log(sum(exp(x))) along an axis, which disappears, without overflow. */
    public final Tensor logSumExp(int axis) {
        return Axes.rowwise("logSumExp", RowFunction.LOG_SUM_EXP, this, axis);
    }

    /** Returns exp(x) / sum(exp(x)) along an axis, without overflow; zeros where all are -inf. */
    public final Tensor softmax(int axis) {
        return Axes.rowwise("softmax", RowFunction.SOFTMAX, this, axis);
    }

    /** Returns x - logSumExp(x) along an axis, without overflow or cancellation. */
    public final Tensor logSoftmax(int axis) {
        return Axes.rowwise("logSoftmax", RowFunction.LOG_SOFTMAX, this, axis);
    }

    /**
     * Returns {@code gy softmax(x)} along an axis, along which gy has size 1: the gradient of the input x of logSumExp.
     */
    public final Tensor logSumExpGradient(Tensor gy, int axis) {
        return Axes.logSumExpGradient(this, gy, axis);
    }

    /** Returns {@code y (gy - sum(y gy))} along an axis: the gradient of the input of softmax, for this output y. */
    public final Tensor softmaxGradient(Tensor gy, int axis) {
        return Axes.softmaxGradient("softmaxGradient", false, this, gy, axis);
    }

    /** Returns {@code gy - e^y sum(gy)} along an axis: the gradient of the input of logSoftmax, for this output y. */
    public final Tensor logSoftmaxGradient(Tensor gy, int axis) {
        return Axes.softmaxGradient("logSoftmaxGradient", true, this, gy, axis);
    }

    /** Returns the sums that undo a broadcast: over every axis along which the target is smaller. */
    public final Tensor sumTo(Shape target) {
        Arguments.nonNull(target, "sumTo", "target");
        return Axes.sumTo(this, target);
    }

    // ---- shaping

    /** Returns the same elements in another shape, on the same array; one size may be -1. */
    public final Tensor reshape(int... dims) {
        Arguments.nonNull(dims, "reshape", "dims");
        return view(shape.reshaped(dims));
    }

    /** Returns the same elements in another shape, on the same array. */
    public final Tensor reshape(Shape s) {
        Arguments.nonNull(s, "reshape", "s");
        return view(shape.reshaped(s.dims()));
    }

    /** Returns the transpose of a matrix, or of each matrix of a batch: the last two axes change places. */
    public final Tensor transpose() {
        return transpose(-2, -1);
    }

    /** Returns the tensor with two axes exchanged. */
    public final Tensor transpose(int axis1, int axis2) {
        return permute(Axes.exchange(shape, axis1, axis2));
    }

    /** Returns the tensor with its axes in another order: axis i of the result is axis {@code order[i]} of this. */
    public final Tensor permute(int... order) {
        Arguments.nonNull(order, "permute", "order");
        return Axes.permute(this, order);
    }

    /** Returns the part from {@code from} (included) to {@code to} (excluded) along an axis; negative ones count back. */
    public final Tensor slice(int axis, int from, int to) {
        return Indexing.slice(this, axis, from, to);
    }

    /** Returns the tensor with zeros set before and after it along an axis: the opposite of {@link #slice}. */
    public final Tensor pad(int axis, int before, int after) {
        return Indexing.pad(this, axis, before, after);
    }

    /** Returns the tensor repeated along axes of size 1, and along new leading ones, until it has the target's shape. */
    public final Tensor expandTo(Shape target) {
        Arguments.nonNull(target, "expandTo", "target");
        if (!shape.expandsTo(target)) {
            throw new OperandMismatch("expandTo", "sizes must agree with " + target + " or be 1", shape);
        }
        return shape.equals(target) ? this : gather(target, LoopNest.broadcastStrides(shape, target));
    }

    /** Returns the given rows, that is the parts at these positions of axis 0, in this order; they may repeat and count back. */
    public final Tensor rows(int... index) {
        Arguments.nonNull(index, "rows", "index");
        return Indexing.rows(this, index);
    }

    /**
     * Returns blocks of this array, row-major: block i is the {@code length} elements from position {@code starts.get(i)} on.
     *
     * @throws OperandMismatch if a block leaves the array, or they do not fill the shape
     */
    public final Tensor takeBlocks(Shape out, int length, Ints starts) {
        Arguments.nonNull(out, "takeBlocks", "out");
        Arguments.nonNull(starts, "takeBlocks", "starts");
        Indexing.requireBlocks("takeBlocks", this, shape, out, length, starts.array());
        return takeBlocksUnchecked(out, length, starts.array());
    }

    /**
     * Returns zeros of the given shape with block i of this added at position {@code starts.get(i)}: the transpose of takeBlocks.
     *
     * @throws OperandMismatch if a block leaves the new array, or they are not this array's
     */
    public final Tensor addBlocks(Shape out, int length, Ints starts) {
        Arguments.nonNull(out, "addBlocks", "out");
        Arguments.nonNull(starts, "addBlocks", "starts");
        Indexing.requireBlocks("addBlocks", this, out, shape, length, starts.array());
        return addBlocksUnchecked(out, length, starts.array());
    }

    // ---- products

    /** Returns the matrix product [.., m, k] x [.., k, n] -> [.., m, n]; leading axes broadcast. */
    public final Tensor matmul(Tensor b) {
        Arguments.nonNull(b, "matmul", "b");
        return MatrixProduct.of(this, false, b, false);
    }

    /** Returns the product of matrices that may be stored transposed: {@code ta} reads this as [.., k, m]. */
    public final Tensor matmul(Tensor b, boolean ta, boolean tb) {
        Arguments.nonNull(b, "matmul", "b");
        return MatrixProduct.of(this, ta, b, tb);
    }

    // ---- comparing and printing

    /** Returns whether the other is a tensor of the same number type, shape and elements, to the bit. */
    @Override
    public final boolean equals(Object o) {
        return o instanceof Tensor t
                && dtype() == t.dtype()
                && shape.equals(t.shape)
                && Arrays.equals(ArrayViews.asDoubles(this), ArrayViews.asDoubles(t));
    }

    @Override
    public final int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(ArrayViews.asDoubles(this));
    }

    /** Prints like NumPy; more than 1,000 elements are summarised by the first and last three along each axis. */
    @Override
    public final String toString() {
        return Printer.print(this);
    }
}
