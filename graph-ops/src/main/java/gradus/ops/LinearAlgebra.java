package gradus.ops;

import static gradus.ops.MatrixBatch.join;
import static gradus.ops.MatrixBatch.requireMatrices;
import static gradus.ops.MatrixBatch.requireSquare;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Objects;

/**
 * Linear algebra of matrices, the last two axes of a node: {@code [.., m, n]}. Functions are applied to each matrix of the
 * leading axes, which broadcast where there are two operands. EJML computes the decompositions, in FLOAT64; FLOAT32 results
 * are rounded at the end. All of it can be differentiated to any order.
 *
 * <p>A matrix with a NaN or infinite element is refused. A square matrix counts as singular if, after its rows are scaled to
 * one size, a pivot of its LU decomposition is at most {@code n eps} times the largest element of its column.
 */
public final class LinearAlgebra {
    private LinearAlgebra() {}

    // ---- linear systems

    /**
     * Returns x with {@code A x = b}: {@code [.., n, n], [.., n, k] -> [.., n, k]}, or {@code [.., n, n], [n] -> [.., n]}. The
     * gradients are {@code gb = A^-T gx} and {@code gA = -gb x^T}. PyTorch's {@code linalg.solve}.
     *
     * @throws OperandMismatch if the shapes do not fit or a matrix is singular
     */
    public static Node solve(Node a, Node b) {
        requireSystem("solve", a, b);
        return system("solve", a, b, (m, columns) -> Node.of(new Solves.Solve(false), m, columns));
    }

    /**
     * Returns x with {@code T x = b} for a triangle T of the matrix, lower or upper, whose other elements are not read: {@code
     * [.., n, n], [.., n, k] -> [.., n, k]}, or {@code [.., n, n], [n] -> [.., n]}. PyTorch's {@code linalg.solve_triangular}.
     *
     * @throws OperandMismatch if the shapes do not fit or an element of the diagonal is 0
     */
    public static Node triangularSolve(Node a, Node b, boolean lower) {
        requireSystem("triangularSolve", a, b);
        return system("triangularSolve", a, b, (m, columns) -> Solves.triangular(m, columns, lower, false));
    }

    /**
     * Returns {@code A^-1}: {@code [.., n, n] -> [.., n, n]}, {@code gA = -y^T gy y^T}. To multiply by it, {@link #solve} is
     * faster and more exact. PyTorch's {@code linalg.inv}.
     *
     * @throws OperandMismatch if a matrix is not square or singular
     */
    public static Node inverse(Node a) {
        requireSquare("inverse", a);
        return Node.of(new Solves.Inverse("inverse"), a);
    }

    /**
     * Returns the x of least norm that minimizes {@code |A x - b|}: {@code [.., m, n], [.., m, k] -> [.., n, k]}, or {@code [..,
     * m, n], [m] -> [.., n]}: {@code pinv(A) b}. PyTorch's {@code linalg.lstsq}.
     *
     * @throws OperandMismatch if the shapes do not fit
     */
    public static Node lstsq(Node a, Node b) {
        requireMatrices("lstsq", a);
        Objects.requireNonNull(b, "lstsq: b is null");
        if (b.shape().rank() == 0 || rows(b) != a.shape().dim(-2)) {
            String why = "it takes [.., m, n] and [.., m, k] or [m]; a batch of vectors is [.., m, 1]";
            throw new OperandMismatch("lstsq", why, a.label(), b.label());
        }
        Operands.requireSameType("lstsq", a, b);
        return system("lstsq", a, b, (m, columns) -> pinv(m).matmul(columns));
    }

    /**
     * Returns the Moore-Penrose inverse: {@code [.., m, n] -> [.., n, m]}. Singular values of at most {@code max(m, n) eps}
     * times the largest count as 0. The gradient is that among matrices of the same rank (Golub and Pereyra, 1973); where the
     * rank changes there is none. PyTorch's {@code linalg.pinv}.
     *
     * @throws OperandMismatch if it is given no matrix
     */
    public static Node pinv(Node a) {
        requireMatrices("pinv", a);
        return Node.of(Pseudoinverse.PINV, a);
    }

