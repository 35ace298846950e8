package gradus.ops;

import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import java.util.Arrays;
import java.util.Objects;

/** Images of another size: by the nearest element, by linear interpolation, and by exchanging channels for elements. */
public final class Upsampling {
    private Upsampling() {}

    /**
     * Returns every element repeated along each axis after the second: {@code [n, c, h, w] -> [n, c, scale h, scale w]}, and likewise
     * over one axis or three. PyTorch's {@code interpolate} with mode {@code nearest}.
     *
     * @throws OperandMismatch if x has not 3 to 5 axes, or the scale is less than 1 or too large
     */
    public static Node upsampleNearest(Node x, int scale) {
        requireAxes("upsampleNearest", x);
        if (scale < 1) {
            throw new OperandMismatch("upsampleNearest", "scale " + scale + " must be at least 1", x.label());
        }
        double elements = x.shape().size() * Math.pow(scale, x.shape().rank() - 2);
        int[] size = Arrays.copyOfRange(x.shape().dims(), 2, x.shape().rank());
        for (int i = 0; i < size.length; i++) {
            elements = Math.max(elements, (double) size[i] * scale);
            size[i] *= scale;
        }
        requireFits("upsampleNearest", x, "scale " + scale, elements);
        return nearest(x, size);
    }

    /**
     * Returns the nearest elements, for a given size of the axes after the second: {@code [n, c, h, w] -> [n, c, oh, ow]}, {@code y[i, j]
     * = x[i h / oh, j w / ow]}, rounded down, and likewise over one axis or three. PyTorch's {@code interpolate} with mode {@code
     * nearest}, which computes the quotients in FLOAT32 and so, for some sizes, takes the element before.
     *
     * @throws OperandMismatch if x has not 3 to 5 axes, the size not two fewer, or one is less than 1
     */
    public static Node upsampleNearest(Node x, Shape size) {
        requireSize("upsampleNearest", x, size);
        return nearest(x, size.dims());
    }

    private static Node nearest(Node x, int... size) {
        Node y = x;
        for (int i = 0; i < size.length; i++) {
            int n = x.shape().dim(i + 2);
            int out = size[i];
            if (n == out) {
                continue;
            }
            if (out % n == 0) {
                Shape s = y.shape();
                Node apart = y.unsqueeze(i + 3);
                y = apart.expandTo(apart.shape().with(i + 3, out / n)).reshape(s.with(i + 2, out));
            } else {
                int[] at = new int[out];
                Arrays.setAll(at, j -> (int) ((long) j * n / out));
                y = y.indexSelect(i + 2, at);
            }
        }
        return y;
    }

    /**
     * Returns images of a given size by linear interpolation along both axes: {@code [n, c, h, w] -> [n, c, oh, ow]}. Element i of o
     * is at position {@code p = (i + 1/2) h / o - 1/2} of h, at least 0, or with {@code alignCorners} at {@code i (h - 1) / (o - 1)}: {@code
     * y = (1 - t) x[j] + t x[j + 1]} for j, p rounded down, and {@code t = p - j}. PyTorch's {@code interpolate} with mode {@code
     * bilinear}.
     *
     * @param alignCorners whether the first and the last elements keep their places, as opposed to the borders of the image
     * @throws OperandMismatch if x has not 4 axes, the size not 2, or one is less than 1
     */
    public static Node upsampleBilinear(Node x, Shape size, boolean alignCorners) {
        Objects.requireNonNull(x, "upsampleBilinear: x is null");
        Objects.requireNonNull(size, "upsampleBilinear: size is null");
        if (x.shape().rank() != 4) {
            throw new OperandMismatch("upsampleBilinear", "it takes [n, c, h, w]", x.label());
        }
        requireSize("upsampleBilinear", x, size);
        return linear(linear(x, 2, size.dim(0), alignCorners), 3, size.dim(1), alignCorners);
    }

    private static Node linear(Node x, int axis, int out, boolean alignCorners) {
        int n = x.shape().dim(axis);
        if (n == out) {
            return x;
        }
        int[] low = new int[out];
        int[] high = new int[out];
        double[] t = new double[out];
        for (int i = 0; i < out; i++) {
            double p = alignCorners
                    ? out == 1 ? 0 : (double) i * (n - 1) / (out - 1)
                    : Math.max(0, (i + 0.5) * n / out - 0.5);
            low[i] = Math.min((int) p, n - 1);
            high[i] = Math.min(low[i] + 1, n - 1);
            t[i] = p - low[i];
        }
        Shape along = axis == 2 ? Shape.of(out, 1) : Shape.of(out);
        Node weight = Node.constant(Tensor.of(along, t).to(x.dtype()));
        return x.indexSelect(axis, low)
                .mul(weight.rsub(1))
                .add(x.indexSelect(axis, high).mul(weight));
    }

