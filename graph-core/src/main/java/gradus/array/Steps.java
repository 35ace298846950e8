package gradus.array;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Optimizer steps, one fused pass over a parameter, its gradient and its state, and sums that grow. These are the only
 * loops that write into an existing tensor, the first argument. No other code may refer to its array, as {@code Node.update}
 * ensures. All tensors of one call have the same shape and number type. With a row-sparse gradient, a step reads and
 * writes only the rows that it has.
 */
public final class Steps {
    /** The elements of the rows, about, that are copied at a time: they stay in the processor's cache. */
    private static final int COPIED = 1 << 13;

    private Steps() {}

    /** How a velocity is kept: PyTorch's {@code SGD} arguments of the same names. */
    public record Momentum(double momentum, double dampening, boolean nesterov) {}

    /** The constants of Adam (Kingma and Ba, 2015), PyTorch's form: epsilon is added outside the root. */
    public record Adam(double beta1, double beta2, double epsilon) {}

    /** A sum that grows: {@code y += x}. */
    public static void add(Tensor y, Tensor x) {
        check(y, x);
        if (y instanceof Tensor64 t) {
            Steps64.add(t.data, Tensor64.data(x));
        } else {
            Steps32.add(Tensor32.data(y), Tensor32.data(x));
        }
    }

    /** A sum that grows by some rows: {@code y += x}. */
    public static void add(Tensor y, RowSparse x) {
        check(y, x);
        x.addTo(y);
    }

    /** A product with a number: {@code y *= factor}. */
    public static void scale(Tensor y, double factor) {
        if (y instanceof Tensor64 t) {
            Steps64.scale(t.data, factor);
        } else {
            Steps32.scale(Tensor32.data(y), factor);
        }
    }

    /** The rows that x has, multiplied by a number; the others of y stay as they are. */
    public static void scale(Tensor y, RowSparse x, double factor) {
        check(y, x);
        byRows(x, rows -> scale(rows[1], factor), y);
    }

    /** Plain descent with an L2 penalty: {@code p -= lr (g + l2 p)}. */
    public static void sgd(Tensor p, Tensor g, double lr, double l2) {
        check(p, g);
        if (p instanceof Tensor64 t) {
            Steps64.sgd(t.data, Tensor64.data(g), lr, l2);
        } else {
            Steps32.sgd(Tensor32.data(p), Tensor32.data(g), lr, l2);
        }
    }

    /** Plain descent of the rows that the gradient has. */
    public static void sgd(Tensor p, RowSparse g, double lr, double l2) {
        check(p, g);
        byRows(g, rows -> sgd(rows[1], rows[0], lr, l2), p);
    }

    /**
     * Descent with a velocity, as PyTorch writes it: {@code d = g + l2 p; v = momentum v + (1 - dampening) d;
     * p -= lr v}, or {@code p -= lr (d + momentum v)} in Nesterov's form.
     */
    public static void momentum(Tensor p, Tensor g, Tensor v, Momentum rule, double lr, double l2) {
        check(p, g);
        if (p instanceof Tensor64 t) {
            Steps64.momentum(t.data, Tensor64.data(g), Tensor64.data(v), rule, lr, l2);
        } else {
            Steps32.momentum(Tensor32.data(p), Tensor32.data(g), Tensor32.data(v), rule, lr, l2);
        }
    }

    /** Descent with a velocity, of the rows that the gradient has. */
    public static void momentum(Tensor p, RowSparse g, Tensor v, Momentum rule, double lr, double l2) {
        check(p, g);
        byRows(g, rows -> momentum(rows[1], rows[0], rows[2], rule, lr, l2), p, v);
    }

    /**
     * Adam with bias correction: {@code d = g + l2 p; m = b1 m + (1 - b1) d; v = b2 v + (1 - b2) d^2;
     * p -= lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)}.
     *
     * @param step t, counted from 1
     */
    public static void adam(Tensor p, Tensor g, Tensor m, Tensor v, Adam rule, int step, double lr, double l2) {
        check(p, g);
        if (p instanceof Tensor64 t) {
            Steps64.adam(t.data, Tensor64.data(g), Tensor64.data(m), Tensor64.data(v), rule, step, lr, l2);
        } else {
            Steps32.adam(Tensor32.data(p), Tensor32.data(g), Tensor32.data(m), Tensor32.data(v), rule, step, lr, l2);
        }
    }

    /** Adam of the rows that the gradient has. */
    public static void adam(Tensor p, RowSparse g, Tensor m, Tensor v, Adam rule, int step, double lr, double l2) {
        check(p, g);
        byRows(g, rows -> adam(rows[1], rows[0], rows[2], rows[3], rule, step, lr, l2), p, m, v);
    }

    /**
     * Runs a step on the rows of the gradient and on copies of the same rows of other tensors, some at a time, and writes these
     * back. Loops that read one array by index and another one in order would not become vector instructions.
     */
    private static void byRows(RowSparse g, Consumer<Tensor[]> step, Tensor... all) {
        int[] at = g.indices().array();
        Tensor rows = g.rows();
        int length = rows.shape().span(1, rows.shape().rank());
        Workers.split(at.length, rows.size() >= Chunks.LARGE, (from, to) -> {
            int n = Math.max(1, COPIED / Math.max(1, length));
            Tensor[] copies = new Tensor[0];
            for (int first = from; first < to; first += n) {
                n = Math.min(n, to - first);
                if (copies.length == 0 || copies[0].shape().dim(0) != n) {
                    copies = copies(rows.shape().with(0, n), rows.dtype(), 1 + all.length);
                }
                rows.copyBlocks(first * length, 0, copies[0], 0, 0, 1, n * length);
                for (int k = 0; k < all.length; k++) {
                    all[k].copyRows(at, first, copies[k + 1]);
                }
                step.accept(copies);
                for (int k = 0; k < all.length; k++) {
                    all[k].replaceRows(at, first, copies[k + 1]);
                }
            }
        });
    }

    private static Tensor[] copies(Shape shape, DType dtype, int n) {
        Tensor[] copies = new Tensor[n];
        Arrays.setAll(copies, i -> Tensor.zeros(shape, dtype));
        return copies;
    }

    private static void check(Tensor p, RowSparse g) {
        check(p, g.shape(), g.dtype());
    }

    private static void check(Tensor p, Tensor g) {
        check(p, g.shape(), g.dtype());
    }

    private static void check(Tensor p, Shape g, DType dtype) {
        if (p.dtype() != dtype) {
            throw new OperandMismatch("step", Indexing.mixed(p.dtype(), dtype), p.shape(), g);
        }
        if (!p.shape().equals(g)) {
            throw new OperandMismatch("step", "a gradient must have its parameter's shape", p.shape(), g);
        }
    }
}
