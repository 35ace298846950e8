package gradus.ops;

import gradus.array.Ints;
import gradus.array.Normalize;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Normalisation: {@code y = h gamma + beta} with {@code h = (x - mean) / sqrt(var + epsilon)}, where mean and var, the population
 * variance, are those of a group of elements. The ops differ in what a group is. Epsilon is 1e-5 in PyTorch unless another is given.
 *
 * <p>Layer, RMS and batch normalisation are one op forward and one back. With r = 1 / sqrt(var + epsilon) and M the mean over a group,
 * the gradient of x is {@code r P(gy gamma)}, where {@code P(v) = v - M(v) - h M(v h)}; without the term {@code M(v)} if the mean is not
 * subtracted.
 */
public final class Normalization {
    private Normalization() {}

    /** {@code y = h gamma + beta} over rows of the last axes, of x and, if they are there, gamma and beta; it saves the moments. */
    public record Rows(boolean centered, Shape row, double epsilon) implements Op.Saving {
        @Override
        public String name() {
            return centered ? "layerNorm" : "rmsNorm";
        }

        @Override
        public Tensor forward(Op.Saved saved, Tensor... x) {
            Normalize.Normalized y = Normalize.rows(
                    name(),
                    x[0],
                    row.size(),
                    centered,
                    epsilon,
                    x.length > 1 ? x[1] : null,
                    x.length > 2 ? x[2] : null);
            saved.set(y.moments());
            return y.values();
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            boolean affine = c.inputs() > 1 && (c.needs(1) || (c.inputs() > 2 && c.needs(2)));
            Node[] in = c.inputs() > 1 ? new Node[] {gy, c.x(0), c.x(1)} : new Node[] {gy, c.x(0)};
            Node[] g = Node.outputs(new RowsGradient(this, c.saved(Normalize.Moments.class), affine), in);
            Node[] gx = new Node[c.inputs()];
            System.arraycopy(g, 0, gx, 0, Math.min(g.length, gx.length));
            return gx;
        }
    }

    /** The gradients of Rows with respect to x and, if affine, gamma and beta, as functions of gy, x and gamma. */
    record RowsGradient(Rows of, Normalize.Moments moments, boolean affine) implements Op.Multi {
        @Override
        public String name() {
            return of.name() + "Gradient";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Normalize.Gradients g = Normalize.rowsGradient(
                    of.name(), x[0], x[1], of.row.size(), of.centered, of.epsilon, x.length > 2 ? x[2] : null, moments);
            return affine ? new Tensor[] {g.x(), g.gamma(), g.beta()} : new Tensor[] {g.x()};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            int rank = c.x(1).shape().rank();
            int[] axes = IntStream.range(rank - of.row.rank(), rank).toArray();
            return second(c, of.centered, Ints.of(axes), of.epsilon, of.row, gy);
        }
    }

    /** {@code y = h gamma + beta} over channels, axis 1, of x and, if they are there, gamma and beta; mean and var. */
    record Channels(double epsilon) implements Op.Multi {
        @Override
        public String name() {
            return "batchNorm";
        }

        @Override
        public String outputName(int output) {
            return switch (output) {
                case 0 -> "values";
                case 1 -> "mean";
                default -> "var";
            };
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Normalize.Normalized y =
                    Normalize.channels(name(), x[0], epsilon, x.length > 1 ? x[1] : null, x.length > 1 ? x[2] : null);
            saved.set(y.moments());
            return new Tensor[] {
                y.values(),
                y.moments().mean().add(y.moments().rest()).to(x[0].dtype()),
                y.moments().var().to(x[0].dtype())
            };
        }

