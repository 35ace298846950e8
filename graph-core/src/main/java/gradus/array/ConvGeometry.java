package gradus.array;

/**
 * The checked sizes of one convolution: images [n, groups c, h, w], weights [groups m, c, kh, kw], outputs [n, groups m, oh,
 * ow]; padding is explicit.
 */
final class ConvGeometry {
    /** Below this many multiply-adds one thread does it. */
    private static final long LARGE = 1 << 18;

    final WindowOptions.Axis rows;
    final WindowOptions.Axis columns;
    final int groups;
    final int n;
    final int c;
    final int h;
    final int w;
    final int m;
    final int kh;
    final int kw;
    final int oh;
    final int ow;

    private ConvGeometry(Shape x, Shape weight, WindowOptions options) {
        groups = options.groups();
        n = x.dim(0);
        c = weight.dim(1);
        h = x.dim(2);
        w = x.dim(3);
        m = weight.dim(0) / groups;
        kh = weight.dim(2);
        kw = weight.dim(3);
        rows = options.rows().resolve(h, kh);
        columns = options.columns().resolve(w, kw);
        oh = rows.outputSize(h, kh);
        ow = columns.outputSize(w, kw);
    }

    /**
     * Returns the sizes of a convolution.
     *
     * @throws OperandMismatch naming x and weight, if they do not fit
     */
    static ConvGeometry of(String op, Shape x, Shape weight, WindowOptions options) {
        String mismatch = mismatch(x, weight, options);
        if (mismatch != null) {
            throw new OperandMismatch(op, mismatch, x, weight);
        }
        ConvGeometry g = new ConvGeometry(x, weight, options);
        String size = g.wrongSize();
        if (size != null) {
            throw new OperandMismatch(op, size, x, weight);
        }
        return g;
    }

    private static String mismatch(Shape x, Shape weight, WindowOptions options) {
        int groups = options.groups();
        if (x.rank() != 4 || weight.rank() != 4) {
            return "it takes images [n, c, h, w] and weights [out, c / groups, kh, kw]";
        }
        if (x.dim(1) % groups != 0 || weight.dim(0) % groups != 0) {
            return groups + " groups do not divide " + x.dim(1) + " channels in and " + weight.dim(0) + " out";
        }
        if (x.dim(1) != weight.dim(1) * groups) {
            return "weights [.., " + weight.dim(1) + ", .., ..] in " + groups + " groups take " + weight.dim(1) * groups
                    + " channels, not " + x.dim(1);
        }
        if (weight.size() == 0 && (weight.dim(2) == 0 || weight.dim(3) == 0)) {
            return "a kernel has one row and one column or more";
        }
        return null;
    }

    private String wrongSize() {
        if (oh == 0 || ow == 0) {
            return "the kernel" + (rows.dilation() * columns.dilation() == 1 ? "" : ", dilated,") + " covers "
                    + rows.extent(kh) + " x " + columns.extent(kw) + ", more than the padded " + rows.padded(h) + " x "
                    + columns.padded(w);
        }
        if (rows.padded(h) * columns.padded(w) > Integer.MAX_VALUE / Math.max(1, c)) {
            return "a padded image of " + rows.padded(h) + " x " + columns.padded(w) + " is too large";
        }
        return null;
    }

    /** Returns the shape of the output. */
    Shape out() {
        return Shape.of(n, groups * m, oh, ow);
    }

    /** Returns the number of elements of a kernel over all its channels: the inner size of the product. */
    int kernelSize() {
        return c * kh * kw;
    }

    /** Returns the number of elements of one channel of an output. */
    int outputs() {
        return oh * ow;
    }

    /** Returns the rows of an image with its padding. */
    int paddedH() {
        return (int) rows.padded(h);
    }

    /** Returns the columns of an image with its padding. */
    int paddedW() {
        return (int) columns.padded(w);
    }

    /** Returns whether the work is worth more than one thread. */
    boolean isLarge() {
        return (long) n * groups * m * kernelSize() * outputs() >= LARGE;
    }
}
