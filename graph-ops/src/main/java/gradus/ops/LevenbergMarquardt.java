package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import gradus.graph.Derivatives;
import gradus.graph.NoGradient;
import gradus.graph.Node;
import gradus.ops.Minimize.Result;
import gradus.ops.Minimize.Status;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** The method of {@link Minimize#leastSquares}. A step is a linear least squares problem, solved by QR decomposition. */
final class LevenbergMarquardt {
    private static final double FIRST_DAMPING = 1e-3;
    private static final double LARGEST_DAMPING = 1e30;
    /** A damping that hardly changes a step, but for directions in which the residuals do not change. */
    private static final double NO_DAMPING = 1e-12;
    /** What half the sum of squares is rounded by, relative to its size. */
    private static final double ROUNDING = 16 * Math.ulp(1.0);

    private final String name;
    private final UnaryOperator<Node> residuals;
    private final Tensor start;
    private final MinimizeOptions options;
    private final int n;
    private final double[] scale;
    private int evaluations;

    LevenbergMarquardt(String name, UnaryOperator<Node> residuals, Tensor start, MinimizeOptions options) {
        this.name = name;
        this.residuals = residuals;
        this.start = start;
        this.options = options;
        this.n = start.size();
        this.scale = new double[n];
    }

    Result run() {
        Objective.requireDependent(name, residuals, start, false);
        double[] x = start.toDoubleArray();
        double[] r = residuals(x);
        if (r.length < n) {
            throw new OperandMismatch(
                    name,
                    "there must be as many residuals as unknowns at least",
                    r.length + " residuals",
                    start.shape());
        }
        DMatrixRMaj j = jacobian(x, r.length);
        double[] gradient = gradient(j, r);
        double value = half(r);
        if (!Double.isFinite(value) || !Double.isFinite(Vectors.largest(gradient))) {
            throw new ArithmeticException(name + ": at the start half the sum of squares is " + value
                    + ", and the largest element of the gradient " + Vectors.largest(gradient)
                    + ": both must be finite");
        }
        double damping = FIRST_DAMPING;
        double growth = 2;
        int k = 0;
        Status status = isFlat(j, r) ? Status.CONVERGED : Status.MAX_ITERATIONS;
        for (; status == Status.MAX_ITERATIONS && k < options.maxIterations(); k++) {
            updateScale(j);
            double[] p = step(j, r, damping);
            double[] next = x.clone();
            Arrays.setAll(next, i -> next[i] + p[i]);
            double[] nextR = trial(next);
            double predicted = predicted(j, damping, p);
            double actual = value - half(nextR);
            boolean still = scaled(p) <= options.stepTolerance() * scaled(x);
            if (actual > 0) {
                x = next;
                r = nextR;
                value = half(r);
                j = jacobian(x, r.length);
                double ratio = 2 * actual / predicted - 1;
                damping *= Math.max(1.0 / 3, 1 - ratio * ratio * ratio);
                growth = 2;
                status = isFlat(j, r) ? Status.CONVERGED : status;
            } else { // also if a residual is not finite there
                damping *= growth;
                growth *= 2;
                still |= damping > LARGEST_DAMPING;
            }
            if (still && status == Status.MAX_ITERATIONS) {
                double[] full = step(j, r, NO_DAMPING); // a damped one is short wherever it is
                boolean small = scaled(full) <= options.gradientTolerance() * scaled(x)
                        || predicted(j, NO_DAMPING, full) <= ROUNDING * value;
                status = small ? Status.CONVERGED : Status.STALLED;
            }
        }
        return new Result(status, tensor(x), value, k, evaluations, Vectors.largest(gradient(j, r)));
    }

    /** Returns whether the residuals are orthogonal to the columns of the Jacobian, or 0. */
    private boolean isFlat(DMatrixRMaj j, double... r) {
        double[] g = gradient(j, r);
        double size = Vectors.norm(r);
        boolean flat = true;
        for (int c = 0; c < n; c++) {
            flat &= Math.abs(g[c]) <= options.gradientTolerance() * norm(j, c) * size;
        }
        return flat;
    }

    /** Returns the norm of a vector whose elements are multiplied by the norms of the Jacobian's columns. */
    private double scaled(double... v) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += scale[i] * v[i] * scale[i] * v[i];
        }
        return Math.sqrt(sum);
    }

    private static double norm(DMatrixRMaj j, int column) {
        double sum = 0;
        for (int i = 0; i < j.numRows; i++) {
            sum += j.get(i, column) * j.get(i, column);
        }
        return Math.sqrt(sum);
    }

    /** Returns the residuals at a trial point; infinity where the function refuses it. */
    private double[] trial(double... x) {
        try {
            return residuals(x);
        } catch (OperandMismatch | ArithmeticException e) {
            return new double[] {Double.POSITIVE_INFINITY};
        }
    }

    private double[] residuals(double... x) {
        evaluations++;
        Tensor r = NoGradient.run(() -> {
                    Node y = residuals.apply(Node.constant(tensor(x)));
                    if (y == null) {
                        throw new IllegalStateException(name + ": the function returned null");
                    }
                    return y;
                })
                .value();
        return r.toDoubleArray();
    }

    /** Returns the derivatives of m residuals, by rows or by columns, whichever takes fewer backward passes. */
    private DMatrixRMaj jacobian(double[] at, int m) {
        Tensor x = tensor(at);
        UnaryOperator<Node> flat = v -> residuals.apply(v).flatten();
        if (m <= 2 * n) {
            return Derivatives.jacobian(flat, x).reshape(m, n).to(DType.FLOAT64).toDMatrix();
        }
        DMatrixRMaj j = new DMatrixRMaj(m, n);
        for (int c = 0; c < n; c++) {
            double[] unit = new double[n];
            unit[c] = 1;
            double[] column = Derivatives.jvp(flat, x, tensor(unit)).toDoubleArray();
            for (int i = 0; i < m; i++) {
                j.set(i, c, column[i]);
            }
        }
        return j;
    }

    private void updateScale(DMatrixRMaj j) {
        for (int c = 0; c < n; c++) {
            scale[c] = Math.max(scale[c], norm(j, c));
        }
    }

    private double[] step(DMatrixRMaj j, double[] r, double damping) {
        int m = r.length;
        DMatrixRMaj a = new DMatrixRMaj(m + n, n);
        CommonOps_DDRM.insert(j, a, 0, 0);
        DMatrixRMaj b = new DMatrixRMaj(m + n, 1);
        for (int i = 0; i < m; i++) {
            b.set(i, 0, -r[i]);
        }
        for (int c = 0; c < n; c++) {
            // an unknown that no residual depends on does not move
            a.set(m + c, c, Math.sqrt(damping) * (scale[c] > 0 ? scale[c] : 1));
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.qr(m + n, n);
        DMatrixRMaj p = new DMatrixRMaj(n, 1);
        if (solver.setA(a)) {
            solver.solve(b, p);
        }
        return p.data;
    }

    /** Returns by how much the linear model of the residuals falls: {@code |J p|^2 / 2 + mu |D p|^2}, as p solves the equations. */
    private double predicted(DMatrixRMaj j, double damping, double... p) {
        DMatrixRMaj change = new DMatrixRMaj(j.numRows, 1);
        CommonOps_DDRM.mult(j, DMatrixRMaj.wrap(n, 1, p), change);
        double length = scaled(p);
        return half(change.data) + damping * length * length;
    }

    private static double[] gradient(DMatrixRMaj j, double... r) {
        DMatrixRMaj g = new DMatrixRMaj(j.numCols, 1);
        CommonOps_DDRM.multTransA(j, DMatrixRMaj.wrap(r.length, 1, r), g);
        return g.data;
    }

    private static double half(double... r) {
        return Vectors.dot(r, r) / 2;
    }

    private Tensor tensor(double... x) {
        return Tensor.of(start.shape(), x).to(start.dtype());
    }
}
