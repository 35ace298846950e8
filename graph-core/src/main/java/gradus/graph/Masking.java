package gradus.graph;

import static gradus.graph.Op.elementwise;

import gradus.array.BinaryFunction;
import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Selection of elements by a mask of zeros and ones, of either number type. An element that is not selected has no effect on the
 * value or on a gradient, even if it is infinite or NaN: its gradient is exactly 0.
 */
public sealed interface Masking permits Node {
    /** {@code y = x where the mask is not 0, else exactly 0}, even where x is infinite or NaN. */
    Formula MASKED_BY = elementwise("maskedBy", BinaryFunction.MASKED_BY, (c, gy) -> gy.maskedBy(c.x(1)), Op.NONE);

    /**
     * Returns x where the mask is not 0, else 0, even where x is infinite or NaN; the opposite of maskedFill with 0.
     * PyTorch's {@code where}.
     */
    default Node maskedBy(Node mask) {
        Objects.requireNonNull(mask, "maskedBy: mask is null");
        return Node.of(MASKED_BY, self(), mask.to(self().dtype()));
    }

    /** {@code y = a where the mask is 1, else b}; inputs a, mask, b. */
    Op WHERE = new Where();

    /** See {@link #WHERE}. */
    record Where() implements Op {
        @Override
        public String name() {
            return "where";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].where(x[1], x[2]);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {
                c.needs(0) ? gy.maskedBy(c.x(1)) : null, null, c.needs(2) ? gy.maskedBy(c.x(1).not()) : null
            };
        }
    }

    /**
     * Returns this where the mask is 1, and the other where it is 0, broadcast. In NumPy's where the mask comes first.
     * PyTorch's {@code where}.
     *
     * @throws OperandMismatch if the mask holds anything else
     */
    default Node where(Node mask, Node other) {
        Objects.requireNonNull(mask, "where: mask is null");
        return Node.of(WHERE, self(), mask.to(self().dtype()), other);
    }

    /** Returns this where the mask is 1, and the number where it is 0, broadcast. */
    default Node where(Node mask, double other) {
        return where(mask, self().number(other));
    }

    /** Returns the number where the mask is 1, and this where it is 0, broadcast. PyTorch's {@code masked_fill}. */
    default Node maskedFill(Node mask, double b) {
        Objects.requireNonNull(mask, "maskedFill: mask is null");
        return self().number(b).where(mask, self());
    }

    /**
     * Returns the elements where the mask is not 0, broadcast, as a vector in row-major order. Its size depends on the
     * values of the mask. PyTorch's {@code masked_select}.
     */
    default Node maskedSelect(Node mask) {
        Objects.requireNonNull(mask, "maskedSelect: mask is null");
        Shape s;
        try {
            s = Shape.broadcast("maskedSelect", self().shape(), mask.shape());
        } catch (OperandMismatch e) {
            throw e.naming(self().label(), mask.label());
        }
        double[] kept = mask.value().expandTo(s).toDoubleArray();
        int[] positions =
                IntStream.range(0, kept.length).filter(i -> kept[i] != 0).toArray();
        return Node.of(
                new Indexing.Take("maskedSelect", Shape.of(positions.length), 1, Ints.of(positions)),
                self().expandTo(s));
    }

    /**
     * Returns the matrix, or each of a batch, with zeros above the k-th diagonal; 0 is the main one, 1 the one above it.
     * PyTorch's {@code tril}.
     */
    default Node tril(int k) {
        return self().maskedBy(columnIndices("tril", k).le(rowIndices("tril")));
    }

    /** Returns the matrix, or each of a batch, with zeros above the main diagonal. */
    default Node tril() {
        return tril(0);
    }

    /**
     * Returns the matrix, or each of a batch, with zeros below the k-th diagonal; 0 is the main one, 1 the one above it.
     * PyTorch's {@code triu}.
     */
    default Node triu(int k) {
        return self().maskedBy(columnIndices("triu", k).ge(rowIndices("triu")));
    }

    /** Returns the matrix, or each of a batch, with zeros below the main diagonal. */
    default Node triu() {
        return triu(0);
    }

    private Node rowIndices(String op) {
        return indicesAlong(op, -2).unsqueeze(1);
    }

    private Node columnIndices(String op, int k) {
        return indicesAlong(op, -1).sub(k);
    }

    /** Returns the indices along an axis, 0 to d - 1, as a vector; an error names this node. */
    private Node indicesAlong(String op, int axis) {
        int a = self().axes(op, axis)[0];
        return Node.constant(Tensor.range(0, self().shape().dim(a)).to(self().dtype()));
    }

    private Node self() {
        return (Node) this;
    }
}
