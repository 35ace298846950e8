package gradus.array;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;

/** A tensor of floats: connects the public methods with the loops over arrays. */
// Made from its twin ending in 64 by Twins; edit that one.
final class Tensor32 extends Tensor {
    private static final Loops32.Zip ADD = Loops.F32.zip(BinaryFunction.ADD);
    private static final Loops32.Zip SUB = Loops.F32.zip(BinaryFunction.SUB);
    private static final Loops32.Zip MUL = Loops.F32.zip(BinaryFunction.MUL);
    private static final Loops32.Zip DIV = Loops.F32.zip(BinaryFunction.DIV);

    /** Elements up to which a row that is broadcast is repeated in an array, for longer loops. */
    private static final int SHORT_ROW = 64;
    /** Elements of such an array, about. */
    private static final int REPEATED = 512;

    final float[] data;

    /** Takes the array over without copying it. */
    Tensor32(Shape shape, float[] data) {
        super(shape);
        this.data = data;
    }

    /** Returns the array of a tensor known to be of this type. */
    static float[] data(Tensor t) {
        return ((Tensor32) t).data;
    }

    @Override
    public DType dtype() {
        return DType.FLOAT32;
    }

    @Override
    /*wide*/ double at(int i) {
        return data[i];
    }

    @Override
    public boolean sharesArrayWith(Tensor t) {
        Arguments.nonNull(t, "sharesArrayWith", "t");
        return t instanceof Tensor32 other && other.data == data;
    }

    @Override
    Tensor view(Shape s) {
        return new Tensor32(s, data);
    }

    @Override
    Tensor newZeros(Shape s) {
        return new Tensor32(s, new float[s.size()]);
    }

