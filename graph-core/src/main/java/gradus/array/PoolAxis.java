package gradus.array;

/** The windows of a pooling along one axis: the elements from {@code first} to {@code end} that are {@code dilation} apart. */
final class PoolAxis {
    /** The number of elements. */
    final int n;
    /** The number of elements with padding. */
    final long padded;
    /** The elements that a window covers, those in between included. */
    final long extent;
    /** The first element of each window that is not padding. */
    final int[] first;
    /** The end of the elements of each window. */
    final int[] end;
    /** The number of elements of each window, those on the padding included. */
    final int[] counts;

    /** The number of elements of padding before the first. */
    final int before;
    /** The number of elements of a window, those on the padding included; 0 if it differs. */
    final int size;

    final int dilation;
    /** The distance between windows; 0 if it differs. */
    final int stride;

    private PoolAxis(int n, long padded, long extent, int windows, int before, int size, int stride, int dilation) {
        this.n = n;
        this.before = before;
        this.size = size;
        this.padded = padded;
        this.extent = extent;
        this.stride = stride;
        this.dilation = Math.min(dilation, Math.max(1, n)); // a larger one leaves a window one element, too
        first = new int[windows];
        end = new int[windows];
        counts = new int[windows];
    }

    /** Returns windows of k elements. */
    static PoolAxis of(int n, int k, WindowOptions.Axis given, boolean ceilMode) {
        WindowOptions.Axis axis = given.resolve(n, k);
        int windows = axis.outputSize(n, k);
        long left = axis.padded(n) - axis.extent(k) - (windows - 1L) * axis.stride();
        if (ceilMode && windows > 0 && left > 0 && (long) windows * axis.stride() < (long) n + axis.before()) {
            windows++;
        }
        PoolAxis a = new PoolAxis(
                n, axis.padded(n), axis.extent(k), windows, axis.before(), k, axis.stride(), axis.dilation());
        for (int i = 0; i < windows; i++) {
            int start = i * axis.stride() - axis.before();
            long stop = start + axis.extent(k);
            long d = axis.dilation();
            a.first[i] = start >= 0 ? start : (int) (start + (d - 1 - start) / d * d);
            a.end[i] = (int) Math.min(n, stop);
            a.counts[i] = inside(start, Math.min((long) n + axis.after(), stop), d);
        }
        return a;
    }

    /** Returns so many windows that are as equal as can be. */
    static PoolAxis adaptive(int n, int windows) {
        PoolAxis a = new PoolAxis(n, n, 1, windows, 0, 0, 0, 1);
        for (int i = 0; i < windows; i++) {
            a.first[i] = (int) ((long) i * n / windows);
            a.end[i] = (int) (((i + 1L) * n + windows - 1) / windows);
            a.counts[i] = a.end[i] - a.first[i];
        }
        return a;
    }

    private static int inside(long from, long to, long dilation) {
        return (int) ((to - from + dilation - 1) / dilation);
    }

    /** Returns the distance between the elements of a window. */
    int step() {
        return size == 1 ? 1 : (int) ((extent - 1) / (size - 1));
    }

    /** Returns the number of windows. */
    int windows() {
        return first.length;
    }

    /** Returns the number of elements of a window. */
    int count(int i, boolean padding) {
        return padding ? counts[i] : inside(first[i], end[i], dilation);
    }

    /** Returns whether a window has no element: dilation may step over all of them. */
    boolean hasEmptyWindow() {
        boolean empty = false;
        for (int i = 0; i < first.length; i++) {
            empty |= first[i] >= end[i];
        }
        return empty;
    }

    /** Returns whether the windows are pairs, side by side. */
    boolean isHalving() {
        return stride == 2 && dilation == 1 && extent == 2 && padded == n && 2 * windows() <= n;
    }
}
