package gradus.array;

import java.util.Arrays;
import java.util.Objects;

/** The checked sizes of one pooling: planes [h, w], the last two axes, windows of kh x kw, outputs of oh x ow; padding is explicit. Equal by value. */
final class PoolGeometry {
    /** Below this many elements one thread does it. */
    private static final int LARGE = 1 << 15;

    final Shape in;
    final Shape out;
    final WindowOptions.Axis rows;
    final WindowOptions.Axis columns;
    final int h;
    final int w;
    final int kh;
    final int kw;
    final int oh;
    final int ow;

    private PoolGeometry(Shape in, int kh, int kw, WindowOptions options) {
        this.in = in;
        this.kh = kh;
        this.kw = kw;
        h = in.dim(-2);
        w = in.dim(-1);
        rows = options.rows().resolve(h, kh);
        columns = options.columns().resolve(w, kw);
        oh = rows.outputSize(h, kh);
        ow = columns.outputSize(w, kw);
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
    static PoolGeometry of(String op, Shape x, int kh, int kw, WindowOptions options) {
        String mismatch = mismatch(x, kh, kw, options);
        if (mismatch != null) {
            throw new OperandMismatch(op, mismatch, x);
        }
        PoolGeometry g = new PoolGeometry(x, kh, kw, options);
        String size = g.wrongSize();
        if (size != null) {
            throw new OperandMismatch(op, size, x);
        }
        return g;
    }

    private static String mismatch(Shape x, int kh, int kw, WindowOptions options) {
        if (x.rank() < 2) {
            return "it takes two axes or more, the last two being rows and columns";
        }
        if (options.groups() != 1) {
            return "pooling has no groups of channels, the options have " + options.groups();
        }
        if (kh < 1 || kw < 1) {
            return "a window of " + kh + " x " + kw + " is empty";
        }
        if (padding(options.rows()) > kh / 2 || padding(options.columns()) > kw / 2) {
            return "padding " + padding(options.rows()) + " x " + padding(options.columns())
                    + " is more than half the window " + kh + " x " + kw;
        }
        return null;
    }

    private static int padding(WindowOptions.Axis axis) {
        return Math.max(axis.before(), axis.after());
    }

    private String wrongSize() {
        if (oh == 0 || ow == 0) {
            return "the window covers " + rows.extent(kh) + " x " + columns.extent(kw) + ", more than the padded "
                    + rows.padded(h) + " x " + columns.padded(w);
        }
        return hasEmptyWindow() ? "a dilated window would lie on the padding alone" : null;
    }

    /** Returns whether a window contains no element: dilation may step over all of them. */
    private boolean hasEmptyWindow() {
        boolean empty = false;
        for (int i = 0; i < oh; i++) {
            empty |= firstRow(i) >= endRow(i);
        }
        for (int j = 0; j < ow; j++) {
            empty |= firstColumn(j) >= endColumn(j);
        }
        return empty;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PoolGeometry g
                && in.equals(g.in)
                && kh == g.kh
                && kw == g.kw
                && rows.equals(g.rows)
                && columns.equals(g.columns);
    }

    @Override
    public int hashCode() {
        return Objects.hash(in, kh, kw, rows, columns);
    }

    /** Returns the number of planes. */
    int planes() {
        return h * w == 0 ? 0 : in.size() / (h * w);
    }

    /** Returns whether the windows are 2 x 2 and side by side. */
    boolean isHalving() {
        WindowOptions.Axis halves = WindowOptions.Axis.DEFAULT.stride(2);
        return kh == 2 && kw == 2 && rows.equals(halves) && columns.equals(halves);
    }

    /** Returns whether the work is worth more than one thread. */
    boolean isLarge() {
        return in.size() >= LARGE;
    }

    /** Returns the first row inside the plane of the windows of output row i. */
    int firstRow(int i) {
        return first(i, rows);
    }

    /** Returns the first column inside the plane of the windows of output column j. */
    int firstColumn(int j) {
        return first(j, columns);
    }

    /** Returns the end of the rows inside the plane of the windows of output row i. */
    int endRow(int i) {
        return end(i, rows, h, kh);
    }

    /** Returns the end of the columns inside the plane of the windows of output column j. */
    int endColumn(int j) {
        return end(j, columns, w, kw);
    }

    private static int first(int i, WindowOptions.Axis axis) {
        int start = i * axis.stride() - axis.before();
        return start >= 0 ? start : start + (axis.dilation() - 1 - start) / axis.dilation() * axis.dilation();
    }

    private static int end(int i, WindowOptions.Axis axis, int n, int k) {
        return Math.min(n, i * axis.stride() - axis.before() + (k - 1) * axis.dilation() + 1);
    }
}
