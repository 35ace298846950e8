package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/**
 * Positions of values in sorted sequences. They are whole numbers in the number type of the values, and have no gradient. NaN comes after
 * every number, as in NumPy.
 */
public final class BinarySearch {
    private BinarySearch() {}

    /** {@code y = the number of elements of a sorted sequence that are less than a value}, or not greater; inputs sequences, values. */
    record SearchSorted(String name, boolean right) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            Shape s = x[0].shape();
            int n = s.dim(-1);
            double[] sorted = x[0].toDoubleArray();
            double[] y = x[1].toDoubleArray();
            int perRow = s.rank() == 1 ? y.length : x[1].shape().dim(-1); // values that are searched in one sequence
            for (int i = 0; i < y.length; i++) {
                y[i] = position(sorted, i / perRow * n, n, y[i]);
            }
            return Tensor.of(x[1].shape(), y).to(x[1].dtype());
        }

        private int position(double[] sorted, int from, int n, double v) {
            int low = 0;
            int high = n;
            while (low < high) {
                int middle = (low + high) >>> 1;
                double at = sorted[from + middle];
                if (right ? isLess(v, at) : !isLess(at, v)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        private static boolean isLess(double a, double b) {
            return a < b || (Double.isNaN(b) && !Double.isNaN(a));
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {null, null};
        }
    }

    /** Returns {@link #searchSorted(Node, Node, boolean)} with the first position for values that are equal to an element. */
    public static Node searchSorted(Node sorted, Node values) {
        return searchSorted(sorted, values, false);
    }

    /**
     * Returns where each value would be inserted into a sorted sequence to keep it sorted: {@code sorted[i - 1] < value <= sorted[i]},
     * or on the right {@code sorted[i - 1] <= value < sorted[i]}. One sequence serves all values, {@code [n], [..] ->
     * [..]}, or there is one for each row of values, {@code [.., n], [.., m] -> [.., m]}. PyTorch's and NumPy's {@code searchsorted}.
     *
     * @param right whether the position for a value that is equal to elements is after the last of them rather than at the first
     * @throws OperandMismatch if the shapes or number types do not fit, or a sequence is not sorted
     */
    public static Node searchSorted(Node sorted, Node values, boolean right) {
        Objects.requireNonNull(sorted, "searchSorted: sorted is null");
        Objects.requireNonNull(values, "searchSorted: values is null");
        Shape s = sorted.shape();
        Shape v = values.shape();
        boolean rows = s.rank() > 0 && v.rank() == s.rank() && s.drop(-1).equals(v.drop(-1));
        if (s.rank() != 1 && !rows) {
            throw new OperandMismatch(
                    "searchSorted",
                    "it takes [n] and any shape, or [.., n] and [.., m] with the same leading axes",
                    sorted.label(),
                    values.label());
        }
        return positions("searchSorted", sorted, values, right);
    }

    /** Returns {@link #bucketize(Node, Node, boolean)} with intervals that include their upper boundary. */
    public static Node bucketize(Node x, Node boundaries) {
        return bucketize(x, boundaries, false);
    }

    /**
     * Returns the index of the interval that each element is in, from 0 for those below the first boundary to n: {@code [..], [n] ->
     * [..]}. It is {@link #searchSorted} of the elements in the boundaries. PyTorch's {@code bucketize}; with right as
     * there, which is the opposite of right in NumPy's {@code digitize}.
     *
     * @param right whether an element that is equal to a boundary is in the interval above it rather than below
     * @throws OperandMismatch if the boundaries are not a sorted vector of the same number type
     */
    public static Node bucketize(Node x, Node boundaries, boolean right) {
        Objects.requireNonNull(x, "bucketize: x is null");
        Objects.requireNonNull(boundaries, "bucketize: boundaries is null");
        if (boundaries.shape().rank() != 1) {
            throw new OperandMismatch("bucketize", "the boundaries must be a vector", x.label(), boundaries.label());
        }
        return positions("bucketize", boundaries, x, right);
    }

    private static Node positions(String op, Node sorted, Node values, boolean right) {
        if (sorted.dtype() != values.dtype()) {
            String why = "one is " + sorted.dtype() + ", the other " + values.dtype() + "; convert one, as with .to("
                    + sorted.dtype() + ")";
            throw new OperandMismatch(op, why, sorted.label(), values.label());
        }
        int n = sorted.shape().dim(-1);
        if (n > 1 << 24 && sorted.dtype() == DType.FLOAT32) {
            throw new OperandMismatch(
                    op, "positions above 2^24 are not exact in FLOAT32; convert first", sorted.label());
        }
        double[] all = sorted.value().toDoubleArray();
        for (int i = 1; i < all.length; i++) {
            if (i % n != 0 && SearchSorted.isLess(all[i], all[i - 1])) {
                String why = all[i] + " after " + all[i - 1] + " at position " + i % n + " is not in ascending order";
                throw new OperandMismatch(op, why, sorted.label());
            }
        }
        return Node.of(new SearchSorted(op, right), sorted, values);
    }
}
