package gradus.ops;

import static gradus.ops.MatrixBatch.each;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;

/** The ops of linear systems and determinants and their rules, which {@link LinearAlgebra} applies. */
final class Solves {
    private Solves() {}

    /** {@code x = A^-1 b}, or {@code A^-T b} if transposed: [.., n, n], [.., n, k] -> [.., n, k]. */
    record Solve(boolean transposed) implements Op {
        @Override
        public String name() {
            return "solve";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape result = Shape.of(x[1].shape().dim(-2), x[1].shape().dim(-1));
            MatrixBatch.MatrixFunction f = (subject, m) -> {
                DMatrixRMaj a = transposed ? CommonOps_DDRM.transpose(m[0], null) : m[0];
                return new DMatrixRMaj[] {
                    regular(name(), subject, a, x[0].shape()).solve(m[1])
                };
            };
            return each(name(), f, new Shape[] {result}, x)[0];
        }

        /** {@code gb = A^-T gx}, {@code gA = -gb x^T}. */
        @Override
        public Node[] backward(Call c, Node gy) {
            Node gb = Node.of(new Solve(!transposed), c.x(0), gy);
            Node ga = c.needs(0) ? negativeOuter(gb, c.y(), transposed) : null;
            return new Node[] {ga, gb};
        }
    }

    /** {@code x = T^-1 b}, or {@code T^-T b} if transposed, for a triangle T of the first input. */
    record Triangular(boolean lower, boolean transposed) implements Op {
        @Override
        public String name() {
            return "triangularSolve";
        }

        @Override
        public Tensor forward(Tensor... x) {
            Shape result = Shape.of(x[1].shape().dim(-2), x[1].shape().dim(-1));
            return each(name(), (subject, m) -> solved(subject, m[0], m[1], x[0].shape()), new Shape[] {result}, x)[0];
        }

        private DMatrixRMaj[] solved(String subject, DMatrixRMaj a, DMatrixRMaj b, Shape shape) {
            int n = a.numRows;
            for (int i = 0; i < n; i++) {
                if (a.get(i, i) == 0) {
                    String why = subject + " is singular: element [" + i + ", " + i + "] of its diagonal is 0";
                    throw new OperandMismatch(name(), why, shape);
                }
            }
            DMatrixRMaj t = transposed ? CommonOps_DDRM.transpose(a, null) : a;
            DMatrixRMaj columns = CommonOps_DDRM.transpose(b, null);
            double[] column = new double[n];
            for (int j = 0; j < b.numCols; j++) {
                System.arraycopy(columns.data, j * n, column, 0, n);
                if (lower != transposed) {
                    TriangularSolver_DDRM.solveL(t.data, column, n);
                } else {
                    TriangularSolver_DDRM.solveU(t.data, column, n);
                }
                System.arraycopy(column, 0, columns.data, j * n, n);
            }
            return new DMatrixRMaj[] {CommonOps_DDRM.transpose(columns, b)};
        }

        /** {@code gb = T^-T gx}, {@code gT} = the triangle of {@code -gb x^T}. */
        @Override
        public Node[] backward(Call c, Node gy) {
            Node gb = triangular(c.x(0), gy, lower, !transposed);
            Node ga = c.needs(0) ? negativeOuter(gb, c.y(), transposed) : null;
            return new Node[] {ga == null ? null : lower ? ga.tril() : ga.triu(), gb};
        }
    }

    static Node triangular(Node a, Node b, boolean lower, boolean transposed) {
        return Node.of(new Triangular(lower, transposed), a, b);
    }

    private static Node negativeOuter(Node gb, Node x, boolean transposed) {
        Node left = transposed ? x : gb;
        Node right = transposed ? gb : x;
        return left.matmul(right.transpose(-2, -1)).neg();
    }

