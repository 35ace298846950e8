package gradus.array;

/**
 * The checked sizes of one convolution over 1 to 3 axes: images [n, groups c, d, h, w], weights [groups m, c, kd, kh, kw],
 * outputs [n, groups m, od, oh, ow]; an axis that is missing has size 1. Padding is explicit.
 */
final class ConvGeometry {
    /** Below this many multiply-adds one thread does it. */
    private static final long LARGE = 1 << 18;
    /** The ranks of images over one and over three axes. */
    private static final int MIN_RANK = 3;

    private static final int MAX_RANK = 5;
    /** The axes of images, and of weights, by their number. */
    private static final String[] IMAGES = {"l", "h, w", "d, h, w"};

    private static final String[] KERNELS = {"k", "kh, kw", "kd, kh, kw"};

    final WindowOptions.Axis slices;
    final WindowOptions.Axis rows;
    final WindowOptions.Axis columns;
    final int groups;
    final int n;
    final int c;
    final int d;
    final int h;
    final int w;
    final int m;
    final int kd;
    final int kh;
    final int kw;
    final int od;
    final int oh;
    final int ow;
    private final int rank;

    private ConvGeometry(Shape x, Shape weight, WindowOptions options) {
        rank = x.rank();
        groups = options.groups();
        n = x.dim(0);
        c = weight.dim(1);
        m = weight.dim(0) / groups;
        d = size(x, 0);
        h = size(x, 1);
        w = size(x, 2);
        kd = size(weight, 0);
        kh = size(weight, 1);
        kw = size(weight, 2);
        slices = axis(options, 0).resolve(d, kd);
        rows = axis(options, 1).resolve(h, kh);
        columns = axis(options, 2).resolve(w, kw);
        od = slices.outputSize(d, kd);
        oh = rows.outputSize(h, kh);
        ow = columns.outputSize(w, kw);
    }

    /** Returns the size of axis i of three, 1 if it is missing. */
    private static int size(Shape s, int i) {
        int axis = s.rank() - MAX_RANK + 2 + i;
        return axis < 2 ? 1 : s.dim(axis);
    }

    private WindowOptions.Axis axis(WindowOptions options, int i) {
        int axis = rank - MAX_RANK + i;
        return axis < 0 ? WindowOptions.Axis.DEFAULT : options.axis(axis);
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
        if (x.rank() != weight.rank() || x.rank() < MIN_RANK || x.rank() > MAX_RANK) {
            int axes = Math.min(MAX_RANK, Math.max(MIN_RANK, weight.rank())) - MIN_RANK;
            return "it takes images [n, c, " + IMAGES[axes] + "] and weights [out, c / groups, " + KERNELS[axes] + "]";
        }
        if (options.ceilMode()) {
            return "a convolution has no ceilMode";
        }
        if (options.wrongAxes(x.rank() - 2) != null) {
            return options.wrongAxes(x.rank() - 2);
        }
        if (x.dim(1) % groups != 0 || weight.dim(0) % groups != 0) {
            return groups + " groups do not divide " + x.dim(1) + " channels in and " + weight.dim(0) + " out";
        }
        if (x.dim(1) != weight.dim(1) * groups) {
            return "weights [.., " + weight.dim(1) + ", ..] in " + groups + " groups take " + weight.dim(1) * groups
                    + " channels, not " + x.dim(1);
        }
        for (int axis = 2; axis < weight.rank(); axis++) {
            if (weight.dim(axis) == 0) {
                return "a kernel has one element or more along each axis";
            }
        }
        return null;
    }

    private String wrongSize() {
        if (od == 0 || oh == 0 || ow == 0) {
            boolean dilated = slices.dilation() * rows.dilation() * columns.dilation() > 1;
            return "the kernel" + (dilated ? ", dilated," : "") + " covers "
                    + by(slices.extent(kd), rows.extent(kh), columns.extent(kw)) + ", more than the padded "
                    + by(slices.padded(d), rows.padded(h), columns.padded(w));
        }
        double padded = (double) slices.padded(d) * rows.padded(h) * columns.padded(w);
        return padded * Math.max(1, c) > Integer.MAX_VALUE
                ? "a padded image of " + by(slices.padded(d), rows.padded(h), columns.padded(w)) + " is too large"
                : null;
    }

    /** Returns the sizes along the axes there are: {@code 4 x 5}. */
    private String by(long... sizes) {
        StringBuilder s = new StringBuilder();
        for (int i = MAX_RANK - rank; i < sizes.length; i++) {
            s.append(s.isEmpty() ? "" : " x ").append(sizes[i]);
        }
        return s.toString();
    }

    /** Returns the shape of the output. */
    Shape out() {
        int[] sizes = {od, oh, ow};
        int[] dims = new int[rank];
        dims[0] = n;
        dims[1] = groups * m;
        System.arraycopy(sizes, MAX_RANK - rank, dims, 2, rank - 2);
        return Shape.of(dims);
    }

    /** Returns the number of elements of one channel of a kernel. */
    int window() {
        return kd * kh * kw;
    }

    /** Returns the number of elements of a kernel over all its channels: the inner size of the product. */
    int kernelSize() {
        return c * window();
    }

    /** Returns the number of elements of one channel of an image. */
    int plane() {
        return d * h * w;
    }

    /** Returns the number of elements of one channel of an output. */
    int outputs() {
        return od * oh * ow;
    }

    /** Returns the slices of an image with its padding. */
    int paddedD() {
        return (int) slices.padded(d);
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
