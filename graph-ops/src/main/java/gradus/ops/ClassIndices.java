package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Arrays;

/** Checks of indices of classes: whole numbers from 0 up that do not count from the end. */
final class ClassIndices {
    private ClassIndices() {}

    /**
     * Returns the elements of a tensor as indices.
     *
     * @param what how an error calls one of them, {@code class} or {@code index}
     * @param operand how an error shows what they are indices into
     * @throws OperandMismatch if one is no whole number from 0 to {@code classes - 1}
     */
    static int[] of(String op, String what, Object operand, int classes, Tensor indices) {
        int[] whole;
        try {
            whole = indices.toIntArray();
        } catch (OperandMismatch e) {
            throw new OperandMismatch(op, "indices must be whole numbers; " + e.getMessage(), operand);
        }
        for (int i = 0; i < whole.length; i++) {
            requireInRange(op, what, operand, classes, indices.shape(), i, whole[i]);
        }
        return whole;
    }

    /** Requires that an index, the i-th of an array of this shape, is from 0 to {@code classes - 1}. */
    static void requireInRange(String op, String what, Object operand, int classes, Shape shape, int i, int index) {
        if (index < 0 || index >= classes) {
            String legal = classes == 0 ? "there are none" : "they run from 0 to " + (classes - 1);
            throw new OperandMismatch(
                    op, what + " " + index + position(shape, i) + " is out of range: " + legal, operand);
        }
    }

    /** Returns {@code  at [1, 2]} for the i-th element of an array; nothing for a scalar. */
    private static String position(Shape shape, int i) {
        int[] at = new int[shape.rank()];
        int rest = i;
        for (int a = at.length - 1; a >= 0; a--) {
            at[a] = rest % shape.dim(a);
            rest /= shape.dim(a);
        }
        return at.length == 0 ? "" : " at " + Arrays.toString(at);
    }
}
