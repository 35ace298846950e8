package gradus.array;

/**
 * What depends on the order of a row's elements, for the rows of a matrix [m, n] held in an array: positions of the
 * largest and the smallest, sorting, running sums. A NaN counts as larger than any number when sorting, and stands out as
 * the extreme one in argmax and argmin; among equals the first comes first.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class Sort32 {
    /** Elements of a row below which it is sorted by merging: the counts of a radix sort would take longer. */
    private static final int SHORT = 128;

    private Sort32() {}

    /** Writes the position of each row's largest element, the first of several. */
    static void argmax(int m, int n, float[] x, float[] y) {
        for (int i = 0; i < m; i++) {
            int best = i * n;
            for (int j = best + 1; j < i * n + n; j++) {
                best = x[j] > x[best] || isFirstNaN(x[j], x[best]) ? j : best;
            }
            y[i] = best - i * n;
        }
    }

    /** Writes the position of each row's smallest element, the first of several. */
    static void argmin(int m, int n, float[] x, float[] y) {
        for (int i = 0; i < m; i++) {
            int best = i * n;
            for (int j = best + 1; j < i * n + n; j++) {
                best = x[j] < x[best] || isFirstNaN(x[j], x[best]) ? j : best;
            }
            y[i] = best - i * n;
        }
    }

    /** Writes the sum of each row's elements up to and including each. */
    static void cumsum(int m, int n, float[] x, float[] y) {
        cumsum(m, n, x, y, 0, 1);
    }

    /** Writes the sum of each row's elements from each on. */
    static void cumsumReverse(int m, int n, float[] x, float[] y) {
        cumsum(m, n, x, y, n - 1, -1);
    }

    /**
     * Writes the running sums of rows from an element on, in steps of 1 or -1. Each addition waits for the last one of its row, so four
     * rows are summed at a time. They are far from each other: the processor prefetches one sequence of addresses in a page.
     */
    private static void cumsum(int m, int n, float[] x, float[] y, int first, int step) {
        Workers.split(m, (long) m * n >= Chunks.LARGE, (from, to) -> {
            int quarter = (to - from) / 4;
            for (int i = from; i < from + quarter; i++) {
                fourCumsums(n, x, y, i * n + first, quarter * n, step);
            }
            for (int i = from + 4 * quarter; i < to; i++) {
                /*wide*/ double s = 0;
                for (int j = 0, at = i * n + first; j < n; j++, at += step) {
                    s += x[at];
                    y[at] = (float) s;
                }
            }
        });
    }

    private static void fourCumsums(int n, float[] x, float[] y, int first, int distance, int step) {
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        for (int j = 0, at = first; j < n; j++, at += step) {
            s0 += x[at];
            s1 += x[at + distance];
            s2 += x[at + 2 * distance];
            s3 += x[at + 3 * distance];
            y[at] = (float) s0;
            y[at + distance] = (float) s1;
            y[at + 2 * distance] = (float) s2;
            y[at + 3 * distance] = (float) s3;
        }
    }

    /** Writes the running sums along the middle axis of [outer, n, inner], from its start or from its end. */
    static void cumsum(boolean reverse, int outer, int n, int inner, float[] x, float[] y) {
        Workers.split(outer, (long) outer * n * inner >= Chunks.LARGE, (from, to) -> {
            for (int i = from; i < to; i++) {
                /*wide*/ double[] s = new /*wide*/ double[inner];
                for (int k = 0; k < n; k++) {
                    addAndWrite(s, x, y, (i * n + (reverse ? n - 1 - k : k)) * inner);
                }
            }
        });
    }

    private static void addAndWrite(/*wide*/ double[] s, float[] x, float[] y, int at) {
        for (int j = 0; j < s.length; j++) {
            s[j] += x[at + j];
            y[at + j] = (float) s[j];
        }
    }

    /** Writes the positions of each row's elements in their order, equal ones in that of the row. */
    static void argsort(boolean descending, int m, int n, float[] x, float[] y) {
        Workers.split(m, (long) m * n >= Chunks.LARGE, (from, to) -> {
            if (n < SHORT) {
                mergeSort(descending, from, to, n, x, y);
                return;
            }
            RadixSort sort = new RadixSort(n);
            for (int at = from * n; at < to * n; at += n) {
                for (int j = 0; j < n; j++) {
                    sort.set(j, descending, x[at + j]);
                }
                int[] sorted = sort.sorted();
                for (int j = 0; j < n; j++) {
                    y[at + j] = sorted[j];
                }
            }
        });
    }

    /** Does so for some rows by merging, from the bottom up. */
    private static void mergeSort(boolean descending, int first, int end, int n, float[] x, float[] y) {
        int[] from = new int[n];
        int[] to = new int[n];
        for (int i = first; i < end; i++) {
            for (int j = 0; j < n; j++) {
                from[j] = i * n + j;
            }
            for (int width = 1; width < n; width *= 2) {
                for (int j = 0; j < n; j += 2 * width) {
                    merge(descending, x, from, to, j, Math.min(j + width, n), Math.min(j + 2 * width, n));
                }
                int[] swap = from;
                from = to;
                to = swap;
            }
            for (int j = 0; j < n; j++) {
                y[i * n + j] = from[j] - i * n;
            }
        }
    }

    private static void merge(boolean descending, float[] x, int[] from, int[] to, int left, int middle, int right) {
        int a = left;
        int b = middle;
        for (int j = left; j < right; j++) {
            boolean second = a == middle || (b < right && precedes(descending, x[from[b]], x[from[a]]));
            to[j] = second ? from[b++] : from[a++];
        }
    }

    private static boolean precedes(boolean descending, float p, float q) {
        return descending ? p > q || isFirstNaN(p, q) : p < q || isFirstNaN(q, p);
    }

    private static boolean isFirstNaN(float p, float q) {
        return Double.isNaN(p) && !Double.isNaN(q);
    }
}