    @Override
    public Tensor copy() {
        return new Tensor32(shape(), data.clone());
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
        float[] y = new float[data.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) f.applyAsDouble(data[i]);
        }
        return new Tensor32(shape(), y);
    }

    @Override
    public Tensor map(UnaryFunction f) {
        Arguments.nonNull(f, "map", "f");
        float[] y = new float[data.length];
        Loops32.Map loop = Loops.F32.map(f);
        Chunks.split(y.length, (from, to) -> loop.run(to - from, data, from, y, from));
        return new Tensor32(shape(), y);
    }

    @Override
    public Tensor zip(String op, Tensor b, BinaryFunction f) {
        Arguments.nonNull(f, "zip", "f");
        return zipLoop(op, b, true, Loops.F32.zip(f));
    }

    @Override
    public Tensor zip(String op, Tensor b, DoubleBinaryOperator f) {
        Arguments.nonNull(f, "zip", "f");
        // on this thread alone: a user's function may have state, or wait for a class that this thread is initialising
        return zipLoop(op, b, false, (n, p, po, sp, q, qo, sq, y, yo) -> {
            for (int i = 0; i < n; i++) {
                y[yo + i] = (float) f.applyAsDouble(p[po + i * sp], q[qo + i * sq]);
            }
        });
    }

    @Override
    public Tensor add(Tensor b) {
        Arguments.nonNull(b, "add", "b");
        return areScalars(b) && b instanceof Tensor32 t ? scalar(data[0] + t.data[0]) : zipLoop("add", b, true, ADD);
    }

    @Override
    public Tensor sub(Tensor b) {
        Arguments.nonNull(b, "sub", "b");
        return areScalars(b) && b instanceof Tensor32 t ? scalar(data[0] - t.data[0]) : zipLoop("sub", b, true, SUB);
    }

    @Override
    public Tensor mul(Tensor b) {
        Arguments.nonNull(b, "mul", "b");
        return areScalars(b) && b instanceof Tensor32 t ? scalar(data[0] * t.data[0]) : zipLoop("mul", b, true, MUL);
    }

    @Override
    public Tensor div(Tensor b) {
        Arguments.nonNull(b, "div", "b");
        return areScalars(b) && b instanceof Tensor32 t ? scalar(data[0] / t.data[0]) : zipLoop("div", b, true, DIV);
    }

    private boolean areScalars(Tensor b) {
        return shape().isScalar() && b.shape().isScalar();
    }

    private static Tensor scalar(float y) {
        return new Tensor32(Shape.SCALAR, new float[] {y});
    }

    private Tensor zipLoop(String op, Tensor b, boolean parallel, Loops32.Zip loop) {
        Arguments.nonNull(op, "zip", "op");
        Arguments.nonNull(b, op, "b");
        if (!(b instanceof Tensor32 other)) {
            throw new OperandMismatch(op, Indexing.mixed(this, b), shape(), b.shape());
        }
        Shape out = Shape.broadcast(op, shape(), b.shape());
        float[] y = new float[out.size()];
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
            float[] rows = repeated(other.data, y.length);
            for (int from = 0; from < y.length; from += rows.length) {
                loop.run(Math.min(rows.length, y.length - from), data, from, 1, rows, 0, 1, y, from);
            }
        } else {
            for (LoopNest w = LoopNest.broadcast(shape(), b.shape(), out); w.hasNext(); w.next()) {
                loop.run(w.length, data, w.startA, w.stepA, other.data, w.startB, w.stepB, y, w.start);
            }
        }
        return new Tensor32(out, y);
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
    private static float[] repeated(float[] row, int size) {
        int n = row.length;
        float[] rows = Arrays.copyOf(row, Math.min(size, REPEATED / n * n));
        for (int filled = n; filled < rows.length; filled *= 2) {
            System.arraycopy(rows, 0, rows, filled, Math.min(filled, rows.length - filled));
        }
        return rows;
    }

    @Override
    Tensor gather(Shape out, int[] strides) {
        float[] y = new float[out.size()];
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
        return new Tensor32(out, y);
    }

    @Override
    Tensor takeBlocksUnchecked(Shape out, int length, int... starts) {
        float[] y = new float[out.size()];
        if (length == 1) { // a copy of one element costs as much as the call
            for (int i = 0; i < starts.length; i++) {
                y[i] = data[starts[i]];
            }
            return new Tensor32(out, y);
        }
        for (int i = 0; i < starts.length; i++) {
            System.arraycopy(data, starts[i], y, i * length, length);
        }
        return new Tensor32(out, y);
    }

    @Override
    Tensor addBlocksUnchecked(Shape out, int length, int... starts) {
        float[] y = new float[out.size()];
        for (int i = 0; i < starts.length; i++) {
            for (int j = 0; j < length; j++) {
                y[starts[i] + j] += data[i * length + j];
            }
        }
        return new Tensor32(out, y);
    }

    @Override
    Tensor sumsOfRows(int[] positions, int[] ends) {
        float[] y = new float[ends.length * rowLength()];
        Rows32.sums(rowLength(), positions, ends, data, y);
        return new Tensor32(shape().with(0, ends.length), y);
    }

    @Override
    void increaseRows(Tensor x, int... indices) {
        Rows32.increase(rowLength(), indices, data(x), data);
    }

    @Override
    void copyRows(int[] indices, int first, Tensor y) {
        Rows32.copy(rowLength(), indices, first, y.shape().dim(0), data, data(y));
    }

    @Override
    void replaceRows(int[] indices, int first, Tensor x) {
        Rows32.replace(rowLength(), indices, first, x.shape().dim(0), data(x), data);
    }

    private int rowLength() {
        return shape().span(1, shape().rank());
    }

    @Override
    Tensor select(Shape out, Tensor mask, Tensor other) {
        float[] m = data(mask);
        float[] b = data(other);
        float[] y = new float[out.size()];
        int ms = m.length == 1 ? 0 : 1;
        int as = data.length == 1 ? 0 : 1;
        int bs = b.length == 1 ? 0 : 1;
        Chunks.split(y.length, (from, to) -> Loops.F32.choose(from, to, m, ms, data, as, b, bs, y));
        return new Tensor32(out, y);
    }

    @Override
    int notMask() {
        return Loops.F32.notMask(data.length, data, 0);
    }

    @Override
    public boolean hasNaN() {
        return shape().isScalar() ? Double.isNaN(data[0]) : Loops.F32.hasNaN(data.length, data, 0);
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
        float[] y = data(to);
        for (int i = 0; i < count; i++) {
            System.arraycopy(data, from + i * stride, y, at + i * strideTo, length);
        }
    }

    @Override
    Tensor reduce(Reduction kind, boolean columns, int m, int n, Shape out) {
        float[] y = new float[out.size()];
        if (columns) {
            Reduce32.columns(kind, m, n, data, y);
        } else {
            Reduce32.rows(kind, m, n, data, y);
        }
        return new Tensor32(out, y);
    }

    @Override
    Tensor softmaxGradient(boolean log, int m, int n, Tensor gy) {
        float[] gx = new float[data.length];
        if (log) {
            Softmax32.logSoftmaxGradient(m, n, data, ((Tensor32) gy).data, gx);
        } else {
            Softmax32.softmaxGradient(m, n, data, ((Tensor32) gy).data, gx);
        }
        return new Tensor32(shape(), gx);
    }

    @Override
    Tensor logSumExpGradient(int m, int n, Tensor gy) {
        float[] gx = new float[data.length];
        Softmax32.logSumExpGradient(m, n, data, data(gy), gx);
        return new Tensor32(shape(), gx);
    }

    @Override
    Tensor rowwise(RowFunction kind, int m, int n, Shape out) {
        float[] y = new float[out.size()];
        switch (kind) {
            case SOFTMAX -> Softmax32.softmax(m, n, data, y);
            case LOG_SOFTMAX -> Softmax32.logSoftmax(m, n, data, y);
            case LOG_SUM_EXP -> Softmax32.logSumExp(m, n, data, y);
            case ARGMAX -> Sort32.argmax(m, n, data, y);
            case ARGMIN -> Sort32.argmin(m, n, data, y);
            case ARGSORT -> Sort32.argsort(false, m, n, data, y);
            case ARGSORT_DESCENDING -> Sort32.argsort(true, m, n, data, y);
            case CUMARGMAX -> Scan32.cumargmax(m, n, data, y);
            case CUMARGMIN -> Scan32.cumargmin(m, n, data, y);
            case LOG_CUM_SUM_EXP -> Scan32.logCumSumExp(m, n, data, y);
            case CUMSUM -> Sort32.cumsum(m, n, data, y);
            case CUMSUM_REVERSE -> Sort32.cumsumReverse(m, n, data, y);
        }
        return new Tensor32(out, y);
    }

    @Override
    Tensor recurrence(boolean reverse, int m, int n, Tensor factors) {
        float[] y = new float[data.length];
        if (reverse) {
            Scan32.recurrenceReverse(m, n, data, data(factors), y);
        } else {
            Scan32.recurrence(m, n, data, data(factors), y);
        }
        return new Tensor32(shape(), y);
    }

    @Override
    Tensor cumsumUnchecked(boolean reverse, int outer, int n, int inner) {
        float[] y = new float[data.length];
        Sort32.cumsum(reverse, outer, n, inner, data, y);
        return new Tensor32(shape(), y);
    }

    @Override
    void product(int m, int n, int k, int ao, boolean ta, Tensor b, int bo, boolean tb, Tensor y, int yo) {
        Loops.MATMUL32.product(m, n, k, data, ao, ta, data(b), bo, tb, data(y), yo);
    }
}