    // ---- determinants

    /**
     * Returns the determinant: {@code [.., n, n] -> [..]}. The gradient is {@code gy} times the matrix of cofactors, {@code y
     * A^-T} where A is not singular. PyTorch's {@code linalg.det}.
     *
     * @throws OperandMismatch if a matrix is not square
     * @throws IllegalStateException in a second derivative at a singular matrix
     */
    public static Node det(Node a) {
        requireSquare("det", a);
        return Node.of(Solves.DET, a);
    }

    /**
     * Returns {@code log det A}: {@code [.., n, n] -> [..]}, {@code gA = gy A^-T}. PyTorch's {@code logdet}.
     *
     * @throws OperandMismatch if a matrix is not square, or its determinant is not positive; see {@link #slogDet}
     */
    public static Node logDet(Node a) {
        requireSquare("logDet", a);
        SignAndLog y = slogDet(a);
        for (double sign : y.sign().toDoubleArray()) {
            if (sign <= 0) {
                String why = "the determinant is " + (sign == 0 ? "0" : "negative; slogDet returns its sign");
                throw new OperandMismatch("logDet", why, a.label());
            }
        }
        return y.logAbsDet();
    }

    /**
     * The sign and the logarithm of a determinant.
     *
     * @param sign 1, -1, or 0 if the matrix is singular: {@code [..]}
     * @param logAbsDet the logarithm of its absolute value, -infinity if the matrix is singular: {@code [..]}
     */
    public record SignAndLog(Tensor sign, Node logAbsDet) {}

    /**
     * Returns the sign and the logarithm of the absolute value of the determinant: {@code [.., n, n] -> [..]}, with {@code gA =
     * gy A^-T}. It does not overflow where the determinant does. PyTorch's {@code linalg.slogdet}.
     *
     * @throws OperandMismatch if a matrix is not square; in the backward pass also if it is singular
     */
    public static SignAndLog slogDet(Node a) {
        requireSquare("slogDet", a);
        Node[] y = Node.outputs(new Solves.SlogDet(), a);
        return new SignAndLog(y[0].value(), y[1]);
    }

    // ---- decompositions

    /**
     * Returns the lower triangle L with {@code (A + A^T) / 2 = L L^T}: {@code [.., n, n] -> [.., n, n]}. Only the symmetric part
     * of A counts, and the gradient is symmetric. PyTorch's {@code linalg.cholesky}.
     *
     * @throws OperandMismatch if a matrix is not square or not positive definite
     */
    public static Node cholesky(Node a) {
        requireSquare("cholesky", a);
        return Node.of(new Decompositions.Cholesky(), a);
    }

    /**
     * The factors of {@code A = Q R}.
     *
     * @param q orthonormal columns, {@code [.., m, k]} with {@code k = min(m, n)}
     * @param r an upper triangle, {@code [.., k, n]}
     */
    public record Qr(Node q, Node r) {}

    /**
     * Returns the reduced QR decomposition of {@code [.., m, n]}, in which the diagonal of R is not negative; so it is unique for a
     * matrix of full rank. PyTorch's {@code linalg.qr}, but for these signs.
     *
     * @throws OperandMismatch if it is given no matrix; in the backward pass also if an element of the diagonal of R is at most
     *     {@code max(m, n) eps} times the largest element of its column
     */
    public static Qr qr(Node a) {
        requireMatrices("qr", a);
        Node[] y = Node.outputs(new Decompositions.Qr(), a);
        return new Qr(y[0], y[1]);
    }

    /**
     * The factors of {@code A = U diag(s) V^T}.
     *
     * @param u orthonormal columns, {@code [.., m, k]} with {@code k = min(m, n)}
     * @param s singular values in descending order, {@code [.., k]}
     * @param vt orthonormal rows, {@code [.., k, n]}
     */
    public record Svd(Node u, Node s, Node vt) {}

