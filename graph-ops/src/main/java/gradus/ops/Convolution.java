package gradus.ops;

import gradus.array.Convolve;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Convolutions over 1, 2 or 3 axes, as deep learning calls the cross-correlation of images [n, c, h, w] with weights [out, c /
 * groups, kh, kw]; see {@link Convolve} for the formula and {@link WindowOptions} for the output sizes. Three ops, each linear
 * in both inputs, are each other's derivatives: the convolution, its transpose, which is the gradient of its input, and the
 * gradient of its weights.
 */
public final class Convolution {
    private Convolution() {}

    /** {@code y = x * w + b}: images, weights and optionally a bias [out]. */
    public record Conv(String name, WindowOptions options) implements Op {
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
            // elements of a channel first: they are contiguous, all axes at once are not
            return new Node[] {gx, gw, c.needs(2) ? gy.flatten(2, -1).sum(2).sum(0) : null};
        }
    }

    /** {@code gx} of a convolution's input of this shape, from gy and w: the transposed convolution of gy. */
    public record InputGradient(String name, WindowOptions options, Shape out) implements Op {
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
     * Returns the convolution of signals, along one axis, with weights, with stride 1 and without padding: {@code [n,
     * c, l], [out, c, k] -> [n, out, l - k + 1]}. PyTorch's {@code conv1d}.
     *
     * @throws OperandMismatch if the channels differ, or the kernel is larger than the image
     */
    public static Node conv1d(Node x, Node w) {
        return conv1d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the convolution of signals, along one axis, with weights: {@code [n, c, l], [out, c / groups, k] -> [n,
     * out, ol]}.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv1d(Node x, Node w, WindowOptions options) {
        requireRank("conv1d", x, w, options, "[n, c, l]", "[out, c / groups, k]");
        return of(new Conv("conv1d", options), x, w);
    }

    /**
     * Returns the convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv1d(Node x, Node w, Node b, WindowOptions options) {
        requireRank("conv1d", x, w, options, "[n, c, l]", "[out, c / groups, k]");
        Objects.requireNonNull(b, "conv1d: b is null");
        return of(new Conv("conv1d", options), x, w, b);
    }

    /**
     * Returns the convolution of images with weights, with stride 1 and without padding: {@code [n, c, h, w], [out,
     * c, kh, kw] -> [n, out, h - kh + 1, w - kw + 1]}. PyTorch's {@code conv2d}.
     *
     * @throws OperandMismatch if the channels differ, or the kernel is larger than the image
     */
    public static Node conv2d(Node x, Node w) {
        return conv2d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the convolution of images with weights: {@code [n, c, h, w], [out, c / groups, kh, kw] -> [n, out, oh,
     * ow]}.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, WindowOptions options) {
        requireRank("conv2d", x, w, options, "[n, c, h, w]", "[out, c / groups, kh, kw]");
        return of(new Conv("conv2d", options), x, w);
    }

    /**
     * Returns the convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv2d(Node x, Node w, Node b, WindowOptions options) {
        requireRank("conv2d", x, w, options, "[n, c, h, w]", "[out, c / groups, kh, kw]");
        Objects.requireNonNull(b, "conv2d: b is null");
        return of(new Conv("conv2d", options), x, w, b);
    }

    /**
     * Returns the convolution of volumes with weights, with stride 1 and without padding: {@code [n, c, d, h, w],
     * [out, c, kd, kh, kw] -> [n, out, d - kd + 1, h - kh + 1, w - kw + 1]}. PyTorch's {@code conv3d}.
     *
     * @throws OperandMismatch if the channels differ, or the kernel is larger than the image
     */
    public static Node conv3d(Node x, Node w) {
        return conv3d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the convolution of volumes with weights: {@code [n, c, d, h, w], [out, c / groups, kd, kh, kw] -> [n,
     * out, od, oh, ow]}.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv3d(Node x, Node w, WindowOptions options) {
        requireRank("conv3d", x, w, options, "[n, c, d, h, w]", "[out, c / groups, kd, kh, kw]");
        return of(new Conv("conv3d", options), x, w);
    }

    /**
     * Returns the convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node conv3d(Node x, Node w, Node b, WindowOptions options) {
        requireRank("conv3d", x, w, options, "[n, c, d, h, w]", "[out, c / groups, kd, kh, kw]");
        Objects.requireNonNull(b, "conv3d: b is null");
        return of(new Conv("conv3d", options), x, w, b);
    }

    /**
     * Returns the transposed convolution of signals, along one axis, with stride 1 and without padding: {@code [n,
     * c, l], [c, out, k] -> [n, out, l + k - 1]}. PyTorch's {@code conv_transpose1d}.
     *
     * @throws OperandMismatch if the channels differ
     */
    public static Node convTranspose1d(Node x, Node w) {
        return convTranspose1d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the transposed convolution, the gradient of the input of a convolution with these options: {@code [n,
     * c, l], [c, out / groups, k] -> [n, out, ol]} for {@code ol = (l - 1) stride - before - after + dilation (k - 1)
     * + outputPadding + 1}, or {@code ol = l stride} with "same" padding.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the elements to add at the end, less than the stride or the dilation: one number for all
     *     axes, or one for each; none, and 0, add nothing; "same" padding takes only 0
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose1d(Node x, Node w, WindowOptions options, int... outputPadding) {
        requireRank("convTranspose1d", x, w, options, "[n, c, l]", "[c, out / groups, k]");
        return transposed("convTranspose1d", x, w, options, outputPadding);
    }

    /**
     * Returns the transposed convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the elements to add at the end, less than the stride or the dilation: one number for all
     *     axes, or one for each; none, and 0, add nothing; "same" padding takes only 0
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose1d(Node x, Node w, Node b, WindowOptions options, int... outputPadding) {
        Objects.requireNonNull(b, "convTranspose1d: b is null");
        Node y = convTranspose1d(x, w, options, outputPadding);
        return withBias("convTranspose1d", x, w, b, y);
    }

    /**
     * Returns the transposed convolution of images, with stride 1 and without padding: {@code [n, c, h, w], [c, out,
     * kh, kw] -> [n, out, h + kh - 1, w + kw - 1]}. PyTorch's {@code conv_transpose2d}.
     *
     * @throws OperandMismatch if the channels differ
     */
    public static Node convTranspose2d(Node x, Node w) {
        return convTranspose2d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the transposed convolution, the gradient of the input of a convolution with these options: {@code [n,
     * c, h, w], [c, out / groups, kh, kw] -> [n, out, oh, ow]} for {@code oh = (h - 1) stride - before - after +
     * dilation (kh - 1) + outputPadding + 1} and likewise along the other axes, or {@code oh = h stride} with "same"
     * padding.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the elements to add at the end, less than the stride or the dilation: one number for all
     *     axes, or one for each; none, and 0, add nothing; "same" padding takes only 0
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose2d(Node x, Node w, WindowOptions options, int... outputPadding) {
        requireRank("convTranspose2d", x, w, options, "[n, c, h, w]", "[c, out / groups, kh, kw]");
        return transposed("convTranspose2d", x, w, options, outputPadding);
    }

    /**
     * Returns the transposed convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the elements to add at the end, less than the stride or the dilation: one number for all
     *     axes, or one for each; none, and 0, add nothing; "same" padding takes only 0
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose2d(Node x, Node w, Node b, WindowOptions options, int... outputPadding) {
        Objects.requireNonNull(b, "convTranspose2d: b is null");
        Node y = convTranspose2d(x, w, options, outputPadding);
        return withBias("convTranspose2d", x, w, b, y);
    }

    /**
     * Returns the transposed convolution of volumes, with stride 1 and without padding: {@code [n, c, d, h, w], [c,
     * out, kd, kh, kw] -> [n, out, d + kd - 1, h + kh - 1, w + kw - 1]}. PyTorch's {@code conv_transpose3d}.
     *
     * @throws OperandMismatch if the channels differ
     */
    public static Node convTranspose3d(Node x, Node w) {
        return convTranspose3d(x, w, WindowOptions.DEFAULT);
    }

    /**
     * Returns the transposed convolution, the gradient of the input of a convolution with these options: {@code [n,
     * c, d, h, w], [c, out / groups, kd, kh, kw] -> [n, out, od, oh, ow]} for {@code od = (d - 1) stride - before -
     * after + dilation (kd - 1) + outputPadding + 1} and likewise along the other axes, or {@code od = d stride} with
     * "same" padding.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the elements to add at the end, less than the stride or the dilation: one number for all
     *     axes, or one for each; none, and 0, add nothing; "same" padding takes only 0
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose3d(Node x, Node w, WindowOptions options, int... outputPadding) {
        requireRank("convTranspose3d", x, w, options, "[n, c, d, h, w]", "[c, out / groups, kd, kh, kw]");
        return transposed("convTranspose3d", x, w, options, outputPadding);
    }

    /**
     * Returns the transposed convolution with a bias [out], added to every channel of the output.
     *
     * @param options stride, padding, dilation and groups
     * @param outputPadding the elements to add at the end, less than the stride or the dilation: one number for all
     *     axes, or one for each; none, and 0, add nothing; "same" padding takes only 0
     * @throws OperandMismatch if the shapes do not fit or groups do not divide the channels
     */
    public static Node convTranspose3d(Node x, Node w, Node b, WindowOptions options, int... outputPadding) {
        Objects.requireNonNull(b, "convTranspose3d: b is null");
        Node y = convTranspose3d(x, w, options, outputPadding);
        return withBias("convTranspose3d", x, w, b, y);
    }

    private static void requireRank(String op, Node x, Node w, WindowOptions options, String images, String weights) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Objects.requireNonNull(w, () -> op + ": w is null");
        Objects.requireNonNull(options, () -> op + ": options is null");
        int rank = (int) images.chars().filter(c -> c == ',').count() + 1;
        if (x.shape().rank() != rank || w.shape().rank() != rank) {
            throw new OperandMismatch(op, "it takes " + images + " and weights " + weights, x.label(), w.label());
        }
    }

    private static Node withBias(String op, Node x, Node w, Node b, Node y) {
        int out = y.shape().dim(1);
        if (b.shape().rank() != 1 || b.shape().dim(0) != out) {
            throw new OperandMismatch(op, "the bias must be [" + out + "]", x.label(), w.label(), b.label());
        }
        int[] dims = new int[y.shape().rank() - 1];
        Arrays.fill(dims, 1);
        dims[0] = out;
        return y.add(b.reshape(dims));
    }

    private static Node transposed(String op, Node x, Node w, WindowOptions options, int... outputPadding) {
        Objects.requireNonNull(outputPadding, () -> op + ": outputPadding is null");
        Shape s = x.shape();
        Shape k = w.shape();
        int n = s.rank() - 2;
        if (s.dim(1) != k.dim(0)) {
            throw new OperandMismatch(
                    op, "there are " + s.dim(1) + " channels, and weights for " + k.dim(0), x.label(), w.label());
        }
        String wrong = wrongOptions(s, options, n, outputPadding);
        if (wrong != null) {
            throw new OperandMismatch(op, wrong, x.label(), w.label());
        }
        Reach[] reach = new Reach[n];
        long[] sizes = new long[n];
        boolean fits = true;
        for (int i = 0; i < n; i++) {
            int more = outputPadding.length == 0 ? 0 : outputPadding[outputPadding.length == 1 ? 0 : i];
            WindowOptions.Axis axis = options.axis(i);
            sizes[i] = transposedSize(axis, s.dim(i + 2), k.dim(i + 2), more);
            fits &= sizes[i] >= 1 && sizes[i] <= Integer.MAX_VALUE;
            reach[i] = fits ? Reach.of(axis, s.dim(i + 2), k.dim(i + 2), more) : null;
        }
        if (!fits) {
            String size = Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(" x "));
            throw new OperandMismatch(op, "the result would be " + size, x.label(), w.label());
        }
        int[] reached = new int[n + 2];
        reached[0] = s.dim(0);
        reached[1] = k.dim(1) * options.groups();
        for (int i = 0; i < n; i++) {
            reached[i + 2] = reach[i].size();
        }
        WindowOptions reduced =
                options.axes(Arrays.stream(reach).map(Reach::axis).toArray(WindowOptions.Axis[]::new));
        Node y = of(new InputGradient(op, reduced, Shape.of(reached)), x, w);
        for (int i = 0; i < n; i++) {
            y = reach[i].extended(y, i + 2, (int) sizes[i]);
        }
        return y;
    }

    /** Returns why a transposed convolution over n axes cannot have these options, or null if it can. */
    private static String wrongOptions(Shape x, WindowOptions options, int n, int... outputPadding) {
        if (options.axes().size() != 1 && options.axes().size() != n) {
            return "the options are those of " + options.axes().size() + " axes, not of " + n;
        }
        if (options.ceilMode()) {
            return "a convolution has no ceilMode";
        }
        if (x.dim(1) % options.groups() != 0) {
            return options.groups() + " groups do not divide " + x.dim(1) + " channels in";
        }
        if (outputPadding.length > 1 && outputPadding.length != n) {
            return "output padding has " + outputPadding.length + " numbers for " + n + " axes";
        }
        for (int i = 0; i < n && outputPadding.length > 0; i++) {
            String wrong = wrongOutputPadding(options.axis(i), outputPadding[outputPadding.length == 1 ? 0 : i]);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
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
