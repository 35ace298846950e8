package gradus.graph;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import java.util.Objects;

/** Products of matrices and vectors. */
public sealed interface Products permits Node {
    /**
     * {@code y = A B}, where either may be stored transposed; {@code gA = gy B^T}, {@code gB = A^T gy}, as products with
     * other flags, so that no matrix is transposed.
     */
    record Matmul(boolean ta, boolean tb) implements Op {
        @Override
        public String name() {
            return "matmul";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return x[0].matmul(x[1], ta, tb);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node ga = null;
            Node gb = null;
            if (c.needs(0)) {
                ga = ta ? product(c.x(1), tb, gy, true) : product(gy, false, c.x(1), !tb);
            }
            if (c.needs(1)) {
                gb = tb ? product(gy, true, c.x(0), ta) : product(c.x(0), !ta, gy, false);
            }
            return new Node[] {ga, gb};
        }

        private static Node product(Node a, boolean ta, Node b, boolean tb) {
            return Node.of(new Matmul(ta, tb), a, b);
        }
    }

    /**
     * Returns the matrix product, {@code [.., m, k] x [.., k, n] -> [.., m, n]}; leading axes broadcast. A vector is a
     * row on the left and a column on the right, and its axis is dropped from the result, as in NumPy. PyTorch's
     * {@code matmul}.
     *
     * @throws OperandMismatch if an operand is a scalar or the inner sizes differ
     */
    default Node matmul(Node b) {
        Objects.requireNonNull(b, "matmul: b is null");
        Node a = (Node) this;
        int p = a.shape().rank();
        int q = b.shape().rank();
        if (p == 0 || q == 0) {
            throw new OperandMismatch("matmul", "use mul to multiply by a scalar", a.label(), b.label());
        }
        int k = a.shape().dim(-1);
        int inner = b.shape().dim(q == 1 ? 0 : -2);
        if (k != inner) {
            throw new OperandMismatch("matmul", "inner sizes " + k + " and " + inner + " differ", a.label(), b.label());
        }
        if (p == 1) {
            Node y = a.unsqueeze(0).matmul(q == 1 ? b.unsqueeze(1) : b);
            return q == 1 ? y.reshape(Shape.SCALAR) : y.squeeze(-2);
        }
        if (q == 1) {
            return a.matmul(b.unsqueeze(1)).squeeze(-1);
        }
        return matmul(b, false, false);
    }

    /** Returns the product of matrices that may be stored transposed: {@code ta} reads this as {@code [.., k, m]}. */
    default Node matmul(Node b, boolean ta, boolean tb) {
        Objects.requireNonNull(b, "matmul: b is null");
        Node a = (Node) this;
        int p = a.shape().rank();
        if (p > 2
                && b.shape().rank() == 2
                && !ta
                && a.shape().dim(-1) == b.shape().dim(tb ? 1 : 0)) {
            // one product of all rows, and one for the gradient of b, rather than one per batch
            Shape leading = a.shape().drop(p - 1);
            Node rows = Node.of(
                    new Matmul(false, tb), a.reshape(leading.size(), a.shape().dim(-1)), b);
            return rows.reshape(a.shape().with(p - 1, b.shape().dim(tb ? 0 : 1)));
        }
        return Node.of(new Matmul(ta, tb), a, b);
    }

    /**
     * Returns the dot product of two vectors: {@code [n], [n] -> []}. PyTorch's {@code dot}.
     *
     * @throws OperandMismatch if they are not vectors of one length
     */
    default Node dot(Node b) {
        Objects.requireNonNull(b, "dot: b is null");
        Node a = (Node) this;
        if (a.shape().rank() != 1 || !a.shape().equals(b.shape())) {
            throw new OperandMismatch("dot", "it takes two vectors of one length", a.label(), b.label());
        }
        return a.matmul(b);
    }

    /**
     * Returns the outer product of two vectors: {@code [m], [n] -> [m, n]}. PyTorch's {@code outer}.
     *
     * @throws OperandMismatch if one is not a vector
     */
    default Node outer(Node b) {
        Objects.requireNonNull(b, "outer: b is null");
        Node a = (Node) this;
        if (a.shape().rank() != 1 || b.shape().rank() != 1) {
            throw new OperandMismatch("outer", "it takes two vectors", a.label(), b.label());
        }
        return a.unsqueeze(1).mul(b);
    }

    /**
     * Returns {@code y[n, o] = sum over i, j of x[n, i] w[o, i, j] z[n, j]}: {@code [n, i], [o, i, j], [n, j] -> [n, o]}.
     * PyTorch's {@code bilinear}, without its bias.
     *
     * @throws OperandMismatch if the shapes do not fit
     */
    default Node bilinear(Node w, Node z) {
        Objects.requireNonNull(w, "bilinear: w is null");
        Objects.requireNonNull(z, "bilinear: z is null");
        Node x = (Node) this;
        Shape s = w.shape();
        boolean fits = x.shape().rank() == 2 && s.rank() == 3 && z.shape().rank() == 2;
        if (!fits
                || x.shape().dim(1) != s.dim(1)
                || z.shape().dim(1) != s.dim(2)
                || x.shape().dim(0) != z.shape().dim(0)) {
            throw new OperandMismatch(
                    "bilinear", "it takes [n, i], weights [o, i, j] and [n, j]", x.label(), w.label(), z.label());
        }
        Node half = x.matmul(w.permute(1, 0, 2).reshape(Shape.of(s.dim(1), s.dim(0) * s.dim(2))));
        return half.reshape(Shape.of(x.shape().dim(0), s.dim(0), s.dim(2)))
                .mul(z.unsqueeze(1))
                .sum(2);
    }
}
