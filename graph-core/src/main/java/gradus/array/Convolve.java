package gradus.array;

/**
 * The three products of a convolution, in signal processing a cross-correlation, of images [n, c, h, w] with weights [out,
 * c / groups, kh, kw]: {@code y[n, o, i, j] = sum over c, u, v of x[n, c, i s + u d - p, j s + v d - p]
 * w[o, c, u, v]}, for stride s, dilation d and leading padding p along each axis; and likewise over one axis, [n, c, l], or
 * three, [n, c, d, h, w]. It is linear in x and in w, so its gradients are the two other products, and each one's gradients
 * are the other two.
 */
public final class Convolve {
    private Convolve() {}

    /**
     * Returns the convolution, with a bias [out] added to every channel.
     *
     * @param op the name that errors show
     * @param bias one number for each channel of the result, or null for none
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Tensor forward(String op, Tensor x, Tensor w, Tensor bias, WindowOptions options) {
        Arguments.nonNull(op, "forward", "op");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(w, op, "w");
        Arguments.nonNull(options, op, "options");
        requireSame(op, x, w);
        ConvGeometry g = ConvGeometry.of(op, x.shape(), w.shape(), options);
        if (bias != null) {
            requireSame(op, x, bias);
            if (bias.shape().rank() != 1 || bias.size() != g.groups * g.m) {
                throw new OperandMismatch(
                        op, "the bias must be [" + g.groups * g.m + "]", x.shape(), w.shape(), bias.shape());
            }
        }
        Tensor y = x.newZeros(g.out());
        if (x instanceof Tensor64 t) {
            Conv64.forward(g, t.data, Tensor64.data(w), bias == null ? null : Tensor64.data(bias), Tensor64.data(y));
        } else {
            Conv32.forward(
                    g, Tensor32.data(x), Tensor32.data(w), bias == null ? null : Tensor32.data(bias), Tensor32.data(y));
        }
        return y;
    }

    /**
     * Returns the gradient with respect to x, of this shape, given that of the result: a transposed convolution of it.
     *
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Tensor inputGradient(String op, Tensor gy, Tensor w, Shape x, WindowOptions options) {
        Arguments.nonNull(op, "inputGradient", "op");
        Arguments.nonNull(gy, op, "gy");
        Arguments.nonNull(w, op, "w");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(options, op, "options");
        requireSame(op, gy, w);
        ConvGeometry g = ConvGeometry.of(op, x, w.shape(), options);
        requireResult(op, g, gy, w.shape());
        Tensor gx = gy.newZeros(x);
        if (gy instanceof Tensor64 t) {
            Conv64.inputGradient(g, t.data, Tensor64.data(w), Tensor64.data(gx));
        } else {
            Conv32.inputGradient(g, Tensor32.data(gy), Tensor32.data(w), Tensor32.data(gx));
        }
        return gx;
    }

    /**
     * Returns the gradient with respect to the weights, of this shape, given that of the result.
     *
     * @throws OperandMismatch if shapes or number types do not fit
     */
    public static Tensor weightGradient(String op, Tensor x, Tensor gy, Shape w, WindowOptions options) {
        Arguments.nonNull(op, "weightGradient", "op");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(gy, op, "gy");
        Arguments.nonNull(w, op, "w");
        Arguments.nonNull(options, op, "options");
        requireSame(op, x, gy);
        ConvGeometry g = ConvGeometry.of(op, x.shape(), w, options);
        requireResult(op, g, gy, x.shape());
        Tensor gw = x.newZeros(w);
        if (x instanceof Tensor64 t) {
            Conv64.weightGradient(g, t.data, Tensor64.data(gy), Tensor64.data(gw));
        } else {
            Conv32.weightGradient(g, Tensor32.data(x), Tensor32.data(gy), Tensor32.data(gw));
        }
        return gw;
    }

    /**
     * Returns the im2col columns of images, the elements that a kernel is multiplied with for each output: {@code [n, c, h, w] -> [n,
     * c kh kw, oh ow]}.
     *
     * @throws OperandMismatch if the kernel does not fit
     */
    public static Tensor im2col(String op, Tensor x, Ints kernel, WindowOptions options) {
        Arguments.nonNull(op, "im2col", "op");
        Arguments.nonNull(x, op, "x");
        ConvGeometry g = geometry(op, x.shape(), kernel, options);
        Tensor y = x.newZeros(Shape.of(g.n, g.kernelSize(), g.outputs()));
        if (x instanceof Tensor64 t) {
            Conv64.im2col(g, t.data, Tensor64.data(y));
        } else {
            Conv32.im2col(g, Tensor32.data(x), Tensor32.data(y));
        }
        return y;
    }

    /**
     * Returns images of a shape that are the sums of im2col columns, each element added to that of the image which it is a copy of: the
     * transpose of {@link #im2col}.
     *
     * @throws OperandMismatch if the kernel does not fit, or the columns are not those of such images
     */
    public static Tensor col2im(String op, Tensor columns, Shape x, Ints kernel, WindowOptions options) {
        Arguments.nonNull(op, "col2im", "op");
        Arguments.nonNull(columns, op, "columns");
        Arguments.nonNull(x, op, "x");
        ConvGeometry g = geometry(op, x, kernel, options);
        Shape expected = Shape.of(g.n, g.kernelSize(), g.outputs());
        if (!columns.shape().equals(expected)) {
            throw new OperandMismatch(op, "the columns of images " + x + " are " + expected, columns.shape());
        }
        Tensor y = columns.newZeros(x);
        if (columns instanceof Tensor64 t) {
            Conv64.col2im(g, t.data, Tensor64.data(y));
        } else {
            Conv32.col2im(g, Tensor32.data(columns), Tensor32.data(y));
        }
        return y;
    }

    /** Returns the sizes of a convolution with one kernel over all channels. */
    private static ConvGeometry geometry(String op, Shape x, Ints kernel, WindowOptions options) {
        Arguments.nonNull(kernel, op, "kernel");
        Arguments.nonNull(options, op, "options");
        if (x.rank() != kernel.size() + 2 || options.groups() != 1) {
            String why = x.rank() != kernel.size() + 2
                    ? "a kernel of " + PoolWindows.by(kernel) + " takes " + (kernel.size() + 2) + " axes, [n, c, ..]"
                    : "columns have no groups of channels, the options have " + options.groups();
            throw new OperandMismatch(op, why, x);
        }
        int[] weights = new int[kernel.size() + 2];
        weights[0] = 1;
        weights[1] = x.dim(1);
        for (int i = 0; i < kernel.size(); i++) {
            if (kernel.get(i) < 1) {
                throw new OperandMismatch(op, "a kernel of " + PoolWindows.by(kernel) + " is empty", x);
            }
            weights[i + 2] = kernel.get(i);
        }
        return ConvGeometry.of(op, x, Shape.of(weights), options);
    }

    private static void requireSame(String op, Tensor a, Tensor b) {
        if (a.dtype() != b.dtype()) {
            throw new OperandMismatch(op, Indexing.mixed(a, b), a.shape(), b.shape());
        }
    }

    private static void requireResult(String op, ConvGeometry g, Tensor gy, Shape other) {
        if (!gy.shape().equals(g.out())) {
            throw new OperandMismatch(op, "the output's gradient must be " + g.out(), gy.shape(), other);
        }
    }
}
