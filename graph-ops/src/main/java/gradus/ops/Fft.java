package gradus.ops;

/**
 * The discrete Fourier transform of complex numbers, {@code y[k] = sum over j of x[j] exp(-2 pi i j k / n)}, for one length n.
 * Real and imaginary parts alternate in arrays.
 *
 * <p>A length whose prime factors are at most 13 is transformed by mixed radices in O(n log n): with {@code n = r m}, the r
 * transforms of every r-th number are combined by transforms of length r. Other lengths go through a circular convolution of a
 * length that is a power of two: {@code j k = (j^2 + k^2 - (k - j)^2) / 2} makes the sum one (Bluestein, 1970).
 */
final class Fft {
    private static final int LARGEST_RADIX = 13;

    private final int n;
    /** exp(-2 pi i j / n) for j from 0 to n - 1. */
    private final double[] roots;

    private final Fft power;
    /** exp(-pi i j^2 / n), and the transform of its conjugate as a filter; null with mixed radices. */
    private final double[] chirp;

    private final double[] filter;

    Fft(int n) {
        this.n = n;
        if (largestFactor(n) <= LARGEST_RADIX) {
            roots = roots(n);
            power = null;
            chirp = null;
            filter = null;
            return;
        }
        roots = null;
        chirp = chirp(n);
        int length = Integer.highestOneBit(2 * n - 1) << (Integer.bitCount(2 * n - 1) == 1 ? 0 : 1);
        power = new Fft(length);
        double[] conjugate = new double[2 * length];
        for (int j = 0; j < n; j++) {
            int back = (length - j) % length;
            conjugate[2 * j] = chirp[2 * j];
            conjugate[2 * j + 1] = -chirp[2 * j + 1];
            conjugate[2 * back] = chirp[2 * j];
            conjugate[2 * back + 1] = -chirp[2 * j + 1];
        }
        filter = power.of(conjugate);
    }

    private static int largestFactor(int n) {
        int rest = n;
        int largest = 1;
        for (int f = 2; (long) f * f <= rest; f++) {
            while (rest % f == 0) {
                rest /= f;
                largest = f;
            }
        }
        return Math.max(largest, rest);
    }

    private static double[] roots(int n) {
        double[] roots = new double[2 * n];
        for (int j = 0; j < n; j++) {
            put(roots, j, j, n);
        }
        return roots;
    }

    private static double[] chirp(int n) {
        double[] chirp = new double[2 * n];
        for (int j = 0; j < n; j++) {
            put(chirp, j, (long) j * j % (2L * n), 2L * n);
        }
        return chirp;
    }

    /** Writes exp(-2 pi i numerator / n), with an angle of at most pi / 4, for which sine and cosine are most exact. */
    private static void put(double[] to, int at, long numerator, long n) {
        long eighth = 8 * numerator / n;
        long nearest = (eighth + 1) / 2; // of a quarter turn
        double angle = 2 * Math.PI * (numerator - nearest * n / 4.0) / n;
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        int quarter = (int) (nearest % 4);
        to[2 * at] = quarter == 0 ? cos : quarter == 1 ? -sin : quarter == 2 ? -cos : sin;
        to[2 * at + 1] = quarter == 0 ? -sin : quarter == 1 ? -cos : quarter == 2 ? sin : cos;
    }

    /** Returns the transform of n complex numbers. */
    double[] of(double[] x) {
        if (power != null) {
            return bluestein(x);
        }
        double[] y = new double[2 * n];
        if (n > 0) {
            mixed(x, 0, 1, y, 0, n, new double[2 * LARGEST_RADIX]);
        }
        return y;
    }

    /** Transforms the numbers at {@code from, from + step, ..} into those from {@code to} on. */
    private void mixed(double[] x, int from, int step, double[] y, int to, int length, double[] work) {
        if (length == 1) {
            y[2 * to] = x[2 * from];
            y[2 * to + 1] = x[2 * from + 1];
            return;
        }
        int radix = radix(length);
        int m = length / radix;
        for (int r = 0; r < radix; r++) {
            mixed(x, from + r * step, step * radix, y, to + r * m, m, work);
        }
        int turn = n / length;
        if (radix == 2) {
            combineTwo(y, to, m, turn);
        } else {
            combine(y, to, m, radix, turn, work);
        }
    }

    private static int radix(int length) {
        if (length % 2 == 0) {
            return 2;
        }
        int r = 3;
        while (length % r != 0) {
            r += 2;
        }
        return r;
    }

    private void combineTwo(double[] y, int to, int m, int turn) {
        for (int k = 0; k < m; k++) {
            int a = 2 * (to + k);
            int b = a + 2 * m;
            double c = roots[2 * k * turn];
            double s = roots[2 * k * turn + 1];
            double re = y[b] * c - y[b + 1] * s;
            double im = y[b] * s + y[b + 1] * c;
            y[b] = y[a] - re;
            y[b + 1] = y[a + 1] - im;
            y[a] += re;
            y[a + 1] += im;
        }
    }

    private void combine(double[] y, int to, int m, int radix, int turn, double[] work) {
        for (int k = 0; k < m; k++) {
            for (int q = 0; q < radix; q++) {
                double re = 0;
                double im = 0;
                for (int r = 0; r < radix; r++) {
                    int w = (int) (r * (k + (long) q * m) % ((long) radix * m)) * turn;
                    int a = 2 * (to + k + r * m);
                    re += y[a] * roots[2 * w] - y[a + 1] * roots[2 * w + 1];
                    im += y[a] * roots[2 * w + 1] + y[a + 1] * roots[2 * w];
                }
                work[2 * q] = re;
                work[2 * q + 1] = im;
            }
            for (int q = 0; q < radix; q++) {
                y[2 * (to + k + q * m)] = work[2 * q];
                y[2 * (to + k + q * m) + 1] = work[2 * q + 1];
            }
        }
    }

    private double[] bluestein(double[] x) {
        double[] modulated = new double[2 * power.n];
        multiply(x, chirp, modulated, n, 1);
        double[] spectrum = power.of(modulated);
        // the inverse transform is the conjugate of that of the conjugate
        multiply(spectrum, filter, spectrum, power.n, -1);
        double[] convolved = power.of(spectrum);
        for (int j = 0; j < n; j++) {
            convolved[2 * j] /= power.n;
            convolved[2 * j + 1] /= -power.n;
        }
        double[] y = new double[2 * n];
        multiply(convolved, chirp, y, n, 1);
        return y;
    }

    /** {@code out = a b}, conjugated if the sign is negative. */
    private static void multiply(double[] a, double[] b, double[] out, int count, int sign) {
        for (int j = 0; j < 2 * count; j += 2) {
            double re = a[j] * b[j] - a[j + 1] * b[j + 1];
            double im = a[j] * b[j + 1] + a[j + 1] * b[j];
            out[j] = re;
            out[j + 1] = sign * im;
        }
    }
}
