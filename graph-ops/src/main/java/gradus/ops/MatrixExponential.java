package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Node;

/**
 * The exponential of matrices by scaling and squaring: {@code exp(A) = r(A / 2^s)^(2^s)}, where r is the Padé approximant of degree
 * 13, {@code r(X) = q(X) / q(-X)}, exact to rounding for matrices of a norm up to 5.37. After Higham, "The scaling and squaring
 * method for the matrix exponential revisited" (2005).
 */
final class MatrixExponential {
    private static final double LARGEST_NORM = 5.371920351148152;
    private static final double[] Q = coefficients();

    private MatrixExponential() {}

    /** Returns the coefficients of q: {@code (26 - k)! 13! / (26! k! (13 - k)!)}. */
    private static double[] coefficients() {
        double[] q = new double[14];
        q[0] = 1;
        for (int k = 1; k < q.length; k++) {
            q[k] = q[k - 1] * (14 - k) / (k * (27 - k));
        }
        return q;
    }

    static Node of(Node a) {
        if (a.shape().size() == 0) {
            return a;
        }
        double norm = largestColumnSum(a.value());
        int squarings = Math.max(0, (int) Math.ceil(Math.log(norm / LARGEST_NORM) / Math.log(2)));
        Node x = a.mul(Math.scalb(1.0, -squarings));
        Node x2 = x.matmul(x);
        Node x4 = x2.matmul(x2);
        Node x6 = x4.matmul(x2);
        Node identity = Node.constant(Tensor.eye(a.shape().dim(-1), a.dtype()));
        Node odd = x6.matmul(sum(7, x2, x4, x6)).add(sum(1, x2, x4, x6)).add(identity.mul(Q[1]));
        odd = x.matmul(odd);
        Node even = x6.matmul(sum(6, x2, x4, x6)).add(sum(0, x2, x4, x6)).add(identity.mul(Q[0]));
        Node y = LinearAlgebra.solve(even.sub(odd), even.add(odd));
        for (int i = 0; i < squarings; i++) {
            y = y.matmul(y);
        }
        return y;
    }

    /** Returns {@code q[k + 2] x2 + q[k + 4] x4 + q[k + 6] x6}. */
    private static Node sum(int k, Node x2, Node x4, Node x6) {
        return x2.mul(Q[k + 2]).add(x4.mul(Q[k + 4])).add(x6.mul(Q[k + 6]));
    }

    private static double largestColumnSum(Tensor a) {
        double norm = a.abs().sum(-2).max().item();
        if (!Double.isFinite(norm)) {
            throw new OperandMismatch("expm", "an element is NaN or infinite", a.shape());
        }
        return norm;
    }
}
