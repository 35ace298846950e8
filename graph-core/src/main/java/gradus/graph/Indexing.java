package gradus.graph;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;

/**
 * Selection of elements by index, and writing to them; {@link Sorting} finds indices. Indices are ints or a tensor of whole
 * numbers, of either number type; they have
 * no gradient, and negative ones count from the end.
 */
public sealed interface Indexing permits Node {
    /** {@code y = blocks of x at positions}, see {@link Tensor#takeBlocks}; the gradient is scattered by {@link Put}. */
    record Take(String name, Shape out, int length, Ints starts) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return x[0].takeBlocks(out, length, starts);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Put(c.x(0).shape(), length, starts), gy)};
        }
    }

    /** {@code y = zeros with blocks of x added at positions}, see {@link Tensor#addBlocks}; the transpose of {@link Take}. */
    record Put(Shape out, int length, Ints starts) implements Op {
        @Override
        public String name() {
            return "put";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].addBlocks(out, length, starts);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Take("take", c.x(0).shape(), length, starts), gy)};
        }
    }

    /**
     * Returns the elements of x at the indices along an axis, in the shape of the indices:
     * {@code y[i, j] = x[i, indices[i, j]]} for axis 1. PyTorch's {@code gather}, NumPy's take_along_axis.
     *
     * @throws OperandMismatch if the indices have another rank or are larger along another axis, or one is out of range
     */
    default Node gather(int axis, Tensor indices) {
        Objects.requireNonNull(indices, "gather: indices is null");
        return Node.of(
                new Take("gather", indices.shape(), 1, FlatIndices.along("gather", self(), axis, indices)), self());
    }

    /** Returns {@link #gather(int, Tensor)} by the values of a node, such as that of {@link Sorting#argmax(int)}; it gets no gradient. */
    default Node gather(int axis, Node indices) {
        Objects.requireNonNull(indices, "gather: indices is null");
        return gather(axis, indices.value());
    }

    /**
     * Returns one element along an axis for each position of the other axes, at the indices in row-major order; the axis is
     * dropped: {@code [n, c] -> [n]}, {@code y[i] = x[i, indices[i]]} for axis 1.
     *
     * @throws OperandMismatch if there are more or fewer indices than positions, or one is out of range
     */
    default Node gather(int axis, int... indices) {
        int a = self().axes("gather", axis)[0];
        Shape s = self().shape();
        Shape out = s.drop(a);
        if (indices.length != out.size()) {
            String why = indices.length + " indices along axis " + axis + " do not fit the other axes, " + out;
            throw new OperandMismatch("gather", why, self().label());
        }
        int d = s.dim(a);
        int step = s.strides()[a];
        int[] starts = new int[indices.length];
        for (int i = 0, block = 0; i < starts.length; block += d * step) {
            for (int inner = 0; inner < step; inner++, i++) {
                starts[i] = block + FlatIndices.inRange("gather", self(), axis, indices[i], d) * step + inner;
            }
        }
        return Node.of(new Take("gather", out, 1, Ints.of(starts)), self());
    }

    /**
     * Returns x with the elements of the source added at the indices along an axis:
     * {@code y = x; y[i, indices[i, j]] += source[i, j]} for axis 1. PyTorch's {@code scatter_add}.
     *
     * @throws OperandMismatch if the source has another shape than the indices, or they do not fit x
     */
    default Node scatterAdd(int axis, Tensor indices, Node source) {
        Objects.requireNonNull(indices, "scatterAdd: indices is null");
        Objects.requireNonNull(source, "scatterAdd: source is null");
        requireSource("scatterAdd", indices, source);
        Ints positions = FlatIndices.along("scatterAdd", self(), axis, indices);
        return self().add(Node.of(new Put(self().shape(), 1, positions), source));
    }

    /**
     * Returns x with the elements at the indices along an axis replaced by those of the source:
     * {@code y = x; y[i, indices[i, j]] = source[i, j]} for axis 1. Of several elements for one position the last in
     * row-major order is written, and it alone gets the gradient. PyTorch's {@code scatter}.
     *
     * @throws OperandMismatch if the source has another shape than the indices or another number type than x, or the indices do
     *     not fit x
     */
    default Node scatter(int axis, Tensor indices, Node source) {
        Objects.requireNonNull(indices, "scatter: indices is null");
        Objects.requireNonNull(source, "scatter: source is null");
        requireSource("scatter", indices, source);
        Shape s = self().shape();
        Ints positions = FlatIndices.along("scatter", self(), axis, indices);
        int[] from = Ints.range(s.size()).toArray();
        for (int i = 0; i < positions.size(); i++) {
            from[positions.get(i)] = s.size() + i;
        }
        Node both = Node.concat(0, self().flatten(), source.flatten());
        return Node.of(new Take("scatter", s, 1, Ints.of(from)), both);
    }

    /**
     * Returns {@link #scatterReduce(int, Tensor, Node, ScatterMode, boolean)} that includes the elements of x. PyTorch's
     * {@code scatter_reduce}.
     */
    default Node scatterReduce(int axis, Tensor indices, Node source, ScatterMode mode) {
        return scatterReduce(axis, indices, source, mode, true);
    }

    /**
     * Returns x with the elements of the source combined with those at the indices along an axis,
     * {@code y = x; y[i, indices[i, j]] = y[i, indices[i, j]] op source[i, j]} for axis 1: by sum, mean, product, maximum
     * or minimum. A position without an index keeps its element of x. The gradient of a maximum or minimum is split
     * evenly among equal ones. PyTorch's {@code scatter_reduce}.
     *
     * @param includeSelf whether the element of x itself is combined with those of the source for its position, or replaced
     * @throws OperandMismatch if the source has another shape than the indices or another number type than x, or the indices do
     *     not fit x
     */
    default Node scatterReduce(int axis, Tensor indices, Node source, ScatterMode mode, boolean includeSelf) {
        Objects.requireNonNull(indices, "scatterReduce: indices is null");
        Objects.requireNonNull(source, "scatterReduce: source is null");
        Objects.requireNonNull(mode, "scatterReduce: mode is null");
        requireSource("scatterReduce", indices, source);
        Shape s = self().shape();
        Ints positions = FlatIndices.along("scatterReduce", self(), axis, indices);
        if (mode == ScatterMode.SUM || mode == ScatterMode.MEAN) {
            Node ones = Node.constant(Tensor.ones(source.shape()).to(source.dtype()));
            Node counts = Node.of(new Put(s, 1, positions), ones);
            Node written = counts.gt(0);
            Node sums = Node.of(new Put(s, 1, positions), source);
            Node y = includeSelf ? self().add(sums) : sums;
            Node divisors = includeSelf ? counts.add(1) : counts.maximum(1);
            return (mode == ScatterMode.SUM ? y : y.div(divisors)).where(written, self());
        }
        ScatterGroups groups = ScatterGroups.of(s.size(), positions, includeSelf);
        Node both = Node.concat(0, self().flatten(), source.flatten());
        Node y =
                switch (mode) {
                    case MAX -> Node.of(new ScatterExtreme(true, groups), both);
                    case MIN -> Node.of(new ScatterExtreme(false, groups), both);
                    default -> groups.combined(both, Node::mul);
                };
        return y.reshape(s);
    }

    /** {@code y = the maximum or minimum of each group of elements}; the gradient is split evenly among equal ones. */
    record ScatterExtreme(boolean largest, ScatterGroups groups) implements Op {
        @Override
        public String name() {
            return "scatterReduce";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return groups.combined(Node.constant(x[0]), largest ? Node::maximum : Node::minimum)
                    .value();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Ints sources = groups.sources();
            Ints targets = groups.targets();
            Shape each = Shape.of(sources.size());
            Node hit = Node.of(new Take("take", each, 1, sources), c.x(0))
                    .eq(Node.of(new Take("take", each, 1, targets), c.y()));
            Node share = gy.div(Node.of(new Put(gy.shape(), 1, targets), hit));
            Node gx = hit.mul(Node.of(new Take("take", each, 1, targets), share));
            return new Node[] {Node.of(new Put(c.x(0).shape(), 1, sources), gx)};
        }
    }

    private void requireSource(String op, Tensor indices, Node source) {
        if (!indices.shape().equals(source.shape())) {
            String why = "the source must have the shape of the indices " + indices.shape();
            throw new OperandMismatch(op, why, self().label(), source.label());
        }
        if (source.dtype() != self().dtype()) {
            String why = "x is " + self().dtype() + ", the source " + source.dtype() + "; convert one, as with .to("
                    + self().dtype() + ")";
            throw new OperandMismatch(op, why, self().label(), source.label());
        }
    }

    /**
     * Returns the slices at these indices along an axis, in their order; they may repeat. PyTorch's {@code index_select}.
     *
     * @throws OperandMismatch if one is out of range
     */
    default Node indexSelect(int axis, int... indices) {
        int a = self().axes("indexSelect", axis)[0];
        Shape s = self().shape();
        Shape out = s.with(a, indices.length); // throws if it is too large
        int length = s.strides()[a];
        int d = s.dim(a);
        int outer = s.size() == 0 ? 0 : s.size() / (d * length);
        int[] starts = new int[outer * indices.length];
        for (int j = 0; j < indices.length; j++) {
            int at = FlatIndices.inRange("indexSelect", self(), axis, indices[j], d);
            for (int i = 0; i < outer; i++) {
                starts[i * indices.length + j] = (i * d + at) * length;
            }
        }
        return Node.of(new Take("indexSelect", out, length, Ints.of(starts)), self());
    }

    private Node self() {
        return (Node) this;
    }
}
