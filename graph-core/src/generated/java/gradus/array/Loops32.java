package gradus.array;

/**
 * The hot loops over float arrays, of which there are plain ones and SIMD ones. Arguments were checked at the public entry. What
 * has no sum in it gives the same bytes with either.
 */
// Made from its twin ending in 64 by Twins; edit that one.
interface Loops32 {
    /** A function of one number. */
    interface Unary {
        float of(float x);
    }

    /** A function of two numbers. */
    interface Binary {
        float of(float a, float b);
    }

    /** A loop over one operand, {@code y[yo + i] = f(x[xo + i])} for i below n; x and y may be the same. */
    interface Map {
        void run(int n, float[] x, int xo, float[] y, int yo);
    }

    /**
     * A loop over two operands, {@code y[yo + i] = f(a[ao + i sa], b[bo + i sb])} for i below n; steps are 0 or 1, and y may
     * be an operand of step 1.
     */
    interface Zip {
        void run(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo);
    }

    /** Returns the loop of a function. */
    Map map(UnaryFunction f);

    /** Returns the loop of a function. */
    Zip zip(BinaryFunction f);

    /** Returns the loop of a part of a function. */
    Zip zip(PartialFunction f);

    /** Writes {@code y[i] = m[i ms] != 0 ? a[i as] : b[i bs]} for i from an offset up to an end; steps are 0 or 1. */
    void choose(int from, int to, float[] m, int ms, float[] a, int as, float[] b, int bs, float[] y);

    /** Returns the position of the first element from an offset up to n that is neither 0 nor 1; n if there is none. */
    int notMask(int n, float[] m, int from);

    /** Returns whether one of n elements from an offset on is NaN. */
    boolean hasNaN(int n, float[] x, int xo);

    /** Returns the sum of n elements from an offset on, with an error that grows as log n. */
    /*wide*/ double sum(int n, float[] x, int xo);

    /** Returns the largest of n elements, at least one; NaN if there is one. */
    float max(int n, float[] x, int xo);

    /** Returns the smallest of n elements, at least one; NaN if there is one. */
    float min(int n, float[] x, int xo);

    /** Adds n elements to sums, {@code s[i] += x[xo + i]}. */
    void addTo(/*wide*/ double[] s, int n, float[] x, int xo);
}
