package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Slices, padding, concatenation, and rearrangement of elements along axes. */
public sealed interface Slicing permits Node {
    /** {@code y = x[from:to]} along an axis; the gradient is padded with zeros. */
    record Slice(int axis, int from, int to) implements Op {
        @Override
        public String name() {
            return "slice";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].slice(axis, from, to);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            int d = c.x(0).shape().dim(axis);
            return new Node[] {gy.pad(axis, from, d - to)};
        }
    }

    /**
     * Returns the part from {@code from} (included) to {@code to} (excluded) along an axis; negative bounds count from
     * the end. PyTorch's {@code narrow}.
     */
    default Node slice(int axis, int from, int to) {
        int a = self().axes("slice", axis)[0];
        int d = self().shape().dim(a);
        int first = from < 0 ? from + d : from;
        int end = to < 0 ? to + d : to;
        requireRange(axis, from, to, first, end, d);
        return Node.of(new Slice(a, first, end), self());
    }

    /** {@code y = x} padded with zeros along an axis; the gradient is sliced. */
    record Pad(int axis, int before, int after) implements Op {
        @Override
        public String name() {
            return "pad";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].pad(axis, before, after);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {gy.slice(axis, before, before + c.x(0).shape().dim(axis))};
        }
    }

    /** Returns the tensor with zeros added before and after it along an axis. PyTorch's {@code nn.functional.pad}. */
    default Node pad(int axis, int before, int after) {
        return Node.of(new Pad(self().axes("pad", axis)[0], before, after), self());
    }

    /** {@code y = x0, x1, ..} concatenated along an axis; each gets its slice of the gradient. */
    record Concat(int axis) implements Op {
        @Override
        public String name() {
            return "concat";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return Tensor.concat(axis, x);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node[] gx = new Node[c.inputs()];
            int at = 0;
            for (int i = 0; i < gx.length; i++) {
                int d = c.x(i).shape().dim(axis);
                gx[i] = c.needs(i) ? gy.slice(axis, at, at + d) : null;
                at += d;
            }
            return gx;
        }
    }

    /** Returns the nodes concatenated along an axis; their sizes agree along all others. PyTorch's {@code cat}. */
    static Node concat(int axis, Node... parts) {
        requireParts("concat", parts);
        int a = parts.length == 0 ? axis : parts[0].axes("concat", axis)[0];
        return Node.of(new Concat(a), parts);
    }

    /**
     * Returns every step-th element from {@code from} (included) to {@code to} (excluded) along an axis; negative bounds
     * count from the end. A negative step goes backward, from the larger bound to the smaller one; as -1 is the last element, it is
     * {@code to = -d - 1} that includes the first element of d, as in NumPy: {@code slice(0, -1, -d - 1, -1)} reverses the axis.
     *
     * @throws IllegalArgumentException if the step is 0
     */
    default Node slice(int axis, int from, int to, int step) {
        if (step == 0) {
            throw new IllegalArgumentException("slice: the step is 0");
        }
        if (step == 1) {
            return slice(axis, from, to);
        }
        if (step < 0) {
            return sliceBackward(axis, from, to, step);
        }
        Shape s = self().shape();
        int a = self().axes("slice", axis)[0];
        int d = s.dim(a);
        int first = from < 0 ? from + d : from;
        int end = to < 0 ? to + d : to;
        requireRange(axis, from, to, first, end, d);
        int[] strides = s.strides();
        int offset = first == end ? 0 : first * strides[a];
        strides[a] *= first == end ? 0 : Math.min(step, d);
        Shape every = s.with(a, first == end ? 0 : (end - first - 1) / step + 1);
        return FlatIndices.strided("slice", self(), every, offset, strides);
    }

    private Node sliceBackward(int axis, int from, int to, int step) {
        Shape s = self().shape();
        int a = self().axes("slice", axis)[0];
        int d = s.dim(a);
        int first = from < 0 ? from + d : from;
        int end = to < 0 ? to + d : to;
        if (end < -1 || first >= d || first < end) {
            String why = "from " + from + " to " + to + " by " + step + " is out of range along axis " + axis
                    + " of size " + d;
            throw new OperandMismatch("slice", why, self().label());
        }
        int by = -Math.max(step, -d);
        int count = first == end ? 0 : (first - end - 1) / by + 1;
        int[] strides = s.strides();
        int offset = count == 0 ? 0 : first * strides[a];
        strides[a] *= count == 0 ? 0 : -by;
        return FlatIndices.strided("slice", self(), s.with(a, count), offset, strides);
    }

    /**
     * Returns the slice at an index along an axis, which is dropped; a negative index counts from the end. PyTorch's
     * {@code select}.
     */
    default Node select(int axis, int index) {
        int a = self().axes("select", axis)[0];
        int at = FlatIndices.inRange(
                "select", self(), axis, index, self().shape().dim(a));
        return slice(a, at, at + 1).squeeze(a);
    }

    /** Returns the nodes, of one shape, stacked along a new axis of the result. PyTorch's {@code stack}. */
    static Node stack(int axis, Node... parts) {
        requireParts("stack", parts);
        if (parts.length == 0 || Arrays.stream(parts).anyMatch(p -> !p.shape().equals(parts[0].shape()))) {
            Object[] labels = Arrays.stream(parts).map(Node::label).toArray();
            throw new OperandMismatch("stack", parts.length == 0 ? "no nodes were given" : "the shapes differ", labels);
        }
        return concat(axis, Arrays.stream(parts).map(p -> p.unsqueeze(axis)).toArray(Node[]::new));
    }

    /**
     * Returns the slices at each index along an axis, which is dropped: the inverse of {@link #stack}. PyTorch's
     * {@code unbind}.
     */
    default List<Node> unbind(int axis) {
        int a = self().axes("unbind", axis)[0];
        int[] ones = new int[self().shape().dim(a)];
        Arrays.fill(ones, 1);
        return split(a, ones).stream().map(x -> x.squeeze(a)).toList();
    }

    /**
     * Returns consecutive slices of the given sizes along an axis. PyTorch's {@code split}.
     *
     * @throws OperandMismatch if the sizes are negative or do not add up to the axis
     */
    default List<Node> split(int axis, int... sizes) {
        int a = self().axes("split", axis)[0];
        int d = self().shape().dim(a);
        if (Arrays.stream(sizes).anyMatch(n -> n < 0)
                || Arrays.stream(sizes).asLongStream().sum() != d) {
            String why = Arrays.toString(sizes) + " do not add up to axis " + axis + " of size " + d;
            throw new OperandMismatch("split", why, self().label());
        }
        List<Node> parts = new ArrayList<>();
        splitByHalves(self(), a, sizes, parts);
        return List.copyOf(parts);
    }

    /**
     * Splits a node recursively by halves. The gradient of a slice has the size of the sliced node, so n slices of one node
     * would cost n times its size, and by halves they cost log2 n times.
     */
    private static void splitByHalves(Node x, int axis, int[] sizes, List<Node> parts) {
        int at = 0;
        if (sizes.length <= 4) {
            for (int n : sizes) {
                parts.add(x.slice(axis, at, at + n));
                at += n;
            }
            return;
        }
        int middle = sizes.length / 2;
        int[] left = Arrays.copyOf(sizes, middle);
        at = Arrays.stream(left).sum();
        splitByHalves(x.slice(axis, 0, at), axis, left, parts);
        splitByHalves(
                x.slice(axis, at, x.shape().dim(axis)), axis, Arrays.copyOfRange(sizes, middle, sizes.length), parts);
    }

    /**
     * Returns at most n consecutive slices of one size along an axis, the last one possibly smaller; n empty ones of an
     * empty axis. As PyTorch's {@code chunk}.
     *
     * @throws IllegalArgumentException if n is less than 1, or more than 2^20 for an empty axis
     */
    default List<Node> chunk(int axis, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("chunk: number of chunks " + n + " is less than 1");
        }
        int d = self().shape().dim(self().axes("chunk", axis)[0]);
        if (d == 0 && n > 1 << 20) {
            throw new OperandMismatch(
                    "chunk", n + " empty slices of axis " + axis + " are more than 2^20", self().label());
        }
        int size = d == 0 ? 0 : (d - 1) / n + 1;
        List<Integer> sizes = new ArrayList<>(Collections.nCopies(d == 0 ? n : d / size, size));
        if (d > 0 && d % size != 0) {
            sizes.add(d % size);
        }
        return split(axis, sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Returns the tensor with the order of its elements reversed along the axes, or along all if none is given. PyTorch's
     * {@code flip}.
     */
    default Node flip(int... axes) {
        Shape s = self().shape();
        int[] strides = s.strides();
        int offset = 0;
        for (int a : self().axes("flip", axes)) {
            offset += Math.max(0, s.dim(a) - 1) * strides[a];
            strides[a] = -strides[a];
        }
        return FlatIndices.strided("flip", self(), s, offset, strides);
    }

    /**
     * Returns the tensor with its elements shifted along an axis; those shifted beyond the end re-enter at the start.
     * PyTorch's {@code roll}.
     */
    default Node roll(int axis, int shift) {
        int a = self().axes("roll", axis)[0];
        int d = self().shape().dim(a);
        int by = d == 0 ? 0 : Math.floorMod(shift, d);
        return by == 0 ? self() : concat(a, slice(a, d - by, d), slice(a, 0, d - by));
    }

    /**
     * Returns the tensor repeated the given number of times along each axis; further leading numbers make new axes.
     * PyTorch's {@code repeat}.
     *
     * @throws OperandMismatch if there are fewer numbers than axes, or one is negative
     */
    default Node repeat(int... times) {
        Shape s = self().shape();
        int extra = times.length - s.rank();
        if (extra < 0 || Arrays.stream(times).anyMatch(n -> n < 0)) {
            String why = Arrays.toString(times) + " must hold a count of 0 or more for each axis";
            throw new OperandMismatch("repeat", why, self().label());
        }
        int[] apart = new int[2 * times.length];
        int[] wide = new int[2 * times.length];
        int[] full = new int[times.length];
        for (int i = 0; i < times.length; i++) {
            int d = i < extra ? 1 : s.dim(i - extra);
            if ((long) times[i] * d > Integer.MAX_VALUE) {
                throw new OperandMismatch(
                        "repeat", times[i] + " times an axis of " + d + " is too long", self().label());
            }
            apart[2 * i] = 1;
            wide[2 * i] = times[i];
            apart[2 * i + 1] = d;
            wide[2 * i + 1] = d;
            full[i] = times[i] * d;
        }
        return self().reshape(Shape.of(apart)).expandTo(Shape.of(wide)).reshape(Shape.of(full));
    }

    /** Returns {@link #repeat}, where missing leading numbers are 1. NumPy's tile. PyTorch's {@code tile}. */
    default Node tile(int... times) {
        int[] full = new int[Math.max(times.length, self().shape().rank())];
        Arrays.fill(full, 1);
        System.arraycopy(times, 0, full, full.length - times.length, times.length);
        return repeat(full);
    }

    /**
     * Returns the tensor with each slice along an axis repeated: {@code times} holds one number for all slices or one for
     * each. PyTorch's {@code repeat_interleave}, NumPy's repeat.
     *
     * @throws OperandMismatch if there are neither one number nor as many as slices, or one is negative
     */
    default Node repeatInterleave(int axis, int... times) {
        Shape s = self().shape();
        int a = self().axes("repeatInterleave", axis)[0];
        int d = s.dim(a);
        if ((times.length != 1 && times.length != d) || Arrays.stream(times).anyMatch(n -> n < 0)) {
            String why = Arrays.toString(times) + " must hold one count of 0 or more, or one for each of the " + d
                    + " slices along axis " + axis;
            throw new OperandMismatch("repeatInterleave", why, self().label());
        }
        long total = times.length == 1
                ? (long) d * times[0]
                : Arrays.stream(times).asLongStream().sum();
        if (total > Integer.MAX_VALUE) {
            throw new OperandMismatch("repeatInterleave", total + " slices are too many", self().label());
        }
        if (times.length != 1) {
            return self().indexSelect(
                            a,
                            IntStream.range(0, d)
                                    .flatMap(i -> IntStream.generate(() -> i).limit(times[i]))
                                    .toArray());
        }
        Node apart = self().unsqueeze(a + 1);
        return apart.expandTo(apart.shape().with(a + 1, times[0])).reshape(s.with(a, (int) total));
    }

    /**
     * Returns the main diagonal of the first two axes, which are dropped, as the last axis: {@code [n, n] -> [n]}.
     * PyTorch's {@code diagonal}.
     */
    default Node diagonal() {
        return diagonal(0, 0, 1);
    }

    /**
     * Returns a diagonal of two axes, which are dropped, as the last axis; offset 1 is the diagonal above the main one. As
     * diagonal of NumPy and PyTorch.
     *
     * @throws OperandMismatch if the axes are the same
     */
    default Node diagonal(int offset, int axis1, int axis2) {
        Shape s = self().shape();
        self().axes("diagonal", axis1, axis2);
        int a = s.axis("diagonal", axis1);
        int b = s.axis("diagonal", axis2);
        int[] strides = s.strides();
        long down = Math.max(0, -(long) offset);
        long right = Math.max(0, (long) offset);
        int n = (int) Math.max(0, Math.min(s.dim(a) - down, s.dim(b) - right));
        int first = n == 0 ? 0 : (int) (down * strides[a] + right * strides[b]);
        int[] left = s.drop(a, b).dims();
        int[] dims = Arrays.copyOf(left, left.length + 1);
        int[] moved = new int[dims.length];
        int k = 0;
        for (int i = 0; i < s.rank(); i++) {
            if (i != a && i != b) {
                moved[k++] = strides[i];
            }
        }
        dims[k] = n;
        moved[k] = strides[a] + strides[b];
        return FlatIndices.strided("diagonal", self(), Shape.of(dims), first, moved);
    }

    /**
     * Returns matrices whose main diagonals are the last axis, and that are 0 elsewhere: {@code [.., n] -> [.., n, n]}.
     * PyTorch's {@code diag_embed}.
     */
    default Node embedDiagonal() {
        return embedDiagonal(0, -2, -1);
    }

    /**
     * Returns a tensor that has the last axis as a diagonal of two axes of the result, and is 0 elsewhere:
     * {@code [.., n] -> [.., m, m]}, {@code m = n + |offset|}. The inverse of {@link #diagonal(int, int, int)} with the
     * same arguments. PyTorch's {@code diag_embed}.
     *
     * @throws OperandMismatch if x is a scalar, or the axes are the same
     */
    default Node embedDiagonal(int offset, int axis1, int axis2) {
        Shape s = self().shape();
        int rank = s.rank() + 1;
        if (rank == 1) {
            throw new OperandMismatch("embedDiagonal", "a scalar has no axis to make a diagonal of", self().label());
        }
        int a = embeddedAxis(axis1, rank);
        int b = embeddedAxis(axis2, rank);
        if (a == b) {
            String why = "axes " + axis1 + " and " + axis2 + " of the result are the same";
            throw new OperandMismatch("embedDiagonal", why, self().label());
        }
        int n = s.dim(-1);
        long wide = n + Math.abs((long) offset);
        if (wide * wide > Integer.MAX_VALUE) {
            throw new OperandMismatch("embedDiagonal", "offset " + offset + " is too large", self().label());
        }
        int m = (int) wide;
        int before =
                offset > 0 ? offset : -offset * m; // of the first element in a flat matrix; the next are m + 1 apart
        Shape flat = s.with(-1, n * (m + 1));
        Node rows = self().unsqueeze(-1).pad(-1, 0, m).reshape(flat);
        int size = Math.max(m * m, before + flat.dim(-1));
        Node padded = rows.pad(-1, before, size - before - flat.dim(-1)).slice(-1, 0, m * m);
        int[] dims = Arrays.copyOf(s.dims(), rank);
        dims[rank - 2] = m;
        dims[rank - 1] = m;
        int[] order = new int[rank];
        order[a] = rank - 2;
        order[b] = rank - 1;
        for (int i = 0, k = 0; i < rank; i++) {
            if (i != a && i != b) {
                order[i] = k++;
            }
        }
        return padded.reshape(Shape.of(dims)).permute(order);
    }

    private int embeddedAxis(int axis, int rank) {
        if (axis < -rank || axis >= rank) {
            String why =
                    "axis " + axis + " is out of range: those of the result run from " + -rank + " to " + (rank - 1);
            throw new OperandMismatch("embedDiagonal", why, self().label());
        }
        return Math.floorMod(axis, rank);
    }

    private static void requireParts(String op, Node... parts) {
        Objects.requireNonNull(parts, () -> op + ": parts is null");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == null) {
                throw new NullPointerException(op + ": part " + i + " of " + parts.length + " is null");
            }
        }
    }

    private void requireRange(int axis, int from, int to, int first, int end, int d) {
        if (first < 0 || end > d || first > end) {
            String why = "from " + from + " to " + to + " is out of range along axis " + axis + " of size " + d;
            throw new OperandMismatch("slice", why, self().label());
        }
    }

    private Node self() {
        return (Node) this;
    }
}
