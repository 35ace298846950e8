package gradus.array;

/**
 * The hot loops of max pooling over float arrays, first along the columns of a window, then along its rows. An element is given by its
 * value and its position; of two, the larger one wins, of equals the one of the smaller position, of NaNs, which are the largest, that
 * of the larger position. All implementations give the same bytes.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface PoolLoops32 {
    /** Returns the length of a vector: results are written in multiples of it. */
    int lanes();

    /**
     * Writes for each of n columns the largest element of some rows, of ascending positions, from {@code to} on: row r starts at {@code
     * starts[r]} of x; the position of an element is its distance from {@code base}. After these, up to a whole vector, there are
     * -infinity, at the position infinity.
     */
    void ofRows(int n, int rows, int[] starts, int base, float[] x, float[] values, float[] positions, int to);

    /**
     * Writes for each of n columns the largest of {@code count} elements that are {@code step} apart, from its own on. Results after
     * these, up to a whole vector, are undefined.
     */
    void ofColumns(
            int n,
            int count,
            int step,
            float[] values,
            float[] positions,
            float[] largest,
            float[] largestPositions);

    /**
     * Writes the largest element of each of up to n windows of 2 x 2 side by side, in two rows of x, to y, and its distance from the
     * first element of the upper row to {@code positions}, up to a whole vector. Elements of y after these, but before {@code end}, may be
     * overwritten. Returns how many windows are done, from the first on; the others are left to the caller.
     *
     * @param upper where the upper row begins
     * @param lower where the lower row begins
     */
    int ofSquares(int n, float[] x, int upper, int lower, float[] y, int yo, int end, float[] positions);
}
