package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.graph.Node;

/** Checks of operands at the entry of a composed op, so that an error names this op and the shapes it was given. */
final class Operands {
    private Operands() {}

    /** Requires operands of one number type; nothing is converted silently. */
    static void requireSameType(String op, Node... x) {
        for (Node other : x) {
            if (other.dtype() != x[0].dtype()) {
                String why = "the first is " + x[0].dtype() + ", the second " + other.dtype()
                        + "; convert one, as with .to(" + x[0].dtype() + ")";
                throw new OperandMismatch(op, why, x[0].label(), other.label());
            }
        }
    }

    /** Returns the shape to which two operands broadcast. */
    static Shape broadcast(String op, Node a, Node b) {
        return broadcast(op, a, b, 0);
    }

    /** Returns the shape to which two operands broadcast; the last axes are not compared and are 1 in the result. */
    static Shape broadcast(String op, Node a, Node b, int last) {
        try {
            return Shape.broadcast(op, withOnes(a.shape(), last), withOnes(b.shape(), last));
        } catch (OperandMismatch e) {
            throw e.naming(a.label(), b.label());
        }
    }

    private static Shape withOnes(Shape s, int last) {
        Shape ones = s;
        for (int axis = 1; axis <= Math.min(last, s.rank()); axis++) {
            ones = ones.with(-axis, 1);
        }
        return ones;
    }
}
