package gradus.array;

/**
 * The hot loops in plain Java, written so that the just-in-time compiler turns them into vector instructions by itself:
 * an inner loop indexes every array by its bare loop variable or that plus a constant.
 */
// Made from its twin ending in 64 by Twins; edit that one.
final class PlainLoops32 implements Loops32 {
    /** Below this many elements a sum is one loop; above it is halved, which keeps the rounding error small. */
    private static final int SUM_BLOCK = 128;

    @Override
    public void add(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] + b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] + c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c + b[bo + i * sb];
            }
        }
    }

    @Override
    public void sub(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] - b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] - c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c - b[bo + i * sb];
            }
        }
    }

    @Override
    public void mul(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] * b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] * c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c * b[bo + i * sb];
            }
        }
    }

    @Override
    public void div(int n, float[] a, int ao, int sa, float[] b, int bo, int sb, float[] y, int yo) {
        if (sa == 1 && sb == 1) {
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] / b[bo + i];
            }
        } else if (sa == 1) {
            float c = b[bo];
            for (int i = 0; i < n; i++) {
                y[yo + i] = a[ao + i] / c;
            }
        } else {
            float c = a[ao];
            for (int i = 0; i < n; i++) {
                y[yo + i] = c / b[bo + i * sb];
            }
        }
    }

    @Override
    public /*wide*/ double sum(int n, float[] x, int xo) {
        if (n > SUM_BLOCK) {
            int half = n / 2;
            return sum(half, x, xo) + sum(n - half, x, xo + half);
        }
        /*wide*/ double s0 = 0;
        /*wide*/ double s1 = 0;
        /*wide*/ double s2 = 0;
        /*wide*/ double s3 = 0;
        int i = xo;
        int end = xo + n;
        for (; i + 3 < end; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
