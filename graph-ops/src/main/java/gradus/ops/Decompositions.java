package gradus.ops;

import static gradus.ops.MatrixBatch.each;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The ops of matrix decompositions and their rules, which {@link LinearAlgebra} applies. The factors are outputs of the op, so
 * that rules have them as nodes and can be differentiated again. Rules after Giles, "Collected matrix derivative results for
 * forward and reverse mode algorithmic differentiation" (2008), Murray, "Differentiation of the Cholesky decomposition" (2016)
 * and Walter and Lehmann, "Algorithmic differentiation of linear algebra functions" (2010).
 */
final class Decompositions {
    private Decompositions() {}

    /** {@code A -> L}, the lower triangle with {@code (A + A^T) / 2 = L L^T}. */
    record Cholesky() implements Op {
        @Override
        public String name() {
            return "cholesky";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape n = matrix(x[0]);
            return each(name(), (subject, a) -> factor(subject, x[0].shape(), a[0]), new Shape[] {n}, x)[0];
        }

        private DMatrixRMaj[] factor(String subject, Shape shape, DMatrixRMaj a) {
            CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(a.numRows, true);
            if (a.numRows > 0 && !cholesky.decompose(symmetric(a))) {
                String part = Arrays.equals(symmetric(a).data, a.data) ? "" : "the symmetric part (A + A^T) / 2 of ";
                throw new OperandMismatch(name(), part + subject + " is not positive definite", shape);
            }
            return new DMatrixRMaj[] {a.numRows == 0 ? a : cholesky.getT(null)};
        }

        /** {@code gA = (S + S^T) / 2}, {@code S = L^-T tril'(L^T gL) L^-1}; tril' halves the diagonal. */
        @Override
        public Node[] backward(Call c, Node gy) {
            Node l = c.y();
            Node p = l.transpose(-2, -1).matmul(gy);
            p = p.tril().sub(p.mul(diagonalOnes(p)).mul(0.5));
            Node left = Solves.triangular(l, p, true, true);
            Node s = Solves.triangular(l, left.transpose(-2, -1), true, true);
            return new Node[] {symmetric(s)};
        }
    }

    /** {@code A [m, n] -> Q [m, k], R [k, n]}, {@code A = Q R}, with the diagonal of R not negative. */
    record Qr() implements Op.Multi {
        @Override
        public String name() {
            return "qr";
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "q" : "r";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            int m = x[0].shape().dim(-2);
            int n = x[0].shape().dim(-1);
            int k = Math.min(m, n);
            return each(name(), (subject, a) -> factors(a[0]), new Shape[] {Shape.of(m, k), Shape.of(k, n)}, x);
        }

        private static DMatrixRMaj[] factors(DMatrixRMaj a) {
            if (a.getNumElements() == 0) {
                int k = Math.min(a.numRows, a.numCols);
                return new DMatrixRMaj[] {new DMatrixRMaj(a.numRows, k), new DMatrixRMaj(k, a.numCols)};
            }
            QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(a.numRows, a.numCols);
            qr.decompose(a);
            DMatrixRMaj q = qr.getQ(null, true);
            DMatrixRMaj r = qr.getR(null, true);
            for (int i = 0; i < r.numRows; i++) {
                if (r.get(i, i) < 0) {
                    for (int j = i; j < r.numCols; j++) { // the zeros below the diagonal keep their sign
                        r.set(i, j, -r.get(i, j));
                    }
                    CommonOps_DDRM.scaleCol(-1, q, i);
                }
            }
            return new DMatrixRMaj[] {q, r};
        }

