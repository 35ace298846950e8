package gradus.array;

/**
 * The hot loops of {@link Winograd32} over float arrays: channels lie next to each other, and each transform is that of the tile
 * of every channel. Transforms compute whole vectors, up to the next multiple of {@link #lanes} channels.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface WinogradLoops32 {
    /** Returns how many channels are computed at a time. */
    int lanes();

    /**
     * Writes the transpose of a matrix whose rows, and those of the transpose, lie anywhere: {@code y[yo + to[t + j] + i] = x[xo
     * + from[f + i] + j]} for i below m and j below n.
     */
    void transpose(int m, int n, float[] x, int xo, int[] from, int f, float[] y, int yo, int[] to, int t);

    /**
     * Transforms tiles of an input, {@code B^T d B}: tile i is {@code d[r, s] = x[xo + tiles[i] + r row + s column]}, and its
     * elements [r, s] are written to {@code y[yo + i st + (4 r + s) se]}.
     */
    void input(
            int count,
            int[] tiles,
            int channels,
            float[] x,
            int xo,
            int row,
            int column,
            float[] y,
            int yo,
            int st,
            int se);

    /** Transforms tiles of an output's gradient, {@code G g G^T} of 2 x 2 elements, as {@link #input} does. */
    void outputGradient(
            int count,
            int[] tiles,
            int channels,
            float[] x,
            int xo,
            int row,
            int column,
            float[] y,
            int yo,
            int st,
            int se);

    /**
     * Transforms products back to tiles of an output, {@code A^T m A}, and adds a bias: the inverse of {@link #input} in where elements
     * are. Returns whether all are finite.
     */
    boolean output(
            int count,
            int[] tiles,
            int channels,
            float[] x,
            int st,
            int se,
            float[] bias,
            int bo,
            float[] y,
            int row,
            int column);

    /**
     * Transforms kernels, {@code G g G^T}: kernel i has elements {@code g[r, s] = x[i sx + (3 r + s) sr]}, its transform is written
     * as by {@link #input}.
     */
    void kernels(int count, int channels, float[] x, int sx, int sr, float[] y, int yo, int st, int se);

    /**
     * Transforms a sum of products back to a gradient of a kernel, {@code A^T m A} of 3 x 3 elements: {@code m[r, s] = x[xo + (4 r +
     * s) se]}, and elements [r, s] of the gradient are written to {@code y[(3 r + s) sr]}.
     */
    void kernelGradient(int channels, float[] x, int xo, int se, float[] y, int sr);
}