    /**
     * Returns the reduced singular value decomposition of {@code [.., m, n]}. Of the two signs of a pair of vectors the one is taken
     * in which the first element of u of at least half the largest size is positive. Where singular values are equal, their sum
     * has a gradient, each of them only a subgradient. PyTorch's {@code linalg.svd} with {@code full_matrices=False}, but for the
     * signs.
     *
     * @throws OperandMismatch if it is given no matrix
     * @throws IllegalStateException in a backward pass to u or vt where singular values are equal, or 0 if the matrix is not
     *     square
     */
    public static Svd svd(Node a) {
        requireMatrices("svd", a);
        Node[] y = Node.outputs(new Decompositions.Svd(), a);
        return new Svd(y[0], y[1], y[2]);
    }

    /**
     * The eigenvalues and eigenvectors of a symmetric matrix.
     *
     * @param values in ascending order, {@code [.., n]}
     * @param vectors orthonormal columns, {@code [.., n, n]}
     */
    public record Eigen(Node values, Node vectors) {}

    /**
     * Returns the eigenvalues and eigenvectors of {@code (A + A^T) / 2}: {@code [.., n, n]}. Only the symmetric part of A counts,
     * and the gradient is symmetric. Signs are as those of u in {@link #svd}. PyTorch's {@code linalg.eigh}, but for the signs.
     *
     * @throws OperandMismatch if a matrix is not square
     * @throws IllegalStateException in a backward pass to the vectors where eigenvalues are equal
     */
    public static Eigen eigh(Node a) {
        requireSquare("eigh", a);
        Node[] y = Node.outputs(new Decompositions.Eigh(), a);
        return new Eigen(y[0], y[1]);
    }

    // ---- functions of matrices

    /**
     * Returns {@code exp(A) = sum of A^k / k!}: {@code [.., n, n] -> [.., n, n]}, by a Padé approximant of degree 13 with scaling and
     * squaring (Higham, 2005). PyTorch's {@code linalg.matrix_exp}.
     *
     * @throws OperandMismatch if a matrix is not square, or has a NaN or infinite element
     */
    public static Node expm(Node a) {
        requireSquare("expm", a);
        return MatrixExponential.of(a);
    }

