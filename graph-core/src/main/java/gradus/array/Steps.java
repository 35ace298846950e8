package gradus.array;

/**
 * Optimizer steps, one fused pass over a parameter, its gradient and its state, and sums that grow. These are the only
 * loops that write into an existing tensor, the first argument. No other code may refer to its array, as {@code Node.update}
 * ensures. All tensors of one call have the same shape and number type.
 */
public final class Steps {
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
        check(y, x.shape(), x.dtype());
        x.addTo(y);
    }

    /** Rows that are replaced: those that x holds; the others of y stay as they are. */
    public static void replaceRows(Tensor y, RowSparse x) {
        check(y, x.shape(), x.dtype());
        y.replaceRows(x.rows(), x.indices().array());
    }

    /** A product with a number: {@code y *= factor}. */
    public static void scale(Tensor y, double factor) {
        if (y instanceof Tensor64 t) {
            Steps64.scale(t.data, factor);
        } else {
            Steps32.scale(Tensor32.data(y), factor);
        }
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
