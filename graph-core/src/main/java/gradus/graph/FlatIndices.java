package gradus.graph;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;

/** Where elements stand in a row-major array: what all ops that pick elements are reduced to. */
final class FlatIndices {
    private FlatIndices() {}

    /** Returns the elements that stand at an offset and at strides from it, as an array of the given shape. */
    static Node strided(String name, Node x, Shape out, int offset, int... strides) {
        int length = 1; // the axes at the end that are walked element by element make one block
        int rank = out.rank();
        while (rank > 0 && (out.dim(rank - 1) == 1 || strides[rank - 1] == length)) {
            length *= out.dim(--rank);
        }
        Shape blocks = Shape.of(Arrays.copyOf(out.dims(), rank));
        return Node.of(new Indexing.Take(name, out, length, Ints.of(at(blocks, offset, strides))), x);
    }

    private static int[] at(Shape out, int offset, int... strides) {
        int[] positions = new int[out.size()];
        int[] index = new int[out.rank()];
        int at = offset;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = at;
            for (int a = index.length - 1; a >= 0; a--) { // counts on, carrying over
                at += strides[a];
                if (++index[a] < out.dim(a)) {
                    break;
                }
                at -= strides[a] * index[a];
                index[a] = 0;
            }
        }
        return positions;
    }

    /**
     * Returns the positions in x that an index gives along an axis, all other coordinates being the index's own.
     *
     * @throws OperandMismatch if it has another rank, is larger along another axis, or an element is out of range
     */
    static Ints along(String op, Node x, int axis, Tensor index) {
        int a = x.axes(op, axis)[0];
        Shape s = x.shape();
        boolean fits = index.shape().rank() == s.rank();
        for (int i = 0; fits && i < s.rank(); i++) {
            fits = i == a || index.shape().dim(i) <= s.dim(i);
        }
        if (!fits) {
            throw new OperandMismatch(
                    op,
                    "the index needs as many axes, and no size above x's but along axis " + axis,
                    x.label(),
                    index.shape());
        }
        int[] strides = s.strides();
        int step = strides[a];
        strides[a] = 0;
        int[] positions = at(index.shape(), 0, strides);
        int[] chosen = wholeNumbers(op, x, index);
        for (int i = 0; i < positions.length; i++) {
            positions[i] += step * inRange(op, x, axis, chosen[i], s.dim(a));
        }
        return Ints.of(positions);
    }

    private static int[] wholeNumbers(String op, Node x, Tensor index) {
        try {
            return index.toIntArray();
        } catch (OperandMismatch e) {
            throw new OperandMismatch(op, "the index must hold whole numbers; " + e.getMessage(), x.label());
        }
    }

    /** Returns an index counted from 0. */
    static int inRange(String op, Node x, int axis, int index, int size) {
        if (index < -size || index >= size) {
            String why = "index " + index + " is out of range along axis " + axis + " of size " + size;
            throw new OperandMismatch(op, why, x.label());
        }
        return index < 0 ? index + size : index;
    }
}
