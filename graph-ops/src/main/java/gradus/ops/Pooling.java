package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Pool;
import gradus.array.PoolWindows;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;
import gradus.graph.ValuesAndIndices;
import java.util.Objects;

/**
 * Pooling over the last 1, 2 or 3 axes, {@code [.., h, w] -> [.., oh, ow]} for two: one number for each window. The axes
 * before these are any. The forms with one size alone have windows side by side, whose stride is the size, as in PyTorch; those
 * with {@link WindowOptions} have stride 1 unless the options say otherwise.
 */
public final class Pooling {
    private Pooling() {}

    /** {@code y = the largest element of each window}; the gradient is scattered to the positions of the maxima. */
    public record Max(String name, PoolWindows windows) implements Op.Saving {
        @Override
        public Tensor forward(Op.Saved saved, Tensor... x) {
            Pool.Maxima maxima = Pool.max(name, x[0], windows);
            saved.set(maxima.positions());
            return maxima.values();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new ScatterAdd(c.saved(Pool.Positions.class)), gy)};
        }
    }

    /** {@code values, indices}: the largest element of each window, and its position in its plane. */
    record MaxAndIndex(String name, PoolWindows windows) implements Op.Multi {
        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Pool.Maxima maxima = Pool.max(name, x[0], windows);
            saved.set(maxima.positions());
            return new Tensor[] {maxima.values(), maxima.positions().indices(x[0].dtype())};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            return new Node[] {Node.of(new ScatterAdd(c.saved(Pool.Positions.class)), gy[0])};
        }

        @Override
        public boolean isDifferentiable(int output) {
            return output == 0;
        }

        @Override
        public String outputName(int output) {
            return output == 0 ? "values" : "indices";
        }
    }

    /** {@code y = x at given positions}, one for each window. */
    record Gather(Pool.Positions positions) implements Op {
        @Override
        public String name() {
            return "maxPoolAt";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return positions.gather(x[0]);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new ScatterAdd(positions), gy)};
        }
    }

    /** {@code y = zeros, and x added at given positions}, one for each window: the transpose of Gather. */
    record ScatterAdd(Pool.Positions positions) implements Op {
        @Override
        public String name() {
            return "maxUnpool";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return positions.scatterAdd(x[0]);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Gather(positions), gy)};
        }
    }

    /** {@code y = the means of windows}. */
    public record Mean(String name, PoolWindows windows, boolean countIncludePad) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Pool.mean(name, x[0], windows, countIncludePad);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new MeanGradient(this, c.x(0).shape()), gy)};
        }
    }

    /** {@code y = zeros, and each element, divided by the size of its window, added to all of the window}: the transpose of Mean. */
    record MeanGradient(Mean of, Shape out) implements Op {
        @Override
        public String name() {
            return of.name();
        }

        @Override
        public Tensor forward(Tensor... x) {
            return Pool.meanGradient(name(), x[0], out, of.windows, of.countIncludePad);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(of, gy)};
        }
    }

    private static Node max(String op, Node x, WindowOptions options, int... sizes) {
        return Node.of(new Max(op, windows(op, x, options, sizes)), x);
    }

    private static ValuesAndIndices maxAndIndex(String op, Node x, WindowOptions options, int... sizes) {
        Node[] y = Node.outputs(new MaxAndIndex(op, windows(op, x, options, sizes)), x);
        return new ValuesAndIndices(y[0], y[1].value());
    }

    private static Node mean(String op, Node x, boolean countIncludePad, WindowOptions options, int... sizes) {
        return Node.of(new Mean(op, windows(op, x, options, sizes), countIncludePad), x);
    }

    /** Returns the p-th roots of the means of {@code x^p} over windows, times the number of their elements. */
    private static Node power(String op, Node x, double p, WindowOptions options, int... sizes) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        if (!(p > 0 && p < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(op + ": p = " + p + " is not positive and finite");
        }
        int elements = 1;
        for (int size : sizes) {
            elements *= size;
        }
        Node powers = p == 1 ? x : p == 2 ? x.square() : x.pow(p);
        Node sums = mean(op, powers, true, options, sizes).mul(elements);
        if (p == 1) {
            return sums;
        }
        Node nonzero = sums.add(sums.eq(0)); // at 0 the derivative of the root is infinite
        return (p == 2 ? nonzero.sqrt() : nonzero.pow(1 / p)).maskedBy(sums);
    }

    private static WindowOptions options(String op, Node x, int size, int stride, int padding) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        String why = size < 1
                ? "the size of a window " + size + " must be at least 1"
                : stride < 1
                        ? "stride " + stride + " must be at least 1"
                        : padding < 0 ? "padding " + padding + " must be at least 0" : null;
        if (why != null) {
            throw new OperandMismatch(op, why, x.label());
        }
        return WindowOptions.DEFAULT.stride(stride).padding(padding);
    }

    private static PoolWindows windows(String op, Node x, WindowOptions options, int... sizes) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Objects.requireNonNull(options, () -> op + ": options is null");
        return PoolWindows.of(options, sizes);
    }

    /**
     * Returns the largest element of each window of size elements, side by side (the stride is the size):
     * {@code [.., l] -> [.., l / size]},
     * rounded down. The gradient goes to the largest, the first of equals; a NaN counts as largest. PyTorch's {@code
     * max_pool1d}.
     *
     * @throws OperandMismatch if a window is larger than the signal
     */
    public static Node maxPool1d(Node x, int size) {
        return maxPool1d(x, size, size, 0);
    }

    /**
     * Returns the largest element of each window of size elements, {@code [.., l] -> [.., ol]}; the padding is
     * smaller than anything.
     *
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool1d(Node x, int size, int stride, int padding) {
        return max("maxPool1d", x, options("maxPool1d", x, size, stride, padding), size);
    }

    /**
     * Returns the largest element of each window of size elements, {@code [.., l] -> [.., ol]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool1d(Node x, int size, WindowOptions options) {
        return max("maxPool1d", x, options, size);
    }

    /**
     * Returns the largest element of each square window, side by side (the stride is the size):
     * {@code [.., h, w] -> [.., h / size, w /
     * size]}, rounded down. The gradient goes to the largest, the first of equals; a NaN counts as largest. PyTorch's
     * {@code max_pool2d}.
     *
     * @throws OperandMismatch if a window is larger than the image
     */
    public static Node maxPool2d(Node x, int size) {
        return maxPool2d(x, size, size, 0);
    }

    /**
     * Returns the largest element of each square window, {@code [.., h, w] -> [.., oh, ow]}; the padding is smaller
     * than anything.
     *
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool2d(Node x, int size, int stride, int padding) {
        return max("maxPool2d", x, options("maxPool2d", x, size, stride, padding), size, size);
    }

    /**
     * Returns the largest element of each window of h x w, {@code [.., h, w] -> [.., oh, ow]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool2d(Node x, int h, int w, WindowOptions options) {
        return max("maxPool2d", x, options, h, w);
    }

    /**
     * Returns the largest element of each cubic window, side by side (the stride is the size):
     * {@code [.., d, h, w] -> [.., d / size, h /
     * size, w / size]}, rounded down. The gradient goes to the largest, the first of equals; a NaN counts as largest.
     * PyTorch's {@code max_pool3d}.
     *
     * @throws OperandMismatch if a window is larger than the volume
     */
    public static Node maxPool3d(Node x, int size) {
        return maxPool3d(x, size, size, 0);
    }

    /**
     * Returns the largest element of each cubic window, {@code [.., d, h, w] -> [.., od, oh, ow]}; the padding is
     * smaller than anything.
     *
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool3d(Node x, int size, int stride, int padding) {
        return max("maxPool3d", x, options("maxPool3d", x, size, stride, padding), size, size, size);
    }

    /**
     * Returns the largest element of each window of d x h x w, {@code [.., d, h, w] -> [.., od, oh, ow]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool3d(Node x, int d, int h, int w, WindowOptions options) {
        return max("maxPool3d", x, options, d, h, w);
    }

    /**
     * Returns the mean of each window of size elements, side by side (the stride is the size):
     * {@code [.., l] -> [.., l / size]}, rounded
     * down. PyTorch's {@code avg_pool1d}.
     *
     * @throws OperandMismatch if a window is larger than the signal
     */
    public static Node avgPool1d(Node x, int size) {
        return avgPool1d(x, size, size, 0, true);
    }

    /**
     * Returns the mean of each window of size elements, {@code [.., l] -> [.., ol]}.
     *
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool1d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        WindowOptions options = options("avgPool1d", x, size, stride, padding);
        return mean("avgPool1d", x, countIncludePad, options, size);
    }

    /**
     * Returns the mean of each window of size elements, {@code [.., l] -> [.., ol]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool1d(Node x, int size, WindowOptions options, boolean countIncludePad) {
        return mean("avgPool1d", x, countIncludePad, options, size);
    }

    /**
     * Returns the mean of each square window, side by side (the stride is the size):
     * {@code [.., h, w] -> [.., h / size, w / size]}, rounded
     * down. PyTorch's {@code avg_pool2d}.
     *
     * @throws OperandMismatch if a window is larger than the image
     */
    public static Node avgPool2d(Node x, int size) {
        return avgPool2d(x, size, size, 0, true);
    }

    /**
     * Returns the mean of each square window, {@code [.., h, w] -> [.., oh, ow]}.
     *
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool2d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        WindowOptions options = options("avgPool2d", x, size, stride, padding);
        return mean("avgPool2d", x, countIncludePad, options, size, size);
    }

    /**
     * Returns the mean of each window of h x w, {@code [.., h, w] -> [.., oh, ow]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool2d(Node x, int h, int w, WindowOptions options, boolean countIncludePad) {
        return mean("avgPool2d", x, countIncludePad, options, h, w);
    }

    /**
     * Returns the mean of each cubic window, side by side (the stride is the size):
     * {@code [.., d, h, w] -> [.., d / size, h / size, w /
     * size]}, rounded down. PyTorch's {@code avg_pool3d}.
     *
     * @throws OperandMismatch if a window is larger than the volume
     */
    public static Node avgPool3d(Node x, int size) {
        return avgPool3d(x, size, size, 0, true);
    }

    /**
     * Returns the mean of each cubic window, {@code [.., d, h, w] -> [.., od, oh, ow]}.
     *
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool3d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        WindowOptions options = options("avgPool3d", x, size, stride, padding);
        return mean("avgPool3d", x, countIncludePad, options, size, size, size);
    }

    /**
     * Returns the mean of each window of d x h x w, {@code [.., d, h, w] -> [.., od, oh, ow]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool3d(Node x, int d, int h, int w, WindowOptions options, boolean countIncludePad) {
        return mean("avgPool3d", x, countIncludePad, options, d, h, w);
    }

    /**
     * Returns {@code (sum of x^p)^(1/p)} over each window of size elements, side by side (the stride is the size): {@code [.., l] -> [.., l / size]},
     * rounded down. For {@code p = 1} it is the sum; for others NaN where the sum is negative, and of gradient 0 where the sum is 0.
     * PyTorch's {@code lp_pool1d}.
     *
     * @throws OperandMismatch if a window is larger than the signal
     * @throws IllegalArgumentException if p is not positive and finite
     */
    public static Node lpPool1d(Node x, double p, int size) {
        return power("lpPool1d", x, p, options("lpPool1d", x, size, size, 0), size);
    }

    /**
     * Returns {@code (sum of x^p)^(1/p)} over each window of size elements, {@code [.., l] -> [.., ol]}. The padding counts as 0. With
     * ceilMode, the sum over a window that ends after the input is multiplied by the size of a window and divided by the number of
     * its elements, as in PyTorch.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     * @throws IllegalArgumentException if p is not positive and finite
     */
    public static Node lpPool1d(Node x, double p, int size, WindowOptions options) {
        return power("lpPool1d", x, p, options, size);
    }

    /**
     * Returns {@code (sum of x^p)^(1/p)} over each square window, side by side (the stride is the size): {@code [.., h, w] -> [.., h / size, w / size]},
     * rounded down. For {@code p = 1} it is the sum; for others NaN where the sum is negative, and of gradient 0 where the sum is 0.
     * PyTorch's {@code lp_pool2d}.
     *
     * @throws OperandMismatch if a window is larger than the image
     * @throws IllegalArgumentException if p is not positive and finite
     */
    public static Node lpPool2d(Node x, double p, int size) {
        return power("lpPool2d", x, p, options("lpPool2d", x, size, size, 0), size, size);
    }

    /**
     * Returns {@code (sum of x^p)^(1/p)} over each window of h x w, {@code [.., h, w] -> [.., oh, ow]}. The padding counts as 0. With
     * ceilMode, the sum over a window that ends after the input is multiplied by the size of a window and divided by the number of
     * its elements, as in PyTorch.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     * @throws IllegalArgumentException if p is not positive and finite
     */
    public static Node lpPool2d(Node x, double p, int h, int w, WindowOptions options) {
        return power("lpPool2d", x, p, options, h, w);
    }

    /**
     * Returns {@code (sum of x^p)^(1/p)} over each cubic window, side by side (the stride is the size): {@code [.., d, h, w] -> [.., d / size, h / size, w / size]},
     * rounded down. For {@code p = 1} it is the sum; for others NaN where the sum is negative, and of gradient 0 where the sum is 0.
     * PyTorch's {@code lp_pool3d}.
     *
     * @throws OperandMismatch if a window is larger than the volume
     * @throws IllegalArgumentException if p is not positive and finite
     */
    public static Node lpPool3d(Node x, double p, int size) {
        return power("lpPool3d", x, p, options("lpPool3d", x, size, size, 0), size, size, size);
    }

    /**
     * Returns {@code (sum of x^p)^(1/p)} over each window of d x h x w, {@code [.., d, h, w] -> [.., od, oh, ow]}. The padding counts as 0. With
     * ceilMode, the sum over a window that ends after the input is multiplied by the size of a window and divided by the number of
     * its elements, as in PyTorch.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     * @throws IllegalArgumentException if p is not positive and finite
     */
    public static Node lpPool3d(Node x, double p, int d, int h, int w, WindowOptions options) {
        return power("lpPool3d", x, p, options, d, h, w);
    }

    /**
     * Returns the largest element of each window of size elements, side by side (the stride is the size), and its index: {@code [.., l] -> [.., l / size]}.
     * An index is the position in its signal. PyTorch's {@code max_pool1d} with {@code return_indices}.
     *
     * @throws OperandMismatch if a window is larger than the signal
     */
    public static ValuesAndIndices maxPool1dWithIndices(Node x, int size) {
        String op = "maxPool1dWithIndices";
        return maxAndIndex(op, x, options(op, x, size, size, 0), size);
    }

    /**
     * Returns the largest element of each window of size elements and its index, {@code [.., l] -> [.., ol]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static ValuesAndIndices maxPool1dWithIndices(Node x, int size, WindowOptions options) {
        return maxAndIndex("maxPool1dWithIndices", x, options, size);
    }

    /**
     * Returns the largest element of each square window, side by side (the stride is the size), and its index: {@code [.., h, w] -> [.., h / size, w / size]}.
     * An index is the position in its plane, {@code row w + column}. PyTorch's {@code max_pool2d} with {@code return_indices}.
     *
     * @throws OperandMismatch if a window is larger than the image
     */
    public static ValuesAndIndices maxPool2dWithIndices(Node x, int size) {
        String op = "maxPool2dWithIndices";
        return maxAndIndex(op, x, options(op, x, size, size, 0), size, size);
    }

    /**
     * Returns the largest element of each window of h x w and its index, {@code [.., h, w] -> [.., oh, ow]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static ValuesAndIndices maxPool2dWithIndices(Node x, int h, int w, WindowOptions options) {
        return maxAndIndex("maxPool2dWithIndices", x, options, h, w);
    }

    /**
     * Returns the largest element of each cubic window, side by side (the stride is the size), and its index: {@code [.., d, h, w] -> [.., d / size, h / size, w / size]}.
     * An index is the position in its volume, {@code (slice h + row) w + column}. PyTorch's {@code max_pool3d} with {@code return_indices}.
     *
     * @throws OperandMismatch if a window is larger than the volume
     */
    public static ValuesAndIndices maxPool3dWithIndices(Node x, int size) {
        String op = "maxPool3dWithIndices";
        return maxAndIndex(op, x, options(op, x, size, size, 0), size, size, size);
    }

    /**
     * Returns the largest element of each window of d x h x w and its index, {@code [.., d, h, w] -> [.., od, oh, ow]}.
     *
     * @param options stride, padding, dilation and ceilMode; the stride is 1 unless given, not the size of the window as in PyTorch
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static ValuesAndIndices maxPool3dWithIndices(Node x, int d, int h, int w, WindowOptions options) {
        return maxAndIndex("maxPool3dWithIndices", x, options, d, h, w);
    }

    /**
     * Returns the means of windows that are as equal as can be, so many that the output has the given size: {@code
     * [.., l] -> [.., ol]}; see {@link PoolWindows} for the windows. PyTorch's {@code adaptive_avg_pool1d}.
     *
     * @throws OperandMismatch if there are too few axes, or a size is less than 1
     */
    public static Node adaptiveAvgPool1d(Node x, int ol) {
        Objects.requireNonNull(x, "adaptiveAvgPool1d: x is null");
        return Node.of(new Mean("adaptiveAvgPool1d", PoolWindows.adaptive(ol), false), x);
    }

    /**
     * Returns the means of windows that are as equal as can be, so many that the output has the given size: {@code
     * [.., h, w] -> [.., oh, ow]}; see {@link PoolWindows} for the windows. PyTorch's {@code adaptive_avg_pool2d}.
     *
     * @throws OperandMismatch if there are too few axes, or a size is less than 1
     */
    public static Node adaptiveAvgPool2d(Node x, int oh, int ow) {
        Objects.requireNonNull(x, "adaptiveAvgPool2d: x is null");
        return Node.of(new Mean("adaptiveAvgPool2d", PoolWindows.adaptive(oh, ow), false), x);
    }

    /**
     * Returns the means of windows that are as equal as can be, so many that the output has the given size: {@code
     * [.., d, h, w] -> [.., od, oh, ow]}; see {@link PoolWindows} for the windows. PyTorch's {@code
     * adaptive_avg_pool3d}.
     *
     * @throws OperandMismatch if there are too few axes, or a size is less than 1
     */
    public static Node adaptiveAvgPool3d(Node x, int od, int oh, int ow) {
        Objects.requireNonNull(x, "adaptiveAvgPool3d: x is null");
        return Node.of(new Mean("adaptiveAvgPool3d", PoolWindows.adaptive(od, oh, ow), false), x);
    }

    /**
     * Returns the largest elements of windows that are as equal as can be, so many that the output has the given
     * size: {@code [.., l] -> [.., ol]}; see {@link PoolWindows} for the windows. PyTorch's {@code
     * adaptive_max_pool1d}.
     *
     * @throws OperandMismatch if there are too few axes, or a size is less than 1
     */
    public static Node adaptiveMaxPool1d(Node x, int ol) {
        Objects.requireNonNull(x, "adaptiveMaxPool1d: x is null");
        return Node.of(new Max("adaptiveMaxPool1d", PoolWindows.adaptive(ol)), x);
    }

    /**
     * Returns the largest elements of windows that are as equal as can be, so many that the output has the given
     * size: {@code [.., h, w] -> [.., oh, ow]}; see {@link PoolWindows} for the windows. PyTorch's {@code
     * adaptive_max_pool2d}.
     *
     * @throws OperandMismatch if there are too few axes, or a size is less than 1
     */
    public static Node adaptiveMaxPool2d(Node x, int oh, int ow) {
        Objects.requireNonNull(x, "adaptiveMaxPool2d: x is null");
        return Node.of(new Max("adaptiveMaxPool2d", PoolWindows.adaptive(oh, ow)), x);
    }

    /**
     * Returns the largest elements of windows that are as equal as can be, so many that the output has the given
     * size: {@code [.., d, h, w] -> [.., od, oh, ow]}; see {@link PoolWindows} for the windows. PyTorch's {@code
     * adaptive_max_pool3d}.
     *
     * @throws OperandMismatch if there are too few axes, or a size is less than 1
     */
    public static Node adaptiveMaxPool3d(Node x, int od, int oh, int ow) {
        Objects.requireNonNull(x, "adaptiveMaxPool3d: x is null");
        return Node.of(new Max("adaptiveMaxPool3d", PoolWindows.adaptive(od, oh, ow)), x);
    }

    /**
     * Returns the mean of each channel, over all axes after the second: {@code [n, c, ..] -> [n, c]}. PyTorch's {@code
     * adaptive_avg_pool2d(x, 1)} without its last axes.
     *
     * @throws OperandMismatch if x has fewer than three axes, or channels have no elements
     */
    public static Node globalAvgPool(Node x) {
        requireChannels("globalAvgPool", x);
        return x.flatten(2, -1).mean(2);
    }

    /**
     * Returns the largest element of each channel, over all axes after the second: {@code [n, c, ..] -> [n, c]}. The
     * gradient is
     * split among equal ones. PyTorch's {@code amax}.
     *
     * @throws OperandMismatch if x has fewer than three axes, or channels have no elements
     */
    public static Node globalMaxPool(Node x) {
        requireChannels("globalMaxPool", x);
        return x.flatten(2, -1).max(2);
    }

    private static void requireChannels(String op, Node x) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        boolean fits = x.shape().rank() > 2;
        for (int axis = 2; axis < x.shape().rank(); axis++) {
            fits &= x.shape().dim(axis) > 0;
        }
        if (!fits) {
            throw new OperandMismatch(op, "it takes [n, c, ..] with elements in each channel", x.label());
        }
    }
}