    /**
     * {@code y = A^-1}.
     *
     * @param name the op that needs the inverse, for errors
     */
    record Inverse(String name) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            Shape n = Shape.of(x[0].shape().dim(-2), x[0].shape().dim(-1));
            MatrixBatch.MatrixFunction f = (subject, a) -> new DMatrixRMaj[] {
                regular(name, subject, a[0], x[0].shape()).solve(CommonOps_DDRM.identity(n.dim(0)))
            };
            return each(name, f, new Shape[] {n}, x)[0];
        }

        /** {@code gA = -y^T gy y^T}. */
        @Override
        public Node[] backward(Call c, Node gy) {
            Node yt = c.y().transpose(-2, -1);
            return new Node[] {yt.matmul(gy).matmul(yt).neg()};
        }
    }

    /** {@code y = det A}, {@code gA = gy cof A}, the matrix of cofactors, {@code y A^-T} where A is not singular. */
    static final Op DET = Op.unary(
            "det",
            x -> each(
                    "det",
                    (subject, a) -> new DMatrixRMaj[] {scalar(new Lu(a[0]).det())},
                    new Shape[] {Shape.SCALAR},
                    x)[0],
            (c, gy) -> gy.unsqueeze(-1).unsqueeze(-1).mul(cofactors(c.x(0), c.y())));

    /** {@code y = cof A} by singular values, which also works where A is singular. */
    private static final Op COFACTORS = Op.unary(
            "det",
            x -> {
                Shape n = Shape.of(x.shape().dim(-2), x.shape().dim(-1));
                MatrixBatch.MatrixFunction f = (subject, a) -> new DMatrixRMaj[] {cofactors(subject, a[0])};
                return each("det", f, new Shape[] {n}, x)[0];
            },
            (c, gy) -> {
                throw new IllegalStateException("det: the second derivative at a singular matrix is not supported");
            });

    private static Node cofactors(Node a, Node det) {
        return isSingular(a.value())
                ? Node.of(COFACTORS, a)
                : det.unsqueeze(-1)
                        .unsqueeze(-1)
                        .mul(Node.of(new Inverse("det"), a).transpose(-2, -1));
    }

    private static DMatrixRMaj cofactors(String subject, DMatrixRMaj a) {
        DMatrixRMaj[] usv = Decompositions.Svd.factors("det", subject, a);
        double sign = new Lu(usv[0].copy()).sign() * new Lu(usv[2].copy()).sign();
        int n = a.numRows;
        for (int j = 0; j < n; j++) {
            double others = 1;
            for (int i = 0; i < n; i++) {
                others *= i == j ? 1 : usv[1].get(i);
            }
            CommonOps_DDRM.scaleCol(others, usv[0], j);
        }
        DMatrixRMaj y = new DMatrixRMaj(n, n);
        CommonOps_DDRM.mult(sign, usv[0], usv[2], y);
        return y;
    }

    /** Returns whether a matrix of a batch is singular to working precision. */
    private static boolean isSingular(Tensor x) {
        MatrixBatch.MatrixFunction f = (subject, a) -> new DMatrixRMaj[] {scalar(new Lu(a[0]).isSingular() ? 1 : 0)};
        return Arrays.stream(each("det", f, new Shape[] {Shape.SCALAR}, x)[0].toDoubleArray())
                .anyMatch(v -> v == 1);
    }

    /** {@code sign, log|det A|}, {@code gA = gy A^-T}. */
    record SlogDet() implements Op.Multi {
        @Override
        public String name() {
            return "slogDet";
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "sign" : "logAbsDet";
        }

        @Override
        public boolean isDifferentiable(int output) {
            return output == 1;
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            MatrixBatch.MatrixFunction f = (subject, a) -> {
                Lu lu = new Lu(a[0]);
                return new DMatrixRMaj[] {scalar(lu.sign()), scalar(lu.logAbsDet())};
            };
            return each(name(), f, new Shape[] {Shape.SCALAR, Shape.SCALAR}, x);
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node inverse = Node.of(new Inverse(name()), c.x(0));
            return new Node[] {gy[1].unsqueeze(-1).unsqueeze(-1).mul(inverse.transpose(-2, -1))};
        }
    }

    private static Lu regular(String op, String subject, DMatrixRMaj a, Shape shape) {
        Lu lu = new Lu(a);
        if (lu.isSingular()) {
            throw new OperandMismatch(op, subject + " is singular", shape);
        }
        return lu;
    }

    private static DMatrixRMaj scalar(double v) {
        return new DMatrixRMaj(new double[][] {{v}});
    }
}
