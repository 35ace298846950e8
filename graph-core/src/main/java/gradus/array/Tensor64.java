package gradus.array;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;

/** A tensor of doubles: connects the public methods with the loops over arrays. */
final class Tensor64 extends Tensor {
    private static final Loops64.Zip ADD = Loops.F64.zip(BinaryFunction.ADD);
    private static final Loops64.Zip SUB = Loops.F64.zip(BinaryFunction.SUB);
    private static final Loops64.Zip MUL = Loops.F64.zip(BinaryFunction.MUL);
    private static final Loops64.Zip DIV = Loops.F64.zip(BinaryFunction.DIV);

    /** Elements up to which a row that is broadcast is repeated in an array, for longer loops. */
    private static final int SHORT_ROW = 64;
    /** Elements of such an array, about. */
    private static final int REPEATED = 512;

    final double[] data;

    /** Takes the array over without copying it. */
    Tensor64(Shape shape, double[] data) {
        super(shape);
        this.data = data;
    }

    /** Returns the array of a tensor known to be of this type. */
    static double[] data(Tensor t) {
        return ((Tensor64) t).data;
    }

    @Override
    public DType dtype() {
        return DType.FLOAT64;
    }

    @Override
    /*wide*/ double at(int i) {
        return data[i];
    }

    @Override
    public boolean sharesArrayWith(Tensor t) {
        Arguments.nonNull(t, "sharesArrayWith", "t");
        return t instanceof Tensor64 other && other.data == data;
    }

    @Override
    Tensor view(Shape s) {
        return new Tensor64(s, data);
    }

    @Override
    Tensor newZeros(Shape s) {
        return new Tensor64(s, new double[s.size()]);
    }

    @Override
    public Tensor copy() {
        return new Tensor64(shape(), data.clone());
    }

    @Override
    public /*wide*/ double[] toDoubleArray() {
        /*wide*/ double[] y = new /*wide*/ double[data.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = data[i];
        }
        return y;
    }

