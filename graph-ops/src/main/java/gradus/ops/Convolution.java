package gradus.ops;

import gradus.array.Convolve;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/**
 * Convolutions, as deep learning calls the cross-correlation of images [n, c, h, w] with weights [out, c / groups, kh,
 * kw]; see {@link Convolve} for the formula and {@link WindowOptions} for the output sizes. Three ops, each linear in both
 * inputs, are each other's derivatives: the convolution, its transpose, which is the gradient of its input, and the
 * gradient of its weights.
 */
public final class Convolution {
    private Convolution() {}

    /** {@code y = x * w + b}: [n, c, h, w], [out, c / groups, kh, kw] and optionally [out] -> [n, out, oh, ow]. */
    record Conv(String name, WindowOptions options) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.forward(name, x[0], x[1], x.length > 2 ? x[2] : null, options);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = c.needs(0) ? of(new InputGradient(name, options, c.x(0).shape()), gy, c.x(1)) : null;
            Node gw = c.needs(1) ? of(new WeightGradient(name, options, c.x(1).shape()), c.x(0), gy) : null;
            if (c.inputs() == 2) {
                return new Node[] {gx, gw};
            }
            // rows first: they are contiguous, all three axes at once are not
            return new Node[] {gx, gw, c.needs(2) ? gy.sum(2, 3).sum(0) : null};
        }
    }

    /** {@code gx} of a convolution's input of this shape, from gy and w: the transposed convolution of gy. */
    record InputGradient(String name, WindowOptions options, Shape out) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.inputGradient(name, x[0], x[1], out, options);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = c.needs(0) ? of(new Conv(name, options), gy, c.x(1)) : null;
            Node gw = c.needs(1) ? of(new WeightGradient(name, options, c.x(1).shape()), gy, c.x(0)) : null;
            return new Node[] {gx, gw};
        }
    }

    /** {@code gw} of a convolution's weights of this shape, from x and gy. */
    record WeightGradient(String name, WindowOptions options, Shape out) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.weightGradient(name, x[0], x[1], out, options);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = c.needs(0) ? of(new InputGradient(name, options, c.x(0).shape()), c.x(1), gy) : null;
            Node ggy = c.needs(1) ? of(new Conv(name, options), c.x(0), gy) : null;
            return new Node[] {gx, ggy};
        }
    }

    private static Node of(Op op, Node... x) {
        return Node.of(op, x);
    }

    /**
     * Returns the convolution of images with weights, with stride 1 and without padding: {@code [n, c, h, w], [out, c, kh,
     * kw] -> [n, out, h - kh + 1, w - kw + 1]}. PyTorch's {@code conv2d}.
     *
     * @throws OperandMismatch if the channels differ, or the kernel is larger than the image
     */
    public static Node conv2d(Node x, Node w) {
        return conv2d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the convolution of images with weights: {@code [n, c, h, w], [out, c / groups, kh, kw] -> [n, out, oh, ow]}.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, WindowOptions options) {
        return of(new Conv("conv2d", options), x, w);
    }

    /**
     * Returns the convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, Node b, WindowOptions options) {
        return of(new Conv("conv2d", options), x, w, b);
    }

    /**
     * Returns the convolution along one axis, with stride 1 and without padding: {@code [n, c, l], [out, c, k] -> [n, out,
     * l - k + 1]}. PyTorch's {@code conv1d}.
     *
     * @throws OperandMismatch if the shapes do not fit
     */
    public static Node conv1d(Node x, Node w) {
        return conv1d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the convolution along one axis, {@code [n, c, l], [out, c / groups, k] -> [n, out, ol]}.
     *
     * @param options stride, padding and dilation, of which those along columns count, and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv1d(Node x, Node w, WindowOptions options) {
        Objects.requireNonNull(x, "conv1d: x is null");
        Objects.requireNonNull(w, "conv1d: w is null");
        Objects.requireNonNull(options, "conv1d: options is null");
        if (x.shape().rank() != 3 || w.shape().rank() != 3) {
            throw new OperandMismatch(
                    "conv1d", "it takes [n, c, l] and weights [out, c / groups, k]", x.label(), w.label());
        }
        WindowOptions columns = new WindowOptions(WindowOptions.Axis.DEFAULT, options.columns(), options.groups());
        try {
            return of(new Conv("conv1d", columns), x.unsqueeze(2), w.unsqueeze(2))
                    .squeeze(2);
        } catch (OperandMismatch e) {
            throw e.naming(x.label(), w.label());
        }
    }

    /**
     * Returns the transposed convolution, with stride 1 and without padding: {@code [n, c, h, w], [c, out, kh, kw] -> [n,
     * out, h + kh - 1, w + kw - 1]}. PyTorch's {@code conv_transpose2d}.
     *
     * @throws OperandMismatch if the channels differ
     */
    public static Node convTranspose2d(Node x, Node w) {
        return convTranspose2d(x, w, WindowOptions.DEFAULT, 0);
    }

    /**
     * Returns the transposed convolution, the gradient of the input of a convolution with these options: {@code [n, c, h, w],
     * [c, out / groups, kh, kw] -> [n, out, oh, ow]} for {@code oh = (h - 1) stride - before - after + dilation (kh - 1) +
     * outputPadding + 1}, or {@code oh = h stride} with "same" padding.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the rows and columns to add at the end, less than the stride or the dilation; 0 with "same"
     *     padding
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose2d(Node x, Node w, WindowOptions options, int outputPadding) {
        Objects.requireNonNull(x, "convTranspose2d: x is null");
        Objects.requireNonNull(w, "convTranspose2d: w is null");
        Objects.requireNonNull(options, "convTranspose2d: options is null");
        Shape s = x.shape();
        Shape k = w.shape();
        if (s.rank() != 4 || k.rank() != 4 || s.dim(1) != k.dim(0)) {
            throw mismatch(x, w, "it takes [n, c, h, w] and weights [c, out / groups, kh, kw]");
        }
        if (s.dim(1) % options.groups() != 0) {
            throw mismatch(x, w, options.groups() + " groups do not divide " + s.dim(1) + " channels in");
        }
        String wrong = wrongOutputPadding(options.rows(), outputPadding);
        wrong = wrong == null ? wrongOutputPadding(options.columns(), outputPadding) : wrong;
        if (wrong != null) {
            throw mismatch(x, w, wrong);
        }
        long oh = transposedSize(options.rows(), s.dim(2), k.dim(2), outputPadding);
        long ow = transposedSize(options.columns(), s.dim(3), k.dim(3), outputPadding);
        if (oh < 1 || ow < 1 || oh > Integer.MAX_VALUE || ow > Integer.MAX_VALUE) {
            throw mismatch(x, w, "the result would be " + oh + " x " + ow);
        }
        Reach rows = Reach.of(options.rows(), s.dim(2), k.dim(2), outputPadding);
        Reach columns = Reach.of(options.columns(), s.dim(3), k.dim(3), outputPadding);
        Shape reached = Shape.of(s.dim(0), k.dim(1) * options.groups(), rows.size(), columns.size());
        WindowOptions reduced = new WindowOptions(rows.axis(), columns.axis(), options.groups());
        Node y = of(new InputGradient("convTranspose2d", reduced, reached), x, w);
        return columns.extended(rows.extended(y, 2, (int) oh), 3, (int) ow);
    }

    private static OperandMismatch mismatch(Node x, Node w, String message) {
        return new OperandMismatch("convTranspose2d", message, x.label(), w.label());
    }

    private static String wrongOutputPadding(WindowOptions.Axis axis, int outputPadding) {
        if (axis.same() && outputPadding != 0) {
            return "output padding " + outputPadding + " must be 0 with \"same\" padding";
        }
        return outputPadding >= 0 && outputPadding < Math.max(axis.stride(), axis.dilation())
                ? null
                : "output padding " + outputPadding + " must be at least 0 and less than the stride or the dilation";
    }

    private static long transposedSize(WindowOptions.Axis axis, int n, int k, int outputPadding) {
        return axis.same()
                ? (long) n * axis.stride()
                : (n - 1L) * axis.stride() - axis.before() - axis.after() + axis.extent(k) + outputPadding;
    }

    /**
     * The elements along one axis of a transposed convolution that its windows reach; those after them, output padding, are 0.
     *
     * @param axis the options with which a convolution of these elements has the input's size: output padding reduces the
     *     padding at the end
     * @param size the number of elements, at least 1
     * @param cut how many of them the padding in front cuts off again: one, where it is larger than all windows
     */
    private record Reach(WindowOptions.Axis axis, int size, int cut) {
        static Reach of(WindowOptions.Axis axis, int n, int k, int outputPadding) {
            // a convolution leaves out less than a stride at its end, the rest is none of its input
            int zeros = Math.max(0, outputPadding - axis.after() - (axis.stride() - 1));
            int size = (int) transposedSize(axis, n, k, outputPadding) - zeros;
            int missing = Math.max(0, 1 - size);
            int after = Math.max(0, axis.after() - outputPadding);
            WindowOptions.Axis reduced =
                    new WindowOptions.Axis(axis.stride(), axis.before() - missing, after, axis.same(), axis.dilation());
            return new Reach(reduced, size + missing, missing == 0 ? 0 : 1);
        }

        /** Returns y without what is cut off, and zeros up to a size after it. */
        Node extended(Node y, int along, int whole) {
            Node kept = cut == 0 ? y : y.slice(along, cut, size);
            return whole == size - cut ? kept : kept.pad(along, 0, whole - size + cut);
        }
    }
}
