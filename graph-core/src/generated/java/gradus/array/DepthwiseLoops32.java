package gradus.array;

/** The hot loops of depthwise convolutions over float arrays. Arguments were checked at the public entry. */
// Made from its twin ending in 64 by Twins; edit that one.
interface DepthwiseLoops32 {
    /**
     * Adds shifted rows: {@code y[yo + q] += sum over t of w[wo + t] x[offsets[t] + q]} for q from 0 to n. Elements of y
     * after these, up to a whole vector, may change.
     */
    void combine(int[] offsets, int n, float[] w, int wo, float[] x, float[] y, int yo);

    /**
     * Adds the products of a row with shifted ones: {@code s[t, ..] += sum over q of g[q] x[offsets[t] + q]} for q in a range,
     * where every sum is spread over {@link #lanes} numbers. The elements of g after the range, up to a whole vector, are 0.
     */
    void dots(int[] offsets, int from, int to, float[] g, float[] x, float[] s);

    /** Returns over how many numbers {@link #dots} distributes a sum. */
    int lanes();

    /**
     * Copies rows of n elements that are sx and sy apart: {@code y[yo + r sy + i] = x[xo + r sx + i]}. Elements of y between rows
     * may become 0.
     */
    void copyRows(int rows, int n, float[] x, int xo, int sx, float[] y, int yo, int sy);

    /**
     * Divides rows of n elements into those at even and at odd positions: {@code y[even + r sy + i] = x[xo + r sx + 2 i], y[odd + r
     * sy + i] = x[xo + r sx + 2 i + 1]}. Elements of y between rows may become 0.
     */
    void splitRows(int rows, int n, float[] x, int xo, int sx, float[] y, int even, int odd, int sy);

    /**
     * Joins two rows to one of n elements: {@code y[yo + 2 i] = x[even + i], y[yo + 2 i + 1] = x[odd + i]}. Elements of y after
     * these, up to an end, may change.
     */
    void join(int n, float[] x, int even, int odd, float[] y, int yo, int end);
}
