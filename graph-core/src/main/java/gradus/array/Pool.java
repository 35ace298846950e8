package gradus.array;

/**
 * Pooling: one number for each window that slides over the last two axes, [.., h, w] -> [.., oh, ow]. Padding
 * is left out of a maximum and counts as zero in a mean.
 */
public final class Pool {
    private Pool() {}

    /**
     * The largest element of each window and its position: the first of equals, the last NaN if there is one, as in
     * PyTorch.
     */
    public static final class Maxima {
        private final PoolGeometry windows;
        private final Tensor source;
        private final Tensor values;
        private final int[] at;

        private Maxima(PoolGeometry windows, Tensor source, Tensor values, int... at) {
            this.windows = windows;
            this.source = source;
            this.values = values;
            this.at = at;
        }

        /** Returns the elements at these positions of a tensor of the same shape: a gather. */
        public Tensor of(Tensor x) {
            Arguments.nonNull(x, "maxPool", "x");
            if (!x.shape().equals(windows.in)) {
                throw new OperandMismatch("maxPool", "positions are those in " + windows.in, x.shape());
            }
            if (x.sharesArrayWith(source)) {
                return values;
            }
            Tensor y = x.blank(windows.out);
            if (x instanceof Tensor64 t) {
                Pool64.take(windows, t.data, Tensor64.data(y), at);
            } else {
                Pool32.take(windows, Tensor32.data(x), Tensor32.data(y), at);
            }
            return y;
        }

        /** Returns zeros to which the elements are added at these positions: a scatter, the transpose of {@link #of}. */
        public Tensor put(Tensor y) {
            Arguments.nonNull(y, "maxPool", "y");
            if (!y.shape().equals(windows.out)) {
                throw new OperandMismatch("maxPool", "there are " + windows.out + " positions", y.shape());
            }
            Tensor x = y.blank(windows.in);
            if (y instanceof Tensor64 t) {
                Pool64.put(windows, t.data, Tensor64.data(x), at);
            } else {
                Pool32.put(windows, Tensor32.data(y), Tensor32.data(x), at);
            }
            return x;
        }
    }

    /**
     * Returns the largest elements of windows of kh x kw.
     *
     * @throws OperandMismatch if they do not fit
     */
    public static Maxima max(String op, Tensor x, int kh, int kw, WindowOptions options) {
        Arguments.nonNull(op, "max", "op");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(options, op, "options");
        PoolGeometry g = PoolGeometry.of(op, x.shape(), kh, kw, options);
        Tensor y = x.blank(g.out);
        int[] at = new int[y.size()];
        if (x instanceof Tensor64 t) {
            Pool64.max(g, t.data, Tensor64.data(y), at);
        } else {
            Pool32.max(g, Tensor32.data(x), Tensor32.data(y), at);
        }
        return new Maxima(g, x, y, at);
    }

    /**
     * Returns the means of windows of kh x kw.
     *
     * @param padded whether zeros on the padding count among the elements that the sum is divided by
     * @throws OperandMismatch if they do not fit
     */
    public static Tensor mean(String op, Tensor x, int kh, int kw, WindowOptions options, boolean padded) {
        Arguments.nonNull(op, "mean", "op");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(options, op, "options");
        PoolGeometry g = PoolGeometry.of(op, x.shape(), kh, kw, options);
        Tensor y = x.blank(g.out);
        if (x instanceof Tensor64 t) {
            Pool64.mean(g, padded, t.data, Tensor64.data(y));
        } else {
            Pool32.mean(g, padded, Tensor32.data(x), Tensor32.data(y));
        }
        return y;
    }

    /**
     * Returns the gradient of a mean's input, of this shape: each element's share added to all elements of its window.
     *
     * @throws OperandMismatch if the windows do not fit the shape, or the gradient does not fit them
     */
    public static Tensor spread(String op, Tensor gy, Shape x, int kh, int kw, WindowOptions options, boolean padded) {
        Arguments.nonNull(op, "spread", "op");
        Arguments.nonNull(gy, op, "gy");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(options, op, "options");
        PoolGeometry g = PoolGeometry.of(op, x, kh, kw, options);
        if (!gy.shape().equals(g.out)) {
            throw new OperandMismatch(op, "the output's gradient must be " + g.out, gy.shape());
        }
        Tensor gx = gy.blank(x);
        if (gy instanceof Tensor64 t) {
            Pool64.spread(g, padded, t.data, Tensor64.data(gx));
        } else {
            Pool32.spread(g, padded, Tensor32.data(gy), Tensor32.data(gx));
        }
        return gx;
    }
}
