package gradus.ops;

import gradus.array.Convolve;
import gradus.array.Ints;
import gradus.array.OperandMismatch;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Node;
import gradus.graph.Op;
import java.util.Objects;

/** The windows of images as columns of a matrix, im2col, and their sum, col2im. Two linear ops, each other's derivatives. */
public final class Unfolding {
    private Unfolding() {}

    /** {@code y = the columns of x}: [n, c, h, w] -> [n, c kh kw, l]. */
    record Unfold(Ints kernel, WindowOptions options) implements Op {
        @Override
        public String name() {
            return "unfold";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.im2col(name(), x[0], kernel, options);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Fold(c.x(0).shape(), kernel, options), gy)};
        }
    }

    /** {@code y = zeros with the columns x added}: the transpose of Unfold. */
    record Fold(Shape out, Ints kernel, WindowOptions options) implements Op {
        @Override
        public String name() {
            return "fold";
        }

        @Override
        public Tensor forward(Tensor... x) {
            return Convolve.col2im(name(), x[0], out, kernel, options);
        }

        @Override
        public Node[] backward(Call c, Node gy) {
            return new Node[] {Node.of(new Unfold(kernel, options), gy)};
        }
    }

    /**
     * Returns the windows of images, one column for each output of a convolution: {@code [n, c, h, w] -> [n, c kh kw, oh ow]}, {@code
     * y[n, (c kh + u) kw + v, i ow + j] = x[n, c, i s + u d - p, j s + v d - p]}. A convolution is the product of the weights, {@code
     * [out, c kh kw]}, and these. PyTorch's {@code unfold}.
     *
     * @param options stride, 1 by default, padding and dilation
     * @throws OperandMismatch if x has other axes, or a window does not fit
     */
    public static Node unfold(Node x, int kh, int kw, WindowOptions options) {
        Objects.requireNonNull(x, "unfold: x is null");
        Objects.requireNonNull(options, "unfold: options is null");
        return Node.of(new Unfold(Ints.of(kh, kw), options), x);
    }

    /**
     * Returns images of h x w that are the sums of their windows, {@code [n, c kh kw, oh ow] -> [n, c, h, w]}: the transpose of {@link
     * #unfold}. Where windows overlap their elements are added. PyTorch's {@code fold}.
     *
     * @param options stride, 1 by default, padding and dilation
     * @throws OperandMismatch if the columns are not those of such images
     */
    public static Node fold(Node x, int h, int w, int kh, int kw, WindowOptions options) {
        Objects.requireNonNull(x, "fold: x is null");
        Objects.requireNonNull(options, "fold: options is null");
        Shape s = x.shape();
        if (s.rank() != 3 || h < 1 || w < 1 || kh < 1 || kw < 1 || s.dim(1) % ((long) kh * kw) != 0) {
            String why = "it takes [n, c " + kh + " " + kw + ", l] and an image of 1 x 1 or more, not " + h + " x " + w;
            throw new OperandMismatch("fold", why, x.label());
        }
        Shape out = Shape.of(s.dim(0), s.dim(1) / (kh * kw), h, w);
        return Node.of(new Fold(out, Ints.of(kh, kw), options), x);
    }
}
