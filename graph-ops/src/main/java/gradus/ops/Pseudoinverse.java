package gradus.ops;

import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The Moore-Penrose inverse P of a matrix, by its singular values. For a change dA that keeps the rank, {@code dP = -P dA P + P
 * P^T dA^T (I - A P) + (I - P A) dA^T P^T P} (Golub and Pereyra, 1973).
 */
final class Pseudoinverse {
    private Pseudoinverse() {}

    static final Op PINV = Op.unary("pinv", Pseudoinverse::of, (c, gy) -> {
        Node a = c.x(0);
        Node p = c.y();
        Node pt = p.transpose(-2, -1);
        Node gt = gy.transpose(-2, -1);
        Node direct = pt.matmul(gy).matmul(pt).neg();
        Node rightResidual = gt.sub(a.matmul(p.matmul(gt))).matmul(p).matmul(pt);
        Node left = pt.matmul(p.matmul(gt));
        Node leftResidual = left.sub(left.matmul(p).matmul(a));
        return direct.add(rightResidual).add(leftResidual);
    });

    private static Tensor of(Tensor x) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        double threshold = Math.max(m, n) * MatrixBatch.eps(x.dtype());
        MatrixBatch.MatrixFunction f = (subject, a) -> new DMatrixRMaj[] {of(subject, a[0], threshold)};
        return MatrixBatch.each("pinv", f, new Shape[] {Shape.of(n, m)}, x)[0];
    }

    private static DMatrixRMaj of(String subject, DMatrixRMaj a, double threshold) {
        DMatrixRMaj[] usv = Decompositions.Svd.factors("pinv", subject, a);
        DMatrixRMaj s = usv[1];
        for (int i = 0; i < s.numRows; i++) {
            double inverse = s.get(i) <= threshold * s.get(0) ? 0 : 1 / s.get(i);
            CommonOps_DDRM.scaleCol(inverse, usv[0], i);
        }
        DMatrixRMaj p = new DMatrixRMaj(a.numCols, a.numRows);
        CommonOps_DDRM.multTransAB(usv[2], usv[0], p);
        return p;
    }
}
