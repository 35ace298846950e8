package gradus.array;

/** The hot loops over double arrays: what a faster implementation would replace. Arguments were checked at the door. */
interface Loops64 {
    /** A loop over two operands, {@code y[yo + i] = a[ao + i sa] op b[bo + i sb]} for i below n; steps are 0 or 1. */
    interface Zip {
        void run(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo);
    }

    void add(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo);

    void sub(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo);

    void mul(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo);

    void div(int n, double[] a, int ao, int sa, double[] b, int bo, int sb, double[] y, int yo);

    /** Returns the sum of n elements from an offset on, with an error that grows as log n. */
    /*wide*/ double sum(int n, double[] x, int xo);
}
