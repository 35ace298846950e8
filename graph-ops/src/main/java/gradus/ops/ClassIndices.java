package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;

/** Checks of indices of classes: whole numbers from 0 up that do not count from the end. */
final class ClassIndices {
    private ClassIndices() {}

    /**
     * Returns the elements of a tensor as indices.
     *
     * @param what how an error calls one of them, {@code class} or {@code index}
     * @param x what they are indices into, for the error
     * @throws OperandMismatch if one is no whole number from 0 to {@code classes - 1}
     */
    static int[] of(String op, String what, Node x, int classes, Tensor indices) {
        int[] whole = whole(op, x, indices);
        for (int i = 0; i < whole.length; i++) {
            if (!isInRange(whole[i], classes)) {
                throw outOfRange(op, what, classes, whole[i], indices.shape(), i, x.label());
            }
        }
        return whole;
    }

    /**
     * Returns the elements of a tensor as ints, in any range.
     *
     * @throws OperandMismatch if one is no whole number
     */
    static int[] whole(String op, Node x, Tensor indices) {
        try {
            return indices.toIntArray();
        } catch (OperandMismatch e) {
            throw new OperandMismatch(op, "indices must be whole numbers; " + e.getMessage(), x.label());
        }
    }

    static boolean isInRange(int index, int classes) {
        return index >= 0 && index < classes;
    }

    /**
     * Returns the error of an index that is out of range, the i-th of an array of this shape.
     *
     * @param operand how it shows what it is an index into
     */
    static OperandMismatch outOfRange(
            String op, String what, int classes, int index, Shape shape, int i, Object operand) {
        String legal = classes == 0 ? "there are none" : "they run from 0 to " + (classes - 1);
        return new OperandMismatch(op, what + " " + index + position(shape, i) + " is out of range: " + legal, operand);
    }

    /** Returns {@code  at [1, 2]} for the i-th element of an array; nothing for a scalar. */
    static String position(Shape shape, int i) {
        int[] at = new int[shape.rank()];
        int rest = i;
        for (int a = at.length - 1; a >= 0; a--) {
            at[a] = rest % shape.dim(a);
            rest /= shape.dim(a);
        }
        return at.length == 0 ? "" : " at " + Arrays.toString(at);
    }
}
