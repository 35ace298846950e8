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
    public record Maxima(Tensor values, Positions positions) {
        /** Checks the arguments. */
        public Maxima {
            Arguments.nonNull(values, "Maxima", "values");
            Arguments.nonNull(positions, "Maxima", "positions");
        }
    }

    /** The position of one element of each window. Equal by value. */
    public static final class Positions {
        private final PoolGeometry windows;
        private final Ints indices;

        private Positions(PoolGeometry windows, Ints indices) {
            this.windows = windows;
            this.indices = indices;
        }

        /** Returns the elements at these positions, {@code [.., h, w] -> [.., oh, ow]}. */
        public Tensor gather(Tensor x) {
            Arguments.nonNull(x, "maxPool", "x");
            if (!x.shape().equals(windows.in)) {
                throw new OperandMismatch("maxPool", "positions are those in " + windows.in, x.shape());
            }
            Tensor y = x.newZeros(windows.out);
            if (x instanceof Tensor64 t) {
                Pool64.gather(windows, t.data, Tensor64.data(y), indices.array());
            } else {
                Pool32.gather(windows, Tensor32.data(x), Tensor32.data(y), indices.array());
            }
            return y;
        }

        /**
         * Returns zeros with the elements added at these positions, {@code [.., oh, ow] -> [.., h, w]}: the transpose of
         * {@link #gather}.
         */
        public Tensor scatterAdd(Tensor y) {
            Arguments.nonNull(y, "maxPool", "y");
            if (!y.shape().equals(windows.out)) {
                throw new OperandMismatch("maxPool", "there are " + windows.out + " positions", y.shape());
            }
            Tensor x = y.newZeros(windows.in);
            if (y instanceof Tensor64 t) {
                Pool64.scatterAdd(windows, t.data, Tensor64.data(x), indices.array());
            } else {
                Pool32.scatterAdd(windows, Tensor32.data(y), Tensor32.data(x), indices.array());
            }
            return x;
        }

        @Override
        public boolean equals(Object o) {
            return this == o
                    || (o instanceof Positions other && windows.equals(other.windows) && indices.equals(other.indices));
        }

        @Override
        public int hashCode() {
            return 31 * windows.hashCode() + indices.hashCode();
        }

        /** Returns the shapes and the positions. */
        @Override
        public String toString() {
            return windows.in + " -> " + windows.out + ": " + indices;
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
        Tensor y = x.newZeros(g.out);
        int[] indices = new int[y.size()];
        if (x instanceof Tensor64 t) {
            Pool64.max(g, t.data, Tensor64.data(y), indices);
        } else {
            Pool32.max(g, Tensor32.data(x), Tensor32.data(y), indices);
        }
        return new Maxima(y, new Positions(g, Ints.wrap(indices)));
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
        Tensor y = x.newZeros(g.out);
        if (x instanceof Tensor64 t) {
            Pool64.mean(g, padded, t.data, Tensor64.data(y));
        } else {
            Pool32.mean(g, padded, Tensor32.data(x), Tensor32.data(y));
        }
        return y;
    }

    /**
     * Returns the gradient of a mean's input, of this shape: each element of gy is divided by the number of elements of its
     * window and added to all of them.
     *
     * @throws OperandMismatch if the windows do not fit the shape, or the gradient does not fit them
     */
    public static Tensor meanGradient(
            String op, Tensor gy, Shape x, int kh, int kw, WindowOptions options, boolean padded) {
        Arguments.nonNull(op, "meanGradient", "op");
        Arguments.nonNull(gy, op, "gy");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(options, op, "options");
        PoolGeometry g = PoolGeometry.of(op, x, kh, kw, options);
        if (!gy.shape().equals(g.out)) {
            throw new OperandMismatch(op, "the output's gradient must be " + g.out, gy.shape());
        }
        Tensor gx = gy.newZeros(x);
        if (gy instanceof Tensor64 t) {
            Pool64.meanGradient(g, padded, t.data, Tensor64.data(gx));
        } else {
            Pool32.meanGradient(g, padded, Tensor32.data(gy), Tensor32.data(gx));
        }
        return gx;
    }
}
