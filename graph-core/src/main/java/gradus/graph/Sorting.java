package gradus.graph;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.UnaryFunction;

/** Sorting, medians, and the indices of extremes. Indices are whole numbers in the number type of x; they have no gradient. */
public sealed interface Sorting permits Node {
    /**
     * {@code values, indices}: the first k elements along an axis in order, and their positions along it; the gradient of
     * the values is scattered to these positions.
     */
    record Sort(String name, int axis, boolean descending, int k) implements Op.Multi {
        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Tensor order = x[0].argsort(axis, descending);
            Tensor indices = k == order.shape().dim(axis) ? order : order.slice(axis, 0, k);
            Ints positions = FlatIndices.along(name, Node.constant(x[0]), axis, indices);
            saved.set(positions);
            return new Tensor[] {x[0].takeBlocks(indices.shape(), 1, positions), indices};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            return new Node[] {Node.of(new Indexing.Put(c.x(0).shape(), 1, c.saved(Ints.class)), gy[0])};
        }

        @Override
        public boolean isDifferentiable(int output) {
            return output == 0;
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "values" : "indices";
        }
    }

    /** Returns the elements along an axis in ascending order, and their indices. NaN comes last. PyTorch's {@code sort}. */
    default ValuesAndIndices sort(int axis) {
        return sort(axis, false);
    }

    /** Returns the elements along an axis in order, equal ones in that of x, and their indices. NaN is the largest. */
    default ValuesAndIndices sort(int axis, boolean descending) {
        int a = self().axes("sort", axis)[0];
        return ValuesAndIndices.of(
                new Sort("sort", a, descending, self().shape().dim(a)), self());
    }

    /**
     * Returns the k largest elements along an axis in descending order, and their indices. PyTorch's {@code topk}.
     *
     * @throws OperandMismatch if there are fewer than k, or k is negative
     */
    default ValuesAndIndices topK(int axis, int k) {
        return topK(axis, k, true);
    }

    /**
     * Returns the k largest elements along an axis in descending order, or the k smallest in ascending order, and their indices;
     * equal ones in the order of x. NaN is the largest. PyTorch's {@code topk}.
     *
     * @throws OperandMismatch if there are fewer than k, or k is negative
     */
    default ValuesAndIndices topK(int axis, int k, boolean largest) {
        int a = self().axes("topK", axis)[0];
        int d = self().shape().dim(a);
        if (k < 0 || k > d) {
            throw new OperandMismatch(
                    "topK", "there are " + d + " elements along axis " + axis + ", not " + k, self().label());
        }
        return ValuesAndIndices.of(new Sort("topK", a, largest, k), self());
    }

    /**
     * {@code values, indices}: the lower median along an axis, which is dropped, and its position along it; the gradient of the
     * value is scattered to this position.
     */
    record Median(int axis) implements Op.Multi {
        @Override
        public String name() {
            return "median";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Shape s = x[0].shape();
            int middle = (s.dim(axis) - 1) / 2;
            Tensor indices = x[0].argsort(axis, false).slice(axis, middle, middle + 1);
            if (x[0].hasNaN()) {
                Tensor first = x[0].argmax(axis).reshape(indices.shape());
                Tensor hasNaN = x[0].map(UnaryFunction.IS_NAN).maxKeepDims(axis);
                indices = first.where(hasNaN, indices);
            }
            Ints positions = FlatIndices.along("median", Node.constant(x[0]), axis, indices);
            saved.set(positions);
            Shape out = s.drop(axis);
            return new Tensor[] {x[0].takeBlocks(out, 1, positions), indices.reshape(out)};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            return new Node[] {Node.of(new Indexing.Put(c.x(0).shape(), 1, c.saved(Ints.class)), gy[0])};
        }

        @Override
        public boolean isDifferentiable(int output) {
            return output == 0;
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "values" : "indices";
        }
    }

    /**
     * Returns the median along an axis, which is dropped, and its index: of an even number of elements the lower of the two in the
     * middle, of equal ones one of them; the first NaN if there is one. The gradient goes to that element alone. PyTorch's {@code
     * median}. NumPy's is the mean of the two in the middle, {@link Reductions#quantile quantile(0.5, axis)}.
     *
     * @throws OperandMismatch if there is no element along the axis
     */
    default ValuesAndIndices median(int axis) {
        int a = self().axes("median", axis)[0];
        if (self().shape().dim(a) == 0) {
            throw new OperandMismatch("median", "there is no element along axis " + axis, self().label());
        }
        return ValuesAndIndices.of(new Median(a), self());
    }

    /** {@code y = index of the maximum, or minimum} along an axis, the first of equals; it has no gradient. */
    record Extreme(boolean largest, int axis) implements Op {
        @Override
        public String name() {
            return largest ? "argmax" : "argmin";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return largest ? x[0].argmax(axis) : x[0].argmin(axis);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {null};
        }
    }

    /**
     * Returns the indices of the maxima along an axis, which is dropped; NaN counts as the maximum. PyTorch's
     * {@code argmax}.
     */
    default Node argmax(int axis) {
        return Node.of(new Extreme(true, self().axes("argmax", axis)[0]), self());
    }

    /**
     * Returns the indices of the minima along an axis, which is dropped; NaN counts as the minimum. PyTorch's
     * {@code argmin}.
     */
    default Node argmin(int axis) {
        return Node.of(new Extreme(false, self().axes("argmin", axis)[0]), self());
    }

    /**
     * Returns the index of the maximum of all elements in row-major order, the first of equals; NaN counts as the maximum.
     * PyTorch's {@code argmax}.
     *
     * @throws OperandMismatch if there is no element
     */
    default Node argmax() {
        return allElements("argmax").argmax(0);
    }

    /**
     * Returns the index of the minimum of all elements in row-major order, the first of equals; NaN counts as the minimum.
     * PyTorch's {@code argmin}.
     *
     * @throws OperandMismatch if there is no element
     */
    default Node argmin() {
        return allElements("argmin").argmin(0);
    }

    private Node allElements(String op) {
        if (self().shape().size() == 0) {
            throw new OperandMismatch(op, "there is no element", self().label());
        }
        return self().flatten();
    }

    private Node self() {
        return (Node) this;
    }
}
