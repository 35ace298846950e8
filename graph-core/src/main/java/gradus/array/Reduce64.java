package gradus.array;

/**
 * Reductions of a matrix [m, n] held in an array: of each row to one number, or of each column. Sums are accumulated
 * wide, in double, for both number types. A long row is reduced by chunks, whatever the number of threads.
 */
final class Reduce64 {
    private static final Loops64.Zip MAXIMUM = Loops.F64.zip(BinaryFunction.MAXIMUM);
    private static final Loops64.Zip MINIMUM = Loops.F64.zip(BinaryFunction.MINIMUM);

    /** Elements that the rows have which are summed at once. */
    private static final int SHORT = 128;

    private Reduce64() {}

    /** Reduces every row of [m, n] to one element of y. */
    static void rows(Reduction kind, int m, int n, double[] x, double[] y) {
        if (n >= Chunks.LARGE) {
            for (int i = 0; i < m; i++) {
                y[i] = (double) whole(kind, n, x, i * n);
            }
            return;
        }
        Workers.split(m, (long) m * n >= Chunks.LARGE, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = (double) row(kind, n, x, i * n);
            }
        });
    }

    /** Reduces every column of [m, n] to one element of y. */
    static void columns(Reduction kind, int m, int n, double[] x, double[] y) {
        if (n == 1) {
            rows(kind, 1, m, x, y);
            return;
        }
        boolean large = (long) m * n >= Chunks.LARGE;
        int some = large || n > SHORT
                ? 1
                : Math.max(1, Math.min(m, SHORT / n)); // must not depend on threads: it orders the sums
        Workers.split(n, large, (from, to) -> columns(kind, some, from, to, m, n, x, y));
    }

    /** Reduces some columns; in sums short rows are taken some at a time, as one would cost as much as the call. */
    private static void columns(Reduction kind, int some, int from, int to, int m, int n, double[] x, double[] y) {
        int length = to - from;
        if (kind == Reduction.SUM) {
            /*wide*/ double[] s = new /*wide*/ double[some * length];
            int i = 0;
            for (; i + some <= m; i += some) {
                Loops.F64.addTo(s, s.length, x, i * n + from);
            }
            Loops.F64.addTo(s, (m - i) * length, x, i * n + from);
            for (int j = length; j < s.length; j++) {
                s[j % length] += s[j];
            }
            for (int j = 0; j < length; j++) {
                y[from + j] = (double) s[j];
            }
            return;
        }
        System.arraycopy(x, from, y, from, length);
        for (int i = 1; i < m; i++) {
            (kind == Reduction.MAX ? MAXIMUM : MINIMUM).run(length, y, from, 1, x, i * n + from, 1, y, from);
        }
    }

    /** Returns the sum of n elements from an offset on, with an error that grows as log n. */
    static /*wide*/ double sum(int n, double[] x, int at) {
        return n < Chunks.LARGE ? Loops.F64.sum(n, x, at) : whole(Reduction.SUM, n, x, at);
    }

    private static /*wide*/ double whole(Reduction kind, int n, double[] x, int at) {
        /*wide*/ double[] part = new /*wide*/ double[Chunks.count(n)];
        Workers.split(part.length, true, (from, to) -> {
            for (int k = from; k < to; k++) {
                int start = Chunks.end(n, k);
                part[k] = row(kind, Chunks.end(n, k + 1) - start, x, at + start);
            }
        });
        return switch (kind) {
            case SUM -> Loops.WIDE.sum(part.length, part, 0);
            case MAX -> Loops.WIDE.max(part.length, part, 0);
            case MIN -> Loops.WIDE.min(part.length, part, 0);
        };
    }

    private static /*wide*/ double row(Reduction kind, int n, double[] x, int at) {
        return switch (kind) {
            case SUM -> Loops.F64.sum(n, x, at);
            case MAX -> Loops.F64.max(n, x, at);
            case MIN -> Loops.F64.min(n, x, at);
        };
    }
}
