package gradus.array;

/**
 * Pooling: one number for each window that slides over the last axes, [.., h, w] -> [.., oh, ow] for two. Padding
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
        private static final int LARGE = 1 << 15;

        private final Shape in;
        private final Shape out;
        private final int planes;
        private final Ints indices;

        private Positions(Shape in, Shape out, int planes, Ints indices) {
            this.in = in;
            this.out = out;
            this.planes = planes;
            this.indices = indices;
        }

        /**
         * Returns the positions with these indices, counted in each plane: the last axes of {@code in}, as many as given.
         *
         * @throws OperandMismatch if an index is out of range, or the leading axes differ
         */
        public static Positions of(String op, Tensor indices, Shape in, int axes) {
            Arguments.nonNull(op, "Positions", "op");
            Arguments.nonNull(indices, op, "indices");
            Arguments.nonNull(in, op, "in");
            Shape out = indices.shape();
            boolean fits = out.rank() == in.rank() && in.rank() >= axes;
            int plane = 1;
            for (int i = 0; fits && i < in.rank(); i++) {
                fits = i >= in.rank() - axes || in.dim(i) == out.dim(i);
                plane *= i < in.rank() - axes ? 1 : in.dim(i);
            }
            if (!fits) {
                throw new OperandMismatch(op, "the indices must have the axes of " + in + " but the last " + axes, out);
            }
            int planes = plane == 0 ? 0 : in.size() / plane;
            int[] at = new int[indices.size()];
            int windows = planes == 0 ? 1 : Math.max(1, at.length / planes);
            for (int i = 0; i < at.length; i++) {
                double v = indices.at(i);
                if (!(v >= 0 && v < plane && v == Math.rint(v))) {
                    throw new OperandMismatch(
                            op, "index " + v + " must be a whole number from 0 to " + (plane - 1), out);
                }
                at[i] = i / windows * plane + (int) v;
            }
            return new Positions(in, out, planes, Ints.wrap(at));
        }

        /** Returns the positions, counted in each plane, as whole numbers of a type: {@code [.., oh, ow]}. */
        public Tensor indices(DType dtype) {
            Arguments.nonNull(dtype, "Positions", "dtype");
            double[] v = new double[indices.size()];
            int plane = planes == 0 ? 1 : in.size() / planes;
            for (int i = 0; i < v.length; i++) {
                v[i] = indices.get(i) % plane;
            }
            return Tensor.of(out, v).to(dtype);
        }

        /** Returns 1 for each position that is not one of a later window, else 0. */
        public Tensor lastOnes(DType dtype) {
            Arguments.nonNull(dtype, "Positions", "dtype");
            double[] v = new double[indices.size()];
            int[] last = new int[in.size()];
            for (int i = 0; i < v.length; i++) {
                last[indices.get(i)] = i;
            }
            for (int i = 0; i < v.length; i++) {
                v[i] = last[indices.get(i)] == i ? 1 : 0;
            }
            return Tensor.of(out, v).to(dtype);
        }

        /** Returns the elements at these positions, {@code [.., h, w] -> [.., oh, ow]}. */
        public Tensor gather(Tensor x) {
            Arguments.nonNull(x, "maxPool", "x");
            if (!x.shape().equals(in)) {
                throw new OperandMismatch("maxPool", "positions are those in " + in, x.shape());
            }
            Tensor y = x.newZeros(out);
            if (x instanceof Tensor64 t) {
                Pool64.gather(y.size() >= LARGE, t.data, Tensor64.data(y), indices.array());
            } else {
                Pool32.gather(y.size() >= LARGE, Tensor32.data(x), Tensor32.data(y), indices.array());
            }
            return y;
        }

        /**
         * Returns zeros with the elements added at these positions, {@code [.., oh, ow] -> [.., h, w]}: the transpose of
         * {@link #gather}.
         */
        public Tensor scatterAdd(Tensor y) {
            Arguments.nonNull(y, "maxPool", "y");
            if (!y.shape().equals(out)) {
                throw new OperandMismatch("maxPool", "there are " + out + " positions", y.shape());
            }
            Tensor x = y.newZeros(in);
            if (y instanceof Tensor64 t) {
                Pool64.scatterAdd(planes, x.size() >= LARGE, t.data, Tensor64.data(x), indices.array());
            } else {
                Pool32.scatterAdd(planes, x.size() >= LARGE, Tensor32.data(y), Tensor32.data(x), indices.array());
            }
            return x;
        }

        @Override
        public boolean equals(Object o) {
            return this == o
                    || (o instanceof Positions p && in.equals(p.in) && out.equals(p.out) && indices.equals(p.indices));
        }

        @Override
        public int hashCode() {
            return 31 * (31 * in.hashCode() + out.hashCode()) + indices.hashCode();
        }

        /** Returns the shapes and the positions. */
        @Override
        public String toString() {
            return in + " -> " + out + ": " + indices;
        }
    }

    /**
     * Returns the largest elements of windows.
     *
     * @throws OperandMismatch if they do not fit
     */
    public static Maxima max(String op, Tensor x, PoolWindows windows) {
        Arguments.nonNull(op, "max", "op");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(windows, op, "windows");
        PoolGeometry g = PoolGeometry.of(op, x.shape(), windows);
        Tensor y = x.newZeros(g.out);
        int[] indices = new int[y.size()];
        if (x instanceof Tensor64 t) {
            Pool64.max(g, t.data, Tensor64.data(y), indices);
        } else {
            Pool32.max(g, Tensor32.data(x), Tensor32.data(y), indices);
        }
        return new Maxima(y, new Positions(g.in, g.out, g.planes(), Ints.wrap(indices)));
    }

    /**
     * Returns the means of windows.
     *
     * @param padded whether zeros on the padding count among the elements that the sum is divided by
     * @throws OperandMismatch if they do not fit
     */
    public static Tensor mean(String op, Tensor x, PoolWindows windows, boolean padded) {
        Arguments.nonNull(op, "mean", "op");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(windows, op, "windows");
        PoolGeometry g = PoolGeometry.of(op, x.shape(), windows);
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
    public static Tensor meanGradient(String op, Tensor gy, Shape x, PoolWindows windows, boolean padded) {
        Arguments.nonNull(op, "meanGradient", "op");
        Arguments.nonNull(gy, op, "gy");
        Arguments.nonNull(x, op, "x");
        Arguments.nonNull(windows, op, "windows");
        PoolGeometry g = PoolGeometry.of(op, x, windows);
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
