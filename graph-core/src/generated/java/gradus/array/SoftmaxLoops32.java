package gradus.array;

/**
 * The hot loops of softmax over n elements of float arrays. Arguments were checked at the public entry. A sum is spread over
 * {@link #lanes} numbers of an array, a power of two. All else is the same bytes in each implementation.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface SoftmaxLoops32 {
    /** Returns over how many numbers a sum is spread. */
    int lanes();

    /** Writes {@code y = e^(x - max)}, as {@link PartialFunction#EXP_OF_DIFFERENCE}, and adds it to sums. */
    void exponentials(int n, float[] x, int xo, float max, float[] y, int yo, float[] s);

    /** Writes {@code y = c y}. */
    void multiply(int n, float[] y, int yo, float c);

    /** Writes {@code y = (x - a) - b}; y starts where x does. */
    void subtract(int n, float[] x, float[] y, int at, float a, float b);

    /** Adds to sums of {@code x y}, both from an offset on. */
    void products(int n, float[] x, float[] y, int at, float[] s);

    /** Writes {@code gx = y (gy - c)}, all from an offset on. */
    void gradient(int n, float[] y, float[] gy, float[] gx, int at, float c);

    /** Writes {@code gx = gy - c e^y}, all from an offset on. */
    void logGradient(int n, float[] y, float[] gy, float[] gx, int at, float c);
}
