package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Pool;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;

/** Pooling over the last two axes, {@code [.., h, w] -> [.., oh, ow]}: one number for each window. */
public final class Pooling {
    private Pooling() {}

    /** {@code y = the largest element of each window}; the gradient is scattered to the positions of the maxima. */
    record Max(int h, int w, WindowOptions options) implements Op.Saving {
        @Override
        public String name() {
            return "maxPool2d";
        }

        @Override
        public Tensor forward(Op.Saved saved, Tensor... x) {
            Pool.Maxima maxima = Pool.max(name(), x[0], h, w, options);
            saved.set(maxima.positions());
            return maxima.values();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new ScatterAdd(c.saved(Pool.Positions.class)), gy)};
        }
    }

    /** {@code y = x at given positions}, one for each window. */
    record Gather(Pool.Positions positions) implements Op {
        @Override
        public String name() {
            return "maxPool2dAt";
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
            return "maxUnpool2d";
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
    record Mean(int kh, int kw, WindowOptions options, boolean padded) implements Op {
        @Override
        public String name() {
            return "avgPool2d";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return Pool.mean(name(), x[0], kh, kw, options, padded);
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
            return Pool.meanGradient(name(), x[0], out, of.kh, of.kw, of.options, of.padded);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(of, gy)};
        }
    }

    /**
     * Returns the largest element of each square window, side by side: {@code [.., h, w] -> [.., h / size, w / size]}, rounded
     * down. The gradient goes to the largest, the first of equals; a NaN counts as largest. PyTorch's {@code max_pool2d}.
     *
     * @throws OperandMismatch if a window is larger than the image
     */
    public static Node maxPool2d(Node x, int size) {
        return maxPool2d(x, size, size, 0);
    }

    /**
     * Returns the largest element of each square window; the padding is smaller than anything.
     *
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool2d(Node x, int size, int stride, int padding) {
        return maxPool2d(x, size, size, WindowOptions.DEFAULT.stride(stride).padding(padding));
    }

    /**
     * Returns the largest element of each window of h x w.
     *
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node maxPool2d(Node x, int h, int w, WindowOptions options) {
        return Node.of(new Max(h, w, options), x);
    }

    /**
     * Returns the mean of each square window, side by side: {@code [.., h, w] -> [.., h / size, w / size]}, rounded down.
     * PyTorch's {@code avg_pool2d}.
     *
     * @throws OperandMismatch if a window is larger than the image
     */
    public static Node avgPool2d(Node x, int size) {
        return avgPool2d(x, size, size, 0, true);
    }

    /**
     * Returns the mean of each square window.
     *
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool2d(Node x, int size, int stride, int padding, boolean countIncludePad) {
        return avgPool2d(x, size, size, WindowOptions.DEFAULT.stride(stride).padding(padding), countIncludePad);
    }

    /**
     * Returns the mean of each window of h x w.
     *
     * @param countIncludePad whether zeros on the padding count, PyTorch's default
     * @throws OperandMismatch if the windows do not fit, or the padding is more than half of one
     */
    public static Node avgPool2d(Node x, int h, int w, WindowOptions options, boolean countIncludePad) {
        return Node.of(new Mean(h, w, options, countIncludePad), x);
    }
}
