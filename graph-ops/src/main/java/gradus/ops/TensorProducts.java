package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/** Products of vectors in three dimensions, and of tensors over several axes; {@link Einsum} has sums of products in general. */
public final class TensorProducts {
    private TensorProducts() {}

    /**
     * Returns the cross products of vectors of size 3 along an axis, broadcast: {@code y = (a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1
     * b0)}, {@code [.., 3, ..], [.., 3, ..] -> [.., 3, ..]}. PyTorch's {@code linalg.cross}.
     *
     * @throws OperandMismatch if the operands do not broadcast, or the size of one along the axis is not 3
     */
    public static Node cross(Node a, Node b, int axis) {
        Objects.requireNonNull(a, "cross: a is null");
        Objects.requireNonNull(b, "cross: b is null");
        Operands.requireSameType("cross", a, b);
        try {
            Shape s = Shape.broadcast("cross", a.shape(), b.shape());
            int at = s.axis("cross", axis) - s.rank(); // from the end, where shapes of different ranks are aligned
            if (size(a, at) != 3 || size(b, at) != 3) {
                String why = "the sizes along axis " + axis + " are " + size(a, at) + " and " + size(b, at) + ", not 3";
                throw new OperandMismatch("cross", why);
            }
            Node p = a.expandTo(s).moveAxis(at, 0);
            Node q = b.expandTo(s).moveAxis(at, 0);
            return Node.stack(0, component(p, q, 1, 2), component(p, q, 2, 0), component(p, q, 0, 1))
                    .moveAxis(0, at);
        } catch (OperandMismatch e) {
            throw e.naming(a.label(), b.label());
        }
    }

    private static Node component(Node a, Node b, int i, int j) {
        return a.select(0, i).mul(b.select(0, j)).sub(a.select(0, j).mul(b.select(0, i)));
    }

    /** Returns the size along an axis that is counted from the end, 1 where there is none, as in broadcasting. */
    private static int size(Node x, int axis) {
        return -axis > x.shape().rank() ? 1 : x.shape().dim(axis);
    }

    /**
     * Returns the sums of products over the last axes of a and as many first axes of b: {@code y[i.., j..] = sum over k.. of a[i..,
     * k..] b[k.., j..]}. Of 0 axes it is the outer product, of 1 for matrices the matrix product. PyTorch's and NumPy's {@code
     * tensordot}.
     *
     * @param axes the number of axes
     * @throws OperandMismatch if an operand has fewer axes, or their sizes differ
     */
    public static Node tensordot(Node a, Node b, int axes) {
        Objects.requireNonNull(a, "tensordot: a is null");
        Objects.requireNonNull(b, "tensordot: b is null");
        int rank = a.shape().rank();
        if (axes < 0 || axes > rank || axes > b.shape().rank()) {
            throw new OperandMismatch("tensordot", "there are not " + axes + " axes in both", a.label(), b.label());
        }
        return tensordot(
                a,
                b,
                IntStream.range(rank - axes, rank).toArray(),
                IntStream.range(0, axes).toArray());
    }

    /**
     * Returns the sums of products over pairs of axes, {@code axesOfA[i]} of a with {@code axesOfB[i]} of b. The result has the other
     * axes of a, then those of b. It is one matrix product. PyTorch's and NumPy's {@code tensordot}.
     *
     * @throws OperandMismatch if the numbers of axes differ, an axis is out of range or given twice, or the sizes of a pair differ
     */
    public static Node tensordot(Node a, Node b, int[] axesOfA, int[] axesOfB) {
        Objects.requireNonNull(a, "tensordot: a is null");
        Objects.requireNonNull(b, "tensordot: b is null");
        Objects.requireNonNull(axesOfA, "tensordot: axesOfA is null");
        Objects.requireNonNull(axesOfB, "tensordot: axesOfB is null");
        Operands.requireSameType("tensordot", a, b);
        if (axesOfA.length != axesOfB.length) {
            String why =
                    axesOfA.length + " axes of the first for " + axesOfB.length + " of the second; axes are paired";
            throw new OperandMismatch("tensordot", why, a.label(), b.label());
        }
        int[] left = axes(a, axesOfA);
        int[] right = axes(b, axesOfB);
        int[] sizes = IntStream.of(left).map(a.shape()::dim).toArray();
        if (!Arrays.equals(sizes, IntStream.of(right).map(b.shape()::dim).toArray())) {
            String why =
                    "the sizes along axes " + Arrays.toString(axesOfA) + " and " + Arrays.toString(axesOfB) + " differ";
            throw new OperandMismatch("tensordot", why, a.label(), b.label());
        }
        int[] keptA = others(a, left);
        int[] keptB = others(b, right);
        Shape rows = Shape.of(IntStream.of(keptA).map(a.shape()::dim).toArray());
        Shape columns = Shape.of(IntStream.of(keptB).map(b.shape()::dim).toArray());
        int inner = Shape.of(sizes).size();
        Node p = a.permute(concat(keptA, left)).reshape(Shape.of(rows.size(), inner));
        Node q = b.permute(concat(right, keptB)).reshape(Shape.of(inner, columns.size()));
        return p.matmul(q).reshape(Shape.of(concat(rows.dims(), columns.dims())));
    }

    /** Returns the axes counted from 0, in their order. */
    private static int[] axes(Node x, int... axes) {
        try {
            if (axes.length > 0) {
                x.shape().axes("tensordot", axes); // throws if one is out of range or given twice
            }
            return IntStream.of(axes).map(a -> x.shape().axis("tensordot", a)).toArray();
        } catch (OperandMismatch e) {
            throw e.naming(x.label());
        }
    }

    private static int[] others(Node x, int... axes) {
        return IntStream.range(0, x.shape().rank())
                .filter(i -> IntStream.of(axes).noneMatch(a -> a == i))
                .toArray();
    }

    private static int[] concat(int[] a, int[] b) {
        return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
    }
}
