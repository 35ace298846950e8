package gradus.array;

/** The hot loops over float arrays: what a faster implementation would replace. Arguments were checked at the door. */
// Made from its twin ending in 64 by Twins; edit that one.
interface Loops32 {
    /** A loop over two operands, {@code y[yo + i] = a[ao + i sa] op b[bo + i sb]} for i below n; steps are 0 or 1. */
    interface Zip {
        void run(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo);
    }

    void add(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo);

    void sub(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo);

    void mul(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo);

    void div(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo);

    /** Returns the sum of n elements from an offset on, with an error that grows as log n. */
    /*wide*/ double sum(int n, float[] x, int xo);
}
