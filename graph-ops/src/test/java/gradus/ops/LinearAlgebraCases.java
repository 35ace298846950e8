package gradus.ops;

import static gradus.graph.OpCase.row;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.OpCase;
import java.util.List;

/** The test cases of {@link LinearAlgebra}: inputs far from matrices where a function is singular. */
final class LinearAlgebraCases {
    private static final Shape S33 = Shape.of(3, 3);
    private static final Shape BATCH = Shape.of(2, 1, 2, 2);

    static final List<OpCase> ALL = List.of(
            row("solve", in -> LinearAlgebra.solve(regular(in[0]), in[1]), S33, Shape.of(3, 2)),
            row("solve of a vector", in -> LinearAlgebra.solve(regular(in[0]), in[1]), S33, Shape.of(3)),
            row("solve of batches", in -> LinearAlgebra.solve(regular(in[0]), in[1]), BATCH, Shape.of(3, 2, 1)),
            row("solve of nothing", in -> LinearAlgebra.solve(in[0], in[1]), Shape.of(0, 2, 2), Shape.of(2, 1)),
            row(
                    "triangularSolve lower",
                    in -> LinearAlgebra.triangularSolve(regular(in[0]), in[1], true),
                    S33,
                    Shape.of(3, 2)),
            row(
                    "triangularSolve upper",
                    in -> LinearAlgebra.triangularSolve(regular(in[0]), in[1], false),
                    BATCH,
                    Shape.of(2, 3)),
            row("inverse", in -> LinearAlgebra.inverse(regular(in[0])), S33),
            row("inverse of batches", in -> LinearAlgebra.inverse(regular(in[0])), BATCH),
            row("lstsq", in -> LinearAlgebra.lstsq(full(in[0]), in[1]), Shape.of(4, 2), Shape.of(4, 2)),
            row("lstsq of a vector", in -> LinearAlgebra.lstsq(full(in[0]), in[1]), Shape.of(2, 3), Shape.of(2)),
            row("pinv", in -> LinearAlgebra.pinv(full(in[0])), Shape.of(3, 2)),
            row("pinv of batches", in -> LinearAlgebra.pinv(full(in[0])), Shape.of(2, 2, 3)),
            row("det", in -> LinearAlgebra.det(in[0]), S33),
            row("det of batches", in -> LinearAlgebra.det(regular(in[0])), BATCH),
            row("logDet", in -> LinearAlgebra.logDet(regular(in[0])), S33),
            row("slogDet", in -> LinearAlgebra.slogDet(regular(in[0]).neg()).logAbsDet(), S33),
            row("cholesky", in -> LinearAlgebra.cholesky(definite(in[0])), S33),
            row("cholesky of batches", in -> LinearAlgebra.cholesky(definite(in[0])), BATCH),
            row("qr q", in -> LinearAlgebra.qr(full(in[0])).q(), Shape.of(4, 3)),
            row("qr r", in -> LinearAlgebra.qr(full(in[0])).r(), Shape.of(2, 3, 3)),
            row("qr q of a wide one", in -> LinearAlgebra.qr(full(in[0])).q(), Shape.of(2, 3)),
            row("qr r of a wide one", in -> LinearAlgebra.qr(full(in[0])).r(), Shape.of(2, 4)),
            row("svd u", in -> LinearAlgebra.svd(full(in[0])).u(), Shape.of(4, 2)),
            row("svd u of a wide one", in -> LinearAlgebra.svd(full(in[0])).u(), Shape.of(2, 3)),
            row("svd s", in -> LinearAlgebra.svd(full(in[0])).s(), Shape.of(2, 3, 3)),
            row("svd vt", in -> LinearAlgebra.svd(full(in[0])).vt(), Shape.of(2, 4)),
            row("svd vt of a tall one", in -> LinearAlgebra.svd(full(in[0])).vt(), Shape.of(3, 2)),
            row("svd all", in -> product(LinearAlgebra.svd(full(in[0]))), Shape.of(3, 3)),
            row("eigh values", in -> LinearAlgebra.eigh(full(in[0])).values(), Shape.of(2, 3, 3)),
            row("eigh vectors", in -> LinearAlgebra.eigh(full(in[0])).vectors(), S33),
            row("expm", in -> LinearAlgebra.expm(in[0]), S33),
            row("expm of a large one", in -> LinearAlgebra.expm(in[0].mul(3)), Shape.of(2, 2, 2))
                    .smoothOn(-1, 1),
            row("matrixPower(.., 3)", in -> LinearAlgebra.matrixPower(in[0], 3), S33),
            row("matrixPower(.., 0)", in -> LinearAlgebra.matrixPower(in[0], 0), BATCH),
            row("matrixPower(.., -2)", in -> LinearAlgebra.matrixPower(regular(in[0]), -2), S33),
            row("matrixNorm", in -> LinearAlgebra.matrixNorm(in[0]), Shape.of(2, 3, 2)),
            row("matrixNorm 1", in -> LinearAlgebra.matrixNorm(in[0], 1), Shape.of(2, 3, 2)),
            row("matrixNorm inf", in -> LinearAlgebra.matrixNorm(in[0], Double.POSITIVE_INFINITY), Shape.of(2, 3)),
            row("matrixNorm 2", in -> LinearAlgebra.matrixNorm(full(in[0]), 2), Shape.of(2, 3)),
            row("matrixNorm -2", in -> LinearAlgebra.matrixNorm(full(in[0]), -2), Shape.of(3, 2)),
            row("matrixNorm -1", in -> LinearAlgebra.matrixNorm(in[0], -1), Shape.of(2, 3)),
            row("nuclearNorm", in -> LinearAlgebra.nuclearNorm(full(in[0])), Shape.of(2, 3)),
            row("cond", in -> LinearAlgebra.cond(full(in[0])), Shape.of(2, 3, 3)),
            row("trace", in -> LinearAlgebra.trace(in[0]), Shape.of(2, 3, 2)),
            row("kron", in -> LinearAlgebra.kron(in[0], in[1]), Shape.of(2, 3), Shape.of(3, 2)),
            row("kron of batches", in -> LinearAlgebra.kron(in[0], in[1]), Shape.of(2, 1, 1, 2), Shape.of(3, 2, 1)));

    private LinearAlgebraCases() {}

    /** Returns a matrix of diagonal elements of at least 4. */
    private static Node regular(Node x) {
        return x.mul(0.5).add(diagonal(x, 5, 0));
    }

    /** Returns a matrix of singular values, and of a symmetric part of eigenvalues, that are apart. */
    private static Node full(Node x) {
        return x.mul(0.3).add(diagonal(x, 2, 1.5));
    }

    private static Node definite(Node x) {
        return x.mul(0.5).add(diagonal(x, 5, 0));
    }

    private static Node diagonal(Node x, double first, double step) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        double[] d = new double[m * n];
        for (int i = 0; i < Math.min(m, n); i++) {
            d[i * n + i] = first + i * step;
        }
        return Node.constant(Tensor.of(Shape.of(m, n), d).to(x.dtype()));
    }

    private static Node product(LinearAlgebra.Svd svd) {
        return svd.u().mul(svd.vt().transpose().square()).mul(svd.s());
    }
}
