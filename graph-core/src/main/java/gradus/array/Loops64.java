package gradus.array;

/**
 * The hot loops over double arrays, of which there are plain ones and SIMD ones. Arguments were checked at the public entry. What
 * has no sum in it gives the same bytes with either.
 */
interface Loops64 {
    /** A function of one number. */
    interface Unary {
        double of(double x);
    }

    /** A function of two numbers. */
    interface Binary {
        double of(double a, double b);
    }

    /** A loop over one operand, {@code y[yo + i] = f(x[xo + i])} for i below n; x and y may be the same. */
    interface Map {
        void run(int n, double[] x, int xo, double[] y, int yo);
    }

    /**
     * A loop over two operands, {@code y[yo + i] = f(a[ao + i sa], b[bo + i sb])} for i below n; steps are 0 or 1, and y may
     * be an operand of step 1.
     */
    interface Zip {
        void run(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo);
    }

    /** Returns the loop of a function. */
    Map map(UnaryFunction f);

    /** Returns the loop of a function. */
    Zip zip(BinaryFunction f);

    /** Returns the loop of a part of a function. */
    Zip zip(PartialFunction f);

    /** Writes {@code y[i] = m[i ms] != 0 ? a[i as] : b[i bs]} for i from an offset up to an end; steps are 0 or 1. */
    void choose(int from, int to, double[] m, int ms, double[] a, int as, double[] b, int bs, double[] y);

    /** Returns the position of the first element from an offset up to n that is neither 0 nor 1; n if there is none. */
    int notMask(int n, double[] m, int from);

    /** Returns whether one of n elements from an offset on is NaN. */
    boolean hasNaN(int n, double[] x, int xo);

    /** Returns the sum of n elements from an offset on, with an error that grows as log n. */
    /*wide*/ double sum(int n, double[] x, int xo);

    /** Returns the largest of n elements, at least one; NaN if there is one. */
    double max(int n, double[] x, int xo);

    /** Returns the smallest of n elements, at least one; NaN if there is one. */
    double min(int n, double[] x, int xo);

    /** Adds n elements to sums, {@code s[i] += x[xo + i]}. */
    void addTo(/*wide*/ double[] s, int n, double[] x, int xo);
}
