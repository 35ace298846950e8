package gradus.ops;

import gradus.array.Convolve;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;

/**
 * Convolutions, as deep learning calls the cross-correlation of images [n, c, h, w] with weights [out, c / groups, kh,
 * kw]; see {@link Convolve} for the formula. Three ops, each linear in both inputs, are each other's derivatives: the convolution, its
 * transpose, which is the gradient of its input, and the gradient of its weights.
 */
public final class Convolution {
    private Convolution() {}

    /** {@code y = x * w + b}: [n, c, h, w], [out, c / groups, kh, kw] and perhaps [out] -> [n, out, oh, ow]. */
    record Conv(String name, WindowOptions how, int groups) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.forward(name, x[0], x[1], x.length > 2 ? x[2] : null, how, groups);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = c.needs(0) ? of(new Transposed(name, how, groups, c.x(0).shape()), gy, c.x(1)) : null;
            Node gw = c.needs(1) ? of(new OfWeights(name, how, groups, c.x(1).shape()), c.x(0), gy) : null;
            if (c.inputs() == 2) {
                return new Node[] {gx, gw};
            }
            // rows first: they are contiguous, all three axes at once are not
            return new Node[] {gx, gw, c.needs(2) ? gy.sum(2, 3).sum(0) : null};
        }
    }

    /** {@code gx} of a convolution's input of this shape, from gy and w. */
    record Transposed(String name, WindowOptions how, int groups, Shape out) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.inputGradient(name, x[0], x[1], out, how, groups);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = c.needs(0) ? of(new Conv(name, how, groups), gy, c.x(1)) : null;
            Node gw = c.needs(1) ? of(new OfWeights(name, how, groups, c.x(1).shape()), gy, c.x(0)) : null;
            return new Node[] {gx, gw};
        }
    }

    /** {@code gw} of a convolution's weights of this shape, from x and gy. */
    record OfWeights(String name, WindowOptions how, int groups, Shape out) implements Op {
        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.weightGradient(name, x[0], x[1], out, how, groups);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            Node gx = c.needs(0) ? of(new Transposed(name, how, groups, c.x(0).shape()), c.x(1), gy) : null;
            Node gz = c.needs(1) ? of(new Conv(name, how, groups), c.x(0), gy) : null;
            return new Node[] {gx, gz};
        }
    }

    private static Node of(Op op, Node... x) {
        return Node.of(op, x);
    }

    /**
     * Returns the convolution of images with weights, by steps of one and without padding: {@code [n, c, h, w], [out, c,
     * kh, kw] -> [n, out, h - kh + 1, w - kw + 1]}. PyTorch's {@code conv2d}.
     *
     * @throws OperandMismatch if the channels differ, or the kernel is larger than the image
     */
    public static Node conv2d(Node x, Node w) {
        return conv2d(x, w, WindowOptions.DEFAULT, 1);
    }

    /**
     * Returns the convolution with a bias [out], added to every channel of the result.
     *
     * @throws OperandMismatch if the shapes do not fit
     */
    public static Node conv2d(Node x, Node w, Node b) {
        return conv2d(x, w, b, WindowOptions.DEFAULT, 1);
    }

    /**
     * Returns the convolution by larger steps and over zeros around the image, the same for rows and columns.
     *
     * @throws OperandMismatch if the shapes do not fit, the stride is less than 1 or the padding negative
     */
    public static Node conv2d(Node x, Node w, int stride, int padding) {
        return conv2d(x, w, stride, padding, 1, 1);
    }

    /**
     * Returns the convolution with PyTorch's arguments, in its order, the same for rows and columns.
     *
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, int stride, int padding, int dilation, int groups) {
        return conv2d(
                x, w, WindowOptions.DEFAULT.stride(stride).padding(padding).dilation(dilation), groups);
    }

    /**
     * Returns the convolution: {@code [n, c, h, w], [out, c / groups, kh, kw] -> [n, out, oh, ow]}.
     *
     * @param how stride, padding and dilation
     * @param groups into how many parts channels are divided, each seeing its own part only
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, WindowOptions how, int groups) {
        return of(new Conv("conv2d", how, groups), x, w);
    }

    /**
     * Returns the convolution with a bias [out], added to every channel of the result.
     *
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, Node b, WindowOptions how, int groups) {
        return of(new Conv("conv2d", how, groups), x, w, b);
    }

    /**
     * Returns the convolution along one axis, {@code [n, c, l], [out, c, k] -> [n, out, l - k + 1]}. PyTorch's {@code
     * conv1d}.
     *
     * @throws OperandMismatch if the shapes do not fit
     */
    public static Node conv1d(Node x, Node w) {
        return conv1d(x, w, 1, 0, 1, 1);
    }

    /**
     * Returns the convolution along one axis, {@code [n, c, l], [out, c / groups, k] -> [n, out, ol]}.
     *
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv1d(Node x, Node w, int stride, int padding, int dilation, int groups) {
        if (x.shape().rank() != 3 || w.shape().rank() != 3) {
            throw new OperandMismatch(
                    "conv1d", "it takes [n, c, l] and weights [out, c / groups, k]", x.label(), w.label());
        }
        WindowOptions how = new WindowOptions(1, stride, 0, padding, 1, dilation);
        try {
            return of(new Conv("conv1d", how, groups), x.unsqueeze(2), w.unsqueeze(2))
                    .squeeze(2);
        } catch (OperandMismatch e) {
            throw e.naming(x.label(), w.label());
        }
    }

    /**
     * Returns the transposed convolution, {@code [n, c, h, w], [c, out, kh, kw] -> [n, out, h + kh - 1, w + kw - 1]}.
     * PyTorch's {@code conv_transpose2d}.
     *
     * @throws OperandMismatch if the channels differ
     */
    public static Node convTranspose2d(Node x, Node w) {
        return convTranspose2d(x, w, 1, 0, 0, 1, 1);
    }

    /**
     * Returns the transposed convolution with PyTorch's arguments, in its order: {@code [n, c, h, w], [c, out / groups, kh,
     * kw] -> [n, out, oh, ow]} for {@code oh = (h - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1}. It is
     * the gradient of the input of a convolution.
     *
     * @param outputPadding rows and columns more at the end, less than the stride or the dilation
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose2d(
            Node x, Node w, int stride, int padding, int outputPadding, int groups, int dilation) {
        Shape s = x.shape();
        Shape k = w.shape();
        if (s.rank() != 4 || k.rank() != 4 || s.dim(1) != k.dim(0)) {
            throw new OperandMismatch(
                    "convTranspose2d",
                    "it takes [n, c, h, w] and weights [c, out / groups, kh, kw]",
                    x.label(),
                    w.label());
        }
        if (groups < 1 || s.dim(1) % groups != 0) {
            throw new OperandMismatch(
                    "convTranspose2d",
                    groups + " groups do not divide " + s.dim(1) + " channels in",
                    x.label(),
                    w.label());
        }
        if (outputPadding < 0 || outputPadding >= Math.max(stride, dilation)) {
            throw new OperandMismatch(
                    "convTranspose2d",
                    "output padding " + outputPadding + " must be less than the stride or the dilation",
                    x.label(),
                    w.label());
        }
        WindowOptions how =
                WindowOptions.DEFAULT.stride(stride).padding(padding).dilation(dilation);
        int oh = (s.dim(2) - 1) * stride - 2 * padding + dilation * (k.dim(2) - 1) + outputPadding + 1;
        int ow = (s.dim(3) - 1) * stride - 2 * padding + dilation * (k.dim(3) - 1) + outputPadding + 1;
        if (oh < 1 || ow < 1) {
            throw new OperandMismatch(
                    "convTranspose2d", "the result would be " + oh + " x " + ow, x.label(), w.label());
        }
        Shape out = Shape.of(s.dim(0), k.dim(1) * groups, oh, ow);
        return of(new Transposed("convTranspose2d", how, groups, out), x, w);
    }
}