        /**
         * For m at least n, {@code gA = (gQ + Q sym(M)) R^-T}, {@code M = R gR^T - gQ^T Q}, where sym repeats the lower triangle
         * above the diagonal. A wider matrix is {@code [X, Y]} with {@code X = Q U} and {@code Y = Q V}.
         */
        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node q = c.y(0);
            Node r = c.y(1);
            Node gq = gy[0] == null ? zeros(q) : gy[0];
            Node gr = gy[1] == null ? zeros(r) : gy[1];
            int m = q.shape().dim(-2);
            int n = r.shape().dim(-1);
            requireFullRank(r.value(), c.x(0));
            if (m >= n) {
                return new Node[] {tall(q, r, gq, gr)};
            }
            Node y = c.x(0).slice(-1, m, n);
            Node gu = gr.slice(-1, 0, m);
            Node gv = gr.slice(-1, m, n);
            Node gx = tall(q, r.slice(-1, 0, m), gq.add(y.matmul(gv.transpose(-2, -1))), gu);
            return new Node[] {Node.concat(-1, gx, q.matmul(gv))};
        }

        /** An element of the diagonal of R that is within the rounding error of its column counts as 0. */
        private static void requireFullRank(Tensor r, Node a) {
            double[] values = r.toDoubleArray();
            int k = r.shape().dim(-2);
            int n = r.shape().dim(-1);
            double least = Math.max(a.shape().dim(-2), n) * Math.ulp(1.0);
            Shape batch = MatrixBatch.leading(r.shape());
            for (int b = 0; b < batch.size(); b++) {
                for (int j = 0; j < k; j++) {
                    double largest = 0;
                    for (int i = 0; i <= j; i++) {
                        largest = Math.max(largest, Math.abs(values[(b * k + i) * n + j]));
                    }
                    double pivot = values[(b * k + j) * n + j];
                    if (pivot <= least * largest) {
                        String why = "the gradient is undefined: the first " + k + " columns of the matrix"
                                + ClassIndices.position(batch, b) + " are linearly dependent; element [" + j + ", " + j
                                + "] of R is " + pivot;
                        throw new OperandMismatch("qr", why, a.label());
                    }
                }
            }
        }

