package gradus.array;

/**
 * The hot loops of normalisation over n elements of float arrays. Arguments were checked at the public entry. A sum is spread over
 * {@link #lanes} numbers of an array; a second one over as many after them. All else, and the sums of columns, are the same bytes in
 * each implementation.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface NormLoops32 {
    /** Returns over how many numbers a sum is spread. */
    int lanes();

    /** Adds to sums of {@code x}. */
    void sum(int n, float[] x, int xo, float[] s);

    /** Adds to sums of {@code x - shift} and of its square. */
    void squares(int n, float[] x, int xo, float shift, float[] s);

    /** Writes {@code y = (x - shift) a + b}. */
    void scale(int n, float[] x, int xo, float shift, float a, float b, float[] y, int yo);

    /** Writes {@code y = ((x - shift) a + b) gamma + beta}; gamma and beta are read from an offset on. */
    void scale(
            int n,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float[] gamma,
            float[] beta,
            int po,
            float[] y,
            int yo);

    /** Adds to sums of {@code g} and of {@code g (x - shift)}. */
    void products(int n, float[] g, int go, float[] x, int xo, float shift, float[] s);

    /**
     * Adds to sums of {@code g gamma} and of {@code g gamma (x - shift)}, {@code g ((x - shift) a + b)} to dgamma and g to dbeta, all
     * from an offset on.
     */
    void products(
            int n,
            float[] g,
            int go,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float[] gamma,
            float[] dgamma,
            float[] dbeta,
            int po,
            float[] s);

    /** Writes {@code y = a g + b (x - shift) + c}. */
    void combine(
            int n,
            float[] g,
            int go,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float c,
            float[] y,
            int yo);

    /** Writes {@code y = a g gamma + b (x - shift) + c}; gamma is read from an offset on. */
    void combine(
            int n,
            float[] g,
            int go,
            float[] x,
            int xo,
            float shift,
            float a,
            float b,
            float c,
            float[] gamma,
            int po,
            float[] y,
            int yo);

    // ---- matrices whose columns are normalised: m rows of n elements, row apart; shift, a, b, c, s and q have n
    // elements

    /** Adds to the sums s of {@code x - shift} in each column and to those q of its square. */
    void columnSquares(int m, int n, int row, float[] x, int xo, float[] shift, float[] s, float[] q);

    /** Writes {@code y = (x - shift) a + b}; y starts where x does. */
    void columnScale(int m, int n, int row, float[] x, int xo, float[] shift, float[] a, float[] b, float[] y);

    /** Adds to the sums s of {@code g} in each column and to those q of {@code g (x - shift)}; g starts where x does. */
    void columnProducts(int m, int n, int row, float[] g, float[] x, int xo, float[] shift, float[] s, float[] q);

    /** Writes {@code y = a g + b (x - shift) + c}; g and y start where x does. */
    void columnCombine(
            int m,
            int n,
            int row,
            float[] g,
            float[] x,
            int xo,
            float[] shift,
            float[] a,
            float[] b,
            float[] c,
            float[] y);
}
