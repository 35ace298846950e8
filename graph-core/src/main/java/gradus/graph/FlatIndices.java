package gradus.graph;

import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;

/** Positions of elements in a row-major array, to which all ops that select elements are reduced. */
final class FlatIndices {
    private FlatIndices() {}

    /** Returns the elements at an offset and at multiples of the strides from it, as a node of the given shape. */
    static Node strided(String name, Node x, Shape out, int offset, int... strides) {
        int length = 1; // trailing axes that are contiguous make one block
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
            for (int a = index.length - 1; a >= 0; a--) { // the next index in row-major order
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
     * Returns the positions in x that indices give along an axis; the other coordinates are those of the index.
     *
     * @throws OperandMismatch if the indices have another rank or are larger along another axis, or one is out of range
     */
    static Ints along(String op, Node x, int axis, Tensor indices) {
        int a = x.axes(op, axis)[0];
        Shape s = x.shape();
        boolean fits = indices.shape().rank() == s.rank();
        for (int i = 0; fits && i < s.rank(); i++) {
            fits = i == a || indices.shape().dim(i) <= s.dim(i);
        }
        if (!fits) {
            throw new OperandMismatch(
                    op,
                    "the indices must have as many axes, and no larger size except along axis " + axis,
                    x.label(),
                    indices.shape());
        }
        int[] strides = s.strides();
        int step = strides[a];
        strides[a] = 0;
        int[] positions = at(indices.shape(), 0, strides);
        int[] chosen = wholeNumbers(op, x, indices);
        for (int i = 0; i < positions.length; i++) {
            positions[i] += step * inRange(op, x, axis, chosen[i], s.dim(a));
        }
        return Ints.of(positions);
    }

    private static int[] wholeNumbers(String op, Node x, Tensor indices) {
        try {
            return indices.toIntArray();
        } catch (OperandMismatch e) {
            throw new OperandMismatch(op, "indices must be whole numbers; " + e.getMessage(), x.label());
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