        private static Node tall(Node q, Node r, Node gq, Node gr) {
            Node m = r.matmul(gr.transpose(-2, -1)).sub(gq.transpose(-2, -1).matmul(q));
            Node symmetric = m.tril().add(m.tril(-1).transpose(-2, -1));
            Node left = gq.add(q.matmul(symmetric));
            return Solves.triangular(r, left.transpose(-2, -1), false, false).transpose(-2, -1);
        }
    }

    /** {@code A -> values [n], vectors [n, n]}, {@code (A + A^T) / 2 = V diag(values) V^T}, in ascending order. */
    record Eigh() implements Op.Multi {
        @Override
        public String name() {
            return "eigh";
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "values" : "vectors";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Shape n = matrix(x[0]);
            MatrixBatch.MatrixFunction f = (subject, a) -> factors(subject, n, a[0]);
            return each(name(), f, new Shape[] {Shape.of(n.dim(0)), n}, x);
        }

        private DMatrixRMaj[] factors(String subject, Shape shape, DMatrixRMaj a) {
            int n = a.numRows;
            DMatrixRMaj values = new DMatrixRMaj(n, 1);
            DMatrixRMaj vectors = new DMatrixRMaj(n, n);
            if (n == 0) {
                return new DMatrixRMaj[] {values, vectors};
            }
            EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
            if (!eigen.decompose(symmetric(a))) {
                throw new OperandMismatch(name(), subject + ": the iteration did not converge", shape);
            }
            Integer[] order = new Integer[n];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.comparingDouble(i -> eigen.getEigenvalue(i).real));
            for (int j = 0; j < n; j++) {
                values.set(j, eigen.getEigenvalue(order[j]).real);
                DMatrixRMaj v = eigen.getEigenVector(order[j]);
                for (int i = 0; i < n; i++) {
                    vectors.set(i, j, v.get(i));
                }
            }
            makeSignsUnique(vectors, null);
            return new DMatrixRMaj[] {values, vectors};
        }

        /** {@code gA = V (diag(gvalues) + (V^T gV) / E) V^T}, made symmetric, {@code E_ij = values_j - values_i}. */
        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node v = c.y(1);
            Node inner = gy[0] == null ? null : embedDiagonal(gy[0]);
            if (gy[1] != null) {
                Node values = c.y(0);
                Node gaps = differences(name(), "eigenvalues", values, values);
                Node rotated = v.transpose(-2, -1)
                        .matmul(gy[1])
                        .mul(offDiagonalOnes(gaps))
                        .div(gaps);
                inner = inner == null ? rotated : inner.add(rotated);
            }
            return new Node[] {symmetric(v.matmul(inner).matmul(v.transpose(-2, -1)))};
        }
    }

    /** {@code A [m, n] -> U [m, k], s [k], V^T [k, n]}, {@code A = U diag(s) V^T}, in descending order. */
    record Svd() implements Op.Multi {
        private static final String[] OUTPUTS = {"u", "s", "vt"};

        @Override
        public String name() {
            return "svd";
        }

        @Override
        public String outputName(int output) {
            return OUTPUTS[output];
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            int m = x[0].shape().dim(-2);
            int n = x[0].shape().dim(-1);
            int k = Math.min(m, n);
            MatrixBatch.MatrixFunction f = (subject, a) -> factors(name(), subject, a[0]);
            return each(name(), f, new Shape[] {Shape.of(m, k), Shape.of(k), Shape.of(k, n)}, x);
        }

        static DMatrixRMaj[] factors(String op, String subject, DMatrixRMaj a) {
            int m = a.numRows;
            int n = a.numCols;
            int k = Math.min(m, n);
            if (k == 0) {
                return new DMatrixRMaj[] {new DMatrixRMaj(m, 0), new DMatrixRMaj(0, 1), new DMatrixRMaj(0, n)};
            }
            SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(m, n, true, true, true);
            if (!svd.decompose(a.copy())) {
                throw new OperandMismatch(op, subject + ": the iteration did not converge", Shape.of(m, n));
            }
            DMatrixRMaj u = svd.getU(null, false);
            DMatrixRMaj w = svd.getW(null);
            DMatrixRMaj vt = svd.getV(null, true);
            SingularOps_DDRM.descendingOrder(u, false, w, vt, true);
            DMatrixRMaj s = new DMatrixRMaj(k, 1);
            for (int i = 0; i < k; i++) {
                s.set(i, w.get(i, i));
            }
            u = CommonOps_DDRM.extract(u, 0, m, 0, k);
            vt = CommonOps_DDRM.extract(vt, 0, k, 0, n);
            makeSignsUnique(u, vt);
            return new DMatrixRMaj[] {u, s, vt};
        }

        /**
         * {@code gA = U ((skew(U^T gU) / E) S + S (skew(V^T gV) / E) + diag(gs)) V^T + (I - U U^T) gU S^-1 V^T + U S^-1 gV^T (I -
         * V V^T)}, {@code skew(X) = X - X^T}, {@code E_ij = s_j^2 - s_i^2}.
         */
        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node u = c.y(0);
            Node s = c.y(1);
            Node vt = c.y(2);
            Node inner = gy[1] == null ? zeros(embedDiagonal(s)) : embedDiagonal(gy[1]);
            Node outer = null;
            Node gaps = gy[0] == null && gy[2] == null ? null : differences(name(), "singular values", s, s.square());
            if (gy[0] != null) {
                Node utg = u.transpose(-2, -1).matmul(gy[0]);
                inner = inner.add(skew(utg).div(gaps).mul(s.unsqueeze(-2)));
                if (u.shape().dim(-2) > s.shape().dim(-1)) {
                    outer = gy[0].sub(u.matmul(utg))
                            .div(positive(s).unsqueeze(-2))
                            .matmul(vt);
                }
            }
            if (gy[2] != null) {
                Node vtg = vt.matmul(gy[2].transpose(-2, -1));
                inner = inner.add(skew(vtg).div(gaps).mul(s.unsqueeze(-1)));
                if (vt.shape().dim(-1) > s.shape().dim(-1)) {
                    Node rest = gy[2].sub(vtg.transpose(-2, -1).matmul(vt));
                    Node more = u.matmul(rest.div(positive(s).unsqueeze(-1)));
                    outer = outer == null ? more : outer.add(more);
                }
            }
            Node gx = u.matmul(inner).matmul(vt);
            return new Node[] {outer == null ? gx : gx.add(outer)};
        }

        private Node positive(Node s) {
            double[] values = s.value().toDoubleArray();
            int k = s.shape().dim(-1);
            double eps = MatrixBatch.eps(s.dtype());
            for (int i = 0; i < values.length; i++) {
                if (values[i] <= k * eps * values[i - i % k]) {
                    throw new IllegalStateException(name() + ": the gradient of u and vt is undefined where a singular"
                            + " value is 0 and the matrix is not square; s has " + values[i]);
                }
            }
            return s;
        }
    }

    /**
     * Returns {@code E_ij = f_j - f_i}, with 1 on the diagonal.
     *
     * @throws IllegalStateException if two of the values are equal to working precision: eigenvectors and singular vectors have no
     *     derivative there
     */
    private static Node differences(String op, String what, Node values, Node f) {
        int n = values.shape().dim(-1);
        double[] v = values.value().toDoubleArray();
        double eps = MatrixBatch.eps(values.dtype());
        for (int b = 0; b < v.length; b += Math.max(1, n)) {
            double largest = Math.max(Math.abs(v[b]), Math.abs(v[b + n - 1]));
            for (int i = b + 1; i < b + n; i++) {
                if (Math.abs(v[i] - v[i - 1]) <= n * eps * largest) {
                    throw new IllegalStateException(op + ": the gradient of the vectors is undefined where two " + what
                            + " are equal: " + v[i - 1] + " and " + v[i]);
                }
            }
        }
        Node gaps = f.unsqueeze(-2).sub(f.unsqueeze(-1));
        return gaps.add(diagonalOnes(gaps));
    }

    private static Node skew(Node x) {
        return x.sub(x.transpose(-2, -1));
    }

    private static Node symmetric(Node x) {
        return x.add(x.transpose(-2, -1)).mul(0.5);
    }

    private static DMatrixRMaj symmetric(DMatrixRMaj a) {
        DMatrixRMaj t = CommonOps_DDRM.transpose(a, null);
        CommonOps_DDRM.add(0.5, a, 0.5, t, t);
        return t;
    }

    private static Node zeros(Node x) {
        return Node.constant(Tensor.zeros(x.shape(), x.dtype()));
    }

    private static Node diagonalOnes(Node square) {
        return Node.constant(Tensor.eye(square.shape().dim(-1), square.dtype()));
    }

    private static Node offDiagonalOnes(Node square) {
        return diagonalOnes(square).rsub(1);
    }

    private static Node embedDiagonal(Node x) {
        return x.unsqueeze(-1).mul(Node.constant(Tensor.eye(x.shape().dim(-1), x.dtype())));
    }

    private static Shape matrix(Tensor x) {
        return Shape.of(x.shape().dim(-2), x.shape().dim(-1));
    }

    /**
     * Makes the sign of each vector unique: its first element of at least half the largest size is positive.
     *
     * @param vectors columns
     * @param others rows whose signs change with those of the columns, or null
     */
    private static void makeSignsUnique(DMatrixRMaj vectors, DMatrixRMaj others) {
        for (int j = 0; j < vectors.numCols; j++) {
            double largest = 0;
            for (int i = 0; i < vectors.numRows; i++) {
                largest = Math.max(largest, Math.abs(vectors.get(i, j)));
            }
            int first = 0;
            while (Math.abs(vectors.get(first, j)) < largest / 2) {
                first++;
            }
            if (vectors.get(first, j) < 0) {
                CommonOps_DDRM.scaleCol(-1, vectors, j);
                if (others != null) {
                    CommonOps_DDRM.scaleRow(-1, others, j);
                }
            }
        }
    }
}
