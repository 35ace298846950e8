package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;

/** Ops that read and write elements by their position. */
public final class Indexing {
    private Indexing() {}

    /**
     * Returns the element of each row that stands at its column: {@code [n, c] -> [n]}.
     *
     * @param columns for each row a column, 0 to c - 1
     * @throws OperandMismatch if there are not n columns, or one is out of range
     */
    public static Node pick(Node x, int... columns) {
        Shape s = x.shape();
        if (s.rank() != 2 || s.dim(0) != columns.length) {
            throw new OperandMismatch("pick", columns.length + " columns need a matrix of as many rows", x.label());
        }
        return x.flatten().indexSelect(0, positions("pick", s.dim(1), columns));
    }

    /**
     * Returns rows that are 1 at one place and 0 elsewhere: n classes -> {@code [n, classes]}, a FLOAT64 constant.
     *
     * @throws OperandMismatch if a class is not from 0 to {@code classes - 1}
     */
    public static Node oneHot(int classes, int... index) {
        int[] at = positions("oneHot", classes, index);
        return Node.constant(Tensor.ones(at.length).addBlocks(Shape.of(at.length, classes), 1, at));
    }

    /** Returns where in a matrix of c columns the column of each row stands. */
    private static int[] positions(String op, int c, int... columns) {
        int[] at = new int[columns.length];
        for (int i = 0; i < at.length; i++) {
            if (columns[i] < 0 || columns[i] >= c) {
                String why = "column " + columns[i] + " of row " + i + " is out of range 0 to " + (c - 1);
                throw new OperandMismatch(op, why, Shape.of(at.length, c));
            }
            at[i] = i * c + columns[i];
        }
        return at;
    }
}
