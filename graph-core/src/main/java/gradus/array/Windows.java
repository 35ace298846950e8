package gradus.array;

import java.util.Arrays;

/** The sizes of one pooling, checked: planes [h, w], the last two axes, each seen through windows of kh x kw at oh x ow places. */
final class Windows {
    /** Below this many elements one thread does it. */
    private static final int LARGE = 1 << 15;

    final Shape in;
    final Shape out;
    final WindowOptions how;
    final int h;
    final int w;
    final int kh;
    final int kw;
    final int oh;
    final int ow;

    private Windows(Shape in, int kh, int kw, WindowOptions how) {
        this.in = in;
        this.how = how;
        this.kh = kh;
        this.kw = kw;
        h = in.dim(-2);
        w = in.dim(-1);
        oh = how.placesH(h, kh);
        ow = how.placesW(w, kw);
        int[] d = Arrays.copyOf(in.dims(), in.rank());
        d[d.length - 2] = oh;
        d[d.length - 1] = ow;
        out = Shape.of(d);
    }

    /**
     * Returns the sizes of a pooling.
     *
     * @throws OperandMismatch naming x, if the windows do not fit
     */
    static Windows of(String op, Shape x, int kh, int kw, WindowOptions how) {
        String why = misfit(x, kh, kw, how);
        if (why != null) {
            throw new OperandMismatch(op, why, x);
        }
        Windows windows = new Windows(x, kh, kw, how);
        if (windows.seesNothing()) {
            throw new OperandMismatch(op, "a dilated window would lie on the padding alone", x);
        }
        return windows;
    }

    /** Returns whether there is a place at which no element lies in the window: dilation may step over all of them. */
    private boolean seesNothing() {
        boolean nothing = false;
        for (int i = 0; i < oh; i++) {
            nothing |= firstRow(i) >= endRow(i);
        }
        for (int j = 0; j < ow; j++) {
            nothing |= firstColumn(j) >= endColumn(j);
        }
        return nothing;
    }

    private static String misfit(Shape x, int kh, int kw, WindowOptions how) {
        if (x.rank() < 2) {
            return "it takes two axes or more, the last two being rows and columns";
        }
        if (kh < 1 || kw < 1) {
            return "a window of " + kh + " x " + kw + " is empty";
        }
        if (how.paddingH() > kh / 2 || how.paddingW() > kw / 2) {
            return "padding " + how.paddingH() + " x " + how.paddingW() + " is more than half the window " + kh + " x "
                    + kw;
        }
        if (how.placesH(x.dim(-2), kh) == 0 || how.placesW(x.dim(-1), kw) == 0) {
            return "the window covers " + ((kh - 1) * how.dilationH() + 1) + " x " + ((kw - 1) * how.dilationW() + 1)
                    + ", more than the padded " + (x.dim(-2) + 2 * how.paddingH()) + " x "
                    + (x.dim(-1) + 2 * how.paddingW());
        }
        return null;
    }

    /** Returns the number of planes. */
    int planes() {
        return h * w == 0 ? 0 : in.size() / (h * w);
    }

    /** Returns whether the windows are 2 x 2 and side by side. */
    boolean isHalving() {
        return kh == 2 && kw == 2 && how.equals(WindowOptions.DEFAULT.stride(2));
    }

    /** Returns whether the work is worth more than one thread. */
    boolean isLarge() {
        return in.size() >= LARGE;
    }

    /** Returns the first row of a window at place i that lies inside. */
    int firstRow(int i) {
        return first(i * how.strideH() - how.paddingH(), how.dilationH());
    }

    /** Returns the first column of a window at place j that lies inside. */
    int firstColumn(int j) {
        return first(j * how.strideW() - how.paddingW(), how.dilationW());
    }

    private static int first(int start, int dilation) {
        return start >= 0 ? start : start + (dilation - 1 - start) / dilation * dilation;
    }

    /** Returns the end of the rows of a window at place i that lie inside. */
    int endRow(int i) {
        return Math.min(h, i * how.strideH() - how.paddingH() + (kh - 1) * how.dilationH() + 1);
    }

    /** Returns the end of the columns of a window at place j that lie inside. */
    int endColumn(int j) {
        return Math.min(w, j * how.strideW() - how.paddingW() + (kw - 1) * how.dilationW() + 1);
    }
}
