package gradus.array;

/** The sizes of one convolution, checked: images [n, groups c, h, w], weights [groups m, c, kh, kw], results [n, groups m, oh, ow]. */
final class Geometry {
    /** Below this many multiply-adds one thread does it. */
    private static final long LARGE = 1 << 18;

    final WindowOptions how;
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

    private Geometry(Shape x, Shape weight, WindowOptions how, int groups) {
        this.how = how;
        this.groups = groups;
        n = x.dim(0);
        c = weight.dim(1);
        h = x.dim(2);
        w = x.dim(3);
        m = weight.dim(0) / groups;
        kh = weight.dim(2);
        kw = weight.dim(3);
        oh = how.placesH(h, kh);
        ow = how.placesW(w, kw);
    }

    /**
     * Returns the sizes of a convolution.
     *
     * @throws OperandMismatch naming x and weight, if they do not fit
     */
    static Geometry of(String op, Shape x, Shape weight, WindowOptions how, int groups) {
        String why = misfit(x, weight, how, groups);
        if (why != null) {
            throw new OperandMismatch(op, why, x, weight);
        }
        return new Geometry(x, weight, how, groups);
    }

    private static String misfit(Shape x, Shape weight, WindowOptions how, int groups) {
        if (x.rank() != 4 || weight.rank() != 4) {
            return "it takes images [n, c, h, w] and weights [out, c / groups, kh, kw]";
        }
        if (groups < 1 || x.dim(1) % groups != 0 || weight.dim(0) % groups != 0) {
            return groups + " groups do not divide " + x.dim(1) + " channels in and " + weight.dim(0) + " out";
        }
        if (x.dim(1) != weight.dim(1) * groups) {
            return "weights [.., " + weight.dim(1) + ", .., ..] in " + groups + " groups take " + weight.dim(1) * groups
                    + " channels, not " + x.dim(1);
        }
        if (weight.size() == 0 && (weight.dim(2) == 0 || weight.dim(3) == 0)) {
            return "a kernel has one row and one column or more";
        }
        if (how.placesH(x.dim(2), weight.dim(2)) == 0 || how.placesW(x.dim(3), weight.dim(3)) == 0) {
            return "the kernel" + (how.dilationH() * how.dilationW() == 1 ? "" : ", dilated,") + " covers "
                    + ((weight.dim(2) - 1) * how.dilationH() + 1) + " x "
                    + ((weight.dim(3) - 1) * how.dilationW() + 1) + ", more than the padded "
                    + (x.dim(2) + 2 * how.paddingH()) + " x " + (x.dim(3) + 2 * how.paddingW());
        }
        long rows = x.dim(2) + 2L * how.paddingH();
        long columns = x.dim(3) + 2L * how.paddingW();
        if (rows * columns > Integer.MAX_VALUE / Math.max(1, weight.dim(1))) {
            return "a padded image of " + rows + " x " + columns + " is too large";
        }
        return null;
    }

    /** Returns the shape of the result. */
    Shape out() {
        return Shape.of(n, groups * m, oh, ow);
    }

    /** Returns the number of weights that meet at one place of one result: the inner size of the product. */
    int taps() {
        return c * kh * kw;
    }

    /** Returns the number of places: the elements of one channel of a result. */
    int places() {
        return oh * ow;
    }

    /** Returns the rows of an image with its padding. */
    int paddedH() {
        return h + 2 * how.paddingH();
    }

    /** Returns the columns of an image with its padding. */
    int paddedW() {
        return w + 2 * how.paddingW();
    }

    /** Returns whether the work is worth more than one thread. */
    boolean isLarge() {
        return (long) n * groups * m * taps() * places() >= LARGE;
    }
}