    @Override
    public float[] toFloatArray() {
        float[] y = new float[data.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) data[i];
        }
        return y;
    }

    @Override
    public DMatrixRMaj toDMatrix() {
        requireMatrix("toDMatrix");
        return DMatrixRMaj.wrap(shape().dim(0), shape().dim(1), ArrayViews.asDoubles(this));
    }

    @Override
    public FMatrixRMaj toFMatrix() {
        requireMatrix("toFMatrix");
        return FMatrixRMaj.wrap(shape().dim(0), shape().dim(1), ArrayViews.asFloats(this));
    }

    private void requireMatrix(String op) {
        if (shape().rank() != 2) {
            throw new OperandMismatch(op, "only two axes make a matrix", shape());
        }
    }

    @Override
    public Tensor map(DoubleUnaryOperator f) {
        Arguments.nonNull(f, "map", "f");
        double[] y = new double[data.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (double) f.applyAsDouble(data[i]);
        }
        return new Tensor64(shape(), y);
    }

    @Override
    public Tensor map(UnaryFunction f) {
        Arguments.nonNull(f, "map", "f");
        double[] y = new double[data.length];
        Loops64.Map loop = Loops.F64.map(f);
        Chunks.split(y.length, (from, to) -> loop.run(to - from, data, from, y, from));
        return new Tensor64(shape(), y);
    }

    @Override
    public Tensor zip(String op, Tensor b, BinaryFunction f) {
        Arguments.nonNull(f, "zip", "f");
        return zipLoop(op, b, true, Loops.F64.zip(f));
    }

    @Override
    public Tensor zip(String op, Tensor b, DoubleBinaryOperator f) {
        Arguments.nonNull(f, "zip", "f");
        // on this thread alone: a user's function may have state, or wait for a class that this thread is initialising
        return zipLoop(op, b, false, (n, p, po, sp, q, qo, sq, y, yo) -> {
            for (int i = 0; i < n; i++) {
                y[yo + i] = (double) f.applyAsDouble(p[po + i * sp], q[qo + i * sq]);
            }
        });
    }

    @Override
    public Tensor add(Tensor b) {
        Arguments.nonNull(b, "add", "b");
        return areScalars(b) && b instanceof Tensor64 t ? scalar(data[0] + t.data[0]) : zipLoop("add", b, true, ADD);
    }

    @Override
    public Tensor sub(Tensor b) {
        Arguments.nonNull(b, "sub", "b");
        return areScalars(b) && b instanceof Tensor64 t ? scalar(data[0] - t.data[0]) : zipLoop("sub", b, true, SUB);
    }

    @Override
    public Tensor mul(Tensor b) {
        Arguments.nonNull(b, "mul", "b");
        return areScalars(b) && b instanceof Tensor64 t ? scalar(data[0] * t.data[0]) : zipLoop("mul", b, true, MUL);
    }

    @Override
    public Tensor div(Tensor b) {
        Arguments.nonNull(b, "div", "b");
        return areScalars(b) && b instanceof Tensor64 t ? scalar(data[0] / t.data[0]) : zipLoop("div", b, true, DIV);
    }

    private boolean areScalars(Tensor b) {
        return shape().isScalar() && b.shape().isScalar();
    }

    private static Tensor scalar(double y) {
        return new Tensor64(Shape.SCALAR, new double[] {y});
    }

    private Tensor zipLoop(String op, Tensor b, boolean parallel, Loops64.Zip loop) {
        Arguments.nonNull(op, "zip", "op");
        Arguments.nonNull(b, op, "b");
        if (!(b instanceof Tensor64 other)) {
            throw new OperandMismatch(op, Indexing.mixed(this, b), shape(), b.shape());
        }
        Shape out = Shape.broadcast(op, shape(), b.shape());
        double[] y = new double[out.size()];
        if (isOneLoop(y.length, data.length) && isOneLoop(y.length, other.data.length)) {
            int sa = data.length == 1 ? 0 : 1;
            int sb = other.data.length == 1 ? 0 : 1;
            Workers.Body part =
                    (from, to) -> loop.run(to - from, data, sa * from, sa, other.data, sb * from, sb, y, from);
            if (parallel) {
                Chunks.split(y.length, part);
            } else {
                part.run(0, y.length);
            }
        } else if (data.length == y.length && isShortRow(out, b.shape())) {
            // not a loop per row: a row of 16 would cost as much as the call
            double[] rows = repeated(other.data, y.length);
            for (int from = 0; from < y.length; from += rows.length) {
                loop.run(Math.min(rows.length, y.length - from), data, from, 1, rows, 0, 1, y, from);
            }
        } else {
            for (LoopNest w = LoopNest.broadcast(shape(), b.shape(), out); w.hasNext(); w.next()) {
                loop.run(w.length, data, w.startA, w.stepA, other.data, w.startB, w.stepB, y, w.start);
            }
        }
        return new Tensor64(out, y);
    }

    private static boolean isOneLoop(int n, int operand) {
        return operand == n || operand == 1;
    }

    /** Returns whether a tensor is one row that is repeated by broadcasting, and short. */
    private static boolean isShortRow(Shape out, Shape row) {
        int n = row.size();
        return n > 0 && n <= SHORT_ROW && n == out.dim(-1) && row.dim(-1) == n;
    }

    /** Returns a short row repeated, up to a size, for a longer loop. */
    private static double[] repeated(double[] row, int size) {
        int n = row.length;
        double[] rows = Arrays.copyOf(row, Math.min(size, REPEATED / n * n));
        for (int filled = n; filled < rows.length; filled *= 2) {
            System.arraycopy(rows, 0, rows, filled, Math.min(filled, rows.length - filled));
        }
        return rows;
    }

    @Override
    Tensor gather(Shape out, int[] strides) {
        double[] y = new double[out.size()];
        for (LoopNest w = new LoopNest(out, strides, strides); w.hasNext(); w.next()) {
            int from = w.startA;
            int step = w.stepA;
            if (step == 1) {
                System.arraycopy(data, from, y, w.start, w.length);
            } else if (step == 0) {
                Arrays.fill(y, w.start, w.start + w.length, data[from]);
            } else {
                for (int i = 0; i < w.length; i++) {
                    y[w.start + i] = data[from + i * step];
                }
            }
        }
        return new Tensor64(out, y);
    }

    @Override
    Tensor takeBlocksUnchecked(Shape out, int length, int... starts) {
        double[] y = new double[out.size()];
        if (length == 1) { // a copy of one element costs as much as the call
            for (int i = 0; i < starts.length; i++) {
                y[i] = data[starts[i]];
            }
            return new Tensor64(out, y);
        }
        for (int i = 0; i < starts.length; i++) {
            System.arraycopy(data, starts[i], y, i * length, length);
        }
        return new Tensor64(out, y);
    }

    @Override
    Tensor addBlocksUnchecked(Shape out, int length, int... starts) {
        double[] y = new double[out.size()];
        for (int i = 0; i < starts.length; i++) {
            for (int j = 0; j < length; j++) {
                y[starts[i] + j] += data[i * length + j];
            }
        }
        return new Tensor64(out, y);
    }

    @Override
    Tensor sumsOfRows(int[] positions, int[] ends) {
        double[] y = new double[ends.length * rowLength()];
        Rows64.sums(rowLength(), positions, ends, data, y);
        return new Tensor64(shape().with(0, ends.length), y);
    }

    @Override
    void increaseRows(Tensor x, int... indices) {
        Rows64.increase(rowLength(), indices, data(x), data);
    }

    @Override
    void copyRows(int[] indices, int first, Tensor y) {
        Rows64.copy(rowLength(), indices, first, y.shape().dim(0), data, data(y));
    }

    @Override
    void replaceRows(int[] indices, int first, Tensor x) {
        Rows64.replace(rowLength(), indices, first, x.shape().dim(0), data(x), data);
    }

    private int rowLength() {
        return shape().span(1, shape().rank());
    }

    @Override
    Tensor select(Shape out, Tensor mask, Tensor other) {
        double[] m = data(mask);
        double[] b = data(other);
        double[] y = new double[out.size()];
        int ms = m.length == 1 ? 0 : 1;
        int as = data.length == 1 ? 0 : 1;
        int bs = b.length == 1 ? 0 : 1;
        Chunks.split(y.length, (from, to) -> Loops.F64.choose(from, to, m, ms, data, as, b, bs, y));
        return new Tensor64(out, y);
    }

    @Override
    int notMask() {
        return Loops.F64.notMask(data.length, data, 0);
    }

    @Override
    public boolean hasNaN() {
        return shape().isScalar() ? Double.isNaN(data[0]) : Loops.F64.hasNaN(data.length, data, 0);
    }

    @Override
    boolean hasZeroRow(int outer, int n, int inner) {
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < inner; j++) {
                int at = i * n * inner + j;
                int k = 0;
                while (k < n && data[at + k * inner] == 0) {
                    k++;
                }
                if (k == n) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    void copyBlocks(int from, int stride, Tensor to, int at, int strideTo, int count, int length) {
        double[] y = data(to);
        for (int i = 0; i < count; i++) {
            System.arraycopy(data, from + i * stride, y, at + i * strideTo, length);
        }
    }

    @Override
    Tensor reduce(Reduction kind, boolean columns, int m, int n, Shape out) {
        double[] y = new double[out.size()];
        if (columns) {
            Reduce64.columns(kind, m, n, data, y);
        } else {
            Reduce64.rows(kind, m, n, data, y);
        }
        return new Tensor64(out, y);
    }

    @Override
    Tensor softmaxGradient(boolean log, int m, int n, Tensor gy) {
        double[] gx = new double[data.length];
        if (log) {
            Softmax64.logSoftmaxGradient(m, n, data, ((Tensor64) gy).data, gx);
        } else {
            Softmax64.softmaxGradient(m, n, data, ((Tensor64) gy).data, gx);
        }
        return new Tensor64(shape(), gx);
    }

    @Override
    Tensor logSumExpGradient(int m, int n, Tensor gy) {
        double[] gx = new double[data.length];
        Softmax64.logSumExpGradient(m, n, data, data(gy), gx);
        return new Tensor64(shape(), gx);
    }

    @Override
    Tensor rowwise(RowFunction kind, int m, int n, Shape out) {
        double[] y = new double[out.size()];
        switch (kind) {
            case SOFTMAX -> Softmax64.softmax(m, n, data, y);
            case LOG_SOFTMAX -> Softmax64.logSoftmax(m, n, data, y);
            case LOG_SUM_EXP -> Softmax64.logSumExp(m, n, data, y);
            case ARGMAX -> Sort64.argmax(m, n, data, y);
            case ARGMIN -> Sort64.argmin(m, n, data, y);
            case ARGSORT -> Sort64.argsort(false, m, n, data, y);
            case ARGSORT_DESCENDING -> Sort64.argsort(true, m, n, data, y);
            case CUMARGMAX -> Scan64.cumargmax(m, n, data, y);
            case CUMARGMIN -> Scan64.cumargmin(m, n, data, y);
            case LOG_CUM_SUM_EXP -> Scan64.logCumSumExp(m, n, data, y);
            case CUMSUM -> Sort64.cumsum(m, n, data, y);
            case CUMSUM_REVERSE -> Sort64.cumsumReverse(m, n, data, y);
        }
        return new Tensor64(out, y);
    }

    @Override
    Tensor recurrence(boolean reverse, int m, int n, Tensor factors) {
        double[] y = new double[data.length];
        if (reverse) {
            Scan64.recurrenceReverse(m, n, data, data(factors), y);
        } else {
            Scan64.recurrence(m, n, data, data(factors), y);
        }
        return new Tensor64(shape(), y);
    }

    @Override
    Tensor cumsumUnchecked(boolean reverse, int outer, int n, int inner) {
        double[] y = new double[data.length];
        Sort64.cumsum(reverse, outer, n, inner, data, y);
        return new Tensor64(shape(), y);
    }

    @Override
    void product(int m, int n, int k, int ao, boolean ta, Tensor b, int bo, boolean tb, Tensor y, int yo) {
        Loops.MATMUL64.product(m, n, k, data, ao, ta, data(b), bo, tb, data(y), yo);
    }
}
