package gradus.array;

/**
 * The hot loops of softmax over n elements of double arrays. Arguments were checked at the public entry. A sum is spread over
 * {@link #lanes} numbers of an array, a power of two. All else is the same bytes in each implementation.
 */
interface SoftmaxLoops64 {
    /** Returns over how many numbers a sum is spread. */
    int lanes();

    /** Writes {@code y = e^(x - max)}, as {@link PartialFunction#EXP_OF_DIFFERENCE}, and adds it to sums. */
    void exponentials(int n, double[] x, int xo, double max, double[] y, int yo, double[] s);

    /** Writes {@code y = c y}. */
    void multiply(int n, double[] y, int yo, double c);

    /** Writes {@code y = (x - a) - b}; y starts where x does. */
    void subtract(int n, double[] x, double[] y, int at, double a, double b);

    /** Adds to sums of {@code x y}, both from an offset on. */
    void products(int n, double[] x, double[] y, int at, double[] s);

    /** Writes {@code gx = y (gy - c)}, all from an offset on. */
    void gradient(int n, double[] y, double[] gy, double[] gx, int at, double c);

    /** Writes {@code gx = gy - c e^y}, all from an offset on. */
    void logGradient(int n, double[] y, double[] gy, double[] gx, int at, double c);
}
