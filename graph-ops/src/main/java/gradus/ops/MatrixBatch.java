package gradus.ops;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;

/**
 * Functions of matrices applied to each matrix of a batch, the last two axes of tensors {@code [.., m, n]}. They compute in
 * FLOAT64; a FLOAT32 result is rounded at the end.
 */
final class MatrixBatch {
    private MatrixBatch() {}

    /** A function of one matrix of each operand. */
    @FunctionalInterface
    interface MatrixFunction {
        /**
         * Returns the results.
         *
         * @param subject how an error calls the first matrix: {@code the matrix}, or {@code the matrix at [2]}
         */
        DMatrixRMaj[] apply(String subject, DMatrixRMaj... x);
    }

    /**
     * Returns the results of a function of each matrix of a batch.
     *
     * @param results the shape of each result without the axes of the batch
     * @param x operands with equal leading axes
     * @throws OperandMismatch if an operand has an element that is NaN or infinite
     */
    static Tensor[] each(String op, MatrixFunction f, Shape[] results, Tensor... x) {
        Shape batch = leading(x[0].shape());
        double[][] in = Arrays.stream(x).map(Tensor::toDoubleArray).toArray(double[][]::new);
        double[][] out = new double[results.length][];
        for (int r = 0; r < out.length; r++) {
            out[r] = new double[join(batch, results[r]).size()];
        }
        for (int b = 0; b < batch.size(); b++) {
            String subject = "the matrix" + ClassIndices.position(batch, b);
            DMatrixRMaj[] y = f.apply(subject, matrices(op, b, in, x));
            for (int r = 0; r < out.length; r++) {
                int size = results[r].size();
                System.arraycopy(y[r].data, 0, out[r], b * size, size);
            }
        }
        Tensor[] tensors = new Tensor[out.length];
        DType dtype = x[0].dtype();
        Arrays.setAll(tensors, r -> Tensor.of(join(batch, results[r]), out[r]).to(dtype));
        return tensors;
    }

    private static DMatrixRMaj[] matrices(String op, int b, double[][] in, Tensor... x) {
        DMatrixRMaj[] matrices = new DMatrixRMaj[x.length];
        for (int i = 0; i < x.length; i++) {
            int rows = x[i].shape().dim(-2);
            int columns = x[i].shape().dim(-1);
            int size = rows * columns;
            matrices[i] = DMatrixRMaj.wrap(rows, columns, Arrays.copyOfRange(in[i], b * size, (b + 1) * size));
            for (double v : matrices[i].data) {
                if (!Double.isFinite(v)) {
                    throw new OperandMismatch(op, "an element of operand " + i + " is " + v, (Object[]) shapes(x));
                }
            }
        }
        return matrices;
    }

    private static Shape[] shapes(Tensor... x) {
        return Arrays.stream(x).map(Tensor::shape).toArray(Shape[]::new);
    }

    /** Returns the shape without its last two axes. */
    static Shape leading(Shape s) {
        return Shape.of(Arrays.copyOf(s.dims(), s.rank() - 2));
    }

    /**
     * Returns the shape to which the axes before the last two broadcast.
     *
     * @throws OperandMismatch naming the axis of the matrices that does not
     */
    static Shape broadcast(String op, Shape a, Shape b) {
        return leading(
                Shape.broadcast(op, a.with(-2, 1).with(-1, 1), b.with(-2, 1).with(-1, 1)));
    }

    /** Returns the axes of one shape before those of another. */
    static Shape join(Shape first, Shape second) {
        int[] dims = Arrays.copyOf(first.dims(), first.rank() + second.rank());
        System.arraycopy(second.dims(), 0, dims, first.rank(), second.rank());
        return Shape.of(dims);
    }

    /** Requires matrices {@code [.., m, n]}. */
    static void requireMatrices(String op, Node a) {
        Objects.requireNonNull(a, () -> op + ": the matrix is null");
        if (a.shape().rank() < 2) {
            throw new OperandMismatch(op, "it takes matrices [.., m, n]", a.label());
        }
    }

    /** Requires square matrices {@code [.., n, n]}. */
    static void requireSquare(String op, Node a) {
        requireMatrices(op, a);
        if (a.shape().dim(-1) != a.shape().dim(-2)) {
            throw new OperandMismatch(op, "it takes square matrices [.., n, n]", a.label());
        }
    }

    /** Returns the distance from 1 to the next number of a type. */
    static double eps(DType dtype) {
        return dtype == DType.FLOAT32 ? Math.ulp(1f) : Math.ulp(1.0);
    }
}