        /** That of mean is {@code gy / n} for each of n elements of a channel, and that of var is {@code 2 gy (x - mean) / n}. */
        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Node x = c.x(0);
            Shape column = column(x.shape());
            double n = x.shape().size() / (double) column.size();
            Node[] gx = new Node[c.inputs()];
            if (gy[0] != null) {
                Node[] in = c.inputs() > 1 ? new Node[] {gy[0], x, c.x(1)} : new Node[] {gy[0], x};
                Node[] g = Node.outputs(new ChannelsGradient(epsilon, c.saved(Normalize.Moments.class)), in);
                System.arraycopy(g, 0, gx, 0, gx.length);
            }
            if (gy[1] != null) {
                Node g = gy[1].div(n).reshape(column).expandTo(x.shape());
                gx[0] = gx[0] == null ? g : gx[0].add(g);
            }
            if (gy[2] != null) {
                Node g = x.sub(c.y(1).reshape(column)).mul(gy[2].mul(2 / n).reshape(column));
                gx[0] = gx[0] == null ? g : gx[0].add(g);
            }
            return gx;
        }
    }

    /** The gradients of Channels with respect to x and, if it is there, gamma and beta, as functions of gy, x and gamma. */
    record ChannelsGradient(double epsilon, Normalize.Moments moments) implements Op.Multi {
        @Override
        public String name() {
            return "batchNormGradient";
        }

        @Override
        public Tensor[] forward(Op.Saved saved, Tensor... x) {
            Normalize.Gradients g =
                    Normalize.channelsGradient("batchNorm", x[0], x[1], epsilon, x.length > 2 ? x[2] : null, moments);
            return x.length > 2 ? new Tensor[] {g.x(), g.gamma(), g.beta()} : new Tensor[] {g.x()};
        }

        @Override
        public Node[] backward(Op.Call c, Node... gy) {
            Shape s = c.x(1).shape();
            return second(c, true, Ints.of(overChannels(s)), epsilon, column(s), gy);
        }
    }

    /**
     * Returns the gradients of gy, x and gamma, given those of {@code gx = r P(gy gamma)}, {@code ggamma = sum(gy h)} and
     * {@code gbeta = sum(gy)}: u, a and b. With {@code w = r P(u)} they are {@code w gamma + a h + b}, {@code sum(w gy)} and {@code r
     * P(v) - r^2 h M(u P(gy gamma))}, where v is the gradient of h, {@code a gy - r (gy gamma M(u h) + u M(gy gamma h))}. That gx
     * depends on x by r as well gives the last term: {@code dr/dx = -r^2 h / n}.
     *
     * @param parameter the shape of gamma that broadcasts to that of x
     */
    private static Node[] second(
            Op.Call c, boolean centered, Ints axes, double epsilon, Shape parameter, Node... cotangents) {
        int[] over = axes.toArray();
        Node gy = c.x(0);
        Node x = c.x(1);
        Node d = centered ? x.sub(x.meanKeepDims(over)) : x;
        Node r = d.square().meanKeepDims(over).add(epsilon).rsqrt();
        Node h = d.mul(r);
        Node gamma = c.inputs() > 2 ? c.x(2).reshape(parameter) : null;
        Node g = gamma == null ? gy : gy.mul(gamma);
        Node ggy = Node.constant(Tensor.zeros(x.shape(), x.dtype()));
        Node gx = ggy;
        Node gg = gamma == null ? null : Node.constant(Tensor.zeros(parameter, x.dtype()));
        Node v = ggy;
        if (cotangents[0] != null) {
            Node u = cotangents[0];
            Node w = r.mul(projected(u, h, centered, over));
            ggy = gamma == null ? w : w.mul(gamma);
            gg = gamma == null ? null : w.mul(gy).sumTo(parameter);
            v = g.mul(mean(u, h, over)).add(u.mul(mean(g, h, over))).mul(r).neg();
            gx = h.mul(r.square())
                    .mul(mean(u, projected(g, h, centered, over), over))
                    .neg();
        }
        if (cotangents.length > 1 && cotangents[1] != null) {
            Node a = cotangents[1].reshape(parameter);
            ggy = ggy.add(h.mul(a));
            v = v.add(gy.mul(a));
        }
        if (cotangents.length > 2 && cotangents[2] != null) {
            ggy = ggy.add(cotangents[2].reshape(parameter));
        }
        gx = gx.add(r.mul(projected(v, h, centered, over)));
        return gamma == null ? new Node[] {ggy, gx} : new Node[] {ggy, gx, gg.reshape(c.x(2).shape())};
    }

    /** Returns {@code v - M(v) - h M(v h)}. */
    private static Node projected(Node v, Node h, boolean centered, int... over) {
        Node y = v.sub(h.mul(mean(v, h, over)));
        return centered ? y.sub(v.meanKeepDims(over)) : y;
    }

    private static Node mean(Node a, Node b, int... over) {
        return a.mul(b).meanKeepDims(over);
    }

    /**
     * Returns x normalised over rows of its last axes, {@code h = (x - mean) / sqrt(var + epsilon)}: {@code [.., k] -> [.., k]} for rows
     * of shape {@code [k]}. Ba, Kiros and Hinton 2016. PyTorch's {@code layer_norm} without weight and bias.
     *
     * @param row the shape of a row, with one axis or more
     * @throws OperandMismatch if the last sizes of x are not those of a row
     */
    public static Node layerNorm(Node x, Shape row, double epsilon) {
        requireRows("layerNorm", x, row, "a row");
        return Node.of(new Rows(true, row, checked("layerNorm", epsilon)), x);
    }

    /** Returns {@link #layerNorm(Node, Node, Node, double)} with PyTorch's default epsilon, 1e-5. */
    public static Node layerNorm(Node x, Node gamma, Node beta) {
        return layerNorm(x, gamma, beta, 1e-5);
    }

    /**
     * Returns x normalised over rows of its last axes, {@code h gamma + beta} with {@code h = (x - mean) / sqrt(var + epsilon)}:
     * {@code [.., k], [k], [k] -> [.., k]}; a row has the shape of gamma. Ba, Kiros and Hinton 2016. PyTorch's {@code layer_norm}.
     *
     * @throws OperandMismatch if the last sizes of x are not those of gamma and beta, or the number types differ
     */
    public static Node layerNorm(Node x, Node gamma, Node beta, double epsilon) {
        requireParameters("layerNorm", x, gamma, beta);
        requireRows("layerNorm", x, gamma.shape(), "gamma", gamma, beta);
        requireShape("layerNorm", x, gamma, beta, gamma.shape());
        return Node.of(new Rows(true, gamma.shape(), checked("layerNorm", epsilon)), x, gamma, beta);
    }

    /**
     * Returns x divided by its root mean square over rows of its last axes, {@code x / sqrt(mean(x^2) + epsilon)}: {@code [.., k] ->
     * [.., k]} for rows of shape {@code [k]}. Zhang and Sennrich 2019. PyTorch's {@code rms_norm}, whose default epsilon is 2^-52, in
     * single precision 2^-23.
     *
     * @param row the shape of a row, with one axis or more
     * @throws OperandMismatch if the last sizes of x are not those of a row
     */
    public static Node rmsNorm(Node x, Shape row, double epsilon) {
        requireRows("rmsNorm", x, row, "a row");
        return Node.of(new Rows(false, row, checked("rmsNorm", epsilon)), x);
    }

    /**
     * Returns x divided by its root mean square over rows of its last axes, {@code gamma x / sqrt(mean(x^2) + epsilon)}: {@code [.., k],
     * [k] -> [.., k]}; a row has the shape of gamma. Zhang and Sennrich 2019. PyTorch's {@code rms_norm}.
     *
     * @throws OperandMismatch if the last sizes of x are not those of gamma, or the number types differ
     */
    public static Node rmsNorm(Node x, Node gamma, double epsilon) {
        requireParameters("rmsNorm", x, gamma, gamma);
        requireRows("rmsNorm", x, gamma.shape(), "gamma", gamma);
        return Node.of(new Rows(false, gamma.shape(), checked("rmsNorm", epsilon)), x, gamma);
    }

    /**
     * Returns x normalised over all axes but the channels, axis 1, {@code (x - mean) / sqrt(var + epsilon)}, with mean and var:
     * {@code [n, c, ..] -> [n, c, ..], [c], [c]}. Ioffe and Szegedy 2015. PyTorch's {@code batch_norm} in training without weight and
     * bias.
     *
     * @throws OperandMismatch if x has no axis 1, or fewer than two elements in a channel
     */
    public static BatchNormalized batchNorm(Node x, double epsilon) {
        requireChannels("batchNorm", x, 2);
        requireElements("batchNorm", x, x.shape().size(), x.shape().dim(1), "channel");
        return normalized(Node.outputs(new Channels(checked("batchNorm", epsilon)), x));
    }

    /**
     * Returns x normalised over all axes but the channels, axis 1, {@code gamma (x - mean) / sqrt(var + epsilon) + beta}, with mean and
     * var: {@code [n, c, ..], [c], [c] -> [n, c, ..], [c], [c]}. Ioffe and Szegedy 2015. PyTorch's {@code batch_norm} in training,
     * which returns no statistics but updates running ones.
     *
     * @throws OperandMismatch if x has no axis 1, or fewer than two elements in a channel, gamma or beta is not [c], or the number types
     *     differ
     */
    public static BatchNormalized batchNorm(Node x, Node gamma, Node beta, double epsilon) {
        requireParameters("batchNorm", x, gamma, beta);
        requireChannels("batchNorm", x, 2);
        requireShape("batchNorm", x, gamma, beta, Shape.of(x.shape().dim(1)));
        requireElements("batchNorm", x, x.shape().size(), x.shape().dim(1), "channel");
        return normalized(Node.outputs(new Channels(checked("batchNorm", epsilon)), x, gamma, beta));
    }

    /**
     * Returns x normalised by a given mean and variance of each channel, axis 1, {@code gamma (x - mean) / sqrt(var + epsilon) + beta}:
     * {@code [n, c, ..], [c], [c], [c], [c] -> [n, c, ..]}. PyTorch's {@code batch_norm} in evaluation.
     *
     * @throws OperandMismatch if x has no axis 1, an argument is not [c], a variance is negative, or the number types differ
     */
    public static Node batchNorm(Node x, Node gamma, Node beta, Node mean, Node var, double epsilon) {
        requireParameters("batchNorm", x, gamma, beta);
        Objects.requireNonNull(mean, "batchNorm: mean is null");
        Objects.requireNonNull(var, "batchNorm: var is null");
        requireChannels("batchNorm", x, 2);
        Shape channels = Shape.of(x.shape().dim(1));
        requireShape("batchNorm", x, gamma, beta, channels);
        if (!mean.shape().equals(channels) || !var.shape().equals(channels)) {
            throw new OperandMismatch(
                    "batchNorm", "mean and var must be " + channels, x.label(), mean.label(), var.label());
        }
        DistributionChecks.require("batchNorm", "var", var, v -> !(v < 0), "0 or more");
        Shape column = column(x.shape());
        Node factor = var.add(checked("batchNorm", epsilon)).rsqrt().mul(gamma);
        return x.sub(mean.reshape(column)).mul(factor.reshape(column)).add(beta.reshape(column));
    }

    /**
     * Returns x normalised over groups of successive channels, axis 1, and all later axes, {@code (x - mean) / sqrt(var + epsilon)}, each
     * sample by itself: {@code [n, c, ..] -> [n, c, ..]}. Wu and He 2018. PyTorch's {@code group_norm} without weight and bias.
     *
     * @throws OperandMismatch if x has no axis 1, its size is not divisible by the number of groups, or a group has fewer than two
     *     elements
     */
    public static Node groupNorm(Node x, int groups, double epsilon) {
        requireChannels("groupNorm", x, 2);
        return ofGroups("groupNorm", x, groups, epsilon);
    }

    /**
     * Returns x normalised over groups of successive channels, axis 1, and all later axes, {@code gamma (x - mean) / sqrt(var + epsilon)
     * + beta}, each sample by itself: {@code [n, c, ..], [c], [c] -> [n, c, ..]}. Wu and He 2018. PyTorch's {@code group_norm}.
     *
     * @throws OperandMismatch if x has no axis 1, its size is not divisible by the number of groups, a group has fewer than two
     *     elements, gamma or beta is not [c], or the number types differ
     */
    public static Node groupNorm(Node x, int groups, Node gamma, Node beta, double epsilon) {
        requireParameters("groupNorm", x, gamma, beta);
        requireChannels("groupNorm", x, 2);
        requireShape("groupNorm", x, gamma, beta, Shape.of(x.shape().dim(1)));
        Shape column = column(x.shape());
        return ofGroups("groupNorm", x, groups, epsilon)
                .mul(gamma.reshape(column))
                .add(beta.reshape(column));
    }

    /**
     * Returns x normalised over the axes after the channels, axis 1, {@code (x - mean) / sqrt(var + epsilon)}, each channel of each
     * sample by itself: {@code [n, c, ..] -> [n, c, ..]}. Ulyanov, Vedaldi and Lempitsky 2016. PyTorch's {@code instance_norm} without
     * weight and bias.
     *
     * @throws OperandMismatch if x has no axis 2, or fewer than two elements in a channel of a sample
     */
    public static Node instanceNorm(Node x, double epsilon) {
        requireChannels("instanceNorm", x, 3);
        return ofGroups("instanceNorm", x, x.shape().dim(1), epsilon);
    }

    /**
     * Returns x normalised over the axes after the channels, axis 1, {@code gamma (x - mean) / sqrt(var + epsilon) + beta}, each channel
     * of each sample by itself: {@code [n, c, ..], [c], [c] -> [n, c, ..]}. Ulyanov, Vedaldi and Lempitsky 2016. PyTorch's
     * {@code instance_norm}.
     *
     * @throws OperandMismatch if x has no axis 2, or fewer than two elements in a channel of a sample, gamma or beta is not [c], or the
     *     number types differ
     */
    public static Node instanceNorm(Node x, Node gamma, Node beta, double epsilon) {
        requireParameters("instanceNorm", x, gamma, beta);
        requireChannels("instanceNorm", x, 3);
        requireShape("instanceNorm", x, gamma, beta, Shape.of(x.shape().dim(1)));
        Shape column = column(x.shape());
        return instanceNorm(x, epsilon).mul(gamma.reshape(column)).add(beta.reshape(column));
    }

    /**
     * Returns x divided by a power of the sum of squares at its position in the channels around it, axis 1, {@code y[c] = x[c] / (k +
     * alpha / size sum(x[i]^2))^beta} for i from {@code c - size / 2} to {@code c + (size - 1) / 2}, as far as there are such channels:
     * {@code [n, c, ..] -> [n, c, ..]}. Krizhevsky, Sutskever and Hinton 2012. PyTorch's {@code local_response_norm}, whose defaults are
     * alpha 1e-4, beta 0.75 and k 1.
     *
     * @param size the number of channels in a sum
     * @throws OperandMismatch if x has no axis 2, or size is not positive
     */
    public static Node localResponseNorm(Node x, int size, double alpha, double beta, double k) {
        requireChannels("localResponseNorm", x, 3);
        if (size < 1) {
            throw new OperandMismatch("localResponseNorm", "size " + size + " must be at least 1", x.label());
        }
        int c = x.shape().dim(1);
        Node squares = x.square().pad(1, size / 2, (size - 1) / 2);
        Node sum = squares.slice(1, 0, c);
        for (int i = 1; i < size; i++) {
            sum = sum.add(squares.slice(1, i, i + c));
        }
        return x.div(sum.mul(alpha / size).add(k).pow(beta));
    }

    /**
     * Returns weights of a given norm, {@code g v / |v|}, where the Euclidean norm is over all axes but one: {@code [.., n, ..], [n] ->
     * [.., n, ..]}. Salimans and Kingma 2016. PyTorch's {@code weight_norm}, whose g has the other axes with size 1. Where v is 0 all
     * along, the result is NaN.
     *
     * @param axis the axis of v that g is along, 0 for the weights of a convolution
     * @throws OperandMismatch if v has no such axis, g is not [n], or the number types differ
     */
    public static Node weightNorm(Node v, Node g, int axis) {
        Objects.requireNonNull(v, "weightNorm: v is null");
        Objects.requireNonNull(g, "weightNorm: g is null");
        Shape s = v.shape();
        int kept = s.axis("weightNorm", axis);
        if (!g.shape().equals(Shape.of(s.dim(kept)))) {
            throw new OperandMismatch(
                    "weightNorm", "g must be [" + s.dim(kept) + "], as axis " + axis + " of v", v.label(), g.label());
        }
        int[] over = IntStream.range(0, s.rank()).filter(i -> i != kept).toArray();
        Node norm = over.length == 0 ? v.abs() : v.normKeepDims(over);
        return v.mul(g.reshape(norm.shape()).div(norm));
    }

    private static BatchNormalized normalized(Node... outputs) {
        return new BatchNormalized(outputs[0], outputs[1], outputs[2]);
    }

    private static Node ofGroups(String op, Node x, int groups, double epsilon) {
        Shape s = x.shape();
        if (groups < 1) {
            throw new OperandMismatch(op, "the number of groups " + groups + " must be at least 1", x.label());
        }
        if (s.dim(1) % groups != 0) {
            throw new OperandMismatch(op, s.dim(1) + " channels are not divisible by " + groups + " groups", x.label());
        }
        int rows = s.dim(0) * groups;
        requireElements(
                op, x, s.size(), rows, op.equals("groupNorm") ? "group of each sample" : "channel of each sample");
        Shape row = Shape.of(rows == 0 ? 0 : s.size() / rows);
        Node y = x.reshape(Shape.of(rows, row.size()));
        return Node.of(new Rows(true, row, checked(op, epsilon)), y).reshape(s);
    }

    private static int[] overChannels(Shape s) {
        return IntStream.range(0, s.rank()).filter(i -> i != 1).toArray();
    }

    /** Returns the shape of a number per channel that broadcasts to x. */
    private static Shape column(Shape s) {
        return s.collapse(overChannels(s));
    }

    private static double checked(String op, double epsilon) {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException(op + ": epsilon " + epsilon + " must be at least 0");
        }
        return epsilon;
    }

    private static void requireParameters(String op, Node x, Node gamma, Node beta) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Objects.requireNonNull(gamma, () -> op + ": gamma is null");
        Objects.requireNonNull(beta, () -> op + ": beta is null");
    }

    private static void requireRows(String op, Node x, Shape row, String of, Node... parameters) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        Objects.requireNonNull(row, () -> op + ": row is null");
        Shape s = x.shape();
        int first = s.rank() - row.rank();
        boolean fits = row.rank() > 0 && first >= 0;
        for (int i = 0; fits && i < row.rank(); i++) {
            fits = s.dim(first + i) == row.dim(i);
        }
        if (!fits) {
            Object[] labels = Stream.concat(Stream.of(x), Arrays.stream(parameters))
                    .map(Node::label)
                    .toArray();
            throw new OperandMismatch(op, "the last sizes of x must be those of " + of + ", " + row, labels);
        }
    }

    private static void requireChannels(String op, Node x, int rank) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        if (x.shape().rank() < rank) {
            throw new OperandMismatch(op, "it takes [n, c, " + (rank > 2 ? "s, ..]" : "..]"), x.label());
        }
    }

    private static void requireElements(String op, Node x, int size, int groups, String of) {
        if (size < 2 * groups) {
            throw new OperandMismatch(op, "it takes at least 2 elements for each " + of, x.label());
        }
    }

    private static void requireShape(String op, Node x, Node gamma, Node beta, Shape s) {
        if (!gamma.shape().equals(s) || !beta.shape().equals(s)) {
            throw new OperandMismatch(op, "gamma and beta must be " + s, x.label(), gamma.label(), beta.label());
        }
    }
}
