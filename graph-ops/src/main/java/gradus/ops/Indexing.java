package gradus.ops;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;

/** Ops that read and write elements by their position. */
public final class Indexing {
    private Indexing() {}

    /** {@code y[i] = x[i, columns[i]]}; the gradient goes back to the places it was picked from. */
    record Pick(int... columns) implements Op {
        @Override
        public String name() {
            return "pick";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return x[0].pick(columns);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {Node.of(new Place(c.x(0).shape().dim(1), columns), gy)};
        }
    }

    /** {@code y[i, columns[i]] = x[i]}, zero elsewhere: the opposite of Pick, and its gradient. */
    record Place(int width, int... columns) implements Op {
        @Override
        public String name() {
            return "place";
        }

        @Override
        public Tensor compute(Tensor... x) {
            return x[0].place(width, columns);
        }

        @Override
        public Node[] pull(Call c, Node gy) {
            return new Node[] {Node.of(new Pick(columns), gy)};
        }
    }

    /**
     * Returns the element of each row that stands at its column: {@code [n, c] -> [n]}.
     *
     * @param columns for each row a column, 0 to c - 1
     * @throws gradus.array.OperandMismatch if there are not n columns, or one is out of range
     */
    public static Node pick(Node x, int... columns) {
        return Node.of(new Pick(columns.clone()), x);
    }
}
