package gradus.array;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Optimizer steps, one fused pass over a parameter, its gradient and its state, and sums that grow. These are the only
 * loops that write into an existing tensor, the first argument. No other code may refer to its array, as {@code Node.update}
 * ensures. All tensors of one call have the same shape and number type. {@link #onRows} runs a step on the rows of a row-sparse
 * gradient alone.
 */
public final class Steps {
    /** The elements of the rows, about, that are copied at a time: they stay in the processor's cache. */
    private static final int COPIED = 1 << 13;

    private Steps() {}

    /** How a velocity is kept: PyTorch's {@code SGD} arguments of the same names. */
    public record Momentum(double momentum, double dampening, boolean nesterov) {}

    /** The constants of Adam (Kingma and Ba, 2015), PyTorch's form: epsilon is added outside the root. */
    public record Adam(double beta1, double beta2, double epsilon) {}

    /** The constants of RMSprop (Tieleman and Hinton, 2012), PyTorch's form: epsilon is added outside the root. */
    public record RmsProp(double alpha, double epsilon, double momentum) {}

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
        check(p, g, v);
        if (p instanceof Tensor64 t) {
            Steps64.momentum(t.data, Tensor64.data(g), Tensor64.data(v), rule, lr, l2);
        } else {
            Steps32.momentum(Tensor32.data(p), Tensor32.data(g), Tensor32.data(v), rule, lr, l2);
        }
    }

    /** Descent with a velocity, as the book (Deep Learning from Scratch) writes it: {@code v = momentum v - lr (g + l2 p); p += v}. */
    public static void bookMomentum(Tensor p, Tensor g, Tensor v, double momentum, double lr, double l2) {
        check(p, g, v);
        if (p instanceof Tensor64 t) {
            Steps64.bookMomentum(t.data, Tensor64.data(g), Tensor64.data(v), momentum, lr, l2);
        } else {
            Steps32.bookMomentum(Tensor32.data(p), Tensor32.data(g), Tensor32.data(v), momentum, lr, l2);
        }
    }

    /** AdaGrad: {@code d = g + l2 p; sum += d^2; p -= lr d / (sqrt(sum) + epsilon)}. */
    public static void adagrad(Tensor p, Tensor g, Tensor sum, double epsilon, double lr, double l2) {
        check(p, g, sum);
        if (p instanceof Tensor64 t) {
            Steps64.adagrad(t.data, Tensor64.data(g), Tensor64.data(sum), epsilon, lr, l2);
        } else {
            Steps32.adagrad(Tensor32.data(p), Tensor32.data(g), Tensor32.data(sum), epsilon, lr, l2);
        }
    }

    /** RMSprop: {@code d = g + l2 p; s = alpha s + (1 - alpha) d^2; p -= lr d / (sqrt(s) + eps)}; the rule's momentum is not used. */
    public static void rmsProp(Tensor p, Tensor g, Tensor square, RmsProp rule, double lr, double l2) {
        check(p, g, square);
        if (p instanceof Tensor64 t) {
            Steps64.rmsProp(t.data, Tensor64.data(g), Tensor64.data(square), rule, lr, l2);
        } else {
            Steps32.rmsProp(Tensor32.data(p), Tensor32.data(g), Tensor32.data(square), rule, lr, l2);
        }
    }

    /** RMSprop with momentum: {@code v = momentum v + d / (sqrt(s) + eps); p -= lr v}, with d and s of {@link #rmsProp}. */
    public static void rmsPropMomentum(
            Tensor p, Tensor g, Tensor square, Tensor v, RmsProp rule, double lr, double l2) {
        check(p, g, square, v);
        if (p instanceof Tensor64 t) {
            Steps64.rmsPropMomentum(t.data, Tensor64.data(g), Tensor64.data(square), Tensor64.data(v), rule, lr, l2);
        } else {
            Steps32.rmsPropMomentum(
                    Tensor32.data(p), Tensor32.data(g), Tensor32.data(square), Tensor32.data(v), rule, lr, l2);
        }
    }

    /**
     * RMSprop by the variance instead of the mean square: {@code m = alpha m + (1 - alpha) d; p -= lr d / (sqrt(s - m^2) + eps)},
     * with d and s of {@link #rmsProp}. A variance that rounding makes negative counts as 0.
     */
    public static void centeredRmsProp(
            Tensor p, Tensor g, Tensor square, Tensor mean, RmsProp rule, double lr, double l2) {
        check(p, g, square, mean);
        if (p instanceof Tensor64 t) {
            Steps64.centeredRmsProp(t.data, Tensor64.data(g), Tensor64.data(square), Tensor64.data(mean), rule, lr, l2);
        } else {
            Steps32.centeredRmsProp(
                    Tensor32.data(p), Tensor32.data(g), Tensor32.data(square), Tensor32.data(mean), rule, lr, l2);
        }
    }

    /** {@link #centeredRmsProp} with momentum, as {@link #rmsPropMomentum}. */
    public static void centeredRmsPropMomentum(
            Tensor p, Tensor g, Tensor square, Tensor mean, Tensor v, RmsProp rule, double lr, double l2) {
        check(p, g, square, mean, v);
        if (p instanceof Tensor64 t) {
            Steps64.centeredRmsPropMomentum(
                    t.data,
                    Tensor64.data(g),
                    Tensor64.data(square),
                    Tensor64.data(mean),
                    Tensor64.data(v),
                    rule,
                    lr,
                    l2);
        } else {
            Steps32.centeredRmsPropMomentum(
                    Tensor32.data(p),
                    Tensor32.data(g),
                    Tensor32.data(square),
                    Tensor32.data(mean),
                    Tensor32.data(v),
                    rule,
                    lr,
                    l2);
        }
    }

    /**
     * AdaDelta: {@code d = g + l2 p; s = rho s + (1 - rho) d^2; x = sqrt(u + eps) / sqrt(s + eps) d; u = rho u + (1 - rho) x^2;
     * p -= lr x}, where u is delta.
     */
    public static void adaDelta(
            Tensor p, Tensor g, Tensor square, Tensor delta, double rho, double epsilon, double lr, double l2) {
        check(p, g, square, delta);
        if (p instanceof Tensor64 t) {
            Steps64.adaDelta(
                    t.data, Tensor64.data(g), Tensor64.data(square), Tensor64.data(delta), rho, epsilon, lr, l2);
        } else {
            Steps32.adaDelta(
                    Tensor32.data(p),
                    Tensor32.data(g),
                    Tensor32.data(square),
                    Tensor32.data(delta),
                    rho,
                    epsilon,
                    lr,
                    l2);
        }
    }

    /**
     * Adam with bias correction: {@code d = g + l2 p; m = b1 m + (1 - b1) d; v = b2 v + (1 - b2) d^2;
     * p -= lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)}.
     *
     * @param step t, counted from 1
     */
    public static void adam(Tensor p, Tensor g, Tensor m, Tensor v, Adam rule, int step, double lr, double l2) {
        check(p, g, m, v);
        if (p instanceof Tensor64 t) {
            Steps64.adam(t.data, Tensor64.data(g), Tensor64.data(m), Tensor64.data(v), rule, step, lr, l2);
        } else {
            Steps32.adam(Tensor32.data(p), Tensor32.data(g), Tensor32.data(m), Tensor32.data(v), rule, step, lr, l2);
        }
    }

    /** Adam with the largest v so far in the place of v: {@code largest = max(largest, v)}. */
    public static void amsgrad(
            Tensor p, Tensor g, Tensor m, Tensor v, Tensor largest, Adam rule, int step, double lr, double l2) {
        check(p, g, m, v, largest);
        if (p instanceof Tensor64 t) {
            Steps64.amsgrad(
                    t.data,
                    Tensor64.data(g),
                    Tensor64.data(m),
                    Tensor64.data(v),
                    Tensor64.data(largest),
                    rule,
                    step,
                    lr,
                    l2);
        } else {
            Steps32.amsgrad(
                    Tensor32.data(p),
                    Tensor32.data(g),
                    Tensor32.data(m),
                    Tensor32.data(v),
                    Tensor32.data(largest),
                    rule,
                    step,
                    lr,
                    l2);
        }
    }

    /**
     * Adam with the gradient beside its mean: {@code p -= (gradientRate d + meanRate m) / (sqrt(v / (1 - b2^t)) + eps)}, with d, m
     * and v of {@link #adam}.
     */
    public static void nadam(
            Tensor p,
            Tensor g,
            Tensor m,
            Tensor v,
            Adam rule,
            int step,
            double gradientRate,
            double meanRate,
            double l2) {
        check(p, g, m, v);
        if (p instanceof Tensor64 t) {
            Steps64.nadam(
                    t.data,
                    Tensor64.data(g),
                    Tensor64.data(m),
                    Tensor64.data(v),
                    rule,
                    step,
                    gradientRate,
                    meanRate,
                    l2);
        } else {
            Steps32.nadam(
                    Tensor32.data(p),
                    Tensor32.data(g),
                    Tensor32.data(m),
                    Tensor32.data(v),
                    rule,
                    step,
                    gradientRate,
                    meanRate,
                    l2);
        }
    }

    /** {@code p -= rate m}, with m and v of {@link #adam}; v is kept for later steps. */
    public static void unadaptedAdam(Tensor p, Tensor g, Tensor m, Tensor v, Adam rule, double rate, double l2) {
        check(p, g, m, v);
        if (p instanceof Tensor64 t) {
            Steps64.unadaptedAdam(t.data, Tensor64.data(g), Tensor64.data(m), Tensor64.data(v), rule, rate, l2);
        } else {
            Steps32.unadaptedAdam(
                    Tensor32.data(p), Tensor32.data(g), Tensor32.data(m), Tensor32.data(v), rule, rate, l2);
        }
    }

    /** {@code p -= rate m / (sqrt(v) + eps)}, with m and v of {@link #adam}: the rate holds all corrections. */
    public static void rectifiedAdam(Tensor p, Tensor g, Tensor m, Tensor v, Adam rule, double rate, double l2) {
        check(p, g, m, v);
        if (p instanceof Tensor64 t) {
            Steps64.rectifiedAdam(t.data, Tensor64.data(g), Tensor64.data(m), Tensor64.data(v), rule, rate, l2);
        } else {
            Steps32.rectifiedAdam(
                    Tensor32.data(p), Tensor32.data(g), Tensor32.data(m), Tensor32.data(v), rule, rate, l2);
        }
    }

    /** Adamax: {@code u = max(b2 u, |d| + eps); p -= lr m / (1 - b1^t) / u}, with d and m of {@link #adam}; u is largest. */
    public static void adamax(Tensor p, Tensor g, Tensor m, Tensor largest, Adam rule, int step, double lr, double l2) {
        check(p, g, m, largest);
        if (p instanceof Tensor64 t) {
            Steps64.adamax(t.data, Tensor64.data(g), Tensor64.data(m), Tensor64.data(largest), rule, step, lr, l2);
        } else {
            Steps32.adamax(
                    Tensor32.data(p), Tensor32.data(g), Tensor32.data(m), Tensor32.data(largest), rule, step, lr, l2);
        }
    }

    /** Lion: {@code d = g + l2 p; p -= lr sign(b1 m + (1 - b1) d); m = b2 m + (1 - b2) d}. */
    public static void lion(Tensor p, Tensor g, Tensor m, double beta1, double beta2, double lr, double l2) {
        check(p, g, m);
        if (p instanceof Tensor64 t) {
            Steps64.lion(t.data, Tensor64.data(g), Tensor64.data(m), beta1, beta2, lr, l2);
        } else {
            Steps32.lion(Tensor32.data(p), Tensor32.data(g), Tensor32.data(m), beta1, beta2, lr, l2);
        }
    }

    /** A moving average: {@code y += weight (x - y)}. */
    public static void moveTowards(Tensor y, Tensor x, double weight) {
        check(y, x);
        if (y instanceof Tensor64 t) {
            Steps64.moveTowards(t.data, Tensor64.data(x), weight);
        } else {
            Steps32.moveTowards(Tensor32.data(y), Tensor32.data(x), weight);
        }
    }

    /** The synchronisation of Lookahead: {@code slow += weight (p - slow); p = slow}. */
    public static void lookahead(Tensor p, Tensor slow, double weight) {
        check(p, slow);
        if (p instanceof Tensor64 t) {
            Steps64.lookahead(t.data, Tensor64.data(slow), weight);
        } else {
            Steps32.lookahead(Tensor32.data(p), Tensor32.data(slow), weight);
        }
    }

    /**
     * Runs a step on the rows of the gradient and on copies of the same rows of other tensors, some at a time, and writes these
     * back. Loops that read one array by index and another one in order would not become vector instructions.
     *
     * @param step is given rows of the gradient, then those of the others; several threads call it
     * @param all the parameter, and what is kept of it
     */
    public static void onRows(RowSparse g, Consumer<Tensor[]> step, Tensor... all) {
        for (Tensor t : all) {
            check(t, g);
        }
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

    private static void check(Tensor p, Tensor g, Tensor... state) {
        check(p, g);
        for (Tensor s : state) {
            if (s.dtype() != p.dtype()) {
                throw new OperandMismatch("step", Indexing.mixed(p.dtype(), s.dtype()), p.shape(), s.shape());
            }
            if (!s.shape().equals(p.shape())) {
                throw new OperandMismatch("step", "a state must have its parameter's shape", p.shape(), s.shape());
            }
        }
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
