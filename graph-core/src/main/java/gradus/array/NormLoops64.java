package gradus.array;

/**
 * The hot loops of normalisation over n elements of double arrays. Arguments were checked at the public entry. A sum is spread over
 * {@link #lanes} numbers of an array; a second one over as many after them. All else, and the sums of columns, are the same bytes in
 * each implementation.
 */
interface NormLoops64 {
    /** Returns over how many numbers a sum is spread. */
    int lanes();

    /** Adds to sums of {@code x}. */
    void sum(int n, double[] x, int xo, double[] s);

    /** Adds to sums of {@code x - shift} and of its square. */
    void squares(int n, double[] x, int xo, double shift, double[] s);

    /** Writes {@code y = (x - shift) a + b}. */
    void scale(int n, double[] x, int xo, double shift, double a, double b, double[] y, int yo);

    /** Writes {@code y = ((x - shift) a + b) gamma + beta}; gamma and beta are read from an offset on. */
    void scale(
            int n,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double[] gamma,
            double[] beta,
            int po,
            double[] y,
            int yo);

    /** Adds to sums of {@code g} and of {@code g (x - shift)}. */
    void products(int n, double[] g, int go, double[] x, int xo, double shift, double[] s);

    /**
     * Adds to sums of {@code g gamma} and of {@code g gamma (x - shift)}, {@code g ((x - shift) a + b)} to dgamma and g to dbeta, all
     * from an offset on.
     */
    void products(
            int n,
            double[] g,
            int go,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double[] gamma,
            double[] dgamma,
            double[] dbeta,
            int po,
            double[] s);

    /** Writes {@code y = a g + b (x - shift) + c}. */
    void combine(
            int n,
            double[] g,
            int go,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double c,
            double[] y,
            int yo);

    /** Writes {@code y = a g gamma + b (x - shift) + c}; gamma is read from an offset on. */
    void combine(
            int n,
            double[] g,
            int go,
            double[] x,
            int xo,
            double shift,
            double a,
            double b,
            double c,
            double[] gamma,
            int po,
            double[] y,
            int yo);

    // ---- matrices whose columns are normalised: m rows of n elements, row apart; shift, a, b, c, s and q have n
    // elements

    /** Adds to the sums s of {@code x - shift} in each column and to those q of its square. */
    void columnSquares(int m, int n, int row, double[] x, int xo, double[] shift, double[] s, double[] q);

    /** Writes {@code y = (x - shift) a + b}; y starts where x does. */
    void columnScale(int m, int n, int row, double[] x, int xo, double[] shift, double[] a, double[] b, double[] y);

    /** Adds to the sums s of {@code g} in each column and to those q of {@code g (x - shift)}; g starts where x does. */
    void columnProducts(int m, int n, int row, double[] g, double[] x, int xo, double[] shift, double[] s, double[] q);

    /** Writes {@code y = a g + b (x - shift) + c}; g and y start where x does. */
    void columnCombine(
            int m,
            int n,
            int row,
            double[] g,
            double[] x,
            int xo,
            double[] shift,
            double[] a,
            double[] b,
            double[] c,
            double[] y);
}
