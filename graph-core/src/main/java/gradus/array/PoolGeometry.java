package gradus.array;

import java.util.Arrays;

/** The checked sizes of one pooling: planes [d, h, w], the last axes, of which the first may be missing, and their windows. */
final class PoolGeometry {
    /** Below this many elements one thread does it. */
    private static final int LARGE = 1 << 15;
    /** The largest distance between windows for which the windows at all columns are computed. */
    private static final int MAX_STRIDE = 16;
    /** Up to here all whole numbers are floats. */
    private static final int MAX_POSITION = 1 << 24;

    final Shape in;
    final Shape out;
    final PoolAxis slices;
    final PoolAxis rows;
    final PoolAxis columns;

    private PoolGeometry(Shape in, PoolWindows windows) {
        this.in = in;
        slices = windows.axis(in, 0);
        rows = windows.axis(in, 1);
        columns = windows.axis(in, 2);
        int[] sizes = {slices.windows(), rows.windows(), columns.windows()};
        int axes = windows.sizes().size();
        int[] d = Arrays.copyOf(in.dims(), in.rank());
        System.arraycopy(sizes, sizes.length - axes, d, d.length - axes, axes);
        out = Shape.of(d);
    }

    /**
     * Returns the sizes of a pooling.
     *
     * @throws OperandMismatch naming x, if the windows do not fit
     */
    static PoolGeometry of(String op, Shape x, PoolWindows windows) {
        String mismatch = windows.mismatch(x);
        if (mismatch != null) {
            throw new OperandMismatch(op, mismatch, x);
        }
        PoolGeometry g = new PoolGeometry(x, windows);
        String size = g.wrongSize(windows.sizes().size());
        if (size != null) {
            throw new OperandMismatch(op, size, x);
        }
        return g;
    }

    private String wrongSize(int axes) {
        PoolAxis[] all = {slices, rows, columns};
        boolean none = false;
        boolean empty = false;
        String extent = "";
        String padded = "";
        for (int i = all.length - axes; i < all.length; i++) {
            none |= all[i].windows() == 0;
            empty |= all[i].hasEmptyWindow();
            extent += (extent.isEmpty() ? "" : " x ") + all[i].extent;
            padded += (padded.isEmpty() ? "" : " x ") + all[i].padded;
        }
        if (none) {
            return "the window covers " + extent + ", more than the padded " + padded;
        }
        return empty ? "a dilated window would lie on the padding alone" : null;
    }

    /** Returns the number of elements of a plane. */
    int plane() {
        return slices.n * rows.n * columns.n;
    }

    /** Returns the number of windows of a plane. */
    int windows() {
        return slices.windows() * rows.windows() * columns.windows();
    }

    /** Returns the number of planes. */
    int planes() {
        return plane() == 0 ? 0 : in.size() / plane();
    }

    /** Returns whether the windows are 2 x 2 and side by side. */
    boolean isHalving() {
        return slices.n == 1 && rows.isHalving() && columns.isHalving();
    }

    /**
     * Returns whether the largest elements are found along columns first, at all columns, of which windows start at some: not
     * where few of them do, nor where positions would be rounded to floats.
     */
    boolean isSeparable() {
        return columns.stride > 0 && columns.stride <= MAX_STRIDE && plane() <= MAX_POSITION;
    }

    /** Returns whether the work is worth more than one thread. */
    boolean isLarge() {
        return in.size() >= LARGE;
    }
}