    /**
     * Returns images of r times the size, r x r elements of which are those of r^2 channels: {@code [.., c r^2, h, w] -> [.., c, h r, w
     * r]}, {@code y[c, h r + i, w r + j] = x[(c r + i) r + j, h, w]}. PyTorch's {@code pixel_shuffle}.
     *
     * @throws OperandMismatch if there are fewer than three axes, or r^2 does not divide the channels
     */
    public static Node pixelShuffle(Node x, int r) {
        requireFactor("pixelShuffle", x, r);
        Shape s = x.shape();
        if (s.rank() < 3 || s.dim(-3) % ((long) r * r) != 0) {
            throw new OperandMismatch(
                    "pixelShuffle", "it takes [.., c, h, w] with c a multiple of " + (long) r * r, x.label());
        }
        int c = (int) (s.dim(-3) / ((long) r * r));
        Node apart = x.reshape(joined(s, c, r, r, s.dim(-2), s.dim(-1)));
        int k = s.rank() - 3;
        return apart.permute(order(k, 0, 3, 1, 4, 2)).reshape(joined(s, c, s.dim(-2) * r, s.dim(-1) * r));
    }

    /**
     * Returns images of 1 / r of the size, r x r elements of which become r^2 channels: {@code [.., c, h r, w r] -> [.., c r^2, h, w]}, the
     * inverse of {@link #pixelShuffle}. PyTorch's {@code pixel_unshuffle}.
     *
     * @throws OperandMismatch if there are fewer than three axes, or r does not divide the sizes
     */
    public static Node pixelUnshuffle(Node x, int r) {
        requireFactor("pixelUnshuffle", x, r);
        Shape s = x.shape();
        if (s.rank() < 3 || s.dim(-2) % r != 0 || s.dim(-1) % r != 0) {
            throw new OperandMismatch(
                    "pixelUnshuffle", "it takes [.., c, h, w] with h and w multiples of " + r, x.label());
        }
        int h = s.dim(-2) / r;
        int w = s.dim(-1) / r;
        Node apart = x.reshape(joined(s, s.dim(-3), h, r, w, r));
        int k = s.rank() - 3;
        return apart.permute(order(k, 0, 2, 4, 1, 3)).reshape(joined(s, s.dim(-3) * r * r, h, w));
    }

    /** Returns the axes before the last three, and others after them. */
    private static Shape joined(Shape s, int... last) {
        int k = s.rank() - 3;
        int[] dims = Arrays.copyOf(s.dims(), k + last.length);
        System.arraycopy(last, 0, dims, k, last.length);
        return Shape.of(dims);
    }

    /** Returns an order of axes that leaves the first k where they are. */
    private static int[] order(int k, int... last) {
        int[] order = new int[k + last.length];
        Arrays.setAll(order, i -> i < k ? i : k + last[i - k]);
        return order;
    }

    private static void requireFactor(String op, Node x, int r) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        if (r < 1) {
            throw new OperandMismatch(op, "r " + r + " must be at least 1", x.label());
        }
    }

    private static void requireAxes(String op, Node x) {
        Objects.requireNonNull(x, () -> op + ": x is null");
        int rank = x.shape().rank();
        boolean fits = rank >= 3 && rank <= 5;
        for (int axis = 2; axis < rank; axis++) {
            fits &= x.shape().dim(axis) > 0;
        }
        if (!fits) {
            throw new OperandMismatch(op, "it takes [n, c, ..] with 1 to 3 more axes, not empty", x.label());
        }
    }

    private static void requireSize(String op, Node x, Shape size) {
        Objects.requireNonNull(size, () -> op + ": size is null");
        requireAxes(op, x);
        if (size.rank() != x.shape().rank() - 2 || size.size() == 0) {
            String why = "a size of " + (x.shape().rank() - 2) + " numbers from 1 up fits, not " + size;
            throw new OperandMismatch(op, why, x.label());
        }
        double elements = (double) x.shape().dim(0) * x.shape().dim(1) * size.size();
        requireFits(op, x, "size " + size, elements);
    }

    private static void requireFits(String op, Node x, String what, double elements) {
        if (elements > Integer.MAX_VALUE - 8) {
            throw new OperandMismatch(op, what + " makes more than 2^31 - 9 elements", x.label());
        }
    }
}