    /**
     * Returns {@code A^k}: {@code [.., n, n] -> [.., n, n]}, by repeated squaring; a negative power is one of the inverse, and
     * {@code A^0 = I}. PyTorch's {@code linalg.matrix_power}.
     *
     * @throws OperandMismatch if a matrix is not square, or singular where k is negative
     */
    public static Node matrixPower(Node a, int k) {
        requireSquare("matrixPower", a);
        if (k == 0) {
            return Node.of(ZEROTH_POWER, a);
        }
        Node base = k < 0 ? Node.of(new Solves.Inverse("matrixPower"), a) : a;
        Node y = null;
        for (long rest = Math.abs((long) k); rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                y = y == null ? base : y.matmul(base);
            }
            base = rest > 1 ? base.matmul(base) : base;
        }
        return y;
    }

    private static final Op ZEROTH_POWER = Op.unary(
            "matrixPower", x -> Tensor.eye(x.shape().dim(-1), x.dtype()).expandTo(x.shape()), Op.ZERO);

    /** Returns the Frobenius norm, the root of the sum of squares: {@code [.., m, n] -> [..]}. */
    public static Node matrixNorm(Node a) {
        requireMatrices("matrixNorm", a);
        return a.norm(-2, -1);
    }

    /**
     * Returns a norm of matrices: {@code [.., m, n] -> [..]}. For p = 1 the largest sum of absolute values of a column, for infinity
     * that of a row, for 2 the largest singular value; for -1, -infinity and -2 the smallest of these. PyTorch's {@code
     * linalg.matrix_norm}.
     *
     * @throws OperandMismatch if it is given no matrix, a matrix without elements, or another p
     */
    public static Node matrixNorm(Node a, double p) {
        requireMatrices("matrixNorm", a);
        if (a.shape().size() == 0) {
            throw new OperandMismatch("matrixNorm", "a matrix without elements has only the Frobenius norm", a.label());
        }
        double size = Math.abs(p);
        Node each;
        if (size == 2) {
            each = svd(a).s();
        } else if (size == 1 || size == Double.POSITIVE_INFINITY) {
            each = a.abs().sum(size == 1 ? -2 : -1);
        } else {
            throw new OperandMismatch(
                    "matrixNorm", "p must be 1, 2, infinity or one of their negatives, not " + p, a.label());
        }
        return p > 0 ? each.max(-1) : each.min(-1);
    }

    /**
     * Returns the nuclear norm, the sum of the singular values: {@code [.., m, n] -> [..]}. PyTorch's {@code
     * linalg.matrix_norm(ord="nuc")}.
     */
    public static Node nuclearNorm(Node a) {
        requireMatrices("nuclearNorm", a);
        return svd(a).s().sum(-1);
    }

    /**
     * Returns the condition number, the largest singular value divided by the smallest, infinity for a singular matrix: {@code [..,
     * m, n] -> [..]}. PyTorch's {@code linalg.cond}.
     *
     * @throws OperandMismatch if it is given no matrix, or one without elements
     */
    public static Node cond(Node a) {
        requireMatrices("cond", a);
        if (a.shape().dim(-1) == 0 || a.shape().dim(-2) == 0) {
            throw new OperandMismatch("cond", "a matrix without elements has no condition number", a.label());
        }
        Node s = svd(a).s();
        return s.max(-1).div(s.min(-1));
    }

    /** Returns the sum of the diagonal: {@code [.., m, n] -> [..]}. PyTorch's {@code trace}, of batches too. */
    public static Node trace(Node a) {
        requireMatrices("trace", a);
        return a.diagonal(0, -2, -1).sum(-1);
    }

    /**
     * Returns the Kronecker product, whose block i, j is {@code a[i, j] b}: {@code [.., m, n], [.., p, q] -> [.., m p, n q]}. PyTorch's
     * {@code kron}.
     *
     * @throws OperandMismatch if one is no matrix, or the leading axes do not broadcast
     */
    public static Node kron(Node a, Node b) {
        requireMatrices("kron", a);
        requireMatrices("kron", b);
        Operands.requireSameType("kron", a, b);
        Operands.broadcast("kron", a, b, 2);
        Node blocks = a.unsqueeze(-1).unsqueeze(-3).mul(b.unsqueeze(-2).unsqueeze(-4));
        Shape s = blocks.shape();
        int r = s.rank();
        Shape out = Shape.of(s.dim(r - 4) * s.dim(r - 3), s.dim(r - 2) * s.dim(r - 1));
        return blocks.reshape(join(Shape.of(Arrays.copyOf(s.dims(), r - 4)), out));
    }

    // ---- shapes

    /** A function of matrices and matrices of columns, with equal leading axes. */
    @FunctionalInterface
    private interface Solver {
        Node solve(Node a, Node columns);
    }

    /** Broadcasts the leading axes of a system, and takes a vector on its right as one column. */
    private static Node system(String op, Node a, Node b, Solver f) {
        boolean vector = b.shape().rank() == 1;
        Node columns = vector ? b.unsqueeze(1) : b;
        Shape batch = MatrixBatch.leading(vector ? a.shape() : Operands.broadcast(op, a, b, 2));
        Node x = f.solve(expanded(a, batch), expanded(columns, batch));
        return vector ? x.squeeze(-1) : x;
    }

    private static Node expanded(Node a, Shape batch) {
        Shape to = join(batch, Shape.of(a.shape().dim(-2), a.shape().dim(-1)));
        return a.shape().equals(to) ? a : a.expandTo(to);
    }

    private static void requireSystem(String op, Node a, Node b) {
        requireSquare(op, a);
        Objects.requireNonNull(b, () -> op + ": b is null");
        if (b.shape().rank() == 0 || rows(b) != a.shape().dim(-1)) {
            String why = "it takes [.., n, n] and [.., n, k] or [n]; a batch of vectors is [.., n, 1]";
            throw new OperandMismatch(op, why, a.label(), b.label());
        }
        Operands.requireSameType(op, a, b);
    }

    private static int rows(Node b) {
        return b.shape().dim(b.shape().rank() == 1 ? 0 : -2);
    }
}
